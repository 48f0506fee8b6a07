"""Tables as text (.csv, .tsv) to Markdown: whatever parts the cells, with or without a header row."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

from ingest.readers.limits import Limits
from ingest.readers.text import read_plain
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["is_sheet", "read_sheet"]

_SEPARATORS = ",;\t|"
_VALUE = re.compile(r"^[\s€$£%+-]*\d[\d.,:/\s'-]*\s?[€$£%]?$")
_SAMPLE_ROWS = 60


def is_sheet(name: str) -> bool:
    return name.lower().endswith((".csv", ".tsv", ".tab"))


def read_sheet(
    name: str,
    text: str,
    *,
    author: str = "",
    occurred_at: datetime | None = None,
    limits: Limits | None = None,
) -> Incoming:
    """One update of channel document, a Markdown table. Raises InvalidInput where there are no rows."""
    table = _to_markdown(text)
    if not table:
        raise InvalidInput(f"{name} holds no rows.", hint="Check the file, then send it again.")
    return read_plain("document", table, author=author, occurred_at=occurred_at, source_name=name, limits=limits)


def _to_markdown(text: str) -> str:
    text = text.strip("\n\x0c")
    named = re.match(r"sep=(.)\n", text, re.IGNORECASE)  # Excel's own first line
    if named is not None:
        text = text[named.end() :]
    separator = named[1] if named is not None else _separator(text)
    if not separator:
        return "\n".join(" ".join(line.strip(' "').split()) for line in text.split("\n") if line.strip())
    rows = _rows(text, separator)
    above = []
    while rows and len(rows[0]) == 1 and len(rows) > 1:
        above.append(rows.pop(0)[0])  # a title over the table
    width = max(len(row) for row in rows)
    head = rows.pop(0) if _is_head(rows) else [""] * width
    lines = [_line(head, width), f"|{' --- |' * width}", *(_line(row, width) for row in rows)]
    return "\n\n".join([*above, "\n".join(lines)])


def _rows(text: str, separator: str) -> list[list[str]]:
    """The rows that hold anything, without empty cells at their ends."""
    csv.field_size_limit(10_000_000)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True):
            cells = [" ".join(cell.split()) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                found.append(cells)
    except csv.Error:
        return [[cell.strip(' "') for cell in line.split(separator)] for line in text.split("\n") if line.strip()]
    return found


def _separator(text: str) -> str:
    """What parts the cells: the sign that most rows have equally often, and often; "" where there is none."""

    def fitness(separator: str) -> tuple[float, int]:
        widths = [len(row) for row in _rows(sample, separator)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (0.0, 0) if usual <= 1 else (widths.count(usual) / len(widths), usual)

    sample = "\n".join(text.split("\n", _SAMPLE_ROWS)[:_SAMPLE_ROWS])
    best = max(_SEPARATORS, key=fitness)
    return best if fitness(best)[1] else ""


def _is_head(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: none of its cells is a number or a date, unless all rows are so."""
    return not any(_VALUE.match(cell) for cell in rows[0]) or all(cell.isdigit() and len(cell) == 4 for cell in rows[0][1:])


def _line(row: list[str], width: int) -> str:
    cells = [cell.replace("|", "\\|") for cell in row] + [""] * (width - len(row))
    return f"| {' | '.join(cells)} |"
