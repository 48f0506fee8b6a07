"""What in a sentence must not be made up: numbers, measures, names, addresses, links, and whether it says no."""

from __future__ import annotations

import re

from wiki.search import STOP_WORDS, content_stems, words

__all__ = ["denies", "measures", "names", "numbers"]

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
}
_WORDS = {word: str(i) for i, word in enumerate(_SMALL.split())} | {word: str(n) for word, n in _TENS.items()}
_NUMBERED_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_UNIT = re.compile(
    r"(\d+(?:[.,:]\d+)*|" + "|".join([*_WORDS, *_TENS]) + r")[\s-]*"
    r"(?:(?:calendar|business|working|consecutive|full)[\s-]+)?"
    r"(%|percent|seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|quarters?|euros?|eur|dollars?|usd|pounds?|gbp|am|pm|a\.m|p\.m|km|miles?|gb|mb|tb)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s)>\]\"]+|[\w.+-]+@[\w-]+\.[\w.]+|(?<![\w&])[#@][A-Za-z][\w-]*")
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'&-]*")
_OPENING = """
according account action additional all also any apply approval approve ask attach before book bring call check choose
click come complete contact create customers decide do email employees enter every everyone file fill find first
follow for give go if include inform keep leave log look mail make managers members move next notify offer open opt
other otherwise page part pass people pick please post prepare press provide put raise read record report request
requests return review run save say see select send set share show sign staff start step stop submit take talk team
tell then turn type update upload use visit wait when while withdraw work write yes
"""
_OPENERS = frozenset(_OPENING.split())
_DENYING = "no not never none neither nor without cannot t"
_REFUSING = "prohibited forbidden banned ineligible unable unless except only until excluded refused denied avoid stop"
_DENIAL, _REFUSAL = frozenset(_DENYING.split()), frozenset(_REFUSING.split())


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text as digits, whether written in digits or (up to a hundred) in words."""
    digits = {_digits(match) for match in _NUMBER.findall(_NUMBERED_ITEM.sub("", text))}
    return frozenset(digits | {_WORDS[word] for word in words(text) if word in _WORDS and word != "one"})


def measures(text: str) -> frozenset[tuple[str, str]]:
    """(number, unit) pairs: thirty days is ("30", "day")."""
    return frozenset((_WORDS.get(number.lower()) or _digits(number), _unit(unit)) for number, unit in _UNIT.findall(text))


def names(claim: str, text: str) -> bool:
    """Whether `text` holds every name, address and link of `claim`.

    A name is a capitalised word within a sentence, and its first word unless it is a common way to begin one.
    """
    if any(address.rstrip(".,;:").casefold() not in text.casefold() for address in _ADDRESS.findall(claim)):
        return False
    said = _NUMBERED_ITEM.sub("", _ADDRESS.sub(" ", claim)).lstrip(' -*•"“')
    held = set(words(text)) | set(content_stems(text))
    for match in _NAME.finditer(said):
        parts = words(match[0])
        if all(p in held or p in STOP_WORDS or p in _WORDS for p in parts) or set(content_stems(match[0])) <= held:
            continue
        begins = match.start() == 0 or bool(re.search(r"[.!?:]\s+[\"“]?$", said[: match.start()]))
        if not (begins and parts[0] in _OPENERS):
            return False
    return True


def denies(claim: str, text: str, language: str) -> bool:
    """Whether one of the two says no to most of what they share and the other does not."""
    in_claim, in_text = _polarity(claim, language), _polarity(text, language)
    shared = set(in_claim) & set(in_text)
    against = [stem for stem in shared if not in_claim[stem] & in_text[stem]]
    return len(against) * 2 > len(shared)


def _polarity(text: str, language: str) -> dict[str, set[bool]]:
    """For each content stem, how it is said: True said no to (a denial stands up to five words before, in the same clause)."""
    found: dict[str, set[bool]] = {}
    for clause in re.split(r"[.;:!?,()|]|\b(?:but|and|or)\b", text):
        since = 99
        said = words(clause)
        refused = any(word in _REFUSAL for word in said)
        for word in said:
            since = 0 if word in _DENIAL else since + 1
            for stem in content_stems(word, language):
                found.setdefault(stem, set()).update({True, False} if refused else {since <= 5})
    return found


def _digits(number: str) -> str:
    number = re.sub(r",(?=\d{3}\b)", "", number)
    return re.sub(r"(?<=\d)[.:]00$", "", number)


def _unit(unit: str) -> str:
    unit = unit.lower().replace(".", "")
    return {"percent": "%", "usd": "dol", "gbp": "pou", "hr": "hou", "hrs": "hou"}.get(unit, unit[:3])
