"""What the site must know of every page before one is rendered: its title, who may read it, which files it shows."""

from __future__ import annotations

import posixpath
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from wiki.access import Audience, may_read
from wiki.errors import WikiError
from wiki.page import Page
from wiki.page_files import is_markdown
from wiki.workspace import Workspace

__all__ = ["Catalogue", "Changed", "Listed"]

_TARGET = re.compile(
    r"""(?:\]\(\s*<?|(?:src|href|poster)\s*=\s*["']?|^\[[^\]\n]+\]:[ \t]*<?)([^\s)"'<>]+\.[^\s)"'<>/]+)""", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of the catalogue. `stat` is Workspace.stat's; `files` are paths relative to docs_dir that the page may show."""

    path: str
    title: str
    visibility: str
    groups: tuple[str, ...]
    stat: tuple[int, int] | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a refresh found, as page paths: pages that came, went, got another title or other readers."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retitled: tuple[str, ...] = ()
    relabelled: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.retitled or self.relabelled)


class Catalogue:
    """All pages of a workspace by path. Thread-safe; readers see whole states. `generation` rises when `Changed` is not empty."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._guard = threading.Lock()
        self.generation = 0
        self.pages: dict[str, Listed] = {path: _read(ws, path) for path in ws.page_paths()}
        self._hidden: dict[Audience, tuple[int, frozenset[str]]] = {}
        self._shown_by: tuple[int, dict[str, list[str]]] | None = None
        self._files_generation = 0

    def hidden(self, audience: Audience) -> frozenset[str]:
        """The pages that this audience may not read."""
        if audience.everything:
            return frozenset()
        generation, pages = self.generation, self.pages
        known = self._hidden.get(audience)
        if known is None or known[0] != generation:
            if len(self._hidden) > 256:
                self._hidden.clear()
            known = (generation, frozenset(path for path, page in pages.items() if not may_read(audience, page)))
            self._hidden[audience] = known
        return known[1]

    def shown_by(self, file_path: str) -> Sequence[str]:
        """The pages that link to or show a file of docs_dir."""
        generation = self._files_generation
        if self._shown_by is None or self._shown_by[0] != generation:
            table: dict[str, list[str]] = {}
            for path, page in list(self.pages.items()):
                for name in page.files:
                    table.setdefault(name, []).append(path)
            self._shown_by = (generation, table)
        return self._shown_by[1].get(file_path, ())

    def refresh(self, paths: Iterable[str] | None = None) -> Changed:
        """Look again at these pages (None: at all whose file changed) and say what that means for the others."""
        with self._guard:
            if paths is None:
                on_disk = self._ws.page_paths()
                gone = self.pages.keys() - set(on_disk)
                paths = [*gone, *(path for path in on_disk if self._differs(path))]
            return self._take(paths)

    def _differs(self, path: str) -> bool:
        page = self.pages.get(path)
        return page is None or page.stat != self._ws.stat(path)

    def _take(self, paths: Iterable[str]) -> Changed:
        added: list[str] = []
        removed: list[str] = []
        retitled: list[str] = []
        relabelled: list[str] = []
        pages = self.pages
        fresh: dict[str, Listed | None] = {}
        for path in dict.fromkeys(paths):
            before = pages.get(path)
            after = _read(self._ws, path) if self._ws.is_page_path(path) and self._ws.stat(path) else None
            fresh[path] = after
            if before is None and after is not None:
                added.append(path)
            elif before is not None and after is None:
                removed.append(path)
            elif before is not None and after is not None:
                if before.title != after.title:
                    retitled.append(path)
                if (before.visibility, before.groups) != (after.visibility, after.groups):
                    relabelled.append(path)
        self._store(fresh, resized=bool(added or removed))
        changed = Changed(added=tuple(added), removed=tuple(removed), retitled=tuple(retitled), relabelled=tuple(relabelled))
        if changed:
            self.generation += 1
        return changed

    def _store(self, fresh: dict[str, Listed | None], *, resized: bool) -> None:
        if any(
            (page.files if page else ()) != (old.files if (old := self.pages.get(path)) else ()) for path, page in fresh.items()
        ):
            self._files_generation += 1
        pages = dict(self.pages) if resized else self.pages  # others may be going through it
        for path, page in fresh.items():
            if page is None:
                pages.pop(path, None)
            else:
                pages[path] = page
        self.pages = pages


def _read(ws: Workspace, path: str) -> Listed:
    stat = ws.stat(path)
    try:
        page = ws.read_page(path)
    except WikiError:
        title = posixpath.splitext(posixpath.basename(path))[0].replace("-", " ").replace("_", " ").capitalize()
        return Listed(path=path, title=title, visibility="restricted", groups=(), stat=stat)
    return Listed(path=path, title=page.title, visibility=page.visibility, groups=page.groups, stat=stat, files=_files_of(page))


def _files_of(page: Page) -> tuple[str, ...]:
    """Where the page's links to files may lead: MkDocs resolves them against the page's file, a browser (raw HTML) against its URL."""
    if "." not in page.body:
        return ()
    folder = posixpath.dirname(page.path)
    found: dict[str, None] = {}
    for target in _TARGET.findall(page.body):
        path = unquote(target.partition("#")[0].partition("?")[0])
        if not path or ":" in path or path.startswith("//") or is_markdown(path) or path.endswith((".html", ".htm")):
            continue
        bases = ("",) if path.startswith("/") else (folder, posixpath.splitext(page.path)[0])
        for base in bases:
            found[posixpath.normpath(posixpath.join(base, path.lstrip("/")))] = None
    return tuple(found)
