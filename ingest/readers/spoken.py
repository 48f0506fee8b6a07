"""Transcripts of meetings as text: Teams, Google Meet, Otter, Zoom, Fireflies and others, with speakers and places in time.

Head (title, date, who took part) and foot of the document are kept aside. Where the head names the start, `at` is reckoned
from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from ingest.clock import has_hours, offset_of, parse_at, parse_day
from ingest.messages import are_offsets, speakers
from ingest.people import NAME, clean_name
from ingest.readers.conversation import Source, Turn, at_offset, conversation
from ingest.turns import timed_turns
from ingest.update import Incoming

__all__ = ["claims", "read"]

_MARKUP = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)\s*|^#{1,6}\s+|\*\*|__(?=\S)|(?<=\S)__|\\(?=[_*#\[\]().\-+!<>~])")
_TITLE = re.compile(
    r"^\W*(?:.{0,120}\W)?(?:Transcript|Transcription|Transkript|Transkription|Transcripción|Trascrizione|Transcrição|Transcriptie|"
    r"Udskrift|Litteraatti|Transkrypcja|Přepis|Transkripsiyon|Расшифровка|文字起こし|스크립트|转写|逐字稿)\W*$",
    re.IGNORECASE,
)
_STAMP = re.compile(r"^\s*[\[(]?(?P<when>(?:\d{1,2}:)?\d{1,2}:\d{2})[\])]?\s*$")
_SAID = re.compile(rf"^(?:[\[(]?(?P<when>(?:\d{{1,2}}:)?\d{{1,2}}:\d{{2}})[\])]?\s+)?(?P<name>{NAME})\s?:\s+(?P<text>\S.*)$")
# What the program says itself: that the meeting ended, who stopped the transcription, who made it and how
_FOOT = re.compile(
    "^(?:"
    + "|".join(
        (
            r"(?:Meeting|Transcription) ended after\b.*",
            r"(?:(?:Die|Das) )?(?:Besprechung|Meeting|Videokonferenz) (?:endete|beendet) nach\b.*",
            r"[^:]{5,60}\s\d\d:\d\d:\d\d\W*",
            r"Transcribed by https?://.*",
            r"(?:This|The) (?:editable )?(?:transcript|recording) was .*",
            r"Dieses (?:bearbeitbare )?Transkript wurde .*",
            r".{0,60}\btrans[ck]ri.{0,60}\b(?:computer|ordinateur|ordenador|automatisch|automatiquement|autom[áa]ticamente)\b.*",
            r".{1,60} (?:has )?(?:started|stopped) (?:the )?(?:transcription|recording)\b.*",
            r".{1,60} (?:hat|heeft|a|ha|har) (?:die|de|la|l’|l'|startet|stoppet|startat|stoppat)?\s?(?:\w+ ){0,2}"
            r"(?:Transkription|Aufzeichnung|transcription|enregistrement|transcriptie|trascrizione|registrazione|transkriptionen?)"
            r"(?: \w+)?",
            r".{1,60} (?:detuvo|inició|parou|iniciou|interrompeu) (?:la|a) (?:transcripción|grabación|transcrição|gravação)",
        )
    )
    + ")$",
    re.IGNORECASE,
)
_IN_NAME = re.compile(r"(?P<day>\d{8})[_T](?P<clock>\d{6})(?!\d)")  # Teams: Team sync-20261124_093000-Meeting Recording
_LABELS = frozenset(("attendees", "participants", "teilnehmer", "speakers", "asistentes", "participantes", "invited", "date"))


@dataclass(slots=True)
class _Said:
    name: str
    stamp: str  # "" where only a later one is known
    lines: list[str]


def claims(source: Source) -> bool:
    """Whether it names itself a transcript and has speakers, or its speakers' times count from the start of a recording."""
    lines = _clean(source.lines[:400])
    stamped = sum(1 for line in lines if _STAMP.match(line) and line.count(":") == 2) >= 2
    if stamped or any(_is_title(line) for line in lines[:60]) or any(_FOOT.match(line.strip()) for line in source.lines[-8:]):
        said = _said(lines)[1]
        if len(said) >= 2:
            return True
    if _is_unnamed(lines):
        return True
    _, timed = timed_turns(lines)
    stamps = [turn.when for turn in timed]
    if len(timed) < 2 or not all(re.fullmatch(r"(?:\d{1,2}:)?\d{1,2}:\d{2}", stamp) for stamp in stamps):
        return False
    if any(line.startswith("[") and line.rstrip().endswith(stamps[0]) for line in lines[:10]):
        return True  # Zoom: [Maya Ito] 09:30:01
    if not are_offsets(stamps) or len(timed) * 8 < len([line for line in lines if line.strip()]):
        return False
    # A chat may begin just after midnight: then it has no foot, and no times of both lengths.
    lengths = {stamp.count(":") for stamp in stamps}
    marked = any(line.startswith(("#", "**")) for line in source.lines[:30]) or any(map(_FOOT.match, source.lines[-8:]))
    return source.channel != "chat" or len(lengths) == 2 or 2 in lengths or marked


def read(source: Source) -> list[Incoming]:
    """One update of channel meeting, a message a turn, with `start_s` where the transcript has times."""
    head, said = _said(_clean(source.lines))
    start = _start(head, source)
    stamps = [one.stamp for one in said]
    clock = bool(stamps) and bool(stamps[0]) and not are_offsets([stamp for stamp in stamps if stamp])
    first_s = offset_of(stamps[0]) if clock else 0.0
    turns = [Turn(text=line, kind="footer") for line in head]
    for one in said:
        kept = [line for line in one.lines if not _FOOT.match(line.strip())]
        turns += [Turn(text=line, kind="footer") for line in one.lines if _FOOT.match(line.strip())]
        place = offset_of(one.stamp)
        start_s = place - (first_s or 0.0) if place is not None else None
        at = _on(start, one.stamp) if clock else at_offset(start, start_s) if start_s is not None else start
        turns.append(Turn(author=one.name, at=at, start_s=start_s, text=re.sub(r"\n{2,}", "\n", "\n".join(kept).strip())))
    return [conversation(source, turns, channel="meeting", occurred_at=start or _day(head, source))]


def _clean(lines: Sequence[str]) -> list[str]:
    """Without Markdown's pictures, emphasis, headings and escapes, and without white space at the end."""
    return [_MARKUP.sub("", line).replace("\u00a0", " ").rstrip() for line in lines]


def _said(lines: Sequence[str]) -> tuple[list[str], list[_Said]]:
    """The lines before anybody speaks, and the turns."""
    begin = _beginning(lines)
    head, timed = timed_turns(lines[begin:])
    before = [line.strip() for line in (*lines[:begin], *head) if line.strip()]
    if len(timed) >= 2 and all(offset_of(turn.when) is not None for turn in timed):
        return before, [_Said(clean_name(turn.name), turn.when, turn.lines) for turn in timed]
    if _is_unnamed(lines[begin:]):
        return before, [*_unnamed(lines[begin:])]
    named = [*_named(lines[begin:])]
    return [line.strip() for line in lines[:begin] if line.strip()], named


def _beginning(lines: Sequence[str]) -> int:
    """After the last line of the head that says that a transcript follows."""
    titles = [number for number, line in enumerate(lines[:80]) if _is_title(line)]
    return titles[-1] + 1 if titles else 0


def _is_title(line: str) -> bool:
    return len(line) < 160 and _TITLE.match(line) is not None and _FOOT.match(line.strip()) is None


def _named(lines: Sequence[str]) -> Iterator[_Said]:
    """Turns of the form `Name: text`; times that stand alone hold for what follows them."""
    names = speakers([_without_stamp(line) for line in lines])
    current: _Said | None = None
    stamp = ""
    for line in lines:
        alone, match = _STAMP.match(line), _SAID.match(line)
        if alone is not None:
            stamp = alone["when"]
        elif match is not None and match["name"].strip() in names and match["name"].casefold() not in _LABELS:
            if current is not None:
                yield current
            current = _Said(clean_name(match["name"]), match["when"] or stamp, [match["text"]])
        elif current is not None:
            current.lines.append(line)
    if current is not None:
        yield current


def _is_unnamed(lines: Sequence[str]) -> bool:
    """Whether every other line is a time, from the start of a recording on: what video sites show beside a video."""
    kept = [line for line in lines if line.strip()][:200]
    stamps = [match["when"] for line in kept[::2] if (match := _STAMP.match(line)) is not None]
    return len(stamps) >= 3 and len(stamps) == len(kept[::2]) and are_offsets(stamps) and not any(map(_STAMP.match, kept[1::2]))


def _unnamed(lines: Sequence[str]) -> Iterator[_Said]:
    kept = [line for line in lines if line.strip()]
    for stamp, text in zip(kept[::2], kept[1::2], strict=False):
        match = _STAMP.match(stamp)
        yield _Said("", match["when"] if match is not None else "", [text])


def _without_stamp(line: str) -> str:
    return re.sub(r"^[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}[\])]?\s+", "", line)


def _start(head: Sequence[str], source: Source) -> datetime | None:
    """When the meeting began: as the head says with day and time, else as the sender said."""
    for line in head[:20]:
        named = _IN_NAME.search(line)
        if named is not None:
            try:
                return datetime.strptime(named["day"] + named["clock"], "%Y%m%d%H%M%S").replace(tzinfo=source.zone)
            except ValueError:
                continue
        if len(line) < 200 and has_hours(line) and parse_day(line) is not None:
            at = parse_at(re.sub(r"\s*[•|–]\s*\d[\d:hms ]*$", "", line))
            if at is not None:
                return at.replace(tzinfo=source.zone)
    day, sent = _day(head, source), source.occurred_at
    return sent if sent is None or day is None or day.date() == sent.date() else None


def _day(head: Sequence[str], source: Source) -> datetime | None:
    day = next((day for line in head[:20] if len(line) < 200 and (day := parse_day(line)) is not None), None)
    return datetime.combine(day, time(), source.zone) if day is not None else source.occurred_at


def _on(start: datetime | None, clock: str) -> datetime | None:
    """A time of day on the day on which the meeting began."""
    return parse_at(clock, start) if start is not None else None
