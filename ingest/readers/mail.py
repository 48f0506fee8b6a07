"""A mail: what its writer added, the mails it forwards, and its attachments as updates of their own."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message as Mail
from email.utils import parseaddr, parsedate_to_datetime

from ingest.mailwords import words
from ingest.messages import mail_messages
from ingest.readers.charsets import decode_labelled
from ingest.readers.ics import is_calendar
from ingest.readers.mailbody import body_of, decoded_bytes
from ingest.readers.smime import signed_content
from ingest.readers.text import clean_text
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["Attachment", "read_mail"]

_MAX_PARTS = 200
_SIGNATURES = frozenset(
    ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys")
)
_CALENDARS = frozenset(("text/calendar", "application/ics"))
_NOTICE_HEADERS = (
    "X-JIRA-FingerPrint",
    "X-GitHub-Reason",
    "X-GitHub-Sender",
    "X-GitLab-Project",
    "X-Asana-Task-Id",
    "X-Linear-Type",
)
_NOTICE_ADDRESS = re.compile(
    r"^(?:notifications?|no-?reply|do-?not-?reply|jira|notify|updates?|mailer|alerts?)(?:[+.-][^@]*)?@", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    data: bytes


def read_mail(name: str, data: bytes, *, channel: str = "email") -> tuple[Incoming | None, list[Attachment]]:
    """The mail's own new text under its subject, and its attachments; None where it says nothing itself.

    `author` is the writer's name, or address where there is none; `occurred_at` is its date in UTC; `source_name` its
    message id. Forwarded mails are messages by their own writer, at their own time.
    Raises InvalidInput for bytes that are no mail, and for an encrypted one.
    """
    try:
        mail = _opened(name, email.message_from_bytes(data))
        parts = _parts(mail)
        body = body_of(mail)
        attachments = [attachment for part in parts if (attachment := _attachment(part)) is not None]
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise InvalidInput(
            f"{name} is no mail that can be read.", hint="Save it from the mail program again, as .eml."
        ) from error
    subject = " ".join(_header(mail, "Subject").split())
    author, notice = _author(mail, body)
    date = _date(mail)
    text, messages = mail_messages(subject, body, author=author, occurred_at=date, notice=notice)
    attachments = [one for one in attachments if not _said_already(one, subject, body)]
    incoming = None
    # An invitation without words of its own is what its calendar entry says.
    if text and (body.strip() or not any(is_calendar(one.data) for one in attachments)):
        incoming = Incoming(
            channel=channel,
            text=text,
            author=author,
            occurred_at=date.astimezone(UTC) if date is not None else None,
            source_name=_header(mail, "Message-ID").strip("<> ") or name,
            messages=messages,
        )
    return incoming, attachments


def _opened(name: str, mail: Mail, depth: int = 0) -> Mail:
    """The mail itself where it came wrapped in its signature; its own headers stay where the wrapping has them."""
    kind = mail.get_content_type()
    if kind == "multipart/encrypted" or (kind in ("application/pkcs7-mime", "application/x-pkcs7-mime")):
        payload = decoded_bytes(mail)
        content = signed_content(payload) if payload else None
        if content is None or depth > 3:
            raise InvalidInput(f"{name} is encrypted.", hint="Open it in your mail program and send its text instead.")
        inner = _opened(name, email.message_from_bytes(content), depth + 1)
        for key, value in mail.raw_items():
            if not key.lower().startswith("content-") and key not in inner:
                inner[key] = value
        return inner
    text: object = mail.get_payload()
    if kind.startswith("multipart/") and isinstance(text, str):
        return _parted(mail, text)
    return mail


def _parted(mail: Mail, payload: str) -> Mail:
    """The mail cut at the line that really parts it, where its header names another or none; else as plain text."""
    line = re.search(r"^--(\S[^\n\r]{0,200})\r?\n(?:[A-Za-z-]+:|\r?\n)", payload, re.MULTILINE)
    mail.replace_header("Content-Type", "text/plain")
    if line is None:
        return mail
    inner = email.message_from_string(f'Content-Type: multipart/mixed; boundary="{line[1].rstrip()}"\n\n{payload}')
    if not inner.is_multipart():
        return mail
    for key, value in mail.raw_items():
        if not key.lower().startswith("content-"):
            inner[key] = value
    return inner


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


def _attachment(part: Mail) -> Attachment | None:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        return Attachment(name="forwarded.eml", data=bytes(inner)) if isinstance(inner, Mail) else None
    if kind in _SIGNATURES or not (_is_attached(part) or kind in _CALENDARS):
        return None
    payload = decoded_bytes(part)
    name = clean_text(_decoded(part.get_filename() or "")).replace("\n", " ").strip()
    return (
        Attachment(name=name or ("invitation.ics" if kind in _CALENDARS else "attachment"), data=payload) if payload else None
    )


def _is_attached(part: Mail) -> bool:
    """Images and other things shown inside the text are no attachments."""
    if part.get_content_disposition() == "attachment":
        return True
    return bool(part.get_filename()) and part.get_content_maintype() not in ("image", "multipart")


def _said_already(attachment: Attachment, subject: str, body: str) -> bool:
    """Whether this is the calendar's copy of what the mail says: an invitation, or an event that the text names."""
    if not is_calendar(attachment.data) or not body.strip():
        return False
    if re.search(rb"(?im)^METHOD:(?:REQUEST|CANCEL|REPLY|COUNTER)", attachment.data):
        return True
    titles = re.findall(rb"(?im)^SUMMARY[^:\r\n]*:([^\r\n]+)", attachment.data)
    return bool(titles) and all(title.strip().decode("utf-8", "replace") in f"{subject}\n{body}" for title in titles)


def _author(mail: Mail, body: str) -> tuple[str, bool]:
    """Who wrote the mail, and whether a program sent it in his name ("Tom Reid (Jira)", "Tom Reid via Asana")."""
    name, address = parseaddr(_header(mail, "From"))
    name = " ".join(name.split()).strip("'\" ")
    notice = _NOTICE_ADDRESS.match(address) is not None or any(key in mail for key in _NOTICE_HEADERS)
    programs = words("notices", "programs")
    match = re.match(r"^(.{2,60}?)\s*[(\[](?:via |über )?([^()\[\]]{2,40})[)\]]$", name) or re.match(
        r"^'?(.{2,60}?)'?\s+(?:via|über|through)\s+(.{2,60})$", name, re.I
    )
    if match is not None:
        notice = notice or match[2].casefold() in programs
        if match[2].casefold() in programs or " via " in f" {name} ":
            name = match[1].strip("'\" ")
    if notice and name.casefold() in (*programs, ""):
        said = re.match(r"\s*\**([^\W\d_a-z][\w.'-]*(?: [^\W\d_a-z][\w.'-]*){1,3})\**\s+[^\W\dA-Z_]", body)
        name = said[1] if said is not None else name
    return name or address, notice


def _header(mail: Mail, key: str) -> str:
    raw = next((str(value) for name, value in mail.raw_items() if name.lower() == key.lower()), "")
    return _decoded(raw)


def _decoded(raw: str) -> str:
    """A header as its writer meant it: encoded words, or bytes that stand there bare."""
    try:
        pieces = decode_header(raw) if raw.isascii() else [(raw.encode("utf-8", "surrogateescape"), None)]
        text = "".join(
            piece if isinstance(piece, str) else decode_labelled(piece, label if label != "unknown-8bit" else None)
            for piece, label in pieces
        )
    except (HeaderParseError, ValueError, LookupError):
        text = raw.encode("utf-8", "replace").decode("utf-8", "replace")
    return re.sub(r"\n[ \t]*", " ", clean_text(text)).strip()


def _date(mail: Mail) -> datetime | None:
    """The date in its own zone, which those in a forwarded mail's header lines share."""
    try:
        at = parsedate_to_datetime(str(mail.get("Date") or ""))
        at.astimezone(UTC)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
