"""A section's Markdown as what can be quoted: sentences, list items, table rows, and the block each stands in.

Cut together, the units' sentences are exactly those of `wiki.search.text.sentences`, so that a run of them is a verbatim quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wiki.search import sentences

__all__ = ["Block", "BlockKind", "Unit", "outline"]

BlockKind = Literal["text", "steps", "list", "table", "code"]

_FENCE = re.compile(r"\s*(```+|~~~+)")
_ITEM = re.compile(r"(\s*)([-*+•]|\d{1,3}[.)])\s+")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_LINK = re.compile(r"!?\[([^\]\[]*)\](?:\([^)\s]*[^)]*\)|\[[^\]]*\])")
_BOLD_START = re.compile(r"\W*(?:\*\*|__)(.{2,80}?)(?:\*\*|__)")
_TERM_START = re.compile(r"([\w’'/&() -]{2,40}?)\s*(?::|\s[–—-])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The smallest thing quoted: a sentence of a paragraph, a list item with all its sentences, a table row.

    `mark` is a list item's own mark ("-", "3."), "" elsewhere; `depth` how far it is nested. `key` is what it is about where
    its form says so: its first cell, its bold opening, or what stands before a colon. `cells` are a row's, as plain text,
    empty ones kept. `link_share` is the share of its words that are links: a unit of links leads on, it does not answer.
    """

    sentences: tuple[str, ...]
    mark: str = ""
    depth: int = 0
    key: str = ""
    cells: tuple[str, ...] = ()
    link_share: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a list or a table. `header` are a table's first cells, where a rule below says that they are one; the
    header's row is also the table's first unit, as it is part of what a reader sees."""

    kind: BlockKind
    units: tuple[Unit, ...]
    header: tuple[str, ...] = ()


def outline(markdown: str) -> tuple[Block, ...]:
    """The blocks of a section in order, its own heading as a block of one unit; none is empty."""
    blocks: list[Block] = []
    for kind, lines in _chunks(markdown.splitlines()):
        block = _READ[kind](lines)
        if block and block.units:
            blocks.append(block)
    return tuple(blocks)


_Chunk = tuple[Literal["text", "list", "table", "code"], list[str]]


def _chunks(lines: Sequence[str]) -> Iterator[_Chunk]:
    """Runs of lines that are one block."""
    kind: Literal["text", "list", "table", "code"] = "text"
    run: list[str] = []
    fence, gap = "", False
    for line in lines:
        if fence:
            run.append(line)
            if (closing := _FENCE.match(line)) and closing[1].startswith(fence):
                fence = ""
            continue
        if not line.strip():
            gap = True
            continue
        next_kind = _kind_of(line, kind, gap)
        opening = _FENCE.match(line)
        starts = next_kind != kind or (gap and next_kind == "text") or bool(_HEADING.match(line))
        if run and (starts or _HEADING.match(run[-1])):
            yield kind, run
            run = []
        if gap and run:
            run.append("")
        kind, gap = next_kind, False
        run.append(line)
        fence = opening[1][:3] if opening else ""
    if run:
        yield kind, run


def _kind_of(line: str, before: str, gap: bool) -> Literal["text", "list", "table", "code"]:
    if before == "list" and not _HEADING.match(line):
        indented = len(line) - len(line.lstrip()) >= 2
        if _ITEM.match(line) or indented or (not gap and not _is_row(line)):
            return "list"
    if _FENCE.match(line):
        return "code"
    if _ITEM.match(line):
        return "list"
    if _is_row(line) or (before == "table" and not gap and _TABLE_RULE.match(line)):
        return "table"
    return "text"


def _is_row(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith("|") or (stripped.endswith("|") and "|" in stripped[:-1])


def _text(lines: Sequence[str]) -> Block:
    raw = "\n".join(lines)
    bold = _BOLD_START.match(raw)
    linked = _link_texts(raw)
    units = []
    for number, sentence in enumerate(sentences(raw)):
        key = bold[1] if bold and not number else _term(sentence)
        units.append(Unit(sentences=(sentence,), key=key, link_share=_link_share(sentence, linked)))
    return Block(kind="text", units=tuple(units))


def _code(lines: Sequence[str]) -> Block:
    return Block(kind="code", units=tuple(Unit(sentences=(line,)) for line in sentences("\n".join(lines))))


def _list(lines: Sequence[str]) -> Block:
    items: list[list[str]] = []
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if (_ITEM.match(line) and not fence) or not items:
            items.append([line])
        else:
            items[-1].append(line)
        if opening:
            fence = "" if fence else opening[1][:3]
    units = tuple(unit for item in items if (unit := _item(item)))
    numbered = sum(unit.mark[:1].isdigit() for unit in units if not unit.depth)
    level = sum(not unit.depth for unit in units)
    return Block(kind="steps" if numbered * 2 > level else "list", units=units)


def _item(lines: Sequence[str]) -> Unit | None:
    raw = "\n".join(lines)
    said = tuple(sentences(raw))
    if not said:
        return None
    start = _ITEM.match(raw)
    bold = _BOLD_START.match(raw[start.end() :] if start else raw)
    return Unit(
        sentences=said,
        mark=start[2] if start else "",
        depth=min(3, len(start[1].expandtabs(4)) // 2) if start else 0,
        key=bold[1] if bold else _term(said[0]),
        link_share=_link_share(" ".join(said), _link_texts(raw)),
    )


def _table(lines: Sequence[str]) -> Block:
    units: list[Unit] = []
    header: tuple[str, ...] = ()
    for line in lines:
        if _TABLE_RULE.match(line):
            header = header or (units[0].cells if len(units) == 1 else ())
            continue
        said = tuple(sentences(line))
        if said:
            cells = tuple(" ".join(sentences(cell)) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
            linked = _link_texts(line)
            share = 1.0 if cells[-1] in linked else _link_share(" ".join(said), linked)
            units.append(Unit(sentences=said, key=cells[0], cells=cells, link_share=share))
    return Block(kind="table", units=tuple(units), header=header)


_READ = {"text": _text, "code": _code, "list": _list, "table": _table}


def _term(sentence: str) -> str:
    found = _TERM_START.match(sentence)
    return found[1] if found and len(found[1].split()) <= 5 else ""


def _link_texts(raw: str) -> list[str]:
    return [text for match in _LINK.findall(raw) if (text := " ".join(sentences(match)))]


def _link_share(sentence: str, linked: Sequence[str]) -> float:
    total = len(sentence.split())
    within = sum(len(text.split()) for text in linked if text in sentence)
    return min(1.0, within / total) if total else 0.0
