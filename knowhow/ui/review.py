"""/app/review: the suggestions that wait, by the update they came from; and each by itself, with what comes next."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.frame import empty, frame, link, plain_button, viewer_of
from knowhow.ui.review_card import Card
from knowhow.ui.static_files import add_script
from wiki.errors import WikiError
from wiki.review import ReviewItem

__all__ = ["create"]

SHOWN = 30
KEYS = "Keys: j and k go down and up, a accepts, e edits first, r rejects."


def create(services: Services) -> None:
    """Register the list and the page of one suggestion."""

    @ui.page("/review")
    async def list_page() -> None:
        with frame(services, "Review", place="Review"):
            add_script("review.js")
            items = await run.io_bound(services.review.list, viewer_of(services), status="open", limit=SHOWN + 1) or []
            if not items:
                empty("Nothing waits for a decision. Suggestions come from the Inbox and from colleagues.")
                return
            ui.label(KEYS).classes("kh-quiet kh-keys")
            for update_id, group in groupby(items[:SHOWN], key=_update_of):
                _draw_group(services, update_id, list(group))
            if len(items) > SHOWN:
                ui.label("More come up as these are decided.").classes("kh-quiet")

    @ui.page("/review/{id}")
    async def item_page(id: str) -> None:
        try:
            item = await run.io_bound(services.review.get, viewer_of(services), id)
        except WikiError as error:
            with frame(services, "Review", place="Review"):
                empty(f"{error.message} {error.hint}")
            return
        if item is not None:
            with frame(services, f"Review: {item.title}", place="Review"):
                add_script("review.js")
                ui.label(KEYS).classes("kh-quiet kh-keys")
                others = await _others(services, id)
                Card(services, item, partial(_next, services), on_page=True)
                with ui.row().classes("kh-row kh-more-to-do"):
                    link("All suggestions", "/app/review")
                    if others:
                        link(f"Next ({len(others)})", f"/app/review/{others[0]}").props('data-kh-key="j"')


def _update_of(item: ReviewItem) -> str:
    return next((e.update for e in item.suggestion.evidence if e.update), "")


def _draw_group(services: Services, update_id: str, items: list[ReviewItem]) -> None:
    """The suggestions of one update, with one button for all of them where there are several."""
    cards: list[Card] = []
    with ui.element("div").classes("kh-list kh-group"):
        if update_id and len(items) > 1:
            with ui.row().classes("kh-row"):
                ui.label(f"{len(items)} suggestions from one update").classes("kh-label")
                button = plain_button(f"Accept all {len(items)}", lambda: accept_all())
                said = ui.label().classes("kh-quiet").props('role="status"')
        cards += [Card(services, item, partial(_next, services), on_page=False) for item in items]

    async def accept_all() -> None:
        button.set_visibility(False)
        waiting = [card for card in cards if not card.item.conflict]
        done = sum([await card.accept() for card in waiting if card.is_open])
        left = sum(card.is_open for card in cards)
        said.set_text(f"{done} accepted" + (f", {left} left to decide by hand" if left else ""))


async def _others(services: Services, but: str) -> list[str]:
    items = await run.io_bound(services.review.list, viewer_of(services), status="open", limit=100) or []
    ids = [item.suggestion.id for item in items if item.suggestion.id != but]
    return [key for key in ids if key > but] + [key for key in ids if key < but]


async def _next(services: Services, card: Card) -> None:
    """After a decision: how many are left, and the way to the next; the header counts anew."""
    others = await _others(services, card.item.suggestion.id)
    with card.section:
        ui.run_javascript('document.dispatchEvent(new Event("kh-count"))')
    with card.after:
        if others:
            link(f"Next ({len(others)})", f"/app/review/{others[0]}").props('data-kh-next data-kh-key="j"')
        else:
            ui.label("Nothing else waits.").classes("kh-quiet")
