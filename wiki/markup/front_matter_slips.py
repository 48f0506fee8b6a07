"""The commonest slip in front matter, a value that needs quotes: found, and shown as it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

__all__ = ["lost_mark", "quoting_hint"]

_MAX_TRIES = 20
_MAX_LINE = 1000
_VALUE = re.compile(r"(?P<before>[ \t]*(?:-[ \t]+)*(?:[^\s:#\[\]{},'\"&*!|>%@`-][^:]*:[ \t]+)?)(?P<value>\S.*?)[ \t]*\Z")
_ITEM = re.compile(r"(?P<before>[\s\[{]*(?:[\w-]+:\s+)?)(?P<value>\S.*?)(?P<after>[\s\]}]*)\Z")
_STARTS = tuple("@`*&!%|>[]{}\"'?-,:")
_MARK = re.compile(
    r"^(?P<before>[ \t]*(?:-[ \t]+)*(?:[^\s:#][^:\r\n]*:[ \t]+)?)(?P<value>&(?P<name>[^\s,\[\]{}]+)[^\r\n]*)", re.MULTILINE
)


def quoting_hint(source: str, line: int, error_line: Callable[[str], int | None]) -> str:
    """A sentence that says which value of `source` to put in quotes, "" where that is not what is wrong.

    `line` is where the reader of YAML stopped, 0-based; `error_line` says where it stops in another text, None where it does not.
    A value counts as the slip only if the reader gets further with it in quotes.
    """
    lines = re.split(r"\r\n|\n|\r", source)
    tries = 0
    for number in range(min(line, len(lines) - 1), -1, -1):
        for quoted in _quoted(lines[number]):
            if (tries := tries + 1) > _MAX_TRIES:
                return ""
            stops = error_line("\n".join([*lines[:number], quoted, *lines[number + 1 :]]))
            if stops is None or stops > line:
                return f"Put the value in line {number + 2} in quotes: `{quoted.strip()}`."
    return ""


def lost_mark(source: str) -> str:
    """A sentence about the first value that starts with `&`, "" for none: YAML takes the word for a mark and leaves it out."""
    for match in _MARK.finditer(source) if "&" in source else ():
        if f"*{match['name']}" not in source:
            line = len(re.findall(r"\r\n|\n|\r", source[: match.start()])) + 2
            shown = match["before"].strip() + " " + _in_quotes(match["value"].strip())
            return (
                "Front matter: a word that starts with & is a mark for YAML and was left out. "
                f"Put the value in line {line} in quotes: `{shown.strip()}`."
            )
    return ""


def _quoted(line: str) -> Iterator[str]:
    """`line` with its value in quotes, or with those of the values in its brackets that need it."""
    match = _VALUE.match(line) if len(line) <= _MAX_LINE else None
    if match is None:
        return
    before, value = match["before"], match["value"]
    if value[0] in "[{" and value[-1] in "]}" and not value.startswith("{{"):  # two of them are a template's
        inside = ",".join(map(_item, value[1:-1].split(",")))
        if inside != value[1:-1]:
            yield before + value[0] + inside + value[-1]
    if _needs_quotes(value):
        yield before + _in_quotes(value)


def _item(item: str) -> str:
    """One of several values in brackets, `key: value` or a value alone, in quotes where it needs them."""
    match = _ITEM.match(item)
    if match is None or not _needs_quotes(match["value"]):
        return item
    return match["before"] + _in_quotes(match["value"]) + match["after"]


def _needs_quotes(value: str) -> bool:
    return value.startswith(_STARTS) or ": " in value or value.endswith(":")


def _in_quotes(value: str) -> str:
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
