"""Why a page may no longer be right: signals, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wiki.firm.known import FirmPage
from wiki.pages.freshness import due_date, overdue
from wiki.workspace.roles import Roles

__all__ = ["SIGNAL_KINDS", "Signal", "Signs", "signals"]

SIGNAL_KINDS: Mapping[str, str] = {
    "contradicted": "an open flag: somebody said that it is wrong",
    "review-overdue": "its review is overdue",
    "owner-vacant": "nobody holds the role that owns it",
    "owner-unknown": "its owner is no role of roles.yml and nobody who holds one",
    "broken-links": "links on it lead nowhere",
    "edited-since": "a procedure that was edited after it was last confirmed",
    "linked-changed": "a process, procedure or policy that links to a page edited since it was last confirmed",
}
"""Every kind of signal, and what it says; the gravest first."""

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One reason to look at a page again."""

    kind: str
    page_path: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What signals are made of, beside the page itself. `last_edit` is the day on which a page was last changed after it came in.

    `flags` are what speaks against a page, in words; `broken` the links of a page that lead nowhere, as written; `linked` the pages that
    it links to. `readable` are the pages that may be named.
    """

    today: date
    roles: Roles
    readable: Mapping[str, FirmPage]
    flags: Mapping[str, Sequence[str]]
    broken: Mapping[str, Collection[str]]
    linked: Callable[[str], Sequence[str]]
    last_edit: Callable[[str], date | None]


def signals(page: FirmPage, signs: Signs) -> list[Signal]:
    """Why this page should be looked at, the gravest reason first; [] where nothing speaks against it."""
    front = page.front_matter
    found: list[tuple[str, str]] = [("contradicted", said) for said in signs.flags.get(page.path, ())]
    if overdue(front, signs.today) and (due := due_date(front)) is not None:
        found.append(("review-overdue", f"Its review was due on {due.isoformat()}."))
    found += _owner(front.owner, signs.roles)
    if links := signs.broken.get(page.path):
        lead = "leads" if len(links) == 1 else "lead"
        found.append(("broken-links", f"{_count(len(links), 'link')} on it {lead} nowhere: {_some(list(links))}."))
    if front.reviewed is not None:
        if front.kind == "procedure" and (edited := signs.last_edit(page.path)) is not None and edited > front.reviewed:
            message = f"It was edited on {edited.isoformat()}, and last confirmed on {front.reviewed.isoformat()}."
            found.append(("edited-since", message))
        if front.kind in ("process", "procedure", "policy"):
            later = [other for other in signs.linked(page.path) if _later(signs, other, front.reviewed)]
            if later:
                names = _some([signs.readable[other].title for other in later])
                found.append(("linked-changed", f"{_count(len(later), 'page')} that it links to changed since: {names}."))
    return [Signal(kind=kind, page_path=page.path, message=message) for kind, message in found]


def _owner(owner: str, roles: Roles) -> list[tuple[str, str]]:
    if not owner or not roles:
        return []
    role = roles.get(owner)
    if role is None:
        people = {name for known in roles for name in (known.holder, known.deputy)}
        unknown = f"Its owner {owner} is no role of roles.yml and nobody who holds one."
        return [] if owner in people else [("owner-unknown", unknown)]
    return [("owner-vacant", f"Nobody is {role.title}, the role that owns it.")] if role.vacant else []


def _later(signs: Signs, page_path: str, reviewed: date) -> bool:
    edited = signs.last_edit(page_path) if page_path in signs.readable else None
    return edited is not None and edited > reviewed


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
