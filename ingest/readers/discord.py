"""A Discord channel as its usual exporter writes it in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.rows import at_iso, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]

_SAID = frozenset(
    ("Default", "Reply", "ThreadStarterMessage", "ChatInputCommand", "ContextMenuCommand", "0", "19", "20", "23", "")
)


def claims(source: Source) -> bool:
    return any(
        "content" in one and "timestamp" in one and isinstance(one.get("author"), dict) for one in _messages(source)[:50]
    )


def read(source: Source) -> list[Incoming]:
    """One update a day. Joins, pins and calls are no messages."""
    whole = row(source.data)
    channel = text_of(row(whole.get("channel")).get("name"))
    return daily(source, _turns(source), name=f"Discord #{channel}" if channel else "Discord")


def _messages(source: Source) -> list[dict[str, object]]:
    return rows(row(source.data).get("messages") if isinstance(source.data, dict) else source.data)


def _turns(source: Source) -> Iterator[Turn]:
    for one in _messages(source):
        who, at = row(one.get("author")), at_iso(one.get("timestamp"), source.zone)
        author = text_of(who.get("nickname"), who.get("global_name"), who.get("name"), who.get("username"))
        said = text_of(one.get("content"))
        reply_to = text_of(row(one.get("reference")).get("messageId"), row(one.get("message_reference")).get("message_id"))
        if str(one.get("type", "")) not in _SAID:
            yield Turn(author=author, at=at, text=said or str(one.get("type")), kind="system")
        elif said:
            yield Turn(author=author, at=at, text=said, key=text_of(one.get("id")), reply_to=reply_to)
        else:
            yield from _without_words(one, author, at)


def _without_words(one: dict[str, object], author: str, at: datetime | None) -> Iterator[Turn]:
    for embed in rows(one.get("embeds")):
        said = "\n".join(part for part in (text_of(embed.get("title")), text_of(embed.get("description"))) if part)
        yield Turn(author=author, at=at, text=said, key=text_of(one.get("id")))
    for file in rows(one.get("attachments")):
        yield Turn(author=author, at=at, text=text_of(file.get("fileName"), file.get("filename"), "file"), kind="media")
