"""When each file was last changed, and by whom: one pass over git's log, kept in memory and beside the index.

Asking git for one path's last commit takes it a walk back to that commit: 100 ms for an old page of a large repository.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wiki.errors import WikiError
from wiki.files import write_atomically
from wiki.git.revision import LOG_FORMAT, Person, Revision, parse_log

__all__ = ["LastChanges"]

_VERSION = 2
_SAVE_AFTER = 200  # commits that a restart would have to read again


class LastChanges:
    """The newest revision of each path in git's history, deleted ones included. Thread-safe.

    `git` runs a git command and gives what it printed; `head` gives the current commit without starting a process.
    """

    def __init__(self, git: Callable[..., bytes], head: Callable[[], str | None], cache: Path) -> None:
        self._git, self._read_head, self._cache = git, head, cache
        self._guard = threading.Lock()
        self._head: str | None = None
        self._loaded = False
        self._unsaved = 0
        self._revisions: dict[str, Revision] = {}
        self._by_path: dict[str, str] = {}
        self._again: set[str] = set()

    def of(self, path: str) -> Revision | None:
        """The last revision that touched `path`, None where git does not know it."""
        with self._guard:
            self._catch_up()
            revision_id = self._by_path.get(path)
            return replace(self._revisions[revision_id], path=path) if revision_id else None

    def of_edited(self) -> dict[str, Revision]:
        """The last revision of each path that more than one touched: what was changed after it came in."""
        with self._guard:
            self._catch_up()
            return {path: self._revisions[self._by_path[path]] for path in self._again}

    def known(self, path: str, head: str | None) -> str | None:
        """The id of the last revision that touched `path` as of `head`, "" for none; None where it takes git, or a wait, to tell."""
        if not self._guard.acquire(blocking=False):
            return None
        try:
            return self._by_path.get(path, "") if self._loaded and self._head == head else None
        finally:
            self._guard.release()

    def note(self, parent: str | None, revision: Revision, paths: Iterable[str]) -> None:
        """Take over a commit that was just made, so that the next question needs no git."""
        with self._guard:
            if not self._loaded or self._head != parent:
                return
            self._add(revision, paths)
            self._head = revision.id
            self._unsaved += 1
            if self._unsaved >= _SAVE_AFTER:
                self._save()

    def _catch_up(self) -> None:
        head = self._read_head()
        if self._loaded and head == self._head:
            return
        if not self._loaded:
            self._load()
        if head is None:
            self._forget()
        elif head != self._head:
            if self._head is not None and self._grew_from(self._head, head):
                self._read_log(f"{self._head}..{head}")
            else:
                self._forget()
                self._read_log(head)
            if self._unsaved >= _SAVE_AFTER or not self._cache.exists():
                self._head = head
                self._save()
        self._head, self._loaded = head, True

    def _grew_from(self, old: str, new: str) -> bool:
        try:
            self._git("merge-base", "--is-ancestor", old, new)
        except WikiError:
            return False  # rewritten history, or the old commit is gone
        return True

    def _read_log(self, span: str) -> None:
        # --diff-merges=combined names in a merge only what differs from all its parents: what the merge itself wrote
        output = self._git("log", "-z", "--name-only", "--no-renames", "--diff-merges=combined", LOG_FORMAT, span, "--")
        for revision, paths in reversed(list(parse_log(output))):
            self._add(revision, paths)
            self._unsaved += 1

    def _add(self, revision: Revision, paths: Iterable[str]) -> None:
        for path in paths:
            self._revisions[revision.id] = revision
            if path in self._by_path:
                self._again.add(path)
            self._by_path[path] = revision.id

    def _forget(self) -> None:
        self._revisions, self._by_path, self._again, self._unsaved = {}, {}, set(), 0

    def _load(self) -> None:
        try:
            raw = json.loads(self._cache.read_bytes())
            if raw["version"] == _VERSION:
                self._revisions = {row[0]: _from_row(row) for row in raw["revisions"]}
                ids = [row[0] for row in raw["revisions"]]
                self._by_path = {path: ids[number] for path, number in raw["paths"].items()}
                self._again = set(raw["again"])
                self._head = raw["head"]
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            self._forget()  # missing or damaged: git has it all

    def _save(self) -> None:
        used = {revision_id: number for number, revision_id in enumerate(dict.fromkeys(self._by_path.values()))}
        self._revisions = {revision_id: self._revisions[revision_id] for revision_id in used}
        raw = {
            "version": _VERSION,
            "head": self._head,
            "revisions": [_to_row(revision) for revision in self._revisions.values()],
            "paths": {path: used[revision_id] for path, revision_id in self._by_path.items()},
            "again": sorted(self._again),
        }
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._cache, json.dumps(raw).encode(), durable=False)
        except (OSError, WikiError):
            return  # a cache only: the next start reads the log again
        self._unsaved = 0


def _to_row(revision: Revision) -> list[Any]:
    author = revision.author
    return [revision.id, author.name, author.email, int(revision.at.timestamp()), revision.message, dict(revision.trailers)]


def _from_row(row: list[Any]) -> Revision:
    revision_id, name, email, at, message, trailers = row
    person = Person(name=name, email=email)
    return Revision(id=revision_id, author=person, at=datetime.fromtimestamp(at, UTC), message=message, trailers=trailers)
