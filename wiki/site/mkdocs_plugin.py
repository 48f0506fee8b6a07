"""The MkDocs plugin `knowhow`: what makes a MkDocs site a Knowhow site, in the live site and in plain `mkdocs build` alike.

It keeps out the pages that the audience may not read, gives pages the titles they have everywhere else, draws the navigation
and hands the templates each page's facts as `kh`. Importing this module lets `docs_dir` be the folder of `mkdocs.yml`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from mkdocs.config import base, config_options
from mkdocs.plugins import BasePlugin, event_priority

from wiki.access import Audience, everyone_audience
from wiki.errors import WikiError, WorkspaceError
from wiki.markup.hard_text import too_hard
from wiki.pages.normal_form import composed
from wiki.pages.page import Page, parse_page
from wiki.site import root_links
from wiki.site.catalogue import Catalogue
from wiki.site.diagrams import add_diagram_fence, has_diagram, with_diagrams
from wiki.site.extensions import add_default_extensions, guard_snippets
from wiki.site.files import belongs_to_site
from wiki.site.handoffs_block import handoffs_html
from wiki.site.links import without_hidden_links
from wiki.site.named_files import NamedFiles
from wiki.site.nav import SiteNav
from wiki.site.page_facts import History, NoHistory, PageFacts, page_facts
from wiki.site.shown_files import ShownFiles
from wiki.site.source import MAX_RENDERED_CHARS, meta_of, readable_source
from wiki.site.theme import PAGE_POLICY, lay_over
from wiki.workspace.workspace import Workspace

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation

__all__ = ["KnowhowPlugin", "SiteScope", "Template"]

_AUDIENCES = {"everything": everyone_audience(), "team": Audience(team=True), "public": Audience()}


@dataclass(kw_only=True)
class SiteScope:
    """The workspace that a site is made of and for whom. `today` decides what is overdue."""

    ws: Workspace
    history: History
    catalogue: Catalogue
    audience: Audience
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def __post_init__(self) -> None:
        self._shown = ShownFiles(self.ws, self.catalogue)
        self.looks: frozenset[str] = frozenset()  # files that the configuration names: logo, icon, styles, scripts

    @property
    def hidden(self) -> frozenset[str]:
        return self.catalogue.hidden(self.audience)

    def file_hidden(self, path: str) -> bool:
        """Whether a file of docs_dir that is no page is kept from the audience."""
        return self._shown.hidden(path, self.audience, self.looks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What templates get as `kh`: the facts of the page (None on the page for unknown addresses) and the navigation's items.

    `heading` is the page's title as HTML, `body` what follows it, so that the facts can stand between them. `diagrams` says that
    the page has some to draw.
    """

    facts: PageFacts | None
    nav: str
    heading: str = ""
    body: str = ""
    diagrams: bool = False
    policy: str = PAGE_POLICY


@dataclass(slots=True)
class _PageState:
    """What is kept on MkDocs' page object between its events: plain `mkdocs build` reads all pages before it draws one."""

    source: Page | None = None
    facts: PageFacts | None = None
    handoffs: str = ""
    plain: str = ""


class KnowhowOptions(base.Config):  # type: ignore[no-untyped-call]
    """`audience`: whose site plain `mkdocs build` makes; the live site and `knowhow publish` say it themselves."""

    audience = config_options.Choice(tuple(_AUDIENCES), default="team")


class KnowhowPlugin(BasePlugin[KnowhowOptions]):  # type: ignore[no-untyped-call]
    """One per site. `bind` gives it its scope; without, it opens the workspace around `mkdocs.yml`."""

    scope: SiteScope
    nav: SiteNav
    _files: Files
    _page_path = ""  # the page being rendered

    def __init__(self) -> None:
        self._bound = False
        self._reads_alone = True  # in `mkdocs build`, MkDocs reads each page too, and stops at what it cannot read
        self.included: list[str] = []  # files that the page being rendered includes, absolute

    def bind(self, scope: SiteScope) -> None:
        self.scope, self._bound = scope, True

    @event_priority(-100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if not self._bound:
            ws = Workspace.open(Path(config.config_file_path).parent)
            audience = _AUDIENCES[self.config.audience]
            self.bind(SiteScope(ws=ws, history=_history_of(ws), catalogue=Catalogue(ws), audience=audience))
            self._reads_alone = False
            add_default_extensions(config)
        lay_over(config)
        looks = (config.theme.get("logo"), config.theme.get("favicon"), *config.extra_css, *config.extra_javascript)
        self.scope.looks = frozenset(os.path.normpath(str(path)) for path in looks if path)
        guard_snippets(config, self._may_include)
        add_diagram_fence(config)
        config.markdown_extensions.append(root_links.NAME)
        config.mdx_configs[root_links.NAME] = {"resolve": self._from_root}
        return config

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        scope, hidden = self.scope, self.scope.hidden
        pages = scope.catalogue.pages
        return NamedFiles(
            file
            for file in files
            if not _of_workspace(file, config)
            or (
                file.src_uri in pages and file.src_uri not in hidden
                if file.is_documentation_page()
                else belongs_to_site(scope.ws, file.src_uri) and not scope.file_hidden(file.src_uri)
            )
        )

    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        hidden = self.scope.hidden
        if hidden and config.nav is not None:
            nav.items = _without_hidden(nav.items, hidden)
        for file in files.documentation_pages():
            if file.page is not None:
                self.set_title(file.page)
        self.nav, self._files = SiteNav(nav), files
        return nav

    def set_title(self, page: Any) -> None:
        """Give a page its title from the workspace, as safe HTML; one that the `nav` setting gives stays."""
        given = page.__dict__.get("title")
        if isinstance(given, str) and not isinstance(given, Markup):
            page.__dict__["_kh_titled"] = True
        else:
            given = self._title_of(page.file) or given
        if given is not None:
            page.title = escape(given)

    def _title_of(self, file: Any) -> str | None:
        listed = self.scope.catalogue.pages.get(file.src_uri)
        if listed is not None:
            return listed.title
        return parse_page(file.src_uri, file.content_bytes).title if file.generated_by is not None else None

    def retitle(self, page: Any) -> None:
        """Take over a title that changed."""
        if not page.__dict__.get("_kh_titled"):
            self.set_title(page)

    @event_priority(100)
    def on_pre_page(self, page: Any, *, config: MkDocsConfig, **_: Any) -> Any:
        self.included.clear()
        self._page_path = page.file.src_uri
        state = page.__dict__["_kh"] = _PageState()
        if not _of_workspace(page.file, config):
            return page
        path = page.file.src_uri
        try:
            state.source = self.scope.ws.read_page(path)
        except WikiError as error:
            state.facts = PageFacts(path=path, problems=(error.message,))
            if not self._reads_alone:
                page.file.content_string = ""
            return page
        state.facts = page_facts(self.scope.ws, self.scope.history, state.source, self.scope.today())
        state.handoffs = handoffs_html(state.source, self.scope.ws.roles)
        if not self._reads_alone and state.source.problems and not _is_utf8(state.source.text):
            page.file.content_string = readable_source(state.source.text)
        return page

    @event_priority(100)
    def on_page_markdown(self, markdown: str, *, page: Any, config: MkDocsConfig, **_: Any) -> str:
        state = page.__dict__.get("_kh") or _PageState()
        source, state.source = state.source, None
        if source is None or config.plugins.events["page_read_source"]:
            return markdown
        page.meta = meta_of(source)
        body = readable_source(source.body).lstrip("\n")
        if len(body) > MAX_RENDERED_CHARS or too_hard(body):
            state.plain, body = body, ""
        return body

    @event_priority(-100)
    def on_page_content(self, html: str, *, page: Any, **_: Any) -> str:
        state = page.__dict__.get("_kh") or _PageState()
        if state.plain:
            why = "is too long" if len(state.plain) > MAX_RENDERED_CHARS else "opens too many brackets"
            html = f'<p>This page {why} to be laid out.</p><pre class="kh-plain">{escape(state.plain)}</pre>'
            state.plain = ""
        hidden = self.scope.hidden
        if hidden:
            html = without_hidden_links(html, page.file.src_uri, page.url, hidden)
        return with_diagrams(html)

    @event_priority(-100)
    def on_page_context(self, context: Any, *, page: Any, **_: Any) -> Any:
        state = page.__dict__.get("_kh") or _PageState()
        heading, body = _split_heading(page.content or "", page.title)
        body += state.handoffs
        nav = self.nav.html(page, context["base_url"])
        context["kh"] = Template(facts=state.facts, nav=nav, heading=heading, body=body, diagrams=has_diagram(body))
        return context

    def on_template_context(self, context: Any, **_: Any) -> Any:
        context["kh"] = Template(facts=None, nav=self.nav.html(None, context["base_url"]))
        return context

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        from wiki.site.static_search import write_search_index

        hidden = self.scope.hidden
        pages = ((f.src_uri, f.page.url) for f in self._files.documentation_pages() if f.page and f.src_uri not in hidden)
        write_search_index(self.scope.ws, pages, Path(config.site_dir) / "search" / "search_index.json")

    def _from_root(self, target: str) -> str | None:
        def known(path: str) -> bool:
            file: Any = self._files.get_file_from_path(path)
            return path in self.scope.hidden or (file is not None and bool(file.inclusion.is_included()))

        return root_links.relative_link(target, self._page_path, self.scope.ws.docs_folder, known)

    def _may_include(self, path: str) -> bool:
        """No pages that the audience may not read, nor settings, nor anything from elsewhere."""
        ws = self.scope.ws
        real = Path(os.path.realpath(path))
        root = Path(os.path.realpath(ws.root))
        docs = Path(os.path.realpath(ws.docs_dir))
        if not real.is_file() or not real.is_relative_to(root):
            return False
        if any(part.startswith(".") for part in real.relative_to(root).parts) or real.suffix == ".toml":
            return False
        self.included.append(str(real))
        return not real.is_relative_to(docs) or real.relative_to(docs).as_posix() not in self.scope.hidden


def _history_of(ws: Workspace) -> History:
    from wiki.git.repository import Repository

    try:
        return Repository(ws.root)
    except WorkspaceError:
        return NoHistory()


def _of_workspace(file: Any, config: MkDocsConfig) -> bool:
    """Whether a file comes from docs_dir, not from the theme or a plugin."""
    return file.generated_by is None and file.src_dir is not None and _same(file.src_dir, config.docs_dir)


def _split_heading(content: str, title: object) -> tuple[str, str]:
    """The heading that opens the page and the rest; where no level-1 heading is on the page, its title as one."""
    if content.lstrip().startswith("<h1") and (end := content.find("</h1>")) != -1:
        return content[: end + 5], content[end + 5 :]
    return ("" if "<h1" in content else f"<h1>{title}</h1>"), content


def _is_utf8(text: str) -> bool:
    return not any("\udc80" <= char <= "\udcff" for char in text)


def _same(a: str, b: str) -> bool:
    return a == b or os.path.normpath(a) == os.path.normpath(b)


def _without_hidden(items: list[Any], hidden: frozenset[str]) -> list[Any]:
    """The navigation without links to hidden pages (what MkDocs makes of a page it does not find) and emptied sections."""
    kept: list[Any] = []
    names = set(map(composed, hidden))
    for item in items:
        if item.is_section:
            before = bool(item.children)
            item.children = _without_hidden(item.children, hidden)
            if before and not item.children:
                continue
        elif item.is_link and composed(os.path.normpath(str(item.url).lstrip("/"))) in names:
            continue
        kept.append(item)
    return kept


_docs_dir_check = config_options.DocsDir.post_validation


def _docs_dir_may_be_root(self: Any, config: Any, key_name: str) -> None:
    """MkDocs refuses a docs_dir that holds `mkdocs.yml`, comparing strings, for fear of copying the site into itself.

    `on_files` leaves the site out, so here a trailing `/.` makes the strings differ. As in mkdocs-same-dir.
    """
    path = config.config_file_path
    if path and os.path.realpath(Path(path).parent) == os.path.realpath(config[key_name]):
        config[key_name] = os.path.join(config[key_name], ".")  # noqa: PTH118 - Path would drop the dot
    _docs_dir_check(self, config, key_name)


config_options.DocsDir.post_validation = _docs_dir_may_be_root  # type: ignore[method-assign]
