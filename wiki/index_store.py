"""Opening, reading and writing the index's files: views that follow every commit, one writer at a time, repair."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tantivy import Document, Index, IndexWriter, Schema, Searcher

from wiki.analysis import exact_analyzer, text_analyzer
from wiki.errors import StorageError
from wiki.index_files import IndexFiles, Signature
from wiki.lock import WriterLock
from wiki.schema import EXACT_ANALYZER, TEXT_ANALYZER, build_schema
from wiki.vocabulary import Vocabulary

__all__ = ["IndexStore", "View", "engine_failure"]

_log = logging.getLogger(__name__)

_LOCK_TIMEOUT_S = 60.0
_SMALL_HEAP, _LARGE_HEAP = 15_000_000, 100_000_000  # bytes; Tantivy's least is 15 MB
_MERGE_AT = 8  # segments; Tantivy's policy merges 8 of like size


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The index as of one commit. `generation` is higher than that of every earlier view."""

    searcher: Searcher
    schema: Schema
    language: str
    generation: int
    vocabulary: Vocabulary


class IndexStore:
    """Safe to share between threads and with other processes."""

    def __init__(self, root: Path, *, language: str) -> None:
        self.language = language
        self._files = IndexFiles(root, language=language)
        self._schema = build_schema()
        self._lock = WriterLock(self._files.lock_path, timeout_s=_LOCK_TIMEOUT_S)
        self._open_lock = threading.RLock()
        self._folder: Path | None = None
        self._index: Index | None = None
        self._signature: Signature | None = None
        self._view: View | None = None
        self._generation = 0
        self._merger: threading.Thread | None = None

    @property
    def generation(self) -> int:
        return self._generation

    def view(self) -> View | None:
        """The newest commit, whichever process made it; None where no usable index is there."""
        if self._view is not None and self._folder is not None and self._files.signature(self._folder) == self._signature:
            return self._view
        with self._open_lock:
            return self._reload()

    def signature(self) -> Signature | None:
        """What tells one commit from another, of the view last given."""
        return self._signature

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold this around every write. Raises WorkspaceBusy when another process writes for too long."""
        try:
            self._files.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _storage_error(error) from error
        with self._lock():
            yield

    def replace(self, page_paths: Sequence[str], documents: Callable[[], Iterable[Document]], *, large: bool) -> None:
        """Take out the documents of these pages and add others, in one commit. Call it while `writing`.

        Raises StorageError when the files cannot be written; the index is then as it was before.
        """
        index = self._index
        if index is None or self.view() is None:
            raise StorageError("There is no search index to write to.", hint="Run `knowhow reindex`.")
        self._join_merger()
        heap = _LARGE_HEAP if large else _SMALL_HEAP
        try:
            writer = _write(index, page_paths, documents(), heap=heap)
        except StorageError as error:
            if "FileAlreadyExists" not in error.message:
                raise
            _writer(index, heap).garbage_collect_files()  # left by a process that was killed between its files and its commit
            writer = _write(index, page_paths, documents(), heap=heap)
        with self._open_lock:
            view = self._reload()
        if view is not None and view.searcher.num_segments >= _MERGE_AT:
            self._merger = threading.Thread(target=self._merge, args=(writer,), name="knowhow-index-merge", daemon=True)
            self._merger.start()

    def build(self, documents: Iterable[Document]) -> None:
        """Fill a new folder with these documents and make it the current index. Call it while `writing`."""
        self._join_merger()
        folder: Path | None = None
        try:
            folder = self._files.new()
            index = self._opened(folder)
            _write(index, (), documents, heap=_LARGE_HEAP).wait_merging_threads()
            self._files.use(folder)
        except (ValueError, OSError, StorageError) as error:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            raise _storage_error(error) from error
        with self._open_lock:
            self._view = None
            self._reload()

    def damage(self) -> str:
        """What is wrong with the files in use; "" if nothing."""
        folder = self._folder
        return self._files.damage(folder) if folder is not None else "it is not there"

    def discard(self) -> None:
        """Forget the open index, so that the next view opens the files again and finds out what is wrong with them."""
        with self._open_lock:
            self._folder = self._index = self._signature = self._view = None

    def close(self) -> None:
        self._join_merger()
        self.discard()

    def _join_merger(self) -> None:
        if self._merger is not None:
            self._merger.join()
            self._merger = None

    def _merge(self, writer: IndexWriter) -> None:
        """Let the merges that the last commit started come to their end, so that the next search does not wait for them."""
        try:
            writer.wait_merging_threads()
            self.view()
        except (ValueError, OSError) as error:  # the disk is full, say: unmerged, the index is as good as it was
            _log.warning("The search index could not be tidied up: %s", error)

    def _reload(self) -> View | None:
        """Open or re-open what is current; called under the open lock."""
        folder = self._files.current()
        if folder is None:
            self.discard()
            return None
        if folder != self._folder or self._index is None:
            self.discard()
            if damage := self._files.damage(folder):
                _log.warning("The search index is damaged (%s); it will be built again.", damage)
                return None
        signature = self._files.signature(folder)
        if self._view is None or signature != self._signature:
            try:
                index = self._index or self._opened(folder)
                index.reload()
            except (ValueError, OSError) as error:
                _log.warning("The search index cannot be opened (%s); it will be built again.", error)
                self.discard()
                return None
            searcher = index.searcher()
            self._generation += 1
            self._view = View(
                searcher=searcher,
                schema=self._schema,
                language=self.language,
                generation=self._generation,
                vocabulary=Vocabulary(searcher),
            )
            self._index, self._folder, self._signature = index, folder, signature
        return self._view

    def _opened(self, folder: Path) -> Index:
        index = Index(self._schema, str(folder))
        index.register_tokenizer(TEXT_ANALYZER, text_analyzer(self.language))
        index.register_tokenizer(EXACT_ANALYZER, exact_analyzer())
        index.config_reader("manual")
        return index


def engine_failure(error: BaseException) -> bool:
    """Whether the engine itself failed: an error of its own, or a Rust panic (which is no Exception)."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"


def _write(index: Index, page_paths: Iterable[str], documents: Iterable[Document], *, heap: int) -> IndexWriter:
    """Commit; the writer is returned so that its merges may finish. When it is dropped its lock is free."""
    writer: IndexWriter | None = None
    try:
        writer = _writer(index, heap)
        for page_path in page_paths:
            writer.delete_documents_by_term("page", page_path)
        for document in documents:
            writer.add_document(document)
        writer.commit()
    except (ValueError, OSError) as error:
        writer = None  # the traceback would keep it, and with it the engine's lock
        raise _storage_error(error) from error
    return writer


def _writer(index: Index, heap: int) -> IndexWriter:
    """A writer; waits for one that is still merging, here or in another process."""
    deadline = time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        try:
            return index.writer(heap, 1)
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _storage_error(error: Exception) -> StorageError:
    if isinstance(error, StorageError):
        return error
    return StorageError(f"The search index cannot be written: {error}.", hint="Check the disk's space and the folder's owner.")
