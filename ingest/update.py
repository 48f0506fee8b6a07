"""Updates and entries: the news as it came in, and the statements taken out of it.

`Incoming` is what a reader makes of a pasted text or a file. Once redacted and stored it is an `Update`: raw, kept, never
edited. `Message` is one turn in it: a chat line, what one speaker said, a mail's subject or body, a spoken segment.
`messages_of` finds the turns in plain text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from ingest.messages import Message, messages_of

__all__ = [
    "CHANNELS",
    "ENTRY_KINDS",
    "STATUSES",
    "Entry",
    "Incoming",
    "Message",
    "Update",
    "content_hash",
    "entry_id",
    "messages_of",
]

CHANNELS = ("chat", "email", "meeting", "voice", "document", "note")
STATUSES = ("queued", "running", "done", "failed")
ENTRY_KINDS = ("change", "decision", "blocker", "question", "progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a reader found: not yet redacted, not yet stored.

    `channel` is one of CHANNELS; `author` and `source_name` are "" and `occurred_at` (aware) None where not known.
    `source_name` says where it came from: a file's name, a mail's message id, a chat channel and day.
    `aside` is what is no news, kept apart: all kinds of messages but "said", not in `text`.
    `recording` holds a recording's bytes where it is to be kept first and transcribed later; `text` is "" then.
    """

    channel: str
    text: str
    author: str = ""
    occurred_at: datetime | None = None
    source_name: str = ""
    messages: tuple[Message, ...] = ()
    aside: tuple[Message, ...] = ()
    recording: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One stored piece of news. `text` is redacted; "" while a recording waits to be transcribed. Times are aware, UTC.

    `status` is one of STATUSES; `error` is for the person who sent it, "" unless failed. `aside` is what is no news.
    """

    id: str
    channel: str
    text: str
    author: str = ""
    occurred_at: datetime | None = None
    received_at: datetime
    status: str = "queued"
    error: str = ""
    source_name: str = ""
    content_hash: str
    messages: tuple[Message, ...] = ()
    aside: tuple[Message, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the sender should know about how it was read: a date that could be read two ways."""
        return tuple(message.text for message in self.aside if message.kind == "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One statement taken out of an update.

    `kind` is one of ENTRY_KINDS; `quote` is verbatim from the update's text; `text` is the statement in full words where
    the quote alone does not say it (a pronoun resolved, the question that a "yes" answers), else the quote.
    """

    id: str
    update: str
    kind: str
    quote: str
    author: str = ""
    at: datetime | None = None
    text: str = ""


def entry_id(update_id: str, ordinal: int) -> str:
    """The id of the update's entry number `ordinal` (from 0): the same on every run, in the order of the update."""
    return f"{update_id}-{ordinal:03d}"


def content_hash(content: str | bytes) -> str:
    """SHA-256, hexadecimal, of what was said: for text blind to line ends, white space, Unicode form and case."""
    if isinstance(content, bytes):
        return hashlib.sha256(b"file\0" + content).hexdigest()
    normal = unicodedata.normalize("NFKC", content).casefold()
    normal = re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", " ", normal).strip()
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()
