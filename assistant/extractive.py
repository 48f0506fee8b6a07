"""The answer when no model is there: the words of the pages that most likely hold it, or an honest no.

Everything in the passages that could be quoted is scored against the question (`spans.py`). The best is quoted, with what
belongs to it (`quoting.py`), and seldom a second or third that is as good. Whether it is an answer at all is another question
(`confidence.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.confidence import MIN_CONFIDENCE, confidence
from assistant.meaning import Meaning
from assistant.passage_text import read_passage
from assistant.question import Question, leaning, read_question, repaired, without_measures
from assistant.quoting import Quote, quote_of
from assistant.retrieval import Passage, Sections, find_passages, section_count, word_counter
from assistant.spans import Span, spans_of
from wiki.access import Audience
from wiki.search import content_stems, words

__all__ = ["Extract", "extract"]

CANDIDATES, CANDIDATES_BY_WORDS = 10, 30
"""Sections looked at. More costs time and adds little; words alone bring the right one up later than meaning does."""

MAX_QUOTES = 3
MAX_GAP = 1.5
"""How much worse than the best a further quote may be, in score: a sure answer stands alone, a doubtful one is better given with
the next place."""

ANSWER_WORDS = 140
"""Of all quotes together; the first may be longer if it is a list of steps or one long sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """`quotes` best first, none where nothing is answered. `confidence` is how likely they are an answer, 0 to 1. `unknown` is
    what the question is about that the best quotes do not hold, as it was typed. `nearest` are the passages found, best
    first, also where nothing was answered."""

    answered: bool
    confidence: float
    quotes: tuple[Quote, ...]
    unknown: tuple[str, ...]
    nearest: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The quotes, each with its number: `… [1]`."""
        return "\n\n".join(quote.readable(number) for number, quote in enumerate(self.quotes, 1))


def extract(
    text: str,
    index: Sections,
    audience: Audience,
    *,
    search: Sections | None = None,
    meaning: Meaning | None = None,
    said_last: str = "",
    revision_of: Callable[[str], str] = lambda _: "",
) -> Extract:
    """What the pages that `audience` may read say to the question. `search` finds the sections, by default the index does;
    `meaning` is the model that compares them with the question; `said_last` is the question's last part, where it is a follow-up."""
    question = read_question(text, index.language, word_counter(index, audience), sections=section_count(index, audience))
    if meaning is None:
        question = without_measures(question, index.language)
    if said_last:
        question = leaning(question, said_last, index.language)
    limit = CANDIDATES if meaning else CANDIDATES_BY_WORDS
    passages = find_passages(question, search or index, audience, limit=limit, revision_of=revision_of)
    sources = [source for passage in passages for source in read_passage(passage, index.language)]
    question = repaired(question, {stem for source in sources for stem in source.vocabulary})
    spans = spans_of(question, sources, index.language, meaning)
    sure = confidence(question, spans, index.language)
    quotes = _chosen(_whole_steps(question, spans))
    answered = bool(quotes) and sure >= MIN_CONFIDENCE
    return Extract(
        answered=answered,
        confidence=sure,
        quotes=quotes if answered else (),
        unknown=_unknown(question, quotes[:1], index.language),
        nearest=tuple(_by_quotes(passages, quotes)),
    )


def _whole_steps(question: Question, spans: list[Span]) -> list[Span]:
    """Where steps are asked for and one of a list of steps is the best, the list before it."""
    if not spans or question.expected.kinds != {"steps"} or spans[0].block.kind != "steps":
        return spans
    whole = [span for span in spans if span.block is spans[0].block and span.end - span.start > 1]
    return [*whole, *(span for span in spans if span.block is not spans[0].block)] if whole else spans


def _chosen(spans: Sequence[Span]) -> tuple[Quote, ...]:
    """The best quote, and those that are nearly as good, say something else and fit in."""
    if not spans:
        return ()
    first = quote_of(spans[0])
    chosen, room = [first], ANSWER_WORDS - len(first.text.split())
    if first.steps:
        return (first,)
    for span in spans[1:]:
        if len(chosen) == MAX_QUOTES or span.score < spans[0].score - MAX_GAP:
            break
        quote = quote_of(span)
        length = len(quote.text.split())
        if length <= room and not any(_alike(quote.text, other.text) for other in chosen):
            room -= length
            chosen.append(quote)
    return tuple(chosen)


def _alike(one: str, other: str) -> bool:
    said, also = set(words(one)), set(words(other))
    return len(said & also) > 0.7 * min(len(said), len(also))


def _unknown(question: Question, quotes: Iterable[Quote], language: str) -> tuple[str, ...]:
    held = {stem for quote in quotes for stem in content_stems(_with_headings(quote), language)}
    lacking = sorted((s for s in question.weights if s not in held), key=lambda s: -question.weights[s])[:4]
    typed = dict.fromkeys(w for w in words(question.text) if set(content_stems(w, language)) & set(lacking))
    return tuple(typed)


def _with_headings(quote: Quote) -> str:
    passage = quote.source.passage
    return " . ".join([*passage.heading_path, passage.page_title, quote.source.part.section_title, quote.text])


def _by_quotes(passages: Sequence[Passage], quotes: Sequence[Quote]) -> list[Passage]:
    quoted = [quote.source.passage for quote in quotes]
    return [*dict.fromkeys(quoted), *(p for p in passages if p not in quoted)]
