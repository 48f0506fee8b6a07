"""The mkdocs.yml that an adopted folder without one gets: every Markdown file in it becomes a page where it lies."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

__all__ = ["first_mkdocs_yml"]

_TEMPLATE = """\
# Written by `knowhow adopt`. Change what you like: `mkdocs build` works on this folder too.
site_name: {site_name}
docs_dir: {docs_dir}
site_dir: .knowhow/site
{exclude_docs}
theme:
  name: material
  language: en
  font: false
  features:
    - navigation.indexes
    - navigation.prune
    - navigation.top
    - toc.follow

# Brings search, so MkDocs' own `search` is not listed.
plugins:
  - knowhow

# Pages are read as GitHub shows them; boxes, attributes, definitions and abbreviations as in MkDocs.
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - sane_lists
  - tables
  - toc:
      permalink: true
  - pymdownx.details
  - pymdownx.magiclink
  - pymdownx.superfences
  - pymdownx.tasklist:
      custom_checkbox: true
  - pymdownx.tilde:
      subscript: false
  - wiki.markup.github
"""


def first_mkdocs_yml(name: str, files: Sequence[str]) -> str:
    """The text of mkdocs.yml for a folder called `name` that holds these Markdown files (`/`-separated, relative to it).

    docs_dir is the one sub-folder that holds them all, else the folder itself.
    """
    tops = {file.split("/", 1)[0] for file in files}
    only = tops.pop() if len(tops) == 1 and all("/" in file for file in files) else "."
    docs_dir = only if not only.startswith(".") else "."
    prefix = "" if docs_dir == "." else docs_dir + "/"
    lines = ["/mkdocs.yml", "/roles.yml", "/knowhow.toml", "node_modules/"] if docs_dir == "." else []
    lines += _kept(sorted(file.removeprefix(prefix) for file in files))
    exclude = ""
    if lines:
        exclude = "\n# MkDocs leaves out names with a leading dot and /templates/; what follows ! brings their Markdown in.\nexclude_docs: |\n"
        exclude += "".join(f"  {line}\n" for line in lines)
    site_name = " ".join(re.split(r"[-_\s]+", name)).strip() or "Handbook"
    return _TEMPLATE.format(
        site_name=json.dumps(site_name[:1].upper() + site_name[1:], ensure_ascii=False),
        docs_dir=json.dumps(docs_dir, ensure_ascii=False),
        exclude_docs=exclude,
    )


def _kept(files: Sequence[str]) -> list[str]:
    """Patterns that bring back the Markdown that MkDocs excludes by itself, and nothing else that lies beside it."""
    patterns: dict[str, None] = {}
    for file in files:
        parts = file.split("/")
        suffix = "." + file.rpartition(".")[2]
        hidden = next((number for number, part in enumerate(parts) if part.startswith(".")), None)
        if parts[0] == "templates" and len(parts) > 1:
            hidden = 0
        if hidden is None:
            continue
        if hidden == len(parts) - 1:
            patterns["!/" + "/".join(map(_escaped, parts))] = None
        else:
            patterns["!/" + "/".join(map(_escaped, parts[: hidden + 1])) + f"/**/*{suffix}"] = None
    return list(patterns)


def _escaped(name: str) -> str:
    return re.sub(r"([\\*?\[\] ])", r"\\\1", name)
