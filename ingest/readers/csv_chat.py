"""A chat as a table: CSV whose columns say who, when and what, as some exporters write it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from ingest.readers import json_chat
from ingest.readers.conversation import Source
from ingest.update import Incoming

__all__ = ["claims", "read"]


def claims(source: Source) -> bool:
    """Whether its first line names columns, and the first rows under it are messages."""
    head = source.lines[0] if source.lines else ""
    if len(head) > 500 or not any(mark in head for mark in ",;\t"):
        return False
    return json_chat.claims(replace(source, data=_rows("\n".join(source.lines[:40]))))


def read(source: Source) -> list[Incoming]:
    """One update a day."""
    return json_chat.read(replace(source, data=_rows(source.text)))


def _rows(text: str) -> list[dict[str, str]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [*csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:
        return []
    names = [name.strip().casefold().replace(" ", "_") for name in rows[0]] if rows else []
    return [dict(zip(names, row, strict=False)) for row in rows[1:] if len(row) == len(names)]
