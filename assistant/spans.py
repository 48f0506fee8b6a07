"""Where in the passages an answer may stand: runs of sentences, scored against the question without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from assistant.question import Question, fits
from assistant.retrieval import Part, Passage
from assistant.thesaurus import Phrase
from wiki.text import content_stems, sentences

__all__ = ["PassageText", "Span", "read_passage", "spans_of"]

MAX_SPAN_WORDS = 60

WEIGHTS: Mapping[str, float] = {
    "own": 1.6,
    "other": 0.3,
    "own_later": 0.7,
    "title": 0.6,
    "path": 0.2,
    "body": -1.2,
    "fit": 0.5,
    "fit_run": 1.0,
    "fit_around": 2.6,
    "often": 2.7,
    "search": 2.5,
    "together": 1.0,
    "length": -0.6,
    "late": -0.4,
}
"""Learnt from questions whose place of answer is known: a softmax over all spans of a question, held up on questions left out.
Linear, so that each can be read on its own. Values are shares of the question, 0 to 1, unless `spans_of` says otherwise."""

_USUAL_WORDS = 120  # in a section

_OTHER = 0.8
"""What another word for the same thing counts, compared with the question's own word."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage cut into sentences, each with the stems and short runs of stems it holds."""

    passage: Passage
    part: Part
    sentences: tuple[str, ...]
    phrases: tuple[frozenset[Phrase], ...]
    title: frozenset[Phrase]
    path: frozenset[Phrase]

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(phrase[0] for phrases in self.phrases for phrase in phrases if len(phrase) == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Sentences `start` to `end` (excluded) of a passage. `score` orders the spans of one question; `cover` is the share of
    what the question is about that the words of the span hold, 0 to 1."""

    source: PassageText
    start: int
    end: int
    score: float
    cover: float
    features: Mapping[str, float]

    @property
    def text(self) -> str:
        return " ".join(self.source.sentences[self.start : self.end])


def read_passage(passage: Passage, language: str) -> list[PassageText]:
    """The passage's sections as sentences; a section's own heading is left out, it is no answer."""
    name = re.sub(r"[-_]", " ", passage.page_path.rsplit("/", 1)[-1].removesuffix(".md"))
    path = " . ".join([*passage.heading_path, passage.page_title, name])
    return [PassageText(passage, part, *_analysed(part.text, part.section_title, path, language)) for part in passage.parts]


def spans_of(question: Question, sources: Iterable[PassageText]) -> list[Span]:
    """Every run of sentences that could be quoted, best first; runs of one passage overlap."""
    spans = [span for source in sources for span in _spans(question, source)]
    return sorted(spans, key=lambda span: -span.score)


def _spans(question: Question, source: PassageText) -> Iterable[Span]:
    held = [_held(question, phrases) for phrases in source.phrases]
    title, path = _held(question, source.title), _held(question, source.path)
    body = {term: max((h[term] for h in held), default=0.0) for term in question.weights}
    neighbours = list(pairwise(question.weights))
    fitting = [fits(sentence, question.expected) for sentence in source.sentences]
    kinds = len(question.expected) or 1
    lengths = [len(sentence.split()) for sentence in source.sentences]
    total = sum(question.weights.values()) or 1.0
    share = {term: weight / total for term, weight in question.weights.items()}
    often = _often(share, held, title, path, sum(lengths))
    for start in range(len(source.sentences)):
        end = _end(lengths, start)
        first = held[start]
        run = {term: max(h[term] for h in held[start:end]) for term in share}
        near = sum(any(pair in phrases for phrases in source.phrases[start:end]) for pair in neighbours)
        fit_run = len(frozenset().union(*fitting[start:end])) / kinds if question.expected else 1.0
        cover = sum(share[t] * run[t] for t in share)
        around = sum(share[t] * max(run[t], 0.8 * title[t], 0.7 * path[t], 0.5 * body[t]) for t in share)
        features = {
            "own": sum(share[t] for t in share if first[t] == 1.0),
            "other": sum(share[t] for t in share if first[t] == _OTHER),
            "own_later": sum(share[t] for t in share if run[t] == 1.0 > first[t]),
            "title": sum(share[t] * title[t] for t in share if not run[t]),
            "path": sum(share[t] * path[t] for t in share if not run[t] and not title[t]),
            "body": sum(share[t] * body[t] for t in share if not run[t] and not title[t] and not path[t]),
            "fit": len(fitting[start]) / kinds if question.expected else 1.0,
            "fit_run": fit_run,
            "fit_around": fit_run * around,
            "often": often,
            "search": source.passage.score,
            "together": near / max(1, len(neighbours)),
            "length": log(1 + len(source.sentences)),
            "late": min(start, 10) / 10,
        }
        score = sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items())
        yield Span(source=source, start=start, end=end, score=score, cover=cover, features=features)


@lru_cache(maxsize=2000)
def _analysed(
    text: str, title: str, path: str, language: str
) -> tuple[tuple[str, ...], tuple[frozenset[Phrase], ...], frozenset[Phrase], frozenset[Phrase]]:
    """Sentences, their phrases, and those of the title and of the way to it. The same sections are asked about again and again."""
    found = tuple(sentences(text))
    if found and _same(found[0], title):
        found = found[1:]
    phrases = tuple(_phrases(content_stems(sentence, language)) for sentence in found)
    return found, phrases, _phrases(content_stems(title, language)), _phrases(content_stems(path, language))


def _held(question: Question, phrases: frozenset[Phrase]) -> dict[str, float]:
    """For each term of the question: 1 where the text has it, less where it has another word for it, 0 where neither."""
    return {
        term: 1.0 if (term,) in phrases else _OTHER if not phrases.isdisjoint(question.others.get(term, ())) else 0.0
        for term in question.weights
    }


def _often(
    share: Mapping[str, float],
    held: Sequence[Mapping[str, float]],
    title: Mapping[str, float],
    path: Mapping[str, float],
    words: int,
) -> float:
    """How much the whole section is about the question, as BM25 counts it, with sentences in place of occurrences."""
    slack = 1.2 * (0.25 + 0.75 * words / _USUAL_WORDS)
    total = 0.0
    for term, weight in share.items():
        count = sum(h[term] for h in held) + 2 * title[term] + path[term]
        total += weight * 2.2 * count / (count + slack)
    return total


def _end(lengths: Sequence[int], start: int) -> int:
    end, words = start + 1, lengths[start]
    while end < len(lengths) and words + lengths[end] <= MAX_SPAN_WORDS:
        words += lengths[end]
        end += 1
    return end


def _phrases(stems: Sequence[str]) -> frozenset[Phrase]:
    """The stems, and the runs of two and three of them."""
    runs: list[Phrase] = [(stem,) for stem in stems]
    runs += pairwise(stems)
    runs += zip(stems, stems[1:], stems[2:], strict=False)
    return frozenset(runs)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
