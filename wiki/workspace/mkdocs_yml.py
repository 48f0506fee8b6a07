"""What Knowhow needs of `mkdocs.yml`, read without MkDocs, which takes too long to import for one page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pathspec import GitIgnoreSpec

from wiki.errors import WorkspaceError

__all__ = ["MkDocsYml", "load_yaml", "read_mkdocs_yml"]

_MAX_INHERITED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class MkDocsYml:
    """`docs_dir` and `site_dir` are absolute; `exclude` holds the file's own `exclude_docs`, without MkDocs' defaults."""

    path: Path
    site_name: str
    docs_dir: Path
    site_dir: Path
    language: str
    use_directory_urls: bool
    exclude: GitIgnoreSpec | None


class _LenientLoader(yaml.SafeLoader):
    """Reads what MkDocs' loader reads and takes each tag it does not know (`!!python/name:`, `!ENV`, `!relative`) as plain data."""


def _plain(loader: _LenientLoader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_LenientLoader.add_multi_constructor("!", _plain)
_LenientLoader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)


def read_mkdocs_yml(path: Path) -> MkDocsYml:
    """Read a workspace file, with what it inherits. Raises WorkspaceError where it is no YAML mapping."""
    root = path.parent
    raw = load_yaml(path, root, _LenientLoader, [])
    theme = raw.get("theme")
    language = theme.get("language") if isinstance(theme, dict) else None
    return MkDocsYml(
        path=path,
        site_name=str(raw.get("site_name") or root.name),
        docs_dir=Path(_absolute(root, raw.get("docs_dir"), "docs")),
        site_dir=Path(_absolute(root, raw.get("site_dir"), "site")),
        language=str(language or "en"),
        use_directory_urls=raw.get("use_directory_urls") is not False,
        exclude=_spec(path, raw.get("exclude_docs")),
    )


def load_yaml(path: Path, root: Path, loader: type[yaml.SafeLoader], notes: list[str], *, depth: int = 0) -> dict[str, Any]:
    """The mapping in a file, read by `loader` and merged over what it inherits from inside `root`.

    What it names outside, or in a circle, is left out and added to `notes`. Raises WorkspaceError where the file cannot be read, is no
    YAML or is no mapping.
    """
    try:
        raw = yaml.load(path.read_bytes(), loader)  # derived from SafeLoader: builds no object that the file names
    except (yaml.YAMLError, ValueError) as error:
        raise WorkspaceError(f"{path} is not valid YAML: {error}", hint="Mend it; the message names the line.") from error
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}.", hint="Check its owner and rights.") from error
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise WorkspaceError(f"{path} holds no settings.", hint="It should be a mapping such as `site_name: Handbook`.")
    inherited = raw.pop("INHERIT", None)
    if not isinstance(inherited, str):
        return raw
    parent = Path(os.path.realpath(path.parent / inherited))
    if depth >= _MAX_INHERITED or not parent.is_relative_to(os.path.realpath(root)):
        notes.append(f"INHERIT: {inherited} is left out: it leads out of the workspace or in a circle.")
        return raw
    return _merged(load_yaml(parent, root, loader, notes, depth=depth + 1), raw)


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    result = dict(parent)
    for key, value in child.items():
        before = result.get(key)
        result[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result


def _absolute(root: Path, value: object, default: str) -> str:
    return os.path.normpath(root / (value if isinstance(value, str) and value else default))


def _spec(path: Path, value: object) -> GitIgnoreSpec | None:
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        return GitIgnoreSpec.from_lines(value.splitlines())
    except ValueError as error:
        raise WorkspaceError(
            f"exclude_docs in {path} cannot be used: {error}", hint="It takes lines as in .gitignore."
        ) from error
