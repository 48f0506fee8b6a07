"""Headings as Python-Markdown itself makes them: the slow way, which is always right.

A rendering does not say which line a heading came from. So a marker with the line's number goes in behind whatever could be
the marks of a heading, comes out again as soon as the blocks are parsed, and everything after that - inline markup, attribute
lists, slugs - sees the page as it is.
"""

from __future__ import annotations

import html
import logging
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from xml.etree import ElementTree

import markdown
from markdown.extensions import toc
from markdown.treeprocessors import Treeprocessor

__all__ = ["Engine", "RenderedHeading"]

_log = logging.getLogger(__name__)

_OPEN, _CLOSE, _ZERO = "\uf7d0", "\uf7d1", 0xF7E0
_DIGITS = {ord(str(digit)): _ZERO + digit for digit in range(10)}
_VALUES = {_ZERO + digit: str(digit) for digit in range(10)}
_MARKER = re.compile(f"{_OPEN}([{chr(_ZERO)}-{chr(_ZERO + 9)}]+){_CLOSE}")
_PRIVATE = re.compile(f"[{_OPEN}{_CLOSE}{chr(_ZERO)}-{chr(_ZERO + 9)}]")

# Marks that may stand before a heading: indent, quote, list item, definition, footnote.
_PREFIX = r"(?:[ >]|[-*+:](?=[ ])|\d+\.(?=[ ])|\[\^[^\]\n]*\]:)*"
_HASH_LINE = re.compile(rf"({_PREFIX}#{{1,6}}[ ]*)(.*)", re.DOTALL)
_UNDERLINE = re.compile(rf"{_PREFIX}(?:=+|-+) *\Z")
_UNDERLINED = re.compile(rf"({_PREFIX})(.*)", re.DOTALL)
_RULE = re.compile(rf"{_PREFIX}(?:=+|(?:[-_*] *)+)\Z")
_OPENS_BLOCK = re.compile(
    r"[ >]*(?:```|~~~|!!!|\?\?\?|===|///)| {0,3}\*?\[[^\]\n]*\]:| {0,3}<(?:[!?]|/?(?P<tag>[A-Za-z][A-Za-z0-9]*))"
)
_HTML_HEADING = re.compile(r"(<[hH][1-6](?:\s[^<>]*)?>)")
_HOLDS_ID = re.compile(r"\{|\[\^|\x02")
_HEADING_TAG = re.compile(r"[hH][1-6]\Z")


@dataclass(frozen=True, slots=True)
class RenderedHeading:
    """A heading in a rendered page. `line` is None where it does not stand in the page's own text (a snippet, a macro)."""

    line: int | None
    level: int
    anchor: str
    text: str  # Markdown, without the marks of the heading


class Engine:
    """Python-Markdown with one set of extensions. One a thread: a Markdown instance keeps state while it converts."""

    def __init__(self, extensions: Sequence[Any], configs: Mapping[str, Mapping[str, Any]]) -> None:
        self._extensions = list(extensions)
        self._configs = {name: dict(config) for name, config in configs.items()}
        for name in ("codehilite", "markdown.extensions.codehilite", "pymdownx.highlight"):
            if name in self._extensions:  # colours cost time and name no heading
                self._configs[name] = {**self._configs.get(name, {}), "use_pygments": False}
        self._local = threading.local()

    @property
    def markdown(self) -> markdown.Markdown:
        md: markdown.Markdown | None = getattr(self._local, "markdown", None)
        if md is None:
            md = markdown.Markdown(extensions=self._extensions, extension_configs=self._configs)
            self._local.markdown = md
        return md

    @property
    def toc(self) -> Any:
        """The `toc` extension's tree processor, which knows slugify, separator and base level."""
        return self.markdown.treeprocessors["toc"]

    def slug(self, text: str) -> tuple[str, str]:
        """What a heading with this Markdown `text` is called: the id written at it, else "", and its slug before counting."""
        md = self.markdown
        md.reset()
        root = ElementTree.Element("div")
        heading = ElementTree.SubElement(root, "h2")
        heading.text = text
        processors = list(md.treeprocessors)
        root = self._run(processors[: processors.index(md.treeprocessors["toc"])], root)
        heading = root[0]
        name = toc.strip_tags(toc.render_inner_html(toc.remove_fnrefs(heading), md))
        return heading.get("id", ""), str(self.toc.slugify(html.unescape(name), self.toc.sep))

    def headings(self, source: str, *, whole: bool = True) -> list[RenderedHeading]:
        """The headings of a normalised page in the order of the rendered page; [] with a log entry where rendering fails.

        Without `whole`, text that cannot hold an id is dropped before its inline markup is read: three times as fast, and the
        same headings with every extension that comes with Markdown.
        """
        try:
            return self._headings(source, whole)
        except Exception:  # extensions are other people's code, and no page may stop the rest
            _log.exception("A page could not be rendered to find its headings.")
            self._local.markdown = None
            return []

    def _headings(self, source: str, whole: bool) -> list[RenderedHeading]:
        md = self.markdown
        md.reset()
        source = _PRIVATE.sub("\ufffd", source)
        lines, unmarked = _marked(source, frozenset(md.block_level_elements))
        for preprocessor in md.preprocessors:
            lines = preprocessor.run(lines)
        root = cast("ElementTree.Element", md.parser.parseDocument(lines).getroot())
        _unmark(root)
        processors = list(md.treeprocessors)
        inline = processors.index(md.treeprocessors["inline"])
        root = self._run(processors[:inline], root)
        _unmark(root)  # footnotes have just been parsed
        if not whole:
            _drop_text(root)
        headings = _take_lines(root)  # kept: an id is an element's own only while the element lives
        raw = {id(element): (line, element.text or "") for element, line in headings}
        root = self._run(processors[inline : processors.index(md.treeprocessors["toc"]) + 1], root)
        found = []
        for element in root.iter():
            if isinstance(element.tag, str) and _HEADING_TAG.match(element.tag):
                line, text = raw.get(id(element), (None, "".join(element.itertext())))
                if line is None:
                    line = _take_unmarked(unmarked, text)
                anchor = self._unescaped(element.get("id", ""))
                found.append(RenderedHeading(line, int(element.tag[1]), anchor, text))
        return found

    def _unescaped(self, anchor: str) -> str:
        return str(toc.unescape(anchor)) if "\x02" in anchor else anchor

    @staticmethod
    def _run(processors: Sequence[Treeprocessor], root: ElementTree.Element) -> ElementTree.Element:
        for processor in processors:
            changed = processor.run(root)
            if changed is not None:
                root = changed
        return root


def _marked(source: str, block_tags: frozenset[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """The lines of `source` with a marker in each that could be a heading.

    A line that is a rule or may open a fence or raw HTML cannot take one without ceasing to be that: those come second, with
    their numbers.
    """
    lines = source.split("\n")
    marked, unmarked = list(lines), list[tuple[int, str]]()
    for number, line in enumerate(lines):
        if "#" in line and (match := _HASH_LINE.fullmatch(line)):
            marked[number] = match[1] + _marker(number) + match[2]
        elif number and ("-" in line or "=" in line) and _UNDERLINE.match(line) and lines[number - 1]:
            above = lines[number - 1]
            opens = _OPENS_BLOCK.match(above)
            if (opens and (opens["tag"] is None or opens["tag"].lower() in block_tags)) or _RULE.match(above):
                unmarked.append((number - 1, above))
            elif marked[number - 1] == above and (match := _UNDERLINED.fullmatch(above)):
                if match[2]:
                    marked[number - 1] = match[1] + _marker(number - 1) + match[2]
                else:
                    unmarked.append((number - 1, above))
        if "<h" in line or "<H" in line:
            marked[number] = _HTML_HEADING.sub(rf"\1{_marker(number)}", marked[number])
    return marked, unmarked


def _take_unmarked(unmarked: list[tuple[int, str]], text: str) -> int | None:
    for position, (number, line) in enumerate(unmarked):
        if text in (line.strip(), _UNDERLINED.sub(r"\2", line, count=1).strip()):
            del unmarked[position]
            return number
    return None


def _marker(number: int) -> str:
    return _OPEN + str(number).translate(_DIGITS) + _CLOSE


def _drop_text(root: ElementTree.Element) -> None:
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in ("pre", "code") and not _HEADING_TAG.match(element.tag):
            if element.text and not _HOLDS_ID.search(element.text):
                element.text = None
            if element.tail and not _HOLDS_ID.search(element.tail):
                element.tail = None


def _take_lines(root: ElementTree.Element) -> list[tuple[ElementTree.Element, int | None]]:
    """The headings with the line that `_unmark` noted on each."""
    found = []
    for element in root.iter():
        if isinstance(element.tag, str) and _HEADING_TAG.match(element.tag):
            line = element.attrib.pop(_OPEN, None)
            found.append((element, int(line) if line is not None else None))
    return found


def _unmark(root: ElementTree.Element) -> None:
    """Take the markers out of a parsed page; a heading keeps the number of its own in an attribute for `_take_lines`."""
    for element in root.iter():
        text = element.text
        if text and _OPEN in text:
            is_heading = isinstance(element.tag, str) and _HEADING_TAG.match(element.tag)
            if is_heading and (match := _MARKER.search(text)):
                element.set(_OPEN, match[1].translate(_VALUES))
            kind = type(text)  # code is an AtomicString: it must stay one
            element.text = kind(_MARKER.sub("", text).strip() if is_heading else _MARKER.sub("", text))
        if element.tail and _OPEN in element.tail:
            element.tail = type(element.tail)(_MARKER.sub("", element.tail))
