"""TOML as front matter holds it, between lines of `+++`: read, never written."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from wiki.markup.front_matter_limits import checked_source

__all__ = ["load_toml"]

MAX_DOTS = 2_000  # tomllib takes time with the square of how many parts keys have

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def load_toml(source: str, *, typed: bool = False) -> dict[str, Any]:
    """The keys and values of `source`; a number with a point is its text unless `typed`, so that `1.10` stays what it is.

    Raises ValueError with a sentence where it cannot be read.
    """
    source = checked_source(source).replace("\r\n", "\n").replace("\r", "\n")
    if source.count(".") > MAX_DOTS:
        raise ValueError(f"The front matter has more than {MAX_DOTS} dots and was not read.")
    try:
        return tomllib.loads(source, parse_float=float if typed else str)
    except (ValueError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        found = _WHERE.search(reason)
        where = f" (line {int(found[1]) + 1})" if found and found[1] else ""
        raise ValueError(f"The front matter is not valid TOML: {_WHERE.sub('', reason)}{where}.") from error
