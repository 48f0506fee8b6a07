"""A WhatsApp export: a text file (alone, or in a zip beside the media), as Android and iPhones write it in many languages."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from ingest.clock import TIME, parse_at, prefers_month_first
from ingest.readers.limits import Limits
from ingest.update import Incoming, Message
from wiki.errors import InvalidInput

__all__ = ["is_whatsapp", "read_whatsapp"]

_DATE = r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\.?"
# 12/11/2026, 09:14 - …   12.11.26, 09:14 - …   [12/11/2026, 09:14:33] …   2026-11-12 09:14 - …   12/11/26 a las 9:14 a. m. - …
_LINE = re.compile(
    rf"^[\u200e\u200f\u202a]*(?:\[(?P<ios>{_DATE},?[\s\u202f]+(?:\w{{1,3}}\s){{0,2}}{TIME})\]|"
    rf"(?P<android>{_DATE},?[\s\u202f]+(?:\w{{1,3}}\s){{0,2}}{TIME})"
    r"\s+[-–])\s?(?P<rest>.*)$"
)
_NAMED = re.compile(r"^[\u200e\u200f\u202a]*(?:~[\s\u202f]*)?(?P<name>[^:\n]{1,80}?)[\u202c]?:(?:\s(?P<text>.*))?$")
_MEDIA = re.compile(
    r"^[\u200e\u200f]*(?:<[^<>]{2,60}(?:omitted|ausgeschlossen|omitido|omis|omessi|weggelaten|omesso|utelämnat|utelatt|"
    r"attached[^<>]*)>"
    r"|<(?:attached|Anhang|adjunto|pièce jointe|allegato|bijlage|anexado)\s?:[^<>]*>"
    r"|(?:image|video|audio|sticker|GIF|document|Contact card|Bild|Video|Audio|Sticker|Dokument)\s(?:omitted|weggelassen)"
    r"|[^\n]{1,120}\.\w{2,5} \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|file allegato|bestand "
    r"bijgevoegd)\)"
    r"|(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|Se eliminó este mensaje|Ce "
    r"message a été supprimé)\.?"
    r"|(?:Missed|Verpasster?) (?:voice|video|Sprach|Video)\s?-?(?:call|anruf).*|null)$",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s*[\u200e\u200f]*<(?:This message was edited|Diese Nachricht wurde bearbeitet|[^<>]{0,40}edit[^<>]{0,40})>\s*$", re.I
)


def is_whatsapp(text: str) -> bool:
    """Whether the first lines are those of an export."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    return bool(lines) and _LINE.match(lines[0]) is not None and sum(1 for line in lines if _LINE.match(line)) * 3 >= len(lines)


def read_whatsapp(name: str, text: str, *, zone: tzinfo | None = None, limits: Limits | None = None) -> list[Incoming]:
    """One update a day, by time; times are in `zone` (UTC if None: an export names none).

    System lines and media marks are left out. Raises InvalidInput where nothing is left, or for too many days.
    """
    limits = limits or Limits()
    turns = _turns(text)
    month_first = prefers_month_first(when for when, _author, _text in turns)
    days: dict[str, list[Message]] = {}
    for when, author, said in turns:
        at = parse_at(when, month_first=month_first)
        if at is not None and zone is not None:
            at = at.replace(tzinfo=zone)
        if said:
            days.setdefault(f"{at:%Y-%m-%d}" if at else "", []).append(Message(author=author, at=at, text=said))
    if not days:
        raise InvalidInput(f"{name} holds no messages.", hint="Export the chat again, without media.")
    if len(days) > limits.max_parts:
        raise InvalidInput(f"{name} covers more than {limits.max_parts:,} days.", hint="Cut it to the days that matter.")
    return [_update(name, day, messages) for day, messages in days.items()]


def _turns(text: str) -> list[tuple[str, str, str]]:
    """When, who and what of each message; lines without a date go on with the message before."""
    turns: list[tuple[str, str, list[str]]] = []
    in_system_line = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            if turns and not in_system_line:
                turns[-1][2].append(line)
            continue
        named = _NAMED.match(match["rest"])
        in_system_line = named is None
        if named is not None:
            turns.append((match["ios"] or match["android"], named["name"].strip(), [named["text"] or ""]))
    return [(when, author, _said(lines)) for when, author, lines in turns]


def _said(lines: list[str]) -> str:
    # iPhones put a left-to-right mark before what the app says itself, in any language.
    kept = [line.split("\u200e<", 1)[0] for line in lines if not _MEDIA.match(line.strip()) and not line.startswith("\u200e")]
    return _EDITED.sub("", "\n".join(kept)).strip("\u200e\u200f \n")


def _update(name: str, day: str, messages: list[Message]) -> Incoming:
    authors = {message.author for message in messages}
    first: datetime | None = messages[0].at
    return Incoming(
        channel="chat",
        text="\n".join(f"{m.author} [{m.at:%H:%M}]: {m.text}" if m.at else f"{m.author}: {m.text}" for m in messages),
        author=authors.pop() if len(authors) == 1 else "",
        occurred_at=first,
        source_name=f"{name} {day}".strip(),
        messages=tuple(messages),
    )
