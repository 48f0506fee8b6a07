"""A place in a text that a detector found."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Span", "url_spans"]


class Span(NamedTuple):
    """`kind` and the place: characters `start` to `end` (exclusive). Never the value."""

    kind: str
    start: int
    end: int


_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'|]+|www\.[^\s<>\"'|]+", re.IGNORECASE)


def url_spans(text: str) -> list[tuple[int, int]]:
    """Where web addresses stand: the numbers in them (document ids, time stamps) are no card numbers."""
    return [match.span() for match in _URL.finditer(text)]
