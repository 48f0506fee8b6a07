"""/app/handoffs: who passes what to whom over the whole firm, the gaps first."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from nicegui import run, ui

from knowhow.health import mend_url
from knowhow.services import Services
from knowhow.ui.frame import empty, frame, link, viewer_of
from knowhow.ui.lists import Raw, anchor, heading, page_links, table
from wiki.firm import Gap, HandoffRow, find_gaps, handoff_map, role_names, role_title, roles_of

__all__ = ["create"]

COLUMNS = ("From", "To", "What moves", "Who owns it", "Done when")


def create(services: Services) -> None:
    """Register the page."""

    def read() -> tuple[list[HandoffRow], list[Gap]]:
        audience = viewer_of(services).audience
        return handoff_map(services.firm, audience), find_gaps(services.firm, audience)

    @ui.page("/handoffs")
    async def page(by: str = "process", role: str = "") -> None:
        found = await run.io_bound(read)
        if found is None:
            return
        rows, gaps = found
        if role:
            rows = [row for row in rows if role in roles_of(row.handoff)]
            gaps = [gap for gap in gaps if role in gap.roles]
        with frame(services, f"Handoffs: {role_title(services.firm.roles, role)}" if role else "Handoffs", place="Health"):
            with ui.element("nav").classes("kh-row").props('aria-label="Order"'):
                link("By process", "/app/handoffs")
                link("By role", "/app/handoffs?by=role")
            _gaps(services, gaps)
            if not rows:
                empty("No process names a handoff. A process page lists them in its front matter, under handoffs.")
            elif by == "role" or role:
                _by_role(services, rows, only=role)
            else:
                _by_process(services, rows)


def _gaps(services: Services, gaps: list[Gap]) -> None:
    to_page = page_links(services)
    heading("Gaps", len(gaps))
    if not gaps:
        ui.label("None: every handoff names who passes what to whom, who owns it and when it is done.").classes("kh-quiet")
    rows = ((to_page(gap.page_path, gap.page_title), gap.message, gap.hint, anchor("Mend", mend_url(gap))) for gap in gaps)
    table(("Page", "What is missing", "How to mend it", ""), rows, label="Gaps")


def _by_process(services: Services, rows: list[HandoffRow]) -> None:
    to_page = page_links(services)
    for path in dict.fromkeys(row.page_path for row in rows):
        of_page = [row for row in rows if row.page_path == path]
        heading(of_page[0].page_title)
        table(COLUMNS, (_cells(row) for row in of_page), label=of_page[0].page_title)
        ui.html(to_page(path, "Open the process"), sanitize=False)


def _by_role(services: Services, rows: list[HandoffRow], *, only: str) -> None:
    to_page = page_links(services)
    roles = services.firm.roles
    names = [only] if only else dict.fromkeys(name for row in rows for name in roles_of(row.handoff))
    for name in sorted(names, key=lambda name: role_title(roles, name)):
        role = roles.get(name)
        who = "" if role is None else f" ({role.holder})" if role.holder else " (vacant)"
        heading(f"{role_title(roles, name)}{who}")
        of_role = [(part, row) for row in rows for part in _parts(name, row)]
        cells = ((part, to_page(row.page_path, row.page_title), *_cells(row)) for part, row in of_role)
        table(("Part", "Process", *COLUMNS), cells, label=role_title(roles, name))


def _parts(name: str, row: HandoffRow) -> Iterator[str]:
    """What a role has to do with a handoff, in words; who passes it on or receives it is not told to own it as well."""
    senders, receivers = role_names(row.handoff.from_role), role_names(row.handoff.to_role)
    if name in senders:
        yield "passes on"
    if name in receivers:
        yield "receives"
    if name not in senders and name not in receivers:
        yield "owns"


def _cells(row: HandoffRow) -> tuple[str, ...]:
    handoff = row.handoff
    return (
        _role(handoff.from_role, row.from_title),
        _role(handoff.to_role, row.to_title),
        handoff.moves or _missing("not said"),
        row.owner_title or _missing("nobody"),
        handoff.done or _missing("not said"),
    )


def _role(written: str, title: str) -> str:
    if not written:
        return _missing("nobody")
    return title if "," in written or ";" in written else anchor(title, f"/app/handoffs?role={quote(written)}")


def _missing(words: str) -> Raw:
    return Raw(f'<span class="kh-tag kh-amber">{words}</span>')
