"""The link graph of a running workspace: built once, kept up to date, asked by many threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from wiki.access import Viewer, may_read
from wiki.errors import WikiError
from wiki.pages.links import Link, LinkGraph
from wiki.workspace.workspace import Workspace

__all__ = ["SharedLinks"]


class SharedLinks:
    """Links between the pages. Thread-safe; answers hold only what the viewer may read."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._guard = threading.Lock()
        self._rules = workspace.section_rules
        self._graph = self._built()

    def refresh(self, page_paths: Iterable[str] | None) -> None:
        """Take over changes of these pages; None: of all."""
        with self._guard:
            # Where mkdocs.yml changed, what anchors are called may have changed with it.
            if page_paths is None or self._workspace.section_rules is not self._rules:
                self._rules = self._workspace.section_rules
                self._graph = self._built()
            for page_path in page_paths or ():
                try:
                    self._graph.update(self._workspace.read_page(page_path))
                except WikiError:  # gone, or not to be read: links to it are broken now
                    self._graph.remove(page_path)

    def backlinks(self, viewer: Viewer, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line."""
        with self._guard:
            found = self._graph.backlinks(page_path)
        return [link for link in found if self._readable(viewer, link.page_path)]

    def _built(self) -> LinkGraph:
        return LinkGraph.build(self._workspace.pages(), rules=self._rules, docs_folder=self._workspace.docs_folder)

    def _readable(self, viewer: Viewer, page_path: str) -> bool:
        try:
            return may_read(viewer.audience, self._workspace.read_page(page_path))
        except WikiError:
            return False
