"""What a file is, told by its content first and its name second: one table of kinds, tried from the top."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.clock import named_at
from ingest.readers.archive import Archive, is_zip
from ingest.readers.audio import is_recording, keep_recording, read_recording
from ingest.readers.charsets import decode_text
from ingest.readers.conversation import Source
from ingest.readers.document import read_document
from ingest.readers.formats import read_conversation
from ingest.readers.ics import is_calendar, read_calendar
from ingest.readers.limits import Limits, check_length, check_size
from ingest.readers.mail import read_mail
from ingest.readers.mailbox import is_mail, is_mailbox, mail_in_emlx, split_mailbox
from ingest.readers.notion import is_notion_export, page_name, page_text, pages_of
from ingest.readers.packages import document_in
from ingest.readers.sheet import is_sheet, read_sheet
from ingest.readers.slack_export import is_slack_export, read_slack_export
from ingest.readers.text import channel_of, read_plain
from ingest.speech import Transcriber
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["KINDS", "Kind", "Room", "Sent"]

_log = logging.getLogger(__name__)
_MAX_DEPTH = 4
_MAX_ZIP_DEPTH = 2
_NO_CONVERSATIONS = frozenset(("xlsx", "pptx", "html"))
_ESCAPE = re.compile(r"\\([_*#\[\]<>~])")  # of Markdown
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HTML_CHARSET = re.compile(rb"<meta\b[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,30})", re.I)
_FLAT_ODF = re.compile(r"<office:document\b[^>]*opendocument")


@dataclass(slots=True)
class Room:
    """How many bytes may still come out of archives, those inside of others counted too."""

    left_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is known about everything in one file that was sent."""

    transcriber: Transcriber | None
    keep_recordings: bool
    channel: str | None
    author: str
    occurred_at: datetime | None
    date_order: str
    limits: Limits
    room: Room
    zip_depth: int = 0

    def read(self, name: str, data: bytes, depth: int = 0) -> list[Incoming]:
        """The updates in the file. Raises InvalidInput for what cannot be read."""
        if is_recording(name, data):
            return [self._recording(name, data)]
        check_size(name, len(data), self.limits.max_file_bytes)
        kind = next(kind for kind in KINDS if kind.claims(data))
        return kind.read(self, name, data, depth)

    def _recording(self, name: str, data: bytes) -> Incoming:
        check_size(name, len(data), self.limits.max_recording_bytes)
        if self.keep_recordings:
            return keep_recording(name, data, author=self.author, occurred_at=self.occurred_at)
        return read_recording(name, data, self.transcriber, author=self.author, occurred_at=self.occurred_at)

    def winmail(self, name: str, _data: bytes, _depth: int) -> list[Incoming]:
        raise InvalidInput(
            f"{name} is a wrapping that only Outlook can open.",
            hint="Ask the sender to send it again as HTML or plain text, or open it in Outlook and send what is in it.",
        )

    def old_office(self, name: str, _data: bytes, _depth: int) -> list[Incoming]:
        raise InvalidInput(
            f"{name} is in an old Office or Outlook format.", hint="Save it as .docx, .xlsx, .pptx or, a mail, as .eml."
        )

    def pdf(self, name: str, data: bytes, _depth: int) -> list[Incoming]:
        return self._document(name, data, "pdf")

    def rtf(self, name: str, data: bytes, _depth: int) -> list[Incoming]:
        return self._document(name, data, "rtf")

    def calendar(self, name: str, data: bytes, _depth: int) -> list[Incoming]:
        return [read_calendar(name, data, author=self.author, occurred_at=self.occurred_at, limits=self.limits)]

    def mailbox(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        mails = split_mailbox(name, data, self.limits)
        return [one for number, mail in enumerate(mails, 1) for one in self.mail(f"{name} {number}", mail, depth)]

    def emlx(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        return self.mail(name, mail_in_emlx(data) or b"", depth)

    def mail(self, name: str, data: bytes, depth: int) -> list[Incoming]:
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

    def zip(self, name: str, data: bytes, depth: int) -> list[Incoming]:
        archive = Archive.open(name, data, replace(self.limits, max_zip_bytes=self.room.left_bytes))
        document = document_in(archive, data)
        if document is not None:
            return self._document(name, document[1], document[0])
        if self.zip_depth >= _MAX_ZIP_DEPTH:
            raise InvalidInput(f"{name} is an archive inside others.", hint="Unpack it, then send what is in it.")
        self.room.left_bytes -= archive.size_bytes
        if is_slack_export(archive):
            return read_slack_export(archive, self.limits)
        return replace(self, zip_depth=self.zip_depth + 1)._files(archive, depth)

    def text(self, name: str, data: bytes, _depth: int) -> list[Incoming]:
        """A conversation, a table, a page of HTML, a flat OpenDocument file, or plain text."""
        label = _HTML_CHARSET.search(data[:5_000]) if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" else None
        text = decode_text(data, name, label[1].decode("ascii") if label is not None else None)
        if not text.strip():
            raise InvalidInput(f"{name} is empty.", hint="Check the file, then send it again.")
        check_length(name, text, self.limits.max_export_chars)
        found = self._conversation(name, text)
        if found is not None:
            return found
        if is_sheet(name):
            return [read_sheet(name, text, author=self.author, occurred_at=self.occurred_at, limits=self.limits)]
        if _is_html(name, text):
            return self._document(name, text.encode(), "html")
        if _FLAT_ODF.search(text[:3_000]):
            return self._document(name, data, "odf")
        check_length(name, text, self.limits.max_text_chars)
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

    def _document(self, name: str, data: bytes, ending: str) -> list[Incoming]:
        """A document, or the conversation that is in it: transcripts come as docx and pdf."""
        document = read_document(name, data, ending, author=self.author, occurred_at=self.occurred_at, limits=self.limits)
        if ending in _NO_CONVERSATIONS:
            return [document]
        found = self._conversation(name, _ESCAPE.sub(r"\1", document.text))
        return found if found is not None else [document]

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

    def _files(self, archive: Archive, depth: int) -> list[Incoming]:
        notion = is_notion_export(archive.names)
        found: list[Incoming] = []
        refused: list[InvalidInput] = []
        for file_name in pages_of(archive.names) if notion else archive.names:
            if len(found) > self.limits.max_parts:
                raise InvalidInput(
                    f"{archive.name} holds more than {self.limits.max_parts:,} updates.", hint="Send it in parts."
                )
            folder, _, base = file_name.replace("\\", "/").rpartition("/")
            content = archive.read(file_name)
            label = base
            if notion:
                label = page_name(file_name, archive.names)
                content = page_text(content) if base.endswith(".md") else content
            elif base == "_chat.txt":
                label = archive.name.rsplit(".", 1)[0]
            elif base in ("messages.json", "result.json") and folder:
                label = folder.rsplit("/", 1)[-1]  # Takeout has a folder a room
            found += self._part(label, content, depth + 1, refused)
        if not found and refused:
            raise refused[0]
        return found

    def _part(self, name: str, data: bytes, depth: int, refused: list[InvalidInput]) -> list[Incoming]:
        """A file inside a zip or a mail: one that cannot be read (a picture) does not spoil the others."""
        try:
            return self.read(name, data, depth)
        except InvalidInput as error:
            _log.info("left out of what was sent: %s", error.message)
            refused.append(error)
            return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`claims` tells by the bytes whether a file is of this kind, `read` gives its updates."""

    name: str
    claims: Callable[[bytes], bool]
    read: Callable[[Sent, str, bytes, int], list[Incoming]]


KINDS: tuple[Kind, ...] = (
    Kind(name="zip", claims=is_zip, read=Sent.zip),
    Kind(name="winmail.dat", claims=lambda data: data[:4] == b"\x78\x9f\x3e\x22", read=Sent.winmail),
    Kind(name="old Office", claims=lambda data: data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", read=Sent.old_office),
    Kind(name="PDF", claims=lambda data: b"%PDF-" in data[:1024], read=Sent.pdf),
    Kind(name="mailbox", claims=is_mailbox, read=Sent.mailbox),
    Kind(name="mail", claims=is_mail, read=Sent.mail),
    Kind(name="Apple Mail's file", claims=lambda data: mail_in_emlx(data) is not None, read=Sent.emlx),
    Kind(name="calendar", claims=is_calendar, read=Sent.calendar),
    Kind(name="RTF", claims=lambda data: data[:5] == b"{\\rtf", read=Sent.rtf),
    Kind(name="text", claims=lambda _data: True, read=Sent.text),
)


def _is_html(name: str, text: str) -> bool:
    return _HTML.match(text[:5_000]) is not None or (
        name.lower().endswith((".html", ".htm")) and text[:200].lstrip()[:1] == "<"
    )


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _says_more(incoming: Incoming) -> bool:
    """Whether there is more in a mail than its subject."""
    first, _, rest = incoming.text.partition("\n")
    return bool(rest.strip()) or not first.startswith("Subject:") or incoming.recording is not None
