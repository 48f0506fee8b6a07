"""/app/decisions: what was decided, and a box to ask in."""

from __future__ import annotations

from nicegui import run, ui

from assistant.decided import Decided
from knowhow.services import Services
from knowhow.ui.frame import empty, frame, viewer_of
from knowhow.ui.lists import Raw, day, heading, page_links, table, tag
from wiki.firm import Decision, decision_log

__all__ = ["create"]


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/decisions")
    async def page(q: str = "") -> None:
        log = await run.io_bound(decision_log, services.firm, viewer_of(services).audience)
        if log is None:
            return
        with frame(services, "Decisions", place="Health"):
            question = (
                ui.input(label="Did we decide …?", value=q)
                .props('outlined dense type="search" data-testid="decided"')
                .classes("kh-wide")
            )
            answer = ui.column().classes("kh-list").props('aria-live="polite"')

            async def ask() -> None:
                words = (question.value or "").strip()
                if not words:
                    return
                found = await run.io_bound(services.decisions.ask, words, viewer_of(services).audience)
                if found is not None:
                    answer.clear()
                    with answer:
                        _card(services, found)

            question.on("keydown.enter", ask)
            if q:
                await ask()
            _log(services, log)


def _card(services: Services, found: Decided) -> None:
    to_page = page_links(services)
    with ui.element("section").classes("kh-card"):
        ui.label(found.text).props('data-testid="verdict"')
        shown = [decision for decision in (found.current, found.decision) if decision is not None]
        for decision in shown:
            ui.html(to_page(decision.page_path, decision.title), sanitize=False)
            for evidence in decision.evidence:
                ui.label(f"“{evidence.quote}”" + (f" ({evidence.update})" if evidence.update else "")).classes("kh-evidence")
        if found.others and not shown:
            ui.label("What comes near:").classes("kh-quiet")
            for decision in found.others:
                ui.html(to_page(decision.page_path, decision.title), sanitize=False)


def _log(services: Services, log: list[Decision]) -> None:
    to_page = page_links(services)
    titles = {decision.page_path: decision.title for decision in log}

    def chain(words: str, pages: tuple[str, ...]) -> str:
        return f"{words} {', '.join(to_page(path, titles[path]) for path in pages)}" if pages else ""

    heading("The log", len(log))
    if not log:
        empty("No page is a decision. A page becomes one by `kind: decision` in its front matter.")
    rows = (
        (
            day(decision.decided) or "not decided",
            tag(decision.status, amber=decision.status == "proposed"),
            to_page(decision.page_path, decision.title),
            decision.reason or tag("reason not recorded", amber=True),
            ", ".join(decision.deciders),
            Raw(
                "<br>".join(
                    filter(
                        None, (chain("Took the place of", decision.supersedes), chain("Replaced by", decision.superseded_by))
                    )
                )
            ),
        )
        for decision in log
    )
    table(("Date", "Status", "Decision", "Reason", "By", "Chain"), rows, label="Decisions")
