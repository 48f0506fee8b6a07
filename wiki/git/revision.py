"""Revisions: what git's log says, as typed data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wiki.errors import InvalidInput

__all__ = [
    "LOG_FORMAT",
    "Person",
    "Revision",
    "check_revision",
    "clean_message",
    "clean_trailers",
    "full_message",
    "parse_log",
]

LOG_FORMAT = "--format=%x01%H%x00%an%x00%ae%x00%at%x00%B%x00%(trailers:only=yes,unfold=yes)%x00"

_REVISION = re.compile(r"[0-9a-f]{4,64}")
_RECORD = re.compile(rb"(?:\A|(?<=\0))\x01([0-9a-f]{40,64})\0")
_TRAILER_LINE = re.compile(r"^(?:[^\s:]+\s*:|\(cherry picked)", re.MULTILINE)
_TRAILER_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who made a commit."""

    name: str
    email: str

    @property
    def cleaned(self) -> Person:
        """As git takes it: without angle brackets or line breaks, the name never empty."""
        name, email = (re.sub(r"[<>\x00-\x20\x7f]+", " ", part) for part in (self.name, self.email))
        return Person(name=name.strip(" .,:;") or "Unknown", email=email.replace(" ", ""))

    @property
    def ident(self) -> str:
        """`Name <email>`, cleaned."""
        person = self.cleaned
        return f"{person.name} <{person.email}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit that touches a path. `at` is when it was written, aware, UTC.

    `message` is the whole message without its trailers; `trailers` holds them by key, several values of one key joined by
    line breaks. `path` is where the page was at this revision, which differs from today's after a move; "" where one
    revision was asked for and not a path's history.
    """

    id: str
    author: Person
    at: datetime
    message: str
    trailers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @property
    def subject(self) -> str:
        return self.message.split("\n", 1)[0]


def check_revision(revision: str) -> str:
    """The revision as given, if it is 4 to 64 hexadecimal digits; else InvalidInput. Names and options never reach git."""
    if not _REVISION.fullmatch(revision):
        raise InvalidInput(f"{revision[:80]!r} is no revision.", hint="Use the hexadecimal id that the page's history shows.")
    return revision


def clean_message(message: str) -> str:
    """A message as git keeps it; "Edit" for an empty one. What git would read as a trailer is indented, so that nobody who writes
    a message can claim a source for it: in any paragraph, since git passes over comments and its own notes at the end."""
    body = "\n".join(line.rstrip() for line in message.replace("\0", "").splitlines()).strip() or "Edit"
    first, separator, rest = body.partition("\n\n")
    if body.startswith("#"):  # a comment is no subject: the paragraph after it could be trailers
        first, separator, rest = "", "", body
    return first + separator + _TRAILER_LINE.sub(r" \g<0>", rest)


def clean_trailers(trailers: Mapping[str, str]) -> dict[str, str]:
    """Trailers as git keeps them: each value on one line, empty ones left out. Raises InvalidInput for a key git would not read."""
    for key in trailers:
        if not _TRAILER_KEY.fullmatch(key):
            raise InvalidInput(f"{key!r} is no name for a trailer.", hint="Use letters, digits and hyphens.")
    return {key: " ".join(value.split()) for key, value in trailers.items() if value.strip()}


def full_message(message: str, trailers: Mapping[str, str]) -> str:
    """A cleaned message and cleaned trailers as one commit message, the trailers as its last paragraph."""
    return "\n".join([message, *(["", *(f"{key}: {value}" for key, value in trailers.items())] if trailers else []), ""])


def parse_log(output: bytes) -> Iterator[tuple[Revision, list[str]]]:
    """The revisions in what `git log -z LOG_FORMAT` printed, in its order, each with the words that followed (names, states)."""
    parts = _RECORD.split(output)
    for revision_id, record in zip(parts[1::2], parts[2::2], strict=True):
        name, email, at, body, trailers, rest = record.split(b"\0", 5)
        words = rest.lstrip(b"\0")
        words = words[1:] if words.startswith(b"\n") else words
        yield _revision(revision_id, name, email, at, body, trailers), [_text(word) for word in words.split(b"\0") if word]


def _revision(revision_id: bytes, name: bytes, email: bytes, at: bytes, body: bytes, trailers: bytes) -> Revision:
    message, block = _text(body).strip(), _text(trailers).strip()
    pairs = _pairs(block.splitlines())
    if pairs and "\n\n" in message:
        message = message[: message.rindex("\n\n")].rstrip()
    return Revision(
        id=revision_id.decode(),
        author=Person(name=_text(name), email=_text(email)),
        at=datetime.fromtimestamp(int(at or 0), UTC),
        message=message,
        trailers=pairs,
    )


def _pairs(lines: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in lines:
        key, separator, value = line.partition(":")
        if separator:
            pairs[key] = f"{pairs[key]}\n{value.strip()}" if key in pairs else value.strip()
    return pairs


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
