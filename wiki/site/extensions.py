"""The Markdown extensions that the site renders with: what `mkdocs.yml` names, made safe, and what it leaves open.

Done by our plugin, so that plain `mkdocs build` gives the same pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wiki.markup.github import extensions_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["add_default_extensions", "guard_snippets"]

_SNIPPETS, _INCLUDE, _GUARDED = "pymdownx.snippets", "markdown_include.include", "wiki.site.guarded_snippets"


def add_default_extensions(config: MkDocsConfig) -> None:
    """Where mkdocs.yml says nothing of extensions, read pages as GitHub shows them."""
    if any(given.get("markdown_extensions") is not None for given in config.user_configs):
        return
    for item in extensions_of({}):
        for name, options in item.items() if isinstance(item, dict) else [(item, {})]:
            if name not in config.markdown_extensions:
                config.markdown_extensions.append(name)
                if options:
                    config.mdx_configs[name] = options


def guard_snippets(config: MkDocsConfig, allow: Callable[[str], bool]) -> None:
    """Let pages include only files that `allow` says yes to, by their absolute path, and nothing from elsewhere."""
    names = {_SNIPPETS, _INCLUDE} & set(config.markdown_extensions)
    if not names:
        return
    root = Path(config.config_file_path).parent
    options = dict(config.mdx_configs.pop(_SNIPPETS, {}) or {})
    bases = options.get("base_path", ["."])
    bases = [bases] if isinstance(bases, str | os.PathLike) else list(bases)
    options["base_path"] = [os.fspath(b) if isinstance(b, os.PathLike) else str(root / str(b)) for b in bases]
    options |= {"url_download": False, "restrict_base_path": True, "check_paths": False, "allow": allow}
    config.markdown_extensions = [
        _GUARDED if name == _SNIPPETS else name for name in config.markdown_extensions if name != _INCLUDE
    ]
    config.mdx_configs[_GUARDED] = options
