"""The freshness of pages for a viewer: what pages, git, links and flags say, brought together."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from knowhow.services import Services
from wiki.access import Viewer
from wiki.errors import WikiError
from wiki.firm import FirmPage, Signal, Signs, signals

__all__ = ["page_signals", "signs_for", "today"]

_MOST_FLAGS = 1000


def today() -> date:
    """The day by which reviews are due: UTC's, as on the pages."""
    return datetime.now(UTC).date()


def page_signals(services: Services, viewer: Viewer, page: FirmPage) -> list[Signal]:
    """Why one page should be looked at again; [] where nothing speaks against it."""
    return signals(page, signs_for(services, viewer, page_path=page.path))


def signs_for(services: Services, viewer: Viewer, *, page_path: str | None = None) -> Signs:
    """What the signals of one page, or of all, are made of; it names only what the viewer may read."""
    flags: dict[str, list[str]] = {}
    for flag in services.flags.page(viewer, page_path=page_path, limit=_MOST_FLAGS):
        said = next((evidence for evidence in flag.evidence if evidence.quote), None)
        quote = f" “{said.quote}”" + (f" ({said.author})" if said.author else "") if said else ""
        flags.setdefault(flag.page_path, []).append(f"Flagged as {flag.kind} since {flag.since.date().isoformat()}:{quote}")
    return Signs(
        today=today(),
        roles=services.firm.roles,
        readable=services.firm.readable(viewer.audience),
        flags=flags,
        broken={path: [link.target_text for link in links] for path, links in services.links.broken().items()},
        linked=services.links.linked,
        last_edit=_last_edits(services),
    )


def _last_edits(services: Services) -> Callable[[str], date | None]:
    try:
        edited = services.repository.last_edits()
    except WikiError:  # git's trouble is told where history is asked for
        edited = {}
    folder = os.path.relpath(os.path.realpath(services.workspace.docs_dir), os.path.realpath(services.workspace.root))
    start = "" if folder == os.curdir else f"{Path(folder).as_posix()}/"

    def last_edit(page_path: str) -> date | None:
        revision = edited.get(start + page_path)
        return revision.at.astimezone(UTC).date() if revision else None

    return last_edit
