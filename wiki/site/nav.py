"""The navigation of the site as HTML: Material's markup, drawn from parts that are kept.

Material draws the whole tree anew for every page, which takes longer than the page from a thousand pages on. Here only the
sections on the way to the page are open; their items are drawn once and put together for each page.
"""

from __future__ import annotations

from html import escape
from typing import Any

__all__ = ["MAX_ITEMS", "SiteNav"]

MAX_ITEMS = 150  # of one section; further ones are left out around the page that is open
_BASE = "\0"  # stands for the way up to the site's start, which differs from page to page


class SiteNav:
    """Draws one `mkdocs.structure.nav.Navigation`. Call `forget` after it changed. Not thread-safe."""

    def __init__(self, nav: Any) -> None:
        self.nav = nav
        self._drawn: dict[int, list[str]] = {}

    def forget(self) -> None:
        self._drawn.clear()

    def html(self, page: Any | None, base_url: str) -> str:
        """The `<li>` items of the top level, the sections that lead to `page` open."""
        way = [*reversed(page.ancestors), page] if page is not None else []
        html = self._items(self.nav.items, way, "__nav", 0)
        return html.replace(_BASE, escape(base_url.rstrip("/") + "/"))

    def _items(self, items: list[Any], way: list[Any], ident: str, level: int) -> str:
        closed = self._drawn.get(id(items))
        if closed is None or len(closed) != len(items):
            closed = self._drawn[id(items)] = [_closed(item) for item in items]
        active = next((n for n, item in enumerate(items) if way and item is way[0]), None)
        if active is None:
            return _window(closed, None)
        item = items[active]
        opened = self._open(item, way[1:], f"{ident}_{active + 1}", level + 1) if item.children else _here(item)
        return _window(closed, active, opened)

    def _open(self, section: Any, way: list[Any], ident: str, level: int) -> str:
        index = _index(section)
        children = section.children
        title = _text(section.title)
        if index is not None:
            children = self._without(section, index)
            here = " md-nav__link--active" if way and way[0] is index else ""
            head = (
                f'<div class="md-nav__link md-nav__container"><a href="{_href(index)}" class="md-nav__link{here}">'
                f'<span class="md-ellipsis">{title}</span></a></div>'
            )
        else:
            head = (
                f'<label class="md-nav__link" for="{ident}" id="{ident}_label" tabindex="0">'
                f'<span class="md-ellipsis">{title}</span><span class="md-nav__icon md-icon"></span></label>'
            )
        return (
            '<li class="md-nav__item md-nav__item--active md-nav__item--nested">'
            f'<input class="md-nav__toggle md-toggle" type="checkbox" id="{ident}" checked>{head}'
            f'<nav class="md-nav" data-md-level="{level}" aria-label="{title}" aria-expanded="true">'
            f'<label class="md-nav__title" for="{ident}"><span class="md-nav__icon md-icon"></span>{title}</label>'
            f'<ul class="md-nav__list" data-md-scrollfix>{self._items(children, way, ident, level)}</ul></nav></li>\n'
        )

    def _without(self, section: Any, index: Any) -> list[Any]:
        """The section's items but its index page, the same list each time, as the drawn parts hang on it."""
        kept = section.__dict__.get("_kh_children")
        if kept is None or kept[0] is not section.children or kept[1] != len(section.children):
            kept = (section.children, len(section.children), [child for child in section.children if child is not index])
            section.__dict__["_kh_children"] = kept
        rest: list[Any] = kept[2]
        return rest


def _index(section: Any) -> Any | None:
    first = section.children[0] if section.children else None
    return first if first is not None and first.is_page and first.is_index else None


def _window(closed: list[str], active: int | None, opened: str = "") -> str:
    count = len(closed)
    start, end = 0, count
    if count > MAX_ITEMS:
        start = 0 if active is None else max(0, min(active - MAX_ITEMS // 2, count - MAX_ITEMS))
        end = start + MAX_ITEMS
    parts = closed[start:end]
    if active is not None:
        parts[active - start] = opened
    if start:
        parts.insert(0, _more(start))
    if end < count:
        parts.append(_more(count - end))
    return "".join(parts)


def _more(count: int) -> str:
    return f'<li class="md-nav__item kh-nav-more"><span class="md-nav__link">and {count} more</span></li>\n'


def _closed(item: Any) -> str:
    if item.children:
        return (
            '<li class="md-nav__item md-nav__item--pruned md-nav__item--nested">'
            f'<a href="{_href(_first_page(item))}" class="md-nav__link"><span class="md-ellipsis">{_text(item.title)}</span>'
            '<span class="md-nav__icon md-icon"></span></a></li>\n'
        )
    return f'<li class="md-nav__item"><a href="{_href(item)}" class="md-nav__link">{_label(item)}</a></li>\n'


def _here(page: Any) -> str:
    return (
        '<li class="md-nav__item md-nav__item--active"><input class="md-nav__toggle md-toggle" type="checkbox" id="__toc">'
        f'<a href="{_href(page)}" class="md-nav__link md-nav__link--active" aria-current="page">{_label(page)}</a></li>\n'
    )


def _label(item: Any) -> str:
    return f'<span class="md-ellipsis">{_text(item.title)}</span>'


def _first_page(section: Any) -> Any:
    first = section
    while first.children:
        first = first.children[0]
    return first


def _href(item: Any) -> str:
    if item.is_link:
        return escape(str(item.url)).replace(_BASE, "")
    return _BASE + escape(str(getattr(item, "url", "") or ""))


def _text(title: object) -> str:
    text = "" if title is None else str(title)
    # A page's title is set as safe HTML by the plugin; the others are what people and folders are called.
    return (text if hasattr(title, "__html__") else escape(text)).replace(_BASE, "")
