"""How likely the best span is an answer: few signs, each of which a reader would trust too.

Where the handbook holds the answer, one section stands out, and what the question is about stands in it. Where it holds none,
many are equally, and vaguely, near, and the word that tells most is missing: "wifi" in a section on passwords.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import exp

from assistant.question import Question
from assistant.spans import Span
from wiki.search import content_stems

__all__ = ["MIN_CONFIDENCE", "confidence"]

MIN_CONFIDENCE = 0.5
"""Below this the question is refused."""

SIGNS: Mapping[str, float] = {
    "constant": -0.7,
    "missing": -3.0,
    "missing_much": -8.0,
    "missing_near": -1.0,
    "missing_name": -1.0,
    "lead": 0.5,
    "score": 0.04,
    "often": 0.5,
    "page": 1.0,
    "fit": 0.4,
}
"""Signs and their sizes come from logistic regressions over 135 questions on two handbooks, each with two lists of synonyms,
and were rounded. "missing_much" and the constant were then set where the most answers and refusals together are right; 0.2
either way on the constant costs one or two in a hundred. In such sets long questions are answerable more often: a question's
length is no sign here, it says nothing to a reader."""

_MUCH = 0.3
"""Of the question: a word that tells so much of it must stand on the same page."""

_LEAD_OVER, _MOST_LEAD = 4, 4.0

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w-]+")


def confidence(question: Question, spans: Sequence[Span]) -> float:
    """0 to 1, for the best of `spans`, which are in order; 0 where there is none or the question is about nothing."""
    if not spans or not question.weights:
        return 0.0
    best = spans[0]
    total = sum(question.weights.values())
    core = {term: weight / total for term, weight in question.weights.items() if term not in question.chatter}
    names = {stem for name in _NAME.findall(question.text) for stem in content_stems(name)}
    telling = question.weights
    missing = max((share for term, share in core.items() if term not in best.section_terms), default=0.0)
    page = best.source.passage.page_path
    on_page = {term for span in spans if span.source.passage.page_path == page for term in span.section_terms}
    missing_on_page = max((share for term, share in core.items() if term not in on_page), default=0.0)
    signs = {
        "constant": 1.0,
        "missing": missing,
        "missing_much": max(0.0, missing_on_page - _MUCH),
        "missing_near": max((share for term, share in core.items() if term not in best.around), default=0.0),
        "missing_name": sum(telling[term] for term in names if term in telling and term not in best.around) / total,
        "lead": _lead(spans),
        "score": best.score,
        "often": best.features["often"],
        "page": best.features["page_cover"],
        "fit": best.features.get("fit_own", best.features["fit_cover"]),
    }
    return 1 / (1 + exp(-sum(SIGNS[name] * value for name, value in signs.items())))


def _lead(spans: Sequence[Span]) -> float:
    """How far the best span stands above the best of the fourth section; middling where there are fewer."""
    seen: set[int] = set()
    for span in spans:
        seen.add(id(span.source))
        if len(seen) == _LEAD_OVER:
            return min(_MOST_LEAD, spans[0].score - span.score)
    return _MOST_LEAD / 2
