"""Dates and times as chats, mails and exports write them in many languages, turned into aware times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ingest.clock_words import AFTERNOON, FORENOON, JOINERS, MONTHS, NEAR_DAYS, WEEKDAYS

__all__ = [
    "DATE",
    "NUMERIC_DATE",
    "TIME",
    "aware",
    "has_date",
    "has_hours",
    "minute_of",
    "named_at",
    "offset_of",
    "parse_at",
    "parse_day",
]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SPACE = r"[ \t\u00a0\u202f]"
_HALF = rf"(?:{'|'.join((*FORENOON, *AFTERNOON))})"
_COLON = rf"(?:[:.]|{_SPACE}?h{_SPACE}?|[時时点]|시{_SPACE}?)"
_CLOCK = rf"\d{{1,2}}{_COLON}\d{{2}}(?:(?:[:.]|[分분]{_SPACE}?)\d{{2}})?[分秒분초]?(?!\d)"
# A time of day: 9:00 AM, 09:14, 09.14.33, 9 h 14, 9:14 p. m., 오후 3:17 (no groups, to be used inside other patterns)
TIME = rf"(?:{_HALF}{_SPACE}*)?{_CLOCK}(?:{_SPACE}*{_HALF}|{_SPACE}(?:Uhr|น\.|hrs|ч\.?)(?!\w))?"

_MONTH = rf"(?:{_any_of({word[:3] for word in MONTHS})})[^\W\d_]{{0,10}}\.?"  # by the first letters: this is in many patterns
DAY_NAME = rf"(?:{_any_of(WEEKDAYS)})"
_WEEK = rf"(?:(?:{DAY_NAME}|[^\W\d_]{{2,3}}\.),?{_SPACE}+)?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?"
_YEAR = rf",?{_SPACE}+(?:(?:de|of){_SPACE}+)?\d{{4}}\b"
# A day in numbers: 12/11/2026, 12.11.26, 2026-11-12, 2026. 11. 12., 2026年11月12日 (no groups)
NUMERIC_DATE = (
    rf"(?:\d{{4}}{_SPACE}?[年년]{_SPACE}?\d{{1,2}}{_SPACE}?[月월]{_SPACE}?\d{{1,2}}{_SPACE}?[日일]"
    rf"|\d{{1,4}}(?:[/-]|\.{_SPACE}?)\d{{1,2}}(?:[/-]|\.{_SPACE}?)\d{{1,4}}(?!\d|[:.]\d)\.?)"
)
_DAY_AND_MONTH = rf"{_NUMBER}{_SPACE}+(?:de{_SPACE}+)?{_MONTH}|{_MONTH}{_SPACE}+{_NUMBER}"
# A day: any of these, 12.11., 12 Nov 2026, 12 de noviembre, Nov 12th, Thursday, today (no groups, letters in any case)
DATE = (
    rf"(?i:{NUMERIC_DATE}|\d{{1,2}}[./]\d{{1,2}}\.?|{_any_of(NEAR_DAYS)}|{_WEEK}(?:{_DAY_AND_MONTH})(?:{_YEAR})?|"
    rf"\d{{1,2}}[月월]{_SPACE}?\d{{1,2}}[日일]|{DAY_NAME})"
    rf"(?i:,?{_SPACE}+{JOINERS}(?!\w))?"
)

_TIME = re.compile(
    rf"(?<![\d.:])(?P<before>{_HALF})?{_SPACE}*(?P<hour>\d{{1,2}}){_COLON}(?P<minute>\d{{2}})"
    rf"(?:(?:[:.]|[分분]{_SPACE}?)(?P<second>\d{{2}}))?[分秒분초]?(?![\d:])(?:[.,]\d+)?{_SPACE}*(?P<after>{_HALF})?"
)
_FORENOON = re.compile("|".join(FORENOON))
_OFFSET = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?")
_THREE = re.compile(rf"(?<!\d)(\d{{1,4}})(?:([/-])|(\.){_SPACE}?)(\d{{1,2}})(?:[/-]|\.{_SPACE}?)(\d{{1,4}})(?!\d|[:.]\d)")
_IDEOGRAPHS = re.compile(
    rf"(?:(\d{{4}}){_SPACE}?[年년]{_SPACE}?)?(\d{{1,2}}){_SPACE}?[月월]{_SPACE}?(\d{{1,2}}){_SPACE}?[日일]"
)
_TWO = re.compile(r"^\W*(\d{1,2})([./])(\d{1,2})(?![\d:])\.?")
_WORDED = re.compile(
    rf"(?:(?P<day>\d{{1,2}})[^\W\d_]{{0,2}}\.?{_SPACE}+(?:de{_SPACE}+)?)?(?<![^\W_])(?P<month>{_any_of(MONTHS)})(?![^\W\d_])\.?"
    rf"(?:{_SPACE}+(?P<day2>\d{{1,2}})(?!\d|[:.]\d)[^\W\d_]{{0,2}}\.?(?!{_SPACE}+{_MONTH}))?(?:,?{_SPACE}+(?:(?:de|of){_SPACE}+)?(?P<year>\d{{4}})\b)?",
    re.IGNORECASE,
)
_NEAR = re.compile(rf"^\W*({_any_of(NEAR_DAYS)})(?!\w)", re.IGNORECASE)
_WEEKDAY = re.compile(rf"^\W*({DAY_NAME})(?!\w)", re.IGNORECASE)
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_IN_NAME = re.compile(r"(?<!\d)(20\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?:[-_T ]+([0-2]\d)[-_.:]?([0-5]\d)[-_.:]?([0-5]\d))?(?!\d)")
_SOME_DAY = date(2000, 12, 31)


def aware(at: datetime | None) -> datetime | None:
    """A time that names no zone is taken as UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def parse_at(when: str, occurred_at: datetime | None = None, *, month_first: bool = False) -> datetime | None:
    """The time that `when` writes, date and time of day in either order, aware; None where it cannot be told.

    A time of day alone takes the date of `occurred_at`. Chats write no zone: that of `occurred_at` is taken, else UTC.
    """
    when = _MARKS.sub("", when)
    zone = occurred_at.tzinfo if occurred_at is not None else UTC
    try:
        day, rest = _day_and_rest(when, occurred_at.date() if occurred_at is not None else None, month_first)
        clock = _clock(rest)
        if day is None or clock is None:
            return None
        return datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def parse_day(text: str, today: date | None = None, *, month_first: bool = False) -> date | None:
    """The day that `text` names, whatever else it says; None where it names none, or none that exists."""
    try:
        day, rest = _day_and_rest(_MARKS.sub("", text), None, month_first)
        if rest == text and today is not None:
            day, rest = _day_and_rest(text, today, month_first)
        return day if rest != text else None
    except (ValueError, OverflowError):
        return None


def named_at(file_name: str) -> datetime | None:
    """The day, and the time if there is one, in a file's name: 2026-11-24.log, GMT20261124-093000_Recording.vtt; UTC."""
    for match in _IN_NAME.finditer(file_name):
        try:
            year, _, month, day, hour, minute, second = match.groups()
            return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
        except ValueError:
            continue
    return None


def offset_of(stamp: str) -> float | None:
    """Seconds of a place in a recording: "1:02", "00:01:02", "00:01:02.500"; None for what is none."""
    match = _OFFSET.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (float(f"0.{fraction}") if fraction else 0.0)


def has_hours(when: str) -> bool:
    """Whether a time of day stands in it."""
    return _clock(when) is not None


def has_date(when: str) -> bool:
    """Whether it names a day beside the time of day."""
    try:
        return _day_and_rest(_MARKS.sub("", when), _SOME_DAY, False)[1] != _MARKS.sub("", when)
    except ValueError:
        return True  # one that does not exist


def minute_of(when: str) -> int | None:
    """The minute of the day of a time of day."""
    clock = _clock(when)
    return clock[0] * 60 + clock[1] if clock is not None else None


def _clock(text: str) -> tuple[int, int, int] | None:
    match = _TIME.search(text)
    if match is None:
        return None
    hour, half = int(match["hour"]), match["before"] or match["after"]
    if half and _FORENOON.fullmatch(half):
        hour %= 12 if hour <= 12 else 24
    elif half:
        hour = hour % 12 + 12 if hour <= 12 else hour
    return hour, int(match["minute"]), int(match["second"] or 0)


@lru_cache(maxsize=512)
def _day_and_rest(when: str, today: date | None, month_first: bool) -> tuple[date | None, str]:
    """The day that `when` names, and `when` without it. Where it names none, or no year: that of `today`, never a day after."""
    for match in sorted(_THREE.finditer(when), key=lambda match: match[2] is None and len(match[4]) < 3 and len(match[1]) < 3):
        for order in (month_first, not month_first):
            try:
                day = date(*_ordered(match, order))
            except ValueError:
                continue
            return day, f"{when[: match.start()]} {when[match.end() :]}"
    if _THREE.search(when) and not _TIME.fullmatch(when.strip()):
        raise ValueError(when)  # a date that does not exist
    ideographs = _IDEOGRAPHS.search(when)
    if ideographs is not None and (ideographs[1] or today is not None):
        year = int(ideographs[1] or (today.year if today else 0))
        day = date(year, int(ideographs[2]), int(ideographs[3]))
        return _not_after(day, None if ideographs[1] else today), _without(when, ideographs)
    for worded in _WORDED.finditer(when):
        if (worded["day"] or worded["day2"]) and (worded["year"] or today is not None):
            year = int(worded["year"] or (today.year if today else 0))
            day = date(year, MONTHS[worded["month"].casefold()], int(worded["day"] or worded["day2"]))
            return _not_after(day, None if worded["year"] else today), _without(when, worded)
    if today is None:
        return None, when
    two = _TWO.match(when)
    if two is not None and has_hours(_without(when, two)):
        first, second = int(two[1]), int(two[3])
        month, number = (first, second) if (month_first or second > 12) and two[2] == "/" else (second, first)
        return _not_after(date(today.year, month, number), today), _without(when, two)
    near = _NEAR.match(when)
    if near is not None:
        return today - timedelta(days=NEAR_DAYS[near[1].casefold()]), _without(when, near)
    weekday = _WEEKDAY.match(when)
    if weekday is not None:
        return today - timedelta(days=(today.weekday() - WEEKDAYS[weekday[1].casefold()]) % 7), _without(when, weekday)
    return today, when


def _ordered(day: re.Match[str], month_first: bool) -> tuple[int, int, int]:
    first, second, third = day[1], day[4], day[5]
    if len(first) >= 3:
        return _year(first), int(second), int(third)
    if month_first and day[3] is None:
        return _year(third), int(first), int(second)
    return _year(third), int(second), int(first)


def _year(digits: str) -> int:
    year = int(digits) + (2000 if len(digits) <= 2 else 0)
    return year - 543 if year > 2400 else year  # Thai phones count from the Buddha


def _not_after(day: date, today: date | None) -> date:
    return day if today is None or day <= today else day.replace(year=day.year - 1)


def _without(when: str, match: re.Match[str]) -> str:
    return f"{when[: match.start()]} {when[match.end() :]}"
