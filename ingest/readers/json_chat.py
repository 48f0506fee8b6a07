"""JSON of any other chat program: a list of objects that say who, when and what.

So Messenger, Instagram, Element, Skype, Teams and Zulip are read, and what a script wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ingest.clock import parse_at
from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.mailhtml import mail_html_to_text
from ingest.readers.rows import at_iso, at_number, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]

# Keys in the order in which they are asked.
_WHO = [
    "sender_name",
    "sender_full_name",
    "displayName",
    "display_name",
    "author_name",
    "nickname",
    "real_name",
    "full_name",
    "sender",
    "author",
    "from",
    "user",
    "creator",
    "username",
    "name",
    "nick",
    "handle",
    "speaker",
    "person",
    "personEmail",
    "sourceName",
    "source",
    "senderId",
    "by",
]
_WHEN = [
    "timestamp_ms",
    "timestamp",
    "originalarrivaltime",
    "createdDateTime",
    "created_at",
    "createdAt",
    "create_at",
    "created",
    "origin_server_ts",
    "sent_at",
    "sentAt",
    "received_at",
    "datetime",
    "date",
    "time",
    "ts",
    "when",
    "at",
]
_WHAT = ["content", "text", "body", "message", "dataMessage", "msg", "plain_text", "plaintext", "markdown"]
_NAME_KEYS = ("displayName", "display_name", "name", "full_name", "username", "nick", "id")
_MAX_DEPTH = 5


def claims(source: Source) -> bool:
    return bool(_conversations(source.data))


def read(source: Source) -> list[Incoming]:
    """One update a conversation and day, by time."""
    found: list[Incoming] = []
    conversations = _conversations(source.data)
    for label, messages in conversations:
        turns = sorted(_turns(messages, source), key=lambda turn: turn.at.timestamp() if turn.at is not None else 0.0)
        if len(conversations) == 1 or any(turn.kind == "said" and turn.text.strip() for turn in turns):
            found += daily(source, turns, name=f"{source.name} {label}".strip())
    return found


def _conversations(data: object) -> list[tuple[str, list[dict[str, Any]]]]:
    return [found for found in _lists(data, "", 0) if _is_chat(found[1])]


def _lists(value: object, label: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The lists of objects, the outermost first; nothing inside of a list of messages."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        messages = [_unwrapped(one) for one in rows(value)]
        if messages and _is_chat(messages):
            yield label, messages
            return
        for one in messages[:5000]:
            yield from _lists(one, label, depth + 1)
    elif isinstance(value, dict):
        own = text_of(value.get("title"), value.get("displayName"), value.get("room_name"), value.get("name")) or label
        for inner in value.values():
            if isinstance(inner, list | dict):
                yield from _lists(inner, own, depth + 1)


def _unwrapped(one: dict[str, Any]) -> dict[str, Any]:
    """What is inside of {"envelope": {…}} and the like, one object in another and nothing beside it."""
    inner = next(iter(one.values())) if len(one) == 1 else None
    return inner if isinstance(inner, dict) else one


def _is_chat(messages: list[dict[str, Any]]) -> bool:
    """Whether half of the objects say who, when and what."""
    sample = messages[:50]
    return sum(1 for one in sample if _author(one) and _at(one, None) is not None and _what(one)) * 2 >= len(sample)


def _turns(messages: list[dict[str, Any]], source: Source) -> Iterator[Turn]:
    for one in messages:
        kind = text_of(one.get("type"), one.get("messageType"), one.get("messagetype"))
        system = bool(
            re.search(r"system|member|topic|service|event(?!.*message)|call|join|leave|subscribe", kind, re.IGNORECASE)
        )
        yield Turn(
            author=_author(one),
            at=_at(one, source),
            text=_what(one).strip(),
            key=text_of(one.get("id"), one.get("event_id"), one.get("_id")),
            reply_to=text_of(one.get("reply_to"), one.get("replyToId"), one.get("in_reply_to"), one.get("parent_id")),
            kind="system" if system and "message" not in kind.replace("systemEventMessage", "system") else "said",
        )


def _author(one: Mapping[str, Any]) -> str:
    for key in _WHO:
        value = one.get(key)
        if isinstance(value, dict):
            inner = row(value.get("user")) or row(value.get("application")) or value
            value = next((inner[name] for name in _NAME_KEYS if text_of(inner.get(name))), None)
        if isinstance(value, str) and value.strip():
            return re.sub(r"^@([^:\s]+):[\w.-]+$", r"\1", _mended(text_of(value)).replace("\n", " ").strip())
    return ""


def _what(one: Mapping[str, Any]) -> str:
    for key in _WHAT:
        value = one.get(key)
        if isinstance(value, dict):
            rich = text_of(value.get("contentType")) == "html"
            value = next((value[inner] for inner in ("body", "text", "content", "message") if inner in value), None)
            value = mail_html_to_text(value) if rich and isinstance(value, str) else value
        if isinstance(value, str) and value.strip():
            return _mended(text_of(value))
    return ""


def _at(one: Mapping[str, Any], source: Source | None) -> datetime | None:
    for key in _WHEN:
        value = one.get(key)
        if value is None or isinstance(value, dict | list | bool):
            continue
        number = at_number(value) if re.fullmatch(r"\d{9,16}(?:\.\d+)?", str(value)) else None
        at = (
            number
            or at_iso(value)
            or (parse_at(str(value), source.occurred_at if source else None) if len(str(value)) < 80 else None)
        )
        if at is not None:
            return at
    return None


def _mended(text: str) -> str:
    """Messenger's exports hold UTF-8 that was taken for Latin-1."""
    if not re.search("[\u00c2-\u00f4][\u0080-\u00bf]", text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
