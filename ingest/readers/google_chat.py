"""Google Chat as Takeout gives it: messages.json of one room."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.clock import parse_at
from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.rows import at_iso, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]


def claims(source: Source) -> bool:
    return any(isinstance(one.get("creator"), dict) and "created_date" in one for one in _messages(source)[:50])


def read(source: Source) -> list[Incoming]:
    """One update a day. Messages of one topic answer its first."""
    return daily(source, _turns(source), name=f"Google Chat {source.name}" if source.name else "Google Chat")


def _messages(source: Source) -> list[dict[str, object]]:
    return rows(row(source.data).get("messages"))


def _turns(source: Source) -> Iterator[Turn]:
    first_of: dict[str, str] = {}
    for number, one in enumerate(_messages(source)):
        who = row(one.get("creator"))
        author = text_of(who.get("name"), who.get("email"))
        date = text_of(one.get("created_date"), one.get("updated_date"))
        at = at_iso(date) or parse_at(date.replace("UTC", "").strip())
        topic, key = text_of(one.get("topic_id")), text_of(one.get("message_id"), f"#{number}")
        reply_to = first_of.setdefault(topic, key) if topic else ""
        said = text_of(one.get("text"))
        if said and text_of(one.get("message_state")) != "DELETED":
            yield Turn(author=author, at=at, text=said, key=key, reply_to=reply_to if reply_to != key else "")
        for file in rows(one.get("attached_files")):
            name = text_of(file.get("original_name"), file.get("export_name"), "file")
            yield Turn(author=author, at=at, text=name, kind="media")
