"""Reading `mkdocs.yml` with MkDocs' own tags, without running code that the file names.

MkDocs loads its file with PyYAML's unsafe loader: a tag in it can call anything. A workspace may be a clone of somebody's
repository, so here a Python tag gives only what Markdown extensions are usually set up with.
"""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from wiki.workspace.mkdocs_yml import load_yaml

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["load_mkdocs_yml"]

_NAMED = ("material.extensions.", "materialx.", "pymdownx.")  # `!!python/name:` may name a function in these
_CALLED = ("pymdownx.slugs.", "pymdownx.arithmatex.")  # `!!python/object/apply:` may call one in these


def load_mkdocs_yml(path: Path, config: MkDocsConfig | None, notes: list[str]) -> dict[str, Any]:
    """The file as plain data, merged over what it inherits; what was left out is added to `notes`.

    `!relative` becomes a path that looks into `config`; without one, the text behind it.
    Raises WorkspaceError where it cannot be read, is no YAML or is no mapping.
    """

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!relative", partial(_relative, config))
    Loader.add_constructor("!ENV", partial(_env, notes))
    Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", partial(_name, notes))
    Loader.add_multi_constructor("tag:yaml.org,2002:python/object/apply:", partial(_apply, notes))
    Loader.add_multi_constructor("tag:yaml.org,2002:python/", partial(_left_out, notes))
    Loader.add_multi_constructor("!", partial(_left_out, notes))
    return load_yaml(path, path.parent, Loader, notes)


def _relative(config: MkDocsConfig | None, loader: Any, node: yaml.ScalarNode) -> Any:
    if config is None:
        return loader.construct_scalar(node)
    from mkdocs.utils.yaml import _construct_dir_placeholder

    return _construct_dir_placeholder(config, loader, node)


def _env(notes: list[str], loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    """The default that `!ENV [NAME, default]` gives: the environment holds this server's secrets, and the site is published."""
    if isinstance(node, yaml.SequenceNode) and len(node.value) > 1:
        return loader.construct_object(node.value[-1], deep=True)
    notes.append("!ENV in mkdocs.yml is left out: the server's environment is not read.")
    return None


def _resolve(name: str, allowed: tuple[str, ...]) -> Any:
    if not name.startswith(allowed):
        raise ImportError(name)
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _name(notes: list[str], loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    try:
        return _resolve(suffix, _NAMED)
    except (ImportError, AttributeError):
        return _left_out(notes, loader, f"name:{suffix}", node)


def _apply(notes: list[str], loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    try:
        function = _resolve(suffix, _CALLED)
    except (ImportError, AttributeError):
        return _left_out(notes, loader, f"object/apply:{suffix}", node)
    if isinstance(node, yaml.MappingNode):
        given = loader.construct_mapping(node, deep=True)
        return function(*(given.get("args") or ()), **(given.get("kwds") or {}))
    return function(*(loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else ()))


def _left_out(notes: list[str], _loader: yaml.SafeLoader, suffix: str, _node: yaml.Node) -> None:
    notes.append(f"The tag {suffix} in mkdocs.yml is left out: code that a workspace names is not run.")
