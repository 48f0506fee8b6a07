"""Turns in plain text that bear times. One text has one shape: the one that most of its lines have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.clock import DATE, DAY_NAME, has_date, minute_of, parse_day
from ingest.clock_words import WEEKDAYS
from ingest.people import clean_name, is_handle, is_name, looks_like_name
from ingest.turn_headers import TIME_ALONE, joined_headers, may_hold_time
from ingest.turn_shapes import EDITED, HEAD, MEDIA, SHAPES, SKIPPED, WHEN, Shape

__all__ = ["TimedTurn", "is_timed", "timed_turns"]


@dataclass(slots=True)
class TimedTurn:
    """`when` is as it was written; `day` is that of the line "Tuesday, 24 November" above it, None without one.

    `follows`: the same person's next message, which has only a time.
    """

    name: str
    when: str
    day: date | None = None
    follows: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        text = EDITED.sub("", "\n".join(self.lines).strip()).strip()
        return "" if len(text) < 30 and MEDIA.match(text) else text


_SAMPLE = 600
_SOME_DAY = date(2000, 12, 31)
_DATE_ALONE = re.compile(rf"^{DATE}$")
_FOLLOWS = re.compile(rf"^\[(?P<when>{WHEN})\]\s?(?P<text>\S.*)$")
_DIVIDER = re.compile(
    rf"^[\s\-—–=*•]*(?:(?P<week>(?i:{DAY_NAME}))\.?,?\s+|[^\W\d_]{{2,3}}[.,]\s+)?{DATE}(?:\s*[(（][^()（）\n]{{1,12}}[)）]|,?\s+[^\W\d_]{{1,12}})?[\s\-—–=*•]*(?:New)?$"
)


def is_timed(lines: Sequence[str]) -> bool:
    """Whether these lines, none of them empty, are turns from the top on: at least two, and one in eight; or one that is all."""
    lines = joined_headers(lines)
    shape = _shape_of(lines)
    if shape is None:
        return False
    begins = [*_beginnings(lines, shape)]
    if len(lines) == 1:
        return bool(begins) and not shape.loose and _is_one_message(lines[0], shape)
    if len(begins) < 2 or len(begins) * 8 < len(lines):
        return False
    if shape.loose:  # a plan of a day has such lines too, but seldom at its very top
        return all(_divider(line, _SOME_DAY) or HEAD.match(line) for line in lines[: begins[0]])
    return begins[0] < 8  # exports have a head


def timed_turns(lines: Sequence[str], today: date | None = None) -> tuple[list[str], list[TimedTurn]]:
    """The lines before the first turn, and the turns; none where the text has no shape. `today` is for "Tuesday" above turns."""
    lines = joined_headers(lines)
    shape = _shape_of(lines)
    if shape is None:
        return list(lines), []
    begins = _beginnings(lines, shape)
    head: list[str] = []
    turns: list[TimedTurn] = []
    day: date | None = None
    is_empty = True  # nothing was said in the last turn yet: then its first line is text, whatever it looks like
    for place, line in enumerate(lines):
        match = begins.get(place)
        follows = _next_of_same(line, shape) if match is None and turns and not is_empty else None
        if match is not None:
            when, text = match.groupdict().get("when") or "", match["text"] or ""
            turns.append(TimedTurn(clean_name(match["name"]), when, day, lines=[text]))
            is_empty = not text
        elif follows is not None:
            text = follows.groupdict().get("text") or ""
            turns.append(TimedTurn(turns[-1].name, follows["when"], day, True, [text]))
            is_empty = not text
        elif (not turns or not is_empty) and (named_day := _divider(line, today)) is not None and _stands_apart(lines, place):
            day = named_day
        elif not turns:
            if not HEAD.match(line):
                head.append(line)
        elif is_empty or not _is_skipped(line, shape):
            turns[-1].lines.append(line)
            is_empty = is_empty and not line.strip()
    return head, turns


def _is_one_message(line: str, shape: Shape) -> bool:
    """Whether the line stands for itself: a full name, the time, a colon, and what was said."""
    match = _start(shape, line)
    if match is None or not match["text"] or not line[: match.start("text")].rstrip().endswith((":", "：")):
        return False
    name = clean_name(match["name"])
    return " " in name and looks_like_name(name)


def _shape_of(lines: Sequence[str]) -> Shape | None:
    sample = [line for line in lines[:_SAMPLE] if may_hold_time(line)]
    counts = [sum(1 for line in sample if _start(shape, line) is not None) for shape in SHAPES]
    best = max(counts)
    return SHAPES[counts.index(best)] if best else None


def _beginnings(lines: Sequence[str], shape: Shape) -> dict[int, re.Match[str]]:
    """Where turns begin. In a loose shape the name has to look like one or to come back, and the time has to fit between those
    around it.
    """
    found = {place: match for place, line in enumerate(lines) if (match := _start(shape, line)) is not None}
    if not shape.loose:
        return found
    seen = Counter(clean_name(match["name"]) for match in found.values())
    apart = {clean_name(match["name"]) for match in found.values() if _is_apart(match)}
    known = {
        name
        for name, count in seen.items()
        if looks_like_name(name)
        or is_handle(name)
        or name.startswith("+")
        or (len(name.split()) <= 3 and (count > 1 or name in apart))
    }
    found = {place: match for place, match in found.items() if clean_name(match["name"]) in known}
    return {place: found[place] for place in _in_order(found, seen)}


def _is_apart(match: re.Match[str]) -> bool:
    """Whether more than a space or a comma stands between the name and the time, as in no sentence."""
    between = match.string[match.end("name") : match.start("when")]
    return len(between) >= 2 and between.strip() != ","


def _in_order(found: Mapping[int, re.Match[str]], seen: Mapping[str, int]) -> list[int]:
    """The places but for those whose times do not fit in, as in an agenda inside a message: up to three in a row that lie after
    the next one's, or one before the last one's that speaks less often.
    """
    minutes = {place: minute_of(match["when"]) for place, match in found.items()}
    places = list(found)
    if any(minute is None for minute in minutes.values()) or any(has_date(match["when"]) for match in found.values()):
        return places
    times = [minute or 0 for minute in minutes.values()]
    often = [seen[clean_name(match["name"])] for match in found.values()]
    kept: list[int] = []
    for i, minute in enumerate(times):
        ahead = 0
        while ahead < min(len(kept), 4) and times[kept[-1 - ahead]] > minute:
            ahead += 1
        last = kept[-1] if kept else -1
        is_last = i + 1 == len(times)
        # Half a day back is the next day, not an agenda.
        next_fits = times[last] - minute < 12 * 60 if is_last else times[i + 1] >= times[last]
        if ahead and next_fits and often[i] < often[last]:
            continue
        if 0 < ahead <= 3 and ahead < len(kept):
            del kept[-ahead:]
        kept.append(i)
    return [places[i] for i in kept]


def _start(shape: Shape, line: str) -> re.Match[str] | None:
    match = shape.pattern.match(line) if may_hold_time(line) else None
    if match is None:
        return None
    name = clean_name(match["name"])
    return match if is_name(name) and not _DATE_ALONE.match(name) else None


def _next_of_same(line: str, shape: Shape) -> re.Match[str] | None:
    """Another message of the same person: only a time (Slack), or a time in brackets and the text (Discord)."""
    if not shape.below or not may_hold_time(line):
        return None
    match = TIME_ALONE.match(line) or (_FOLLOWS.match(line) if shape.loose else None)
    return match if match is not None and not has_date(match["when"]) else None


def _is_skipped(line: str, shape: Shape) -> bool:
    if len(line) < 200 and SKIPPED.match(line.strip()):
        return True
    return shape.system is not None and may_hold_time(line) and shape.system.match(line) is not None


def _stands_apart(lines: Sequence[str], place: int) -> bool:
    """Whether the line may stand between turns: the last word of a message can be "Thursday" too."""
    is_word = lines[place].strip().casefold() in WEEKDAYS
    return not is_word or place == 0 or not lines[place - 1].strip()


def _divider(line: str, today: date | None) -> date | None:
    """The day that the line names and nothing else; of 11/10/2026 the one that is the weekday before it."""
    match = _DIVIDER.match(line) if len(line) <= 80 else None
    if match is None:
        return None
    words = line.strip(" -—–=*•\t")
    day = parse_day(words, today)
    weekday = WEEKDAYS.get((match["week"] or "").casefold())
    if day is not None and weekday is not None and day.weekday() != weekday:
        other = parse_day(words, today, month_first=True)
        return other if other is not None and other.weekday() == weekday else day
    return day
