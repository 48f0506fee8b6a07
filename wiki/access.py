"""Who may read what: the one check that every read path calls.

A `Viewer` is who is asking. What they may read is reduced to an `Audience`: a small hashable value that a query can turn
into a filter, a cache can use as a key, and `may_read` compares with a page's labels. A page that the viewer may not read
does not exist for them: callers raise the same `NotFound` as for a page that was never there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from wiki.errors import NotAllowed, NotFound

__all__ = [
    "ANONYMOUS",
    "Audience",
    "Labelled",
    "Level",
    "Viewer",
    "everyone_audience",
    "may_read",
    "require",
    "require_read",
]


class Level(IntEnum):
    """Access levels, each including the ones before it. ANONYMOUS is the public, who did not sign in."""

    ANONYMOUS = 0
    READER = 1
    CONTRIBUTOR = 2
    EDITOR = 3
    ADMIN = 4


@dataclass(frozen=True, slots=True)
class Audience:
    """What may be read: public pages always; team pages if `team`; restricted ones by group, or all of them if `everything`."""

    team: bool = False
    groups: frozenset[str] = frozenset()
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is asking. `name` and `email` become the author of commits; `handle` is the short name pages may use as owner."""

    handle: str
    name: str
    email: str
    level: Level
    groups: frozenset[str] = field(default_factory=frozenset)

    @property
    def audience(self) -> Audience:
        if self.level >= Level.ADMIN:
            return Audience(team=True, everything=True)
        if self.level >= Level.READER:
            return Audience(team=True, groups=self.groups)
        return Audience()


ANONYMOUS = Viewer(handle="", name="Anonymous", email="", level=Level.ANONYMOUS)


class Labelled(Protocol):
    """Anything that carries a page's labels: a page, its front matter, an index row."""

    @property
    def visibility(self) -> str: ...

    @property
    def groups(self) -> Iterable[str]: ...


def everyone_audience() -> Audience:
    """The audience that sees every page: for the whole site and for work that no viewer asked for (indexing)."""
    return Audience(team=True, everything=True)


def may_read(audience: Audience, labels: Labelled) -> bool:
    """Whether `audience` may read a page with these labels. A visibility that is not known counts as restricted."""
    if audience.everything:
        return True
    if labels.visibility == "public":
        return True
    if labels.visibility == "team":
        return audience.team
    return not audience.groups.isdisjoint(labels.groups)


def require_read(viewer: Viewer, labels: Labelled, page_path: str) -> None:
    """Raise NotFound, the same as for a page that does not exist, where the viewer may not read it."""
    if not may_read(viewer.audience, labels):
        raise NotFound(f"There is no page {page_path}.", hint="Search for it, or look at the start page.")


def require(viewer: Viewer, level: Level, what: str) -> None:
    """Raise NotAllowed unless the viewer has at least `level`. `what` completes "You may not …"."""
    if viewer.level < level:
        raise NotAllowed(f"You may not {what}.", hint=f"Ask an admin for the access level {level.name.lower()}.")
