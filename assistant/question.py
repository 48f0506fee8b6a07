"""A question as code reads it: what it is about, how telling each word is, and what kind of thing would answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import log

from rapidfuzz.distance import OSA

from assistant.thesaurus import Phrase, related
from wiki.text import content_stems, words

__all__ = ["Expected", "Question", "fits", "read_question", "repaired"]

Expected = frozenset[str]
"""The kinds of thing that would answer: some of amount, time, who, where, steps, reason, rule, meaning. Empty: anything."""

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half"
)
_UNITS = "seconds?|minutes?|hours?|days?|weeks?|months?|years?|quarters?|sprints?|fiscal|midnight|noon"
_OFTEN = "hourly|daily|weekly|biweekly|fortnightly|monthly|quarterly|annually|annual|yearly|every|each|once|twice"

_ASKS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "amount": r"\bhow (?:much|many|big|large|far|high|old)\b|\b(?:limit|maximum|minimum|longest|shortest|least|most|rate|cost|price|"
        r"number|percent\w*|budget|threshold|allowance|phone)\b",
        "time": r"\bhow (?:long|often|soon|fast|quick\w*|late|early|offen|far ahead)\b|\bwhen\b|\bwhat (?:time|date|day|hours)\b|\bwhich day\b|"
        r"\bby what\b|\bdeadline\b|\bexpir\w+|\bdue\b|\bhours\b|\bhow \w+ notice\b",
        "who": r"\bwho\b|\bwhom\b|\bwhose\b|\bcontact\b|\bcall\b|\bin charge\b|\bresponsible\b|\bphone\b|\bemail\b",
        "where": r"\bwhere\b|\bwhich (?:channel|form|page|site|folder|tool|room|address|line|link)\b|\bwhat (?:channel|form|page|site|"
        r"folder|room|address|link)\b|\baddress\b|\blink\b|\burl\b",
        "steps": r"\bhow (?:do|can|should|would|to|does one|am i)\b|\bwhat (?:do|should) (?:i|we)\b|\bwhat now\b|\bsteps?\b|\bwhat next\b",
        "reason": r"\bwhy\b|\bhow come\b|\breason\b",
        "rule": r"^(?:and |so |but )?(?:can|may|do|does|is|are|am|will|would|should|could|ok|okay|must|have|has|did)\b|\ballowed\b|"
        r"\b(?:can|may|must|should|do|will) (?:i|we|you|they|it)\b|\bif\b.*\?|\brules?\b|\bpolicy\b",
        "meaning": r"\bstands? for\b|\bmeans?\b|\bdefin\w+|\bwhat(?: is|'s|s) (?:an? |the )?[\w-]+\s*\??$",
    }.items()
}

_FITS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "amount": rf"\d|[$€£]|\b(?:{_COUNTS})\b|\bpercent\b|\bno limit\b|\bunlimited\b",
        "time": rf"\d+[\s-]*(?:{_UNITS}|am|pm|a\.m|p\.m)|\b(?:{_COUNTS})[\s-]+(?:\w+[\s-]+)?(?:{_UNITS})\b|\b(?:{_DAYS})s?\b|\b(?:{_MONTHS})\b \d|"
        rf"\b(?:{_OFTEN})\b|\d:\d\d|\bimmediately\b|\bdeadline\b|\d{{4}}-\d\d-\d\d",
        "who": r"[\w.]+@[\w.]+|\(?\d{3}\)?[ -]\d{3}[ -]\d{4}|\+\d{6,}|\b(?:manager|supervisor|lead|leads|team|office|officer|director|"
        r"coordinator|owner|department|desk|committee|council|board|chief|head|assistant|administrator|admin|partner|specialist|facilitator|"
        r"sponsor|representative|liaison)s?\b|(?<!^)(?<![.!?:] )[@#][\w-]+",
        "where": r"https?://|[\w.]+@[\w.]+|#[\w-]+|\b(?:in|on|at|to|via|through|under|from|using) the\b|\bfolder|drive|form|page|room|floor|street|"
        r"site|dashboard|portal|calendar|channel\b|\d+ [A-Z]\w+ (?:St|Street|Ave|Avenue|Road)",
        "steps": r"^(?:\W*)(?:go|open|click|select|choose|enter|fill|submit|send|ask|create|add|use|visit|run|call|contact|complete|check|make|"
        r"log|sign|request|email|post|follow|start|reach|find|press|download|install|update|upload|set|turn|review|read|write|get|put|"
        r"let|inform|report|notify|schedule|book|attach|copy|move|clone|remove|delete|change|type|scroll|enable|disable)\b|"
        r"\b(?:should|must|need to|will need|have to|you can|please|by \w+ing)\b",
        "reason": r"\b(?:because|since|due to|so that|reason|in order to|therefore|as a result|this means|to ensure|otherwise)\b|\bis that\b",
        "rule": r"\b(?:must|may|can|cannot|can't|not|should|shouldn't|allowed|only|required?|prohibited|eligible|entitled|never|always|"
        r"need|needs|permitted|responsible|expected|have to|yes|no|able|unable|exempt|except|unless|won't|will)\b",
        "meaning": r"\bstands for\b|\bmeans\b|\bis an?\b|\brefers to\b|\bare\b|[A-Z]{2,}\)?\s*[|:–-]|\|",
    }.items()
}

_MEASURE = re.compile(
    r"\bhow (long|often|fast|soon|quickly|quick|far|late|early|big|large|high|old)(?: (ahead|back))?\b|\b(stands?) for\b|"
    r"\bwhat (time|date|day)\b|\b(mean)s?\b|\b(due)\b",
    re.IGNORECASE,
)
"""Words that say what kind of answer is wanted, not what it is about."""

_CHATTER = frozenset(
    content_stems(
        "able actual actually already anymore around basically bit brand bring bunch come coming couple curious current "
        "currently day different exact exactly figure fine fully give guess happen happened happens idea keep keeps kind last "
        "little look looking make month new next nice part people person plan planning possible possibly put question "
        "recently roughly say said see sit somehow sort start started stuff sudden suddenly suppose supposed sure take taking "
        "think time today together told tomorrow tonight took total totally try trying type use used using usual usually "
        "way ways week weird whole wonder wondering work working works wrong year yesterday"
    )
)
"""Words of everyday talk: they help to find the place, but an answer need not hold them."""

_CHATTER_WEIGHT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`weights`: each content stem and how telling it is (rarer is larger), in the question's order; `known` those stems that
    some page the viewer may read holds; `others` what else a stem could be called. `about` is those words as typed, without the ones
    that only say what kind of answer is wanted, which `expected` tells."""

    text: str
    about: str
    weights: Mapping[str, float]
    known: frozenset[str]
    others: Mapping[str, frozenset[Phrase]]
    expected: Expected

    @property
    def search_text(self) -> str:
        """The question with the other words for the same things, as one query."""
        extra = sorted({stem for phrases in self.others.values() for phrase in phrases for stem in phrase} - set(self.weights))
        return " ".join([self.about, *extra])


def read_question(text: str, language: str, sections_with: Callable[[str], int]) -> Question:
    """`sections_with` gives the number of sections that hold a word, among those the viewer may read."""
    asked = {stem for match in _MEASURE.finditer(text) for group in match.groups() if group for stem in content_stems(group)}
    counted: dict[str, int] = {}
    typed = {word: content_stems(word, language) for word in words(text)}
    for word in typed:
        for stem in typed[word]:
            counted.setdefault(stem, sections_with(word))
    about = {s: n for s, n in counted.items() if s not in asked} or counted
    return Question(
        text=text,
        about=" ".join(word for word, stems in typed.items() if any(s in about for s in stems)),
        weights={s: _telling(n) * (_CHATTER_WEIGHT if s in _CHATTER else 1.0) for s, n in about.items()},
        known=frozenset(s for s, n in about.items() if n),
        others=related(list(about), language),
        expected=frozenset(kind for kind, asks in _ASKS.items() if asks.search(text)),
    )


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


def fits(sentence: str, expected: Expected) -> Expected:
    """The expected kinds that `sentence` holds something of."""
    return frozenset(kind for kind in expected if _FITS[kind].search(sentence))


def _telling(sections: int) -> float:
    """Inverse document frequency; the handbook's size cancels out in every use, so a fixed one serves."""
    return log(1 + 2000 / (1 + sections))
