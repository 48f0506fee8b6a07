"""Differences between two texts: unified diffs, hunks that can be accepted one by one, and the words that changed in a line.

Lines end at `\\n` alone, as for git; what ends one (`\\r\\n`, or nothing at the end of the file) is part of it, so that applying
hunks gives every byte back.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Hunk", "apply_hunks", "hunks", "inline_changes", "unified_diff"]

_NO_NEWLINE = "\\ No newline at end of file\n"
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One run of changed lines. `old_start` is the 0-based line in the old text at which `new_lines` take the place of `old_lines`."""

    index: int
    old_start: int
    old_lines: tuple[str, ...]
    new_lines: tuple[str, ...]

    @property
    def old_end(self) -> int:
        return self.old_start + len(self.old_lines)


def hunks(old: str, new: str) -> list[Hunk]:
    """The runs of changed lines from `old` to `new`, in order, disjoint, each as small as it can be; [] where nothing changed."""
    a, b = _lines(old), _lines(new)
    changes = [change for change in _opcodes(a, b) if change[0] != "equal"]
    return [
        Hunk(index=number, old_start=i1, old_lines=tuple(a[i1:i2]), new_lines=tuple(b[j1:j2]))
        for number, (_, i1, i2, j1, j2) in enumerate(changes)
    ]


def apply_hunks(old: str, new: str, accepted: Collection[int]) -> str:
    """`old` with only the hunks of these numbers (as `hunks(old, new)` counts them) applied: all give `new`, none gives `old`.

    A number that is no hunk is passed over. A line that stood last without a line end gets one where another now follows it.
    """
    lines = _lines(old)
    result: list[str] = []
    place = 0
    for hunk in hunks(old, new):
        if hunk.index in accepted:
            result += lines[place : hunk.old_start]
            result += hunk.new_lines
            place = hunk.old_end
    result += lines[place:]
    return "".join(_ended(result))


def unified_diff(old: str, new: str, path: str, *, context: int = 3) -> str:
    """A unified diff as git writes it, from `a/path` to `b/path`; "" where nothing changed."""
    a, b = _lines(old), _lines(new)
    groups = list(_matcher(a, b).get_grouped_opcodes(context))
    if not groups:
        return ""
    out = [f"--- a/{path}\n", f"+++ b/{path}\n"]
    for group in groups:
        first, last = group[0], group[-1]
        out.append(f"@@ -{_span(first[1], last[2])} +{_span(first[3], last[4])} @@\n")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                out += _signed(" ", a[i1:i2])
            else:
                out += _signed("-", a[i1:i2]) + _signed("+", b[j1:j2])
    return "".join(out)


def inline_changes(old_line: str, new_line: str) -> tuple[list[tuple[bool, str]], list[tuple[bool, str]]]:
    """Both lines in parts, each with whether it changed, word by word; joined, the parts are the lines."""
    a, b = _WORD.findall(old_line), _WORD.findall(new_line)
    old: list[tuple[bool, str]] = []
    new: list[tuple[bool, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i2 > i1:
            old.append((tag != "equal", "".join(a[i1:i2])))
        if j2 > j1:
            new.append((tag != "equal", "".join(b[j1:j2])))
    return old, new


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _matcher(a: list[str], b: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, a, b, autojunk=False)


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Opcodes after the common start and end are set aside: SequenceMatcher's time grows with the square of what is left."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    codes = _matcher(a[start : len(a) - end], b[start : len(b) - end]).get_opcodes()
    return [(tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in codes]


def _span(start: int, stop: int) -> str:
    length = stop - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _signed(sign: str, lines: list[str]) -> list[str]:
    return [sign + line if line.endswith("\n") else f"{sign}{line}\n{_NO_NEWLINE}" for line in lines]


def _ended(lines: list[str]) -> list[str]:
    """Every line but the last ends: a hunk left out can put a line behind one that was the file's last."""
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    return [line if line.endswith("\n") or number == len(lines) - 1 else line + newline for number, line in enumerate(lines)]
