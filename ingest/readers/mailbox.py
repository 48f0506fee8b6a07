"""Files that hold mails: what starts like one, mailboxes cut into their mails, Apple Mail's own files opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.limits import Limits
from wiki.errors import InvalidInput

__all__ = ["is_mail", "is_mailbox", "mail_in_emlx", "split_mailbox"]

_HEADER = re.compile(
    rb"^(?:From|To|Subject|Date|Message-ID|MIME-Version|Received|Return-Path|Delivered-To|Reply-To|Content-Type|"
    rb"Content-Transfer-Encoding|Content-Language|Accept-Language|Importance|Priority|Auto-Submitted|Precedence|Envelope-To|"
    rb"X-[\w-]+|DKIM-[\w-]+|Status|User-Agent|Organization|Resent-[\w-]+|Errors-To|Mailing-List|Old-[\w-]+|"
    rb"ARC-[\w-]+|Cc|Bcc|Sender|List-[\w-]+|In-Reply-To|References|Thread-[\w-]+|Authentication-Results|Received-SPF)[ \t]*:",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(rb"^From \S.{0,200}\d{4}[^\n]{0,20}\r?\n", re.MULTILINE)
_EMLX = re.compile(rb"\s*(\d{1,12})[ \t]*\r?\n")


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


def mail_in_emlx(data: bytes) -> bytes | None:
    """The mail in a file of Apple Mail's, which puts its length before it and a property list after it; None for another file."""
    match = _EMLX.match(data[:40])
    if match is None or not is_mail(data[match.end() : match.end() + 100_000]):
        return None
    mail = data[match.end() : match.end() + int(match[1])]
    rest = mail.rfind(b"<?xml")
    if rest >= 0 and b"<plist" in mail[rest : rest + 400] and mail.rstrip().endswith(b"</plist>"):
        mail = mail[:rest]
    return mail


def split_mailbox(name: str, data: bytes, limits: Limits) -> Iterator[bytes]:
    """The mails of a mailbox, in its order, with ">From " as it was written. Raises InvalidInput for too many.

    A line "From … 2026" that no headers follow belongs to the text around it.
    """
    starts = [match for match in _FROM_LINE.finditer(data) if match.start() == 0 or _starts_mail(data, match)]
    if len(starts) > limits.max_parts:
        raise InvalidInput(f"{name} holds {len(starts):,} mails.", hint=f"Send at most {limits.max_parts:,} at a time.")
    ends = [match.start() for match in starts[1:]] + [len(data)]
    for match, end in zip(starts, ends, strict=True):
        yield re.sub(rb"(?m)^>(>*From )", rb"\1", data[match.end() : end])


def _starts_mail(data: bytes, match: re.Match[bytes]) -> bool:
    below = data[match.end() : match.end() + 20_000]
    return _HEADER.match(below) is not None and is_mail(below)
