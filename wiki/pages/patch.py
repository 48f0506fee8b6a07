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
_MANY = 4_000
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One run of changed lines. `old_start` is the 0-based line in the old text at which `new_lines` take the place of `old_lines`;
    `new_start` is where they stand in the new text."""

    index: int
    old_start: int
    new_start: int
    old_lines: tuple[str, ...]
    new_lines: tuple[str, ...]

    @property
    def old_end(self) -> int:
        return self.old_start + len(self.old_lines)

    @property
    def header(self) -> str:
        """Where the hunk stands, as git writes it: `@@ -3 +3,2 @@`."""
        old = _span(self.old_start, self.old_end)
        return f"@@ -{old} +{_span(self.new_start, self.new_start + len(self.new_lines))} @@"


def hunks(old: str, new: str) -> list[Hunk]:
    """The runs of changed lines from `old` to `new`, in order, disjoint, each as small as it can be; [] where nothing changed."""
    a, b = _lines(old), _lines(new)
    changes = [change for change in _opcodes(a, b) if change[0] != "equal"]
    return [
        Hunk(index=number, old_start=i1, new_start=j1, old_lines=tuple(a[i1:i2]), new_lines=tuple(b[j1:j2]))
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
    groups = _grouped(_opcodes(a, b), context)
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
    for tag, i1, i2, j1, j2 in _opcodes(a, b):
        if i2 > i1:
            old.append((tag != "equal", "".join(a[i1:i2])))
        if j2 > j1:
            new.append((tag != "equal", "".join(b[j1:j2])))
    return old, new


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """How to get from `a` to `b`, as SequenceMatcher says it.

    Its time grows with the square of the parts that are alike, so the common start and end are set aside first; where much is
    left, frequent parts only count beside others.
    """
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    old, new = a[start : len(a) - end], b[start : len(b) - end]
    codes = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > _MANY).get_opcodes() if old or new else []
    moved: list[tuple[str, int, int, int, int]] = [
        (tag, i1 + start, i2 + start, j1 + start, j2 + start) for tag, i1, i2, j1, j2 in codes
    ]
    return _with_ends(moved, start, end, len(a), len(b))


def _with_ends(
    codes: list[tuple[str, int, int, int, int]], start: int, end: int, old: int, new: int
) -> list[tuple[str, int, int, int, int]]:
    """`codes` with the common start and end as equal runs, joined to an equal run beside them."""
    if start:
        if codes and codes[0][0] == "equal":
            codes[0] = ("equal", 0, codes[0][2], 0, codes[0][4])
        else:
            codes.insert(0, ("equal", 0, start, 0, start))
    if end:
        if codes and codes[-1][0] == "equal":
            codes[-1] = ("equal", codes[-1][1], old, codes[-1][3], new)
        else:
            codes.append(("equal", old - end, old, new - end, new))
    return codes


def _grouped(codes: list[tuple[str, int, int, int, int]], context: int) -> list[list[tuple[str, int, int, int, int]]]:
    """The changes with at most `context` equal lines around each; changes whose lines around meet are one group."""
    groups: list[list[tuple[str, int, int, int, int]]] = []
    for number, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag != "equal":
            if not groups:
                groups.append([])
            groups[-1].append((tag, i1, i2, j1, j2))
            continue
        first, last = number == 0, number == len(codes) - 1
        if not first and not last and i2 - i1 <= 2 * context:
            groups[-1].append((tag, i1, i2, j1, j2))
            continue
        if not first:
            groups[-1].append((tag, i1, min(i2, i1 + context), j1, min(j2, j1 + context)))
        if not last:
            groups.append([(tag, max(i1, i2 - context), i2, max(j1, j2 - context), j2)])
    return groups


def _span(start: int, stop: int) -> str:
    length = stop - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _signed(sign: str, lines: list[str]) -> list[str]:
    return [sign + line if line.endswith("\n") else f"{sign}{line}\n{_NO_NEWLINE}" for line in lines]


def _ended(lines: list[str]) -> list[str]:
    """Every line but the last ends: a hunk left out can put a line behind one that was the file's last."""
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    return [line if line.endswith("\n") or number == len(lines) - 1 else line + newline for number, line in enumerate(lines)]
