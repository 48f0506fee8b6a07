"""A page's Markdown as safe HTML for a preview, away from the site: no theme, no navigation, scripts and handlers removed."""

from __future__ import annotations

from wiki.pages.page import Page, printable

__all__ = ["render_preview"]

EXTENSIONS = ("tables", "fenced_code", "attr_list", "def_list", "footnotes", "md_in_html", "admonition", "sane_lists", "toc")


def render_preview(page: Page) -> str:
    """The page's body as sanitised HTML."""
    import markdown
    import nh3

    html = markdown.markdown(printable(page.body), extensions=list(EXTENSIONS))
    attributes = {**nh3.ALLOWED_ATTRIBUTES, "*": {"id", "class"}}
    return nh3.clean(html, attributes=attributes)
