"""Whether the dates of one text put the day or the month first, and whether that can be told at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["DateOrder", "date_order"]

# Dots are written by those who put the day first, and four digits in front are a year: neither can be mistaken.
_SLASHED = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/-])")
_CAPITAL_HALF = re.compile(r"\d[\s\u00a0\u202f]*[AP]M\b")
_OTHER_HALF = re.compile(r"\d[\s\u00a0\u202f]*(?:[ap]\.?m\b|[ap]\.[\s\u00a0\u202f]?m\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """`note` says what was supposed where it could not be told; "" where it could."""

    month_first: bool = False
    note: str = ""


def date_order(whens: Iterable[str], *, setting: str = "auto", occurred_at: datetime | None = None) -> DateOrder:
    """In this order: a number above twelve; `setting` ("day" or "month"); an order in which no message goes back in time or
    lies after `occurred_at`. Else a guess that `note` tells: month first for "6/5/26, 9:14 AM", where the days lie closer
    together, or day first.
    """
    found = [(match, when) for when in whens if (match := _SLASHED.search(when)) is not None]
    pairs = list(dict.fromkeys((int(match[1]), int(match[3]), match[4] or "") for match, _ in found))
    late_first = sum(1 for first, _, _ in pairs if first > 12)
    late_second = sum(1 for _, second, _ in pairs if second > 12)
    if late_first or late_second:
        return DateOrder(month_first=late_second > late_first)
    if all(first == second for first, second, _ in pairs):
        return DateOrder()
    if setting in ("day", "month"):
        return DateOrder(month_first=setting == "month")
    by_day, by_month = _days(pairs, month_first=False), _days(pairs, month_first=True)
    for fits_day, fits_month in (
        (by_day == sorted(by_day), by_month == sorted(by_month)),
        (_none_after(by_day, occurred_at), _none_after(by_month, occurred_at)),
    ):
        if fits_day != fits_month:
            return DateOrder(month_first=fits_month)
    month_first = _guess(found, by_day, by_month)
    example = next(match[0] for match, _ in found if match[1] != match[3])
    supposed = "month first" if month_first else "day first"
    return DateOrder(
        month_first=month_first,
        note=f"Day and month cannot be told apart in its dates ({example}): they were read with the {supposed}.",
    )


def _days(pairs: Sequence[tuple[int, int, str]], *, month_first: bool) -> list[date]:
    days: list[date] = []
    for first, second, year in pairs:
        month, day = (first, second) if month_first else (second, first)
        try:
            days.append(date(int(year) % 100 + 2000 if year else 2000, month, day))
        except ValueError:
            continue
    return days


def _none_after(days: Sequence[date], occurred_at: datetime | None) -> bool:
    return occurred_at is None or all(day <= occurred_at.date() + timedelta(days=1) for day in days)


def _guess(found: Sequence[tuple[re.Match[str], str]], by_day: Sequence[date], by_month: Sequence[date]) -> bool:
    """Americans write "6/5/26, 9:14 AM": capitals and no zeros in front; "05/06/26, 9:14 am" is Indian, British, Australian."""
    if all(match[2] == "-" for match, _ in found) or any(_OTHER_HALF.search(when) for _, when in found):
        return False
    padded = any(number.startswith("0") for match, _ in found for number in (match[1], match[3]))
    if all(_CAPITAL_HALF.search(when) for _, when in found) and not padded:
        return True
    return bool(by_day and by_month) and max(by_month) - min(by_month) < max(by_day) - min(by_day)
