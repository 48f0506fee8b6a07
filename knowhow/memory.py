"""How the process gives memory back that it no longer needs."""

from __future__ import annotations

import ctypes

__all__ = ["give_memory_back"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc's malloc.h


def give_memory_back() -> None:
    """Tell glibc's allocator to keep little for later: without this, what one large piece of work took once (a model's scratch
    memory, an index being written) stays with a server for good. Where there is no glibc, nothing is done.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    for what, value in ((_ARENA_MAX, 2), (_MMAP_THRESHOLD, 1 << 20), (_TRIM_THRESHOLD, 4 << 20)):
        mallopt(what, value)
