"""The way in: a pasted text, or a file of any kind, to updates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest.clock import aware
from ingest.readers.conversation import Source
from ingest.readers.formats import read_conversation
from ingest.readers.kinds import Room, Sent
from ingest.readers.limits import Limits, check_length
from ingest.readers.text import clean_text, pasted_text, read_plain
from ingest.speech import Transcriber
from ingest.update import CHANNELS, Incoming
from wiki.errors import InvalidInput

__all__ = ["read_file", "read_text"]


def read_text(
    channel: str,
    text: str,
    author: str = "",
    occurred_at: datetime | None = None,
    *,
    source_name: str = "",
    date_order: str = "auto",
    limits: Limits | None = None,
) -> list[Incoming]:
    """The updates in a pasted text. A conversation that a program exported or copied is read as the same file would be; any
    other text is one update and kept as it was pasted.

    `date_order` is "day", "month" or "auto": what stands first where a text does not tell.
    Raises InvalidInput for an unknown channel, an empty or too long text.
    """
    if channel not in CHANNELS:
        raise InvalidInput(f"Unknown channel {channel!r}.", hint=f"Use one of {', '.join(CHANNELS)}.")
    limits = limits or Limits()
    source = Source(
        name=clean_text(source_name),
        text=pasted_text(text),
        channel=channel,
        author=clean_text(author).strip(),
        occurred_at=aware(occurred_at),
        date_order=date_order,
        limits=limits,
    )
    check_length("The text", source.text, limits.max_export_chars)
    found = read_conversation(source)
    if found is not None:
        return found
    return [
        read_plain(
            channel,
            source.text,
            author=author,
            occurred_at=occurred_at,
            source_name=source_name,
            date_order=date_order,
            limits=limits,
        )
    ]


def read_file(
    name: str,
    data: bytes,
    *,
    speech_model: Path | str | None = None,
    transcriber: Transcriber | None = None,
    keep_recordings: bool = False,
    channel: str | None = None,
    author: str = "",
    occurred_at: datetime | None = None,
    date_order: str = "auto",
    limits: Limits | None = None,
) -> list[Incoming]:
    """The updates in a file: one, or many of a mailbox, an export or a zip; a mail's attachments follow it.

    Recordings are transcribed by `transcriber` (or one made for `speech_model`); with `keep_recordings` they come back as they
    are, in `Incoming.recording`, to be kept first and transcribed later. `channel`, `author` and `occurred_at` are what the
    sender said; what the file itself says about author and time wins, the sender's channel wins for plain text. `date_order`
    is "day", "month" or "auto": what stands first where a chat does not tell.
    Raises InvalidInput for what cannot be read, SpeechUnavailable for a recording without a model.
    """
    if transcriber is None and speech_model is not None:
        transcriber = Transcriber(speech_model)
    limits = limits or Limits()
    sent = Sent(
        transcriber=transcriber,
        keep_recordings=keep_recordings,
        channel=channel,
        author=author,
        occurred_at=aware(occurred_at),
        date_order=date_order,
        limits=limits,
        room=Room(limits.max_zip_bytes),
    )
    found = sent.read(name.replace("\\", "/").rsplit("/", 1)[-1] or "The file", data, depth=0)
    if not found:
        raise InvalidInput(
            f"{name} holds nothing that can be read.", hint="Send text, mails, transcripts, documents or recordings."
        )
    return found
