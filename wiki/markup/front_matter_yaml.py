"""YAML as front matter holds it: each value as the text that was typed, or typed as MkDocs has it; nothing that takes long."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

from wiki.markup.front_matter_limits import checked_source
from wiki.markup.front_matter_slips import quoting_hint

__all__ = ["TextLoader", "load_yaml"]

MAX_ALIASES_WITH_MERGE = 12  # merged aliases multiply: twelve of them can at most make a few thousand keys

_NESTED_IN_A_LINE = re.compile(r"(?:[-?:][ \t]+){100}")  # libyaml ends the process where a list is tens of thousands deep
_TAG = "tag:yaml.org,2002:"
_SafeLoader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _TypedLoader(_SafeLoader):  # type: ignore[misc]
    """Safe YAML in which a scalar that looks like a date or number but is none (2026-13-45) stays the text it is."""


class TextLoader(_SafeLoader):  # type: ignore[misc]
    """Safe YAML in which every scalar is the text that was typed: `No`, `1.10`, `12:30` and `007` are no booleans and numbers.

    Only an empty value, `~` and `null` are None.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def load_yaml(source: str, *, typed: bool = False) -> Any:
    """What `source` says, with undecodable bytes as U+FFFD; scalars are text, or what YAML takes them for if `typed`.

    Raises ValueError with a sentence where it cannot be read.
    """
    source = checked_source(source)
    if "<<" in source and source.count("*") > MAX_ALIASES_WITH_MERGE:
        raise ValueError(f"The front matter merges more than {MAX_ALIASES_WITH_MERGE} aliases and was not read.")
    if _NESTED_IN_A_LINE.search(source):
        raise ValueError("The front matter nests more than 100 lists in one line and was not read.")
    try:
        return yaml.load(source, _TypedLoader if typed else TextLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" (line {mark.line + 2})" if mark else ""
        hint = quoting_hint(source, mark.line, _error_line) if mark else ""
        message = f"The front matter is not valid YAML: {error.problem or error.context}{where}."
        raise ValueError(f"{message} {hint}".strip()) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"The front matter is not valid YAML: {reason}.") from error


def _error_line(source: str) -> int | None:
    """The 0-based line at which YAML stops reading `source`, None where it reads all of it."""
    try:
        yaml.load(source, TextLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return mark.line if mark else 0
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError):
        return 0
    return None


def _as_written(_loader: Any, node: yaml.Node) -> str:
    return str(node.value)


def _lenient(tag: str) -> None:
    strict = _TypedLoader.yaml_constructors[tag]

    def construct(loader: _TypedLoader, node: yaml.Node) -> object:
        try:
            return strict(loader, node)
        except (ValueError, OverflowError, IndexError):
            return node.value

    _TypedLoader.add_constructor(tag, construct)


for _name in ("timestamp", "int", "float"):
    _lenient(_TAG + _name)
for _name in ("bool", "timestamp", "int", "float", "merge", "value"):
    TextLoader.add_constructor(_TAG + _name, _as_written)
for _name in ("merge", "value"):  # `title: =` and `title: <<`: YAML gives them a meaning as keys alone
    _TypedLoader.add_constructor(_TAG + _name, _as_written)
TextLoader.add_implicit_resolver(f"{_TAG}null", re.compile(r"(?:~|null|)\Z"), ["~", "n", ""])
TextLoader.add_implicit_resolver(f"{_TAG}merge", re.compile(r"<<\Z"), ["<"])
