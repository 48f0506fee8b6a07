"""How one workspace's Markdown is read: its `markdown_extensions`, made safe to use on any page at any time.

The same file is read in the same way as for the live site, so that what is searched, linked and cited has the anchors of the
rendered page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from wiki.markup.github import extensions_of
from wiki.markup.headings import SectionRules
from wiki.workspace.loader import load_mkdocs_yml

__all__ = ["read_section_rules"]

_SNIPPETS, _GUARDED = "pymdownx.snippets", "wiki.site.guarded_snippets"
_INCLUDE = "markdown_include.include"  # the site leaves it out, too


def read_section_rules(mkdocs_yml: Path, docs_dir: Path) -> SectionRules:
    """The rules of the workspace with this file. An extension that is not installed is left out.

    Raises WorkspaceError where the file cannot be read as YAML.
    """
    raw = load_mkdocs_yml(mkdocs_yml, None, [])
    return SectionRules.from_config(list(_guarded(extensions_of(raw), mkdocs_yml.parent, docs_dir)))


def _guarded(items: object, root: Path, docs_dir: Path) -> Iterator[object]:
    """The items with inclusion kept inside the workspace, and off the network."""
    for item in items if isinstance(items, list) else [items]:
        for name, options in item.items() if isinstance(item, Mapping) else [(item, None)]:
            if name == _SNIPPETS:
                yield {_GUARDED: _snippet_options(options, root, docs_dir)}
            elif name != _INCLUDE:
                yield {name: options} if isinstance(options, Mapping) else name


def _snippet_options(options: object, root: Path, docs_dir: Path) -> dict[str, Any]:
    given = dict(options) if isinstance(options, Mapping) else {}
    bases = given.get("base_path", ["."])
    bases = [bases] if isinstance(bases, str) else list(bases or ())
    return given | {
        "base_path": [
            str(root / str(base).replace("$config_dir", str(root), 1).replace("$docs_dir", str(docs_dir), 1)) for base in bases
        ],
        "url_download": False,
        "restrict_base_path": True,
        "check_paths": False,
        "allow": partial(_inside, os.path.realpath(root)),
    }


def _inside(root: str, path: str) -> bool:
    real = Path(os.path.realpath(path))
    return real.is_file() and real.is_relative_to(root) and not any(p.startswith(".") for p in real.relative_to(root).parts)
