"""Who may have a file beside the pages: those who may read a page that shows it."""

from __future__ import annotations

import posixpath
import re
import threading
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from wiki.access import Audience
from wiki.errors import WikiError
from wiki.pages.files import is_markdown
from wiki.pages.normal_form import composed
from wiki.site.catalogue import Catalogue, Listed
from wiki.site.files import LOOKS
from wiki.workspace.workspace import Workspace

__all__ = ["ShownFiles", "files_shown_by"]

_TARGET = re.compile(
    r"""(?:\]\(\s*<?|(?:src|href|poster)\s*=\s*["']?|^\[[^\]\n]+\]:[ \t]*<?)([^\s)"'<>]+\.[^\s)"'<>/]+)""", re.MULTILINE
)


class ShownFiles:
    """Answers from an index of the pages' text: a page is read when first needed, and again when it changed. Thread-safe."""

    def __init__(self, ws: Workspace, catalogue: Catalogue) -> None:
        self._ws, self._catalogue = ws, catalogue
        self._guard = threading.Lock()
        self._read: dict[str, tuple[Listed, frozenset[str]]] = {}
        self._shown_on: dict[str, set[str]] = {}
        self._pages: Mapping[str, Listed] = {}
        self._taken_up: list[tuple[frozenset[str], bool]] = []  # of `_pages`, those that are hidden or (False) all others

    def hidden(self, path: str, audience: Audience, always: Iterable[str] = ()) -> bool:
        """Whether this audience may not have a file (its path relative to docs_dir). `always` names files that all may have.

        For the team that is a file that only pages show which they may not read. The public gets what the pages show that
        it may read, and what the site looks like.
        """
        pages, hidden = self._catalogue.pages, self._catalogue.hidden(audience)
        if path in always or (audience.team and not hidden):
            return False
        if not audience.team:
            if path.lower().endswith(LOOKS):
                return False
        elif hidden.isdisjoint(self._showing(path, pages, hidden, of_hidden=True)):
            return False
        return self._showing(path, pages, hidden, of_hidden=False) <= hidden

    def _showing(self, path: str, pages: Mapping[str, Listed], hidden: frozenset[str], *, of_hidden: bool) -> set[str]:
        """The pages known to show a file: all of the hidden ones that do, or all of the others; perhaps more."""
        with self._guard:
            if pages is not self._pages:
                self._pages, self._taken_up = pages, []
                for gone in self._read.keys() - pages.keys():
                    self._forget(gone)
            if not any(known is hidden and side == of_hidden for known, side in self._taken_up):
                for page in hidden if of_hidden else [page for page in pages if page not in hidden]:
                    self._take_up(page, pages)
                self._taken_up.append((hidden, of_hidden))
            return set(self._shown_on.get(composed(path), ()))

    def _take_up(self, page: str, pages: Mapping[str, Listed]) -> None:
        known, listed = self._read.get(page), pages.get(page)
        if listed is None or (known is not None and known[0] is listed):
            return
        if known is not None:
            self._forget(page)
        files = self._files_of(page)
        self._read[page] = (listed, files)
        for file in files:
            self._shown_on.setdefault(file, set()).add(page)

    def _forget(self, page: str) -> None:
        _, files = self._read.pop(page)
        for file in files:
            self._shown_on[file].discard(page)
            if not self._shown_on[file]:
                del self._shown_on[file]

    def _files_of(self, page: str) -> frozenset[str]:
        try:
            return files_shown_by(page, self._ws.read_page(page).body)
        except WikiError:
            return frozenset()


def files_shown_by(page_path: str, body: str) -> frozenset[str]:
    """Where links and images of a page may lead: MkDocs resolves them against the page's file, a browser (raw HTML) against its URL."""
    found: set[str] = set()
    bases = (posixpath.dirname(page_path), posixpath.splitext(page_path)[0])
    for target in _TARGET.findall(body):
        path = unquote(target.partition("#")[0].partition("?")[0])
        if path and ":" not in path and not path.startswith("//") and not is_markdown(path):
            for base in ("",) if path.startswith("/") else bases:
                found.add(composed(posixpath.normpath(posixpath.join(base, path.lstrip("/")))))
    return frozenset(found)
