"""The health of the handbook for a viewer: what waits for somebody, each with the place where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from knowhow.freshness import signs_for
from knowhow.services import Services
from wiki.access import Level, Viewer
from wiki.firm import KEY_OF_GAP, FirmPage, Gap, Signal, Signs, blocker_board, find_gaps, signals
from wiki.pages import due_date

__all__ = ["HEALTH_PARTS", "HealthPart", "HealthRow", "health_of", "mend_url"]

HEALTH_PARTS: Mapping[str, str] = {
    "flagged": "Somebody said that it is wrong",
    "overdue": "Reviews overdue",
    "unowned": "Nobody answers for it",
    "unanswered": "Questions that the pages do not answer",
    "suggestions": "Suggestions that wait",
    "handoffs": "Gaps in handoffs",
    "links": "Broken links",
    "blockers": "Open blockers",
    "changed": "Changed since it was confirmed",
}
"""The parts in their order, and their headings."""

_PART_OF_SIGNAL = {
    "contradicted": "flagged",
    "review-overdue": "overdue",
    "owner-vacant": "unowned",
    "owner-unknown": "unowned",
    "broken-links": "links",
    "edited-since": "changed",
    "linked-changed": "changed",
}
_WITHOUT_OWNER = ("decision", "blocker")  # they have deciders, and a board of their own
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """One thing that waits. `url` is where it is mended, a path of the whole server; `page_path` is "" where it is about no page.

    `since` is the day since when, None where nobody knows.
    """

    kind: str
    page_path: str
    title: str
    message: str
    url: str
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPart:
    """`count` is of all; `rows` are the first of them, the longest waiting first where that is known."""

    name: str
    heading: str
    count: int
    rows: tuple[HealthRow, ...]


def health_of(services: Services, viewer: Viewer, *, limit: int = 50) -> list[HealthPart]:
    """Every part, also the empty ones; at most `limit` rows of each. Holds only what the viewer may read."""
    signs = signs_for(services, viewer)
    found: dict[str, list[HealthRow]] = {name: [] for name in HEALTH_PARTS}
    for page in signs.readable.values():
        for part, row in _of_page(page, signs):
            found[part].append(row)
    found["unanswered"] += _unanswered(services, viewer)
    found["suggestions"] += _suggestions(services, viewer)
    found["handoffs"] += _gaps(services, viewer)
    found["blockers"] += _blockers(services, viewer, signs.today)
    for rows in found.values():
        rows.sort(key=lambda row: row.since or date.max)
    return [
        HealthPart(name=name, heading=heading, count=len(found[name]), rows=tuple(found[name][:limit]))
        for name, heading in HEALTH_PARTS.items()
    ]


def mend_url(gap: Gap) -> str:
    """Where a gap is filled: a form for the one line that is missing, or else the page's editor."""
    if gap.kind in KEY_OF_GAP:
        return f"/app/mend/{quote(gap.page_path)}?kind={gap.kind}" + (f"&handoff={gap.number}" if gap.number else "")
    return f"/app/edit/{quote(gap.page_path)}"


def _of_page(page: FirmPage, signs: Signs) -> Iterator[tuple[str, HealthRow]]:
    for signal in signals(page, signs):
        part = _PART_OF_SIGNAL[signal.kind]
        yield part, _row(page, signal, "confirm" if part in ("overdue", "changed") else "edit")
    if not page.front_matter.owner and page.front_matter.kind not in _WITHOUT_OWNER:
        signal = Signal(kind="no-owner", page_path=page.path, message="The page names no owner.")
        yield "unowned", _row(page, signal, "edit")


def _row(page: FirmPage, signal: Signal, place: str) -> HealthRow:
    front = page.front_matter
    since = due_date(front) if signal.kind == "review-overdue" else front.reviewed if place == "confirm" else None
    url = f"/app/{place}/{quote(page.path)}"
    return HealthRow(kind=signal.kind, page_path=page.path, title=page.title, message=signal.message, url=url, since=since)


def _unanswered(services: Services, viewer: Viewer) -> Iterator[HealthRow]:
    """The same question asked again counts as one."""
    if viewer.level < Level.READER:
        return
    times: dict[str, int] = {}
    newest: dict[str, tuple[str, date]] = {}
    for asked in services.asker.conversations.unanswered(viewer, limit=_MOST):
        key = " ".join(asked.text.casefold().split()).rstrip("?! .")
        times[key] = times.get(key, 0) + 1
        newest[key] = (newest[key][0] if key in newest else asked.text, asked.at.date())  # since its first time
    for key, (text, since) in newest.items():
        message = "Asked once." if times[key] == 1 else f"Asked {times[key]} times."
        yield HealthRow(
            kind="unanswered", page_path="", title=text, message=message, url=f"/app/search?q={quote(text)}", since=since
        )


def _suggestions(services: Services, viewer: Viewer) -> Iterator[HealthRow]:
    for suggestion in services.review.waiting(viewer, limit=_MOST):
        yield HealthRow(
            kind="suggestion",
            page_path=suggestion.page_path,
            title=suggestion.page_path,
            message=suggestion.reason,
            url=f"/app/review/{suggestion.id}",
            since=suggestion.created_at.date(),
        )


def _gaps(services: Services, viewer: Viewer) -> Iterable[HealthRow]:
    return (
        HealthRow(
            kind=gap.kind,
            page_path=gap.page_path,
            title=gap.page_title,
            message=f"{gap.message} {gap.hint}",
            url=mend_url(gap),
        )
        for gap in find_gaps(services.firm, viewer.audience)
    )


def _blockers(services: Services, viewer: Viewer, today: date) -> Iterator[HealthRow]:
    for blocker in blocker_board(services.firm, viewer.audience, today):
        if blocker.state != "resolved":
            yield HealthRow(
                kind=blocker.state,
                page_path=blocker.page_path,
                title=blocker.title,
                message=f"{blocker.turn or 'Nobody'}: {blocker.next_step}",
                url=f"/app/edit/{quote(blocker.page_path)}",
                since=blocker.raised,
            )
