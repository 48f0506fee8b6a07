"""Update -> entries: what it says has changed, was decided or is stuck, each with its verbatim quote.

A statement with a cue of change opens a passage; what the same person goes on to say without a new topic belongs to it
("You file a ticket for it"). Chatter, questions, plans, confirmations, reminders and what is over tomorrow make no change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import cues
from ingest.spoken import without_fillers
from ingest.statements import Statement, statements
from ingest.update import Entry, Update, entry_id

__all__ = ["Reading", "find_entries", "read_update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A statement and what it does in its update.

    `role` is change, detail (goes on from a change), decision, blocker, question, progress, or "" for nothing to keep.
    `score` is the strength of its cues (0 for a detail); `passage` numbers the changes with their details, -1 outside of one.
    """

    statement: Statement
    role: str
    score: float = 0.0
    passage: int = -1


def find_entries(update: Update) -> list[Entry]:
    """The entries of `update`, in its order. A detail of a change is an entry of kind change too; [] where nothing is said."""
    entries: list[Entry] = []
    for reading in read_update(update):
        if not reading.role:
            continue
        statement = reading.statement
        entries.append(
            Entry(
                id=entry_id(update.id, len(entries)),
                update=update.id,
                kind="change" if reading.role == "detail" else reading.role,
                quote=statement.quote,
                author=statement.author,
                at=statement.at or update.occurred_at,
                text=without_fillers(statement.text),
            )
        )
    return entries


def read_update(update: Update) -> list[Reading]:
    """Every statement of `update` with its role."""
    said = statements(update)
    if _is_automatic(update, said):
        return [Reading(statement=s, role="") for s in said]
    readings = [_read(s) for s in said]
    readings = _answered(readings)
    readings = _spread_vetoes(readings)
    if not _changes_something(readings):
        readings = [replace(r, role="") if r.role in ("change", "decision") else r for r in readings]
    return [r if r.role != "_veto" else replace(r, role="") for r in _with_details(_pointed_at(readings))]


_CLAUSE = re.compile(r"[,;:]\s+|\s+[-–—]+\s+|\s+(?:but|and|so|while|whereas|although)\s+|\(|\)", re.IGNORECASE)
_REQUEST = re.compile(
    r"\b(?:could|can|would|will) (?:you|we|someone|somebody|anyone)\b[^?]*\b(?:add|update|change|"
    r"remove|delete|drop|replace|fix|correct|put|mention|rename|take|swap|write (?:it|this|"
    r"that) down|adjust|get (?:it|this|that|them) (?:in|on))\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|not any ?more|not really|actually|exactly|yes|yep|yeah|yup|right|correct|sure)\b", re.IGNORECASE
)
_SHIFT = re.compile(
    r"\b(?:by the way|btw|anything else|next (?:one|item|topic|up|is)|(?:second|third|other|"
    r"last|next) (?:thing|topic|item|point)|moving on|unrelated|"
    r"on another note|what about|how about|separately|also wanted|different topic|let's then|"
    r"then let's|before we close|bye|that's it|that is all)\b",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(r"\b(?:automatic reply|auto-?reply|out of (?:the )?office|out-of-office|autoreply)\b", re.IGNORECASE)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks?|thank you|thx|best|"
    r"cheers|regards|welcome|morning|colleagues)\b[^.?!]{0,50}$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:put|add|write|mention|include|get|note|document) (?:that|this|it|them)\b|\bbelongs? (?:after|"
    r"in|on|under|next to|before)\b",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\b(?:effective|as of|decided|agreed|from (?:now on|monday|today)|starting|please (?:update|"
    r"add|change|remove)|that's the change)\b",
    re.IGNORECASE,
)


def _read(statement: Statement) -> Reading:
    text = statement.text
    score = cues.change_score(text)
    if statement.question:
        return Reading(statement=statement, role="change" if _REQUEST.search(text) else "question", score=score)
    if cues.is_order_to_machine(text):
        return Reading(statement=statement, role="_veto", score=score)
    if _GREETING.match(text) or len(re.findall(r"\w+", text)) < 3:
        return Reading(statement=statement, role="change" if score >= 2 else "", score=score)
    if cues.is_blocker(text) and not re.search(r"\bno longer|not .* any ?more", text):
        return Reading(statement=statement, role="blocker")
    clauses = [c for c in _CLAUSE.split(text) if c and len(c.split()) > 1] or [text]
    if cues.is_undecided(text) and not (len(clauses) > 1 and any(_sure(c) for c in clauses)):
        return Reading(statement=statement, role="_veto", score=score)
    if cues.is_undecided(text) and cues.is_confirmation(text):
        return Reading(statement=statement, role="_veto", score=score)
    if (cues.is_confirmation(text) and not (statement.spoken and score >= 1.5)) or cues.is_passing(text):
        strong = [c for c in clauses if cues.change_score(c) >= 1 and not _vetoed(c)]
        if not strong:
            return Reading(statement=statement, role="_veto", score=score)
    if score >= 1 and cues.is_decision(text):
        return Reading(statement=statement, role="decision", score=score)
    if score >= 1 and not _own_plan(text, score):
        return Reading(statement=statement, role="change", score=score)
    if cues.is_wish(text):
        return Reading(statement=statement, role="change", score=1.0)
    if cues.is_progress(text):
        return Reading(statement=statement, role="progress")
    return Reading(statement=statement, role="")


def _vetoed(text: str) -> bool:
    return cues.is_undecided(text) or cues.is_confirmation(text) or cues.is_passing(text)


def _sure(clause: str) -> bool:
    return cues.change_score(clause) >= 1.5 and not _vetoed(clause)


def _own_plan(text: str, score: float) -> bool:
    """What one person is about to do, as against what others have to do from now on."""
    return score < 2 and bool(
        re.search(
            r"\b(?:i'll|i will|i'm going to|i am going to|i'm (?:now )?(?:heading|off)|i (?:just )?need to|i have to)\b",
            text,
            re.IGNORECASE,
        )
    )


def _answered(readings: list[Reading]) -> list[Reading]:
    """A "no, …" right after a question about how things are is a change where it goes on to say how they are."""
    found = list(readings)
    for i in range(1, len(found)):
        before, this = found[i - 1], found[i]
        if (
            before.role != "question"
            or before.statement.message == this.statement.message
            or this.role in ("change", "decision", "_veto")
        ):
            continue
        asks_how_it_is = re.search(
            r"\b(?:still|now|these days|any ?more|who|where|how (?:many|much|long))\b", before.statement.text, re.IGNORECASE
        )
        denies = re.match(r"\W*(?:no|nope|nah|not any ?more|actually)\b", this.statement.text, re.IGNORECASE)
        if asks_how_it_is and denies and len(this.statement.text.split()) > 3:
            found[i] = replace(this, role="change", score=1.0)
    return found


def _spread_vetoes(readings: list[Reading]) -> list[Reading]:
    """A thought, a reminder or an absence holds for what the same message goes on to say, unless that is sure of itself."""
    found: list[Reading] = []
    veto_message = -1
    passing = {r.statement.message for r in readings if r.role == "_veto" and cues.is_passing(r.statement.text)}
    for reading in readings:
        statement = reading.statement
        if statement.message in passing and statement.spoken:
            veto_message = statement.message
        if reading.role == "_veto" and not cues.is_confirmation(statement.text):
            veto_message = statement.message
        elif (
            statement.message == veto_message
            and reading.role == "change"
            and reading.score < 2
            and not _SURE.search(statement.text)
        ):
            reading = replace(reading, role="_veto")
        found.append(reading)
    return found


def _changes_something(readings: Sequence[Reading]) -> bool:
    """Whether what is sure outweighs what is open: one half-hearted cue among doubts is no change."""
    sure = sum(r.score for r in readings if r.role in ("change", "decision"))
    open_ = sum(1 for r in readings if r.role == "_veto" and cues.is_undecided(r.statement.text))
    return sure >= 1 and sure >= open_


def _pointed_at(readings: list[Reading]) -> list[Reading]:
    """ "Please put that in" is about what the same message said before: that is what changes."""
    found = list(readings)
    for i, reading in enumerate(found):
        if reading.role != "change" or not _POINTS_BACK.search(reading.statement.text):
            continue
        for j in range(i - 1, -1, -1):
            before = found[j]
            if before.statement.message != reading.statement.message or before.role not in ("", "change"):
                break
            if before.role == "" and _is_detail(before.statement) and not before.statement.heading:
                found[j] = replace(before, role="change", score=0.5)
    return found


def _with_details(readings: list[Reading]) -> list[Reading]:
    """Number the changes, and let what follows one without a new topic be its detail."""
    found: list[Reading] = []
    passage, speaker, gap = -1, "", 0
    is_open = False
    for reading in readings:
        statement = reading.statement
        if reading.role in ("change", "decision"):
            if not is_open or statement.author != speaker:
                passage += 1
            speaker, gap, is_open = statement.author, 0, True
            found.append(replace(reading, passage=passage))
            continue
        if is_open and (_SHIFT.search(statement.text) or reading.role in ("blocker", "progress")):
            is_open = False
        elif is_open and reading.role == "" and statement.author == speaker and _is_detail(statement):
            found.append(replace(reading, role="detail", passage=passage))
            gap = 0
            continue
        elif is_open and reading.role != "question":
            gap += 1
            is_open = gap <= 3
        found.append(reading)
    return found


def _is_detail(statement: Statement) -> bool:
    words = len(re.findall(r"\w+", statement.text))
    return words >= 4 and not _GREETING.match(statement.text) and not _NO.fullmatch(statement.text)


def _is_automatic(update: Update, said: Sequence[Statement]) -> bool:
    """Whether a machine wrote it: an absence note."""
    return bool(_AUTOMATIC.search(update.text[:200])) or not said
