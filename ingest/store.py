"""Where updates, their entries and what came of them are kept: three tables, and a folder for files that wait to be read."""

from __future__ import annotations

import builtins
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, Text, delete, insert, select
from sqlalchemy import update as sql_update
from sqlalchemy.exc import IntegrityError
from ulid import ULID

from ingest.clock import aware
from ingest.update import CHANNELS, STATUSES, Entry, Incoming, Message, Update, content_hash, entry_id
from wiki.database import Database, UtcDateTime, metadata, utc_now
from wiki.errors import InvalidInput, NotFound, StorageError

__all__ = ["UpdateResults", "UpdateStore", "entry_table", "result_table", "safe_name", "update_table"]

update_table = Table(
    "update",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("occurred_at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("error", Text, nullable=False),
    Column("source_name", String(400), nullable=False),
    Column("content_hash", String(64), nullable=False, unique=True),
    Column("messages", Text, nullable=False),  # JSON, in order; those of another kind than "said" are the update's asides
    Column("file_name", String(200), nullable=False),  # in the update's own folder; "" where no file is kept
    Index("ix_update_status", "status"),
)

entry_table = Table(
    "entry",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("update", String(26), ForeignKey("update.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("quote", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", UtcDateTime),
    Column("text", Text, nullable=False),
)

result_table = Table(
    "update_result",
    metadata,
    Column("update", String(26), ForeignKey("update.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # suggestion or flag
    Column("result", String(40), primary_key=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResults:
    """Ids of what an update led to, oldest first."""

    suggestions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class UpdateStore:
    """Updates in the database. Thread-safe. Text handed in is redacted already; what is stored as text is never edited."""

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        """`folder` (the workspace's `.knowhow/updates`) is for files that wait to be read; without it `add_file` refuses."""
        self.database = database
        self.folder = folder

    def add(self, incoming: Incoming) -> tuple[Update, bool]:
        """Store a redacted update as queued; the stored one and False where the same content was stored before.

        The same content is the same words: line ends, white space, case, channel, author and file name do not matter.
        A recording (`incoming.recording`) is kept by `add_file`. Raises InvalidInput for an empty text or an unknown channel.
        """
        if incoming.recording is not None:
            return self.add_file(incoming, incoming.source_name, incoming.recording)
        if not incoming.text.strip():
            raise InvalidInput("There is no text in this update.", hint="Paste what was said, or send a file with text in it.")
        return self._insert(_new_update(incoming, content_hash(incoming.text)), "")

    def add_file(self, incoming: Incoming, name: str, data: bytes) -> tuple[Update, bool]:
        """Keep a file whose text is found later (a recording), on disk before anything is done with it.

        `incoming` says what is known about it (its text is left out). The same bytes are the same update, under any name.
        Raises StorageError where the file cannot be written.
        """
        folder = self._folder()
        update = _new_update(incoming, content_hash(data), text="")
        kept_name = safe_name(name)
        stored = self._find(update.content_hash)
        if stored is not None:
            if self.file(stored.id) is None and not stored.text:
                self._keep(folder / stored.id / kept_name, data)  # the row outlived its file
                self._set(stored.id, file_name=kept_name)
            return stored, False
        # The file first: a crash in between leaves a file that nobody names, never an update without its recording.
        self._keep(folder / update.id / kept_name, data)
        stored, is_new = self._insert(update, kept_name)
        if not is_new:
            self._drop(folder / update.id)
        return stored, is_new

    def file(self, update_id: str) -> Path | None:
        """The kept file of an update; None where it has none."""
        if self.folder is None:
            return None
        with self.database.read() as connection:
            name = connection.execute(select(update_table.c.file_name).where(update_table.c.id == update_id)).scalar()
        path = self.folder / update_id / name if name else None
        return path if path is not None and path.is_file() else None

    def drop_file(self, update_id: str) -> None:
        """Delete the kept file, after its text was stored or when the source is to be forgotten. No file is no error."""
        path = self.file(update_id)
        if path is not None:
            self._drop(path.parent)
        self._set(update_id, file_name="")

    def get(self, update_id: str) -> Update:
        """Raises NotFound."""
        with self.database.read() as connection:
            row = connection.execute(select(update_table).where(update_table.c.id == update_id)).mappings().first()
        if row is None:
            raise NotFound(f"There is no update {update_id}.", hint="List the updates in the inbox.")
        return _update(row)

    def list(self, *, status: str | None = None, limit: int = 50, before: str | None = None) -> list[Update]:
        """Newest first; `before` is the id of the last update of the page before."""
        query = select(update_table).order_by(update_table.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(update_table.c.status == status)
        if before is not None:
            query = query.where(update_table.c.id < before)
        with self.database.read() as connection:
            return [_update(row) for row in connection.execute(query).mappings()]

    def states(self, *, limit: int) -> builtins.list[tuple[str, str]]:
        """Id and status of the newest updates, newest first: enough to see whether something moved."""
        query = select(update_table.c.id, update_table.c.status).order_by(update_table.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            return [(row.id, row.status) for row in connection.execute(query)]

    def set_status(self, update_id: str, status: str, error: str = "") -> Update:
        """`error` is told to the person who sent the update. Raises NotFound, and ValueError for an unknown status."""
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}")
        self._set(update_id, status=status, error=error)
        return self.get(update_id)

    def set_text(self, update_id: str, text: str, messages: Sequence[Message] = ()) -> Update:
        """Fill in the redacted text of a file that was read later; only once: a second, other text raises InvalidInput."""
        with self.database.begin() as connection:
            stored = connection.execute(select(update_table.c.text).where(update_table.c.id == update_id)).scalar()
            if stored is not None and stored not in ("", text):
                raise InvalidInput(f"Update {update_id} has its text already.", hint="Send the news as a new update.")
            connection.execute(
                sql_update(update_table).where(update_table.c.id == update_id).values(text=text, messages=_dump(messages))
            )
        return self.get(update_id)

    def save_entries(self, update_id: str, entries: Sequence[Entry]) -> builtins.list[Entry]:
        """Keep these as the update's entries, in this order, in place of any from an earlier run; returned with their ids."""
        rows = [{**asdict(entry), "update": update_id, "id": entry_id(update_id, i)} for i, entry in enumerate(entries)]
        with self.database.begin() as connection:
            connection.execute(delete(entry_table).where(entry_table.c["update"] == update_id))
            if rows:
                connection.execute(insert(entry_table), [{**row, "ordinal": i} for i, row in enumerate(rows)])
        return [Entry(**row) for row in rows]

    def entries(self, update_id: str) -> builtins.list[Entry]:
        """In the order of the update."""
        columns = [column for column in entry_table.c if column.name != "ordinal"]
        query = select(*columns).where(entry_table.c["update"] == update_id).order_by(entry_table.c.ordinal)
        with self.database.read() as connection:
            return [Entry(**row) for row in connection.execute(query).mappings()]

    def add_result(self, update_id: str, kind: str, result_id: str) -> None:
        """Note that the update led to a suggestion or flag. Noting it again changes nothing."""
        if kind not in ("suggestion", "flag"):
            raise ValueError(f"unknown kind of result {kind!r}")
        row = {"update": update_id, "kind": kind, "result": result_id}
        with self.database.begin() as connection:
            same = select(result_table.c.result).where(*(result_table.c[key] == value for key, value in row.items()))
            if connection.execute(same).first() is None:
                connection.execute(insert(result_table).values(row))

    def results(self, update_id: str) -> UpdateResults:
        query = select(result_table.c.kind, result_table.c.result).where(result_table.c["update"] == update_id)
        with self.database.read() as connection:
            rows = sorted(tuple(row) for row in connection.execute(query))
        return UpdateResults(
            suggestions=tuple(result for kind, result in rows if kind == "suggestion"),
            flags=tuple(result for kind, result in rows if kind == "flag"),
        )

    def _insert(self, update: Update, file_name: str) -> tuple[Update, bool]:
        try:
            with self.database.begin() as connection:
                stored = _by_hash(connection, update.content_hash)
                if stored is not None:
                    return stored, False
                connection.execute(insert(update_table).values(_row(update, file_name)))
        except IntegrityError:  # two at once on PostgreSQL: the other one was first
            stored = self._find(update.content_hash)
            if stored is None:
                raise
            return stored, False
        return update, True

    def _find(self, hash_: str) -> Update | None:
        with self.database.read() as connection:
            return _by_hash(connection, hash_)

    def _set(self, update_id: str, **values: str) -> None:
        with self.database.begin() as connection:
            done = connection.execute(sql_update(update_table).where(update_table.c.id == update_id).values(**values))
        if done.rowcount == 0:
            raise NotFound(f"There is no update {update_id}.", hint="List the updates in the inbox.")

    def _folder(self) -> Path:
        if self.folder is None:
            raise StorageError("There is no folder to keep files in.", hint="Open the store with the workspace's state folder.")
        return self.folder

    @staticmethod
    def _keep(path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise StorageError(
                f"The file {path.name} could not be kept: {error.strerror}.", hint="Check free disk space, then send it again."
            ) from error

    @staticmethod
    def _drop(folder: Path) -> None:
        for path in sorted(folder.glob("*")):
            path.unlink(missing_ok=True)
        if folder.is_dir():
            folder.rmdir()


def safe_name(name: str) -> str:
    """A file name without folders, control characters or a leading dot, at most 100 characters, its ending kept."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = re.sub(r"[^\w.\- ]", "_", base).strip(" ._") or "file"
    if len(base) <= 100:
        return base
    stem, dot, ending = base.rpartition(".")
    return f"{stem[: 99 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 10 else base[:100]


def _storable(incoming: Incoming) -> Incoming:
    """Without what a database refuses: NUL characters and halves of surrogate pairs."""

    def clean(value: str) -> str:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\x00", "")

    return replace(
        incoming,
        text=clean(incoming.text),
        author=clean(incoming.author)[:200],
        source_name=clean(incoming.source_name)[:400],
        messages=tuple(replace(turn, author=clean(turn.author), text=clean(turn.text)) for turn in incoming.messages),
        aside=tuple(replace(turn, author=clean(turn.author), text=clean(turn.text)) for turn in incoming.aside),
    )


def _new_update(incoming: Incoming, hash_: str, *, text: str | None = None) -> Update:
    if incoming.channel not in CHANNELS:
        raise InvalidInput(f"Unknown channel {incoming.channel!r}.", hint=f"Use one of {', '.join(CHANNELS)}.")
    incoming = _storable(incoming)
    occurred_at = aware(incoming.occurred_at)
    return Update(
        id=str(ULID()),
        channel=incoming.channel,
        text=incoming.text if text is None else text,
        author=incoming.author,
        occurred_at=occurred_at.astimezone(UTC) if occurred_at is not None else None,
        received_at=utc_now(),
        source_name=incoming.source_name,
        content_hash=hash_,
        messages=incoming.messages if text is None else (),
        aside=incoming.aside if text is None else (),
    )


def _by_hash(connection: Connection, hash_: str) -> Update | None:
    row = connection.execute(select(update_table).where(update_table.c.content_hash == hash_)).mappings().first()
    return _update(row) if row is not None else None


def _row(update: Update, file_name: str) -> dict[str, Any]:
    values = {name: getattr(update, name) for name in Update.__dataclass_fields__ if name != "aside"}
    return {**values, "messages": _dump((*update.messages, *update.aside)), "file_name": file_name}


def _update(row: Mapping[Any, Any]) -> Update:
    values = {str(key): value for key, value in row.items() if key != "file_name"}
    turns = _load(values["messages"])
    said = tuple(turn for turn in turns if turn.kind == "said")
    return Update(**{**values, "messages": said, "aside": tuple(turn for turn in turns if turn.kind != "said")})


def _dump(messages: Sequence[Message]) -> str:
    rows = [{**asdict(message), "at": message.at.isoformat() if message.at else None} for message in messages]
    return json.dumps(rows, ensure_ascii=False)


def _load(text: str) -> tuple[Message, ...]:
    return tuple(Message(**{**row, "at": datetime.fromisoformat(row["at"]) if row["at"] else None}) for row in json.loads(text))
