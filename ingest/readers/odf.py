"""OpenDocument (.odt, .ods, .odp, also flat XML) to Markdown: in the process that converts documents."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["odf_to_markdown"]

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAWING = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_LEFT_OUT = frozenset(
    [
        f"{_TEXT}{name}"
        for name in ("tracked-changes", "sequence-decls", "note-citation", "table-of-content", "alphabetical-index")
    ]
    + [f"{_OFFICE}{name}" for name in ("annotation", "annotation-end", "forms")]
    + [f"{_TABLE}shapes"]
)
_MAX_REPEATS = 50
_MAX_DEPTH = 100


def odf_to_markdown(data: bytes) -> str:
    """Headings, paragraphs, lists and tables. What was deleted with tracked changes, comments and indexes are left out."""
    from defusedxml.ElementTree import fromstring

    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("content.xml")
    root: Element = fromstring(data)
    body = root.find(f"{_OFFICE}body")
    lines = list(_blocks(body if body is not None else root, 0))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _blocks(parent: Element, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    for element in parent:
        tag = element.tag
        if tag in _LEFT_OUT:
            continue
        if tag == f"{_TEXT}h":
            level = element.get(f"{_TEXT}outline-level", "1")
            said = _words(element)
            if said:
                yield from ("", f"{'#' * min(int(level) if level.isdigit() else 1, 6)} {said}", "")
        elif tag == f"{_TEXT}p":
            said = _words(element)
            if said:
                yield from (said, "")
            for box in element.iter(f"{_DRAWING}text-box"):
                yield from _blocks(box, depth + 1)
        elif tag == f"{_TEXT}list":
            yield from _items(element, 0)
            yield ""
        elif tag == f"{_TABLE}table":
            yield from _table(element)
        else:
            yield from _blocks(element, depth + 1)


def _items(parent: Element, level: int) -> Iterator[str]:
    for item in parent:
        first = True
        for part in item:
            if part.tag == f"{_TEXT}list":
                if level < _MAX_DEPTH:
                    yield from _items(part, level + 1)
            elif part.tag in (f"{_TEXT}p", f"{_TEXT}h") and (said := _words(part)):
                yield f"{'    ' * level}{'- ' if first else '  '}{said}"
                first = False


def _table(table: Element) -> Iterator[str]:
    rows = [row for element in table.iter(f"{_TABLE}table-row") for row in _repeated(element, f"{_TABLE}number-rows-repeated")]
    cells = [[cell.replace("|", "\\|") for cell in _cells(row)] for row in rows]
    while cells and not any(cells[-1]):
        cells.pop()
    cells = [row for row in cells if any(row)]
    width = max((len(row) for row in cells), default=0)
    if not width:
        return
    yield ""
    for number, row in enumerate(cells):
        yield f"| {' | '.join(row + [''] * (width - len(row)))} |"
        if number == 0:
            yield f"|{' --- |' * width}"
    yield ""


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            said = " ".join(words for part in cell.iter(f"{_TEXT}p") if (words := _words(part)))
            cells += [said] * len(list(_repeated(cell, f"{_TABLE}number-columns-repeated")))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _repeated(element: Element, key: str) -> Iterator[Element]:
    """The element as often as it stands for; empty ones fill a sheet to its edge and are cut."""
    times = element.get(key, "1")
    for _ in range(min(int(times) if times.isdigit() else 1, _MAX_REPEATS)):
        yield element


def _words(element: Element) -> str:
    return " ".join("".join(_pieces(element, 0)).split())


def _pieces(element: Element, depth: int) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        tag = part.tag
        if tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif tag == f"{_TEXT}a":
            words, link = "".join(_pieces(part, depth + 1)), part.get(_LINK, "")
            shown = link.startswith(("http://", "https://")) and words.strip() and words.strip() != link
            yield f"[{words.strip()}]({link})" if shown else words
        elif tag == f"{_TEXT}note":
            note = " ".join("".join(_pieces(part, depth + 1)).split())
            yield f" ({note})" if note else ""
        elif tag not in _LEFT_OUT and not tag.startswith(_DRAWING) and depth < _MAX_DEPTH:
            yield from _pieces(part, depth + 1)
        yield part.tail or ""
