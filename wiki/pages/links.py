"""Links between pages: what leads where, what is broken, and keeping them right when pages move."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from wiki.pages.link_targets import Target, Written, find_targets, parse_target, relative_target, url_folder
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
    names = Names(known_pages)
    return [
        _resolved(page.path, written, target, known_pages, lambda path: names.find(path, known_pages), anchors, files)
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
        self.remove(page.path)
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
        self._anchors.pop(page_path, None)
        self._aliases.pop(page_path, None)
        self._names.discard(page_path)
        for _, target in self._targets.pop(page_path, []):
            for candidate in map(composed, target.pages):
                if linking := self._linking.get(candidate):
                    linking.discard(page_path)
                    if not linking:
                        del self._linking[candidate]

    def links(self, page_path: str) -> list[Link]:
        """The links on a page, in order; [] for a page that is not known."""
        return [
            _resolved(page_path, written, target, self._targets.keys(), self._find, self._anchors.__getitem__, self._files)
            for written, target in self._targets.get(page_path, [])
        ]

    def backlinks(self, page_path: str) -> list[Link]:
        """The links on other pages that lead to this one, by page and line."""
        page_path = self._find(page_path) or page_path
        names = [page_path, *(alias for alias, target in self._aliases.items() if target == page_path)]
        return [
            link
            for other in sorted(set().union(*(self._linking.get(composed(name), ()) for name in names)))
            if other != page_path
            for link in self.links(other)
            if link.target_page == page_path
        ]

    def broken(self, page_path: str | None = None) -> list[Link]:
        """The broken links of a page, or of all pages, by page and line."""
        pages = sorted(self._targets) if page_path is None else [page_path]
        return [link for path in pages for link in self.links(path) if link.broken]

    def _find(self, page_path: str) -> str | None:
        """The page that a path means, None where there is none."""
        known = self._aliases if page_path in self._aliases else self._targets
        found = self._names.find(page_path, known) or page_path
        target = self._aliases.get(found, found)
        return target if target in self._targets else None


def _resolved(
    page_path: str,
    written: Written,
    target: Target,
    known: Set[str],
    find: Callable[[str], str | None],
    anchors: Callable[[str], Set[str]] | None,
    files: Collection[str] | None,
) -> Link:
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
    page = next((found for candidate in target.pages if (found := find(candidate)) is not None), None)
    if page is None:
        near = _nearest_page(target.pages[0], page_path, target, known)
        suggestion = relative_target(target, written, page_path, page_path, near) if near and target.form == "url" else ""
        if near and target.form == "page":
            suggestion = relative_target(target, written, page_path, page_path, near)
        return link(None, f"There is no page {target.pages[0]}.", suggestion)
    if target.anchor and anchors is not None and not target.anchor.startswith(("fn:", "fnref:", ":~:")):
        there = anchors(page)
        if target.anchor not in there:
            near_anchor = _nearest(target.anchor, there)
            suggestion = written.text[: written.text.index("#")] + f"#{near_anchor}" if near_anchor else ""
            return link(page, f"The page {page} has no heading or id {target.anchor}.", suggestion)
    return link(page)


def _beside(page_path: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page_path), path))


def _nearest_page(wanted: str, page_path: str, target: Target, known: Set[str]) -> str | None:
    """The known page that a link to `wanted` most likely means: the path read from the file's folder, the same name
    elsewhere (the nearest folder first), or a similar path."""
    beside = _beside(page_path, target.path.lstrip("/").rstrip("/"))
    for candidate in (beside, f"{beside}.md", f"{beside}/index.md", f"{posixpath.splitext(wanted)[0]}/index.md"):
        if candidate in known:
            return candidate
    name = posixpath.basename(wanted).lower()
    if name not in ("index.md", "readme.md"):
        same = [path for path in known if posixpath.basename(path).lower() == name]
        if same:
            return max(same, key=lambda path: (len(posixpath.commonprefix([path, wanted])), path))
    return _nearest(wanted, known)


def _nearest(wanted: str, names: Collection[str]) -> str | None:
    from rapidfuzz import fuzz, process

    found = process.extractOne(wanted, names, scorer=fuzz.ratio, score_cutoff=70)
    return str(found[0]) if found else None


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
