"""How the site looks to MkDocs: Material with our templates over it, and nothing fetched from another host."""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wiki.errors import WorkspaceError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["PAGE_POLICY", "lay_over", "own_theme", "site_folder"]

# What every page says of itself: our scripts are files, so that a script in a page's text never runs, from wherever it is served.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; "
    "media-src 'self' https:; font-src 'self' data:; frame-src 'self' https:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)

_FEATURES = ("navigation.path", "content.code.copy", "content.tooltips")
_KEPT_FEATURES = ("content.",)  # what a workspace may choose: how content behaves, not where things are
_DROPPED_EXTRA = ("analytics", "consent", "version", "alternate", "homepage", "polyfills", "scope", "social")
_PALETTE = [
    {
        "media": f"(prefers-color-scheme: {media})",
        "scheme": scheme,
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": icon, "name": name},
    }
    for media, scheme, icon, name in (
        ("light", "default", "material/weather-night", "Switch to dark"),
        ("dark", "slate", "material/weather-sunny", "Switch to light"),
    )
]


@cache
def site_folder() -> Path:
    """Where our templates, styles and scripts are: in the package when installed, else beside it in the repository."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "_site", here.parent / "site"):
        if (folder / "main.html").is_file():
            return folder
    raise WorkspaceError("Knowhow's site templates are missing.", hint="Install Knowhow again.")


def own_theme(given: object, notes: list[str]) -> dict[str, Any]:
    """The `theme` setting to give MkDocs: ours, with what a workspace may choose of its own."""
    theme: dict[str, Any] = given if isinstance(given, dict) else {"name": given}
    if theme.get("custom_dir"):
        notes.append("theme.custom_dir is left out: templates from the workspace are not run.")
    name = theme.get("name")
    if name not in (None, "material"):
        notes.append(f"The theme {name} is replaced by Knowhow's.")
        theme = {"language": theme.get("locale")}
    kept = {key: theme[key] for key in ("logo", "favicon") if _local(theme.get(key))}
    features = [f for f in theme.get("features") or () if isinstance(f, str) and f.startswith(_KEPT_FEATURES)]
    return (
        {"favicon": "assets/images/favicon.svg"}
        | kept
        | {
            "name": "material",
            "custom_dir": str(site_folder()),
            "language": _language(theme.get("language"), notes),
            "direction": theme.get("direction") if theme.get("direction") in ("ltr", "rtl") else None,
            "features": [
                *_FEATURES,
                *(f for f in features if f not in (*_FEATURES, "content.action.edit", "content.action.view")),
            ],
            "icon": _icons(theme.get("icon"), notes),
            "font": False,
            "palette": _PALETTE,
        }
    )


def lay_over(config: MkDocsConfig) -> None:
    """Make a validated configuration ours: the plugin calls this, so that plain `mkdocs build` gives the same pages.

    Does nothing to the looks where the workspace is built with a theme other than Material.
    """
    for key in ("repo_url", "repo_name", "edit_uri", "edit_uri_template"):
        config[key] = None
    for key in _DROPPED_EXTRA:
        config.extra.pop(key, None)
    config.extra["generator"] = False
    config.extra_css = [path for path in config.extra_css if _local(str(path))]
    config.extra_javascript = [script for script in config.extra_javascript if _local(str(script))]
    if config.theme.name != "material":
        return
    folder = str(site_folder())
    if folder not in config.theme.dirs:
        given = {key: config.theme.get(key) for key in ("logo", "favicon", "language", "direction", "features", "icon")}
        if given["favicon"] == "assets/images/favicon.png":  # Material's default
            del given["favicon"]
        if config.theme.custom_dir in config.theme.dirs:
            config.theme.dirs.remove(config.theme.custom_dir)
        config.theme.dirs.insert(0, folder)
        for key, value in own_theme({"name": "material", **given}, []).items():
            if key not in ("name", "custom_dir"):
                config.theme[key] = value


def _local(value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    parts = urlsplit(value)
    return not parts.scheme and not parts.netloc


def _material() -> Path:
    import material

    return Path(next(iter(material.__path__))) / "templates"


def _language(value: object, notes: list[str]) -> str:
    if isinstance(value, str) and value.replace("-", "").isalpha():
        for name in (value, value.split("-")[0], value.split("_")[0]):
            if (_material() / "partials" / "languages" / f"{name}.html").is_file():
                return name
        notes.append(f"The language {value} is not known to the theme; the site's own words are in English.")
    return "en"


def _icons(given: object, notes: list[str]) -> dict[str, Any]:
    """The icons that Material has; one that is missing would break every page."""
    if not isinstance(given, dict):
        return {}
    folder = _material() / ".icons"

    def known(icon: object) -> bool:
        found = isinstance(icon, str) and not icon.startswith(("/", ".")) and posixpath.normpath(icon) == icon
        if found and (folder / f"{icon}.svg").is_file():
            return True
        notes.append(f"The icon {icon} is left out: Material does not have it.")
        return False

    kept: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, dict):
            kept[key] = {name: icon for name, icon in value.items() if known(icon)}
        elif value and known(value):
            kept[key] = value
    return kept
