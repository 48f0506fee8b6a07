"""Fireflies' notes in Markdown: what was talked about is read, the list of things to do is kept aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from ingest.clock import parse_at
from ingest.readers.conversation import Source, Turn, conversation
from ingest.update import Incoming

__all__ = ["claims", "read"]

_FACT = re.compile(
    r"^\*\*(?P<key>Date|Participants|Attendees|Duration|Organizer|Host)(?::\*\*|\*\*:)\s*(?P<value>.*)$", re.IGNORECASE
)
_HEADING = re.compile(r"^#{1,4}\s+(?P<title>.+?)\s*#*$")
_TO_DO = re.compile(
    r"^\W*(?:action items?|next steps?|to-?dos?|tasks?|follow-?ups?|keywords?|participants?|attendees?)\W*$", re.IGNORECASE
)


def claims(source: Source) -> bool:
    """Whether it has a title, a date and participants in bold, and headings below, but no speakers."""
    head = source.lines[:15]
    keys = {match["key"].casefold() for line in head if (match := _FACT.match(line.strip())) is not None}
    sections = [match["title"].casefold() for line in source.lines[:400] if (match := _HEADING.match(line)) is not None]
    return (
        "date" in keys and len(keys) >= 2 and any(_TO_DO.match(title) or title in ("overview", "summary") for title in sections)
    )


def read(source: Source) -> list[Incoming]:
    """One update: each section is a message; head and things to do are kept aside."""
    turns: list[Turn] = []
    at = _began(source.lines, source)
    for title, lines in _sections(source.lines):
        text = "\n".join(lines).replace("**", "").strip()
        kind = "footer" if not title or _TO_DO.match(title) else "said"
        turns.append(Turn(at=at, text=text, kind=kind))
    return [conversation(source, turns, channel="meeting", occurred_at=at)]


def _sections(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in lines:
        heading = _HEADING.match(line)
        if heading is not None and line.startswith("##"):
            found.append((heading["title"], []))
        else:
            found[-1][1].append(line)
    return found


def _began(lines: Sequence[str], source: Source) -> datetime | None:
    for line in lines[:15]:
        fact = _FACT.match(line.strip())
        if fact is not None and fact["key"].casefold() == "date":
            at = parse_at(fact["value"])
            return at.replace(tzinfo=source.zone) if at is not None else source.occurred_at
    return source.occurred_at
