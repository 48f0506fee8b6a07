"""The live site: every page as it stands in the working tree, rendered when asked for and kept until something it shows changes."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from wiki.access import Audience
from wiki.errors import WikiError, WorkspaceError
from wiki.files import Stat, file_stat
from wiki.pages.files import is_markdown
from wiki.site.assets import Asset, asset_at
from wiki.site.catalogue import Catalogue
from wiki.site.page_facts import History
from wiki.site.rendered_pages import Rendered, RenderedPages
from wiki.site.theme import PAGE_POLICY
from wiki.workspace.workspace import Workspace

if TYPE_CHECKING:
    from wiki.site.edition import Edition

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "LiveSite", "Redirect", "Rendered"]

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = f"{PAGE_POLICY}; frame-ancestors 'self'"
"""What a server should send with pages; they say it themselves as well, but for who may frame them."""

_MAX_EDITIONS = 6
_uses = itertools.count(1)
_TRIES = 8  # to answer between two changes, before changes are made to wait
_T = TypeVar("_T")
_Key = tuple[frozenset[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where the page is: a URL relative to the site's start, quoted, "" for the start itself."""

    url: str


class LiveSite:
    """The site for every audience. Thread-safe.

    Audiences that may read the same pages share an edition of the site. Editions and rendered pages are made on demand;
    both can be forgotten at any time. Tell it of changes with `refresh`; a page that changed unannounced is noticed when viewed.
    """

    def __init__(self, ws: Workspace, history: History, *, cache_bytes: int = 120_000_000) -> None:
        self._ws, self._history = ws, history
        self._guard = threading.RLock()  # taken before an edition's own lock, never after
        self._catalogue: Catalogue | None = None
        self._editions: dict[_Key, Edition] = {}
        self._by_audience: dict[Audience, tuple[int, Edition]] = {}
        self._mkdocs_yml, self._roles_yml = str(ws.mkdocs_yml), str(ws.root / "roles.yml")
        self._config_stat = file_stat(self._mkdocs_yml)
        self._repo_paths: dict[str, str] = {}
        self._kept = RenderedPages(cache_bytes)

    # --- what a server asks for

    def page(self, url_path: str, audience: Audience) -> Rendered | Redirect | None:
        """The page at a decoded URL path (`/a/b/`), None where there is none for this audience.

        Gives a Redirect for a missing slash at the end and for a page's own path (`/a/b.md`).
        """
        path = url_path.removeprefix("/")
        if _impossible(path):
            return None
        found = self._answer(audience, lambda edition: self._page(edition, path))
        if found is None and self._appeared(path):
            found = self._answer(audience, lambda edition: self._page(edition, path))
        return found

    def kept(self, url_path: str, audience: Audience) -> Rendered | None:
        """The page at a decoded URL path where it is kept and would be drawn the same now; None where it takes `page` to tell.

        Looks at the same things as `page`, but never waits and never draws: for a server's event loop.
        """
        path, catalogue, known = url_path.removeprefix("/"), self._catalogue, self._by_audience.get(audience)
        if catalogue is None or known is None or _impossible(path):
            return None
        generation, edition = known
        if catalogue.generation != generation or file_stat(self._mkdocs_yml) != self._config_stat:
            return None
        page_path = _find(edition, path)
        if not isinstance(page_path, str) or edition.is_made(page_path):
            return None
        stat, listed, repo_path = self._ws.stat(page_path), catalogue.pages.get(page_path), self._repo_paths.get(page_path)
        if listed is None or listed.stat != stat or repo_path is None or page_path in catalogue.hidden(edition.audience):
            return None
        revision = self._history.known_change(repo_path)
        if revision is None:
            return None
        rendered = self._kept.get((edition.serial, page_path), self._stamp_of(edition, stat, revision))
        if rendered is None or catalogue.generation != generation:
            return None
        edition.last_used = next(_uses)
        return rendered

    def not_found(self, audience: Audience) -> Rendered:
        """The page for addresses that lead nowhere, to be sent with status 404."""

        def draw(edition: Edition) -> Rendered:
            key, stamp = (edition.serial, ""), edition.generation
            kept = self._kept.get(key, stamp)
            if kept is None:
                kept = Rendered.of(edition.render_not_found(), "")
                self._kept.put(key, stamp, kept, {})
            return kept

        return self._answer(audience, draw)

    def folder(self, url_path: str, audience: Audience) -> Rendered | Redirect | None:
        """For a folder of pages that has no start page: a list of what is in it, as far as this audience may read it."""
        path = url_path.removeprefix("/")
        if not path or _impossible(path):
            return None

        def draw(edition: Edition) -> Rendered | Redirect | None:
            below = path if path.endswith("/") else f"{path}/"
            hidden = self._catalogue_now().hidden(edition.audience)
            pages = [(page, url) for page, url in edition.folder(below) if page not in hidden]
            if not pages:
                return None
            if below != path:
                return Redirect(url=quote(below))
            listed = self._catalogue_now().pages
            titled = [(listed[page].title if page in listed else page, url) for page, url in pages]
            return Rendered.of(edition.render_folder(path, titled), "")

        return self._answer(audience, draw)

    def asset(self, url_path: str, audience: Audience) -> Asset | None:
        """The file at a decoded URL path: of the theme, of docs_dir, or made by a plugin. None where this audience has none."""
        path = url_path.removeprefix("/")
        if not path or path.endswith("/") or _impossible(path):
            return None
        return self._answer(audience, lambda edition: asset_at(edition, path))

    def url_of(self, page_path: str, audience: Audience) -> str | None:
        """A page's URL relative to the site's start, quoted; "" for the home page, None where this audience has no such page."""
        return self._answer(audience, lambda edition: edition.url(page_path) if edition.has(page_path) else None)

    def notes(self, audience: Audience) -> tuple[str, ...]:
        """What of mkdocs.yml the site leaves out, and why, one sentence each."""
        return self._answer(audience, lambda edition: edition.notes)

    # --- changes

    def refresh(self, paths: Iterable[str] | None = None) -> None:
        """Take over changes of these pages (None: look at all). What pages say of each other is brought up to date at once."""
        with self._guard:
            if self._catalogue is None:
                return
            changed = self._catalogue.refresh(paths)
            if not changed:
                return
            for key, edition in list(self._editions.items()):
                try:
                    edition.update(changed)
                except Exception:
                    log.exception("An edition of the site could not be brought up to date and is made anew")
                    self._forget(key)

    # --- editions

    def _answer(self, audience: Audience, ask: Callable[[Edition], _T]) -> _T:
        """What the audience's edition answers, taken between two changes.

        Two audiences that share an edition may part with the next change: an answer that saw it is not for both, so it is
        thrown away and asked for again.
        """
        for _ in range(_TRIES):
            generation = self._catalogue_now().generation
            answer = ask(self._edition(audience))
            if self._catalogue_now().generation == generation:
                return answer
        with self._guard:  # changes wait
            return ask(self._edition(audience))

    def _catalogue_now(self) -> Catalogue:
        if self._catalogue is None:
            with self._guard:
                if self._catalogue is None:
                    self._catalogue = Catalogue(self._ws)
        return self._catalogue

    def _edition(self, audience: Audience) -> Edition:
        catalogue = self._catalogue_now()
        config_stat = file_stat(self._mkdocs_yml)
        known = self._by_audience.get(audience)
        if known is not None and known[0] == catalogue.generation and config_stat == self._config_stat:
            known[1].last_used = next(_uses)
            return known[1]
        from wiki.site.edition import Edition

        with self._guard:
            if config_stat != self._config_stat:
                self._configured_anew(config_stat)
            generation = catalogue.generation
            key = (catalogue.hidden(audience), audience.team)
            edition = next((e for e in self._editions.values() if (catalogue.hidden(e.audience), e.audience.team) == key), None)
            if edition is None:
                edition = Edition(self._ws, self._history, catalogue, audience)
                self._editions[key] = edition
                while len(self._editions) > _MAX_EDITIONS:  # the one just made was not used yet, but is about to be
                    self._forget(min((k for k in self._editions if k != key), key=lambda k: self._editions[k].last_used))
            if len(self._by_audience) > 256:
                self._by_audience.clear()
            self._by_audience[audience] = (generation, edition)
            edition.last_used = next(_uses)
            return edition

    def _configured_anew(self, config_stat: Stat) -> None:
        """mkdocs.yml changed: begin again, but keep what there is while the new one cannot be used."""
        from wiki.site.config import load_site_config

        self._config_stat = config_stat
        try:
            load_site_config(self._ws)
        except WorkspaceError as error:
            log.warning("mkdocs.yml changed and cannot be used; the site stays as it was: %s", error)
            return
        for key in list(self._editions):
            self._forget(key)

    def _forget(self, key: _Key) -> None:
        gone = self._editions.pop(key)
        self._by_audience = {a: known for a, known in self._by_audience.items() if known[1] is not gone}
        self._kept.forget(gone.serial)

    # --- pages

    def _page(self, edition: Edition, path: str) -> Rendered | Redirect | None:
        found = _find(edition, path)
        if not isinstance(found, str):
            return found
        if edition.is_made(found):
            return self._rendered(edition, found, None)
        for _ in range(_TRIES):
            stat = self._ws.stat(found)
            listed = self._catalogue_now().pages.get(found)
            if (listed.stat if listed else None) == stat:
                break
            self.refresh([found])  # its title or its readers may have changed: then `_answer` asks again
        if listed is None or found in self._catalogue_now().hidden(edition.audience):
            return None
        rendered = self._rendered(edition, found, stat)
        # Written while it was rendered: take over its labels, so that `_answer` sees whether this was for this audience.
        if self._ws.stat(found) != stat:
            self.refresh([found])
        return rendered

    def _rendered(self, edition: Edition, page_path: str, stat: Stat) -> Rendered | None:
        key = (edition.serial, page_path)
        rendered = self._kept.get(key, self._stamp(edition, page_path, stat))
        if rendered is not None:
            return rendered
        with edition.lock:
            stamp = self._stamp(edition, page_path, stat)
            rendered = self._kept.get(key, stamp)
            if rendered is None and edition.has(page_path):
                drawn = edition.render(page_path)
                rendered = Rendered.of(drawn.html, page_path)
                self._kept.put(key, stamp, rendered, {path: file_stat(path) for path in drawn.included})
            return rendered

    def _stamp(self, edition: Edition, page_path: str, stat: Stat) -> Hashable:
        """All that a rendered page depends on beside the files it includes."""
        try:
            self._repo_paths[page_path] = repo_path = self._ws.repo_path(page_path)
            revision = self._history.last_change(repo_path)
        except WikiError:
            revision = None
        return self._stamp_of(edition, stat, revision.id if revision else "")

    def _stamp_of(self, edition: Edition, stat: Stat, revision: str) -> Hashable:
        today = datetime.now(UTC).date()  # decides what is overdue
        return stat, edition.generation, revision, file_stat(self._roles_yml), today

    def _appeared(self, path: str) -> bool:
        """Whether a page that came into the working tree unannounced may be at this URL path; it is taken in."""
        stem = path.removesuffix("index.html").removesuffix(".html").rstrip("/")
        names = (f"{stem}.md", f"{stem}/index.md", f"{stem}/README.md") if stem else ("index.md", "README.md")
        pages = self._catalogue_now().pages
        possible = map(self._ws.known_path, (*names, path))
        if not any(n not in pages and self._ws.is_page_path(n) and self._ws.stat(n) for n in possible):
            return False
        self.refresh()
        return True


def _find(edition: Edition, path: str) -> str | Redirect | None:
    """The page path, or where it is, for a path in the site."""
    if not path or path.endswith("/"):
        return edition.page_at(f"{path}index.html")
    if path.endswith(".html"):
        return edition.page_at(path)
    if is_markdown(path) and (named := edition.named(path)):
        return Redirect(url=edition.url(named))
    for dest in (f"{path}/index.html", f"{path}.html"):
        if page_path := edition.page_at(dest):
            return Redirect(url=edition.url(page_path))
    return None


def _impossible(path: str) -> bool:
    return "\0" in path or "\\" in path or path.startswith("/") or "//" in path or ".." in path.split("/")
