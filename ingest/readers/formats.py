"""The formats of conversations, as one table: each is a module with `claims` and `read`, tried from the top by content.

A file and the same text pasted take the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from ingest.readers import (
    captions,
    csv_chat,
    discord,
    fireflies,
    google_chat,
    irc,
    json_chat,
    json_transcript,
    mattermost,
    rocketchat,
    slack,
    spoken,
    telegram,
    telegram_copy,
    telegram_page,
    whatsapp,
    zoom,
)
from ingest.readers.conversation import Source
from ingest.update import Incoming

__all__ = ["FORMATS", "Format", "read_conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`sure`: nobody writes so by hand, so that it is read as what it is whatever channel the sender chose."""

    name: str
    claims: Callable[[Source], bool]
    read: Callable[[Source], list[Incoming]]
    sure: bool
    why_here: str


def _format(name: str, module: ModuleType, why_here: str, *, sure: bool = True) -> Format:
    return Format(name=name, claims=module.claims, read=module.read, sure=sure, why_here=why_here)


FORMATS: tuple[Format, ...] = (
    _format("WebVTT, SubRip, SBV", captions, "an arrow between two times on the first line: nothing else looks so"),
    _format("Telegram result.json", telegram, "JSON formats know themselves by their keys, and exclude each other"),
    _format("Discord JSON", discord, "as before: content, timestamp and an author that is an object"),
    _format("Google Chat messages.json", google_chat, "as before: creator and created_date"),
    _format("Mattermost JSON lines", mattermost, "as before: rows of type post"),
    _format("Slack, one day", slack, "as before: type message and a time stamp with a dot"),
    _format("Rocket.Chat JSON", rocketchat, "as before: msg and ts"),
    _format("a table", csv_chat, "columns that say who, when and what; anywhere before those that look at single lines"),
    _format("other JSON", json_chat, "any JSON that says who, when and what; so after those that are known better"),
    _format("a transcript as JSON", json_transcript, "pieces with a start in seconds, no date; so after those with dates"),
    _format("Telegram messages.html", telegram_page, "a page, or initials above a time above a name: nothing else looks so"),
    _format(
        "Telegram's clipboard",
        telegram_copy,
        "a name, a comma and a date in brackets; before those that read brackets at large",
    ),
    _format("Zoom's chat", zoom, "From … to … beside a time; before WhatsApp, whose dated lines may go on with anything"),
    _format("WhatsApp", whatsapp, "date, time and name on the first line; before transcripts, whose times have no date"),
    _format(
        "Fireflies' notes",
        fireflies,
        "date and participants in bold; before transcripts, since it may hold times too",
        sure=False,
    ),
    _format("transcripts", spoken, "times that count from the start; before chats, whose times are of the day", sure=False),
    _format("IRC", irc, "names in angle brackets, anywhere in the first lines", sure=False),
)
"""What is none of these is read by ingest.messages: turns in the shapes that people paste, else one text."""


def read_conversation(source: Source) -> list[Incoming] | None:
    """The updates of the first format that claims the text; None where none does."""
    source = Source.of(source)
    for form in FORMATS:
        if (form.sure or source.channel in ("", "chat", "meeting")) and form.claims(source):
            return form.read(source)
    return None
