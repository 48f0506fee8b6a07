"""Turns in plain text that bear times: the shapes of a line that says who spoke and when.

One text has one shape. Where several programs write alike, one shape stands for all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.clock import DATE, NUMERIC_DATE, TIME, has_date, minute_of, parse_day
from ingest.people import NAME, clean_name, is_handle, is_name, looks_like_name

__all__ = ["TimedTurn", "joined_headers", "shape_of", "starts", "timed_turns"]

_WHEN = rf"(?:(?:{DATE},?\s+)?{TIME}|{TIME},?\s+{NUMERIC_DATE})"
_N = rf"(?P<name>{NAME})"
_W = rf"(?P<when>{_WHEN})"


@dataclass(slots=True)
class TimedTurn:
    """`when` is as it was written; `day` is that of the line "Tuesday, 24 November" above it, None without one."""

    name: str
    when: str
    day: date | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _EDITED.sub("", "\n".join(self.lines).strip()).strip()


# The surest first; `text` is what follows on the same line.
_SHAPES: tuple[re.Pattern[str], ...] = (
    # 12/11/2026, 09:14 - Name: text (WhatsApp, Element); 2026년 11월 24일 오전 9:14, Name : text (KakaoTalk)
    re.compile(rf"^\u200e?(?P<when>{DATE},?\s+{TIME})(?:\s+[-–—]\s+|,\s+){_N}\s?:\s?(?P<text>.*)$"),
    # [12/11/2026, 09:14:33] Name: text (WhatsApp, Skype), [09:14] Name: text (Matrix), [9:14 AM] Name: text (Teams)
    re.compile(rf"^\u200e?[\[(]\s?{_W}\s?[\])]\s*{_N}\s?:(?:\s|$)(?P<text>.*)$"),
    # [Name] [오전 9:14] text (KakaoTalk)
    re.compile(rf"^\[{_N}\]\s*\[{_W}\]\s?(?P<text>.*)$"),
    # [09:14] <name> text, 09:14 <name> text (IRC)
    re.compile(rf"^\[?{_W}\]?\s+<(?:[@%~& ]|\+(?!\d))?(?P<name>[^>\n]{{1,40}})>\s?(?P<text>.*)$"),
    # Name [9:00 AM]: text
    re.compile(rf"^{_N}\s*[\[(]{_W}[\])]\s*:?\s?(?P<text>.*)$"),
    # [9:14 AM] Name, the text on the next lines (Teams)
    re.compile(rf"^\[{_W}\]\s*{_N}\s?:?(?P<text>)$"),
    # [Name] 09:14:33, the text on the next lines (Zoom)
    re.compile(rf"^\[{_N}\]\s+{_W}(?P<text>)$"),
    # Name, [24.11.2026 09:14], the text on the next lines (Telegram)
    re.compile(rf"^{_N},\s\[{_W}\]:?(?P<text>)$"),
    # Name 9:00 AM, Name — Today at 9:00 AM, Name, 9:00 AM, Edited, Name  APP  9:00 AM; the text on the next lines (Slack, Teams,
    # Discord, Google Chat, Otter)
    re.compile(
        rf"^{_N}(?:\s+(?:APP|BOT|App|Bot))?(?:\s*[—–•·|]\s*|\s*,\s+|\s+-\s+|\s+){_W}(?:,?\s+\(?(?i:edited)\)?)?(?P<text>)\s*$"
    ),
    # 09:14<tab>Name<tab>text (LINE)
    re.compile(rf"^{_W}\t(?P<name>[^\t\n]{{1,60}})\t(?P<text>.*)$"),
    # 09:14:03 From Name to Everyone: text (Zoom), 00:01:02 Name: text, 09:14 - Name: text
    re.compile(rf"^{_W}\s+(?:[-–—|]\s+)?(?:From\s+)?{_N}(?:\s+to\s+Everyone)?\s*:(?:\s(?P<text>.*)|(?P<none>)$)"),
    # 00:03 - Name, 0:03 | Name; the text on the next lines
    re.compile(rf"^\[?{_W}\]?\s+[-–—|]\s+{_N}(?P<text>)$"),
    # <name> text
    re.compile(r"^<[@+%~& ]?(?P<name>[^\W_][^>\n]{0,39})>\s(?P<text>.*)$"),
)
_HEADED = frozenset((5, 6, 7, 8, 11))  # the shapes with the text on the next lines
_LOOSE = frozenset((8, 10, 11))
_SAMPLE = 600
_DATE_ALONE = re.compile(rf"^{DATE}$")
_HAS_TIME = re.compile(r"\d(?:[:.]|\s?h\s?)\d\d")
_TIME_ALONE = re.compile(rf"^\s*\[?{_W}\]?(?:,?\s+\(?(?i:edited)\)?)?\s*$")
_FOLLOWS = re.compile(rf"^\[{_W}\]\s?(?P<text>\S.*)$")
_DIVIDER = re.compile(rf"^[\s\-—–=*•]*{DATE}(?:\s*\([^()\n]{{1,12}}\)|,?\s+[^\W\d_]{{1,12}})?[\s\-—–=*•]*(?:New)?$")
_SKIP = re.compile(
    r"^(?:\(edited\)|edited|new|image|\d+ repl(?:y|ies)|last reply .*|view thread|also sent to the channel|pinned by .*|"
    r"replied to a thread:?.*|:[\w+-]+:\s*\d*|\+?\d+|[—–-]{2,}.*[—–-]{2,}|.{1,60} has context menu|\d+ antwort(?:en)?|letzte antwort .*|"
    r"\{reactions\}|(?:[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]+\s*\(?\d+\)?\s*)+|(?:like|heart|laugh|surprised|sad|angry)\s\d+)$",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s*\((?:edited|bearbeitet|modifié|editado|modificato|bewerkt|redigeret|redigerad|redigert|muokattu|edytowane|upraveno|"
    r"düzenlendi|изменено|編集済み|편집됨|已编辑|已編輯)\)\s*$",
    re.IGNORECASE,
)
_EMOJI_LINE = re.compile(r"^\s*(?::[a-z0-9_+'-]{2,40}:|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]{1,4})\s*$")


def shape_of(lines: Sequence[str]) -> int | None:
    """The number of the shape that most of these lines have; None where none has one."""
    sample = [line for line in lines[:_SAMPLE] if _may_start(line)]
    counts = [sum(1 for line in sample if _start(shape, line) is not None) for shape in _SHAPES]
    best = max(counts)
    return counts.index(best) if best else None


def starts(lines: Sequence[str], shape: int) -> int:
    """How many of these lines start a turn."""
    return sum(1 for line in lines if _start(_SHAPES[shape], line) is not None)


def timed_turns(lines: Sequence[str], today: date | None = None) -> tuple[list[str], list[TimedTurn]]:
    """The lines before the first turn, and the turns; none where the text has no shape. `today` is for "Tuesday" above turns."""
    lines = joined_headers(lines)
    number = shape_of(lines)
    if number is None:
        return list(lines), []
    begins = _beginnings(lines, number)
    head: list[str] = []
    turns: list[TimedTurn] = []
    day: date | None = None
    for place, line in enumerate(lines):
        match = begins.get(place)
        if match is not None:
            turns.append(TimedTurn(clean_name(match["name"]), match.groupdict().get("when") or "", day, [match["text"] or ""]))
            continue
        open_turn = turns[-1] if turns else None
        is_empty = open_turn is None or not any(kept.strip() for kept in open_turn.lines)
        follows = _next_of_same(line, number) if open_turn is not None and not is_empty else None
        if follows is not None and open_turn is not None:
            turns.append(TimedTurn(open_turn.name, follows["when"], day, [follows.groupdict().get("text") or ""]))
        elif (named_day := _divider(line, today)) is not None and (open_turn is None or not is_empty):
            day = named_day
            if open_turn is None:
                head.append(line)
        elif open_turn is None:
            head.append(line)
        elif is_empty or not _SKIP.match(line.strip()):
            open_turn.lines.append(line)
    return head, turns


def _beginnings(lines: Sequence[str], number: int) -> dict[int, re.Match[str]]:
    """Where turns begin. A sentence with a time in it can have a loose shape too: there the name has to look like one or to come
    back, and the time has to fit between those around it.
    """
    found = {place: match for place, line in enumerate(lines) if (match := _start_of(line, number)) is not None}
    if number not in _LOOSE:
        return found
    seen = Counter(clean_name(match["name"]) for match in found.values())
    known = {
        name
        for name, count in seen.items()
        if looks_like_name(name) or is_handle(name) or name.startswith("+") or (count > 1 and len(name.split()) <= 3)
    }
    found = {place: match for place, match in found.items() if clean_name(match["name"]) in known}
    return {place: found[place] for place in _in_order(found, seen)}


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
        next_fits = (
            times[i + 1] >= times[last] if i + 1 < len(times) else times[last] - minute < 12 * 60
        )  # else it is past midnight
        if ahead and next_fits and often[i] < often[last]:
            continue
        if 0 < ahead <= 3 and ahead < len(kept):
            del kept[-ahead:]
        kept.append(i)
    return [places[i] for i in kept]


def joined_headers(lines: Sequence[str]) -> list[str]:
    """Headers over two to four lines (a name, perhaps a status, a dash or a comma, then a line that is only a time) made one."""
    two_lined = _are_two_lined(lines)
    joined: list[str] = []
    for line in lines:
        if _may_start(line) and joined and _TIME_ALONE.match(line):
            back = 1
            while back < min(3, len(joined)) and (
                _EMOJI_LINE.match(joined[-back]) or joined[-back].strip() in ("—", "–", ",", "•", "-")
            ):
                back += 1
            name = joined[-back].strip().rstrip(",")
            if name and len(name) <= 60 and _heads(name, line, sure=back > 1 or two_lined):
                del joined[-back:]
                joined.append(f"{clean_name(name)} {line.strip()}")
                continue
        joined.append(line)
    return joined


def _are_two_lined(lines: Sequence[str]) -> bool:
    """Whether most lines that are only a time stand below a line that looks like a name, the first of them at the top."""
    alone = [i for i, line in enumerate(lines[:_SAMPLE]) if _may_start(line) and _TIME_ALONE.match(line)]
    below = [i for i in alone if i and looks_like_name(clean_name(lines[i - 1]))]
    return len(below) >= 2 and len(below) * 5 >= len(alone) * 3 and below[0] <= 4


def _heads(name: str, time_line: str, *, sure: bool) -> bool:
    named = looks_like_name(clean_name(name))
    if sure or time_line[:1].isspace():
        return named or (clean_name(name).isidentifier() and is_handle(clean_name(name)))
    return named and re.search(r"[ap]\.?m\b", time_line, re.IGNORECASE) is not None


def _may_start(line: str) -> bool:
    return line.startswith("<") or _HAS_TIME.search(line[:160]) is not None


def _start_of(line: str, number: int) -> re.Match[str] | None:
    return _start(_SHAPES[number], line) if _may_start(line) else None


def _start(shape: re.Pattern[str], line: str) -> re.Match[str] | None:
    match = shape.match(line)
    if match is None:
        return None
    name = clean_name(match["name"])
    return match if is_name(name) and not _DATE_ALONE.match(name) else None


def _next_of_same(line: str, shape: int) -> re.Match[str] | None:
    """Another message of the same person: only a time (Slack), or a time in brackets and the text (Discord)."""
    if shape not in _HEADED or not _may_start(line):
        return None
    return _TIME_ALONE.match(line) or (_FOLLOWS.match(line) if shape == 8 else None)


def _divider(line: str, today: date | None) -> date | None:
    if len(line) > 80 or not _DIVIDER.match(line):
        return None
    return parse_day(line.strip(" -—–=*•\t"), today)
