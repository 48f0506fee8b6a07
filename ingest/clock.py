"""Dates and times as chats, mails and exports write them, turned into aware times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

__all__ = ["TIME", "aware", "offset_of", "parse_at", "prefers_month_first"]

# A time of day: 9:00 AM, 09:14, 09.14.33, 9:14 p. m. (no groups, to be used inside other patterns)
TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f\u00a0]*[AaPp]\.?[\s\u202f\u00a0]?[Mm]\b\.?)?"

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?[\s\u202f\u00a0]*(?:([AaPp])\.?[\s\u202f\u00a0]?[Mm]\b\.?)?\s*$")
_OFFSET = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,6}))?")
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
    day = _DATE.match(when)
    try:
        if day is not None:
            year, month, date = _ordered(day, month_first)
            zone = occurred_at.tzinfo if occurred_at is not None else UTC
            return datetime(year, month, date, hour, minute, second, tzinfo=zone)
        if occurred_at is None:
            return None
        at = occurred_at.replace(hour=hour, minute=minute, second=second, microsecond=0)
    except (ValueError, OverflowError):
        return None
    if when.strip().lower().startswith("yesterday"):
        at -= timedelta(days=1)
    return at


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
        day = _DATE.match(when)
        if day is None or day[2] == "." or len(day[1]) == 4:
            continue
        if int(day[1]) > 12:
            return False
        if int(day[3]) > 12:
            return True
        seen_clock.append(bool(re.search(r"[AaPp]\.?\s?[Mm]\b", when)) and day[2] == "/" and len(day[4]) == 2)
    return bool(seen_clock) and all(seen_clock)


def _ordered(day: re.Match[str], month_first: bool) -> tuple[int, int, int]:
    first, second, third = day[1], day[3], day[4]
    if len(first) == 4:
        return int(first), int(second), int(third)
    year = int(third) + (2000 if len(third) == 2 else 0)
    if month_first and day[2] != ".":
        return year, int(first), int(second)
    return year, int(second), int(first)
