"""A page: one Markdown file with YAML front matter, read into typed data without changing a byte of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha1
from pathlib import PurePosixPath
from typing import Any

import yaml

__all__ = ["KINDS", "VISIBILITIES", "Evidence", "FrontMatter", "Handoff", "Page", "blob_id", "parse_page"]

KINDS = ("process", "procedure", "decision", "blocker", "policy", "reference")
VISIBILITIES = ("public", "team", "restricted")

_FRONT_MATTER = re.compile(r"\A(?:\ufeff)?---[ \t]*\r?\n(.*?)(?:\r?\n)?^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A point in a process where work passes from one role to another. Empty strings where the page does not say."""

    from_role: str = ""
    to_role: str = ""
    moves: str = ""
    owner: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a decision rests on: words somebody said and the update they came in with."""

    quote: str
    update: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The front matter's known keys, each with a default; `extra` keeps the others as YAML gave them."""

    title: str = ""
    kind: str = "reference"
    owner: str = ""
    reviewed: date | None = None
    review_every: timedelta | None = None
    visibility: str = "team"
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    # process
    trigger: str = ""
    outcome: str = ""
    handoffs: tuple[Handoff, ...] = ()
    # procedure
    part_of: str = ""
    step: str = ""
    # decision and blocker
    status: str = ""
    decided: date | None = None
    deciders: tuple[str, ...] = ()
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    supersedes: tuple[str, ...] = ()
    raised: date | None = None
    escalate_after: timedelta | None = None
    escalated_to: str = ""
    resolved: date | None = None
    lesson: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it stands in the working tree.

    `path` is its id: `/`-separated, relative to docs_dir, with `.md`. `text` is the whole file as str (undecodable bytes as
    surrogate escapes, so that `text.encode("utf-8", "surrogateescape")` gives the file back). `body` is what follows the
    front matter; it starts at line `body_line` (0-based) of `text`. `problems` are sentences about front matter that could
    not be used.
    """

    path: str
    text: str
    front_matter: FrontMatter
    body: str
    body_line: int
    blob: str
    problems: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title shown everywhere: front matter, else the first level-1 heading at the top, else the file name."""
        if self.front_matter.title:
            return self.front_matter.title
        if heading := re.search(r"^\s*#[ \t]+(.+?)[ \t]*#*[ \t]*$", self.body, re.MULTILINE):
            return heading[1]
        return PurePosixPath(self.path).stem.replace("-", " ").replace("_", " ").capitalize()

    @property
    def visibility(self) -> str:
        return self.front_matter.visibility

    @property
    def groups(self) -> tuple[str, ...]:
        return self.front_matter.groups


def blob_id(data: bytes) -> str:
    """The id that git gives a blob with this content (40 hex digits)."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def parse_page(path: str, data: bytes) -> Page:
    """Read a page from its bytes; never raises: what cannot be used becomes one of `Page.problems`.

    Front matter that is broken could have said `visibility: restricted`, so such a page counts as restricted.
    """
    text = data.decode("utf-8", "surrogateescape")
    match = _FRONT_MATTER.match(text)
    problems: list[str] = []
    front_matter = FrontMatter()
    if match:
        try:
            raw = yaml.safe_load(match[1]) or {}
        except (yaml.YAMLError, ValueError) as error:
            raw = None
            problems.append(f"The front matter is not valid YAML: {error}")
        if isinstance(raw, dict):
            front_matter = _typed(raw, problems)
        else:
            front_matter = FrontMatter(visibility="restricted")
    body = text[match.end() :] if match else text
    return Page(
        path=path,
        text=text,
        front_matter=front_matter,
        body=body,
        body_line=text[: len(text) - len(body)].count("\n"),
        blob=blob_id(data),
        problems=tuple(problems),
    )


def _typed(raw: dict[str, Any], problems: list[str]) -> FrontMatter:
    def words(key: str) -> tuple[str, ...]:
        value = raw.get(key)
        return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),) if value else ()

    return FrontMatter(
        title=str(raw.get("title") or ""),
        kind=raw["kind"] if raw.get("kind") in KINDS else "reference",
        owner=str(raw.get("owner") or ""),
        visibility=raw["visibility"] if raw.get("visibility") in VISIBILITIES else "team",
        groups=words("groups"),
        tags=words("tags"),
        clients=words("clients"),
    )
