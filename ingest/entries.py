"""Update -> entries: what it says is new, was decided, is stuck or open, each with its verbatim quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.news import Verdict, judged
from ingest.spoken import without_fillers
from ingest.statements import statements
from ingest.update import Entry, Update, entry_id

__all__ = ["entries_of", "find_entries", "read_update"]

_KINDS = {"news": "change", "decision": "decision", "blocker": "blocker", "question": "question", "progress": "progress"}
_LEAST_STRENGTH = 0.5
_AUTOMATIC = re.compile(r"\bautomatic reply\b|\bauto-?reply\b|\bout[- ]of[- ](?:the[- ])?office\b", re.IGNORECASE)


def read_update(update: Update) -> list[Verdict]:
    """Every statement of an update with what it is."""
    if _AUTOMATIC.search(update.text[:200]):
        return [Verdict(statement=said, kind="", reason="it is an automatic reply") for said in statements(update)]
    return judged(statements(update))


def find_entries(update: Update) -> list[Entry]:
    """The entries of an update, in its order; [] where nothing is said."""
    return list(entries_of(update, read_update(update)).values())


def entries_of(update: Update, verdicts: Sequence[Verdict]) -> dict[int, Entry]:
    """The entries by the number of their statement. What is said without a word of change is none."""
    found: dict[int, Entry] = {}
    for number, verdict in enumerate(verdicts):
        if not verdict.kind or (verdict.kind == "news" and verdict.strength < _LEAST_STRENGTH):
            continue
        said = verdict.statement
        found[number] = Entry(
            id=entry_id(update.id, len(found)),
            update=update.id,
            kind=_KINDS[verdict.kind],
            quote=said.quote,
            author=said.author,
            at=said.at or update.occurred_at,
            text=without_fillers(said.text),
        )
    return found
