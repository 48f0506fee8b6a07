"""The pages on the desk: as they stand, and as edited so far, so that each edit is made on what the one before left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.pieces import stems_of
from wiki.pages import Page, Section, SectionRules, parse_text, split_sections

__all__ = ["Desk", "excerpt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A page under edit: `base` with its `revision`, and `page`, what it says by now."""

    base: Page
    revision: str
    page: Page


class Desk:
    """Pages are read when they are asked for; one is held, with its revision, from the first edit on."""

    def __init__(self, read_page: Callable[[str], Page | None], revision_of: Callable[[str], str], rules: SectionRules) -> None:
        self._read_page, self._revision_of, self._rules = read_page, revision_of, rules
        self.edited: dict[str, Edited] = {}

    def section(self, page_path: str, anchor: str) -> tuple[Page, Section] | None:
        """The section as it stands now, with its page; None where there is none any more."""
        page = self.edited[page_path].page if page_path in self.edited else self._read_page(page_path)
        sections = split_sections(page, self._rules) if page is not None else []
        found = next((section for section in sections if section.anchor == anchor), None)
        return (page, found) if page is not None and found is not None else None

    def put(self, page: Page, section: Section, old_text: str, new_text: str) -> bool:
        """Replace words of the section; False where the page is another than the one that was shown. Line ends stay the page's."""
        held = self.edited.get(page.path)
        revision = held.revision if held is not None else self._revision_of(page.path)
        now = self.section(page.path, section.anchor)
        if now is None or now[0].text != page.text:
            return False
        start = self._start(page, section)
        changed = shown(section.text).replace(old_text, new_text, 1)
        if "\r\n" in section.text:
            changed = changed.replace("\n", "\r\n")
        text = page.text[:start] + changed + page.text[start + len(section.text) :]
        base = held.base if held is not None else page
        self.edited[page.path] = Edited(base=base, revision=revision, page=parse_text(page.path, text))
        return True

    def _start(self, page: Page, section: Section) -> int:
        """Where the section starts in the page's text."""
        at = len(page.text) - len(page.body)
        for other in split_sections(page, self._rules):
            at = page.text.index(other.text, at)
            if other.start_line == section.start_line:
                break
            at += len(other.text)
        return at


def shown(text: str) -> str:
    """Text as a model is shown it: with line feeds alone."""
    return text.replace("\r\n", "\n")


def excerpt(text: str, about: str, most: int) -> str:
    """The text, or where it is longer than `most` characters, the lines in a row that have most of the words of `about`."""
    if len(text) <= most:
        return text
    stems = stems_of(about)
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    worth = [len(stems & stems_of(line)) for line in lines]
    best, start, size, sum_ = (-1, 0, 0), 0, 0, 0
    for end, line in enumerate(lines):
        size, sum_ = size + len(line), sum_ + worth[end]
        while size > most and start < end:
            size, sum_, start = size - len(lines[start]), sum_ - worth[start], start + 1
        best = max(best, (sum_, start, end + 1), key=lambda found: found[0])
    return "".join(lines[best[1] : best[2]])[:most]
