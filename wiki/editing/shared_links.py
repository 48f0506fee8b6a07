"""The link graph of a running workspace: built when first asked, kept up to date, asked by many threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from wiki.access import Viewer, may_read
from wiki.errors import WikiError
from wiki.pages.links import Link, LinkGraph
from wiki.pages.page import Page
from wiki.workspace.workspace import Workspace

__all__ = ["SharedLinks", "link_graph"]


def link_graph(workspace: Workspace) -> LinkGraph:
    """The links between all pages; a page that is a symlink to another is that page."""
    graph = LinkGraph(rules=workspace.section_rules, docs_folder=workspace.docs_folder)
    for page in workspace.pages():
        _take(workspace, graph, page)
    return graph


class SharedLinks:
    """Links between the pages. Thread-safe; answers hold only what the viewer may read. Every page is read at the first question."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._building = threading.Lock()  # held for seconds where there are many pages
        self._guard = threading.Lock()  # held for what is below
        self._rules = workspace.section_rules
        self._graph: LinkGraph | None = None
        self._missed: list[list[str] | None] = []  # what changed while the graph was built

    def refresh(self, page_paths: Iterable[str] | None) -> None:
        """Take over changes of these pages; None: of all. Waits for no build."""
        paths = None if page_paths is None else list(page_paths)
        with self._guard:
            if self._graph is not None:
                self._graph = self._updated(self._graph, paths)
            elif self._building.locked():
                self._missed.append(paths)

    def backlinks(self, viewer: Viewer, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line."""
        graph = self._built()
        with self._guard:
            found = (self._graph or graph).backlinks(page_path)
        return [link for link in found if self._readable(viewer, link.page_path)]

    def _built(self) -> LinkGraph:
        with self._guard:
            if self._graph is not None:
                return self._graph
        with self._building:
            graph = self._graph
            if graph is None:
                self._rules = self._workspace.section_rules
                graph = link_graph(self._workspace)
                with self._guard:
                    for paths in self._missed:
                        graph = self._updated(graph, paths)
                    self._missed.clear()
                    self._graph = graph
            return graph

    def _updated(self, graph: LinkGraph, page_paths: list[str] | None) -> LinkGraph:
        # Where mkdocs.yml changed, what anchors are called may have changed with it.
        if page_paths is None or self._workspace.section_rules is not self._rules:
            self._rules = self._workspace.section_rules
            return link_graph(self._workspace)
        for page_path in page_paths:
            try:
                _take(self._workspace, graph, self._workspace.read_page(page_path))
            except WikiError:  # gone, or not to be read: links to it are broken now
                graph.remove(page_path)
        return graph

    def _readable(self, viewer: Viewer, page_path: str) -> bool:
        try:
            return may_read(viewer.audience, self._workspace.read_page(page_path))
        except WikiError:
            return False


def _take(workspace: Workspace, graph: LinkGraph, page: Page) -> None:
    if target := workspace.alias_of(page.path):
        graph.alias(page.path, target)
    else:
        graph.update(page)
