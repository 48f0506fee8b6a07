"""Who may have a file beside the pages: those who may read a page that shows it."""

from __future__ import annotations

import posixpath
import re
import threading
from collections.abc import Iterable
from urllib.parse import unquote

from wiki.access import Audience
from wiki.errors import WikiError
from wiki.pages.files import is_markdown
from wiki.pages.normal_form import composed
from wiki.site.catalogue import Catalogue
from wiki.site.files import LOOKS
from wiki.workspace.workspace import Workspace

__all__ = ["ShownFiles", "files_shown_by"]

_TARGET = re.compile(
    r"""(?:\]\(\s*<?|(?:src|href|poster)\s*=\s*["']?|^\[[^\]\n]+\]:[ \t]*<?)([^\s)"'<>]+\.[^\s)"'<>/]+)""", re.MULTILINE
)


class ShownFiles:
    """Answers from the pages' text, read when first needed and again when a page changed. Thread-safe."""

    def __init__(self, ws: Workspace, catalogue: Catalogue) -> None:
        self._ws, self._catalogue = ws, catalogue
        self._guard = threading.Lock()
        self._read: dict[str, tuple[object, frozenset[str]]] = {}

    def hidden(self, path: str, audience: Audience, always: Iterable[str] = ()) -> bool:
        """Whether this audience may not have a file (its path relative to docs_dir). `always` names files that all may have.

        For the team that is a file that only pages show which they may not read. The public gets what the pages show that
        it may read, and what the site looks like.
        """
        hidden = self._catalogue.hidden(audience)
        if path in always or (audience.team and not hidden):
            return False
        if not audience.team:
            if path.lower().endswith(LOOKS):
                return False
        elif not self._shown(path, hidden):
            return False
        return not self._shown(path, (page for page in list(self._catalogue.pages) if page not in hidden))

    def _shown(self, path: str, pages: Iterable[str]) -> bool:
        listed = self._catalogue.pages
        with self._guard:
            for page in pages:
                stat = listed[page].stat if page in listed else None
                known = self._read.get(page)
                if known is None or known[0] != stat:
                    known = self._read[page] = (stat, self._files_of(page))
                if composed(path) in known[1]:
                    return True
        return False

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
