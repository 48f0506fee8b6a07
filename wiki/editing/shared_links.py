"""The link graph of a running workspace: built once, kept up to date, asked by many threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from wiki.access import Viewer, may_read
from wiki.errors import WikiError
from wiki.pages.links import Link, LinkGraph
from wiki.pages.page import Page
from wiki.pages.section import SectionRules
from wiki.workspace.workspace import Workspace

__all__ = ["SharedLinks", "link_graph"]

_MOST_WAITING = 20


def link_graph(workspace: Workspace) -> LinkGraph:
    """The links between all pages; a page that is a symlink to another is that page."""
    graph = LinkGraph(rules=workspace.section_rules)
    for page in workspace.pages():
        _take(workspace, graph, page)
    return graph


class SharedLinks:
    """Links between the pages. Thread-safe; answers hold only what the viewer may read."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._guard = threading.Lock()
        self._rules: SectionRules | None = workspace.section_rules
        self._graph = link_graph(workspace)
        self._broken: dict[str, tuple[Link, ...]] | None = None
        self._waiting: set[str] = set()

    def refresh(self, page_paths: Iterable[str] | None) -> None:
        """Take over changes of these pages; None: of all. A few are read when somebody asks next: no save waits for them."""
        with self._guard:
            if page_paths is None:
                self._rules = None
            else:
                self._waiting |= set(page_paths)
            if page_paths is None or len(self._waiting) > _MOST_WAITING:
                self._catch_up()

    def _catch_up(self) -> LinkGraph:
        """The graph with what waited; the caller holds the guard."""
        # Where mkdocs.yml changed, what anchors are called may have changed with it.
        if self._workspace.section_rules is not self._rules:
            self._rules = self._workspace.section_rules
            self._graph = link_graph(self._workspace)
            self._waiting, self._broken = set(), None
        for page_path in self._waiting:
            self._broken = None
            try:
                _take(self._workspace, self._graph, self._workspace.read_page(page_path))
            except WikiError:  # gone, or not to be read: links to it are broken now
                self._graph.remove(page_path)
        self._waiting = set()
        return self._graph

    def backlinks(self, viewer: Viewer, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line."""
        with self._guard:
            found = self._catch_up().backlinks(page_path)
        return [link for link in found if self._readable(viewer, link.page_path)]

    def linked(self, page_path: str) -> list[str]:
        """The other pages that a page links to, in order; whoever shows them asks who may read them."""
        with self._guard:
            targets = [link.target_page for link in self._catch_up().links(page_path)]
        return list(dict.fromkeys(target for target in targets if target is not None and target != page_path))

    def broken(self) -> dict[str, tuple[Link, ...]]:
        """The broken links by page, of all pages; kept until a page changes. Whoever shows them asks who may read the page, and shows
        no `suggestion`: it may name a page that may not be read."""
        with self._guard:
            graph = self._catch_up()
            if self._broken is None:
                found: dict[str, tuple[Link, ...]] = {}
                for link in graph.broken():
                    found[link.page_path] = (*found.get(link.page_path, ()), link)
                self._broken = found
            return self._broken

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
