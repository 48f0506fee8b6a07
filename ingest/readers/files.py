"""A file of any kind to updates: what it is, is told by its content first and its name second."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ingest.clock import aware, named_at
from ingest.readers.archive import Archive, is_zip
from ingest.readers.audio import is_recording, keep_recording, read_recording
from ingest.readers.conversation import Source
from ingest.readers.document import read_document
from ingest.readers.formats import read_conversation
from ingest.readers.limits import Limits, check_length, check_size
from ingest.readers.mail import is_mail, is_mailbox, read_mail, split_mailbox
from ingest.readers.slack_export import is_slack_export, read_slack_export
from ingest.readers.text import channel_of, clean_text, decode_text, pasted_text, read_plain
from ingest.speech import Transcriber
from ingest.update import CHANNELS, Incoming
from wiki.errors import InvalidInput

__all__ = ["read_file", "read_text"]

_log = logging.getLogger(__name__)
_MAX_DEPTH = 4
_MAX_ZIP_DEPTH = 2
_OFFICE = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_NO_CONVERSATIONS = frozenset(("xlsx", "pptx", "csv", "html"))
_ESCAPE = re.compile(r"\\([_*#\[\]<>~])")  # of Markdown
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


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
    source = _Source(
        transcriber, keep_recordings, channel, author, aware(occurred_at), date_order, limits, _Room(limits.max_zip_bytes)
    )
    found = source.read(name.replace("\\", "/").rsplit("/", 1)[-1] or "The file", data, depth=0)
    if not found:
        raise InvalidInput(
            f"{name} holds nothing that can be read.", hint="Send text, mails, transcripts, documents or recordings."
        )
    return found


@dataclass(slots=True)
class _Room:
    """How many bytes may still come out of archives, those inside of others counted too."""

    left_bytes: int


@dataclass(frozen=True, slots=True)
class _Source:
    """What is known about everything in one file that was sent."""

    transcriber: Transcriber | None
    keep_recordings: bool
    channel: str | None
    author: str
    occurred_at: datetime | None
    date_order: str
    limits: Limits
    room: _Room
    zip_depth: int = 0

    def read(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        if is_recording(name, data):
            return [self._recording(name, data)]
        check_size(name, len(data), self.limits.max_file_bytes)
        if is_zip(data):
            return self._zip(name, data, depth)
        if data[:8] == _OLD_OFFICE:
            raise InvalidInput(
                f"{name} is in an old Office or Outlook format.", hint="Save it as .docx, .xlsx, .pptx or, a mail, as .eml."
            )
        if b"%PDF-" in data[:1024]:
            return self._document(name, data, "pdf")
        if is_mailbox(data):
            mails = split_mailbox(name, data, self.limits)
            return [one for number, mail in enumerate(mails, 1) for one in self._mail(f"{name} {number}", mail, depth)]
        if is_mail(data):
            return self._mail(name, data, depth)
        return self._text(name, data)

    def _text(self, name: str, data: bytes) -> list[Incoming]:
        text = decode_text(data, name)
        ending = name.rsplit(".", 1)[-1].lower()
        if not text.strip():
            raise InvalidInput(f"{name} is empty.", hint="Check the file, then send it again.")
        check_length(name, text, self.limits.max_export_chars)
        found = self._conversation(name, text)
        if found is not None:
            return found
        check_length(name, text, self.limits.max_text_chars)
        if _HTML.match(text):
            return self._document(name, text.encode(), "html")
        if ending == "csv":
            return self._document(name, text.encode(), "csv")
        if _is_json(text):
            raise InvalidInput(
                f"{name} is JSON, but no chat that is known here.",
                hint="Export the chat as text, or send what it says as text.",
            )
        channel = self.channel or channel_of(text)
        return [
            read_plain(
                channel,
                text,
                author=self.author,
                occurred_at=self.occurred_at or (named_at(name) if channel in ("chat", "meeting") else None),
                source_name=name,
                date_order=self.date_order,
                limits=self.limits,
            )
        ]

    def _conversation(self, name: str, text: str) -> list[Incoming] | None:
        return read_conversation(
            Source(
                name=name,
                text=text,
                channel=self.channel or "",
                author=self.author,
                occurred_at=self.occurred_at,
                date_order=self.date_order,
                limits=self.limits,
            )
        )

    def _recording(self, name: str, data: bytes) -> Incoming:
        check_size(name, len(data), self.limits.max_recording_bytes)
        if self.keep_recordings:
            return keep_recording(name, data, author=self.author, occurred_at=self.occurred_at)
        return read_recording(name, data, self.transcriber, author=self.author, occurred_at=self.occurred_at)

    def _document(self, name: str, data: bytes, ending: str) -> list[Incoming]:
        """A document, or the conversation that is in it: transcripts come as docx and pdf."""
        document = read_document(name, data, ending, author=self.author, occurred_at=self.occurred_at, limits=self.limits)
        if ending in _NO_CONVERSATIONS:
            return [document]
        found = self._conversation(name, _ESCAPE.sub(r"\1", document.text))
        return found if found is not None else [document]

    def _mail(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        mail, attachments = read_mail(name, data)
        found = [mail] if mail is not None else []
        if depth >= _MAX_DEPTH:
            return found
        inside = replace(
            self,
            channel=None,
            author=mail.author if mail is not None else self.author,
            occurred_at=mail.occurred_at if mail is not None else self.occurred_at,
        )
        for attachment in attachments:
            found += inside._part(attachment.name, attachment.data, depth + 1, [])
        return found

    def _zip(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        limits = replace(self.limits, max_zip_bytes=self.room.left_bytes)
        archive = Archive.open(name, data, limits)
        for prefix, ending in _OFFICE.items():
            if "[Content_Types].xml" in archive.names and any(part.startswith(prefix) for part in archive.names):
                return self._document(name, data, ending)
        if self.zip_depth >= _MAX_ZIP_DEPTH:
            raise InvalidInput(f"{name} is an archive inside others.", hint="Unpack it, then send what is in it.")
        if is_slack_export(archive):
            return read_slack_export(archive, self.limits)
        inside = replace(self, zip_depth=self.zip_depth + 1)
        found: list[Incoming] = []
        refused: list[InvalidInput] = []
        for file_name in archive.names:
            if len(found) > self.limits.max_parts:
                raise InvalidInput(f"{name} holds more than {self.limits.max_parts:,} updates.", hint="Send it in parts.")
            folder, _, base = file_name.replace("\\", "/").rpartition("/")
            label = name.rsplit(".", 1)[0] if base == "_chat.txt" else base
            if base in ("messages.json", "result.json") and folder:
                label = folder.rsplit("/", 1)[-1]  # Takeout has a folder a room
            content = archive.read(file_name)
            self.room.left_bytes -= len(content)
            found += inside._part(label, content, depth + 1, refused)
        if not found and refused:
            raise refused[0]
        return found

    def _part(self, name: str, data: bytes, depth: int, refused: list[InvalidInput]) -> list[Incoming]:
        """A file inside a zip or a mail: one that cannot be read (a picture, a calendar entry) does not spoil the others."""
        try:
            return self.read(name, data, depth)
        except InvalidInput as error:
            _log.info("left out of what was sent: %s", error.message)
            refused.append(error)
            return []


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
