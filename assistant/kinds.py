"""What kind of thing would answer a question, and whether a sentence holds such a thing: a weekday, a sum, a name, an order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wiki.search import content_stems

__all__ = ["KINDS", "Expected", "expected_of", "fit"]

KINDS = ("money", "count", "amount", "moment", "duration", "frequency", "who", "where", "steps", "reason", "rule", "meaning")

_WEAK = frozenset({"rule", "steps"})
"""Asked for by words that stand in other questions too ("how many days do I have"): they count where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`kinds` are some of KINDS, none for anything; `counted` is the stem of what "how many" counts, "" for none."""

    kinds: frozenset[str] = frozenset()
    counted: str = ""

    def __contains__(self, kind: str) -> bool:
        return kind in self.kinds


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|half"
)
_NUMBER = rf"(?:\d[\d.,]*|\b(?:{_COUNTS}))"
_UNITS = "seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|quarters?|sprints?"
_OFTEN = "hourly|daily|weekly|biweekly|fortnightly|monthly|quarterly|annually|annual|yearly|every|each|once|twice"
_PEOPLE = (
    "manager|supervisor|lead|leader|team|office|officer|director|coordinator|owner|department|desk|committee|council|board|chief|head|"
    "assistant|administrator|admin|partner|specialist|facilitator|sponsor|representative|liaison|counsel|engineer|designer|developer|"
    "colleague|buddy|deputy|boss|everybody|everyone|anybody|anyone|nobody|employee|staff|finance|legal|sales|support|hr|it"
)

_ASKS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "money": r"\bhow much (?:do|does|can|may|is|are|will|would|could|should|money|to)\b|\b(?:cost|costs|price|spend|budget|allowance|salary|"
        r"pay rate|fee|fees|per diem|stipend|reimburse\w*)\b|\bwhat amount\b|\brate\b",
        "count": r"\bhow many\b",
        "amount": r"\bhow (?:much|big|large|far|high|old|many)\b|\b(?:limit|maximum|max|minimum|min|longest|shortest|least|most|"
        r"number|percent\w*|threshold|phone)\b",
        "moment": r"\bwhen\b|\bwhat (?:time|date|day|hours)\b|\bwhich (?:day|date|hours|weekday)\b|\bby what\b|\bdeadline\b|\bdue\b|"
        r"\bhours\b|\bhow (?:late|early)\b|\bwhat's the date\b",
        "duration": r"\bhow (?:long|soon|fast|quick\w*|late|early|far (?:ahead|back|in advance)|much (?:time|notice|longer|warning))\b|"
        r"\bdeadline\b|\bexpir\w+|\bhow \w+ notice\b|\bhow many (?:days|weeks|hours|months|years|minutes)\b",
        "frequency": r"\bhow (?:often|offen|frequently|regularly|many times)\b|\bhow \w+ a (?:week|month|year)\b",
        "who": r"\bwho\b|\bwhom\b|\bwhose\b|\bcontact\b|\bin charge\b|\bresponsible\b|\bwhich (?:person|team|role)\b|"
        r"\b(?:phone|telephone) number\b|\bemail address\b",
        "where": r"\bwhere\b|\bwhich (?:channel|form|page|site|folder|tool|room|address|line|link|system|app)\b|\bwhat (?:channel|form|page|"
        r"site|folder|room|address|link|tool|system)\b|\baddress\b|\blink\b|\burl\b",
        "steps": r"\bhow (?:do|can|should|would|could|to|does one|am i|are we)\b|\bwhat (?:do|should|must) (?:i|we)\b|\bwhat now\b|\bsteps?\b|"
        r"\bwhat next\b|\bwhat's next\b|\bhow 2\b",
        "reason": r"\bwhy\b|\bhow come\b|\breason\b",
        "rule": r"^(?:and |so |but )?(?:can|may|do|does|is|are|am|will|would|should|could|ok|okay|must|have|has|did)\b|\ballowed\b|"
        r"\b(?:can|may|must|should|do|will) (?:i|we|you|they|it)\b|\bif\b.*\?|\brules?\b|\bpolicy\b|\bwhat happens\b",
        "meaning": r"\bstands? for\b|\bmean(?:s|ing)?\b|\bdefin\w+|\bwhat(?: is|'s|s) (?:an? |the )?[\w-]+\s*\??$",
    }.items()
}

_FITS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "money": rf"[$€£]\s?\d|{_NUMBER}\s?(?:euros?|eur|dollars?|usd|pounds?|gbp|cents?|percent|%)|%|\bfree of charge\b|\bno (?:cost|limit)\b|"
        r"\bactual cost\b",
        "amount": rf"\d|[$€£]|\b(?:{_COUNTS})\b|\bpercent\b|\bno limit\b|\bunlimited\b",
        "moment": rf"\b(?:{_DAYS})\b|\b(?:{_MONTHS})\b \d|\d (?:{_MONTHS})\b|\b\d{{1,2}}(?:st|nd|rd|th)\b|\d:\d\d|\d\s?(?:am|pm|a\.m|p\.m)\b|"
        rf"\b(?:midnight|noon|immediately|deadline)\b|\d{{4}}-\d\d-\d\d|\b(?:by|until|before|within|after|once|as soon as|end of)\b.*\b(?:{_UNITS})\b|"
        r"\b(?:when|once|as soon as|if|after)\b \w+ \w+",
        "duration": rf"{_NUMBER}[\s-]+(?:\w+[\s-]+)?(?:{_UNITS})\b|\bimmediately\b|\b(?:at once|same day|indefinitely|as soon as possible|"
        rf"(?:an?|one|half an?|first|second|third|fourth|fifth) (?:{_UNITS}))\b",
        "frequency": rf"\b(?:{_OFTEN})\b|\bper (?:{_UNITS})\b|\ba (?:day|week|month|quarter|year)\b|\b(?:{_DAYS})\b",
        "who": rf"[\w.]+@[\w.]+|\(?\d{{3}}\)?[ -]\d{{3}}[ -]\d{{4}}|\+\d{{6,}}|\b(?:{_PEOPLE})s?\b|(?-i:(?<!^)(?<![.!?:–|] )\b[A-Z][a-z]+\b)|"
        r"(?-i:^[A-Z][a-z]+ (?:[a-z]+s|is|has|owns)\b)|(?<!^)(?<![.!?:] )[@#][\w-]+",
        "where": r"https?://|[\w.]+@[\w.]+|#[\w-]+|\b(?:in|on|at|to|via|through|under|from|using|into) (?:the|our|your|a|an)\b|\b(?:folder|drive|form|"
        r"page|room|floor|street|site|dashboard|portal|calendar|channel|register)\b|\d+ [A-Z]\w+ (?:St|Street|Ave|Avenue|Road)",
        "steps": r"^(?:\W*)(?:go|open|click|select|choose|enter|fill|submit|send|ask|create|add|use|visit|run|call|contact|complete|check|make|"
        r"log|sign|request|email|post|follow|start|reach|find|press|download|install|update|upload|set|turn|review|read|write|get|put|"
        r"let|inform|report|notify|schedule|book|attach|copy|move|clone|remove|delete|change|type|scroll|enable|disable|tell|take|search|"
        r"photograph|cancel|stop|agree|name|list|look|return)\b|\b(?:should|must|need to|will need|have to|you can|please|by \w+ing)\b|"
        r"[.:;,] (?:call|ask|use|send|open|write|tell|go|choose|contact|email|fill|click)\b",
        "reason": r"\b(?:because|since|due to|so that|reason|in order to|therefore|as a result|this means|to ensure|otherwise)\b|\bis that\b",
        "rule": r"\b(?:must|may|can|cannot|can't|not|should|shouldn't|allowed|only|required?|prohibited|eligible|entitled|never|always|"
        r"need|needs|permitted|responsible|expected|have to|yes|no|nothing|none|able|unable|exempt|except|unless|won't|will)\b",
        "meaning": r"\bstands for\b|\bmeans\b|\bis an?\b|\brefers to\b|\bare\b|[A-Z]{2,}\)?\s*[|:–-]|\|",
    }.items()
}

_COUNTED = re.compile(r"\bhow many (?:more |other |different |paid )?([\w-]+)", re.IGNORECASE)


def expected_of(question: str, language: str) -> Expected:
    """What the question asks for, by its words."""
    kinds = {kind for kind, asks in _ASKS.items() if asks.search(question)}
    counted = _COUNTED.search(question)
    stems = content_stems(counted[1], language) if counted else []
    if kinds - _WEAK:
        kinds -= _WEAK if kinds & {"reason", "who", "where", "moment", "duration", "frequency", "count"} else {"rule"}
    elif "steps" in kinds:
        kinds.discard("rule")
    if kinds & {"money", "count", "duration"}:
        kinds.discard("amount")
    return Expected(frozenset(kinds), stems[0] if stems else "")


def fit(text: str, expected: Expected, stems: frozenset[str] = frozenset()) -> float:
    """The share of the expected kinds that `text` holds something of; 1 where anything would do. `stems` are its own."""
    if not expected.kinds:
        return 1.0
    return sum(_holds(text, kind, expected, stems) for kind in expected.kinds) / len(expected.kinds)


def _holds(text: str, kind: str, expected: Expected, stems: frozenset[str]) -> float:
    if kind != "count":
        return 1.0 if _FITS[kind].search(text) else 0.0
    if not _FITS["amount"].search(text):
        return 0.0
    return 1.0 if expected.counted in stems else 0.3
