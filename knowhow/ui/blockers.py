"""/app/blockers: what stands still, since when, and whose turn it is."""

from __future__ import annotations

from nicegui import run, ui

from knowhow.freshness import today
from knowhow.services import Services
from knowhow.ui.frame import empty, frame, viewer_of
from knowhow.ui.lists import Raw, day, edit_link, heading, page_links, table, tag
from wiki.firm import BLOCKER_STATES, Blocker, blocker_board

__all__ = ["create"]

HEADINGS = {
    "late": "To be passed on by now",
    "unowned": "Without an owner",
    "open": "Open",
    "escalated": "Escalated",
    "unlearned": "Over, and no lesson written",
    "resolved": "Over",
}
SHOWN = 30


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/blockers")
    async def page() -> None:
        board = await run.io_bound(blocker_board, services.firm, viewer_of(services).audience, today())
        if board is None:
            return
        with frame(services, "Blockers", place="Health"):
            if not board:
                empty("No page is a blocker. A page becomes one by `kind: blocker` in its front matter.")
            for state in BLOCKER_STATES:
                _state(services, state, [blocker for blocker in board if blocker.state == state])


def _state(services: Services, state: str, found: list[Blocker]) -> None:
    if not found:
        return
    to_page = page_links(services)
    heading(HEADINGS[state], len(found))
    over = state == "resolved"
    rows = (
        (
            to_page(blocker.page_path, blocker.title),
            _age(blocker),
            blocker.lesson if over else (blocker.turn or tag("nobody", amber=True)),
            day(blocker.resolved) if over else blocker.next_step,
            "" if over else edit_link(blocker.page_path, "Edit"),
        )
        for blocker in found[:SHOWN]
    )
    columns = ("Blocker", "Age", "Lesson", "Over since", "") if over else ("Blocker", "Age", "Whose turn", "What next", "")
    table(columns, rows, label=HEADINGS[state])
    if len(found) > SHOWN:
        ui.label(f"{len(found) - SHOWN} more").classes("kh-quiet")


def _age(blocker: Blocker) -> str:
    if blocker.age is None:
        return tag("since when is not said", amber=True)
    days = f"{blocker.age} working day{'' if blocker.age == 1 else 's'}"
    return Raw(f"{days}, to be passed on after {day(blocker.escalate_on)}") if _runs(blocker) else days


def _runs(blocker: Blocker) -> bool:
    return blocker.escalate_on is not None and blocker.status == "open"
