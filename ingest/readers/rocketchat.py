"""Rocket.Chat messages as JSON: a list, an object with `messages`, or one a line."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.rows import at_iso, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]


def claims(source: Source) -> bool:
    return any("msg" in one and ("ts" in one or "_updatedAt" in one) for one in _messages(source)[:50])


def read(source: Source) -> list[Incoming]:
    """One update a day. Messages with a type (`t`) are the program's own: joins, renames, removals."""
    return daily(source, _turns(source), name=f"Rocket.Chat {source.name}" if source.name else "Rocket.Chat")


def _messages(source: Source) -> list[dict[str, object]]:
    return rows(row(source.data).get("messages") if isinstance(source.data, dict) else source.data)


def _turns(source: Source) -> Iterator[Turn]:
    for one in _messages(source):
        user = row(one.get("u"))
        author = text_of(one.get("name"), user.get("name"), one.get("alias"), one.get("username"), user.get("username"))
        at, said = at_iso(one.get("ts", one.get("_updatedAt")), source.zone), text_of(one.get("msg"))
        system = bool(one.get("t")) and one.get("t") not in ("e2e", "message")
        key, reply_to = text_of(one.get("_id"), one.get("id")), text_of(one.get("tmid"))
        yield Turn(author=author, at=at, text=said, key=key, reply_to=reply_to, kind="system" if system else "said")
        for file in rows(one.get("attachments")):
            what = text_of(file.get("title"), file.get("text"))
            yield Turn(author=author, at=at, text=what, kind="media")
