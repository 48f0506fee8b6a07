"""Rich Text Format to Markdown, through striprtf: in the process that converts documents."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["rtf_to_markdown"]

_CODE_PAGE = re.compile(r"\\ansicpg(\d{3,5})")
_DELETED = re.compile(r"\{\\(?:deleted|v)(?:\\[a-z]+-?\d*)*[ \\][^{}]*\}")
_MARKER = re.compile(r"\{\\(?:\*\\)?(?:pntext|listtext)\b([^{}]*)\}")


def rtf_to_markdown(data: bytes) -> str:
    """Text with its paragraphs, list items and rows of tables."""
    from striprtf import striprtf

    convert: Callable[..., str] = striprtf.rtf_to_text
    raw = data.decode("latin-1")
    page = _CODE_PAGE.search(raw[:2_000])
    encoding = f"cp{page[1]}" if page is not None and page[1] != "65001" else "utf-8" if page is not None else "cp1252"
    try:
        "".encode(encoding)
    except LookupError:
        encoding = "cp1252"
    text = convert(_MARKER.sub(_item, _DELETED.sub("", raw)), encoding=encoding, errors="replace")
    lines = [_row(line) for line in text.replace("\r", "").replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _item(marker: re.Match[str]) -> str:
    """The mark before an item of a list, which striprtf leaves out."""
    number = re.search(r"(?<![\w'])(\d{1,3}[.)])", marker[1])
    return f" {number[1] if number is not None else '-'} "


def _row(line: str) -> str:
    """A table's row, whose cells striprtf ends with a bar."""
    if line.rstrip().endswith("|") and line.count("|") >= 1:
        return "| " + " | ".join(cell.strip() for cell in line.rstrip().rstrip("|").split("|")) + " |"
    return line.strip()
