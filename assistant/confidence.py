"""How likely the best span is an answer: few signs, each of which a reader would trust too.

Where the handbook holds the answer, what the question is about is said where the answer stands, in whatever words. Where it holds
none, the word that tells most has nothing like it there: "wifi" in a section on passwords.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

from assistant.question import Question
from assistant.spans import Span, best_words
from wiki.search import content_stems

__all__ = ["MIN_CONFIDENCE", "SIGNS", "SIGNS_BY_WORDS", "confidence", "signs_of"]

MIN_CONFIDENCE = 0.5
"""Below this the question is refused."""

SIGNS: Mapping[str, float] = {"constant": 2.15, "short": -17.0}
SIGNS_BY_WORDS: Mapping[str, float] = {"constant": 1.45, "missing": -5.1}
"""Logistic regressions with one sign each, over the question sets that docs/benchmarks.md names: `short` with the model, `missing`
where words stand alone."""

_LIKE = 0.8
"""From here on a word is as good as said."""


def confidence(question: Question, spans: Sequence[Span], language: str) -> float:
    """0 to 1, for the best of `spans`, which are in order; 0 where there is none or the question is about nothing."""
    if not spans or not question.weights:
        return 0.0
    weights = SIGNS_BY_WORDS if spans[0].likeness is None else SIGNS
    signs = signs_of(question, spans, language)
    return 1 / (1 + exp(-sum(weight * signs[name] for name, weight in weights.items())))


def signs_of(question: Question, spans: Sequence[Span], language: str) -> dict[str, float]:
    """`missing`: what the most telling word that the section lacks tells of the question. `short`: the same with words of like
    meaning, by how much the section falls short of each."""
    best, share = spans[0], question.share
    signs = {
        "constant": 1.0,
        "missing": max((part for stem, part in share.items() if stem not in best.in_section), default=0.0),
    }
    near = best_words(span for span in spans if span.source is best.source)
    if near is None or best.likeness is None:
        return signs
    stems = [content_stems(question.text[start:end], language) for start, end in best.likeness.places]
    told = [max((share.get(stem, 0.0) for stem in of_word), default=0.0) for of_word in stems]
    reached = [
        _LIKE if best.in_section.intersection(of_word) else float(nearest) for of_word, nearest in zip(stems, near, strict=True)
    ]
    total = sum(told) or 1.0
    short = max((part / total * max(0.0, _LIKE - held) for part, held in zip(told, reached, strict=True)), default=0.0)
    return signs | {"short": short}
