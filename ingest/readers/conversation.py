"""What readers of conversations are given and give: a `Source` in, `Turn`s out, made into updates here.

A reader is a module with two functions: `claims(source)` tells whether it is its own, `read(source)` gives the updates.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from ingest.clock import named_at, parse_at
from ingest.date_order import date_order
from ingest.people import own_name
from ingest.readers.limits import Limits, check_length
from ingest.update import Incoming, Message
from wiki.errors import InvalidInput

__all__ = ["Source", "Turn", "at_offset", "conversation", "daily"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text that is to be read, and what the sender said about it. `data` is its JSON, None where it is none.

    `channel` is what the sender chose, "" for a file. `date_order` is "day", "month" or "auto".
    """

    name: str
    text: str
    channel: str = ""
    author: str = ""
    occurred_at: datetime | None = None
    date_order: str = "auto"
    limits: Limits = field(default_factory=Limits)
    lines: tuple[str, ...] = field(repr=False, default=())
    data: object = field(repr=False, default=None)

    @classmethod
    def of(cls, source: Source) -> Source:
        """The same with its lines and its JSON, parsed once for all readers, and the time in its name where none was said."""
        occurred_at = source.occurred_at or named_at(source.name)
        return replace(source, lines=tuple(source.text.split("\n")), data=_parsed(source.text), occurred_at=occurred_at)

    @property
    def zone(self) -> tzinfo:
        """Chats write no zone: that of the sender's time, else UTC."""
        return (self.occurred_at.tzinfo if self.occurred_at is not None else None) or UTC

    def clock(self, whens: Sequence[str]) -> tuple[Callable[[str], datetime | None], str]:
        """What turns the dates and times of this text into times, and a note where day and month cannot be told apart."""
        order = date_order(whens, setting=self.date_order, occurred_at=self.occurred_at)
        return lambda when: parse_at(when, self.occurred_at, month_first=order.month_first), order.note


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A message as a reader finds it. `key` names it for the `reply_to` of others; `kind` is one of messages.KINDS."""

    author: str = ""
    at: datetime | None = None
    text: str = ""
    start_s: float | None = None
    key: str = ""
    reply_to: str = ""
    kind: str = "said"


def conversation(
    source: Source,
    turns: Sequence[Turn],
    *,
    channel: str = "chat",
    note: str = "",
    name: str = "",
    occurred_at: datetime | None = None,
) -> Incoming:
    """One update of all these turns; what was not said is kept aside. Raises InvalidInput where nothing was said."""
    said = [turn for turn in turns if turn.kind == "said" and turn.text.strip()]
    if not said:
        raise InvalidInput(
            f"{source.name or 'The conversation'} holds no messages.", hint="Export a time in which something was written."
        )
    places = {turn.key: place for place, turn in enumerate(said) if turn.key}
    messages = tuple(
        Message(
            author=own_name(turn.author, source.author),
            at=turn.at,
            text=turn.text.strip(),
            start_s=turn.start_s,
            reply_to=places.get(turn.reply_to) if turn.reply_to != turn.key else None,
        )
        for turn in said
    )
    aside = [
        Message(author=turn.author, at=turn.at, text=turn.text.strip(), start_s=turn.start_s, kind=turn.kind)
        for turn in turns
        if turn.kind != "said" and turn.text.strip()
    ]
    if note:
        aside.append(Message(text=note, kind="note"))
    authors = {message.author for message in messages}
    text = "\n".join(_line(message, clock=channel == "chat") for message in messages)
    check_length(name or source.name or "The conversation", text, source.limits.max_text_chars)
    return Incoming(
        channel=channel,
        text=text,
        author=authors.pop() if len(authors) == 1 else "",
        occurred_at=occurred_at or messages[0].at or source.occurred_at,
        source_name=name or source.name,
        messages=messages,
        aside=tuple(aside),
    )


def daily(source: Source, turns: Iterable[Turn], *, note: str = "", name: str = "") -> list[Incoming]:
    """One update a day, in the order of the turns. Raises InvalidInput where nothing was said, or for too many days."""
    days: dict[str, list[Turn]] = {}
    for turn in turns:
        days.setdefault(f"{turn.at:%Y-%m-%d}" if turn.at is not None else "", []).append(turn)
    spoken = {day: of_day for day, of_day in days.items() if any(turn.kind == "said" and turn.text.strip() for turn in of_day)}
    if not spoken:
        raise InvalidInput(f"{source.name or 'The chat'} holds no messages.", hint="Export the chat again, without media.")
    if len(spoken) > source.limits.max_parts:
        raise InvalidInput(
            f"{source.name} covers more than {source.limits.max_parts:,} days.", hint="Cut it to the days that matter."
        )
    label = name or source.name
    return [conversation(source, of_day, note=note, name=f"{label} {day}".strip()) for day, of_day in spoken.items()]


def at_offset(start: datetime | None, start_s: float | None) -> datetime | None:
    """The time of a place in a recording that began at `start`."""
    return start + timedelta(seconds=start_s) if start is not None and start_s is not None else None


def _line(message: Message, *, clock: bool) -> str:
    if not message.author:
        return message.text
    return (
        f"{message.author} [{message.at:%H:%M}]: {message.text}"
        if clock and message.at
        else f"{message.author}: {message.text}"
    )


def _parsed(text: str) -> object:
    """JSON, or the rows of JSON lines; None for everything else."""
    text = text.strip()
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    rows: list[object] = []
    for line in text.split("\n"):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except (ValueError, RecursionError):
                return None
    return rows
