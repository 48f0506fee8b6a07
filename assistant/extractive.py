"""The answer when no model is there: the sentences of the pages that most likely hold it, or an honest no.

Every run of sentences in the passages is scored against the question (`spans.py`). The best few are quoted. Whether they are an
answer at all is decided by how far the best stands out from the rest, and by how much of what the question is about they hold:
where the handbook says nothing of a thing, many places are equally, and vaguely, near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.question import Question, read_question, repaired
from assistant.retrieval import Passage, Sections, find_passages, word_counter
from assistant.spans import Span, read_passage, spans_of
from wiki.access import Audience
from wiki.text import content_stems, words

__all__ = ["Extract", "extract"]

CANDIDATES = 30
"""Sections looked at. More costs time and adds little: the gold section of 70 of 75 questions is among them."""

MIN_LEAD, MIN_COVER, SURE_COVER, FEW_COVER = 0.8, 0.3, 0.7, 0.5
"""When the best quotes are an answer. Where the handbook holds it, one place stands out: the best quote leads the fourth by
MIN_LEAD in score, and the quotes hold MIN_COVER of what the question is about. Holding SURE_COVER of it is enough by itself
(several pages may say the same). Where fewer than four quotes are found there is no lead to measure: FEW_COVER then."""

_QUOTES = 4
_QUOTES_OF_A_SECTION = 2
_ANSWER_WORDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """`quotes` best first; `shown` of them make the answer's text. `unknown` is what the question is about that the quotes do not
    hold, as it was typed. `nearest` are the passages found, best first, also where nothing was answered."""

    answered: bool
    quotes: tuple[Span, ...]
    shown: int
    unknown: tuple[str, ...]
    nearest: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The quotes shown, each with its number: `… [1]`."""
        return "\n\n".join(_readable(quote, number) for number, quote in enumerate(self.quotes[: self.shown], 1))


def extract(text: str, index: Sections, audience: Audience, *, revision_of: Callable[[str], str] = lambda _: "") -> Extract:
    """What the pages that `audience` may read say to the question."""
    question = read_question(text, index.language, word_counter(index, audience))
    passages = find_passages(question, index, audience, limit=CANDIDATES, revision_of=revision_of)
    sources = [source for passage in passages for source in read_passage(passage, index.language)]
    question = repaired(question, {stem for source in sources for stem in source.vocabulary})
    quotes = _chosen(spans_of(question, sources))
    answered = _stands_out(quotes)
    return Extract(
        answered=answered,
        quotes=quotes if answered else (),
        shown=_shown(quotes),
        unknown=_unknown(question, quotes, index.language),
        nearest=tuple(_by_quotes(passages, quotes)),
    )


def _chosen(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The best spans that do not overlap."""
    chosen: list[Span] = []
    of_section: Counter[int] = Counter()
    for span in spans:
        if len(chosen) == _QUOTES:
            break
        section = id(span.source)
        overlaps = any(id(c.source) == section and span.start < c.end and c.start < span.end for c in chosen)
        if overlaps or of_section[section] == _QUOTES_OF_A_SECTION or any(c.text == span.text for c in chosen):
            continue
        of_section[section] += 1
        chosen.append(_trimmed(span))
    return tuple(chosen)


def _stands_out(quotes: Sequence[Span]) -> bool:
    cover = max((quote.cover for quote in quotes[:3]), default=0.0)
    if cover >= SURE_COVER:
        return True
    if len(quotes) < _QUOTES:
        return cover >= FEW_COVER
    return cover >= MIN_COVER and quotes[0].score - quotes[-1].score >= MIN_LEAD


def _trimmed(span: Span) -> Span:
    """A sentence that is very long by itself stays whole; a span ends before a sentence that only announces what follows."""
    end = span.end
    while end - 1 > span.start and span.source.sentences[end - 1].endswith(":"):
        end -= 1
    return replace(span, end=end)


def _shown(quotes: Sequence[Span]) -> int:
    total = 0
    for shown, quote in enumerate(quotes):
        total += len(quote.text.split())
        if shown and total > _ANSWER_WORDS:
            return shown
    return len(quotes)


def _readable(span: Span, number: int) -> str:
    """The span as running text, or as a list where its sentences are items."""
    said = span.source.sentences[span.start : span.end]
    items = [s for s in said[1:] if not s.endswith((".", "!", "?", "…"))]
    if len(said) >= 3 and len(items) * 2 > len(said) - 1:
        first, rest = (f"{said[0]}\n\n", said[1:]) if said[0].endswith((":", ".", "?", "!")) else ("", said)
        return first + "\n".join(f"- {s}" for s in rest) + f" [{number}]"
    return f"{' '.join(said)} [{number}]"


def _unknown(question: Question, quotes: Iterable[Span], language: str) -> tuple[str, ...]:
    held = {stem for quote in quotes for stem in content_stems(quote.text, language)}
    lacking = sorted((s for s in question.weights if s not in held), key=lambda s: -question.weights[s])[:4]
    typed = dict.fromkeys(w for w in words(question.text) if set(content_stems(w, language)) & set(lacking))
    return tuple(typed)


def _by_quotes(passages: Sequence[Passage], quotes: Sequence[Span]) -> list[Passage]:
    quoted = [quote.source.passage for quote in quotes]
    return [*dict.fromkeys(quoted), *(p for p in passages if p not in quoted)]
