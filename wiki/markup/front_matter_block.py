"""Where a text's front matter stands, and its keys and values as its form has them, untyped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from wiki.markup.front_matter_toml import load_toml
from wiki.markup.front_matter_yaml import load_yaml

__all__ = ["Block", "find_front_matter", "never_closed", "raw_values"]

_BLOCK = re.compile(
    r"\A\ufeff?---[ \t]*(?:\r\n|\n|\r)(?P<yaml>(?:[^\r\n]*(?:\r\n|\n|\r))*?)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)",
)
_TOML_OPENED = (
    r"\A\ufeff?\+\+\+[ \t]*(?:\r\n|\n|\r)(?=(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*[ \t]*(?:[\w\"'.-]+[ \t]*=|\[|\+\+\+))"
)
_TOML = re.compile(
    rf"{_TOML_OPENED}(?P<toml>(?:[^\r\n]*(?:\r\n|\n|\r))*?)\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)",
)
_OPENED = re.compile(rf"\A\ufeff?---[ \t]*(?:\r\n|\n|\r)[A-Za-z_][\w-]*[ \t]*:(?:\s|\Z)|{_TOML_OPENED}")
_HEADER_LINE = re.compile(r"[ ]{0,3}(?P<key>[A-Za-z0-9_-]+):[^\S\r\n]*(?P<value>[^\r\n]*)(?:\r\n|\n|\r|\Z)")
_HEADER_MORE = re.compile(r"(?:[ ]{4}|\t)[^\S\r\n]*(?P<value>[^\r\n]*)(?:\r\n|\n|\r|\Z)")
_BLANK_LINE = re.compile(r"[^\S\r\n]*(?:\r\n|\n|\r)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Where a text's front matter stands: what it says is text[start:end], the body begins at `body_start`.

    `form` is "yaml" between lines of `---`, "toml" between lines of `+++` (as Hugo has it), or "header": `Key: value` lines at the
    very top without either (MultiMarkdown's way, which MkDocs reads too).
    """

    start: int
    end: int
    body_start: int
    form: str = "yaml"


def find_front_matter(text: str) -> Block | None:
    """Where the front matter of `text` stands; None where it has none, or where it is opened and never closed."""
    if match := _BLOCK.match(text):
        return Block(start=match.start("yaml"), end=match.end("yaml"), body_start=match.end())
    if match := _TOML.match(text):
        return Block(start=match.start("toml"), end=match.end("toml"), body_start=match.end(), form="toml")
    end = _header_end(text)
    return Block(start=0, end=end, body_start=end, form="header") if end else None


def never_closed(text: str) -> str:
    """What opens the front matter of a text in which find_front_matter finds none; "" for a text that has none."""
    match = _OPENED.match(text)
    return match[0].lstrip("\ufeff")[:3] if match else ""


def raw_values(text: str, block: Block, *, typed: bool = False) -> Any:
    """What the front matter says: a dict, or whatever else stands between the lines. Scalars as load_yaml has them.

    Raises ValueError with a sentence where it cannot be read.
    """
    source = text[block.start : block.end]
    if block.form == "toml":
        return load_toml(source, typed=typed)
    return _header_values(source) if block.form == "header" else load_yaml(source, typed=typed)


def _header_values(header: str) -> dict[str, str]:
    """The values of `Key: value` lines, keys in lower case, repeated keys and continued lines joined by a space."""
    values: dict[str, str] = {}
    key, position = "", 0
    while position < len(header):
        if match := _HEADER_LINE.match(header, position):
            key, value = match["key"].lower(), match["value"].strip()
            values[key] = f"{values[key]} {value}" if key in values else value
        elif match := _HEADER_MORE.match(header, position):
            values[key] = f"{values[key]} {match['value'].strip()}"
        else:
            break
        position = match.end()
    return values


def _header_end(text: str) -> int:
    """The offset at which `Key: value` lines at the top of `text` end, the blank line after them included; 0 for none."""
    match = _HEADER_LINE.match(text)
    position = 0
    while match and match.end() > position:
        position = match.end()
        match = _HEADER_LINE.match(text, position) or _HEADER_MORE.match(text, position)
    if position and (blank := _BLANK_LINE.match(text, position)):
        position = blank.end()
    return position
