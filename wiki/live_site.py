"""The live site: every page as it stands in the working tree, rendered when asked for and kept until something it shows changes."""

from __future__ import annotations

import logging
import mimetypes
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from wiki.access import Audience
from wiki.catalogue import Catalogue
from wiki.errors import WikiError, WorkspaceError
from wiki.page_facts import History
from wiki.page_files import is_markdown
from wiki.site_files import theme_file
from wiki.site_theme import PAGE_POLICY
from wiki.workspace import Workspace

if TYPE_CHECKING:
    from wiki.edition import Edition

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "LiveSite", "Redirect", "Rendered"]

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = f"{PAGE_POLICY}; frame-ancestors 'self'"
"""What a server should send with pages; they say it themselves as well, but for who may frame them."""

_MAX_EDITIONS = 6
_SANDBOXED = (".html", ".htm", ".svg", ".xml", ".xhtml")
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}

_Stat = tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as UTF-8 HTML. `etag` is 32 hex digits, without quotes; the same bytes have the same one."""

    html: bytes
    etag: str
    page_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where the page is: a URL relative to the site's start, quoted, "" for the start itself."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file beside the pages: `path` or, made by a plugin, `data`.

    `sandboxed`: it could run scripts, so a server should send it with `Content-Security-Policy: sandbox`.
    """

    media_type: str
    path: Path | None = None
    data: bytes | None = None
    sandboxed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    stamp: tuple[object, ...]
    included: tuple[tuple[str, _Stat], ...]
    rendered: Rendered


class LiveSite:
    """The site for every audience. Thread-safe.

    Audiences that may read the same pages share an edition of the site. Editions and rendered pages are made on demand;
    both can be forgotten at any time. Tell it of changes with `refresh`; a page that changed unannounced is noticed when viewed.
    """

    def __init__(self, ws: Workspace, history: History, *, cache_bytes: int = 96_000_000) -> None:
        self._ws, self._history = ws, history
        self._guard = threading.RLock()
        self._catalogue: Catalogue | None = None
        self._editions: OrderedDict[tuple[frozenset[str], bool], Edition] = OrderedDict()
        self._by_audience: dict[Audience, tuple[int, Edition]] = {}
        self._config_stat = _stat(ws.mkdocs_yml)
        self._kept: OrderedDict[tuple[int, str], _Kept] = OrderedDict()
        self._kept_guard = threading.Lock()
        self._kept_bytes, self._max_bytes = 0, cache_bytes
        self._not_found: dict[int, tuple[tuple[int, date], Rendered]] = {}

    # --- what a server asks for

    def page(self, url_path: str, audience: Audience) -> Rendered | Redirect | None:
        """The page at a decoded URL path (`/a/b/`), None where there is none for this audience.

        Gives a Redirect for a missing slash at the end and for a page's own path (`/a/b.md`).
        """
        edition = self._edition(audience)
        path = url_path.lstrip("/")
        if "\0" in path or "\\" in path or ".." in path.split("/"):
            return None
        for attempt in (1, 2, 3):
            found = self._find(edition, path)
            if isinstance(found, Redirect):
                return found
            if found is None:
                if attempt == 1 and self._appeared(path):
                    edition = self._edition(audience)
                    continue
                return None
            stat = self._ws.stat(found)
            listed = self._catalogue_now().pages.get(found)
            if listed is None or stat is None or listed.stat != stat:
                self.refresh([found])
                edition = self._edition(audience)
                continue
            if found in self._catalogue_now().hidden(edition.audience):
                return None
            rendered = self._rendered(edition, found, stat)
            if rendered is not None and self._ws.stat(found) == stat:  # else it was written meanwhile: look at its labels again
                return rendered
            edition = self._edition(audience)
        return None

    def not_found(self, audience: Audience) -> Rendered:
        """The page for addresses that lead nowhere, to be sent with status 404."""
        edition = self._edition(audience)
        stamp = (edition.generation, _today())
        known = self._not_found.get(edition.serial)
        if known is None or known[0] != stamp:
            html = edition.render_not_found()
            known = self._not_found[edition.serial] = (stamp, Rendered(html=html, etag=_etag(html), page_path=""))
        return known[1]

    def asset(self, url_path: str, audience: Audience) -> Asset | None:
        """The file at a decoded URL path: of the theme, of docs_dir, or made by a plugin. None where this audience has none."""
        path = url_path.lstrip("/")
        if not path or path.endswith("/") or "\0" in path or "\\" in path or ".." in path.split("/"):
            return None
        edition = self._edition(audience)
        suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a URL, no file
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        if (file := edition.file_at(path)) is not None:
            own = file == theme_file(edition.config.theme.dirs, path)
            return Asset(path=file, media_type=media_type, sandboxed=not own and suffix in _SANDBOXED)
        if (data := edition.made_by_plugin(path)) is not None:
            return Asset(data=data, media_type=media_type, sandboxed=suffix in _SANDBOXED)
        return None

    def url_of(self, page_path: str, audience: Audience) -> str | None:
        """A page's URL relative to the site's start, quoted; "" for the home page, None where this audience has no such page."""
        edition = self._edition(audience)
        return edition.url(page_path) if edition.has(page_path) else None

    def notes(self, audience: Audience) -> tuple[str, ...]:
        """What of mkdocs.yml the site leaves out, and why, one sentence each."""
        return self._edition(audience).notes

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

    def _catalogue_now(self) -> Catalogue:
        with self._guard:
            if self._catalogue is None:
                self._catalogue = Catalogue(self._ws)
            return self._catalogue

    def _edition(self, audience: Audience) -> Edition:
        catalogue = self._catalogue or self._catalogue_now()
        config_stat = _stat(self._ws.mkdocs_yml)
        known = self._by_audience.get(audience)
        if known is not None and known[0] == catalogue.generation and config_stat == self._config_stat:
            return known[1]
        from wiki.edition import Edition

        with self._guard:
            if config_stat != self._config_stat:
                self._configured_anew(config_stat)
            generation = catalogue.generation
            key = (catalogue.hidden(audience), audience.team)
            edition = next((e for e in self._editions.values() if (catalogue.hidden(e.audience), e.audience.team) == key), None)
            if edition is None:
                edition = Edition(self._ws, self._history, catalogue, audience)
                self._editions[key] = edition
                while len(self._editions) > _MAX_EDITIONS:
                    self._forget(next(iter(self._editions)))
            if len(self._by_audience) > 256:
                self._by_audience.clear()
            self._by_audience[audience] = (generation, edition)
            return edition

    def _configured_anew(self, config_stat: _Stat) -> None:
        """mkdocs.yml changed: begin again, but keep what there is while the new one cannot be used."""
        from wiki.mkdocs_config import load_site_config

        self._config_stat = config_stat
        try:
            load_site_config(self._ws)
        except WorkspaceError as error:
            log.warning("mkdocs.yml changed and cannot be used; the site stays as it was: %s", error)
            return
        for key in list(self._editions):
            self._forget(key)
        self._by_audience.clear()

    def _forget(self, key: tuple[frozenset[str], bool]) -> None:
        gone = self._editions.pop(key)
        self._by_audience = {a: known for a, known in self._by_audience.items() if known[1] is not gone}
        self._not_found.pop(gone.serial, None)
        with self._kept_guard:
            for kept_key in [k for k in self._kept if k[0] == gone.serial]:
                self._kept_bytes -= len(self._kept.pop(kept_key).rendered.html)

    # --- finding and rendering

    def _find(self, edition: Edition, path: str) -> str | Redirect | None:
        if not path or path.endswith("/"):
            return edition.page_at(f"{path}index.html")
        if path.endswith(".html"):
            return edition.page_at(path)
        if is_markdown(path) and edition.has(path):
            return Redirect(url=edition.url(path))
        for dest in (f"{path}/index.html", f"{path}.html"):
            if page_path := edition.page_at(dest):
                return Redirect(url=edition.url(page_path))
        return None

    def _appeared(self, path: str) -> bool:
        """Whether a page that came into the working tree unannounced may be at this URL path; it is taken in."""
        stem = path.removesuffix("index.html").removesuffix(".html").rstrip("/")
        names = (f"{stem}.md", f"{stem}/index.md", f"{stem}/README.md") if stem else ("index.md", "README.md")
        pages = self._catalogue_now().pages
        new = [n for n in (*names, path) if n not in pages and self._ws.is_page_path(n) and self._ws.stat(n)]
        if not new:
            return False
        self.refresh()
        return True

    def _rendered(self, edition: Edition, page_path: str, stat: _Stat) -> Rendered | None:
        key = (edition.serial, page_path)
        stamp = self._stamp(edition, page_path, stat)
        if (rendered := self._recall(key, stamp)) is not None:
            return rendered
        with edition.lock:
            stamp = self._stamp(edition, page_path, stat)
            if (rendered := self._recall(key, stamp)) is not None:
                return rendered
            if not edition.has(page_path):
                return None
            drawn = edition.render(page_path)
        rendered = Rendered(html=drawn.html, etag=_etag(drawn.html), page_path=page_path)
        included = tuple((path, _stat(path)) for path in drawn.included)
        self._keep(key, _Kept(stamp=stamp, included=included, rendered=rendered))
        return rendered

    def _stamp(self, edition: Edition, page_path: str, stat: _Stat) -> tuple[object, ...]:
        """All that a rendered page depends on beside the files it includes."""
        return (stat, edition.generation, self._revision_id(page_path), _stat(self._ws.root / "roles.yml"), _today())

    def _revision_id(self, page_path: str) -> str | None:
        try:
            revision = self._history.last_change(self._ws.repo_path(page_path))
        except WikiError:
            return None
        return revision.id if revision else None

    def _recall(self, key: tuple[int, str], stamp: tuple[object, ...]) -> Rendered | None:
        with self._kept_guard:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept.move_to_end(key)
        return kept.rendered if all(_stat(path) == stat for path, stat in kept.included) else None

    def _keep(self, key: tuple[int, str], kept: _Kept) -> None:
        with self._kept_guard:
            if (old := self._kept.pop(key, None)) is not None:
                self._kept_bytes -= len(old.rendered.html)
            self._kept[key] = kept
            self._kept_bytes += len(kept.rendered.html)
            while self._kept_bytes > self._max_bytes and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._kept_bytes -= len(dropped.rendered.html)


def _stat(path: Path | str) -> _Stat:
    try:
        stat = os.stat(path)  # noqa: PTH116 - five times per view
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_size


def _etag(html: bytes) -> str:
    return sha256(html).hexdigest()[:32]


def _today() -> date:
    return datetime.now(UTC).date()
