"""Plain text: made clean, and what kind of text it is."""

from __future__ import annotations

import re
from datetime import datetime

from ingest.messages import Message, has_turns, noted_messages_of
from ingest.readers.limits import Limits, check_length
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["channel_of", "clean_text", "pasted_text", "read_plain"]

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean_text(text: str) -> str:
    """`text` as it can be stored anywhere: line ends as \\n, without control characters or halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _UNWANTED.sub("", text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def read_plain(
    channel: str,
    text: str,
    *,
    author: str = "",
    occurred_at: datetime | None = None,
    source_name: str = "",
    date_order: str = "auto",
    limits: Limits | None = None,
) -> Incoming:
    """One update of a text as it stands. Raises InvalidInput for an empty or too long one."""
    text = pasted_text(text)
    check_length(source_name or "The text", text, (limits or Limits()).max_text_chars)
    author = clean_text(author).strip()
    messages, note = noted_messages_of(text, channel, author=author, occurred_at=occurred_at, order=date_order)
    return Incoming(
        channel=channel,
        text=text,
        author=author,
        occurred_at=occurred_at or next((message.at for message in messages if message.at is not None), None),
        source_name=clean_text(source_name),
        messages=messages,
        aside=(Message(text=note, kind="note"),) if note else (),
    )


def pasted_text(text: str) -> str:
    """The clean text of what was pasted. Raises InvalidInput for an empty one."""
    text = clean_text(text).strip("\n")
    if not text.strip():
        raise InvalidInput("There is no text in this update.", hint="Paste what was said, or send a file with text in it.")
    return text


def channel_of(text: str) -> str:
    """chat, meeting or document: what a text file looks like."""
    shape = has_turns(text)
    return {"timed": "chat", "named": "meeting"}.get(shape, "document")
