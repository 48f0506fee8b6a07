"""Lists, tables and fences where GitHub sees them, written so that Python-Markdown sees them too.

Python-Markdown wants a blank line before a list or a table that follows a paragraph, and four spaces before what belongs to a list
item. GitHub (CommonMark) goes without the blank line, and what belongs to an item stands below the item's text. `spaced` adds the
blank lines and moves what belongs to an item to multiples of four; lines that it need not touch stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["MOVED_HEADING", "spaced"]

MOVED_HEADING = re.compile(r"^ ++(?:#|[=-]+ *$|\S.*\n[=-]+ *$)", re.MULTILINE)
"""What may be, or cease to be, a heading once it stands elsewhere in its line."""

_ITEM = re.compile(r"(?P<indent> *)(?:(?P<bullet>[-*+])|(?P<number>\d{1,9})[.)])(?P<gap> +)(?=\S)")
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,})\Z")
_UNDERLINE = re.compile(r" *(?:=+|-+) *\Z")
_HEADING = re.compile(r"#{1,6}(?: |\Z)")
_QUOTE = re.compile(r" {0,3}> ?")
_STASHED = re.compile(r"\x02wzxhzdk:\d+\x03\Z")
_DELIMITER = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|?\Z")
_CELL_END = re.compile(r"(?<!\\)\|")
_CODE = 4  # spaces that make a line code
_MOST_QUOTES = 20  # quotes in quotes; what is deeper stays as it is


@dataclass(frozen=True, slots=True)
class _Item:
    """An open list item: the column of its text."""

    column: int
    ordered: bool


@dataclass(slots=True)
class _Spacing:
    lines: Sequence[str]
    depth: int
    out: list[str] = field(default_factory=list)
    open: list[_Item] = field(default_factory=list)
    quoted: bool = False  # the line before was quoted inside a list item
    after_item: bool = False  # the lines since the last blank one begin with an item

    def run(self) -> list[str]:
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if not self.open and self.depth < _MOST_QUOTES and _QUOTE.match(line):
                number = self._quote(number)
                continue
            if line.strip():
                self._line(line, number)
            else:
                self.out.append(line)
                self.after_item = False
            number += 1
        return self.out

    def _quote(self, number: int) -> int:
        """Take the quoted lines that follow each other as a text of its own; gives the number of the line behind them."""
        end = number
        marks: list[str] = []
        while end < len(self.lines) and (mark := _QUOTE.match(self.lines[end])):
            marks.append(self.lines[end][mark.end() :])
            end += 1
        inside = _Spacing(marks, self.depth + 1).run()
        self.out += self.lines[number:end] if inside == marks else [f"> {line}" if line else ">" for line in inside]
        return end

    def _line(self, line: str, number: int) -> None:
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        item = None if _RULE.match(line) else _ITEM.match(line)
        if item is not None and self._is_item(item, number):
            self._item(item, line)
        elif self._is_table(number):
            self._close(indent)
            self._block(text if self.open else line)
        elif not self.open:
            if _STASHED.match(text) and indent < _CODE:
                self._apart(line)
            else:
                self._after_stashed()
                self.out.append(line)
        elif _UNDERLINE.match(line) or (self._after_text() and indent < self.open[-1].column and not _starts_block(line, text)):
            self.out.append(line)
        else:
            self._inside(line, text, indent)

    # --- lists

    def _is_item(self, item: re.Match[str], number: int) -> bool:
        indent = len(item["indent"])
        if not self.open:
            if indent >= _CODE:
                return False
            if not self._after_text():
                return True
            return self._may_interrupt(item) and not (number + 1 < len(self.lines) and _UNDERLINE.match(self.lines[number + 1]))
        inner = self.open[-1]
        if indent < inner.column:
            return True
        if self._after_text():
            return self._may_interrupt(item)
        return indent - inner.column < _CODE

    def _may_interrupt(self, item: re.Match[str]) -> bool:
        return item["bullet"] is not None or item["number"] == "1"

    def _item(self, item: re.Match[str], line: str) -> None:
        indent, ordered = len(item["indent"]), item["number"] is not None
        before = self._close(indent)
        apart = (not self.open) if before is None else before.ordered != ordered
        if apart or not self.after_item:
            self._gap()
        if not self._after_text():
            self.after_item = True
        gap = len(item["gap"])
        marker = f"{item['number']}." if ordered else str(item["bullet"])
        self.out.append(f"{'    ' * len(self.open)}{marker}{item['gap']}{line[item.end() :]}")
        width = item.end() - indent - gap
        self.open.append(_Item(indent + width + (gap if gap <= _CODE else 1), ordered))
        self.quoted = False

    def _close(self, indent: int) -> _Item | None:
        """Close the items that a line with this indent is not part of; the outermost of them."""
        closed = None
        while self.open and indent < self.open[-1].column:
            closed = self.open.pop()
        return closed

    def _inside(self, line: str, text: str, indent: int) -> None:
        self._close(indent)
        if not self.open:
            if _STASHED.match(text):
                self._apart(line)
            else:
                self.out.append(line)
            return
        extra = indent - self.open[-1].column
        if extra >= _CODE:
            self.out.append("    " * len(self.open) + " " * extra + text)
        elif _STASHED.match(text):
            self._apart("    " * len(self.open) + text)
        else:
            quoted = text.startswith(">")
            if _HEADING.match(text) or (quoted and not self.quoted):
                self._gap()
            self._after_stashed()
            self.out.append("    " * len(self.open) + text)
            self.quoted = quoted

    # --- tables, and what else is set apart by blank lines

    def _is_table(self, number: int) -> bool:
        """Whether a table begins in this line, right below a text."""
        line = self.lines[number]
        if "|" not in line or number + 1 >= len(self.lines) or not self._after_text():
            return False
        rule = self.lines[number + 1]
        return "|" in rule and _DELIMITER.match(rule.strip()) is not None and _cells(line) == _cells(rule)

    def _block(self, text: str) -> None:
        self._gap()
        self.out.append("    " * len(self.open) + text)

    def _apart(self, line: str) -> None:
        self._gap()
        self.out.append(line)

    def _after_stashed(self) -> None:
        if self.out and _STASHED.match(self.out[-1].lstrip(" ")):
            self._gap()

    def _gap(self) -> None:
        if self._after_text():
            self.out.append("")
            self.after_item = False

    def _after_text(self) -> bool:
        return bool(self.out and self.out[-1].strip())


def spaced(lines: Sequence[str]) -> list[str]:
    """The lines of a text in which code and HTML are stashed already, with blank lines and indents as Python-Markdown wants them."""
    return _Spacing(lines, 0).run()


def _starts_block(line: str, text: str) -> bool:
    return bool(_HEADING.match(text) or text.startswith(">") or _STASHED.match(text) or _RULE.match(line))


def _cells(row: str) -> int:
    row = row.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return len(_CELL_END.split(row))
