"""When each file was last changed, and by whom: one pass over git's log, kept in memory and beside the index.

Asking git for one path's last commit takes it a walk back to that commit: 100 ms for an old page of a large repository. Reading
the whole log, at the very first start or after a switch to another branch, takes longer than anybody should wait: a thread does it,
and until it is done git is asked for the one path.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wiki.errors import WikiError
from wiki.files import write_atomically
from wiki.git.revision import LOG_FORMAT, Person, Revision, parse_log

__all__ = ["LastChanges"]

log = logging.getLogger(__name__)

_VERSION = 2
_PATIENCE_S = 0.3  # how long a question waits for the thread; an ordinary catching up takes some 10 ms
_SAVE_AFTER = 200  # commits that a restart would have to read again


class LastChanges:
    """The newest revision of each path in git's history, deleted ones included. Thread-safe.

    `git` runs a git command and gives what it printed; `head` gives the current commit without starting a process.
    """

    def __init__(self, git: Callable[..., bytes], head: Callable[[], str | None], cache: Path) -> None:
        self._git, self._read_head, self._cache = git, head, cache
        self._guard = threading.Lock()
        self._reader: threading.Thread | None = None
        self._patience_until = 0.0
        self._head: str | None = None
        self._loaded = False
        self._unsaved = 0
        self._revisions: dict[str, Revision] = {}
        self._by_path: dict[str, str] = {}
        self._again: set[str] = set()

    def of(self, path: str) -> Revision | None:
        """The last revision that touched `path`, None where git does not know it."""
        head = self._read_head()
        with self._guard:
            if self._loaded and head == self._head:
                return self._known(path)
            reader, patience_s = self._reading(), self._patience_until - time.monotonic()
        reader.join(max(0.0, patience_s))
        with self._guard:
            if self._loaded and head == self._head:
                return self._known(path)
        return self._asked(head, path)

    def of_edited(self) -> dict[str, Revision]:
        """The last revision of each path that more than one touched: what was changed after it came in. Waits until the log is read."""
        head = self._read_head()
        with self._guard:
            reader = None if self._loaded and head == self._head else self._reading()
        if reader is not None:
            reader.join()
        with self._guard:
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

    def _reading(self) -> threading.Thread:
        """The thread that reads the log, started where there is none; the caller holds the guard."""
        if self._reader is None:
            self._reader = threading.Thread(target=self._catch_up, name="last-changes", daemon=True)
            self._patience_until = time.monotonic() + _PATIENCE_S
            self._reader.start()
        return self._reader

    def _known(self, path: str) -> Revision | None:
        revision_id = self._by_path.get(path)
        return replace(self._revisions[revision_id], path=path) if revision_id else None

    def _asked(self, head: str | None, path: str) -> Revision | None:
        if head is None:
            return None
        output = self._git("log", "-z", "--max-count=1", LOG_FORMAT, head, "--", path)
        return next((replace(revision, path=path) for revision, _ in parse_log(output)), None)

    def _catch_up(self) -> None:
        """Bring what is known to the current head; git is asked without the guard."""
        try:
            with self._guard:
                if not self._loaded:
                    self._load()
                known = self._head
            head = self._read_head()
            grown = known is not None and head is not None and (known == head or self._grew_from(known, head))
            found = self._read_log(f"{known}..{head}" if grown else head) if head is not None and known != head else []
            with self._guard:
                if self._head == known:
                    if not grown:
                        self._forget()
                    for revision, paths in found:
                        self._add(revision, paths)
                    self._head, self._loaded = head, True
                    self._unsaved += len(found)
                    if head is not None and (self._unsaved >= _SAVE_AFTER or not self._cache.exists()):
                        self._save()
        except Exception as error:  # the next question begins it anew
            log.info("git's log could not be read for the last changes: %s", error)
        finally:
            with self._guard:
                self._reader = None

    def _grew_from(self, old: str, new: str) -> bool:
        try:
            self._git("merge-base", "--is-ancestor", old, new)
        except WikiError:
            return False  # rewritten history, or the old commit is gone
        return True

    def _read_log(self, span: str) -> list[tuple[Revision, list[str]]]:
        """The revisions, oldest first, each with the paths that it touched."""
        # --diff-merges=combined names in a merge only what differs from all its parents: what the merge itself wrote
        output = self._git("log", "-z", "--name-only", "--no-renames", "--diff-merges=combined", LOG_FORMAT, span, "--")
        return list(parse_log(output))[::-1]

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
