"""git's own lock of the index, taken as `git commit` takes it: while it is held, nobody commits with git.

A commit of ours does without as long as nobody comes in between; the lock is for when somebody keeps doing so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["forget_index_lock", "hold_index_lock"]

_WAIT_S = 1.0
_POLL_S = 0.003


@contextmanager
def hold_index_lock(index: Path, owner: str) -> Iterator[None]:
    """Hold the lock of this index file, marked with its owner. Where others keep it for longer than a second, go on without."""
    lock = _lock_of(index)
    deadline = time.monotonic() + _WAIT_S
    while not (held := _taken(lock, owner)) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    try:
        yield
    finally:
        if held:
            lock.unlink(missing_ok=True)


def forget_index_lock(index: Path, owner: str) -> None:
    """Remove the lock that a killed owner left."""
    lock = _lock_of(index)
    try:
        if lock.read_bytes() == owner.encode():
            lock.unlink(missing_ok=True)
    except OSError:
        return


def _lock_of(index: Path) -> Path:
    return index.with_name(f"{index.name}.lock")


def _taken(lock: Path, owner: str) -> bool:
    try:
        descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except OSError:
        return False
    try:
        os.write(descriptor, owner.encode())
    finally:
        os.close(descriptor)
    return True
