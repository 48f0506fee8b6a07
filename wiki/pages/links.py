"""Links between pages: what leads where, what is broken, and keeping them right when pages move."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from wiki.pages.link_targets import Target, Written, find_targets, parse_target, relative_target, url_folder
from wiki.pages.near_names import NearNames, nearest
from wiki.pages.normal_form import Names, composed
from wiki.pages.page import Page
from wiki.pages.section import DEFAULT_RULES, SectionRules, anchors_of

__all__ = ["Link", "LinkGraph", "links_of", "pages_meant", "rewrite_links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link inside the workspace. `line` is 0-based in the page's text, `target_text` is the target as it is written.

    `target_page` is the page it leads to, None where there is none or where it names a file. `reason` is a sentence that says
    why a `broken` link is broken; `suggestion` is a target that would work, "" where nothing comes near.
    """

    page_path: str
    line: int
    target_text: str
    target_page: str | None
    anchor: str = ""
    broken: bool = False
    reason: str = ""
    suggestion: str = ""


def links_of(
    page: Page,
    known_pages: Set[str],
    anchors: Callable[[str], Set[str]] | None = None,
    *,
    files: Collection[str] | None = None,
    docs_folder: str = "",
) -> list[Link]:
    """The links of a page to pages, anchors and files of the workspace, in order; external links are not among them.

    `anchors` gives the anchors of a known page; without it none is checked. `files` are the workspace's other files; without
    them a link to a file counts as sound. `docs_folder` as for `parse_target`.
    """
    names, near = Names(known_pages), _Near(known_pages)
    return [
        _resolved(page.path, written, target, known_pages, lambda path: names.find(path, known_pages), anchors, files, near)
        for written in find_targets(page)
        if (target := parse_target(page.path, written, docs_folder)) is not None
    ]


def pages_meant(page: Page, docs_folder: str = "") -> set[str]:
    """The other pages that a page's links may mean, whether there are such pages or not."""
    targets = (parse_target(page.path, written, docs_folder) for written in find_targets(page))
    return {path for target in targets if target is not None for path in target.pages if path != page.path}


def rewrite_links(page: Page, moves: Mapping[str, str], docs_folder: str = "") -> str:
    """The page's text after pages moved from the keys to the values of `moves`: links to them, and, where the page itself
    moved, its own relative links. Only targets change; every other byte, and every anchor, stays.
    """
    new_path = moves.get(page.path, page.path)
    moves = {composed(old): new for old, new in moves.items()}
    pieces: list[str] = []
    position = 0
    for written in find_targets(page):
        target = parse_target(page.path, written, docs_folder)
        if target is None or target.form == "self":
            continue
        new = _rewritten(target, written, page.path, new_path, moves)
        if new != written.text:
            pieces += [page.text[position : written.start], new]
            position = written.end
    return "".join(pieces) + page.text[position:] if pieces else page.text


class LinkGraph:
    """All links of a workspace. Not thread-safe while it is being updated: the caller holds one lock around it."""

    def __init__(
        self, *, rules: SectionRules = DEFAULT_RULES, files: Collection[str] | None = None, docs_folder: str = ""
    ) -> None:
        self._rules = rules
        self._docs_folder = docs_folder
        self._files = files
        self._targets: dict[str, list[tuple[Written, Target]]] = {}
        self._anchors: dict[str, frozenset[str]] = {}
        self._names = Names()
        self._near = _Near(self._targets.keys())
        self._aliases: dict[str, str] = {}
        # a page that may be meant, its letters composed -> the pages with a link that may mean it
        self._linking: dict[str, set[str]] = {}

    @classmethod
    def build(
        cls,
        pages: Iterable[Page],
        *,
        rules: SectionRules = DEFAULT_RULES,
        files: Collection[str] | None = None,
        docs_folder: str = "",
    ) -> LinkGraph:
        """The graph of these pages. `rules` say how anchors are made; `files` and `docs_folder` as for `links_of`."""
        graph = cls(rules=rules, files=files, docs_folder=docs_folder)
        for page in pages:
            graph.update(page)
        return graph

    def update(self, page: Page) -> None:
        """Take in a page that is new or has changed."""
        if page.path not in self._targets:
            self._near = _Near(self._targets.keys())
        self._take_out(page.path)
        targets = [
            (written, target)
            for written in find_targets(page)
            if (target := parse_target(page.path, written, self._docs_folder)) is not None
        ]
        self._targets[page.path] = targets
        self._anchors[page.path] = frozenset(anchors_of(page, self._rules))
        self._names.add(page.path)
        for _, target in targets:
            for candidate in map(composed, target.pages):
                self._linking.setdefault(candidate, set()).add(page.path)

    def alias(self, page_path: str, target: str) -> None:
        """Take in a page that is a symlink to the page `target`: links to it lead there, and it has none of its own."""
        self.remove(page_path)
        self._aliases[page_path] = target
        self._names.add(page_path)

    def remove(self, page_path: str) -> None:
        """Forget a page; links to it become broken. A page that is not known is no error."""
        if page_path in self._targets:
            self._near = _Near(self._targets.keys())
        self._take_out(page_path)

    def links(self, page_path: str) -> list[Link]:
        """The links on a page, in order; [] for a page that is not known."""
        return [self._resolved(page_path, written, target, self._near) for written, target in self._targets.get(page_path, [])]

    def backlinks(self, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line; without suggestions for those with a broken anchor."""
        page_path = self._find(page_path) or page_path
        names = {composed(name) for name in (page_path, *(name for name, goal in self._aliases.items() if goal == page_path))}
        return [
            self._resolved(other, written, target)
            for other in sorted(set().union(*(self._linking.get(name, ()) for name in names)))
            if other != page_path
            for written, target in self._targets[other]
            if not names.isdisjoint(map(composed, target.pages)) and _page_of(target, self._find) == page_path
        ]

    def broken(self, page_path: str | None = None) -> list[Link]:
        """The broken links of a page, or of all pages, by page and line."""
        pages = sorted(self._targets) if page_path is None else [page_path]
        return [link for path in pages for link in self.links(path) if link.broken]

    def _resolved(self, page_path: str, written: Written, target: Target, near: _Near | None = None) -> Link:
        anchors, known = self._anchors.__getitem__, self._targets.keys()
        return _resolved(page_path, written, target, known, self._find, anchors, self._files, near)

    def _find(self, page_path: str) -> str | None:
        """The page that a path means, None where there is none."""
        known = self._aliases if page_path in self._aliases else self._targets
        found = self._names.find(page_path, known) or page_path
        target = self._aliases.get(found, found)
        return target if target in self._targets else None

    def _take_out(self, page_path: str) -> None:
        self._anchors.pop(page_path, None)
        self._aliases.pop(page_path, None)
        self._names.discard(page_path)
        for _, target in self._targets.pop(page_path, []):
            for candidate in map(composed, target.pages):
                if linking := self._linking.get(candidate):
                    linking.discard(page_path)
                    if not linking:
                        del self._linking[candidate]


class _Near:
    """The index of near names over the pages known now, made when a broken link first asks for it."""

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._names: NearNames | None = None

    def find(self, wanted: str) -> str | None:
        if self._names is None:
            self._names = NearNames(self._known)
        return self._names.find(wanted)


def _resolved(
    page_path: str,
    written: Written,
    target: Target,
    known: Set[str],
    find: Callable[[str], str | None],
    anchors: Callable[[str], Set[str]] | None,
    files: Collection[str] | None,
    near: _Near | None = None,
) -> Link:
    """The link that a target is; without `near` no suggestion is looked for."""

    def link(page: str | None, reason: str = "", suggestion: str = "") -> Link:
        return Link(
            page_path=page_path,
            line=written.line,
            target_text=written.text,
            target_page=page,
            anchor=target.anchor,
            broken=bool(reason),
            reason=reason,
            suggestion=suggestion,
        )

    if target.form == "file":
        path = posixpath.normpath(
            target.path.removeprefix(f"/{target.root}" if target.root else "").lstrip("/")
            if target.path.startswith("/")
            else posixpath.join(url_folder(page_path) if written.html else posixpath.dirname(page_path), target.path)
        )
        if files is None or path in files or (written.html and _beside(page_path, target.path) in files):
            return link(None)
        return link(None, f"There is no file {path}.")
    page = _page_of(target, find)
    if page is None:
        goal = _nearest_page(target.pages[0], page_path, target, known, near) if near else None
        suggestion = relative_target(target, written, page_path, page_path, goal) if goal and target.form != "self" else ""
        return link(None, f"There is no page {target.pages[0]}.", suggestion)
    if target.anchor and anchors is not None and not target.anchor.startswith(("fn:", "fnref:", ":~:")):
        there = anchors(page)
        if target.anchor not in there:
            near_anchor = nearest(target.anchor, there) if near else None
            suggestion = written.text[: written.text.index("#")] + f"#{near_anchor}" if near_anchor else ""
            return link(page, f"The page {page} has no heading or id {target.anchor}.", suggestion)
    return link(page)


def _beside(page_path: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page_path), path))


def _page_of(target: Target, find: Callable[[str], str | None]) -> str | None:
    return next((found for candidate in target.pages if (found := find(candidate)) is not None), None)


def _nearest_page(wanted: str, page_path: str, target: Target, known: Set[str], near: _Near) -> str | None:
    """The known page that a link to `wanted` most likely means: the path read from the file's folder, else what is called
    alike."""
    beside = _beside(page_path, target.path.lstrip("/").rstrip("/"))
    for candidate in (beside, f"{beside}.md", f"{beside}/index.md", f"{posixpath.splitext(wanted)[0]}/index.md"):
        if candidate in known:
            return candidate
    return near.find(wanted)


def _rewritten(target: Target, written: Written, old_path: str, new_path: str, moves: Mapping[str, str]) -> str:
    moved = next((candidate for candidate in map(composed, target.pages) if candidate in moves), None)
    if target.form == "url" and moved is not None:
        return relative_target(target, written, old_path, new_path, moves[moved])
    if target.form == "page":
        goal = moves.get(composed(target.pages[0]), target.pages[0])
        stays = goal == target.pages[0] and posixpath.dirname(old_path) == posixpath.dirname(new_path)
        outside = goal.startswith("../")
        return written.text if stays or outside else relative_target(target, written, old_path, new_path, goal)
    if target.path.startswith("/") or old_path == new_path:
        return written.text
    if target.form == "file" and not written.html:
        same = posixpath.dirname(old_path) == posixpath.dirname(new_path)
        return written.text if same else relative_target(target, written, old_path, new_path, None)
    same = url_folder(old_path) == url_folder(new_path)
    return written.text if same else relative_target(_as_url(target), written, old_path, new_path, None)


def _as_url(target: Target) -> Target:
    """A file named in HTML is found from the page's address, as a browser does."""
    if target.form == "url":
        return target
    return Target(form="address", path=target.path, pages=(), anchor=target.anchor, suffix=target.suffix)
