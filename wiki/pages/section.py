"""Markdown -> sections, with the anchors that MkDocs gives their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiki.markup.headings import DEFAULT_RULES, SectionRules
from wiki.markup.plain import plain_text
from wiki.pages.page import Page, split_lines

__all__ = ["DEFAULT_RULES", "Section", "SectionRules", "anchors_of", "plain_text", "split_sections"]

_HTML_ID = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s\"'<>]+))")
_LISTED_ID = re.compile(r"\{:?[^{}\n]*?#([^\s{}]+)[^{}\n]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what is under it up to the next heading; the unit of search, citation and edit.

    What stands before the first heading is a section of its own with `anchor` "", `level` 0 and the page's title.
    `start_line` and `end_line` are 0-based lines of the page's whole text, end excluded, as `wiki.pages.page.split_lines` counts
    them; `text` is those lines, heading included. `heading_path` is the titles from the page's title down to this heading.
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


def split_sections(page: Page, rules: SectionRules = DEFAULT_RULES) -> list[Section]:
    """The sections of a page in order; [] for a body without text.

    Together their lines are exactly the page's body; only blank lines before the first heading belong to none.
    `rules` say how the workspace's Markdown is read; without them, as MkDocs does by default.
    """
    if not page.body.strip():
        return []
    lines = split_lines(page.text)
    title = page.title
    first = page.body_line
    headings = rules.headings(page.body.removeprefix("\ufeff"))
    sections: list[Section] = []
    opening = "".join(lines[first : first + headings[0].line if headings else len(lines)])
    if opening.strip():
        end = first + headings[0].line if headings else len(lines)
        sections.append(_section(page, "", title, (title,), 0, first, end, opening))
    trail: list[tuple[int, str]] = []
    for number, heading in enumerate(headings):
        start = first + heading.line
        end = first + headings[number + 1].line if number + 1 < len(headings) else len(lines)
        trail = [(level, name) for level, name in trail if level < heading.level] + [(heading.level, heading.title)]
        path = (title, *(name for _, name in trail if name != title))
        text = "".join(lines[start:end])
        sections.append(_section(page, heading.anchor, heading.title, path, heading.level, start, end, text))
    return sections


def anchors_of(page: Page, rules: SectionRules = DEFAULT_RULES) -> set[str]:
    """Every anchor that a link to this page can name: of its headings, and ids written in HTML or attribute lists."""
    anchors = {heading.anchor for heading in rules.headings(page.body.removeprefix("\ufeff"))}
    if "<" in page.body:
        anchors.update(next(filter(None, match.groups())) for match in _HTML_ID.finditer(page.body))
    if rules.attributes and "{" in page.body:
        anchors.update(match[1] for match in _LISTED_ID.finditer(page.body))
    return anchors


def _section(
    page: Page, anchor: str, title: str, path: tuple[str, ...], level: int, start: int, end: int, text: str
) -> Section:
    return Section(
        page_path=page.path,
        anchor=anchor,
        title=title,
        heading_path=path,
        level=level,
        start_line=start,
        end_line=end,
        text=text,
    )
