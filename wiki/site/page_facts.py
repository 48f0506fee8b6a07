"""What is said about a page beside its text: kind, owner, review, last change, and where to act on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import quote

from wiki.errors import WikiError
from wiki.git.revision import Revision
from wiki.pages.freshness import due_date, overdue
from wiki.pages.page import Page
from wiki.workspace.workspace import Workspace

__all__ = ["History", "LastChange", "NoHistory", "PageFacts", "page_facts"]


class History(Protocol):
    """What the site needs of wiki.git.repository."""

    def last_change(self, path: str) -> Revision | None: ...

    def known_change(self, path: str) -> str | None: ...


class NoHistory:
    """The history of a copy without git, such as an unpacked archive: there is none."""

    def last_change(self, path: str) -> Revision | None:  # noqa: ARG002
        return None

    def known_change(self, path: str) -> str | None:  # noqa: ARG002
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """`date` is ISO, UTC; `revision` is shortened to ten digits."""

    date: str
    author: str
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """For the templates, which compute nothing. Empty strings where there is nothing to say; links are relative to the site.

    `owner` is what the front matter says, `owner_title` the role's title; `owner_holder` is "" for a vacant role.
    `problems` are sentences about what could not be used.
    """

    path: str
    kind: str = ""
    status: str = ""
    visibility: str = ""
    owner: str = ""
    owner_title: str = ""
    owner_holder: str = ""
    owner_vacant: bool = False
    reviewed: str = ""
    review_due: str = ""
    review_overdue: bool = False
    last_change: LastChange | None = None
    edit_url: str = ""
    history_url: str = ""
    confirm_url: str = ""
    problems: tuple[str, ...] = ()


def page_facts(ws: Workspace, history: History, page: Page, today: date) -> PageFacts:
    """The facts of one page as of `today`."""
    front_matter = page.front_matter
    role = ws.roles.get(front_matter.owner) if front_matter.owner else None
    due = due_date(front_matter)
    return PageFacts(
        path=page.path,
        kind=front_matter.kind,
        status=front_matter.status,
        visibility=front_matter.visibility,
        owner=front_matter.owner,
        owner_title=role.title if role else front_matter.owner,
        owner_holder=role.holder if role else "",
        owner_vacant=role.vacant if role else False,
        reviewed=front_matter.reviewed.isoformat() if front_matter.reviewed else "",
        review_due=due.isoformat() if due else "",
        review_overdue=overdue(front_matter, today),
        last_change=_last_change(ws, history, page.path),
        edit_url=f"app/edit/{quote(page.path)}",
        history_url=f"app/history/{quote(page.path)}",
        confirm_url=f"app/confirm/{quote(page.path)}",
        problems=page.problems,
    )


def _last_change(ws: Workspace, history: History, page_path: str) -> LastChange | None:
    try:
        revision = history.last_change(ws.repo_path(page_path))
    except WikiError:
        return None  # git's trouble is told where history is asked for; the page is still readable
    if revision is None:
        return None
    return LastChange(date=revision.at.date().isoformat(), author=revision.author.name, revision=revision.id[:10])
