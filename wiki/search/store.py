"""Opening, reading and writing the index's files: views that follow every commit, one writer at a time, repair."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tantivy import Document, Index, Schema, Searcher

from wiki.errors import StorageError
from wiki.lock import writer_lock
from wiki.search.analysis import exact_analyzer, text_analyzer
from wiki.search.files import Commit, IndexFiles, Signature
from wiki.search.schema import EXACT_ANALYZER, TEXT_ANALYZER, build_schema
from wiki.search.vocabulary import Vocabulary
from wiki.search.writer import BatchWriter, open_writer, storage_error

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

    def __init__(self, root: Path, *, language: str, rules: str) -> None:
        self.language = language
        self._files = IndexFiles(root, language=language, rules=rules)
        self._schema = build_schema()
        self._lock = writer_lock(self._files.lock_path, timeout_s=_LOCK_TIMEOUT_S)
        self._build_lock = writer_lock(self._files.lock_path.with_suffix(".build"), timeout_s=_LOCK_TIMEOUT_S)
        self._open_lock = threading.RLock()
        self._folder: Path | None = None
        self._index: Index | None = None
        self._signature: Signature | None = None
        self._view: View | None = None
        self._generation = 0
        self._commit: Commit | None = None
        self._writer = BatchWriter(self.view)

    @property
    def generation(self) -> int:
        return self._generation

    def follow(self, rules: str) -> None:
        """From now on an index built with other rules of sections is none."""
        if rules != self._files.rules:
            with self._open_lock:
                self._files.rules = rules
                self.discard()

    def view(self) -> View | None:
        """The newest commit, whichever process made it; None where no usable index is there."""
        if self._view is not None and self._folder is not None and self._files.signature(self._folder) == self._signature:
            return self._view
        with self._open_lock:
            return self._reload()

    @property
    def commit(self) -> Commit | None:
        """Which commit the view last given shows; merges do not change it. To be relied on while `writing`."""
        return self._commit

    @contextmanager
    def writing(self, wait_s: float | None = None) -> Iterator[None]:
        """Hold this around every write. Raises WorkspaceBusy when somebody else writes for longer than `wait_s` (None: a minute)."""
        self._make_root()
        with self._lock(wait_s):
            yield

    @contextmanager
    def building(self, wait_s: float | None = None) -> Iterator[None]:
        """Hold this around `fill`, so that one builds at a time; never ask for it while `writing`. Raises as `writing`."""
        self._make_root()
        with self._build_lock(wait_s):
            yield

    def replace(self, page_paths: Sequence[str], documents: Callable[[], Iterable[Document]], *, large: bool) -> None:
        """Take out the documents of these pages and add others, in one commit. Call it while `writing`.

        Raises StorageError when the files cannot be written; the index is then as it was before.
        """
        view, index = self.view(), self._index
        if view is None or index is None:
            raise StorageError("There is no search index to write to.", hint="Run `knowhow reindex`.")
        heap = _LARGE_HEAP if large else _SMALL_HEAP
        merge = large or view.searcher.num_segments >= _MERGE_AT - 1
        try:
            self._writer.commit(index, page_paths, documents(), heap=heap, merge=merge)
        except StorageError as error:
            if "FileAlreadyExists" not in error.message:
                raise
            open_writer(index, heap).garbage_collect_files()  # left by a process killed between its files and its commit
            self._writer.commit(index, page_paths, documents(), heap=heap, merge=merge)
        with self._open_lock:
            self._reload()

    def fill(self, documents: Iterable[Document]) -> Path:
        """A new folder with these documents, not in use before `use`. Call it while `building`; others may write meanwhile."""
        folder: Path | None = None
        try:
            folder = self._files.new()
            builder = BatchWriter(lambda: None)
            builder.commit(self._opened(folder), (), documents, heap=_LARGE_HEAP, merge=True)
            builder.close()
        except BaseException as error:
            if folder is not None:
                self.drop(folder)
            if isinstance(error, (ValueError, OSError, StorageError)):
                raise storage_error(error) from error
            raise
        return folder

    def use(self, folder: Path) -> None:
        """Make what `fill` gave the current index. Call it while `writing`."""
        self._writer.close()
        try:
            self._files.use(folder)
        except OSError as error:
            self.drop(folder)
            raise storage_error(error) from error
        with self._open_lock:
            self._view = None
            self._reload()

    def drop(self, folder: Path) -> None:
        """Forget what `fill` gave."""
        shutil.rmtree(folder, ignore_errors=True)

    def damage(self) -> str:
        """What is wrong with the files in use; "" if nothing."""
        folder = self._folder
        return self._files.damage(folder) if folder is not None else "it is not there"

    def discard(self) -> None:
        """Forget the open index, so that the next view opens the files again and finds out what is wrong with them."""
        with self._open_lock:
            self._folder = self._index = self._signature = self._commit = self._view = None

    def close(self) -> None:
        self._writer.close()
        self.discard()

    def _make_root(self) -> None:
        try:
            self._files.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_error(error) from error

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
            self._commit = self._files.commit(folder)
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
