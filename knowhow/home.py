"""What is going on in the handbook: reviews that are overdue, what changed this week, the latest decisions, open blockers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wiki.access import Audience
from wiki.firm import Firm, FirmPage
from wiki.git import Repository
from wiki.pages import due_date
from wiki.workspace import Workspace

__all__ = ["Home", "HomeView", "Item"]

CHANGED_WITHIN = timedelta(days=7)
SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A page in one of the lists. `at` is the day or time that put it there; `by` who changed it, "" elsewhere."""

    page_path: str
    title: str
    at: datetime | date | None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """At most SHOWN of each, the most urgent or newest first; `overdue_total` counts all."""

    overdue: tuple[Item, ...]
    overdue_total: int
    changed: tuple[Item, ...]
    decisions: tuple[Item, ...]
    blockers: tuple[Item, ...]


class Home:
    """Answers from what is kept of every page, so it reads none itself. Thread-safe."""

    def __init__(self, workspace: Workspace, repository: Repository, firm: Firm) -> None:
        self._workspace, self._repository, self._firm = workspace, repository, firm

    def look(self, audience: Audience, now: datetime) -> HomeView:
        """What this audience may see of it."""
        pages = tuple(self._firm.readable(audience).values())
        overdue = sorted((due, p.path, p) for p in pages if (due := due_date(p.front_matter)) and due < now.date())
        decisions = [p for p in pages if p.front_matter.kind == "decision" and p.front_matter.status == "accepted"]
        blockers = [p for p in pages if p.front_matter.kind == "blocker" and p.front_matter.status in ("open", "escalated")]
        decisions.sort(key=lambda p: (p.front_matter.decided or date.min, p.path), reverse=True)
        blockers.sort(key=lambda p: (p.front_matter.raised or date.max, p.path))
        return HomeView(
            overdue=tuple(Item(page_path=p.path, title=p.title, at=due) for due, _, p in overdue[:SHOWN]),
            overdue_total=len(overdue),
            changed=tuple(self._changed(pages, now)[:SHOWN]),
            decisions=tuple(Item(page_path=p.path, title=p.title, at=p.front_matter.decided) for p in decisions[:SHOWN]),
            blockers=tuple(Item(page_path=p.path, title=p.title, at=p.front_matter.raised) for p in blockers[:SHOWN]),
        )

    def _changed(self, pages: Iterable[FirmPage], now: datetime) -> list[Item]:
        found = []
        for page in pages:
            revision = self._repository.last_change(self._workspace.repo_path(page.path))
            if revision is not None and revision.at.astimezone(UTC) >= now - CHANGED_WITHIN:
                found.append(Item(page_path=page.path, title=page.title, at=revision.at, by=revision.author.name))
        return sorted(found, key=lambda item: (str(item.at), item.page_path), reverse=True)
