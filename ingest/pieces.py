"""A page's text cut into the pieces that an update may speak of: headings, sentences, list items, table rows.

A piece knows its span in the page's text, so that an edit replaces exactly those characters and keeps every other byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from wiki.pages import DEFAULT_RULES, Page, Section, SectionRules, split_sections
from wiki.search import content_stems

__all__ = ["Piece", "PieceKind", "pieces_of", "stems_of"]

PieceKind = str  # "title", "heading", "sentence", "item", "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`page.text[start:end]`: a sentence, the words of a one-sentence list item, a heading's words, a whole table row.

    `block_start` and `block_end` span the whole lines of the block it stands in (a paragraph, an item, a row);
    `block` numbers the blocks, so that sentences of one paragraph share it. `marker` is an item's
    indent and mark ("  - ", "3. "), else "".
    `trail` is the headings above it, the page's title first.
    """

    kind: PieceKind
    start: int
    end: int
    text: str
    block: int
    block_start: int
    block_end: int
    anchor: str
    trail: tuple[str, ...]
    marker: str = ""
    level: int = 0

    @property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)

    @property
    def trail_stems(self) -> frozenset[str]:
        return frozenset().union(*(stems_of(title) for title in self.trail))


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> frozenset[str]:
    """What a text is about: its stems without stop words, links' targets left out."""
    return frozenset(s for s in content_stems(_visible(text)) if len(s) > 1 or s.isdigit())


def pieces_of(page: Page, rules: SectionRules = DEFAULT_RULES) -> list[Piece]:
    """The pieces of `page`, in order. Code blocks, comments and front matter (but for the title) have none."""
    return list(_pieces(page, rules))


_LINK = re.compile(r"\]\([^)]*\)|\]\[[^\]]*\]|<[^>]+>|\{\{.*?\}\}|\{%.*?%\}|\{:.*?\}")
_FENCE = re.compile(r"\s*(?:>\s*)?(```+|~~~+)")
_ITEM = re.compile(r"([ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)(?=\S)")
_TITLE = re.compile(r"^title:[ \t]*(['\"]?)(.+?)\1[ \t]*\r?$", re.MULTILINE)
_HEADING = re.compile(r"(\s{0,3}(#{1,6})[ \t]+)(.*?)[ \t]*#*[ \t]*\r?\n?$")
_END = re.compile(r"(?<=[.!?])(?:[\"'”’)\]*_]*|\]\([^)]*\)|<br ?/?>)*\s+(?=[\"'“‘(\[*_]*[A-Z0-9À-Þ\[])")
_NOT_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|st|no|nr|fig|al|inc|ltd|co|corp|dept|approx|ca|"
    r"cf|u\.s|u\.k|a\.m|p\.m)|(?<![\w])[A-Z])\.$",
    re.IGNORECASE,
)


def _visible(text: str) -> str:
    return _LINK.sub(" ", text)


@dataclass(slots=True)
class _Block:
    kind: str  # paragraph, item, row, heading
    start: int  # of the words
    end: int
    block_start: int
    block_end: int
    section: Section | None
    marker: str = ""
    level: int = 0


def _pieces(page: Page, rules: SectionRules) -> Iterator[Piece]:
    title = page.title
    head = page.text[: len(page.text) - len(page.body)]
    if match := _TITLE.search(head):
        yield Piece(
            kind="title", start=match.start(2), end=match.end(2), text=match[2], block=-1, block_start=match.start(),
            block_end=match.end(), anchor="", trail=(title,),
        )  # fmt: skip
    for number, block in enumerate(_blocks(page, rules)):
        trail = block.section.heading_path if block.section else (title,)
        anchor = block.section.anchor if block.section else ""
        for start, end in _sentences(page.text, block):
            if not re.search(r"\w", page.text[start:end]):
                continue
            yield Piece(
                kind="sentence" if block.kind == "paragraph" else block.kind,
                start=start,
                end=end,
                text=page.text[start:end],
                block=number,
                block_start=block.block_start,
                block_end=block.block_end,
                anchor=anchor,
                trail=trail,
                marker=block.marker,
                level=block.level,
            )


def _sentences(text: str, block: _Block) -> Iterator[tuple[int, int]]:
    if block.kind not in ("paragraph", "item"):
        yield block.start, block.end
        return
    begin = block.start
    for match in _END.finditer(text, block.start, block.end):
        if _NOT_END.search(text[begin : match.start()]):
            continue
        stop = match.start() + len(match.group().rstrip())
        yield begin, stop
        begin = match.end()
    if text[begin : block.end].strip():
        yield begin, block.end


def _blocks(page: Page, rules: SectionRules) -> Iterator[_Block]:
    """The blocks of the page's body; their spans are in `page.text`."""
    lines = _lines(page)
    sections = split_sections(page, rules)
    open_: _Block | None = None
    fence, table_row, number = "", False, 0
    for index, (start, line) in enumerate(lines):
        stop = start + len(line.rstrip())
        section = _section_at(sections, page.body_line + index)
        if match := _FENCE.match(line):
            if open_:
                yield open_
                open_ = None
            fence = "" if fence and match[1].startswith(fence) else fence or match[1][:3]
            continue
        if fence:
            continue
        stripped = line.strip()
        if table_row and open_ is not None:
            open_.end, open_.block_end = stop, start + len(line)
            if "</tr>" in stripped:
                yield open_
                open_, table_row = None, False
            continue
        kind = _kind(stripped, line, lines[index + 1][1] if index + 1 < len(lines) else "")
        if kind == "text" and open_ is not None:
            open_.end, open_.block_end = stop, start + len(line)
            continue
        if open_:
            yield open_
            open_ = None
        if kind == "blank":
            continue
        number += 1
        begin = start + len(line) - len(line.lstrip(" \t>"))
        marker, level = "", 0
        if kind == "heading" and (heading := _HEADING.match(line)):
            begin, stop, level = start + heading.start(3), start + heading.end(3), len(heading[2])
        elif kind == "item" and (item := _ITEM.match(line)):
            begin, marker = start + item.end(), item[1]
        block = _Block("paragraph" if kind == "text" else kind, begin, stop, start, start + len(line), section, marker, level)
        if kind == "row" and stripped.startswith("<tr") and "</tr>" not in stripped:
            open_, table_row = block, True
        elif kind in ("text", "item"):
            open_ = block
        else:
            yield block
    if open_:
        yield open_


def _kind(stripped: str, line: str, following: str) -> str:
    if not stripped or re.fullmatch(r"[-*_=\s]{3,}|\|?[\s:|-]*-{2,}[\s:|-]*", stripped) or stripped.startswith("<!--"):
        return "blank"
    if re.fullmatch(r"</?(?:table|tbody|thead|div|ul|ol|section|details|span)\b[^>]*>|\{%.*%\}", stripped):
        return "blank"
    if stripped.startswith("<tr"):
        return "row"
    if _HEADING.match(line) or (
        re.fullmatch(r"\s*(=+|-{3,})\s*", following) and not stripped.startswith("|") and "|" not in stripped
    ):
        return "heading"
    if stripped.startswith("|") or (stripped.endswith("|") and "|" in stripped[:-1]):
        return "row"
    if _ITEM.match(line):
        return "item"
    return "text"


def _lines(page: Page) -> list[tuple[int, str]]:
    """(offset in the page's text, line with its end) of every line of the body."""
    offset = len(page.text) - len(page.body)
    found: list[tuple[int, str]] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+$", page.body):
        found.append((offset, line))
        offset += len(line)
    return found


def _section_at(sections: list[Section], line: int) -> Section | None:
    return next((s for s in sections if s.start_line <= line < s.end_line), None)
