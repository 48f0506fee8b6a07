"""A page's source as MkDocs is given it: the same body and front matter that the rest of the wiki works with."""

from __future__ import annotations

from typing import Any

from wiki.markup.front_matter_block import find_front_matter, raw_values
from wiki.pages.page import Page, printable

__all__ = ["MAX_RENDERED_CHARS", "meta_of", "readable_source"]

MAX_RENDERED_CHARS = 600_000  # Python-Markdown takes seconds for more; such a page is shown as plain text
_TEXT_KEYS = ("title", "subtitle", "description", "author")  # Material puts these into HTML as they are


def readable_source(text: str) -> str:
    """Text that can be sent to a browser: undecodable bytes and NUL as U+FFFD, line ends as MkDocs has them."""
    text = printable(text)
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def meta_of(page: Page) -> dict[str, Any]:
    """The front matter for templates and plugins, {} where it cannot be used; what becomes HTML is escaped."""
    from markupsafe import escape

    block = find_front_matter(page.text) if page.body_line or page.body != page.text else None
    if block is None:
        return {}
    try:
        raw = raw_values(page.text, block, typed=True)
    except ValueError:
        return {}
    if not isinstance(raw, dict):
        return {}
    meta: dict[str, Any] = dict(raw)
    for key in _TEXT_KEYS:
        if meta.get(key) is not None:
            meta[key] = escape(str(page.front_matter.extra.get(key, meta[key])))
    if "title" in meta:
        meta["title"] = escape(page.title)
    if isinstance(meta.get("tags"), list):
        meta["tags"] = list(page.front_matter.tags)
    if not isinstance(meta.get("hide", []), list | tuple | str):
        meta.pop("hide")
    return meta
