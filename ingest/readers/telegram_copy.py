"""What Telegram puts on the clipboard: `Name, [24.11.2026 09:14]` and the text below."""

from __future__ import annotations

import re

from ingest.clock import DATE, TIME
from ingest.people import clean_name
from ingest.readers.conversation import Source, Turn, daily
from ingest.update import Incoming

__all__ = ["claims", "read"]

_HEAD = re.compile(rf"^(?P<name>[^\n\[\]]{{1,80}}?),\s\[(?P<when>(?:{DATE},?\s+)?{TIME})\]:?$")
_REPLY = re.compile(
    r"^\[(?:In reply to|Antwort auf|En respuesta a|En réponse à|In risposta a|Em resposta a|В ответ)\b[^\]]*\]$"
)
_FORWARD = re.compile(r"^\[(?:Forwarded from|Weitergeleitet von|Reenviado de|Transféré de|Inoltrato da|Переслано)\b[^\]]*\]$")
_MEDIA = re.compile(r"^\[\s.{1,60}\s\]$|^\[(?:Photo|Video|Voice message|Sticker|GIF|File|Album|Location|Contact)\]$")


def claims(source: Source) -> bool:
    first = next((line for line in source.lines[:5] if line.strip()), "")
    return _HEAD.match(first) is not None


def read(source: Source) -> list[Incoming]:
    """One update a day; marks of photos and of what is answered are kept aside."""
    found: list[tuple[str, str, list[str]]] = []
    for line in source.lines:
        head = _HEAD.match(line)
        if head is not None:
            found.append((clean_name(head["name"]), head["when"], []))
        elif found:
            found[-1][2].append(line)
    to_time, note = source.clock([when for _, when, _ in found])
    turns: list[Turn] = []
    for author, when, lines in found:
        at = to_time(when)
        said = [line for line in lines if not (_REPLY.match(line) or _FORWARD.match(line) or _MEDIA.match(line))]
        turns.append(Turn(author=author, at=at, text="\n".join(said)))
        turns += [Turn(author=author, at=at, text=line, kind="media") for line in lines if _MEDIA.match(line)]
    return daily(source, turns, note=note)
