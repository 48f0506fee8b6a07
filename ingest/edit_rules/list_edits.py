"""Items and rows join a list or table, and leave it: in its own marks, the numbers after them counted on."""

from __future__ import annotations

import re

from ingest.edit_rules.base import Replacement, Sheet, newline_of
from ingest.pieces import Piece

__all__ = ["insert_item", "insert_row", "last_of_list", "remove_items", "sentence_span", "short"]


def insert_item(
    sheet: Sheet, item: Piece, text: str, side: str, *, entries: tuple[str, ...], confidence: float, rule: str = "addition"
) -> list[Replacement]:
    """Replacements that put `text` as an item before or after `item`, in its list's style, and count the numbers on."""
    newline = newline_of(sheet.text)
    siblings = _siblings(item, sheet)
    index = next(i for i, s in enumerate(siblings) if s.block == item.block)
    at = (
        item.block_start
        if side == "before"
        else (siblings[index + 1].block_start if index + 1 < len(siblings) else _end_of(item, sheet))
    )
    if side == "after" and index + 1 == len(siblings) and not sheet.text[:at].endswith("\n"):
        text = newline + _line(item, text, siblings, index + (side == "after"))
    else:
        text = _line(item, text, siblings, index + (side == "after")) + newline
        if _loose(siblings, sheet):
            text += newline
    where = f"{side} “{short(item.text)}”"
    found = [
        Replacement(
            start=at,
            end=at,
            text=text,
            confidence=confidence,
            reason=f"a new step {where}",
            rule=rule,
            anchor=item.anchor,
            entries=entries,
        )
    ]
    first = index + (side == "after")
    return found + _renumber(siblings[first:], 1, entries, confidence, rule)


def remove_items(
    sheet: Sheet, items: list[Piece], *, entries: tuple[str, ...], confidence: float, rule: str = "addition"
) -> list[Replacement]:
    """Replacements that take these items of one list out, with what hangs under them, and count the numbers back."""
    found: list[Replacement] = []
    siblings = _siblings(items[0], sheet)
    gone = {item.block for item in items}
    passed = 0
    for i, sibling in enumerate(siblings):
        if sibling.block in gone:
            stop = siblings[i + 1].block_start if i + 1 < len(siblings) else _end_of(sibling, sheet)
            found.append(
                Replacement(
                    start=sibling.block_start,
                    end=stop,
                    text="",
                    confidence=confidence,
                    reason=f"“{short(sibling.text)}” goes",
                    rule=rule,
                    anchor=sibling.anchor,
                    entries=entries,
                )
            )
            passed += 1
        elif passed:
            found += _renumber([sibling], -passed, entries, confidence, rule)
    return found


def _siblings(item: Piece, sheet: Sheet) -> list[Piece]:
    """The items of the same list at the same indent, in order, each once."""
    indent = len(item.marker) - len(item.marker.lstrip())
    numbered = item.marker.strip()[0].isdigit()
    run: list[Piece] = []
    found_self = False
    for piece in sheet.pieces:
        if piece.kind in ("heading", "row", "title") or (piece.kind == "sentence" and not _hangs(piece, sheet, indent)):
            if found_self:
                break
            run = []
            continue
        if piece.kind != "item":
            continue
        depth = len(piece.marker) - len(piece.marker.lstrip())
        if depth < indent:
            if found_self:
                break
            run = []
        elif depth == indent and piece.marker.strip()[0].isdigit() == numbered and (not run or run[-1].block != piece.block):
            run.append(piece)
        found_self = found_self or piece.block == item.block
    return run or [item]


def _hangs(piece: Piece, sheet: Sheet, indent: int) -> bool:
    """Whether a paragraph is indented under an item."""
    line = sheet.text[piece.block_start : piece.start]
    return len(line) - len(line.lstrip()) > indent


def _end_of(item: Piece, sheet: Sheet) -> int:
    """Where the last item of a list ends, what hangs under it included."""
    indent = len(item.marker) - len(item.marker.lstrip())
    end = item.block_end
    for piece in sheet.pieces:
        if piece.start < end:
            continue
        line = sheet.text[piece.block_start : piece.start]
        if len(line) - len(line.lstrip(" \t")) > indent and piece.kind in ("item", "sentence"):
            end = piece.block_end
        else:
            break
    return end


def _line(item: Piece, text: str, siblings: list[Piece], index: int) -> str:
    marker = item.marker
    if number := re.match(r"(\s*)(\d+)([.)]\s+)", marker):
        first = int(re.match(r"\s*(\d+)", siblings[0].marker)[1])  # type: ignore[index]
        counted = _counts(siblings)
        marker = f"{number[1]}{first + index if counted else number[2]}{number[3]}"
    marker = re.sub(r"\[[xX]\]", "[ ]", marker)
    text = re.sub(r"\s+", " ", text).strip(" .,;")
    if sum(s.text.lstrip("*_`[")[:1].isupper() for s in siblings) * 2 >= len(siblings):
        text = text[:1].upper() + text[1:]
    if sum(bool(re.search(r"\.(?:\*\*)?(?:\s|$)", s.text)) for s in siblings) * 2 >= len(siblings):
        text += "."
    if sum(s.text.startswith("**") for s in siblings) * 2 > len(siblings):
        text = f"**{text}**"
    return marker + text


def _counts(siblings: list[Piece]) -> bool:
    """Whether the list's numbers go up; "1. 1. 1." leaves the counting to the reader's eye."""
    numbers = [int(m[1]) for s in siblings if (m := re.match(r"\s*(\d+)", s.marker))]
    return len(numbers) < 2 or numbers[0] != numbers[1]


def _renumber(items: list[Piece], by: int, entries: tuple[str, ...], confidence: float, rule: str) -> list[Replacement]:
    found: list[Replacement] = []
    if len(items) > 1 and not _counts(items):
        return []
    for item in items:
        number = re.match(r"(\s*)(\d+)", item.marker)
        if number is None:
            return []
        start = item.block_start + number.start(2)
        found.append(
            Replacement(
                start=start,
                end=start + len(number[2]),
                text=str(int(number[2]) + by),
                confidence=confidence,
                reason="",
                rule=rule,
                anchor=item.anchor,
                entries=entries,
            )
        )
    return found


def _loose(siblings: list[Piece], sheet: Sheet) -> bool:
    """Whether blank lines stand between the items."""
    return len(siblings) > 1 and bool(re.search(r"\n[ \t]*\r?\n", sheet.text[siblings[0].end : siblings[1].block_start]))


def last_of_list(item: Piece, sheet: Sheet) -> Piece:
    """The last item of the list that an item is in."""
    return _siblings(item, sheet)[-1]


def insert_row(sheet: Sheet, row: Piece, cells: list[str], *, entries: tuple[str, ...], confidence: float) -> list[Replacement]:
    """A row after `row`, with its columns; [] where there are more cells than columns."""
    columns = len(re.findall(r"(?<!\\)\|", row.text.strip().strip("|"))) + 1
    if not row.text.strip().startswith("|") or len(cells) > columns:
        return []
    cells = [cell.replace("|", "\\|") for cell in cells] + [""] * (columns - len(cells))
    newline = newline_of(sheet.text)
    line = "| " + " | ".join(cells) + " |"
    at = row.block_end
    text = line + newline if sheet.text[:at].endswith("\n") else newline + line
    return [
        Replacement(
            start=at, end=at, text=text, confidence=confidence, reason=f"a new row “{short(cells[0])}”", rule="addition", anchor=row.anchor,
            entries=entries,
        )
    ]  # fmt: skip


def sentence_span(piece: Piece, sheet: Sheet) -> tuple[int, int]:
    """A sentence with the space after it; the whole lines where it is its block's only one."""
    before = sheet.text[piece.block_start : piece.start]
    after = sheet.text[piece.end : piece.block_end]
    if not before.strip(" \t>-*+0123456789.)[]") and not after.strip():
        stop = piece.block_end
        if re.match(r"[ \t]*\r?\n", sheet.text[stop:]) and sheet.text[: piece.block_start].endswith("\n\n"):
            stop += re.match(r"[ \t]*\r?\n", sheet.text[stop:]).end()  # type: ignore[union-attr]
        return piece.block_start, stop
    end = piece.end + len(after) - len(after.lstrip(" ")) if after.strip() else piece.end
    start = piece.start if after.strip() else piece.start - (len(before) - len(before.rstrip()))
    return start, end


def short(text: str) -> str:
    """A text as a reason names it."""
    text = " ".join(re.sub(r"[*_`|]+", " ", text).split())
    return text if len(text) <= 60 else text[:57].rstrip() + "…"
