"""The search index of the static export: small enough to be loaded by a browser, searched there by search.js."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from wiki.errors import WikiError
from wiki.markup.plain import plain_text
from wiki.pages.section import split_sections
from wiki.site.source import readable_source
from wiki.workspace.workspace import Workspace

__all__ = ["write_search_index"]

_SPACE = re.compile(r"\s+")
_HEADING = re.compile(r"\A\s*(?:#{1,6}[^\n]*\n?|[^\n]+\n(?:=+|-+)[ \t]*(?:\n|\Z))")


def write_search_index(ws: Workspace, pages: Iterable[tuple[str, str]], target: Path) -> None:
    """Write `{"pages": [[url, title, kind, [[anchor, heading, text], …]], …]}` for (page path, URL) pairs, texts without marks.

    The caller gives only pages that the readers of the export may see.
    """
    rows: list[list[object]] = []
    for path, url in pages:
        try:
            page = ws.read_page(path)
        except WikiError:
            continue
        sections = [
            [
                readable_source(section.anchor),
                readable_source(section.title) if section.anchor else "",
                _plain(section.text, heading=bool(section.anchor)),
            ]
            for section in split_sections(page, ws.section_rules)
        ]
        rows.append([url, readable_source(page.title), page.front_matter.kind, sections])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"pages": rows}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _plain(text: str, *, heading: bool) -> str:
    text = readable_source(text)
    if heading:
        text = _HEADING.sub("", text, count=1)
    return _SPACE.sub(" ", plain_text(text)).strip()
