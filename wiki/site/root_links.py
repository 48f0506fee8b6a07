"""Links from the root, `/docs/page.md` or `/img/a.png`, made relative, so that they lead to the page or file wherever the site is.

The root is the workspace, as on GitHub, or else docs_dir, as on a site. A Python-Markdown extension; raw HTML stays as it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

__all__ = ["NAME", "RootLinks", "makeExtension", "relative_link"]

NAME = "wiki.site.root_links"
_ATTRIBUTES = {"a": "href", "img": "src"}


def relative_link(target: str, page_path: str, docs_folder: str, known: Callable[[str], bool]) -> str | None:
    """A link's target as written from a page's folder; None for one that is not from the root or leads to nothing `known`.

    `docs_folder` is docs_dir as seen from the root, "" where it is the root itself.
    """
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    found = next(filter(known, _candidates(unquote(parts.path), docs_folder)), None)
    if found is None:
        return None
    path = quote(posixpath.relpath(found, posixpath.dirname(page_path) or "."), safe="/~!$&'*+,;=@")
    return path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _candidates(path: str, docs_folder: str) -> Iterator[str]:
    path = posixpath.normpath(path).strip("/")
    roots = [path]
    if docs_folder and f"{path}/".startswith(f"{docs_folder}/"):
        roots.insert(0, path[len(docs_folder) + 1 :])
    for name in roots:
        if name not in ("", "."):
            yield from (name, f"{name}.md", f"{name}/index.md", f"{name}/README.md")
        else:
            yield from ("index.md", "README.md")


class RootLinks(Extension):
    """Takes the option `resolve`, a function from a target to the one that takes its place, or None."""

    def __init__(self, *, resolve: Callable[[str], str | None] | None = None) -> None:
        super().__init__()
        self._resolve = resolve

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        if self._resolve is not None:
            md.treeprocessors.register(_Links(md, self._resolve), "root-links", 1)  # right before MkDocs reads the links


def makeExtension(**options: Any) -> RootLinks:  # noqa: N802
    """As Python-Markdown looks for it."""
    return RootLinks(**options)


class _Links(Treeprocessor):
    def __init__(self, md: Markdown, resolve: Callable[[str], str | None]) -> None:
        super().__init__(md)
        self._resolve = resolve

    def run(self, root: Element) -> None:
        for element in root.iter():
            attribute = _ATTRIBUTES.get(element.tag) if isinstance(element.tag, str) else None
            target = element.get(attribute) if attribute else None
            if attribute and target and target.startswith("/") and (new := self._resolve(target)) is not None:
                element.set(attribute, new)
