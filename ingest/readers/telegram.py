"""Telegram Desktop's export as JSON: one chat (result.json), or all of an account's."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.rows import at_iso, at_number, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]


def claims(source: Source) -> bool:
    chats = _chats(source.data)
    return any(
        "text" in one and ("date" in one or "date_unixtime" in one) for chat in chats for one in rows(chat["messages"])[:50]
    )


def read(source: Source) -> list[Incoming]:
    """One update a chat and day. The export writes local time; where it has the seconds since 1970 too, those are taken."""
    chats = _chats(source.data)
    found: list[Incoming] = []
    for chat in chats:
        turns = list(_turns(chat, source))
        if len(chats) == 1 or any(turn.kind == "said" and turn.text.strip() for turn in turns):
            found += daily(source, turns, name=f"Telegram {text_of(chat.get('name'))}".strip())
    return found


def _chats(data: object) -> list[dict[str, object]]:
    whole = row(data)
    many = rows(row(whole.get("chats")).get("list")) + rows(row(whole.get("left_chats")).get("list"))
    return [dict(chat) for chat in ([whole] if "messages" in whole else many) if rows(chat.get("messages"))]


def _turns(chat: dict[str, object], source: Source) -> Iterator[Turn]:
    author = ""
    for one in rows(chat["messages"]):
        at = at_number(one["date_unixtime"]) if "date_unixtime" in one else at_iso(one.get("date"), source.zone)
        if one.get("type", "message") != "message":
            what = " ".join(text_of(one.get(key)) for key in ("action", "title"))
            yield Turn(author=text_of(one.get("actor")), at=at, text=what, kind="system")
            continue
        author = text_of(one.get("from"), one.get("author"), one.get("from_id")) or author
        said = _text(one.get("text"))
        key, reply_to = text_of(one.get("id")), text_of(one.get("reply_to_message_id"))
        question = text_of(row(one.get("poll")).get("question"))
        if said.strip() or question:
            yield Turn(author=author, at=at, text=said if said.strip() else question, key=key, reply_to=reply_to)
        else:
            media = text_of(one.get("file_name"), one.get("media_type"), one.get("photo"), one.get("file"), "media")
            yield Turn(author=author, at=at, text=media, kind="media")


def _text(value: object) -> str:
    """Text is a string, or a list of strings and of marked-up pieces."""
    if isinstance(value, list):
        return "".join(_piece(piece) for piece in value)
    return text_of(value)


def _piece(piece: object) -> str:
    if isinstance(piece, dict):
        words, target = _raw(piece.get("text")), _raw(piece.get("href"))
        return f"{words} ({target})" if target and target.rstrip("/") != words.rstrip("/") else words
    return _raw(piece)


def _raw(value: object) -> str:
    return text_of(value) or (value if isinstance(value, str) else "")
