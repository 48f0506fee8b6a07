"""Flags: reasons to distrust a page, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Row, String, Table, insert, select, update
from ulid import ULID

from wiki.access import Level, Viewer, may_read, require
from wiki.database import Database, UtcDateTime, metadata, utc_now
from wiki.errors import NotFound, WikiError
from wiki.review.suggestion import SuggestionEvidence, evidence_from_json, evidence_to_json
from wiki.workspace.workspace import Workspace

__all__ = ["FLAG_KINDS", "Flag", "FlagDraft", "FlagStore"]

FLAG_KINDS = ("contradicted", "outdated")

flag_table = Table(
    "flag",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("page_path", String(1024), nullable=False, index=True),
    Column("section", String(512), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("status", String(16), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDraft:
    """A flag before it is stored. `kind` is "contradicted" (an update says otherwise) or "outdated" (a reader says so)."""

    page_path: str
    section: str
    kind: str
    evidence: tuple[SuggestionEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(FlagDraft):
    """A stored flag; `status` is open or closed."""

    id: str
    since: datetime
    status: str


class FlagStore:
    """Flags in the database. Reading takes the viewer: a flag on a page that may not be read does not exist for them."""

    def __init__(self, database: Database, workspace: Workspace) -> None:
        self._database = database
        self._workspace = workspace

    def raise_flag(self, draft: FlagDraft, *, id: str | None = None) -> Flag:
        """Store a flag. The same `id` twice gives what is there; an open flag of the same kind on the same section gains the evidence."""
        with self._database.begin() as connection:
            if id is not None and (known := _one(connection, id)):
                return known
            same = select(flag_table).where(
                flag_table.c.status == "open",
                flag_table.c.page_path == draft.page_path,
                flag_table.c.section == draft.section,
                flag_table.c.kind == draft.kind,
            )
            if (row := connection.execute(same).first()) is not None:
                flag = _flag(row)
                evidence = (*flag.evidence, *(e for e in draft.evidence if e not in flag.evidence))
                connection.execute(
                    update(flag_table).where(flag_table.c.id == flag.id).values(evidence=evidence_to_json(evidence))
                )
                return _existing(connection, flag.id)
            key = id or str(ULID())
            connection.execute(
                insert(flag_table).values(
                    id=key,
                    page_path=draft.page_path,
                    section=draft.section,
                    kind=draft.kind,
                    since=utc_now(),
                    evidence=evidence_to_json(draft.evidence),
                    status="open",
                )
            )
            return _existing(connection, key)

    def get(self, viewer: Viewer, id: str) -> Flag:
        """Raises NotFound, also for a flag on a page that the viewer may not read."""
        with self._database.read() as connection:
            flag = _existing(connection, id)
        if not self._visible(viewer, flag):
            raise _missing(id)
        return flag

    def page(
        self, viewer: Viewer, *, page_path: str | None = None, status: str | None = "open", after: str = "", limit: int = 50
    ) -> list[Flag]:
        """Flags that the viewer may see, oldest first, from the one after `after` on."""
        found: list[Flag] = []
        while len(found) < limit:
            query = select(flag_table).where(flag_table.c.id > after).order_by(flag_table.c.id).limit(limit)
            if status is not None:
                query = query.where(flag_table.c.status == status)
            if page_path is not None:
                query = query.where(flag_table.c.page_path == page_path)
            with self._database.read() as connection:
                batch = [_flag(row) for row in connection.execute(query)]
            found += [flag for flag in batch if self._visible(viewer, flag)]
            if len(batch) < limit:
                break
            after = batch[-1].id
        return found[:limit]

    def seen(self, viewer: Viewer, ids: Iterable[str]) -> list[str]:
        """Those of these flags that exist for the viewer, in the order given."""
        with self._database.read() as connection:
            found = [_one(connection, key) for key in ids]
        return [flag.id for flag in found if flag is not None and self._visible(viewer, flag)]

    def pages(self) -> set[str]:
        """The pages that flags are on."""
        with self._database.read() as connection:
            return set(connection.execute(select(flag_table.c.page_path).distinct()).scalars())

    def moved(self, old_path: str, new_path: str) -> None:
        """Flags follow a page to its new path."""
        with self._database.begin() as connection:
            connection.execute(update(flag_table).where(flag_table.c.page_path == old_path).values(page_path=new_path))

    def close(self, viewer: Viewer, id: str) -> Flag:
        """Say that a flag is dealt with. Needs an editor."""
        require(viewer, Level.EDITOR, "close a flag")
        self.get(viewer, id)
        with self._database.begin() as connection:
            connection.execute(update(flag_table).where(flag_table.c.id == id).values(status="closed"))
            return _existing(connection, id)

    def _visible(self, viewer: Viewer, flag: Flag) -> bool:
        if viewer.level < Level.READER:  # its evidence is what people said among themselves
            return False
        try:
            return may_read(viewer.audience, self._workspace.read_page(flag.page_path))
        except WikiError:
            return False


def _one(connection: Connection, id: str) -> Flag | None:
    row = connection.execute(select(flag_table).where(flag_table.c.id == id)).first()
    return _flag(row) if row is not None else None


def _existing(connection: Connection, id: str) -> Flag:
    if (flag := _one(connection, id)) is None:
        raise _missing(id)
    return flag


def _missing(id: str) -> NotFound:
    return NotFound(f"There is no flag {id}.", hint="Look at the list of open flags.")


def _flag(row: Row[Any]) -> Flag:
    values = dict(row._mapping)
    return Flag(**{**values, "evidence": evidence_from_json(values["evidence"])})
