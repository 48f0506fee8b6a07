"""Mail: .eml messages and .mbox mailboxes, each mail by what its writer added, its attachments as updates of their own."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import CharsetError, HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parseaddr, parsedate_to_datetime

from ingest.mailtext import own_text
from ingest.messages import messages_of
from ingest.readers.limits import Limits
from ingest.readers.text import clean_text, decode_text, html_to_text
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["Attachment", "is_mail", "is_mailbox", "read_mail", "split_mailbox"]

_HEADER = re.compile(
    rb"^(?:From|To|Subject|Date|Message-ID|MIME-Version|Received|Return-Path|Delivered-To|Reply-To|Content-Type|"
    rb"X-[\w-]+|DKIM-[\w-]+|"
    rb"ARC-[\w-]+|Cc|Sender|List-[\w-]+|In-Reply-To|References|Thread-[\w-]+|Authentication-Results|Received-SPF)[ \t]*:",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(rb"^From \S+.{0,200}\d{4}[^\n]{0,20}\r?\n", re.MULTILINE)
_MAX_PARTS = 200


class Attachment:
    """A file that came with a mail."""

    __slots__ = ("data", "name")

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data


def is_mail(data: bytes) -> bool:
    """Whether the bytes start with the headers of a mail (From or Message-ID or Received among them), then an empty line."""
    head = re.split(rb"\r?\n\r?\n", data[:100_000].lstrip(), maxsplit=1)[0]
    lines = [line for line in re.split(rb"\r?\n", head) if line[:1] not in (b" ", b"\t", b"")]
    known = [match[0].lower() for line in lines if (match := _HEADER.match(line)) is not None]
    enough = any(key.startswith((b"from", b"message-id", b"received", b"mime-version")) for key in known)
    return enough and len(known) >= 2 and len(known) * 2 >= len(lines) and lines[0][:200].find(b":") > 0


def is_mailbox(data: bytes) -> bool:
    match = _FROM_LINE.match(data)
    return match is not None and is_mail(data[match.end() : match.end() + 100_000])


def split_mailbox(name: str, data: bytes, limits: Limits) -> Iterator[bytes]:
    """The mails of a mailbox, in its order, with ">From " as it was written. Raises InvalidInput for too many."""
    starts = [
        match
        for match in _FROM_LINE.finditer(data)
        if (match.start() == 0 or data[: match.start()].endswith((b"\n\n", b"\n\r\n")))
        or is_mail(data[match.end() : match.end() + 5_000])
    ]
    if len(starts) > limits.max_parts:
        raise InvalidInput(f"{name} holds {len(starts):,} mails.", hint=f"Send at most {limits.max_parts:,} at a time.")
    ends = [match.start() for match in starts[1:]] + [len(data)]
    for match, end in zip(starts, ends, strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", data[match.end() : end])


def read_mail(name: str, data: bytes, *, channel: str = "email") -> tuple[Incoming | None, list[Attachment]]:
    """The mail's own new text under its subject, and its attachments; None where it says nothing itself.

    `author` is the writer's name, or address where there is none; `occurred_at` is its date in UTC; `source_name` its
    message id.
    Raises InvalidInput for bytes that are no mail.
    """
    try:
        mail = email.message_from_bytes(data)
        parts = _parts(mail)
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise InvalidInput(
            f"{name} is no mail that can be read.", hint="Save it from the mail program again, as .eml."
        ) from error
    subject = " ".join(_header(mail, "Subject").split())
    body = own_text(_body(parts))
    author_name, address = parseaddr(_header(mail, "From"))
    author = " ".join((author_name or address).split())
    occurred_at = _date(mail)
    text = f"Subject: {subject}\n\n{body}".strip() if subject else body
    incoming = None
    if body or subject:
        incoming = Incoming(
            channel=channel,
            text=text,
            author=author,
            occurred_at=occurred_at,
            source_name=_header(mail, "Message-ID").strip("<> ") or name,
            messages=messages_of(text, "email", author=author, occurred_at=occurred_at),
        )
    return incoming, [attachment for part in parts if (attachment := _attachment(part)) is not None]


def _parts(mail: Mail) -> list[Mail]:
    parts: list[Mail] = []
    for part in _walk(mail):
        parts.append(part)
        if len(parts) > _MAX_PARTS:
            break
    return parts


def _walk(part: Mail) -> Iterator[Mail]:
    """Leaves only; a forwarded mail (message/rfc822) is one leaf, not its parts."""
    payload = part.get_payload()
    if isinstance(payload, list) and part.get_content_maintype() == "multipart":
        for child in payload:
            if isinstance(child, Mail):
                yield from _walk(child)
    else:
        yield part


def _body(parts: list[Mail]) -> str:
    """The plain text, or where there is none the HTML as text."""
    for kind in ("text/plain", "text/html"):
        texts = [_text(part) for part in parts if part.get_content_type() == kind and not _is_attached(part)]
        text = "\n\n".join(texts).strip()
        if text:
            return html_to_text(text) if kind == "text/html" else text
    return ""


def _text(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _labelled(payload, part.get_content_charset())
    if str(part.get_param("format", "")).lower() == "flowed":
        # A mail program broke lines and left a space at their end (RFC 3676): joined again, the signature mark apart.
        return re.sub(r"(?m)(?<=\S)(?<!^--) \n(?=[^\s>])", " ", text)
    return text


def _labelled(payload: bytes, charset: str | None) -> str:
    """Text by its label; where that is wrong, by its bytes."""
    try:
        return clean_text(payload.decode(charset or "utf-8"))
    except (LookupError, ValueError):
        pass
    try:
        return decode_text(payload)
    except InvalidInput:
        return clean_text(payload.decode("utf-8", "replace"))


def _attachment(part: Mail) -> Attachment | None:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        return Attachment("forwarded.eml", bytes(inner)) if isinstance(inner, Mail) else None
    if not _is_attached(part):
        return None
    payload = part.get_payload(decode=True)
    name = clean_text(_decoded(part.get_filename() or "")).replace("\n", " ").strip()
    return Attachment(name or "attachment", payload) if isinstance(payload, bytes) and payload else None


def _is_attached(part: Mail) -> bool:
    """Images and other things shown inside the text are no attachments."""
    if part.get_content_disposition() == "attachment":
        return True
    return bool(part.get_filename()) and part.get_content_maintype() not in ("image", "multipart")


def _header(mail: Mail, key: str) -> str:
    return _decoded(str(mail.get(key) or ""))


def _decoded(raw: str) -> str:
    try:
        return clean_text(str(make_header(decode_header(raw)))).replace("\n", " ")
    except (HeaderParseError, CharsetError, LookupError, ValueError):
        return clean_text(raw)


def _date(mail: Mail) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(mail.get("Date") or ""))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
