"""Logs of IRC: `[09:14] <name> text`, as irssi, WeeChat, HexChat, mIRC and bouncers write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from ingest.clock import DATE, TIME, has_date, parse_at, parse_day
from ingest.readers.conversation import Source, Turn, conversation
from ingest.update import Incoming

__all__ = ["claims", "read"]

_WHEN = rf"\[?(?P<when>(?:{DATE}[T,]?\s*)?{TIME})\]?"
_SAID = re.compile(rf"^(?:{_WHEN}\s+)?<\s?(?:[@%~&]|\+(?!\d))?(?P<name>[^\s<>][^<>\n]{{0,39}}?)>\s?(?P<text>.*)$")
_TABBED = re.compile(rf"^{_WHEN}\t(?:[@%~&]|\+(?!\d))?(?P<name>[^\t\n]{{1,40}})\t(?P<text>.*)$")
_ACTION = re.compile(rf"^(?:{_WHEN}\s+)?(?:\* |\s\* )(?P<name>[^\s*]{{1,40}})\s(?P<text>.*)$")
_SYSTEM = re.compile(rf"^(?:{_WHEN}\s+)?(?:-!-|\*{{3,4}}|-->|<--|==|--- |--\t|-->\t|<--\t|→|←)\s?.*$")
_SYSTEM_NAMES = ("-->", "<--", "--", "=!=", "")
_PAGE = re.compile(r"\s*<(?:[!?]|(?:html|head|body|div|p|table|span|a)\b)", re.IGNORECASE)
_DAY = re.compile(
    r"(?:Day changed(?: to)?|Log opened|Log closed|BEGIN LOGGING AT|Session (?:Start|Time):?)\s+(?P<day>.*)$", re.IGNORECASE
)
_YEAR_LAST = re.compile(r"^(?P<rest>\D*\d{1,2})\s+[\d:]+\s+(?P<year>\d{4})$")


class _Found(NamedTuple):
    day: date | None
    when: str | None
    name: str  # "" for what the program says
    lines: list[str]


def claims(source: Source) -> bool:
    """Whether half of its lines are `<name> text`, or have a name and a text between tabs."""
    if _PAGE.match(source.text):
        return False
    lines = [line for line in source.lines[:200] if line.strip()]
    said = sum(1 for line in lines if _SAID.match(line) or _TABBED.match(line))
    own = sum(1 for line in lines if _SYSTEM.match(line) or _ACTION.match(line))
    return said >= 1 and (said + own) * 2 >= len(lines) and any("<" in line or "\t" in line for line in lines)


def read(source: Source) -> list[Incoming]:
    """One update. Joins and the like are kept aside; "* maya waves" is something that maya said."""
    found = _found(source.lines)
    to_time, note = source.clock([one.when for one in found if one.when])
    return [conversation(source, [_turn(one, to_time, source) for one in found], note=note)]


def _found(lines: Sequence[str]) -> list[_Found]:
    day: date | None = None
    found: list[_Found] = []
    for line in lines:
        said = _SAID.match(line) or _TABBED.match(line)
        if said is not None:
            found.append(_Found(day, said["when"], said["name"].strip(), [said["text"]]))
        elif _SYSTEM.match(line) or (len(line) < 120 and _DAY.match(line)):
            changed = _DAY.search(line[:200])
            day = (_day(changed["day"].strip(" *-")) or day) if changed is not None else day
            found.append(_Found(day, None, "", [line]))
        elif (action := _ACTION.match(line)) is not None and action["when"]:
            found.append(_Found(day, action["when"], action["name"], [action["text"]]))
        elif found and found[-1].name:
            found[-1].lines.append(line)
    return found


def _turn(one: _Found, to_time: Callable[[str], datetime | None], source: Source) -> Turn:
    if one.when and one.day is not None and not has_date(one.when):
        at = parse_at(one.when, datetime.combine(one.day, time(), source.zone))
    else:
        at = to_time(one.when.replace("T", " ")) if one.when else None
    system = one.name in _SYSTEM_NAMES
    return Turn(author=one.name, at=at, text="\n".join(one.lines), kind="system" if system else "said")


def _day(text: str) -> date | None:
    """ "Tue Nov 24 2026", "Tue Nov 24 09:00:00 2026"."""
    last = _YEAR_LAST.match(text)
    return parse_day(f"{last['rest']} {last['year']}" if last is not None else text)
