"""What the site must know of every page before one is rendered: its title and who may read it."""

from __future__ import annotations

import hashlib
import json
import logging
import posixpath
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wiki.access import Audience, may_read
from wiki.errors import WikiError
from wiki.files import write_atomically
from wiki.markup import front_matter, front_matter_block, front_matter_toml, front_matter_values, front_matter_yaml, plain
from wiki.pages import page
from wiki.workspace.workspace import Workspace

__all__ = ["Catalogue", "Changed", "Listed"]

log = logging.getLogger(__name__)

_MAX_AUDIENCES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of the catalogue. `stat` is Workspace.stat's, as it was before the page was read."""

    path: str
    title: str
    visibility: str
    groups: tuple[str, ...]
    stat: tuple[int, int] | None


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
    """All pages of a workspace by path. Thread-safe.

    Reading 16,000 pages takes seconds, so what was read is kept in the state folder and used again where the file's stat is
    the same.
    """

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._guard = threading.Lock()
        self._hidden: dict[Audience, tuple[int, frozenset[str]]] = {}
        self._store = ws.state_dir / "cache" / "catalogue.json"
        known, pages, fresh = self._recall(), dict[str, Listed](), 0
        for path in ws.page_paths():
            kept = known.get(path)
            if kept is None or kept.stat != ws.stat(path):
                kept, fresh = _read(ws, path), fresh + 1
            pages[path] = kept
        self._state = (0, pages)  # replaced as one, for readers take no lock
        if fresh or len(known) != len(pages):
            self._remember()

    @property
    def generation(self) -> int:
        """Rises when a refresh finds something for other pages."""
        return self._state[0]

    @property
    def pages(self) -> dict[str, Listed]:
        """The pages of this generation; not to be changed."""
        return self._state[1]

    def hidden(self, audience: Audience) -> frozenset[str]:
        """The pages that this audience may not read."""
        if audience.everything:
            return frozenset()
        generation, pages = self._state
        known = self._hidden.get(audience)
        if known is None or known[0] != generation:
            if len(self._hidden) >= _MAX_AUDIENCES:
                self._hidden.clear()
            known = (generation, frozenset(path for path, listed in pages.items() if not may_read(audience, listed)))
            self._hidden[audience] = known
        return known[1]

    def refresh(self, paths: Iterable[str] | None = None) -> Changed:
        """Look again at these pages (None: at all whose file changed) and say what that means for the others."""
        with self._guard:
            if paths is None:
                on_disk = self._ws.page_paths()
                gone = self.pages.keys() - set(on_disk)
                paths = [*gone, *(path for path in on_disk if self._differs(path))]
            return self._take(paths)

    def _differs(self, path: str) -> bool:
        listed = self.pages.get(path)
        return listed is None or listed.stat != self._ws.stat(path)

    def _take(self, paths: Iterable[str]) -> Changed:
        pages = self.pages
        fresh: dict[str, Listed | None] = {}
        found: dict[str, list[str]] = {"added": [], "removed": [], "retitled": [], "relabelled": []}
        for path in dict.fromkeys(paths):
            before = pages.get(path)
            after = _read(self._ws, path) if self._ws.is_page_path(path) and self._ws.stat(path) else None
            fresh[path] = after
            if before is None or after is None:
                if before is not after:
                    found["added" if before is None else "removed"].append(path)
                continue
            if before.title != after.title:
                found["retitled"].append(path)
            if (before.visibility, before.groups) != (after.visibility, after.groups):
                found["relabelled"].append(path)
        changed = Changed(**{name: tuple(value) for name, value in found.items()})
        pages = dict(pages)
        for path, listed in fresh.items():
            if listed is None:
                pages.pop(path, None)
            else:
                pages[path] = listed
        self._state = (self._state[0] + bool(changed), pages)
        return changed

    def _recall(self) -> dict[str, Listed]:
        try:
            raw = json.loads(self._store.read_bytes())
            if raw["read_by"] != _readers():
                return {}
            return {
                row[0]: Listed(path=row[0], title=row[1], visibility=row[2], groups=tuple(row[3]), stat=(row[4], row[5]))
                for row in raw["pages"]
            }
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return {}  # missing or damaged: the pages have it all

    def _remember(self) -> None:
        rows = [[p.path, p.title, p.visibility, p.groups, *p.stat] for p in self.pages.values() if p.stat is not None]
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._store, json.dumps({"read_by": _readers(), "pages": rows}).encode(), durable=False)
        except (OSError, WikiError) as error:
            log.info("The catalogue of pages is not kept: %s", error)  # the next start reads the pages again


def _read(ws: Workspace, path: str) -> Listed:
    stat = ws.stat(path)
    try:
        source = ws.read_page(path)
    except WikiError:  # it could have been meant as restricted
        title = posixpath.splitext(posixpath.basename(path))[0].replace("-", " ").replace("_", " ").capitalize()
        return Listed(path=path, title=title, visibility="restricted", groups=(), stat=stat)
    title = source.title.encode("utf-8", "replace").decode()
    return Listed(path=path, title=title, visibility=source.visibility, groups=source.groups, stat=stat)


def _readers() -> str:
    """Changes with the code that reads titles and labels, so that what older code read is not used."""
    modules = (page, front_matter, front_matter_block, front_matter_toml, front_matter_values, front_matter_yaml, plain)
    sources = (Path(str(module.__file__)).read_bytes() for module in modules)
    return hashlib.sha256(b"\0".join(sources)).hexdigest()[:16]
