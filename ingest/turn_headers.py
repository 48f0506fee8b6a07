"""Headers of turns that programs copy over several lines, made one line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.clock import DATE, TIME
from ingest.people import clean_name, is_handle, looks_like_name
from ingest.turn_shapes import EMOJI, WHEN

__all__ = ["TIME_ALONE", "joined_headers", "may_hold_time"]

_SAMPLE = 600
_HAS_TIME = re.compile(r"\d(?:[:.]|\s?h\s?|[時时点]|시\s?)\d\d")
TIME_ALONE = re.compile(rf"^\s*\[?(?P<when>{WHEN})\]?(?:,?\s+\(?(?i:edited)\)?)?\s*$")
_DATED = re.compile(rf"^\s*(?P<when>{DATE},?\s+{TIME})(?:\s*\([^()\n]{{1,80}}\))?\s*$")
_STATUS_LINE = re.compile(rf"^\s*(?::[a-z0-9_+'-]{{2,40}}:|{EMOJI}{{1,4}})\s*$")
# Slack's status as a code between the name and the time
_STATUS = re.compile(rf"\s*:[a-z0-9_+'-]{{2,40}}:(?=\s+{TIME}\s*$)")
_DASH = re.compile(r"\s*(?:[—–•·]\s*|(?:APP|App|BOT|Bot)\s+)")
_BETWEEN = frozenset(("—", "–", ",", "•", "·", "-", "APP", "App", "BOT", "Bot"))


def may_hold_time(line: str) -> bool:
    """A quick look, before patterns are tried."""
    return line.startswith("<") or _HAS_TIME.search(line[:160]) is not None


def joined_headers(lines: Sequence[str]) -> list[str]:
    """A name, perhaps a status, a dash or a comma, then a line that is only a time; or day and time above a name."""
    if _are_reversed(lines):
        lines = _turned(lines)
    two_lined = _are_two_lined(lines)
    above = Counter(lines[i - 1].strip() for i, line in enumerate(lines) if i and line[:1].isspace() and TIME_ALONE.match(line))
    joined: list[str] = []
    for line in lines:
        if not may_hold_time(line):
            joined.append(line)
            continue
        dash = _DASH.match(line)
        if joined and TIME_ALONE.match(line[dash.end() :] if dash is not None else line):
            back = _back(joined)
            name = clean_name(joined[-back].strip().rstrip(","))
            apart = dash is not None or any(between.strip() for between in joined[len(joined) - back + 1 :])
            known = above[joined[-back].strip()] >= 2
            if name and len(name) <= 60 and _heads(name, line, apart=apart, two_lined=two_lined, known=known):
                del joined[-back:]
                joined.append(f"{name}  {line.strip()}")
                continue
        joined.append(_STATUS.sub("", line) if ":" in line and len(line) < 160 else line)
    return joined


def _back(joined: Sequence[str]) -> int:
    """How many lines above a time its name stands: a status, a dash, a comma or an empty line may be between."""
    back = 1
    while back < min(3, len(joined)) and (not joined[-back].strip() or _is_between(joined[-back])):
        back += 1
    return back


def _is_between(line: str) -> bool:
    return line.strip() in _BETWEEN or _STATUS_LINE.match(line) is not None


def _heads(name: str, time_line: str, *, apart: bool, two_lined: bool, known: bool) -> bool:
    named = looks_like_name(name)
    if apart or time_line[:1].isspace():
        return named or (name.isidentifier() and is_handle(name)) or (known and len(name.split()) <= 3)
    if two_lined:
        return named or is_handle(name)
    return named and re.search(r"[ap]\.?m\b", time_line, re.IGNORECASE) is not None


def _are_two_lined(lines: Sequence[str]) -> bool:
    """Whether most lines that are only a time stand below a line that looks like a name, the first of them at the top; none is
    indented: there, Slack's times that are not belong to later messages of the same person.
    """
    sample = lines[:_SAMPLE]
    alone = [i for i, line in enumerate(sample) if may_hold_time(line) and TIME_ALONE.match(line)]
    if any(sample[i][:1].isspace() for i in alone):
        return False
    names = [(i, clean_name(sample[i - 1])) for i in alone if i]
    below = [i for i, name in names if looks_like_name(name)]
    if len(below) >= 2 and len(below) * 5 >= len(alone) * 3 and below[0] <= 4:
        return True
    return len(alone) >= 2 and alone[0] == 1 and all(looks_like_name(name) or is_handle(name) for _, name in names)


def _are_reversed(lines: Sequence[str]) -> bool:
    """Whether lines that are only day and time stand above names, the first of them at the top."""
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    dated = [i for i, line in enumerate(sample) if may_hold_time(line) and _DATED.match(line)]
    above = [i for i in dated if i + 2 < len(sample) and _is_person(sample[i + 1])]
    return len(dated) >= 2 and dated[0] == 0 and len(above) == len(dated)


def _turned(lines: Sequence[str]) -> list[str]:
    turned: list[str] = []
    when = ""
    for line in lines:
        dated = _DATED.match(line) if may_hold_time(line) else None
        if dated is not None:
            when = dated["when"]
        elif when and line.strip():
            turned.append(f"{line.strip()} {when}")
            when = ""
        else:
            turned.append(line)
    return turned


def _is_person(line: str) -> bool:
    name = clean_name(line)
    return len(name) <= 60 and (looks_like_name(name) or name.startswith("+") or is_handle(name))
