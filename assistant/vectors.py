"""Vectors of all sections, kept beside the index and searched exactly.

A section is cut into pieces of 170 words, each beginning 130 after the one before, with the page's title and the headings above in
front. A piece's vector is kept under a hash of its text: whatever was embedded once is never embedded again, and the files can be
deleted at any time. The work is done in the background; a page changed a moment ago is found by its words until then.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from assistant.embeddings import Embedder, Vectors
from wiki.access import Audience, may_read
from wiki.errors import WikiError
from wiki.pages import Page, split_sections
from wiki.workspace import Workspace

__all__ = ["Near", "Progress", "SectionVectors", "pieces_of"]

log = logging.getLogger(__name__)

PIECE_WORDS, PIECE_STEP = 170, 130
_HASH_BYTES = 16
_SHOW_EVERY = 512  # pieces; what is done so far is searched already
_TOLD = 40  # sections
_MOST_WINDOWS = 12  # pieces of a long text, each of which looks for its own sections

Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A section near a text; `cosine` is that of its best piece."""

    page_path: str
    anchor: str
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Pages whose sections have vectors, and pages in all."""

    done: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Labels:
    visibility: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _PageVectors:
    blob: str
    labels: _Labels
    anchors: tuple[str, ...]  # one a piece
    vectors: Half


@dataclass(frozen=True, slots=True)
class _Table:
    """Everything that is searched, as one matrix; made anew after changes, never changed."""

    matrix: Vectors
    pages: tuple[str, ...]
    anchors: tuple[str, ...]
    labels: tuple[_Labels, ...]
    label_of: np.ndarray


def pieces_of(page: Page, workspace: Workspace) -> Iterator[tuple[str, str]]:
    """(anchor, text) of every piece of a page."""
    for section in split_sections(page, workspace.section_rules):
        above = " > ".join(dict.fromkeys([page.title, *section.heading_path]))
        for piece in _cut(section.text):
            yield section.anchor, f"{above}\n{piece}"


class SectionVectors:
    """The vectors of one workspace under one model. Searching is thread-safe and never waits for embedding."""

    def __init__(self, workspace: Workspace, embedder: Embedder, folder: Path) -> None:
        self._workspace, self._embedder = workspace, embedder
        self._kept = _Kept(folder / embedder.name)
        self._pages: dict[str, _PageVectors] = {}
        self._table: _Table | None = None
        self._todo: dict[str, None] = {}
        self._guard = threading.Condition()
        self._begun = self._stopped = False
        self._thread: threading.Thread | None = None
        self.failure: WikiError | None = None

    def refresh(self, page_paths: Iterable[str] | None = None) -> None:
        """Look at these pages in the background. None, for all, is also how it begins: before that, nothing is done."""
        with self._guard:
            self._begun = self._begun or page_paths is None
            if not self._begun:
                return
            paths = self._workspace.page_paths() if page_paths is None else list(page_paths)
            if page_paths is None:
                paths += [path for path in self._pages if path not in set(paths)]
            self._todo.update(dict.fromkeys(paths))
            if self._thread is None and not self._stopped and self._todo:
                self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)
                self._thread.start()
            self._guard.notify_all()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything asked for is done; False after `timeout_s`."""
        with self._guard:
            return self._guard.wait_for(lambda: self._stopped or (not self._todo and self._thread is None), timeout_s)

    def stop(self) -> None:
        """End the background work; what is embedded is kept."""
        with self._guard:
            self._stopped = True
            self._guard.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=30)

    def check(self) -> None:
        """Raise EmbeddingsUnavailable where the model does not work."""
        self._embedder.embed(["check"])

    @property
    def progress(self) -> Progress:
        with self._guard:
            return Progress(done=len(self._pages), pages=len(self._pages.keys() | self._todo.keys()))

    @property
    def ready(self) -> bool:
        """Whether anything can be found by now."""
        return self._table is not None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of texts, in order. Raises EmbeddingsUnavailable."""
        return self._embedder.embed([_encodable(text) for text in texts])

    def near(self, text: str, audience: Audience, *, limit: int = _TOLD) -> list[Near]:
        """The sections nearest to a text that this audience may read, best first. Raises EmbeddingsUnavailable."""
        table = self._table
        if table is None or not text.strip() or not len(table.pages):
            return []
        queries = self._embedder.embed(list(islice(_cut(_encodable(text)), _MOST_WINDOWS)))
        scores = (table.matrix @ queries.T).max(axis=1)
        allowed = np.array([may_read(audience, labels) for labels in table.labels], dtype=bool)
        scores = np.where(allowed[table.label_of], scores, -2.0)
        found: dict[tuple[str, str], float] = {}
        count = min(len(scores), limit * 4)
        best = np.argpartition(-scores, count - 1)[:count]
        for row in best[np.argsort(-scores[best], kind="stable")]:
            if scores[row] < -1.0 or len(found) >= limit:
                break
            found.setdefault((table.pages[row], table.anchors[row]), float(scores[row]))
        return [Near(page_path=page, anchor=anchor, cosine=cosine) for (page, anchor), cosine in found.items()]

    # --- the work in the background

    def _run(self) -> None:
        fresh = 0
        while True:
            with self._guard:
                path = next(iter(self._todo), None)
                if path is None or self._stopped:
                    break
            try:
                fresh += self._take(path)
                self.failure = None
            except WikiError as error:
                self.failure = error
                log.warning("Search goes by words alone for now: %s %s", error.message, error.hint)
                with self._guard:
                    self._todo.clear()
                break
            except Exception:
                log.exception("%s has no vectors", path)
            with self._guard:
                self._todo.pop(path, None)
                if fresh >= _SHOW_EVERY and self._todo:
                    self._show()
                    fresh = 0
        with self._guard:
            self._show()
            self._thread = None
            if self._todo and not self._stopped:  # asked for in the last moment
                self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)
                self._thread.start()
            self._guard.notify_all()

    def _take(self, page_path: str) -> int:
        """Bring one page up to date; how many pieces were embedded."""
        try:
            if not self._workspace.is_page_path(page_path):
                raise FileNotFoundError(page_path)
            page = self._workspace.read_page(page_path)
        except (WikiError, OSError):
            self._pages.pop(page_path, None)
            return 0
        known = self._pages.get(page_path)
        if known is not None and known.blob == page.blob:
            return 0
        pieces = list(pieces_of(page, self._workspace))
        keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_HASH_BYTES).digest() for _, text in pieces]
        missing = [i for i, key in enumerate(keys) if key not in self._kept]
        if missing:
            self._kept.add([keys[i] for i in missing], self._embedder.embed([_encodable(pieces[i][1]) for i in missing]))
        self._pages[page_path] = _PageVectors(
            page.blob,
            _Labels(page.visibility, tuple(page.groups)),
            tuple(anchor for anchor, _ in pieces),
            self._kept.of(keys),
        )
        return len(missing)

    def _show(self) -> None:
        pages = dict(self._pages)
        labels = list(dict.fromkeys(found.labels for found in pages.values()))
        number = {label: i for i, label in enumerate(labels)}
        filled = {path: found for path, found in pages.items() if found.anchors}
        if not filled:
            self._table = None
            return
        self._table = _Table(
            np.concatenate([found.vectors for found in filled.values()]).astype(np.float32),
            tuple(path for path, found in filled.items() for _ in found.anchors),
            tuple(anchor for found in filled.values() for anchor in found.anchors),
            tuple(labels),
            np.array([number[found.labels] for found in filled.values() for _ in found.anchors], dtype=np.int32),
        )


class _Kept:
    """Vectors by the hash of their text, in one file of records that only grows: hash, then the vector as float16.

    Each batch is one append, so that two processes never mix their records, and a record that a kill cut short is taken off.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / "records"
        self._vectors: dict[bytes, Half] = {}
        self._read()

    def __contains__(self, key: bytes) -> bool:
        return key in self._vectors

    def of(self, keys: Sequence[bytes]) -> Half:
        """The vectors of these keys, in their order."""
        return np.array([self._vectors[key] for key in keys], dtype=np.float16)

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep new vectors. A full disk is no failure: they are then made again at the next start."""
        half = vectors.astype(np.float16)
        self._vectors.update(zip(keys, half, strict=True))
        data = b"".join(key + vector.tobytes() for key, vector in zip(keys, half, strict=True))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / "width").write_text(str(vectors.shape[1]))
            with FileLock(self._folder / "lock"), self._file.open("ab") as file:
                size = _HASH_BYTES + half.shape[1] * half.itemsize
                if rest := file.tell() % size:
                    file.truncate(file.tell() - rest)
                file.write(data)
        except OSError as error:
            log.warning("Vectors cannot be kept: %s", error)

    def _read(self) -> None:
        try:
            width = int((self._folder / "width").read_text())
            data = self._file.read_bytes()
        except (OSError, ValueError):
            self._clear()
            return
        if not 0 < width < 100_000:
            self._clear()
            return
        record = np.dtype([("key", f"V{_HASH_BYTES}"), ("vector", np.float16, (width,))])
        records = np.frombuffer(data, dtype=record, count=len(data) // record.itemsize)
        if not np.isfinite(records["vector"]).all():
            log.warning("The kept vectors are damaged and are made again")
            self._clear()
            return
        self._vectors = {key.tobytes(): vector for key, vector in zip(records["key"], records["vector"], strict=True)}

    def _clear(self) -> None:
        for name in ("width", "records"):
            (self._folder / name).unlink(missing_ok=True)


def _cut(text: str) -> Iterator[str]:
    """A text in overlapping pieces; one, be it empty, at the least."""
    words = text.split()
    for start in range(0, max(1, len(words) - (PIECE_WORDS - PIECE_STEP)), PIECE_STEP):
        yield " ".join(words[start : start + PIECE_WORDS])


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
