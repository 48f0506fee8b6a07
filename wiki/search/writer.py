"""Committing batches to the engine, with merges that hold nobody up.

The engine merges small segments in threads of a writer, and gives up a merge when its writer goes. So a writer whose commit
started a merge is kept for a moment, in which further commits use it, and is let go of when it has been idle.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from tantivy import Document, Index, IndexWriter

from wiki.errors import StorageError

__all__ = ["BatchWriter", "storage_error"]

_log = logging.getLogger(__name__)

_IDLE_S = 0.2
_LOCK_TIMEOUT_S = 60.0


class BatchWriter:
    """`merged` is called, in another thread, when merges have changed the files. Safe to share between threads."""

    def __init__(self, merged: Callable[[], object]) -> None:
        self._merged = merged
        self._guard = threading.RLock()
        self._kept: tuple[Index, IndexWriter] | None = None
        self._used_at = 0.0
        self._hurry = threading.Event()
        self._thread: threading.Thread | None = None

    def commit(self, index: Index, page_paths: Iterable[str], documents: Iterable[Document], *, heap: int, merge: bool) -> None:
        """Take out the documents of pages and add others. `merge`: there may be something to merge afterwards.

        Raises StorageError; then nothing has changed.
        """
        with self._guard:
            if self._kept is not None and self._kept[0] is not index:
                self._let_go()
            writer: IndexWriter | None = None
            try:
                writer = self._kept[1] if self._kept else open_writer(index, heap)
                for page_path in page_paths:
                    writer.delete_documents_by_term("page", page_path)
                for document in documents:
                    writer.add_document(document)
                writer.commit()
            except (ValueError, OSError) as error:
                writer = self._kept = None  # the traceback would keep it, and with it the engine's lock
                raise storage_error(error) from error
            if merge or self._kept:
                self._keep(index, writer)

    def close(self) -> None:
        """Wait for merges and let go of the engine's lock."""
        self._hurry.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _keep(self, index: Index, writer: IndexWriter) -> None:
        self._kept, self._used_at = (index, writer), time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._hurry.clear()
            self._thread = threading.Thread(target=self._wait_until_idle, name="knowhow-index-merge", daemon=True)
            self._thread.start()

    def _wait_until_idle(self) -> None:
        while True:
            hurry = self._hurry.wait(_IDLE_S / 2)
            with self._guard:
                if hurry or time.monotonic() - self._used_at >= _IDLE_S:
                    self._let_go()
                    self._thread = None
                    break
        self._merged()

    def _let_go(self) -> None:
        if self._kept is None:
            return
        (_, writer), self._kept = self._kept, None
        try:
            writer.wait_merging_threads()
        except ValueError as error:  # the disk is full, say: unmerged, the index is as good as it was
            _log.warning("The search index could not be tidied up: %s", error)


def open_writer(index: Index, heap: int) -> IndexWriter:
    """A writer; waits for the one of another process."""
    deadline = time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        try:
            return index.writer(heap, 1)
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def storage_error(error: Exception) -> StorageError:
    if isinstance(error, StorageError):
        return error
    return StorageError(f"The search index cannot be written: {error}.", hint="Check the disk's space and the folder's owner.")
