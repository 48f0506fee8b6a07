"""Markdown as GitHub shows it: a Python-Markdown extension, and the others that belong to it.

What is read like this is a workspace that says nothing of its `markdown_extensions`: pages written for GitHub, mostly. Anchors of headings
are those that Python-Markdown gives without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from wiki.markup.github_blocks import spaced

__all__ = ["AS_ON_GITHUB", "NAME", "GitHubExtension", "extensions_of", "makeExtension"]

NAME = "wiki.markup.github"
AS_ON_GITHUB: tuple[str | dict[str, dict[str, Any]], ...] = (
    "footnotes",
    "sane_lists",
    "pymdownx.magiclink",
    "pymdownx.superfences",
    {"pymdownx.tasklist": {"custom_checkbox": True}},
    {"pymdownx.tilde": {"subscript": False}},
    NAME,
)
"""The extensions, as `markdown_extensions` in mkdocs.yml names them."""

_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ ]*(?:\n|\Z)", re.IGNORECASE)
_LOOKS = {"caution": "danger"}  # Material has no red box of this name
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_KEPT = frozenset({"pre", "code", "script", "style"})


def extensions_of(settings: Mapping[str, Any]) -> Any:
    """`markdown_extensions` of a mkdocs.yml as it stands there, or what takes its place where the file does not have it."""
    given = settings.get("markdown_extensions")
    return given if given is not None else deepcopy(list(AS_ON_GITHUB))


class GitHubExtension(Extension):
    """Lists and tables right below a text, what belongs to list items below their text, alerts and `:emoji:`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(_Blocks(md), "github-blocks", 18)  # code and HTML are stashed by then
        md.parser.blockprocessors.register(_Quotes(md.parser), "quote", 20)
        md.treeprocessors.register(_Alerts(md), "github-alerts", 24)  # before inline marks are read
        md.treeprocessors.register(_Emoji(md), "github-emoji", 3)  # after headings got their anchors


def makeExtension(**options: Any) -> GitHubExtension:  # noqa: N802
    """As Python-Markdown looks for it."""
    return GitHubExtension(**options)


class _Blocks(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return spaced(lines)


class _Quotes(BlockQuoteProcessor):
    """A quote ends at a blank line, so that two of them stay two."""

    def lastChild(self, parent: Element) -> Element | None:  # noqa: N802, ARG002
        return None


class _Alerts(Treeprocessor):
    """`> [!NOTE]` as Material's boxes."""

    def run(self, root: Element) -> None:
        for quote in root.iter("blockquote"):
            first = quote[0] if len(quote) else None
            match = _ALERT.match(first.text or "") if first is not None and first.tag == "p" else None
            if first is None or match is None:
                continue
            kind = match[1].lower()
            quote.tag = "div"
            quote.set("class", f"admonition {_LOOKS.get(kind, kind)}")
            first.text = (first.text or "")[match.end() :]
            if not first.text and not len(first):
                quote.remove(first)
            title = Element("p", {"class": "admonition-title"})
            title.text = kind.capitalize()
            quote.insert(0, title)


class _Emoji(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in _texts(root):
            if element.tag not in _KEPT and element.text and ":" in element.text:
                element.text = _with_emoji(element.text)
            if element.tail and ":" in element.tail:
                element.tail = _with_emoji(element.tail)
        for token in _tokens(getattr(self.md, "toc_tokens", None) or []):
            for key in ("name", "html"):
                if isinstance(token.get(key), str):
                    token[key] = _with_emoji(token[key])


def _texts(root: Element) -> Iterator[Element]:
    """All elements but those inside code."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        if element.tag not in _KEPT:
            waiting.extend(element)


def _tokens(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _tokens(token.get("children") or [])


def _with_emoji(text: str) -> str:
    found = _SHORTCODE.sub(lambda match: _emoji().get(match[0], match[0]), text)
    return AtomicString(found) if isinstance(text, AtomicString) else found


@cache
def _emoji() -> dict[str, str]:
    """GitHub's names of the emoji that Unicode has."""
    from pymdownx.gemoji_db import aliases, emoji  # type: ignore[import-untyped]

    def chars(code: str) -> str:
        return "".join(chr(int(part, 16)) for part in code.split("-"))

    known = {name: chars(entry.get("unicode_alt") or entry["unicode"]) for name, entry in emoji.items() if "unicode" in entry}
    return known | {alias: known[name] for alias, name in aliases.items() if name in known}
