"""The log of decisions: what was decided when, by whom and why, and what took its place since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wiki.access import Audience
from wiki.firm.known import Firm, FirmPage
from wiki.firm.paths import meant
from wiki.pages.page import Evidence

__all__ = ["Decision", "decision_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A page of kind decision. `status` is proposed, accepted, rejected or superseded; `reason` is "" where none is recorded.

    `supersedes` and `superseded_by` are pages of the same log, `current` is the last of those that took this one's place (the page
    itself where none did); all of them are pages that the audience may read. `text` is what was decided, `beside`
    why and what else the page says, both without marks.
    """

    page_path: str
    title: str
    status: str
    decided: date | None
    deciders: tuple[str, ...]
    reason: str
    evidence: tuple[Evidence, ...]
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    current: str
    text: str
    beside: str


def decision_log(firm: Firm, audience: Audience) -> list[Decision]:
    """The decisions that the audience may read, the newest first, those without a date before all."""
    pages = {path: page for path, page in firm.readable(audience).items() if page.front_matter.kind == "decision"}
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    for path, page in pages.items():
        old = dict.fromkeys(meant(written, path, pages) for written in page.front_matter.supersedes)
        before[path] = tuple(other for other in old if other and other != path)
        for other in before[path]:
            after[other] = (*after.get(other, ()), path)
    log = [_decision(page, pages, before, after) for page in pages.values()]
    return sorted(log, key=lambda d: ((d.decided or date.max).toordinal(), d.page_path), reverse=True)


def _decision(
    page: FirmPage, pages: Mapping[str, FirmPage], before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Decision:
    front = page.front_matter
    successors = tuple(path for path in after.get(page.path, ()) if _holds(pages[path]))
    return Decision(
        page_path=page.path,
        title=page.title,
        status="superseded" if successors else _status(page),
        decided=front.decided,
        deciders=front.deciders,
        reason=front.reason,
        evidence=front.evidence,
        supersedes=before[page.path],
        superseded_by=successors,
        current=_last(page.path, pages, after),
        text=page.text,
        beside=page.beside,
    )


def _status(page: FirmPage) -> str:
    """The status as the page says it; without one, a decision with a date was taken."""
    return page.front_matter.status.strip().lower() or ("accepted" if page.front_matter.decided else "proposed")


def _holds(page: FirmPage) -> bool:
    """Whether a decision was taken, whatever became of it: what is only proposed or was rejected takes nobody's place."""
    return _status(page) not in ("proposed", "rejected")


def _last(path: str, pages: Mapping[str, FirmPage], after: Mapping[str, tuple[str, ...]]) -> str:
    seen = {path}
    while following := [other for other in after.get(path, ()) if other not in seen and _holds(pages[other])]:
        path = max(following, key=lambda other: (pages[other].front_matter.decided or date.min, other))
        seen.add(path)
    return path
