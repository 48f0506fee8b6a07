"""git's own housekeeping: a thread that has it pack its objects some minutes after the start, and then daily.

Every save leaves a handful of loose objects. git packs them only after commands that Knowhow never runs.
"""

from __future__ import annotations

import logging
import threading

from wiki.git import Repository

__all__ = ["Tidier"]

log = logging.getLogger(__name__)

_FIRST_S = 10 * 60.0
_EVERY_S = 24 * 3600.0


class Tidier:
    """Runs `git gc --auto`, which does nothing where there is little to do, while the server runs."""

    def __init__(self, repository: Repository, *, first_s: float = _FIRST_S, every_s: float = _EVERY_S) -> None:
        self._repository, self._first_s, self._every_s = repository, first_s, every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tidying", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Does not wait for a git that is at work: whatever happens to it, the repository stays whole."""
        self._stop.set()

    def _run(self) -> None:
        wait_s = self._first_s
        while not self._stop.wait(wait_s):
            wait_s = self._every_s
            try:
                self._repository.tidy()
            except Exception:
                log.exception("git could not tidy up; it is tried again in %.0f hours", self._every_s / 3600)
