"""How much front matter is read at all."""

from __future__ import annotations

import re

__all__ = ["checked_source"]

MAX_FRONT_MATTER_CHARS = 64 * 1024
MAX_BRACKETS = 2_000  # libyaml takes time with the square of how deep they are

_SURROGATE = re.compile("[\ud800-\udfff]")


def checked_source(source: str) -> str:
    """`source` with undecodable bytes as U+FFFD. Raises ValueError with a sentence where reading it would take too long."""
    if len(source) > MAX_FRONT_MATTER_CHARS:
        raise ValueError(f"The front matter is longer than {MAX_FRONT_MATTER_CHARS // 1024} KiB and was not read.")
    if source.count("[") + source.count("{") > MAX_BRACKETS:
        raise ValueError(f"The front matter has more than {MAX_BRACKETS} brackets and was not read.")
    return source if source.isascii() else _SURROGATE.sub("\ufffd", source)
