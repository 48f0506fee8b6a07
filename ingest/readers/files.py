"""A file of any kind to updates: what it is, is told by its content first and its name second."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ingest.readers.archive import Archive, is_zip
from ingest.readers.audio import is_recording, keep_recording, read_recording
from ingest.readers.charsets import decode_labelled
from ingest.readers.document import read_document
from ingest.readers.ics import is_calendar, read_calendar
from ingest.readers.limits import Limits, check_size
from ingest.readers.mail import read_mail
from ingest.readers.mailbox import is_mail, is_mailbox, mail_in_emlx, split_mailbox
from ingest.readers.notion import is_notion_export, page_name, page_text, pages_of
from ingest.readers.sheet import is_sheet, read_sheet
from ingest.readers.slack import is_slack_export, read_slack_export
from ingest.readers.text import channel_of, decode_text, read_plain
from ingest.readers.transcript import is_transcript, read_transcript
from ingest.readers.whatsapp import is_whatsapp, read_whatsapp
from ingest.speech import Transcriber
from ingest.update import CHANNELS, Incoming
from wiki.errors import InvalidInput

__all__ = ["read_file", "read_text"]

_log = logging.getLogger(__name__)
_MAX_DEPTH = 3
_OFFICE = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_TNEF = b"\x78\x9f\x3e\x22"  # winmail.dat
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_APPLE = {"pages": "Pages", "numbers": "Numbers", "key": "Keynote"}
_FLAT_ODF = re.compile(rb"<office:document\b[^>]*opendocument")
_HTML_BYTES = re.compile(
    rb"[\xef\xbb\xbf\s]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_HTML_CHARSET = re.compile(rb"<meta\b[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,30})", re.I)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


def read_text(
    channel: str,
    text: str,
    author: str = "",
    occurred_at: datetime | None = None,
    *,
    source_name: str = "",
    limits: Limits | None = None,
) -> list[Incoming]:
    """One update of a pasted text; a pasted WebVTT or SubRip transcript is read as one. The text is kept as it was pasted.

    Raises InvalidInput for an unknown channel, an empty or too long text.
    """
    if channel not in CHANNELS:
        raise InvalidInput(f"Unknown channel {channel!r}.", hint=f"Use one of {', '.join(CHANNELS)}.")
    incoming = read_plain(channel, text, author=author, occurred_at=occurred_at, source_name=source_name, limits=limits)
    if is_transcript(incoming.text):
        return [read_transcript(source_name or "The transcript", incoming.text, author=author, occurred_at=occurred_at)]
    return [incoming]


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
    limits: Limits | None = None,
) -> list[Incoming]:
    """The updates in a file: one, or many of a mailbox, an export or a zip; a mail's attachments follow it.

    Recordings are transcribed by `transcriber` (or one made for `speech_model`); with `keep_recordings` they come back as they
    are, in `Incoming.recording`, to be kept first and transcribed later. `channel`, `author` and `occurred_at` are what the
    sender said; what the file itself says about author and time wins, the sender's channel wins for plain text.
    Raises InvalidInput for what cannot be read, SpeechUnavailable for a recording without a model.
    """
    if transcriber is None and speech_model is not None:
        transcriber = Transcriber(speech_model)
    source = _Source(transcriber, keep_recordings, channel, author, occurred_at, limits or Limits())
    found = source.read(name.replace("\\", "/").rsplit("/", 1)[-1] or "The file", data, depth=0)
    if not found:
        raise InvalidInput(
            f"{name} holds nothing that can be read.", hint="Send text, mails, transcripts, documents or recordings."
        )
    return found


@dataclass(slots=True)
class _Unpacked:
    """What all archives in one file unpack to, together."""

    bytes: int = 0

    def left_of(self, limits: Limits) -> int:
        return max(0, limits.max_zip_bytes - self.bytes)


@dataclass(frozen=True, slots=True)
class _Source:
    """What is known about everything in one file that was sent."""

    transcriber: Transcriber | None
    keep_recordings: bool
    channel: str | None
    author: str
    occurred_at: datetime | None
    limits: Limits
    archives: int = 0  # how many archives this is in
    unpacked: _Unpacked = field(default_factory=_Unpacked)

    def read(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        if is_recording(name, data):
            return [self._recording(name, data)]
        check_size(name, len(data), self.limits.max_file_bytes)
        if is_zip(data):
            return self._zip(name, data, depth)
        if data[:4] == _TNEF:
            raise InvalidInput(
                f"{name} is a wrapping that only Outlook can open.",
                hint="Ask the sender to send it again as HTML or plain text, or open it in Outlook and send what is in it.",
            )
        if data[:8] == _OLD_OFFICE:
            raise InvalidInput(
                f"{name} is in an old Office or Outlook format.", hint="Save it as .docx, .xlsx, .pptx or, a mail, as .eml."
            )
        if b"%PDF-" in data[:1024]:
            return [self._document(name, data, "pdf")]
        if is_mailbox(data):
            mails = split_mailbox(name, data, self.limits)
            return [one for number, mail in enumerate(mails, 1) for one in self._mail(f"{name} {number}", mail, depth)]
        if is_mail(data):
            return self._mail(name, data, depth)
        if (mail := mail_in_emlx(data)) is not None:
            return self._mail(name, mail, depth)
        if is_calendar(data):
            return [read_calendar(name, data, author=self.author, occurred_at=self.occurred_at, limits=self.limits)]
        if data[:5] == b"{\\rtf":
            return [self._document(name, data, "rtf")]
        if is_sheet(name):
            return [read_sheet(name, data, author=self.author, occurred_at=self.occurred_at, limits=self.limits)]
        if _HTML_BYTES.match(data[:5_000]) or (name.lower().endswith((".html", ".htm")) and data.lstrip()[:1] == b"<"):
            label = _HTML_CHARSET.search(data[:5_000])
            text = decode_labelled(data, label[1].decode("ascii") if label is not None else None)
            return [self._document(name, text.encode(), "html")]
        if _FLAT_ODF.search(data[:3_000]):
            return [self._document(name, data, "odf")]
        return self._text(name, data)

    def _text(self, name: str, data: bytes) -> list[Incoming]:
        text = decode_text(data, name)
        if not text.strip():
            raise InvalidInput(f"{name} is empty.", hint="Check the file, then send it again.")
        if len(text) > self.limits.max_text_chars:
            raise InvalidInput(f"{name} is longer than {self.limits.max_text_chars:,} characters.", hint="Send it in parts.")
        if is_transcript(text):
            return [read_transcript(name, text, author=self.author, occurred_at=self.occurred_at)]
        if is_whatsapp(text):
            zone = self.occurred_at.tzinfo if self.occurred_at is not None else None
            return read_whatsapp(name, text, zone=zone, limits=self.limits)
        if _HTML.match(text):
            return [self._document(name, text.encode(), "html")]
        channel = self.channel or channel_of(text)
        return [
            read_plain(channel, text, author=self.author, occurred_at=self.occurred_at, source_name=name, limits=self.limits)
        ]

    def _recording(self, name: str, data: bytes) -> Incoming:
        check_size(name, len(data), self.limits.max_recording_bytes)
        if self.keep_recordings:
            return keep_recording(name, data, author=self.author, occurred_at=self.occurred_at)
        return read_recording(name, data, self.transcriber, author=self.author, occurred_at=self.occurred_at)

    def _document(self, name: str, data: bytes, ending: str) -> Incoming:
        return read_document(name, data, ending, author=self.author, occurred_at=self.occurred_at, limits=self.limits)

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
        refused: list[InvalidInput] = []
        for attachment in attachments:
            found += inside._part(attachment.name, attachment.data, depth + 1, refused)
        if refused and not any(_says_more(one) for one in found):
            raise refused[0]  # nothing but a subject came of it
        return found

    def _zip(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        archive = Archive.open(name, data, replace(self.limits, max_zip_bytes=self.unpacked.left_of(self.limits)))
        for prefix, ending in _OFFICE.items():
            if "[Content_Types].xml" in archive.names and any(part.startswith(prefix) for part in archive.names):
                return [self._document(name, data, ending)]
        if "mimetype" in archive.names and archive.read("mimetype").startswith(_OPEN_DOCUMENT):
            return [self._document(name, data, "odf")]
        if archive.names[:1] == ("mimetype",):
            raise InvalidInput(
                f"{name} is a document of a kind that is not read.", hint="Save it as PDF or Word, and send that."
            )
        if any(part.startswith("Index/") and part.endswith(".iwa") for part in archive.names) or any(
            part.endswith("BuildVersionHistory.plist") for part in archive.names
        ):
            return self._apple(name, archive)
        if self.archives > 1:
            raise InvalidInput(f"{name} is an archive inside another.", hint="Unpack it, then send what is in it.")
        self.unpacked.bytes += archive.size_bytes
        if is_slack_export(archive.names):
            return read_slack_export(archive, self.limits)
        inside = replace(self, archives=self.archives + 1)
        notion = is_notion_export(archive.names)
        found: list[Incoming] = []
        refused: list[InvalidInput] = []
        for file_name in pages_of(archive.names) if notion else archive.names:
            if len(found) > self.limits.max_parts:
                raise InvalidInput(f"{name} holds more than {self.limits.max_parts:,} updates.", hint="Send it in parts.")
            base = file_name.replace("\\", "/").rsplit("/", 1)[-1]
            label = name.rsplit(".", 1)[0] if base == "_chat.txt" else page_name(file_name, archive.names) if notion else base
            part = archive.read(file_name)
            found += inside._part(label, page_text(part) if notion and base.endswith(".md") else part, depth + 1, refused)
        if not found and refused:
            raise refused[0]
        return found

    def _apple(self, name: str, archive: Archive) -> list[Incoming]:
        """Pages, Numbers and Keynote keep their text where only they find it; some put a PDF of it beside."""
        preview = next((part for part in archive.names if part.lower().endswith("preview.pdf")), None)
        if preview is not None:
            return [self._document(name, archive.read(preview), "pdf")]
        program = _APPLE.get(name.rsplit(".", 1)[-1].lower(), "Pages, Numbers or Keynote")
        raise InvalidInput(
            f"{name} is in a format that only {program} can open.",
            hint="Open it there, choose File, Export To, PDF or Word (Excel, PowerPoint), and send that.",
        )

    def _part(self, name: str, data: bytes, depth: int, refused: list[InvalidInput]) -> list[Incoming]:
        """A file inside a zip or a mail: one that cannot be read (a picture, a calendar entry) does not spoil the others."""
        try:
            return self.read(name, data, depth)
        except InvalidInput as error:
            _log.info("left out of what was sent: %s", error.message)
            refused.append(error)
            return []


def _says_more(incoming: Incoming) -> bool:
    """Whether there is more in a mail than its subject."""
    first, _, rest = incoming.text.partition("\n")
    return bool(rest.strip()) or not first.startswith("Subject:") or incoming.recording is not None
