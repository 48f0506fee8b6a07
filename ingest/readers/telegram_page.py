"""Telegram Desktop's export as a web page (messages.html), and the text that a browser copies out of that page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, time

from ingest.clock import parse_at, parse_day
from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.mailhtml import mail_html_to_text
from ingest.update import Incoming

__all__ = ["claims", "read"]

_BLOCK = re.compile(r'<div class="message (?P<kind>default|service)[^"]*"(?: id="message(?P<id>-?\d+)")?>')
_DETAILS = re.compile(r'<div class="pull_right date details" title="(?P<when>[^"]{8,40})"')
_FROM = re.compile(r'<div class="from_name">(?P<name>[^<]{1,200})')
_TEXT = re.compile(r'<div class="text">(?P<text>.*?)</div>', re.DOTALL)
_REPLY = re.compile(r"GoToMessage\((?P<id>-?\d+)\)")
_ZONE = re.compile(r"\s*UTC(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)")
_MEDIA = re.compile(
    r"^(?:Not included, change data exporting settings to download\.|Photo|Video file|Voice message|Sticker|Animation)"
)
_CLOCK = re.compile(r"^\d{1,2}:\d{2}$")
_DAY = re.compile(r"^\d{1,2}\.?(?: de)? [^\W\d]{3,12}\.?(?: de)? \d{4}(?: г\.)?$")
_ANSWERS = re.compile(
    r"^(?:In reply to|Als Antwort auf|Antwort auf|En réponse à|En respuesta a|In risposta a|Em resposta a|В ответ на|Als antwoord op)\b.*",
    re.IGNORECASE,
)


def claims(source: Source) -> bool:
    if "<div" in source.text[:5000]:
        return 'class="page_wrap"' in source.text[:5000] and _BLOCK.search(source.text) is not None
    lines = [line.strip() for line in source.lines[:60] if line.strip()]
    return any(_is_head(lines, index) for index in range(len(lines)))


def read(source: Source) -> list[Incoming]:
    """One update a day."""
    return daily(source, _of_page(source) if "<div" in source.text[:5000] else _of_copy(source), name=source.name or "Telegram")


def _of_page(source: Source) -> Iterator[Turn]:
    author = ""
    starts = [*_BLOCK.finditer(source.text)]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(source.text)
        block = source.text[start.end() : end]
        if start["kind"] == "service":
            yield Turn(text=mail_html_to_text(block), kind="system")
            continue
        details, name, text = _DETAILS.search(block), _FROM.search(block), _TEXT.search(block)
        author = html.unescape(name["name"]).strip() if name is not None else author
        reply = _REPLY.search(block)
        said = mail_html_to_text(text["text"]) if text is not None else ""
        at = _zoned(details["when"], source) if details is not None else None
        yield Turn(author=author, at=at, text=said, key=start["id"] or "", reply_to=reply["id"] if reply is not None else "")


def _zoned(when: str, source: Source) -> datetime | None:
    zone = _ZONE.search(when)
    if zone is None:
        return parse_at(when, source.occurred_at)
    at = parse_at(when[: zone.start()])
    return datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{zone['sign']}{zone['hours']}:{zone['minutes']}") if at else None


def _of_copy(source: Source) -> Iterator[Turn]:
    """Initials, a time, a name and the text; later messages of the same person have only a time. Days stand on their own lines."""
    lines = [line.strip() for line in source.lines if line.strip()]
    day: date | None = source.occurred_at.date() if source.occurred_at is not None else None
    author, at, said = "", None, list[str]()
    index = 0
    while index < len(lines):
        line = lines[index]
        if _is_head(lines, index) or (author and _CLOCK.match(line)):
            if said:
                yield Turn(author=author, at=at, text="\n".join(said))
            clock = index if _CLOCK.match(line) else index + 1
            if clock > index:
                author = lines[index + 2]
            at, said = _on(day, lines[clock], source), []
            index = clock + (2 if clock > index else 1)
            continue
        named = parse_day(line) if _DAY.match(line) else None
        if named is not None:
            if said:
                yield Turn(author=author, at=at, text="\n".join(said))
            day, said = named, []
        elif author and not _ANSWERS.match(line) and not _MEDIA.match(line):
            said.append(line)
        index += 1
    if said:
        yield Turn(author=author, at=at, text="\n".join(said))


def _is_head(lines: list[str], index: int) -> bool:
    """ "MI", "09:12", "Maya Ito": the page draws the initials where a picture would be."""
    if index + 2 >= len(lines) or not _CLOCK.match(lines[index + 1]):
        return False
    initials = lines[index]
    return 1 <= len(initials) <= 2 and "".join(word[0] for word in lines[index + 2].split())[:2].startswith(initials)


def _on(day: date | None, clock: str, source: Source) -> datetime | None:
    return parse_at(clock, datetime.combine(day, time(), source.zone)) if day is not None else None
