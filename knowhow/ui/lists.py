"""Long lists on the pages under /app, as plain HTML: hundreds of rows are drawn at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from urllib.parse import quote

from nicegui import ui

from knowhow.services import Services
from knowhow.ui.frame import page_url

__all__ = ["Raw", "anchor", "day", "edit_link", "heading", "page_links", "table", "tag"]

_CODE = re.compile(r"`([^`]+)`")


class Raw(str):
    """A cell that is HTML already."""

    __slots__ = ()


def heading(text: str, count: int | None = None) -> None:
    """A part's heading, with how many rows it has."""
    number = "" if count is None else f' <span class="kh-quiet">{count}</span>'
    ui.html(f"<h2>{escape(text)}{number}</h2>", sanitize=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, label: str) -> None:
    """A table; its cells are text, or `Raw`. Nothing where it has no rows."""
    body = "".join(f"<tr>{''.join(f'<td>{_html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    if body:
        head = "".join(f"<th>{escape(column)}</th>" for column in columns)
        whole = f'<table aria-label="{escape(label)}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        ui.html(whole, sanitize=False).classes("kh-table")


def anchor(text: str, url: str) -> Raw:
    return Raw(f'<a href="{escape(url)}">{escape(text)}</a>')


def tag(text: str, *, amber: bool = False) -> Raw:
    """A word in a frame."""
    return Raw(f'<span class="kh-tag{" kh-amber" if amber else ""}">{escape(text)}</span>')


def day(date: datetime.date | None) -> Raw:
    """A date that is never broken over two lines; nothing for none."""
    return Raw(f"<time>{date.isoformat()}</time>" if date else "")


def page_links(services: Services) -> Callable[[str, str], Raw]:
    """Makes links to pages of the live site from a page's path and title; each address is looked up once."""
    url = cache(lambda page_path: page_url(services, page_path))
    return lambda page_path, title: anchor(title, url(page_path))


def edit_link(page_path: str, text: str = "Mend") -> Raw:
    return anchor(text, f"/app/edit/{quote(page_path)}")


def _html(cell: str) -> str:
    """A cell as HTML; what stands between backticks is code."""
    return cell if isinstance(cell, Raw) else _CODE.sub(r"<code>\1</code>", escape(cell))
