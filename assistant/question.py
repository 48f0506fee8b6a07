"""A question as code reads it: which of its words are telling, and what kind of thing would answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from math import log

from rapidfuzz.distance import OSA

from assistant.kinds import Expected, expected_of
from wiki.search import content_stems, thesaurus, words

__all__ = ["Question", "leaning", "read_question", "repaired", "without_measures"]

_OPERATORS = re.compile(r"[\"“”:]|(?<!\w)-")
_MEASURE = re.compile(r"\bhow (long|often|fast|soon|quickly|quick|far|late|early|big|large|high|old)\b", re.IGNORECASE)
"""Words that say what kind of answer is wanted, not what it is about."""

_UNKNOWN = 3
"""A word that no section holds counts as one that three hold: the page may say it with another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`weights`: each content stem and how telling it is (rarer is larger), in the question's order; `known` those stems that
    some page the viewer may read holds; `others` the stems of other words for the same, as the search knows them; `expected` what
    kind of thing would answer it. Of a follow-up, what went before `start` was carried over."""

    text: str
    weights: Mapping[str, float]
    known: frozenset[str]
    others: Mapping[str, frozenset[frozenset[str]]]
    expected: Expected
    start: int = 0

    @property
    def share(self) -> dict[str, float]:
        """Each stem's part of all that the question tells."""
        total = sum(self.weights.values()) or 1.0
        return {stem: weight / total for stem, weight in self.weights.items()}

    def held_in(self, stems: Set[str]) -> frozenset[str]:
        """The stems of the question that stand among these, as they are or as another word for the same."""
        return frozenset(
            stem for stem in self.weights if stem in stems or any(other <= stems for other in self.others.get(stem, ()))
        )

    @property
    def search_text(self) -> str:
        """The question without signs that a search would take for an operator."""
        return " ".join(_OPERATORS.sub(" ", self.text).split())


def read_question(text: str, language: str, sections_with: Callable[[str], int], *, sections: int = 2000) -> Question:
    """`sections_with` gives the number of sections that hold a word, among those the viewer may read; `sections` is how many
    there are, about."""
    counted: dict[str, int] = {}
    synonyms = thesaurus(language).synonyms
    for word in words(text):
        for stem in content_stems(word, language):
            if stem not in counted:
                counted[stem] = sections_with(word)
    return Question(
        text=text,
        weights={stem: log(1 + sections / (1 + (holding or _UNKNOWN))) for stem, holding in counted.items()},
        known=frozenset(stem for stem, holding in counted.items() if holding),
        others={stem: frozenset(map(frozenset, synonyms[stem,])) for stem in counted if (stem,) in synonyms},
        expected=expected_of(text, language),
    )


def without_measures(question: Question, language: str) -> Question:
    """The question without the words that only say what kind of answer is wanted: no page need hold them."""
    asked = {stem for match in _MEASURE.finditer(question.text) for stem in content_stems(match[1], language)}
    weights = {stem: weight for stem, weight in question.weights.items() if stem not in asked}
    return replace(question, weights=weights or question.weights)


def leaning(question: Question, said_last: str, language: str) -> Question:
    """A follow-up made whole: it is found by all of its words, and answered by what was said last."""
    last = set(content_stems(said_last, language))
    weights = {s: w for s, w in question.weights.items() if s in last} or question.weights
    return replace(question, weights=weights, start=len(question.text) - len(said_last))


def repaired(question: Question, vocabulary: Iterable[str]) -> Question:
    """The question with words that nobody knows replaced by the one word of `vocabulary` they are a typing mistake of."""
    unknown = [stem for stem in question.weights if stem not in question.known and len(stem) >= 5]
    if not unknown:
        return question
    words_seen = [v for v in set(vocabulary) if len(v) >= 4]
    swapped: dict[str, str] = {}
    for stem in unknown:
        reach = 1 if len(stem) < 8 else 2
        near = [(d, v) for v in words_seen if v[0] == stem[0] and (d := OSA.distance(stem, v, score_cutoff=reach)) <= reach]
        if near:
            swapped[stem] = min(near)[1]
    weights = {swapped.get(s, s): w for s, w in question.weights.items()}
    return replace(question, weights=weights, known=question.known | frozenset(swapped.values()))
