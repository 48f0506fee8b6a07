"""Roles: the firm's jobs, from the workspace's `roles.yml`, each with its holder and deputy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from wiki.markup.front_matter_yaml import TextLoader

__all__ = ["Role", "Roles", "read_roles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A job in the firm. `name` is what pages say (`delivery-lead`); `holder` and `deputy` are "" where nobody has it."""

    name: str
    title: str = ""
    holder: str = ""
    deputy: str = ""

    @property
    def vacant(self) -> bool:
        return not self.holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """All roles by name, in the order of the file; `problems` are sentences about what could not be used."""

    by_name: Mapping[str, Role] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Role]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def get(self, name: str) -> Role | None:
        return self.by_name.get(name)


def read_roles(path: Path) -> Roles:
    """The roles in a file; none where it is missing. Never raises: what cannot be used becomes one of `problems`.

    Two shapes are read: a mapping `name: {title, holder, deputy}` (or `name: holder`), bare or under the key `roles`,
    and a list of mappings with `name`.
    """
    try:
        raw = yaml.load(path.read_bytes(), TextLoader)  # names as typed, as on the pages
    except FileNotFoundError:
        return Roles()
    except (OSError, yaml.YAMLError, ValueError) as error:
        return Roles(problems=(f"{path.name} cannot be read: {error}",))
    if isinstance(raw, dict) and isinstance(raw.get("roles"), dict | list):
        raw = raw["roles"]
    if isinstance(raw, dict):
        items: list[tuple[Any, Any]] = list(raw.items())
    elif isinstance(raw, list):
        items = [(entry.get("name", ""), entry) if isinstance(entry, dict) else (entry, {}) for entry in raw]
    else:
        return Roles(problems=() if raw is None else (f"{path.name} is no mapping of roles.",))
    by_name: dict[str, Role] = {}
    problems: list[str] = []
    for key, value in items:
        name = _text(key)
        if not name or name in by_name or not isinstance(value, dict | str | None):
            problems.append(f"{path.name}: the role {name or value!r} cannot be used.")
            continue
        entry = value if isinstance(value, dict) else {"holder": value}
        by_name[name] = Role(
            name=name,
            title=_text(entry.get("title")) or name.replace("-", " ").replace("_", " ").capitalize(),
            holder=_text(entry.get("holder")),
            deputy=_text(entry.get("deputy")),
        )
    return Roles(by_name=by_name, problems=tuple(problems))


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()
