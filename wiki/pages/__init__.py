"""What a page is: its text, front matter, sections, links and files. Knows no workspace and no git command."""

from __future__ import annotations

from wiki.pages.files import is_markdown
from wiki.pages.freshness import due_date
from wiki.pages.links import Link, pages_meant
from wiki.pages.page import KINDS, Page, has_undecoded, parse_page, parse_text, printable
from wiki.pages.patch import Hunk, apply_hunks, hunks, inline_changes
from wiki.pages.preview import render_preview
from wiki.pages.section import DEFAULT_RULES, Section, SectionRules, split_sections

__all__ = [
    "DEFAULT_RULES",
    "KINDS",
    "Hunk",
    "Link",
    "Page",
    "Section",
    "SectionRules",
    "apply_hunks",
    "due_date",
    "has_undecoded",
    "hunks",
    "inline_changes",
    "is_markdown",
    "pages_meant",
    "parse_page",
    "parse_text",
    "printable",
    "render_preview",
    "split_sections",
]
