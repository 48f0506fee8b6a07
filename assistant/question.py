"""A question as code reads it: what it is about, how telling each word is, and what kind of thing would answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import log

from rapidfuzz.distance import OSA

from assistant.kinds import Expected, expected_of
from assistant.thesaurus import Phrase, related
from wiki.search import analyze, content_stems, words

__all__ = ["Question", "leaning", "read_question", "repaired"]

_MEASURE = re.compile(
    r"\bhow (long|often|fast|soon|quickly|quick|far|late|early|big|large|high|old)(?: (ahead|back))?\b|\b(stands?) for\b|"
    r"\bwhat (time|date|day)\b|\b(mean)s?\b|\b(due)\b",
    re.IGNORECASE,
)
"""Words that say what kind of answer is wanted, not what it is about."""

_OPENING = re.compile(r"\b(who|whom|whose|when|where|why|how|which|what)\b", re.IGNORECASE)
_WHO_DOES = re.compile(
    r"\bwho (?:(?:can|may|must|should|will|do|does|has to|have to|gets to|is allowed to|i \w+ to) )*([\w-]+)", re.IGNORECASE
)

_CHATTER = frozenset(
    content_stems(
        "able actual actually already anymore around basically bit brand bring bunch come coming couple curious current "
        "currently day different exact exactly figure fine fully give guess hand happen happened happens idea keep keeps kind last "
        "little look looking make month new next nice part people person plan planning possible possibly put question "
        "recently roughly say said see sit somehow sort start started stuff sudden suddenly suppose supposed sure take taking "
        "think time today together told tomorrow tonight took total totally try trying type use used using usual usually "
        "way ways week weird whole wonder wondering work working works wrong year yesterday"
    )
)
"""Words of everyday talk: they help to find the place, but an answer need not hold them."""

_CHATTER_WEIGHT = 0.4
_UNKNOWN = 3
"""A word that no section holds counts as one that three hold: the page may say it with another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`weights`: each content stem and how telling it is (rarer is larger), in the question's order; `known` those stems that
    some page the viewer may read holds; `others` what else a stem could be called. `about` is those words as typed, without the ones
    that only say what kind of answer is wanted, which `expected` tells. `stems` are all its words, small ones too; `opening` is the
    word that asks ("who"), `verb` what the one asked for does."""

    text: str
    about: str
    weights: Mapping[str, float]
    known: frozenset[str]
    others: Mapping[str, frozenset[Phrase]]
    expected: Expected
    stems: frozenset[str] = frozenset()
    opening: str = ""
    verb: str = ""

    @property
    def chatter(self) -> frozenset[str]:
        """Its words of everyday talk, which an answer need not hold."""
        return _CHATTER & self.weights.keys()

    @property
    def search_text(self) -> str:
        """The question with the other words for the same things, as one query."""
        extra = sorted({stem for phrases in self.others.values() for phrase in phrases for stem in phrase} - set(self.weights))
        return " ".join([self.about, *extra])


def read_question(text: str, language: str, sections_with: Callable[[str], int], *, sections: int = 2000) -> Question:
    """`sections_with` gives the number of sections that hold a word, among those the viewer may read; `sections` is how many
    there are, about."""
    asked = {stem for match in _MEASURE.finditer(text) for group in match.groups() if group for stem in content_stems(group)}
    counted: dict[str, int] = {}
    typed = {word: content_stems(word, language) for word in words(text)}
    for word in typed:
        for stem in typed[word]:
            counted.setdefault(stem, sections_with(word))
    about = {s: n for s, n in counted.items() if s not in asked} or counted
    opening = _OPENING.search(text)
    return Question(
        text=text,
        about=" ".join(word for word, stems in typed.items() if any(s in about for s in stems)),
        weights={s: _telling(n, sections) * (_CHATTER_WEIGHT if s in _CHATTER else 1.0) for s, n in about.items()},
        known=frozenset(s for s, n in about.items() if n),
        others=related(list(about), language),
        expected=expected_of(text, language),
        stems=frozenset(analyze(text, language)),
        opening=opening[1].lower() if opening else "",
        verb=_verb(text, language),
    )


def leaning(question: Question, said_last: str, language: str) -> Question:
    """A follow-up made whole: what was said last counts twice what was carried over."""
    last = set(content_stems(said_last, language))
    return replace(question, weights={s: w * (2.0 if s in last else 1.0) for s, w in question.weights.items()})


def repaired(question: Question, vocabulary: Iterable[str]) -> Question:
    """The question with words that nobody knows replaced by the one word of `vocabulary` they are a typing mistake of."""
    unknown = [s for s in question.weights if s not in question.known and s not in question.others and len(s) >= 5]
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


def _telling(holding: int, sections: int) -> float:
    """Inverse document frequency: how few of the sections hold the word."""
    return log(1 + sections / (1 + (holding or _UNKNOWN)))


def _verb(text: str, language: str) -> str:
    asked = _WHO_DOES.search(text)
    stems = content_stems(asked[1], language) if asked else []
    return stems[0] if stems else ""
