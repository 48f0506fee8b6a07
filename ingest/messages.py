"""Turns in plain text: who said what, and when, in the shapes that chats, transcripts and mails are pasted in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ingest.clock import aware, has_date, offset_of, parse_at
from ingest.date_order import date_order
from ingest.maildates import parse_mail_date
from ingest.mailtext import read_mail_text
from ingest.mailwords import is_reply_subject
from ingest.people import NAME, clean_name, is_handle, is_role, looks_like_name, own_name
from ingest.turns import TimedTurn, is_timed, timed_turns

__all__ = ["KINDS", "Message", "are_offsets", "has_turns", "mail_messages", "messages_of", "noted_messages_of", "speakers"]

KINDS = ("said", "system", "media", "reaction", "footer", "note")
"""What people say; what the program says (joins, renames, deletions); marks of pictures and files; reactions; heads and feet of
an export; what there is to know about how the update was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn. `author` is "" where not known; `at` is aware; `start_s` is seconds from the start of a recording.

    `reply_to` counts the update's messages from 0: the one that this answers, None where not known. `kind` is one of KINDS.
    """

    author: str = ""
    at: datetime | None = None
    text: str
    start_s: float | None = None
    reply_to: int | None = None
    kind: str = "said"


_PLAIN = re.compile(rf"^(?:\*\*|__)?(?P<name>{NAME})(?:\*\*|__)?(?::(?:\*\*|__)?(?:\s+(?P<text>.*))?|：(?P<wide>.*))$")
_TIME_ALONE = re.compile(r"^\s*[\[(]?(?:\d{1,2}:)?\d{1,2}[:.]\d{2}[\])]?\s*$")
_MAIL_HEADER = re.compile(r"^(?P<key>[A-Z][A-Za-z-]{1,20}):[ \t]*(?P<value>.*)$")


def messages_of(
    text: str, channel: str, *, author: str = "", occurred_at: datetime | None = None, order: str = "auto"
) -> tuple[Message, ...]:
    """The turns in `text`, in its order; their texts are verbatim pieces of it (lines of one turn joined by a line end).

    chat and meeting are split at every line that starts a turn; email gives its subject (unless a reply's) and its body,
    without sign-off; everything else is one turn. A time of day without a date takes the date and zone of `occurred_at`;
    without that, `at` is None. `author` stands where the text names nobody. No turns for an empty text.
    """
    return noted_messages_of(text, channel, author=author, occurred_at=occurred_at, order=order)[0]


def noted_messages_of(
    text: str, channel: str, *, author: str = "", occurred_at: datetime | None = None, order: str = "auto"
) -> tuple[tuple[Message, ...], str]:
    """As `messages_of`, and a note where day and month in the text cannot be told apart; `order` is "day", "month" or "auto"."""
    occurred_at = aware(occurred_at)
    note = ""
    if channel == "email":
        found = _mail(text, author, occurred_at)
    elif channel in ("chat", "meeting", "voice", "note"):
        found, note = _turns(text, author, occurred_at, channel, order)
    else:
        found = [Message(author=author, at=occurred_at, text=text.strip())]
    return tuple(message for message in found if message.text.strip()), note


def has_turns(text: str) -> str:
    """ "timed" for a text made of turns with times (a chat), "named" for one of speaker lines (a transcript), else ""."""
    lines = [line for line in text.split("\n")[:800] if line.strip()][:400]
    if is_timed(lines):
        return "timed"
    names = speakers(lines)
    found = [name for name in _line_names(lines) if name in names]
    if len(found) >= 3 and len(found) * 2 >= len(lines) and len(set(found)) < len(found):
        return "named"
    return ""


def are_offsets(whens: Sequence[str]) -> bool:
    """Whether the times of a transcript count from its start: the first is within two minutes, and none goes back."""
    offsets = [offset_of(when) for when in whens]
    known = [offset for offset in offsets if offset is not None]
    return bool(known) and len(known) == len(whens) and known[0] <= 120 and known == sorted(known)


def speakers(lines: Sequence[str]) -> frozenset[str]:
    """Names that start lines as `Name: …`: what looks like a name, or comes back as often as a speaker does.

    Scripts without capitals do not tell a name from a label: there it comes back, or all lines are such.
    """
    seen = Counter(_line_names(lines))
    all_named = sum(seen.values()) == sum(1 for line in lines if line.strip())
    return frozenset(
        name
        for name, count in seen.items()
        if (looks_like_name(name) and (name != name.lower() or count >= 2 or all_named))
        or (count >= 2 and (is_handle(name) or is_role(name)))
    )


def _turns(text: str, author: str, occurred_at: datetime | None, channel: str, order: str) -> tuple[list[Message], str]:
    lines = text.splitlines()
    head, timed = timed_turns(lines, occurred_at.date() if occurred_at is not None else None)
    if timed:
        lead = [Message(author=author, at=occurred_at, text="\n".join(head).strip())]
        if channel == "meeting" and are_offsets([turn.when for turn in timed if turn.when]):
            return [*lead, *_at_offsets(timed, occurred_at)], ""
        found, note = _at_times(timed, author, occurred_at, order)
        return [*lead, *found], note
    if channel in ("voice", "note"):
        return [Message(author=author, at=occurred_at, text=text.strip())], ""
    said: list[tuple[str, list[str]]] = [(author, [])]
    names = speakers(lines)
    for line in lines:
        match = _PLAIN.match(line)
        if match is not None and match["name"].strip() in names:
            said.append((own_name(clean_name(match["name"]), author), [match["text"] or match["wide"] or ""]))
        elif not (channel == "meeting" and _TIME_ALONE.match(line)):
            said[-1][1].append(line)
    return [Message(author=name, at=occurred_at, text="\n".join(body).strip()) for name, body in said], ""


def _at_offsets(turns: Sequence[TimedTurn], occurred_at: datetime | None) -> Iterator[Message]:
    for turn in turns:
        start_s = offset_of(turn.when)
        at = occurred_at + timedelta(seconds=start_s) if occurred_at and start_s is not None else occurred_at
        yield Message(author=turn.name, at=at, text=turn.text, start_s=start_s)


def _at_times(turns: Sequence[TimedTurn], author: str, occurred_at: datetime | None, order: str) -> tuple[list[Message], str]:
    zone = (occurred_at.tzinfo if occurred_at is not None else None) or UTC
    dates = date_order((turn.when for turn in turns), setting=order, occurred_at=occurred_at)
    found: list[Message] = []
    for turn in turns:
        base = occurred_at
        if not has_date(turn.when):
            before = found[-1].at if turn.follows and found else None
            base = before or (datetime.combine(turn.day, time(), zone) if turn.day is not None else occurred_at)
        at = parse_at(turn.when, base, month_first=dates.month_first) if turn.when else occurred_at
        found.append(Message(author=own_name(turn.name, author), at=at, text=turn.text))
    return found, dates.note


def _line_names(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        match = _PLAIN.match(line)
        if match is not None:
            yield match["name"].strip()


def _mail(text: str, author: str, occurred_at: datetime | None) -> list[Message]:
    lines = text.splitlines()
    headers: dict[str, str] = {}
    while lines and (match := _MAIL_HEADER.match(lines[0])) is not None and match["key"].casefold() in _MAIL_KEYS:
        headers[match["key"].casefold()] = match["value"].strip()
        lines.pop(0)
    who = author or re.sub(r"\s*<[^>]*>", "", headers.get("from", "")).strip('" ')
    return list(mail_messages(headers.get("subject", ""), "\n".join(lines), author=who, occurred_at=occurred_at)[1])


def mail_messages(
    subject: str, body: str, *, author: str = "", occurred_at: datetime | None = None, notice: bool = False
) -> tuple[str, tuple[Message, ...]]:
    """What is worth keeping of a mail's text, and the turns in it: the subject unless a reply's, the writer's words, then
    those of each mail that it forwards, at their own time.

    Times in forwarded mails are read in the zone of `occurred_at`. `notice` is for what a program sends in `author`'s name:
    its subject says nothing new.
    """
    mail = read_mail_text(body, subject=subject, author=author, notice=notice)
    at = occurred_at.astimezone(UTC) if occurred_at is not None else None
    zone = occurred_at.tzinfo if occurred_at is not None else None
    who = author or mail.signed
    found = []
    if subject and not is_reply_subject(subject) and not (notice and mail.said):
        found.append(Message(author=who, at=at, text=subject))
    for said in mail.said:
        if said.author or said.when:
            found.append(Message(author=said.author, at=parse_mail_date(said.when, zone), text=said.text))
        else:
            found.append(Message(author=who, at=at, text=said.text))
    text = f"Subject: {subject}\n\n{mail.text}".strip() if subject else mail.text
    return text, tuple(message for message in found if message.text.strip())


_MAIL_KEYS = frozenset(("subject", "from", "to", "cc", "date", "sent", "reply-to"))
