"""Transcripts as JSON: a list of pieces with what was said, where it starts, and who spoke where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.conversation import Source, Turn, at_offset, conversation
from ingest.readers.rows import row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]

_LISTS = ("segments", "sentences", "utterances", "transcript", "monologues", "results", "data", "entries", "captions")
_STARTS = ("start", "start_time", "startTime", "start_s", "offset", "begin")
_TEXTS = ("text", "sentence", "transcript", "content", "raw_text")
_SPEAKERS = ("speaker_name", "speakerName", "speaker", "speaker_label", "name", "author")
_MILLISECONDS = ("startMs", "start_ms")


def claims(source: Source) -> bool:
    pieces = _pieces(source.data)
    return bool(pieces) and sum(1 for one in pieces[:50] if _start(one) is not None and _text(one)) * 2 >= len(pieces[:50])


def read(source: Source) -> list[Incoming]:
    """One update of channel meeting; pieces of one speaker in a row are one message."""
    return [conversation(source, [*_turns(source)], channel="meeting", occurred_at=source.occurred_at)]


def _turns(source: Source) -> Iterator[Turn]:
    speaker, start_s, said = "", None, list[str]()
    for one in _pieces(source.data):
        who = text_of(*(row(one.get(key)).get("name", one.get(key)) for key in _SPEAKERS))
        if said and (who != speaker or not who):
            yield Turn(author=speaker, start_s=start_s, at=at_offset(source.occurred_at, start_s), text=" ".join(said))
            said = []
        if not said:
            speaker, start_s = who, _start(one)
        if _text(one):
            said.append(_text(one))
    if said:
        yield Turn(author=speaker, start_s=start_s, at=at_offset(source.occurred_at, start_s), text=" ".join(said))


def _pieces(data: object) -> list[dict[str, Any]]:
    if isinstance(data, list):
        return rows(data)
    for key in _LISTS:
        inner = row(data).get(key)
        if isinstance(inner, dict):
            inner = next((inner[deeper] for deeper in _LISTS if isinstance(inner.get(deeper), list)), None)
        if rows(inner):
            return rows(inner)
    return []


def _start(one: dict[str, Any]) -> float | None:
    for key in (*_STARTS, *_MILLISECONDS):
        value = one.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e8:
            return value / 1000 if key in _MILLISECONDS else float(value)
    return None


def _text(one: dict[str, Any]) -> str:
    return text_of(*(one.get(key) for key in _TEXTS)).strip()
