"""Values in text: money, shares, durations, counts, dates, week days, times of day; and how a page writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wiki.search import is_stop_word, stem

__all__ = ["Quantity", "quantities", "rewritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A value at `text[start:end]`. `kind` is money, percent, duration, count, ordinal, date, weekday, time or version.

    `value` is comparable within a kind ("45", "monday", "17:00"); `unit` is what it counts ("day", "€"), "" where nothing.
    `number_end` is where the number itself ends, so that a page can keep its own word for the unit.
    """

    kind: str
    value: str
    unit: str
    text: str
    start: int
    end: int
    number_end: int


_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = (
    {word: number for number, word in enumerate(_ONES.split())}
    | {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
    | {"hundred": 100}
)
_NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:one|two|three|four|five|six|seven|eight|nine)|"
    + "|".join(_WORDS)
    + ")"
)
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_SCALE = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_CURRENCY = {
    "$": "$",
    "€": "€",
    "£": "£",
    "usd": "$",
    "eur": "€",
    "gbp": "£",
    "dollar": "$",
    "euro": "€",
    "pound": "£",
    "chf": "chf",
}
_PERIOD = {
    "minute": "minute",
    "min": "minute",
    "hour": "hour",
    "hr": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "second": "second",
    "quarter": "quarter",
}
_NOT_UNIT = frozenset(
    [
        "and",
        "or",
        "to",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "per",
        "from",
        "is",
        "are",
        "was",
        "the",
        "a",
        "an",
        "as",
        "if",
        "than",
        "more",
        "less",
        "which",
        "that",
        "percent",
        "instead",
        "now",
        "not",
        "but",
        "before",
        "after",
        "until",
        "till",
        "each",
        "every",
        "then",
        "so",
        "when",
        "while",
        "least",
    ]
)

_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_NTH = "|".join(_ORDINALS)
_YEAR = r"(?:,?\s+(?:19|20)\d{2})?"
_DAYS = rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–]\s?(?:{_MONTH}\.?\s+)?\d{{1,2}}\b)?"
_SPELLED = rf"{_NUMBER_WORD}(?:\s+hundred)?"
_PATTERN = re.compile(
    rf"""
    (?P<date>\b{_MONTH}\.?\s+{_DAYS}{_YEAR}\b
        |\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?{_YEAR}
        |\b(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d{{2}})\b)
    |(?P<time>\b\d{{1,2}}(?::\d{{2}})?\s?[ap]\.?m\b\.?|\b(?:[01]?\d|2[0-3]):[0-5]\d\b
        |\bnoon\b|\bmidnight\b|\b\d{{1,2}}\s+o'clock\b)
    |(?P<weekday>\b{_DAY}\b)
    |(?P<money>[$€£]\s?(?:{_NUM})(?:\s?(?:k|m|million|thousand)\b)?
        |\b(?:USD|EUR|GBP|CHF)\s?(?:{_NUM})
        |\b(?:{_NUM}|{_SPELLED})\s?(?:k\s)?(?:dollars?|euros?|pounds?|USD|EUR|GBP|CHF|€)(?!\w))
    |(?P<percent>\b(?:{_NUM}|{_NUMBER_WORD})\s?(?:%|percent\b|per\ cent\b))
    |(?P<ordinal>\b\d{{1,3}}(?:st|nd|rd|th)\b(?:\s+(?P<of>[a-z]+))?|\b(?:{_NTH})\s+(?P<nth>day|week|month|quarter|year|floor)\b)
    |(?P<version>\bv\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+(?:\.\d+)*\b)
    |(?P<plain>(?<![\w./#@-])(?:{_NUM}|{_NUMBER_WORD})(?![\w%@/]|\.\d|,\d)
        (?:[-\s]+(?:business|working|calendar|consecutive|full|full-time|billable|paid))?
        (?:[-\s]+(?P<unit>[a-z]{{2,}}))?)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=20_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The values in `text`, in order. A number that stands inside a word, a link or a path is none."""
    found: list[Quantity] = []
    hidden = [(m.start(), m.end()) for m in re.finditer(r"\]\([^)]*\)|https?://\S+|<[^>]+>|\{\{.*?\}\}", text)]
    for match in _PATTERN.finditer(text):
        if any(a <= match.start() < b for a, b in hidden):
            continue
        kind = match.lastgroup or ""
        for name in ("date", "time", "weekday", "money", "percent", "ordinal", "version", "plain"):
            if match[name]:
                kind = name
        quantity = _quantity(kind, match)
        if quantity is not None:
            found.append(quantity)
    return tuple(found)


def rewritten(old: Quantity, new: Quantity) -> str:
    """`new` written as the page writes `old`: its digits or words, its sign or word for the unit where that is the same."""
    if old.kind == "weekday":
        plural = "s" if old.text.lower().endswith("days") else ""
        word = new.value + plural
        return word.capitalize() if old.text[0].isupper() else word
    if old.kind in ("date", "time", "version"):
        return _tidy(new)
    if old.kind == "ordinal":
        return (_ordinal(new.text) or new.text.split()[0]) + old.text[len(_ordinal(old.text)) :]
    number = _number_text(new)
    if old.kind in ("duration", "count"):
        return _counted_as(old, new, number)
    if old.kind in ("money", "percent") and old.unit == new.unit:
        return re.sub(
            rf"(?:{_NUM}|{_NUMBER_WORD}(?:\s+hundred)?)(?:\s?(?:k|m|million|thousand)\b)?",
            lambda _: number,
            old.text,
            count=1,
            flags=re.IGNORECASE,
        )
    return _tidy(new)


def _counted_as(old: Quantity, new: Quantity, number: str) -> str:
    """A count or duration with the page's own word for the unit, in words where the page has words."""
    words = bool(re.match(r"[a-z]", old.text, re.IGNORECASE))
    if words and new.value.isdigit() and int(new.value) <= 20:
        spelled = next((w for w, v in _WORDS.items() if v == int(new.value)), number)
        number = spelled.capitalize() if old.text[0].isupper() else spelled
    rest = old.text[old.number_end - old.start :]
    if old.unit != new.unit:
        return number + new.text[new.number_end - new.start :]
    if old.value in ("1",) and new.value != "1" and rest and not rest.rstrip().endswith("s") and not rest.startswith("-"):
        rest += "s"
    elif new.value == "1" and rest.endswith("s"):
        rest = rest[:-1]
    return number + rest


def _ordinal(text: str) -> str:
    match = re.match(rf"\d+\w\w|(?:{_NTH})\b", text, re.IGNORECASE)
    return match[0] if match else ""


def _quantity(kind: str, match: re.Match[str]) -> Quantity | None:
    text, start, end = match[0], match.start(), match.end()
    lower = text.lower()
    if kind == "weekday":
        return Quantity(kind=kind, value=lower.removesuffix("s"), unit="", text=text, start=start, end=end, number_end=end)
    if kind in ("date", "version"):
        return Quantity(
            kind=kind, value=re.sub(r"[\s,.]+", " ", lower).strip(), unit="", text=text, start=start, end=end, number_end=end
        )
    if kind == "time":
        return Quantity(kind=kind, value=_clock(lower), unit="", text=text, start=start, end=end, number_end=end)
    if kind == "ordinal":
        if match["nth"]:
            place = str(_ORDINALS.index(lower.split()[0]) + 1)
            return Quantity(kind=kind, value=place, unit=match["nth"].lower(), text=text, start=start, end=end, number_end=end)
        unit = stem(match["of"].lower()) if match["of"] and match["of"].lower() not in _NOT_UNIT else ""
        if not unit:
            end = start + len(_ordinal(text))
        return Quantity(
            kind=kind,
            value=_ordinal(text)[:-2],
            unit=unit,
            text=text[: end - start],
            start=start,
            end=end,
            number_end=end,
        )
    value = _value(lower)
    if value is None:
        return None
    if kind == "money":
        sign = re.search(r"[$€£]|usd|eur(?!o)|gbp|chf|dollar|euro|pound", lower)
        return Quantity(
            kind=kind, value=value, unit=_CURRENCY[sign[0]] if sign else "", text=text, start=start, end=end, number_end=end
        )
    if kind == "percent":
        return Quantity(kind=kind, value=value, unit="%", text=text, start=start, end=end, number_end=end)
    return _counted(match, value)


def _counted(match: re.Match[str], value: str) -> Quantity | None:
    text, start = match[0], match.start()
    unit = (match["unit"] or "").lower()
    number = re.match(rf"(?:{_NUM})|{_NUMBER_WORD}", text, re.IGNORECASE)
    number_end = start + (number.end() if number else len(text))
    if not unit or unit in _NOT_UNIT or is_stop_word(unit):
        if not text[0].isdigit():
            return None
        return Quantity(
            kind="count",
            value=value,
            unit="",
            text=match.string[start:number_end],
            start=start,
            end=number_end,
            number_end=number_end,
        )
    period = _PERIOD.get(unit.removesuffix("s"))
    kind = "duration" if period else "count"
    if kind == "count" and value == "1" and not text[0].isdigit():
        return None  # "one person" counts nothing
    return Quantity(
        kind=kind, value=value, unit=period or stem(unit), text=text, start=start, end=match.end(), number_end=number_end
    )


def _value(lower: str) -> str | None:
    if number := re.search(rf"({_NUM})\s?(k|m|million|thousand)?\b", lower):
        amount = float(number[1].replace(",", "")) * _SCALE.get(number[2] or "", 1)
        return str(int(amount)) if amount == int(amount) else str(amount)
    spoken = re.match(rf"{_NUMBER_WORD}(?:\s+hundred)?", lower)
    if not spoken:
        return None
    total = 0
    for word in re.split(r"[- ]", spoken[0]):
        total = total * 100 if word == "hundred" and total else total + _WORDS.get(word, 0)
    return str(total)


def _clock(lower: str) -> str:
    if lower in ("noon", "midnight"):
        return "12:00" if lower == "noon" else "00:00"
    match = re.match(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?", lower)
    if match is None:
        return lower
    hour = int(match[1]) % 12 + (12 if match[3] == "p" else 0) if match[3] else int(match[1])
    return f"{hour:02d}:{match[2] or '00'}"


def _number_text(quantity: Quantity) -> str:
    digits = re.search(_NUM, quantity.text)
    if digits:
        scale = re.match(r"\s?(?:k|m|million|thousand)\b", quantity.text[digits.end() :], re.IGNORECASE)
        return digits[0] + (scale[0] if scale else "")
    return f"{int(quantity.value):,}" if quantity.value.isdigit() and int(quantity.value) >= 10_000 else quantity.value


def _tidy(quantity: Quantity) -> str:
    if quantity.kind == "date":
        return re.sub(rf"\b{_MONTH}\b", lambda m: m[0][0].upper() + m[0][1:], quantity.text, flags=re.IGNORECASE)
    return quantity.text
