"""The line of a page that says when it was last confirmed, set to another day: every other byte stays as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from wiki.errors import InvalidInput
from wiki.markup.front_matter_block import Block, find_front_matter
from wiki.pages.page import Page, line_end, parse_text

__all__ = ["confirmed"]

_KEY = "reviewed"
_LINE = re.compile(
    rf"^[\"']?{_KEY}[\"']?[ \t]*[:=][ \t]*"
    r"(?:\"(?P<double>[^\"\r\n]*)\"|'(?P<single>[^'\r\n]*)'|(?P<plain>[^\"'#\r\n][^#\r\n]*?)|(?P<none>))"
    r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def confirmed(page: Page, today: date) -> Page:
    """The page as confirmed `today`. Quotation marks, comments, line ends and the spelling of the key stay.

    Raises InvalidInput where the front matter is written in a way in which one line cannot be changed alone.
    """
    after = parse_text(page.path, _with_day(page.text, today.isoformat()))
    same_body = after.body == page.body.removeprefix("\ufeff") or after.body == page.body
    if after.front_matter != replace(page.front_matter, reviewed=today) or not same_body:
        raise InvalidInput(
            f"The front matter of {page.path} cannot be changed in one line.",
            hint=f"Write `{_KEY}: {today.isoformat()}` into it yourself.",
        )
    return after


def _with_day(text: str, day: str) -> str:
    block = find_front_matter(text)
    end = line_end(text)
    if block is None:
        bom = "\ufeff" if text.startswith("\ufeff") else ""
        return f"{bom}---{end}{_KEY}: {day}{end}---{end}{text[len(bom) :]}"
    if (line := _LINE.search(text, block.start, _keys_end(text, block))) is not None:
        start, stop = line.span(line.lastgroup or 0)
        space = " " if line.lastgroup == "none" and not text[start - 1].isspace() else ""
        return f"{text[:start]}{space}{day}{text[stop:]}"
    at = block.end if block.form == "yaml" else block.start
    mark = " = " if block.form == "toml" else ": "
    return f"{text[:at]}{_KEY}{mark}{day}{end}{text[at:]}"


def _keys_end(text: str, block: Block) -> int:
    """Where the keys of the front matter itself end: in TOML, tables follow."""
    table = _TABLE.search(text, block.start, block.end) if block.form == "toml" else None
    return table.start() if table else block.end
