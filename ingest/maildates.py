"""The date in a header line above a forwarded mail, in the words of many languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache

from ingest.mailwords import plain

__all__ = ["parse_mail_date"]

_LOCALES = (
    ("en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ru", "uk", "sk", "hu", "ro", "ca", "el", "bg", "et", "lt", "lv", "sl")
)  # fmt: skip
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?!\d|[.:/-]\d)")
_EAST = re.compile(r"(\d{4})\s?[年년.]\s?(\d{1,2})\s?[月월.]\s?(\d{1,2})")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2?\s?(\d{4})(?!\d|:)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{2})(?!\d|:)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_EAST_TIME = re.compile(r"(\d{1,2})\s?[시時时点點]\s?(\d{1,2})\s?[분分](?:\s?\d{1,2}\s?[초秒])?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MORNING = re.compile(r"(?<!\w)(?:am|a\.\s?m|öö)(?!\w)|上午|午前|오전")
_EVENING = re.compile(r"(?<!\w)(?:pm|p\.\s?m|ös)(?!\w)|下午|午後|오후|晚上")
_ZONE = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?(?=\s*(?:\(|$|[,;)]))")


def parse_mail_date(written: str, zone: tzinfo | None = None) -> datetime | None:
    """The time in UTC that `written` says, read in `zone` (UTC if None) unless it names one; None where it cannot be told."""
    if len(written) > 200:
        return None
    try:
        standard = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        standard = None
    said = _EAST_TIME.sub(lambda match: f"{match[1]}:{int(match[2]):02d}", plain(written))
    try:
        if standard is not None and re.match(r"^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d", said):
            return standard.replace(tzinfo=zone or UTC).astimezone(UTC) if standard.tzinfo is None else standard.astimezone(UTC)
        time = _TIME.search(said.split("t", 1)[1]) if re.match(r"\d{4}-\d\d-\d\dt\d", said) else _time(said)
        day = _day(
            said if time is None else said.replace(time[0], " ", 1), en_clock=_EVENING.search(said) or _MORNING.search(said)
        )
        if day is None:
            return None
        hour, minute = (int(time[1]), int(time[2])) if time is not None else (0, 0)
        if _EVENING.search(said) and hour < 12:
            hour += 12
        elif _MORNING.search(said) and hour == 12:
            hour = 0
        second = int(time[3] or 0) if time is not None else 0
        return datetime(*day, hour, minute, second, tzinfo=_zone(said) or zone or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _time(said: str) -> re.Match[str] | None:
    """The time of day: the last thing in the line that looks like one, for "23.11" may be a day."""
    found = list(_TIME.finditer(_numeric(said).sub(lambda match: "#" * len(match[0]), said)))
    with_colon = [match for match in found if ":" in match[0]]
    return with_colon[0] if with_colon else found[-1] if found else None


def _numeric(said: str) -> re.Pattern[str]:
    """Days in digits; with a year of two digits only where no other year is named, for "10.00.00" is a time."""
    return _NUMERIC if _YEAR.search(said) else _SHORT_YEAR


def _day(said: str, *, en_clock: object) -> tuple[int, int, int] | None:
    east = _EAST.search(said) or _ISO.search(said)
    if east is not None:
        return int(east[1]), int(east[2]), int(east[3])
    numeric = _numeric(said).search(said)
    if numeric is not None:
        first, second, year = int(numeric[1]), int(numeric[3]), int(numeric[4])
        if second > 12 or (en_clock and numeric[2] == "/" and first <= 12):
            first, second = second, first
        return year + (2000 if year < 100 else 0), second, first
    months = [number for word in _WORD.findall(said) if (number := _month(word)) is not None]
    numbers = [int(number) for number in _NUMBER.findall(said)]
    named_year = next((number for number in numbers if number >= 1900), None)
    day = next((number for number in numbers if 1 <= number <= 31), None)
    # The last month of them: "mar 24 nov" begins with a day of the week.
    return (named_year, months[-1], day) if named_year is not None and months and day is not None else None


def _month(word: str) -> int | None:
    months = _months()
    if word in months:
        return months[word]
    # "marrask", "noviembr": cut short by the program
    found = {number for name, number in months.items() if len(word) >= 3 and name.startswith(word)}
    return found.pop() if len(found) == 1 else None


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    key = plain(name).rstrip(".")
                    if not key.isdigit():
                        names.setdefault(key, number)
    return names


def _zone(said: str) -> tzinfo | None:
    match = _ZONE.search(said)
    if match is None:
        return UTC if re.search(r"(?<!\w)(?:gmt|utc)(?!\w)", said) else None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=24) else None
