"""A Notion export: a zip in a zip, whose pages and tables carry their ids in their names and links."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_notion_export", "page_name", "page_text", "pages_of"]

_ID = re.compile(r"(?:[ _]|%20)([0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?=$|[./_])", re.IGNORECASE)
_SHORT_ID = re.compile(r" ([0-9a-f]{4,31})(?=(?:_all)?\.\w{1,5}$|/|$)")
_LINKED = re.compile(r"(?:%20| )[0-9a-f]{32}(?=[./)#?]|_all|$)", re.IGNORECASE | re.MULTILINE)


def is_notion_export(names: Sequence[str]) -> bool:
    """Whether files in an archive are named as Notion does: pages, tables or the archive inside."""
    return any(_ID.search(name) for name in names if name.lower().endswith((".md", ".csv", ".html"))) or any(
        re.match(r"(?:.*/)?ExportBlock-[0-9a-f-]{4,36}-Part-\d+\.zip$", name) for name in names
    )


def pages_of(names: Sequence[str]) -> tuple[str, ...]:
    """The files to read: of a table that is there as one view and as a whole, the whole."""
    there = set(names)
    return tuple(name for name in names if not (name.endswith(".csv") and f"{name[:-4]}_all.csv" in there))


def page_name(file_name: str, names: Sequence[str]) -> str:
    """The page's own name, without its id."""
    base = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    name = _ID.sub("", base)
    short = _SHORT_ID.search(name)
    if short is not None and any(found[1].startswith(short[1]) for other in names if (found := _ID.search(other)) is not None):
        name = name[: short.start()] + name[short.end() :]
    return re.sub(r"_all(?=\.csv$)", "", name)


def page_text(data: bytes) -> bytes:
    """Markdown without the ids in its links."""
    return _LINKED.sub("", data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
