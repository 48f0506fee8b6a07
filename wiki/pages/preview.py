"""A page's Markdown as safe HTML for a preview, away from the site: no theme, no navigation, scripts and handlers removed."""

from __future__ import annotations

from html import escape

from wiki.markup.hard_text import too_hard
from wiki.pages.page import Page, printable

__all__ = ["render_preview"]

EXTENSIONS = ("tables", "fenced_code", "attr_list", "def_list", "footnotes", "md_in_html", "admonition", "sane_lists", "toc")


def render_preview(page: Page) -> str:
    """The page's body as sanitised HTML; what cannot be laid out is shown as the text that it is."""
    import markdown
    import nh3

    text = printable(page.body)
    if too_hard(text):
        return _as_text("This text opens too many brackets to be laid out.", text)
    try:
        html = markdown.markdown(text, extensions=list(EXTENSIONS))
    except RecursionError:
        return _as_text("This text is nested too deeply to be laid out.", text)
    attributes = {**nh3.ALLOWED_ATTRIBUTES, "*": {"id", "class"}}
    return nh3.clean(html, attributes=attributes)


def _as_text(note: str, text: str) -> str:
    return f"<p>{escape(note)}</p><pre>{escape(text)}</pre>"
