"""An update cut into pieces that a small model reads with care: whole messages, and each piece begins with the end of the last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.statements import messages_in
from ingest.update import Message, Update

__all__ = ["Window", "windows_of"]

_OVERLAP = 0.25  # of a window, at most, that was in the one before
_BREAKS = ("\n\n", "\n", r"(?<=[.!?])\s", r"\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some messages in a row. `text` is what the model reads: each message after a line that says whose it is."""

    messages: tuple[Message, ...]

    @property
    def text(self) -> str:
        return "\n".join(map(_shown, self.messages))


def windows_of(update: Update, room: int) -> list[Window]:
    """The update's messages in order, in windows of at most `room` characters; only a message longer than that is cut."""
    messages = [part for message in messages_in(update) for part in _parts(message, room // 2)]
    found: list[Window] = []
    start = 0
    while start < len(messages):
        end, size = start, 0
        while end < len(messages) and (end == start or size + len(_shown(messages[end])) < room):
            size += len(_shown(messages[end])) + 1
            end += 1
        found.append(Window(messages=tuple(messages[start:end])))
        if end == len(messages):
            break
        start = _overlapping(messages, start, end, int(room * _OVERLAP))
    return found


def _overlapping(messages: Sequence[Message], start: int, end: int, most: int) -> int:
    """Where the next window starts: some messages before `end`, but after `start`."""
    begin, size = end, 0
    while begin - 1 > start and size + len(_shown(messages[begin - 1])) <= most:
        begin -= 1
        size += len(_shown(messages[begin]))
    return begin


def _parts(message: Message, most: int) -> list[Message]:
    """The message, cut at paragraphs, else lines, sentences or words where it is too long."""
    text, parts = message.text, []
    while len(text) > most:
        ends = [[m.end() for m in re.finditer(pattern, text[:most]) if m.end() > most // 3] for pattern in _BREAKS]
        at = next((found[-1] for found in ends if found), most)
        parts.append(replace(message, text=text[:at]))
        text = text[at:]
    return [part for part in [*parts, replace(message, text=text)] if part.text.strip()]


def _shown(message: Message) -> str:
    who = message.author or "somebody"
    when = f", {message.at:%A %Y-%m-%d}" if message.at else ""
    return f"[{who}{when}]\n{message.text.strip()}"
