"""The link graph of a running workspace: built when first asked, kept up to date, asked by many threads."""

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


def link_graph(workspace: Workspace) -> LinkGraph:
    """The links between all pages; a page that is a symlink to another is that page."""
    graph = LinkGraph(rules=workspace.section_rules, docs_folder=workspace.docs_folder)
    for page in workspace.pages():
        _take(workspace, graph, page)
    return graph


class SharedLinks:
    """Links between the pages. Thread-safe; answers hold only what the viewer may read.

    Every page is read at the first question, and what changed since at the next one: no save waits for that.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._asking = threading.Lock()  # held while pages are read, for seconds where there are many
        self._graph = LinkGraph()
        self._rules: SectionRules | None = None
        self._broken: dict[str, tuple[Link, ...]] | None = None
        self._guard = threading.Lock()  # held for what is below, for no time to speak of
        self._changed: set[str] | None = None  # since the graph was up to date; None: any page

    def refresh(self, page_paths: Iterable[str] | None) -> None:
        """Take over changes of these pages; None: of all. Waits for nothing."""
        with self._guard:
            if page_paths is None:
                self._changed = None
            elif self._changed is not None:
                self._changed |= set(page_paths)

    def backlinks(self, viewer: Viewer, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line."""
        with self._asking:
            found = self._caught_up().backlinks(page_path)
        return [link for link in found if self._readable(viewer, link.page_path)]

    def linked(self, page_path: str) -> list[str]:
        """The other pages that a page links to, in order; whoever shows them asks who may read them."""
        with self._asking:
            targets = [link.target_page for link in self._caught_up().links(page_path)]
        return list(dict.fromkeys(target for target in targets if target is not None and target != page_path))

    def broken(self) -> dict[str, tuple[Link, ...]]:
        """The broken links by page, of all pages; kept until a page changes. Whoever shows them asks who may read the page, and shows
        no `suggestion`: it may name a page that may not be read."""
        with self._asking:
            graph = self._caught_up()
            if self._broken is None:
                found: dict[str, tuple[Link, ...]] = {}
                for link in graph.broken():
                    found[link.page_path] = (*found.get(link.page_path, ()), link)
                self._broken = found
            return self._broken

    def _caught_up(self) -> LinkGraph:
        """The graph with what changed; the caller holds `_asking`."""
        # Where mkdocs.yml changed, what anchors are called may have changed with it.
        while (changed := self._taken()) is None or self._workspace.section_rules is not self._rules:
            rules, self._rules = self._workspace.section_rules, None
            self._graph, self._broken = link_graph(self._workspace), None
            self._rules = rules
        for page_path in changed:
            self._broken = None
            try:
                _take(self._workspace, self._graph, self._workspace.read_page(page_path))
            except WikiError:  # gone, or not to be read: links to it are broken now
                self._graph.remove(page_path)
        return self._graph

    def _taken(self) -> set[str] | None:
        with self._guard:
            changed, self._changed = self._changed, set()
        return changed

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
