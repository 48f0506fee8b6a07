"""Finding a page's headings quickly, where it is certain what Python-Markdown makes of it.

`scan` follows Python-Markdown's block parser (3.11: the order in which code, tables, `#` headings, underlined headings and
rules claim the lines of a block) at the top level only. Whatever it does not follow - raw HTML blocks, headings inside lists,
quotes and footnotes, fences that are not simple - makes it give up, and the page is rendered instead: it is never wrong, only
sometimes silent. tests/wiki/test_section.py holds it against real renderings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["RawHeading", "normalized", "scan"]

HASH_HEADING = re.compile(r"(?P<level>#{1,6})(?P<text>(?:\\.|[^\\#]|#+(?=[^#\n]))*?)#*(?:\n|$)")
_UNDERLINE = re.compile(r"(?:=+|-+) *\Z")
_RULE = re.compile(r" {0,3}(?=(?P<marks>(?:-+ {0,2}){3,}|(?:_+ {0,2}){3,}|(?:\*+ {0,2}){3,}))(?P=marks) *\Z")
_TABLE_RULE = re.compile(r"[ |:-]*\Z")

# Heading-like text behind marks or indents: only a rendering tells whether it is one.
_NESTED = re.compile(r"(?:[ >]*>[ >]*|[ >]*(?:(?:[-*+:]|\d+\.|\[\^[^\]]*\]:)[ ]+[ >]*)+)(?:#|(?:=+|-+) *\Z)")
_INDENTED = re.compile(r"(?: {4})+(?:#|(?:=+|-+) *\Z)")
_CONTAINER = re.compile(r" {0,3}(?:[-*+:] |\d+\. |>|!!!|\?\?\?|=== *[+!\"]|\[\^)")
_CONTAINER_START = frozenset(" -*+:0123456789>!?=[")
_NESTED_START = _CONTAINER_START - {"=", "!", "?"}

_BOX = re.compile(r" {0,3}(?:!!!|\?\?\?|=== *[+!\"])")
_FENCE_LINE = re.compile(r"(?P<fence>`{3,}|~{3,}) *(?:\.?[\w#.+-]*) *\Z")
_ANY_FENCE = re.compile(r"^[ >]*(?:```|~~~)", re.MULTILINE)

_OPEN_REFERENCE = re.compile(r"&#(?:[0-9]+|[xX][0-9a-fA-F]+)(?![0-9a-fA-F;])")  # gets its semicolon from the HTML parser
_UNSURE_TAG = re.compile(r"<(?:script|style|textarea|title|iframe|xmp|noembed|noframes|plaintext)\b", re.IGNORECASE)
_ANGLE = re.compile(r"<[A-Za-z/!?]")
_SIMPLE_TAG = re.compile(
    r"""</?(?P<name>[A-Za-z][A-Za-z0-9]*)(?:[ ]+[A-Za-z-]+(?:=(?:"[^"<>`\n]*"|'[^'<>`\n]*'|[^\s"'=<>`]+))?)*[ ]*/?>"""
    r"|<(?:https?|mailto):[^\s<>`'\"]+>|<[^\s<>`'\"/!?]+@[^\s<>`'\"]+>"
)
_LONE_COMMENT = re.compile(r" {0,3}<!--(?!-?>)(?:(?!--)[^<>])*-->[ ]*(?=\n\n|\n?\Z)")


@dataclass(frozen=True, slots=True)
class RawHeading:
    """A heading as it is written: its line (0-based, in the normalised text), level and text without marks."""

    line: int
    level: int
    text: str


class _Unsure(Exception):
    """The page holds something that only a rendering can tell."""


def normalized(body: str) -> str:
    r"""`body` as Python-Markdown normalises it, line for line: \n line ends, tabs as spaces, lines of spaces emptied."""
    if "\x02" in body or "\x03" in body:
        body = body.replace("\x02", "").replace("\x03", "")
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in body:
        body = body.expandtabs(4)
    return re.sub(r"(?<=\n) +(?=\n|\Z)", "", body) if " \n" in body or body.endswith(" ") else body


def scan(source: str, *, block_tags: frozenset[str], superfences: bool = False) -> list[RawHeading] | None:
    """The headings of a `normalized` text in order; None where only a rendering can tell.

    `block_tags` are the HTML tags that open a raw block at the start of a line; `superfences` says that fences are read by
    pymdownx.superfences instead of Markdown's own extension.
    """
    if not any(mark in source for mark in ("#", "-", "=", "<h", "<H")):
        return []
    if "&#" in source and _OPEN_REFERENCE.search(source):
        return None
    try:
        lines = source.split("\n")
        if "```" in source or "~~~" in source:
            source = _without_fences(lines, superfences)
        if "<" in source:
            source = _without_comments(source, lines, block_tags)
        contained = any(_CONTAINER.match(line) for line in lines if line and line[0] in _CONTAINER_START)
        suspects = [line for line in lines if line and line[0] in _NESTED_START and ("#" in line or line.rstrip()[-1:] in "=-")]
        if any(_NESTED.match(line) or (contained and _INDENTED.match(line)) for line in suspects):
            return None
        return _headings(lines, contained)
    except _Unsure:
        return None


def _without_fences(lines: list[str], superfences: bool) -> str:
    """The text of `lines` with fenced code emptied, there too. Unsure about a fence with options or without an end.

    An indented fence is code to pymdownx.superfences only.
    """
    number = 0
    while number < len(lines):
        if not (_ANY_FENCE.match(lines[number]) if superfences else lines[number].startswith(("```", "~~~"))):
            number += 1
            continue
        opening = _FENCE_LINE.match(lines[number])
        if opening is None or (superfences and number and lines[number - 1].startswith("    ")):
            raise _Unsure
        end = number + 1
        while end < len(lines) and lines[end].rstrip(" ") != opening["fence"]:
            end += 1
        if end == len(lines):
            raise _Unsure
        for inside in range(number, end + 1):
            lines[inside] = ""
        number = end + 1
    return "\n".join(lines)


def _without_comments(source: str, lines: list[str], block_tags: frozenset[str]) -> str:
    """`source` with comments that stand alone emptied, in `lines` too. Unsure about every other HTML that is not inline."""
    if not _ANGLE.search(source):
        return source
    if _UNSURE_TAG.search(source):
        raise _Unsure
    position, emptied = 0, False
    while match := _ANGLE.search(source, position):
        start = match.start()
        line_start = source.rfind("\n", 0, start) + 1
        at_line_start = source[line_start:start].strip() == ""
        if source.startswith("<!--", start):
            comment = _LONE_COMMENT.match(source, line_start) if at_line_start else None
            if comment is None or not (line_start == 0 or source.startswith("\n\n", line_start - 2) or line_start == 1):
                raise _Unsure
            first = source.count("\n", 0, line_start)
            for number in range(first, first + comment[0].count("\n") + 1):
                lines[number] = ""
            emptied = True
            position = comment.end()
            continue
        tag = _SIMPLE_TAG.match(source, start)
        if tag is None or (at_line_start and tag["name"] and tag["name"].lower() in block_tags):
            raise _Unsure
        position = tag.end()
    return "\n".join(lines) if emptied else source


def _headings(lines: list[str], contained: bool) -> list[RawHeading]:
    found: list[RawHeading] = []
    end = 0
    for number, line in enumerate(lines):
        if number < end or not line or line[0] not in "#=-":
            continue
        if line[0] != "#" and not _UNDERLINE.match(line):
            continue
        start = number
        while start > 0 and lines[start - 1]:
            start -= 1
        end = number
        while end < len(lines) and lines[end]:
            end += 1
        _block(lines, start, end, contained, found)
    return found


def _block(lines: list[str], start: int, end: int, contained: bool, found: list[RawHeading]) -> None:
    """The headings of the block of lines from `start` to before `end`, claimed in the order of Python-Markdown's processors."""
    if contained and any(_BOX.match(line) for line in lines[start:end]):
        raise _Unsure
    waiting = [(start, end)]
    while waiting:
        start, end = waiting.pop()
        if start >= end:
            continue
        if lines[start].startswith("    "):
            if contained:
                raise _Unsure
            while start < end and (lines[start].startswith("    ") or not lines[start].strip()):
                start += 1
            waiting.append((start, end))
            continue
        if end - start > 1 and _TABLE_RULE.match(lines[start + 1]) and ("|" in lines[start] or "|" in lines[start + 1]):
            raise _Unsure
        number = next((n for n in range(start, end) if lines[n].startswith("#")), None)
        if number is not None:
            match = HASH_HEADING.fullmatch(lines[number])
            if match is None or lines[number].endswith("\\"):
                raise _Unsure
            waiting += [(number + 1, end), (start, number)]
            if start == number:
                found.append(RawHeading(number, len(match["level"]), match["text"].strip()))
            else:  # what stands before comes first; the heading itself is then alone in its block
                waiting[-1:-1] = [(number, number + 1)]
            continue
        if end - start > 1 and _UNDERLINE.match(lines[start + 1]):
            found.append(RawHeading(start, 1 if lines[start + 1].startswith("=") else 2, lines[start].strip()))
            waiting.append((start + 2, end))
            continue
        number = next((n for n in range(start, end) if _RULE.match(lines[n])), None)
        if number is not None:
            waiting += [(number + 1, end), (start, number)]
            continue
        if any(_UNDERLINE.match(lines[n]) for n in range(start, end)):
            raise _Unsure
