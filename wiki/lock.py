"""The writer lock: one writer in a workspace at a time, over all threads and processes.

| who waits                      | for whom        | by what           |
| ------------------------------ | --------------- | ----------------- |
| a thread                       | another thread  | `threading.RLock` |
| a process                      | another process | `flock` on a file |
| a thread that holds it already | nobody          | a count           |
| a process that came later      | who waits now   | `flock` on a turn |

`flock` alone would not do: two threads of a process may hold it through two file handles only if each opens the file, and
then a thread would wait for itself. The kernel drops a `flock` when its process ends, so that a killed writer blocks nobody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wiki.errors import StorageError, WorkspaceBusy

__all__ = ["WriterLock", "writer_lock"]

_locks: dict[Path, WriterLock] = {}
_locks_guard = threading.Lock()


def writer_lock(path: Path, *, timeout_s: float = 30.0) -> WriterLock:
    """The lock on this file: always the same object in a process, or two holders in one thread would wait for each other."""
    with _locks_guard:
        if path not in _locks:
            _locks[path] = WriterLock(path, timeout_s=timeout_s)
        return _locks[path]


class WriterLock:
    """Re-entrant in a thread."""

    def __init__(self, path: Path, *, timeout_s: float = 30.0) -> None:
        self.path, self.timeout_s = path, timeout_s
        self._thread_lock = threading.RLock()
        self._file_lock = FileLock(path, thread_local=False, poll_interval=0.005)
        self._turn = FileLock(path.with_suffix(".turn"), thread_local=False, poll_interval=0.005)
        self._depth = 0

    @contextmanager
    def __call__(self, wait_s: float | None = None) -> Iterator[None]:
        """Hold the lock. Raises WorkspaceBusy after `wait_s` seconds (None: `timeout_s`), StorageError where the file cannot be
        made."""
        wait_s = self.timeout_s if wait_s is None else wait_s
        deadline = time.monotonic() + wait_s
        if not self._thread_lock.acquire(timeout=wait_s):
            raise _busy(wait_s)
        try:
            if self._depth == 0:
                self._acquire_file(max(0.0, deadline - time.monotonic()))
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._file_lock.release()
        finally:
            self._thread_lock.release()

    def _acquire_file(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        try:
            # Who waits for the lock holds the turn: a process with many writers cannot take the lock again before it.
            with self._turn.acquire(timeout=timeout_s):
                self._file_lock.acquire(timeout=max(0.0, deadline - time.monotonic()))
        except Timeout:
            raise _busy(self.timeout_s) from None
        except OSError as error:
            raise StorageError(
                f"The lock {self.path} cannot be taken: {error}.", hint="Check the folder's owner and rights."
            ) from error


def _busy(timeout_s: float) -> WorkspaceBusy:
    return WorkspaceBusy(f"Somebody else has been writing for {timeout_s:.0f} seconds.", hint="Try again in a moment.")
