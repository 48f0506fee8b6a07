"""A workspace's `mkdocs.yml` as MkDocs reads it, made fit for the live site and the static export.

The file may come from anywhere: another theme, plugins that are not installed, hooks, Python tags. What cannot be used, would
run code out of the workspace or would fetch from another host is left out, each with a sentence in `SiteConfig.notes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wiki.errors import WorkspaceError
from wiki.markup.github import extensions_of
from wiki.site.theme import own_theme
from wiki.workspace.loader import load_mkdocs_yml
from wiki.workspace.workspace import Workspace

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from wiki.site.mkdocs_plugin import KnowhowPlugin

__all__ = ["SiteConfig", "load_site_config"]

# Left out without trying: what replaces them, or why they cannot work here.
_SKIPPED_PLUGINS = {
    "search": "",  # our own search takes its place
    "privacy": "nothing is fetched from other hosts, so there is nothing to download",
    "offline": "use `knowhow publish` for a site without a server",
    "optimize": "it needs the whole site at once",
    "projects": "it builds other sites",
    "info": "it is made for reporting faults of Material",
    "social": "it fetches fonts from another host",
    "group": "list the plugins themselves",
}
_DROPPED_KEYS = (
    *("repo_url", "repo_name", "edit_uri", "edit_uri_template", "strict", "remote_branch", "remote_name"),
    *("dev_addr", "watch", "google_analytics", "pages"),
)
_NEEDED = ("docs_dir", "site_dir", "site_name", "theme", "plugins", "markdown_extensions", "validation")
_QUIET = "ignore"  # wiki.pages.links finds broken links; MkDocs' own guessing costs time on every page


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """A validated configuration, the `knowhow` plugin in it, and what was left out of the file, one sentence each."""

    config: MkDocsConfig
    plugin: KnowhowPlugin
    notes: tuple[str, ...]


def load_site_config(ws: Workspace, *, site_dir: Path | None = None, without: frozenset[str] = frozenset()) -> SiteConfig:
    """Load `mkdocs.yml` and lay over it what the site needs; `without` names plugins to leave out.

    A setting that MkDocs refuses falls back to its default. Raises WorkspaceError where there is no site without it.
    """
    from mkdocs.config.defaults import MkDocsConfig

    from wiki.site.mkdocs_plugin import KnowhowPlugin

    refused: dict[str, str] = {}
    while True:
        # Validation changes what it is given, so each try starts from the file.
        notes = [f"{key} in mkdocs.yml is left out: {why}" for key, why in refused.items()]
        config = MkDocsConfig(config_file_path=str(ws.mkdocs_yml))
        raw = load_mkdocs_yml(ws.mkdocs_yml, config, notes)
        for key in refused:
            raw.pop(key, None)
        options = _made_fit(raw, ws, site_dir or ws.site_dir, notes, without)
        config.load_dict(raw)
        errors, _ = config.validate()
        if not errors:
            break
        key, error = errors[0]
        if key in refused or key in _NEEDED:
            raise WorkspaceError(f"mkdocs.yml cannot be used: {key}: {error}", hint="Run `mkdocs build` to see the same.")
        refused[key] = _first_line(error)

    plugin = KnowhowPlugin()
    errors, _ = plugin.load_config(options, str(ws.mkdocs_yml))
    if errors:
        notes.append(f"The options of the plugin knowhow are left out: {errors[0][1]}")
        plugin.load_config({}, str(ws.mkdocs_yml))
    config.plugins["knowhow"] = plugin
    return SiteConfig(config=config, plugin=plugin, notes=tuple(notes))


def _made_fit(raw: dict[str, Any], ws: Workspace, site_dir: Path, notes: list[str], without: frozenset[str]) -> dict[str, Any]:
    """Change the file's settings to ours in place; the options of our own plugin, which is added apart, are returned."""
    for key in _DROPPED_KEYS:
        raw.pop(key, None)
    for key, why in (("hooks", "code from the workspace is not run"), ("extra_templates", "templates in pages are not run")):
        if raw.pop(key, None):
            notes.append(f"{key} in mkdocs.yml is left out: {why}.")
    options = _usable_plugins(raw, ws, notes, without)
    _usable_extensions(raw, notes)
    raw["theme"] = own_theme(raw.get("theme"), notes)
    raw["site_name"] = str(raw.get("site_name") or ws.site_name)
    raw["docs_dir"] = str(ws.docs_dir)
    raw["site_dir"] = str(site_dir)
    raw["validation"] = _quiet_validation(raw.get("validation"))
    return options


def _named(items: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, options) from MkDocs' shapes: a list of names and one-key mappings, or a mapping. Copies, for MkDocs pops items."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(items, dict):
        pairs = list(items.items())
    elif isinstance(items, list):
        for item in items:
            pairs.extend(item.items() if isinstance(item, dict) else [(item, {})])
    for name, options in pairs:
        if isinstance(name, str):
            yield name, dict(options) if isinstance(options, dict) else {}


def _usable_plugins(raw: dict[str, Any], ws: Workspace, notes: list[str], without: frozenset[str]) -> dict[str, Any]:
    """Keep in `raw` the plugins that load; the options of our own, which is added apart, are returned."""
    from mkdocs.config.base import ValidationError
    from mkdocs.config.config_options import Plugins
    from mkdocs.config.defaults import MkDocsConfig

    own: dict[str, Any] = {}
    kept: list[dict[str, Any]] = []
    probe_config = MkDocsConfig(config_file_path=str(ws.mkdocs_yml))
    probe_config["theme"] = {"name": "material"}
    for name, options in _named(raw.get("plugins")):
        short = name.removeprefix("/").removeprefix("material/")
        if short == "knowhow":
            own = options
        elif short in _SKIPPED_PLUGINS:
            if why := _SKIPPED_PLUGINS[short]:
                notes.append(f"The plugin {short} is left out: {why}.")
        elif name not in without and f"material/{name}" not in without:
            probe = Plugins(theme_key="theme")
            probe._config = probe_config
            try:
                probe.run_validation([{name: dict(options)}])
            except (ValidationError, ImportError) as error:
                notes.append(f"The plugin {name} is left out: {_first_line(error)}")
            else:
                kept.append({name: options})
    raw["plugins"] = kept
    return own


def _usable_extensions(raw: dict[str, Any], notes: list[str]) -> None:
    import markdown

    kept: list[str | dict[str, Any]] = []
    for name, options in _named(extensions_of(raw)):
        try:
            markdown.Markdown().registerExtensions((name,), {name: options} if options else {})
        except Exception as error:  # an extension is foreign code: whatever it raises, the site goes on without it
            notes.append(f"The Markdown extension {name} is left out: {_first_line(error)}")
        else:
            kept.append({name: options} if options else name)
    raw["markdown_extensions"] = kept


def _quiet_validation(value: object) -> dict[str, Any]:
    """MkDocs' link messages switched off; `relative_to_docs`, which changes how links are written, is kept."""
    given = value if isinstance(value, dict) else {}
    links: dict[str, Any] = dict.fromkeys(("not_found", "absolute_links", "unrecognized_links", "anchors"), _QUIET)
    nav: dict[str, Any] = dict.fromkeys(("omitted_files", "not_found", "absolute_links"), _QUIET)
    for name, part in (("links", links), ("nav", nav)):
        own = given.get(name) if isinstance(given.get(name), dict) else {}
        if "relative_to_docs" in (given.get("absolute_links"), own.get("absolute_links") if own else None):
            part["absolute_links"] = "relative_to_docs"
    return {"links": links, "nav": nav}


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
