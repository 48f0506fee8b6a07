"""Careful looks into JSON from outside: nothing is taken to be there, or to be of the type it should be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.readers.text import clean_text

__all__ = ["at_iso", "at_number", "row", "rows", "text_of"]


def row(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(*values: object) -> str:
    """The first that is a text or a number and not empty, clean."""
    for value in values:
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return clean_text(str(value))
    return ""


def at_number(value: object) -> datetime | None:
    """A time in seconds or milliseconds since 1970, as a number or as text; UTC."""
    try:
        number = float(str(value))
        return datetime.fromtimestamp(number / 1000 if abs(number) > 1e11 else number, UTC) if math.isfinite(number) else None
    except (ValueError, OverflowError, OSError):
        return None


def at_iso(value: object, zone: Any = UTC) -> datetime | None:
    """A time as ISO 8601 writes it; `zone` where it names none. {"$date": …} as databases export it is read too."""
    if isinstance(value, dict):
        value = value.get("$date")
    if isinstance(value, int | float):
        return at_number(value)
    try:
        at = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
