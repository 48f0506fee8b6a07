"""Suggestions: proposed page edits and new pages, as records and as rows. What is done with one is in `wiki/review/review.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, Row, String, Table, Text, func, insert, select, update
from ulid import ULID

from wiki.database import Database, UtcDateTime, metadata, utc_now
from wiki.errors import NotFound

__all__ = ["STATUSES", "Suggestion", "SuggestionDraft", "SuggestionEvidence", "SuggestionStore", "evidence_from_json"]

STATUSES = ("open", "accepted", "rejected", "superseded")

suggestion_table = Table(
    "suggestion",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("page_path", String(1024), nullable=False, index=True),
    Column("section", String(512), nullable=False),
    Column("action", String(16), nullable=False),
    Column("base_revision", String(64), nullable=False),
    Column("base_text", Text, nullable=False),
    Column("new_text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(256), nullable=False),
    Column("decision_reason", Text, nullable=False),
    Column("revision", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionEvidence:
    """What a suggestion rests on: the update's id, the words said (verbatim), who said them and when."""

    update: str
    quote: str
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDraft:
    """A suggestion before it is stored. `section` is the anchor ("" for the page's top); `new_text` is the whole page after the edit.

    `base_revision` and `base_text` are what the edit was made on; both "" for action "new_page". `confidence` is 0 to 1.
    """

    page_path: str
    section: str
    action: str  # "edit" or "new_page"
    base_revision: str
    base_text: str
    new_text: str
    reason: str
    confidence: float
    evidence: tuple[SuggestionEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(SuggestionDraft):
    """A stored suggestion; `status` is one of STATUSES; `revision` is the commit once accepted."""

    id: str
    status: str
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_reason: str = ""
    revision: str = ""


class SuggestionStore:
    """Suggestions in the database. Knows no access: `Review` does, and is what the layers above call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, draft: SuggestionDraft, *, id: str | None = None) -> Suggestion:
        """Store a draft. The same `id` twice gives what is there; an open suggestion of the same edit gains the evidence instead."""
        with self._database.begin() as connection:
            if id is not None and (known := _one(connection, suggestion_table.c.id == id)):
                return known
            same = select(suggestion_table).where(
                suggestion_table.c.status == "open",
                suggestion_table.c.page_path == draft.page_path,
                suggestion_table.c.action == draft.action,
                suggestion_table.c.new_text == draft.new_text,
            )
            if (row := connection.execute(same).first()) is not None:
                return _add_evidence(connection, _suggestion(row), draft.evidence)
            values: dict[str, Any] = {
                **{name: getattr(draft, name) for name in SuggestionDraft.__slots__},
                "evidence": evidence_to_json(draft.evidence),
                "id": id or str(ULID()),
                "status": "open",
                "created_at": utc_now(),
                "decided_by": "",
                "decision_reason": "",
                "revision": "",
            }
            connection.execute(insert(suggestion_table).values(values))
            return _existing(connection, values["id"])

    def get(self, id: str) -> Suggestion:
        """Raises NotFound."""
        with self._database.read() as connection:
            return _existing(connection, id)

    def find(self, id: str) -> Suggestion | None:
        with self._database.read() as connection:
            return _one(connection, suggestion_table.c.id == id)

    def page(
        self, *, status: str | None = None, page_path: str | None = None, after: str = "", limit: int = 50
    ) -> list[Suggestion]:
        """Suggestions in the order of their ids (oldest first), from the one after `after` on."""
        query = select(suggestion_table).where(suggestion_table.c.id > after).order_by(suggestion_table.c.id).limit(limit)
        if status is not None:
            query = query.where(suggestion_table.c.status == status)
        if page_path is not None:
            query = query.where(suggestion_table.c.page_path == page_path)
        with self._database.read() as connection:
            return [_suggestion(row) for row in connection.execute(query)]

    def count(self, *, status: str) -> int:
        """How many suggestions have this status; reads none of their texts."""
        query = select(func.count()).select_from(suggestion_table).where(suggestion_table.c.status == status)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def open_pages(self) -> set[str]:
        """The pages that open suggestions are made on; those of new pages are not among them."""
        query = select(suggestion_table.c.page_path).where(
            suggestion_table.c.status == "open", suggestion_table.c.action == "edit"
        )
        with self._database.read() as connection:
            return set(connection.execute(query.distinct()).scalars())

    def rebase(self, id: str, *, base_revision: str, base_text: str, new_text: str) -> Suggestion:
        """Put an open suggestion on a newer revision of its page."""
        return self._set(id, base_revision=base_revision, base_text=base_text, new_text=new_text)

    def moved(self, old_path: str, new_path: str) -> None:
        """Open suggestions follow a page to its new path."""
        with self._database.begin() as connection:
            connection.execute(
                update(suggestion_table)
                .where(suggestion_table.c.page_path == old_path, suggestion_table.c.status == "open")
                .values(page_path=new_path)
            )

    def decide(
        self, id: str, status: str, *, by: str, reason: str = "", revision: str = "", new_text: str | None = None
    ) -> Suggestion:
        """Close an open suggestion as accepted, rejected or superseded. `new_text` is what was really accepted, where it differs."""
        changes: dict[str, Any] = {
            "status": status,
            "decided_at": utc_now(),
            "decided_by": by,
            "decision_reason": reason,
            "revision": revision,
        }
        if new_text is not None:
            changes["new_text"] = new_text
        return self._set(id, **changes)

    def note(self, id: str, reason: str) -> Suggestion:
        """Say something more of a suggestion that is closed; its status stays."""
        with self._database.begin() as connection:
            changed = update(suggestion_table).where(suggestion_table.c.id == id, suggestion_table.c.status != "open")
            connection.execute(changed.values(decision_reason=reason))
            return _existing(connection, id)

    def _set(self, id: str, **changes: Any) -> Suggestion:
        with self._database.begin() as connection:
            connection.execute(
                update(suggestion_table)
                .where(suggestion_table.c.id == id, suggestion_table.c.status == "open")
                .values(**changes)
            )
            return _existing(connection, id)


def evidence_to_json(evidence: Sequence[SuggestionEvidence]) -> list[dict[str, Any]]:
    return [{**asdict(e), "at": e.at.isoformat() if e.at else None} for e in evidence]


def evidence_from_json(rows: Sequence[dict[str, Any]]) -> tuple[SuggestionEvidence, ...]:
    return tuple(SuggestionEvidence(**{**row, "at": datetime.fromisoformat(row["at"]) if row["at"] else None}) for row in rows)


def _add_evidence(connection: Connection, known: Suggestion, evidence: Sequence[SuggestionEvidence]) -> Suggestion:
    new = [e for e in evidence if e not in known.evidence]
    if new:
        rows = evidence_to_json([*known.evidence, *new])
        connection.execute(update(suggestion_table).where(suggestion_table.c.id == known.id).values(evidence=rows))
    return _existing(connection, known.id)


def _one(connection: Connection, condition: Any) -> Suggestion | None:
    row = connection.execute(select(suggestion_table).where(condition)).first()
    return _suggestion(row) if row is not None else None


def _existing(connection: Connection, id: str) -> Suggestion:
    found = _one(connection, suggestion_table.c.id == id)
    if found is None:
        raise NotFound(f"There is no suggestion {id}.", hint="Look at the list of open suggestions.")
    return found


def _suggestion(row: Row[Any]) -> Suggestion:
    values = dict(row._mapping)
    return Suggestion(**{**values, "evidence": evidence_from_json(values["evidence"])})
