"""Working days, Monday to Friday. Public holidays are not known here: they differ by country, region and firm."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["after_working_days", "in_working_days", "working_days_between"]

_DAYS, _WORKING = 7, 5


def working_days_between(start: date, end: date) -> int:
    """How many working days have passed at `end` since `start`: 0 on the same day, 1 from Friday to Monday; never below 0."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, _DAYS)
    return weeks * _WORKING + sum((start + timedelta(days=n)).weekday() < _WORKING for n in range(1, rest + 1))


def after_working_days(start: date, days: int) -> date:
    """The working day that comes `days` working days after `start`; `start` itself, or the Monday after it, for 0."""
    step = timedelta(days=1)
    while start.weekday() >= _WORKING:
        start += step if days <= 0 else -step  # from a weekend one counts as from its Friday
    weeks, rest = divmod(max(0, days), _WORKING)
    day = start + timedelta(days=weeks * _DAYS)
    while rest:
        day += step
        rest -= day.weekday() < _WORKING
    return day


def in_working_days(duration: timedelta) -> int:
    """A duration of the front matter as working days: below a week as it is written, above it five of every seven days."""
    days = duration.days
    return days if days < _DAYS else round(days * _WORKING / _DAYS)
