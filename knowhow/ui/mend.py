"""/app/mend/{page}: a gap filled with one line, as a suggestion that somebody reviews."""

from __future__ import annotations

from urllib.parse import quote

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.frame import empty, frame, go, link, page_url, say_error, viewer_of
from wiki.editing import view_page
from wiki.errors import WikiError
from wiki.firm import KEY_OF_GAP, Gap, filled, find_gaps
from wiki.review import Suggestion, SuggestionDraft

__all__ = ["create"]

ROLE_KEYS = ("from", "to", "owner", "if_plan_changes")


def create(services: Services) -> None:
    """Register the page."""

    def read(path: str, kind: str, handoff: int) -> Gap | None:
        gaps = find_gaps(services.firm, viewer_of(services).audience)
        same = (gap for gap in gaps if (gap.page_path, gap.kind, gap.number) == (path, kind, handoff) and kind in KEY_OF_GAP)
        return next(same, None)

    @ui.page("/mend/{path:path}")
    async def mend_page(path: str, kind: str = "", handoff: int = 0) -> None:
        path = services.workspace.known_path(path)
        gap = await run.io_bound(read, path, kind, handoff)
        with frame(services, "Fill a gap", place="Health"):
            if gap is None:
                empty("This gap is no more there.")
                return
            link(f"Back to {gap.page_title}", page_url(services, path))
            ui.label(gap.message)
            _form(services, gap)


def _form(services: Services, gap: Gap) -> None:
    key = KEY_OF_GAP[gap.kind]
    field: ui.select | ui.input
    if key in ROLE_KEYS and services.firm.roles:
        roles = {role.name: f"{role.title} ({role.holder or 'vacant'})" for role in services.firm.roles}
        field = ui.select(roles, label=key, with_input=True).props('outlined data-testid="value"').classes("kh-wide")
    else:
        field = ui.input(label=key).props('outlined data-testid="value"').classes("kh-wide")

    def propose() -> Suggestion:
        viewer = viewer_of(services)
        opened = view_page(services.workspace, services.repository, viewer, gap.page_path)
        draft = SuggestionDraft(
            page_path=gap.page_path,
            section="",
            action="edit",
            base_revision=opened.revision.partition("+")[0],
            base_text=opened.page.text,
            new_text=filled(opened.page, key, str(field.value or ""), number=gap.number),
            reason=gap.message,
            confidence=1.0,
            evidence=(),
        )
        return services.review.propose(viewer, draft)

    async def suggest() -> None:
        try:
            made = await run.io_bound(propose)
        except WikiError as error:
            say_error(error)
            return
        if made is not None:
            go(f"/app/review/{made.id}")

    with ui.row().classes("kh-row"):
        ui.button("Suggest it", on_click=suggest).props('data-testid="suggest" unelevated no-caps')
        link("Edit the page instead", f"/app/edit/{quote(gap.page_path)}")
