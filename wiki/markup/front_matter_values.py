"""Raw values -> the types of front matter; a value that does not fit becomes a sentence and the default is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from yaml.constructor import SafeConstructor

__all__ = ["Values", "parse_duration"]

MAX_EXTRA_NODES = 10_000

_DURATION = re.compile(r"(\d{1,5})\s*(d|w|m|y|days?|weeks?|months?|years?)\Z", re.IGNORECASE)
_TIMESTAMP = SafeConstructor.timestamp_regexp  # what YAML takes for a date, with or without a time of day
_UNIT_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def parse_duration(text: str) -> timedelta | None:
    """`90d`, `12w`, `6m` (of 30 days), `1y` (of 365 days), also with the unit written out; None for anything else."""
    match = _DURATION.match(text.strip())
    return timedelta(days=int(match[1]) * _UNIT_DAYS[match[2][0].lower()]) if match else None


class Values:
    """The raw mapping of a page's front matter, read key by key. `problems` grows with every value that cannot be used."""

    def __init__(self, raw: Mapping[Any, Any], problems: list[str]) -> None:
        self._raw: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._used: set[str] = set()
        self._problems = problems
        for key, value in raw.items():
            name = key if isinstance(key, str) else _scalar(key) or type(key).__name__
            folded = name.strip().lower()
            # `Visibility: restricted` means what it says: known keys are found whatever their case, an exact one first.
            if folded not in self._raw or name == folded:
                self._raw[folded] = value
            self._names[name] = folded
        self._all = raw

    def text(self, key: str) -> str:
        value = self._take(key)
        if value is None:
            return ""
        scalar = _scalar(value)
        if scalar is None:
            self._problem(key, "should be one line of text, in quotes where it starts with [ or {")
            return ""
        return scalar.strip()

    def choice(self, key: str, choices: Sequence[str], *, default: str, otherwise: str | None = None) -> str:
        """One of `choices`: `default` where the key is missing, `otherwise` (or the default) where its value is none of them."""
        if key not in self._raw:
            return default
        value = self._take(key)
        scalar = (_scalar(value) or "").strip().lower()
        if scalar in choices:
            return scalar
        result = default if otherwise is None else otherwise
        if value is not None or otherwise is not None:
            self._problem(key, f"should be one of {', '.join(choices)}; it counts as {result}")
        return result

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; one word, or several with commas, may stand for a list."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return tuple(dict.fromkeys(word for part in value.split(",") if (word := part.strip())))
        items = value if isinstance(value, (list, tuple, set)) else [value]
        words = [_scalar(item) for item in items]
        if None in words:
            self._problem(key, "should be a list of words; what is not a word was left out")
        return tuple(dict.fromkeys(stripped for word in words if word and (stripped := word.strip())))

    def date(self, key: str) -> date | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                written = _TIMESTAMP.match(value.strip())
                if written:
                    return date(int(written["year"]), int(written["month"]), int(written["day"]))
                return datetime.fromisoformat(value.strip()).date()
            except ValueError:
                pass
        self._problem(key, "should be a date such as 2026-10-02")
        return None

    def duration(self, key: str) -> timedelta | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, str) and (duration := parse_duration(value)) is not None:
            return duration
        self._problem(key, "should be a duration such as 90d, 12w, 6m or 1y")
        return None

    def records(self, key: str, fields: Sequence[str], *, bare: str | None = None) -> list[dict[str, str]]:
        """A list of mappings with text `fields`, "" where one is missing. `bare` names the field that a mere text stands for."""
        value = self._take(key)
        if value is None:
            return []
        records: list[dict[str, str]] = []
        for number, item in enumerate(value if isinstance(value, list) else [value], 1):
            if isinstance(item, dict):
                record = {field: _joined(item.get(field)) for field in fields}
                if bad := [field for field, text in record.items() if text is None]:
                    self._problem(key, f"number {number}: {', '.join(bad)} should be text")
                records.append({field: text or "" for field, text in record.items()})
            elif bare and isinstance(item, str):
                records.append({field: item.strip() if field == bare else "" for field in fields})
            else:
                self._problem(key, f"number {number} should have the keys {', '.join(fields)}")
        return records

    def rest(self) -> dict[str, Any]:
        """The keys that nothing has asked for, as they were given; a value that contains itself or is huge is left out."""
        rest: dict[str, Any] = {}
        for key, value in self._all.items():
            name = key if isinstance(key, str) else _scalar(key) or type(key).__name__
            if self._names.get(name, name) in self._used:
                continue
            if _is_tame(value):
                rest[name] = value
            else:
                self._problem(name, "refers to itself or is too large; it was left out")
        return rest

    def _take(self, key: str) -> Any:
        self._used.add(key)
        return self._raw.get(key)

    def _problem(self, key: str, sentence: str) -> None:
        self._problems.append(f"Front matter, {key}: {sentence}.")


def _scalar(value: Any) -> str | None:
    """A single value as text; None for a list or mapping, and for nothing at all."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        try:
            return str(value)
        except ValueError:  # more digits than Python converts
            return None
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return None


def _joined(value: Any) -> str | None:
    """Text, or a list of texts joined by "; "; "" for nothing, None for what is neither."""
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [_scalar(item) for item in value]
        return None if None in parts else "; ".join(part.strip() for part in parts if part)
    scalar = _scalar(value)
    return None if scalar is None else scalar.strip()


def _is_tame(value: Any) -> bool:
    """Whether a value can be walked and printed: at most MAX_EXTRA_NODES parts, counted as often as they are reached."""
    if not isinstance(value, (list, dict, set, tuple)):
        return True
    waiting, seen = [value], 0
    while waiting:
        item = waiting.pop()
        seen += 1
        if seen + len(waiting) > MAX_EXTRA_NODES:
            return False
        if isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, (list, set, tuple)):
            waiting.extend(item)
    return True
