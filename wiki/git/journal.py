"""The journal: what a commit is about to do, on disk before it does anything, so that a kill at any moment loses nothing.

A commit goes through these steps, under the writer lock:

1. the intent is written to `.knowhow/journal/`
2. the new contents lie beside their files under temporary names
3. the commit object is in git, reached by no branch
4. the branch moves to it: from here on the write has happened
5. the temporary files take the place of the files
6. git's index is told about these paths, and only these
7. the intent is deleted

A failure before step 4 undoes steps 1 to 3. After a kill, `Repository.recover` goes through the same steps again. The intent fixes
author, times, message and parent, so the commit object it makes has the same id as the one made before the kill: if the
branch already contains it, only steps 5 to 7 are left to do.
"""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wiki.files import storage_error, sync_folder, write_atomically
from wiki.git.blob import blob_id

__all__ = ["Intent", "Journal", "PlannedFile"]

log = logging.getLogger(__name__)

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file of a commit. `path` is relative to the repository's root.

    `data` is what the file will hold, None to delete it; `before` the blob id of what lay in the working tree, "" for no
    file; `mode` git's mode (`100644` or `100755`); `in_head` what git's id of this path is in the parent, "" for none.
    """

    path: str
    data: bytes | None
    before: str
    mode: str
    in_head: str

    @property
    def after(self) -> str:
        return "" if self.data is None else blob_id(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A whole commit. `id` orders intents by time; `author` is `Name <email>`; `at` is in seconds; `parent` is "" for a root."""

    id: str
    parent: str
    author: str
    at: int
    message: str
    files: tuple[PlannedFile, ...]

    def temporary(self, file: PlannedFile, folder: Path) -> Path:
        """Where step 2 puts the new content of a file that lies in `folder`. Short, whatever the file is called."""
        return folder / f".{self.id}-{self.files.index(file)}.tmp"

    def aside(self, file: PlannedFile, folder: Path) -> Path:
        """Where step 5 keeps what it takes the place of, until the end of the commit."""
        return self.temporary(file, folder).with_suffix(".old")


class Journal:
    """The intents in one folder. All calls need the writer lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pending(self) -> bool:
        """Whether a write was cut short. Cheap, and right without the lock too, except that it may be another's at work."""
        try:
            with os.scandir(self.folder) as entries:
                return any(entry.name.endswith((".json", ".tmp")) for entry in entries)
        except FileNotFoundError:
            return False

    def write(self, intent: Intent) -> None:
        """Keep an intent, on disk when this returns. Raises StorageError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path(intent), json.dumps(_to_json(intent)).encode())
        except OSError as error:
            raise storage_error(self.folder, error) from error

    def drop(self, intent: Intent) -> None:
        """Forget an intent that was carried out, or undone."""
        self._path(intent).unlink(missing_ok=True)
        sync_folder(self.folder)

    def set_aside(self, intent: Intent) -> None:
        """Keep an intent that cannot be carried out any more where a person finds it, and go on."""
        aside = self.folder / "set-aside"
        aside.mkdir(exist_ok=True)
        self._path(intent).replace(aside / f"{intent.id}.json")
        paths = ", ".join(file.path for file in intent.files)
        log.warning("A save of %s by %s was cut short and the page has changed since: kept in %s", paths, intent.author, aside)

    def stale_index_paths(self) -> list[str]:
        """The paths that git's index was not told about, because another git command held it."""
        try:
            found = json.loads((self.folder / "index-paths").read_bytes())
        except (OSError, ValueError):
            return []
        return [path for path in found if isinstance(path, str)] if isinstance(found, list) else []

    def keep_stale_index_paths(self, paths: Sequence[str]) -> None:
        """Remember these paths for the next write; [] forgets all. Raises OSError."""
        file = self.folder / "index-paths"
        if paths:
            write_atomically(file, json.dumps(paths).encode())
        else:
            file.unlink(missing_ok=True)

    def intents(self) -> list[Intent]:
        """What was cut short, oldest first. A damaged file (the kill came while it was written) is deleted: nothing was begun."""
        found: list[Intent] = []
        for path in sorted(self.folder.glob("*.json")):
            try:
                found.append(_from_json(json.loads(path.read_bytes())))
            except (ValueError, KeyError, TypeError):
                log.warning("The journal entry %s cannot be read and is deleted", path)
                path.unlink(missing_ok=True)
        for leftover in self.folder.glob(".*.tmp"):
            leftover.unlink(missing_ok=True)
        return found

    def _path(self, intent: Intent) -> Path:
        return self.folder / f"{intent.id}.json"


def _to_json(intent: Intent) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "id": intent.id,
        "parent": intent.parent,
        "author": intent.author,
        "at": intent.at,
        "message": intent.message,
        "files": [
            {
                "path": file.path,
                "data": None if file.data is None else base64.b64encode(file.data).decode(),
                "before": file.before,
                "mode": file.mode,
                "in_head": file.in_head,
            }
            for file in intent.files
        ],
    }


def _from_json(raw: dict[str, Any]) -> Intent:
    if raw["version"] != _VERSION:
        raise ValueError("a journal entry of another version")
    files = tuple(
        PlannedFile(
            path=file["path"],
            data=None if file["data"] is None else base64.b64decode(file["data"]),
            before=file["before"],
            mode=file["mode"],
            in_head=file["in_head"],
        )
        for file in raw["files"]
    )
    return Intent(id=raw["id"], parent=raw["parent"], author=raw["author"], at=raw["at"], message=raw["message"], files=files)
