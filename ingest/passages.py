"""Entries of one update -> passages: what belongs together, with what was said around it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.edit_rules.base import Claim, Passage
from ingest.entries import Reading, read_update
from ingest.update import Entry, Update

__all__ = ["merged", "passages_of", "without"]

_MOST_CHARACTERS = 600  # of one claim: nobody says more in a sentence, and the rules' patterns stay quick
_MOST_CLAIMS = 80
_AROUND = 3  # statements before a passage that are its context


def passages_of(update: Update, entries: Sequence[Entry]) -> list[Passage]:
    """The passages of the update's entries, in its order."""
    readings = read_update(update)
    by_quote: dict[str, Entry] = {entry.quote: entry for entry in entries}
    subject = " ".join(r.statement.text for r in readings if r.statement.heading)
    found: dict[int, list[Claim]] = {}
    context: dict[int, str] = {}
    for i, reading in enumerate(readings):
        entry = by_quote.get(reading.statement.quote)
        if entry is None or reading.passage < 0 or sum(map(len, found.values())) >= _MOST_CLAIMS:
            continue
        if reading.passage not in found:
            before = [r.statement.text for r in readings[max(0, i - _AROUND) : i] if not r.role or r.role == "question"]
            context[reading.passage] = " ".join([subject, *before]).strip()[:_MOST_CHARACTERS]
        found.setdefault(reading.passage, []).append(_claim(entry, reading, readings, i))
    return [Passage(claims=tuple(claims), context=context[number]) for number, claims in found.items()]


def merged(passages: Sequence[Passage]) -> Passage:
    """All passages as one: for rules that put together who goes and who comes."""
    return Passage(
        claims=tuple(claim for passage in passages for claim in passage.claims),
        context=" ".join(dict.fromkeys(passage.context for passage in passages if passage.context)),
    )


def without(passage: Passage, done: Collection[str]) -> Passage | None:
    """The passage without the claims whose entries are `done` and what went on from them; None where no change is left."""
    kept: list[Claim] = []
    skipping = False
    for claim in passage.claims:
        skipping = claim.entry in done or (skipping and claim.score == 0)
        if not skipping:
            kept.append(claim)
    if not any(claim.score > 0 for claim in kept):
        return None
    return replace(passage, claims=tuple(kept))


def _claim(entry: Entry, reading: Reading, readings: Sequence[Reading], i: int) -> Claim:
    statement = reading.statement
    before = readings[i - 1].statement if i else None
    return Claim(
        entry=entry.id,
        text=(entry.text or entry.quote)[:_MOST_CHARACTERS],
        author=statement.author,
        score=reading.score,
        before=before.text[-_MOST_CHARACTERS:] if before is not None and before.message != statement.message else "",
        spoken=statement.spoken,
        item=statement.item,
    )
