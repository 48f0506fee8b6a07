"""What became of an update, statement by statement and in one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.update import Entry, Update
from wiki.review import Flag, Suggestion

__all__ = ["Outcome", "Statement", "outcome_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One entry, and the suggestions and flags that rest on it."""

    entry: Entry
    suggestions: tuple[Suggestion, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`line` says it all in one line; `statements` are in the update's order."""

    line: str
    statements: tuple[Statement, ...]


def outcome_of(update: Update, entries: Sequence[Entry], suggestions: Sequence[Suggestion], flags: Sequence[Flag]) -> Outcome:
    """Sum up an update that was read. A line counts as changing nothing unless it led to something or stays to be answered."""
    by_quote: dict[str, tuple[list[Suggestion], list[Flag]]] = {}
    for suggestion in suggestions:
        for quote in _quotes(update, suggestion):
            by_quote.setdefault(quote, ([], []))[0].append(suggestion)
    for flag in flags:
        for quote in _quotes(update, flag):
            by_quote.setdefault(quote, ([], []))[1].append(flag)
    statements = tuple(
        Statement(entry=entry, suggestions=tuple(led_to[0]), flags=tuple(led_to[1]))
        for entry in entries
        for led_to in [by_quote.get(entry.quote, ([], []))]
    )
    questions = [s.entry.quote for s in statements if s.entry.kind == "question"]
    blockers = [s.entry.quote for s in statements if s.entry.kind == "blocker" and s.entry.quote not in by_quote]
    lines = _lines(update)
    used = _lines_with(lines, [*by_quote, *questions, *blockers])
    counts = [
        _counted(len(suggestions), "suggestion"),
        _counted(len(flags), "doubt about a page", "doubts about pages"),
        _counted(len(questions), "question"),
        _counted(len(blockers), "blocker"),
    ]
    nothing = len(lines) - used
    if nothing:
        counts.append(f"{nothing:,} changed nothing" if any(counts) else "nothing that changes a page")
    read = _counted(len(lines), "line") or "No line"
    said = ", ".join(count for count in counts if count)
    return Outcome(line=f"{read} read" + (f": {said}" if said else ""), statements=statements)


def _quotes(update: Update, result: Suggestion | Flag) -> Iterable[str]:
    return dict.fromkeys(e.quote for e in result.evidence if e.update == update.id)


def _counted(number: int, one: str, many: str = "") -> str:
    return "" if not number else f"{number:,} {one if number == 1 else many or one + 's'}"


def _lines(update: Update) -> list[str]:
    said = [message.text for message in update.messages] or [update.text]
    return [line for text in said for line in text.splitlines() if line.strip()]


def _lines_with(lines: Sequence[str], quotes: Iterable[str]) -> int:
    """How many of the lines these quotes touch. Quotes come mostly in order, so each is looked for from the one before."""
    text = "\n".join(lines)
    starts: list[int] = []
    place = 0
    for line in lines:
        starts.append(place)
        place += len(line) + 1
    touched: set[int] = set()
    last = 0
    for quote in quotes:
        found = text.find(quote, last)
        if found < 0:
            found = text.find(quote)
        if found >= 0 and quote:
            last = found
            touched.update(range(bisect_right(starts, found) - 1, bisect_right(starts, found + len(quote) - 1)))
    return len(touched)
