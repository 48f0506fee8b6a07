"""Dates and times as chats, mails and exports write them, turned into aware times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

__all__ = ["DATE", "TIME", "aware", "offset_of", "parse_at", "prefers_month_first"]

# A time of day: 9:00 AM, 09:14, 09.14.33, 9:14 p. m. (no groups, to be used inside other patterns)
TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f\u00a0]*[AaPp]\.?[\s\u202f\u00a0]?[Mm]\b\.?)?"

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTH_NAMES)})[a-z]{{0,6}}\.?"
_DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
# A day: 12/11/2026, 12.11., 2026-11-12, 12 Nov 2026, Nov 12th, Thursday, today (no groups, letters in any case)
DATE = (
    r"(?i:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[./]\d{1,2}\.?|today|yesterday|"
    rf"(?:{_DAY_NAME},?\s+)?\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}(?:,?\s+\d{{4}})?|"
    rf"(?:{_DAY_NAME},?\s+)?{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|{_DAY_NAME})(?i:,?\s+at\b)?"
)

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?[\s\u202f\u00a0]*(?:([AaPp])\.?[\s\u202f\u00a0]?[Mm]\b\.?)?\s*$")
_OFFSET = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?")
_SHORT_DATE = re.compile(r"^\W*(\d{1,2})([./])(\d{1,2})\b")
_WORD_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\w{{0,2}}\.?\s+)?(?P<month>{_MONTH})"
    r"\s*(?:(?P<day2>\d{1,2})(?!\d|:)\w{0,2})?(?:,?\s+(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"^\W*({_DAY_NAME})", re.IGNORECASE)
_DATE = re.compile(r"^\W*(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})")


def aware(at: datetime | None) -> datetime | None:
    """A time that names no zone is taken as UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def parse_at(when: str, occurred_at: datetime | None = None, *, month_first: bool = False) -> datetime | None:
    """The time that `when` writes, aware; None where it cannot be told.

    A time of day alone takes the date of `occurred_at`. Chats write no zone: that of `occurred_at` is taken, else UTC.
    """
    clock = _TIME.search(when)
    if clock is None:
        return None
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    zone = occurred_at.tzinfo if occurred_at is not None else UTC
    try:
        day = _day_of(when, occurred_at, month_first)
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone) if day is not None else None
    except (ValueError, OverflowError):
        return None


def offset_of(stamp: str) -> float | None:
    """Seconds of a place in a recording: "1:02", "00:01:02", "00:01:02.500"; None for what is none."""
    match = _OFFSET.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (float(f"0.{fraction}") if fraction else 0.0)


def prefers_month_first(whens: Iterable[str]) -> bool:
    """Whether the dates of one text put the month first: only where one of them can be read no other way, or all say AM/PM."""
    seen_clock: list[bool] = []
    for when in whens:
        day = _DATE.match(when) or _SHORT_DATE.match(when)
        if day is None or day[2] == "." or len(day[1]) == 4:
            continue
        if int(day[1]) > 12:
            return False
        if int(day[3]) > 12:
            return True
        seen_clock.append(
            bool(re.search(r"[AaPp]\.?\s?[Mm]\b", when)) and day[2] == "/" and (day.re is _SHORT_DATE or len(day[4]) == 2)
        )
    return bool(seen_clock) and all(seen_clock)


def _day_of(when: str, occurred_at: datetime | None, month_first: bool) -> date | None:
    """The day that `when` names; where it names none, or no year, that of `occurred_at`, and never a day after it."""
    whole = _DATE.match(when)
    if whole is not None:
        return date(*_ordered(whole, month_first))
    if occurred_at is None:
        named = _WORD_DATE.search(when)
        return _worded(named, int(named["year"])) if named is not None and named["year"] else None
    today = occurred_at.date()
    short = _SHORT_DATE.match(when)
    if short is not None:
        first, second = int(short[1]), int(short[3])
        month, number = (first, second) if (month_first or second > 12) and short[2] == "/" else (second, first)
        day = date(today.year, month, number)
        return day if day <= today else date(today.year - 1, month, number)
    named = _WORD_DATE.search(when)
    if named is not None and (named["day"] or named["day2"]):
        day = _worded(named, int(named["year"] or today.year))
        return day if named["year"] or day <= today else _worded(named, today.year - 1)
    if when.strip().lower().startswith("yesterday"):
        return today - timedelta(days=1)
    weekday = _WEEKDAY.match(when)
    if weekday is not None:
        number = ("mo", "tu", "we", "th", "fr", "sa", "su").index(weekday[1][:2].lower())
        return today - timedelta(days=(today.weekday() - number) % 7)
    return today


def _worded(named: re.Match[str], year: int) -> date:
    return date(year, _MONTH_NAMES.index(named["month"][:3].lower()) + 1, int(named["day"] or named["day2"] or 0))


def _ordered(day: re.Match[str], month_first: bool) -> tuple[int, int, int]:
    first, second, third = day[1], day[3], day[4]
    if len(first) == 4:
        return int(first), int(second), int(third)
    year = int(third) + (2000 if len(third) == 2 else 0)
    if month_first and day[2] != ".":
        return year, int(first), int(second)
    return year, int(second), int(first)
