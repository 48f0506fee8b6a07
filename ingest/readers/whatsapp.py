"""WhatsApp: exports of Android and iPhones (a text, alone or in a zip beside the media), and what its windows copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from ingest.clock import NUMERIC_DATE, TIME, parse_day
from ingest.clock_words import JOINERS
from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.whatsapp_words import ATTACHED, DELETED, EDITED, NOTICE, OMITTED, SYSTEM, is_bracketed_mark
from ingest.update import Incoming

__all__ = ["claims", "read"]

_BETWEEN = rf"[,،]?(?:\s+(?i:{JOINERS}|г\.))?,?\s+"
# 12/11/2026, 09:14 - …   [12/11/2026, 09:14:33] …   2026. 11. 12. 오전 9:14 - …   12/11/26 a las 9:14 a. m. - …   and, as the
# web's window copies it, the time first: [09:14, 12/11/2026] …
_WHEN = rf"(?:{NUMERIC_DATE}{_BETWEEN}{TIME}|{TIME},\s+{NUMERIC_DATE})"
_LINES = (
    re.compile(rf"^\u200e?\[(?P<when>{_WHEN})\]\s?(?P<rest>.*)$"),
    re.compile(rf"^\u200e?(?P<when>{_WHEN})\s+[-–—]\s?(?P<rest>.*)$"),
    re.compile(rf"^\u200e?(?P<when>{_WHEN}):\s(?P<rest>[^:\n]{{1,80}}:.*)$"),
    re.compile(rf"^\u200e?(?P<when>{_WHEN})\s(?P<rest>.*)$"),
)
_NAMED = re.compile(r"^\u200e?(?:~\s*)?(?P<name>[^\n:：]{1,80}?)\s?[:：](?:\s(?P<text>.*)|$)", re.DOTALL)
_LEAD = 3
_SOME_DAY = date(2000, 12, 31)
_QUOTES = re.compile('["“”„«»‹›「」]')
# Marks of direction, but for the one that iPhones put before what the app says.
_DIRECTION = re.compile("[\u200f\u202a-\u202e\u2066-\u2069]")


class _Found(NamedTuple):
    when: str
    name: str  # "" for what the app says
    lines: list[str]


def claims(source: Source) -> bool:
    """Whether its first lines are dated in one way, and most of these go on with a name and a colon."""
    lines = [_DIRECTION.sub("", line) for line in source.lines[:60] if line.strip()][:30]
    pattern = _pattern_of(lines)
    if pattern is None:
        return False
    dated = [match for line in lines if (match := pattern.match(line)) is not None]
    named = sum(1 for match in dated if _NAMED.match(match["rest"]) is not None)
    return named > 0 and len(dated) * 4 >= len(lines) and (pattern is _LINES[1] or named * 2 >= len(dated))


def read(source: Source) -> list[Incoming]:
    """One update a day, by time; times are in the sender's zone (UTC if unknown: an export names none).

    System lines, media marks and deletions are kept aside. Raises InvalidInput where nothing is left, or for too many days.
    """
    lead, found = _found(source.lines)
    to_time, note = source.clock([one.when for one in found])
    began = to_time(found[0].when) if found else None
    turns = [Turn(author=source.author, at=began, text=lead)] if not parse_day(lead, _SOME_DAY) else []
    turns += [turn for one in found for turn in _turns(one, to_time(one.when))]
    return daily(source, turns, note=note)


def _pattern_of(lines: Sequence[str]) -> re.Pattern[str] | None:
    """How this text dates its lines, as its first one does; a pasted one may begin in the middle of a message."""
    top = [line for line in lines[:20] if line.strip()][:_LEAD]
    return next((pattern for line in top for pattern in _LINES if pattern.match(line)), None)


def _found(raw_lines: Sequence[str]) -> tuple[str, list[_Found]]:
    """What stands above the first dated line, and each dated line with the undated ones after it."""
    lines = [_DIRECTION.sub("", line) for line in raw_lines]
    pattern = _pattern_of(lines)
    lead: list[str] = []
    found: list[_Found] = []
    for line in lines:
        match = pattern.match(line) if pattern is not None else None
        if match is None:
            (found[-1].lines if found else lead).append(line)
            continue
        named = _NAMED.match(match["rest"])
        if named is None or _is_system(named["name"]) or NOTICE.match(named["text"] or ""):
            found.append(_Found(match["when"], "", [match["rest"]]))
        else:
            found.append(_Found(match["when"], named["name"].strip(" \u200e"), [named["text"] or ""]))
    return "\n".join(lead).strip(), found


@lru_cache(maxsize=2048)
def _is_system(name: str) -> bool:
    """`Maya changed the group name to "Office"` before the colon of "Office: news"."""
    return _QUOTES.search(name) is not None or (SYSTEM.search(name) is not None and len(name.split()) > 2)


def _turns(one: _Found, at: datetime | None) -> Iterator[Turn]:
    if not one.name:
        yield Turn(at=at, text="\n".join(one.lines).replace("\u200e", ""), kind="system")
        return
    kept: list[str] = []
    for line in one.lines:
        said, app = _parted(line)
        if app:
            yield Turn(author=one.name, at=at, text=app, kind="media" if _is_media(app) else "system")
        if said is not None:
            kept.append(said)
    text = EDITED.sub("", "\n".join(kept)).strip()
    if text:
        yield Turn(author=one.name, at=at, text=text)


def _parted(line: str) -> tuple[str | None, str]:
    """What the person wrote in this line (None for nothing), and what the app did."""
    head, mark, tail = line.partition("\u200e")
    if mark and (not head.strip() or head.rstrip().endswith("•")):
        return None, f"{head}{tail}".replace("\u200e", "").strip()
    bare = line.replace("\u200e", "").strip()
    if _is_media(bare) or DELETED.match(bare):
        return None, bare
    if mark and tail.lstrip().startswith("<"):
        return head.rstrip(), tail.replace("\u200e", "").strip()
    return line.replace("\u200e", ""), ""


def _is_media(mark: str) -> bool:
    return is_bracketed_mark(mark) or ATTACHED.match(mark) is not None or OMITTED.match(mark) is not None
