"""Numbers said in English words, as figures: "forty five days" and "45 days" are the same value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["SpokenNumber", "normalise_numbers", "spoken_numbers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNumber:
    """Words in a text that say a number: characters `start` to `end`, and `text`, the words themselves.

    `figures` is how the number is written ("45", "45%", "21st", "9:30"); `value` is its size (a time of day in hours).
    """

    start: int
    end: int
    value: float
    text: str
    figures: str


def spoken_numbers(text: str) -> list[SpokenNumber]:
    """The numbers said in words, in order: cardinals below a billion, decimals, ordinals, percentages, years, times of day.

    Words that only look like numbers are left out: "one of them", "this one", "a second", "first of all".
    """
    words = [_Word(match[0].lower(), *match.span()) for match in _WORD.finditer(text)]
    found: list[SpokenNumber] = []
    index = 0
    while index < len(words):
        said = _read(_run(words, index, text), words, index) if words[index].text in _STARTS else None
        if said is None:
            index += 1
            continue
        start, end = words[index].start, words[index + said.used - 1].end
        found.append(SpokenNumber(start=start, end=end, value=said.value, text=text[start:end], figures=said.figures))
        index += said.used
    return found


def normalise_numbers(text: str) -> str:
    """`text` with its numbers as figures: spoken ones, "20 percent" as "20%", "10,000" as "10000", "5 thousand" as "5000"."""
    pieces: list[str] = []
    taken = 0
    for number in spoken_numbers(text):
        pieces += [text[taken : number.start], number.figures]
        taken = number.end
    figures = "".join([*pieces, text[taken:]])
    figures = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), figures)
    figures = _SCALED.sub(lambda match: _plain(float(match[1]) * _SCALES[match[2].lower()]), figures)
    return _PERCENT.sub(r"\1%", figures)


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class _Said(NamedTuple):
    used: int  # words
    value: float
    figures: str


_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\d[\d.,:]*")
_GAP = re.compile(r"[ \t\u00a0]*-?[ \t\u00a0\n]*")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_SCALED = re.compile(r"(?<![\d.,:])(\d+(?:\.\d+)?) (thousand|million)\b", re.IGNORECASE)
_PERCENT = re.compile(r"(\d) ?(?:percent|per cent|pct)\b", re.IGNORECASE)

_UNITS = {word: i for i, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), start=1)}
_TEENS = {
    word: i
    for i, word in enumerate(
        ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"), start=10
    )
}
_TENS = {
    word: i * 10
    for i, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2)
}
_TENS["fourty"] = 40
_SMALL = {**_UNITS, **_TEENS, **_TENS}
_SCALES = {"thousand": 1_000, "million": 1_000_000}
_ORDINAL_UNITS = dict(
    zip(("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"), range(1, 10), strict=True)
)
_ORDINALS = {
    **_ORDINAL_UNITS,
    **{f"{word}th": value for word, value in _TEENS.items() if word != "twelve"},
    "twelfth": 12,
    **{f"{word[:-1]}ieth": value for word, value in _TENS.items()},
}
_STARTS = frozenset((*_SMALL, *_ORDINALS, "a", "an", "zero", "half", "quarter"))
_MONTHS = frozenset(
    ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
)
# What is counted or measured: after these "one" is a number.
_COUNTED = re.compile(
    r"(?:business|working|calendar|full|extra|more|hundred|single)$|"
    r"(?:second|minute|hour|day|week|month|quarter|year|euro|dollar|pound|franc|cent|percent|page|hour|mile|kilometer|"
    r"metre|meter|"
    r"floor|point|person|approver|signature|reminder|invoice)s?$"
)
_POINTERS = frozenset(
    ("this", "that", "the", "each", "which", "every", "any", "no", "another", "last", "next", "only", "other", "right", "wrong")
)
_CLOCK_LEADS = frozenset(
    ("at", "by", "before", "after", "until", "till", "from", "around", "about", "past", "since", "to", "between", "and")
)
_FRACTIONS = frozenset(("half", "halves", "third", "thirds", "quarters", "fifths", "tenths"))
_DAY_HALVES = frozenset(("am", "pm", "a", "p", "o'clock", "o’clock"))


def _run(words: list[_Word], index: int, text: str) -> list[str]:
    """The words from `index` on that only spaces or hyphens part, at most 20."""
    run = [words[index].text]
    for before, word in zip(words[index : index + 19], words[index + 1 : index + 20], strict=False):
        if not _GAP.fullmatch(text, before.end, word.start):
            break
        run.append(word.text)
    return run


def _read(run: list[str], words: list[_Word], index: int) -> _Said | None:
    before = words[index - 1].text if index else ""
    for reader in (_clock, _digits, _year, _ordinal, _amount):
        said = reader(run, before)
        if said is not None:
            return said
    return None


def _amount(run: list[str], before: str) -> _Said | None:
    """A cardinal, with "point five", "and a half", "dozen" and "percent" after it."""
    value, used = _cardinal(run, before)
    if not used:
        return None
    rest = run[used:]
    if rest and rest[0] in _FRACTIONS and value < 10:
        return None
    if rest[:1] == ["point"] and len(rest) > 1 and (rest[1] in _UNITS or rest[1] in ("zero", "oh")):
        decimals = 1
        while decimals < len(rest) and (rest[decimals] in _UNITS or rest[decimals] in ("zero", "oh")):
            decimals += 1
        digits = "".join(str(_UNITS.get(word, 0)) for word in rest[1:decimals])
        return _percent(run, used + decimals, float(f"{value}.{digits}"))
    if rest[:3] == ["and", "a", "half"]:
        return _percent(run, used + 3, value + 0.5)
    if rest[:1] == ["dozen"]:
        return _Said(used + 1, value * 12, _plain(value * 12))
    if used == 1 and run[0] == "one" and not _is_count(rest, before):
        return None
    return _percent(run, used, value)


def _is_count(rest: list[str], before: str) -> bool:
    """Whether a lone "one" is a number: "one day", "one or two", "one percent", not "one of them" or "this one day"."""
    if before in _POINTERS or not rest:
        return False
    if rest[0] in ("or", "to") and len(rest) > 1 and rest[1] in _SMALL:
        return True
    return _COUNTED.match(rest[0]) is not None or rest[:2] == ["per", "cent"]


def _percent(run: list[str], used: int, value: float) -> _Said:
    if run[used : used + 1] == ["percent"]:
        return _Said(used + 1, value, f"{_plain(value)}%")
    if run[used : used + 2] == ["per", "cent"]:
        return _Said(used + 2, value, f"{_plain(value)}%")
    return _Said(used, value, _plain(value))


def _cardinal(run: list[str], before: str) -> tuple[int, int]:
    """Value and number of words of the longest cardinal that `run` starts with; (0, 0) where it starts with none."""
    total = current = 0
    used = 0
    last = "start"  # what the next word may follow: start, units, teens, tens, hundred, scale
    scale_left = 10**9
    words = run
    if run[0] in ("a", "an") and len(run) > 1 and (run[1] in _SCALES or run[1] in ("hundred", "dozen")):
        words, used = ["one", *run[1:]], 0
    elif run[0] == "zero":
        return 0, 1
    while used < len(words):
        word = words[used]
        if (
            word == "and"
            and last in ("hundred", "scale")
            and before not in ("between", "from")
            and _joins(words, used, last, scale_left)
        ):
            used += 1
            word = words[used]
        if word in _SMALL and _may_follow(word, last):
            current += _SMALL[word]
            last = "units" if word in _UNITS else "teens" if word in _TEENS else "tens"
        elif word == "hundred" and last in ("units", "teens") and current < 20:
            current *= 100
            last = "hundred"
        elif word in _SCALES and last not in ("start", "scale") and _SCALES[word] < scale_left:
            scale_left = _SCALES[word]
            total, current, last = total + current * scale_left, 0, "scale"
        else:
            break
        used += 1
    return (total + current, used) if used else (0, 0)


def _may_follow(word: str, last: str) -> bool:
    return last in ("start", "hundred", "scale") or (last == "tens" and word in _UNITS)


def _joins(words: list[str], index: int, last: str, scale_left: int) -> bool:
    """Whether the "and" at `index` goes on with the number ("one hundred and five") and does not start another."""
    after = words[index + 1 : index + 4]
    if not after or after[0] not in _SMALL:
        return False
    beyond = after[2] if len(after) > 2 and after[0] in _TENS and after[1] in _UNITS else after[1] if len(after) > 1 else ""
    if beyond == "hundred":
        return last == "scale"
    return _SCALES.get(beyond, 0) < scale_left


def _ordinal(run: list[str], before: str) -> _Said | None:
    value, used = _cardinal(run, before)
    word = run[used] if used < len(run) else ""
    if used and word in ("hundredth", "thousandth") and value < 1000:
        return _ordinal_said(used + 1, value * (100 if word == "hundredth" else 1000))
    if used and word in _ORDINALS and (run[used - 1] in _TENS and word in _ORDINAL_UNITS and not _is_span(run, used)):
        return _ordinal_said(used + 1, value + _ORDINALS[word])
    if used or run[0] not in _ORDINALS:
        return None
    if before in ("a", "one", "two", "three", "four") and run[0] not in ("first", "second"):
        return None  # a fraction: two thirds, a fifth
    if run[0] in ("first", "second", "third"):
        after = run[1:4]
        dated = before in _MONTHS or (
            after[:1] == ["of"] and any(word in _MONTHS or word in ("month", "every") for word in after)
        )
        if not dated and not (
            after and re.match(r"(?:business|working|calendar)?(?:day|week|month|quarter|floor|year)?$", after[0])
        ):
            return None
        if not dated and before == "a":
            return None
    return _ordinal_said(1, _ORDINALS[run[0]])


def _is_span(run: list[str], used: int) -> bool:
    """Whether "thirty second" is a length of time, as in "a thirty second clip"."""
    return run[used] == "second" and used + 1 < len(run) and run[used + 1] not in ("of", *_MONTHS)


def _ordinal_said(used: int, value: int) -> _Said:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return _Said(used, value, f"{value}{ending}")


def _digits(run: list[str], _before: str) -> _Said | None:
    """Digits said one by one: "one two one seven" is room 1217."""
    digits = ""
    for word in run:
        if word not in _UNITS and word not in ("zero", "oh"):
            break
        digits += str(_UNITS.get(word, 0))
    if len(digits) < 3 or run[0] == "oh" or (len(run) > len(digits) and run[len(digits)] in ("hundred", *_SCALES)):
        return None
    return _Said(len(digits), int(digits), digits)


def _year(run: list[str], _before: str) -> _Said | None:
    """ "nineteen ninety nine", "twenty twenty six", "twenty oh five"."""
    century = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}.get(run[0])
    if century is None or len(run) < 2:
        return None
    if run[1] == "oh" and len(run) > 2 and run[2] in _UNITS:
        return _Said(3, century + _UNITS[run[2]], str(century + _UNITS[run[2]]))
    if run[1] not in _TENS and run[1] not in _TEENS:
        return None
    rest, used = _cardinal(run[1:], "")
    if not 10 <= rest <= 99:
        return None
    return _Said(1 + used, century + rest, _plain(century + rest))


def _clock(run: list[str], before: str) -> _Said | None:
    """ "half past nine", "quarter to ten", "nine o'clock", and "nine thirty" where a time is expected."""
    words = run[1:] if run[0] == "a" else run
    skipped = len(run) - len(words)
    if len(words) > 2 and words[0] in ("half", "quarter") and words[1] in ("past", "to", "after") and _hour(words[2]):
        minutes = 30 if words[0] == "half" else 15
        hour = _hour(words[2])
        if words[1] == "to":
            hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
        return _Said(3 + skipped, hour + minutes / 60, f"{hour}:{minutes:02d}")
    hour = _hour(run[0])
    if not hour or len(run) < 2:
        return None
    if run[1] in ("o'clock", "o’clock"):
        return _Said(2, hour, f"{hour}:00")
    minutes, used = _cardinal(run[1:], "")
    if run[1] in _UNITS or not 10 <= minutes <= 59 or used > 2:
        return None
    after = run[1 + used : 2 + used]
    if before in _CLOCK_LEADS or (after and after[0] in _DAY_HALVES):
        return _Said(1 + used, hour + minutes / 60, f"{hour}:{minutes:02d}")
    return None


def _hour(word: str) -> int:
    value = _SMALL.get(word, 0)
    return value if value <= 12 else 0


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.10g}"
