"""The search index of a workspace: one document a section, kept in step with the pages.

Derived: the folder can be deleted at any time. It is built again by itself when it is gone or damaged, or was made with
another schema, language, engine or other rules of sections. Pages are compared by git blob id, so that a refresh writes only what changed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tantivy import Document, Query

from wiki.access import Audience
from wiki.errors import StorageError, WikiError, WorkspaceBusy
from wiki.pages.page import Page
from wiki.pages.section import SectionRules
from wiki.search import search
from wiki.search.files import Commit
from wiki.search.schema import PageState, page_documents, state_document
from wiki.search.search import Hit, PageHit, SearchResult
from wiki.search.store import IndexStore, View, engine_failure
from wiki.workspace.workspace import Workspace

__all__ = ["Refreshed", "SectionIndex"]

_log = logging.getLogger(__name__)
T = TypeVar("T")

_RACY_NS = 2_000_000_000  # a file changed so short a time ago may change again and keep its mtime
_LARGE_BATCH = 64  # pages
_SOON_S = 0.3  # how long a save may wait for what another one writes to the index


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Pages written to the index (new or changed) and pages taken out of it."""

    added: int
    removed: int
    took_ms: float


class SectionIndex:
    """Safe to share between threads. Several processes may use one workspace: each sees the others' commits at once."""

    def __init__(self, workspace: Workspace, *, language: str = "en") -> None:
        self.language = language
        self.workspace = workspace
        rules = workspace.section_rules.fingerprint
        self._store = IndexStore(workspace.state_dir / "index", language=language, rules=rules)
        self._states: dict[str, PageState] = {}
        self._states_of: Commit | None = None
        self._owed: set[str] = set()
        self._owed_guard = threading.Lock()

    @property
    def generation(self) -> int:
        """Rises with every commit seen."""
        return self._store.generation

    def search(
        self,
        query: str,
        audience: Audience,
        *,
        limit: int = 10,
        offset: int = 0,
        kind: Sequence[str] = (),
        owner: Sequence[str] = (),
        tag: Sequence[str] = (),
        prefix: bool = False,
    ) -> SearchResult:
        """The sections that match free text, best first; never raises for what the text is.

        `total` counts the sections that match and that this audience may see. `prefix`: the last word may be unfinished.
        Several values of one filter mean any of them; filters in the text (`kind:policy`) narrow further.
        """
        request = search.Request(
            text=query, audience=audience, limit=limit, offset=offset, kind=kind, owner=owner, tag=tag, prefix=prefix
        )
        return self._read(lambda view: search.search_sections(view, request))

    def pages(
        self,
        query: str,
        audience: Audience,
        *,
        limit: int = 10,
        kind: Sequence[str] = (),
        owner: Sequence[str] = (),
        tag: Sequence[str] = (),
        prefix: bool = False,
    ) -> list[PageHit]:
        """Like `search`, with the sections of one page together: the page with the best section first."""
        request = search.Request(text=query, audience=audience, limit=limit, kind=kind, owner=owner, tag=tag, prefix=prefix)
        return self._read(lambda view: search.search_pages(view, request))

    def similar(self, text: str, audience: Audience, *, limit: int = 10) -> list[Hit]:
        """The sections that a long text (a mail, a transcript) is about, best first, found by its most telling words."""
        return self._read(lambda view: search.similar_sections(view, text, audience, limit=limit))

    def section(self, page_path: str, anchor: str, audience: Audience) -> Hit | None:
        """One section by its address; None where there is none that this audience may see."""
        return self._read(lambda view: search.find_section(view, page_path, anchor, audience))

    def refresh(self, paths: Sequence[str] | None = None, *, wait_s: float | None = None) -> Refreshed:
        """Bring these pages, or all, up to what the working tree holds, in one commit; nothing is written if nothing changed.

        Pages that cannot be read are left out until they change. Raises WorkspaceBusy when somebody else writes to the index for
        longer than `wait_s` (None: a minute), StorageError when the disk refuses.
        """
        start = time.perf_counter()
        with self._store.writing(wait_s):
            self._store.follow(self.workspace.section_rules.fingerprint)
            if self._store.view() is not None:
                changed, gone = self._changes(paths)
                try:
                    if changed or gone:
                        self._apply(changed, gone)
                    return Refreshed(added=len(changed), removed=len(gone), took_ms=_ms_since(start))
                except StorageError:
                    if not self._store.damage():
                        raise
                    self._store.discard()
        with self._store.building(None if wait_s is None else 0):
            if self._store.view() is None:
                return self._build()
        return self.refresh(paths, wait_s=wait_s)  # somebody else built it

    def refresh_soon(self, paths: Sequence[str]) -> None:
        """Bring these pages up to date now if the index is free, else as soon as it is: a save waits for no build of the index.

        What is saved amid a rebuild is found at once in the index that is in use; amid the very first build, when that ends.
        """
        try:
            self.refresh(paths, wait_s=_SOON_S)
        except WorkspaceBusy:
            with self._owed_guard:
                idle = not self._owed
                self._owed.update(paths)
            if idle:
                threading.Thread(target=self._catch_up, name="knowhow-index-later", daemon=True).start()

    def _catch_up(self) -> None:
        while True:
            with self._owed_guard:
                paths = sorted(self._owed)
            try:
                self.refresh(paths)
            except WorkspaceBusy:
                continue
            except WikiError:
                _log.exception("The index could not take up %s; the next start does", ", ".join(paths[:10]))
            with self._owed_guard:
                self._owed.difference_update(paths)
                if not self._owed:
                    return

    def rebuild(self) -> Refreshed:
        """Build the whole index anew from the pages; others go on searching and writing the old one until it is done."""
        with self._store.building():
            return self._build()

    def close(self) -> None:
        """Wait for what runs in the background and let go of the files. The index opens them again if it is used again."""
        self._store.close()

    def _read(self, action: Callable[[View], T]) -> T:
        """Run a search; where the engine fails and the files turn out to be damaged, build them again and run it once more."""
        self._store.follow(self.workspace.section_rules.fingerprint)
        view = self._store.view()
        if view is None:
            view = self._mended()
        try:
            return action(view)
        except BaseException as error:
            if not engine_failure(error):
                raise
            if not (damage := self._store.damage()):
                if isinstance(error, Exception):
                    raise
                raise StorageError("The search engine failed.", hint="Run `knowhow reindex`, and report the search.") from error
            _log.warning("The search index is damaged (%s); building it again.", damage)
        self._store.discard()
        return action(self._mended())

    def _mended(self) -> View:
        with self._store.building():
            view = self._store.view()
            while view is None:
                self._build()
                view = self._store.view()
            return view

    def _build(self) -> Refreshed:
        """Fill a new index while others write the old one, then take over what changed meanwhile, and use it. Call it while
        `building`."""
        start = time.perf_counter()
        while True:
            rules = self.workspace.section_rules
            added = 0

            def documents(rules: SectionRules = rules) -> Iterator[Document]:
                nonlocal added
                for page_path in self.workspace.page_paths():
                    if (found := self._look(page_path)) is not None:
                        added += found[1] is not None
                        yield from _documents(*found, rules)

            folder = self._store.fill(documents())
            with self._store.writing():
                self._store.follow(self.workspace.section_rules.fingerprint)
                if self.workspace.section_rules.fingerprint != rules.fingerprint:
                    self._store.drop(folder)
                    continue
                self._store.use(folder)
                if self._store.view() is not None:
                    changed, gone = self._changes(None)
                    if changed or gone:
                        self._apply(changed, gone)
                return Refreshed(added=added, removed=0, took_ms=_ms_since(start))

    def _page_states(self) -> dict[str, PageState]:
        """What is in the index, by page path. Read from it after a commit by somebody else, else kept in step."""
        view = self._store.view()
        assert view is not None
        if self._states_of is None or self._states_of != self._store.commit:
            terms = view.searcher.terms_with_prefix("state", "", Query.all_query(), 10_000_000)
            self._states = {state.path: state for state in (PageState.from_term(term) for term, _ in terms)}
            self._states_of = self._store.commit
        return self._states

    def _changes(self, paths: Sequence[str] | None) -> tuple[list[tuple[PageState, Page | None]], list[str]]:
        """(pages to write, each with its state; paths to take out)."""
        states = self._page_states()
        present = set(self.workspace.page_paths()) if paths is None else None
        wanted = sorted(present) if present is not None else list(dict.fromkeys(paths or ()))
        gone = [path for path in states if path not in present] if present is not None else []
        changed: list[tuple[PageState, Page | None]] = []
        for path in wanted:
            known = states.get(path)
            if paths is None and known is not None and self.workspace.stat(path) == (known.mtime_ns, known.size):
                continue
            found = self._look(path)
            if found is None:
                gone += [path] if known is not None else []
            elif known is not None and known.blob == found[0].blob and known.blob:
                states[path] = found[0]  # touched, not changed
            else:
                changed.append(found)
        return changed, gone

    def _look(self, page_path: str) -> tuple[PageState, Page | None] | None:
        """The page as it stands; without the page where it cannot be read, None where there is none."""
        stat = self.workspace.stat(page_path)
        if stat is None or not self.workspace.is_page_path(page_path):
            return None
        mtime_ns = stat[0] if time.time_ns() - stat[0] > _RACY_NS else 0
        state = PageState(path=page_path, blob="", mtime_ns=mtime_ns, size=stat[1])
        try:
            page = self.workspace.read_page(page_path)
        except (WikiError, OSError) as error:
            _log.info("%s is not searched: %s", page_path, error)
            return state, None
        return replace(state, blob=page.blob), page

    def _apply(self, changed: list[tuple[PageState, Page | None]], gone: list[str]) -> None:
        out = [*gone, *(state.path for state, _ in changed)]
        rules = self.workspace.section_rules
        self._store.replace(out, lambda: _all_documents(changed, rules), large=len(changed) > _LARGE_BATCH)
        for path in gone:
            self._states.pop(path, None)
        self._states.update({state.path: state for state, _ in changed})
        self._states_of = self._store.commit


def _all_documents(pages: Iterable[tuple[PageState, Page | None]], rules: SectionRules) -> Iterator[Document]:
    for state, page in pages:
        yield from _documents(state, page, rules)


def _documents(state: PageState, page: Page | None, rules: SectionRules) -> Iterator[Document]:
    return iter([state_document(state)]) if page is None else page_documents(page, state, rules)


def _ms_since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
