"""The site as one audience sees it: MkDocs' configuration, files, navigation and templates, kept in memory.

A page is rendered when asked for, through the same MkDocs events as in `mkdocs build`; `knowhow publish` renders all of them
this way too, so that live and published pages are the same bytes. What cannot work for one page at a time: a plugin that
waits for all pages to have been read before it writes the first (tag lists, back-references made by a plugin).
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.commands.build import get_context
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page as MkDocsPage

from wiki.access import Audience
from wiki.errors import WorkspaceError
from wiki.pages.normal_form import Names
from wiki.site.catalogue import Catalogue, Changed
from wiki.site.config import SiteConfig, load_site_config
from wiki.site.files import belongs_to_site, theme_files, workspace_files
from wiki.site.mkdocs_plugin import SiteScope
from wiki.site.nav_changes import FolderNav
from wiki.site.page_facts import History
from wiki.workspace.workspace import Workspace

__all__ = ["Drawn", "Edition"]

log = logging.getLogger(__name__)

_NOT_FOUND = "404.html"
_FOLDER = "folder.html"
_serials = itertools.count(1)
_STRUCTURE_EVENTS = ("files", "nav")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A rendered page and the files that it included, absolute."""

    html: bytes
    included: tuple[str, ...] = ()


class Edition:
    """One audience's site. `generation` rises when what pages say of other pages (navigation, links) may have changed.

    `serial` is its own among all editions of the process; `last_used` is kept by LiveSite, which lets go of the least recently used. Methods that render or change hold a lock of the edition: MkDocs marks the current page on shared objects.
    """

    def __init__(
        self, ws: Workspace, history: History, catalogue: Catalogue, audience: Audience, *, site_dir: Path | None = None
    ) -> None:
        self.ws, self.catalogue, self.audience = ws, catalogue, audience
        self.serial = next(_serials)
        self.generation = 0
        self.last_used = 0
        self.lock = threading.RLock()
        self._pages: dict[str, Any] = {}
        self._by_dest: dict[str, Any] = {}
        self._dests = Names()
        self._scope = SiteScope(ws=ws, history=history, catalogue=catalogue, audience=audience)
        self._site_dir = site_dir
        self._without: frozenset[str] = frozenset()
        self._notes: list[str] = []
        self._build()

    @property
    def notes(self) -> tuple[str, ...]:
        """What of mkdocs.yml is left out, and why, one sentence each."""
        return tuple(dict.fromkeys([*self._loaded.notes, *self._notes]))

    @property
    def config(self) -> Any:
        return self._loaded.config

    # --- finding

    def page_at(self, dest: str) -> str | None:
        """The page path for a path in the written site, such as `a/b/index.html`."""
        file = self._by_dest.get(self._dests.find(dest, self._by_dest) or dest)
        return file.src_uri if file else None

    def named(self, path: str) -> str | None:
        """The page that a path of a page means, however its letters are encoded; None for none of this audience."""
        file = self.files.get_file_from_path(path)
        return file.src_uri if file is not None and file.src_uri in self._pages else None

    def has(self, page_path: str) -> bool:
        return page_path in self._pages

    def is_made(self, page_path: str) -> bool:
        """Whether a plugin made the page, so that there is no file of it."""
        file = self._pages.get(page_path)
        return file is not None and file.generated_by is not None

    def url(self, page_path: str) -> str:
        """A page's URL relative to the site, "" for the home page."""
        url: str = self._pages[page_path].url
        return "" if url in (".", "./") else url

    def pages(self) -> Iterator[tuple[str, str]]:
        """(page path, path in the written site) of every page, in no order."""
        for path, file in list(self._pages.items()):
            yield path, file.dest_uri

    def file_at(self, path: str) -> Path | None:
        """The file of docs_dir (or made by a plugin, as its temporary file) at a path in the site, for this audience."""
        file = self.files.get_file_from_path(path)
        if file is None and belongs_to_site(self.ws, path) and (self.ws.docs_dir / path).is_file():
            with self.lock:
                file = self._take_file(path)
        if file is None or file.is_documentation_page() or not file.inclusion.is_included() or file.abs_src_path is None:
            return None
        source, path = Path(file.abs_src_path), file.src_uri
        if file.src_dir == self.config.docs_dir and not (belongs_to_site(self.ws, path) and not self._scope.file_hidden(path)):
            return None
        return source if source.is_file() else None

    def made_by_plugin(self, path: str) -> bytes | None:
        """What a plugin put at a path in the site without a file behind it."""
        file = self.files.get_file_from_path(path)
        if file is None or file._content is None or file.is_documentation_page() or not file.inclusion.is_included():
            return None
        return bytes(file.content_bytes)

    def other_files(self) -> Iterator[str]:
        """The paths in the site of all files that are no pages."""
        for file in list(self.files):
            if not file.is_documentation_page() and file.inclusion.is_included():
                yield file.src_uri

    # --- rendering

    def render(self, page_path: str) -> Drawn:
        """Render a page. A page that cannot be rendered says why in its place: one page never stops the site."""
        with self.lock:
            file = self._pages[page_path]
            page = file.page
            try:
                self._populate(page)
                html = self._draw(page)
            except Exception as error:  # plugins and extensions are foreign code
                log.warning("The page %s cannot be rendered: %s", page_path, error, exc_info=True)
                page.content, page.toc, page.meta = _failure(error, page.markdown or ""), [], {}
                html = self._draw(page)
            finally:
                included = tuple(self._loaded.plugin.included)
                _reset(page)
            return Drawn(html=html.encode("utf-8", errors="xmlcharrefreplace"), included=included)

    def render_not_found(self, base_url: str = "/") -> bytes:
        """The page for addresses that lead nowhere; `base_url` is where the site is on its host, for it is shown at any depth."""
        return self._render_alone(_NOT_FOUND, base_url, {})

    def folder(self, path: str) -> list[tuple[str, str]]:
        """(page path, URL relative to the site) of the pages below a folder such as `a/b/`, by path; [] where there is no such folder."""
        return sorted((page, self.url(page)) for page in self._pages if page.startswith(path)) if path else []

    def render_folder(self, path: str, pages: Sequence[tuple[str, str]]) -> bytes:
        """The list that stands in for a folder's missing start page; `pages` are (title, URL relative to the site)."""
        name = path.rstrip("/").rsplit("/", 1)[-1].replace("-", " ").replace("_", " ")
        return self._render_alone(_FOLDER, "/", {"folder": {"name": name[:1].upper() + name[1:], "path": path, "pages": pages}})

    def _render_alone(self, name: str, base_url: str, more: dict[str, Any]) -> bytes:
        """A template that belongs to no page."""
        with self.lock:
            config, plugins = self.config, self.config.plugins
            template = plugins.on_pre_template(self._env.get_template(name), template_name=name, config=config)
            context = get_context(self._nav, self._doc_files, config, base_url=base_url)
            context = plugins.on_template_context(context, template_name=name, config=config)
            html: str = plugins.on_post_template(template.render({**context, **more}), template_name=name, config=config)
            return html.encode("utf-8", errors="xmlcharrefreplace")

    def _populate(self, page: Any) -> None:
        config = self.config
        config._current_page = page
        try:
            page = config.plugins.on_pre_page(page, config=config, files=self.files)
            if config.plugins.events["page_read_source"] or page.file.generated_by is not None:
                page.read_source(config)
            else:
                page.markdown, page.meta = "", {}  # our plugin reads the page
            page.markdown = config.plugins.on_page_markdown(page.markdown, page=page, config=config, files=self.files)
            page.render(config, self.files)
            page.content = config.plugins.on_page_content(page.content, page=page, config=config, files=self.files)
        finally:
            config._current_page = None

    def _draw(self, page: Any) -> str:
        config = self.config
        config._current_page = page
        page.active = True
        try:
            context = get_context(self._nav, self._doc_files, config, page)
            context = config.plugins.on_page_context(context, page=page, config=config, nav=self._nav)
            output: str = self._env.get_template(self._template_of(page)).render(context)
            return str(config.plugins.on_post_page(output, page=page, config=config))
        finally:
            page.active = False
            config._current_page = None

    def _template_of(self, page: Any) -> str:
        name = page.meta.get("template")
        usable = isinstance(name, str) and name.endswith(".html") and "/" not in name and name not in (_NOT_FOUND, _FOLDER)
        return name if usable and any((Path(folder) / name).is_file() for folder in self.config.theme.dirs) else "main.html"

    # --- changing

    def update(self, changed: Changed) -> None:
        """Take over what a refresh of the catalogue found."""
        with self.lock:
            hidden = self._scope.hidden
            pages = self.catalogue.pages
            touched = (*changed.added, *changed.removed, *changed.relabelled)
            come = [p for p in dict.fromkeys(touched) if p in pages and p not in hidden and p not in self._pages]
            gone = [p for p in dict.fromkeys(touched) if (p not in pages or p in hidden) and p in self._pages]
            renamed = [p for p in changed.retitled if p in self._pages]
            if not (come or gone or renamed or changed.relabelled):
                return
            self.generation += 1
            if (come or gone) and self._foreign_structure():
                self._build()
                return
            for path in renamed:
                self._loaded.plugin.retitle(self._pages[path].page)
            if come or gone:
                self._restructure(come, gone)
            self._loaded.plugin.nav.forget()

    def _restructure(self, come: list[str], gone: list[str]) -> None:
        anew = False
        for path in gone:
            file = self._pages.pop(path)
            self._by_dest.pop(file.dest_uri, None)
            self._dests.discard(file.dest_uri)
            self.files.remove(file)
            anew = not (self._folder_nav and self._folder_nav.remove(file.page)) or anew
        added: list[Any] = []
        for path in come:
            file = self._new_file(path)
            set_exclusions([file], self.config)
            self.files.append(file)
            if not file.inclusion.is_included():
                continue
            added.append(file)
            page = MkDocsPage(None, file, self.config)
            self._loaded.plugin.set_title(page)
            in_nav = file.inclusion.is_in_nav()
            if anew or (in_nav and not (self._folder_nav and self._folder_nav.add(page))):
                anew = True
        if anew:
            self._navigate()
        for file in added:
            self._pages[file.src_uri] = self._by_dest[file.dest_uri] = file
            self._dests.add(file.dest_uri)
        self._doc_files = list(self._pages.values())

    def _foreign_structure(self) -> bool:
        own = self._loaded.plugin
        events = self.config.plugins.events
        return any(getattr(m, "__self__", None) is not own for name in _STRUCTURE_EVENTS for m in events[name])

    # --- building

    def _build(self) -> None:
        """Load mkdocs.yml and make files and navigation; a plugin that fails at this is left out and all begins again."""
        while True:
            self._loaded: SiteConfig = load_site_config(self.ws, site_dir=self._site_dir, without=self._without)
            self._loaded.plugin.bind(self._scope)
            try:
                self._prepare()
            except Exception as error:
                name = self.config.plugins._current_plugin
                if not name or name in ("knowhow", "<unknown>") or name in self._without:
                    if isinstance(error, PluginError):
                        raise WorkspaceError(f"mkdocs.yml cannot be used: {error}", hint="Run `mkdocs build`.") from error
                    raise
                log.warning("The plugin %s failed and is left out", name, exc_info=True)
                self._notes.append(f"The plugin {name} is left out: {error}")
                self._without |= {name}
            else:
                return

    def _prepare(self) -> None:
        plugins = self.config.plugins
        plugins.on_startup(command="build", dirty=False)
        self._loaded = SiteConfig(config=plugins.on_config(self.config), plugin=self._loaded.plugin, notes=self._loaded.notes)
        config = self.config
        plugins.on_pre_build(config=config)
        self._env = config.theme.get_env()
        hidden = self._scope.hidden
        paths = [path for path in sorted(self.catalogue.pages) if path not in hidden]
        files = Files([*map(self._new_file, paths), *map(self._new_file, workspace_files(self.ws))])
        for path, folder in theme_files(config.theme.dirs):
            if files.get_file_from_path(path) is None:
                files.append(File(path, folder, config.site_dir, config.use_directory_urls))
        set_exclusions(files, config)
        self.files = plugins.on_files(files, config=config)
        set_exclusions(self.files, config)
        self._navigate()
        self._env = plugins.on_env(self._env, config=config, files=self.files)
        self._doc_files = list(self.files.documentation_pages())
        self._pages = {file.src_uri: file for file in self._doc_files}
        self._by_dest = {file.dest_uri: file for file in self._doc_files}
        self._dests = Names(self._by_dest)

    def _navigate(self) -> None:
        config = self.config
        for file in self.files.documentation_pages():
            if file.page is not None:
                file.page.parent = file.page.previous_page = file.page.next_page = None
        nav = get_navigation(self.files, config)
        self._nav = config.plugins.on_nav(nav, config=config, files=self.files)
        self._folder_nav = FolderNav(self._nav) if config.nav is None and not self._foreign_structure() else None

    def _new_file(self, path: str) -> Any:
        return File(path, self.config.docs_dir, self.config.site_dir, self.config.use_directory_urls)

    def _take_file(self, path: str) -> Any:
        """A file of docs_dir that came after the edition was made: pages that link to it are rendered anew."""
        file = self.files.get_file_from_path(path)
        if file is None:
            file = self._new_file(path)
            set_exclusions([file], self.config)
            self.files.append(file)
            self.generation += 1
        return file


def _reset(page: Any) -> None:
    """Forget what rendering left on the page: memory, and nothing of it may show on the next page."""
    page.markdown = page.content = page.links_to_anchors = page.present_anchor_ids = page._title_from_render = None
    page.toc, page.meta = [], {}
    page.__dict__.pop("_kh", None)


def _failure(error: Exception, text: str) -> str:
    reason = escape(str(error).strip().split("\n")[0] or type(error).__name__)
    note = f'<div class="kh-problem"><p>This page cannot be shown: {reason}</p></div>'
    return f'{note}<pre class="kh-plain">{escape(text)}</pre>' if text else note
