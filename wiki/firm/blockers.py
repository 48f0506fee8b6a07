"""The board of blockers: what stands still, since when, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wiki.access import Audience
from wiki.firm.handoffs import role_title
from wiki.firm.known import Firm, FirmPage
from wiki.firm.working_days import after_working_days, in_working_days, working_days_between
from wiki.workspace.roles import Roles

__all__ = ["BLOCKER_STATES", "Blocker", "blocker_board"]

BLOCKER_STATES = ("late", "unowned", "open", "escalated", "unlearned", "resolved")
"""In the order of the board. late: to be passed on by now; unowned: open, and nobody keeps after it; unlearned: over, without a lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A page of kind blocker. `state` is one of BLOCKER_STATES, `status` what the page says: open, escalated or resolved.

    `age` is in working days, up to `resolved` or today; None where the page does not say since when. `escalate_on` is the day on which it
    is to be passed on to `escalated_to`. `turn` is who has to do something, "" for nobody, and `next_step` what.
    """

    page_path: str
    title: str
    state: str
    status: str
    owner: str
    clients: tuple[str, ...]
    raised: date | None
    age: int | None
    escalate_on: date | None
    escalated_to: str
    resolved: date | None
    lesson: str
    turn: str
    next_step: str


def blocker_board(firm: Firm, audience: Audience, today: date) -> list[Blocker]:
    """The blockers that the audience may read, by state, in each the oldest first; what is resolved, the newest first."""
    pages = [page for page in firm.readable(audience).values() if page.front_matter.kind == "blocker"]
    found = [_blocker(page, firm.roles, today) for page in pages]
    return sorted(found, key=_order)


def _order(blocker: Blocker) -> tuple[int, int, str]:
    day = blocker.resolved if blocker.status == "resolved" else blocker.raised
    number = (day or date.max).toordinal()
    return BLOCKER_STATES.index(blocker.state), -number if blocker.status == "resolved" else number, blocker.page_path


def _blocker(page: FirmPage, roles: Roles, today: date) -> Blocker:
    front = page.front_matter
    status = _status(page)
    end = front.resolved if status == "resolved" and front.resolved else today
    escalate_on = None
    if front.raised is not None and front.escalate_after is not None:
        escalate_on = _later(front.raised, in_working_days(front.escalate_after))
    state, turn, next_step = _turn(page, status, escalate_on, today)
    return Blocker(
        page_path=page.path,
        title=page.title,
        state=state,
        status=status,
        owner=front.owner,
        clients=front.clients,
        raised=front.raised,
        age=working_days_between(front.raised, end) if front.raised else None,
        escalate_on=escalate_on,
        escalated_to=front.escalated_to,
        resolved=front.resolved,
        lesson=front.lesson,
        turn=role_title(roles, turn),
        next_step=next_step.format(to=role_title(roles, front.escalated_to)) if next_step else "",
    )


def _turn(page: FirmPage, status: str, escalate_on: date | None, today: date) -> tuple[str, str, str]:
    """The state, whose turn it is, and what is to be done."""
    front = page.front_matter
    if status == "resolved":
        if front.lesson:
            return "resolved", "", ""
        return "unlearned", front.owner, "Write what was learned, or that nothing changes and why."
    if status == "escalated":
        if front.escalated_to:
            return "escalated", front.escalated_to, "Say who does what by when."
        return "unowned" if not front.owner else "escalated", front.owner, "Write to whom it was passed on."
    if not front.owner:
        return "unowned", front.escalated_to, "Name an owner."
    if escalate_on is not None and escalate_on < today:
        return "late", front.owner, "Pass it on to {to}." if front.escalated_to else "Pass it on, and write to whom."
    return "open", front.owner, "Keep after it."


def _status(page: FirmPage) -> str:
    """What the page says; any other word counts as open, so that nothing is lost by a slip, unless it says when it was over."""
    written = page.front_matter.status.strip().lower()
    if written in ("open", "escalated", "resolved"):
        return written
    return "resolved" if page.front_matter.resolved else "open"


def _later(day: date, working_days: int) -> date | None:
    try:
        return after_working_days(day, working_days)
    except OverflowError:  # never
        return None
