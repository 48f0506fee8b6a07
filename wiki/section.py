"""Markdown -> sections, with the anchors that MkDocs gives their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiki.page import Page
from wiki.plain import plain_text

__all__ = ["Section", "plain_text", "split_sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what is under it up to the next heading; the unit of search, citation and edit.

    What stands before the first heading is a section of its own with `anchor` "", `level` 0 and the page's title.
    `start_line` and `end_line` are 0-based lines of the page's whole text, end excluded; `text` is those lines, heading
    included. `heading_path` is the titles from the page's title down to this heading.
    """

    page_path: str
    anchor: str
    title: str
    heading_path: tuple[str, ...]
    level: int
    start_line: int
    end_line: int
    text: str

    @property
    def id(self) -> str:
        """`path#anchor`, or the path alone for what stands before the first heading."""
        return f"{self.page_path}#{self.anchor}" if self.anchor else self.page_path


def split_sections(page: Page) -> list[Section]:
    """The sections of a page, in order; together their lines are the page's body. [] for an empty body."""
    lines = page.text.splitlines(keepends=True)
    starts: list[tuple[int, int, str]] = [(page.body_line, 0, page.title)]
    fenced = False
    for number in range(page.body_line, len(lines)):
        line = lines[number]
        if re.match(r"\s*(```|~~~)", line):
            fenced = not fenced
        elif not fenced and (match := re.match(r"(#{1,6})[ \t]+(.+?)[ \t]*#*\s*$", line)):
            starts.append((number, len(match[1]), plain_text(match[2])))
    sections: list[Section] = []
    trail: list[tuple[int, str]] = []
    for (start, level, title), end in zip(starts, [s[0] for s in starts[1:]] + [len(lines)], strict=True):
        text = "".join(lines[start:end])
        if not text.strip():
            continue
        trail = [t for t in trail if t[0] < level] + ([(level, title)] if level else [])
        anchor = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) if level else ""
        sections.append(
            Section(
                page_path=page.path,
                anchor=anchor,
                title=title,
                heading_path=(page.title, *(t for _, t in trail if t != page.title)),
                level=level,
                start_line=start,
                end_line=end,
                text=text,
            )
        )
    return sections
