"""GET /handoffs: who passes what to whom over the whole firm, and where that has gaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from knowhow.api.context import Asking, InUse
from knowhow.api.schemas import Model, PagePath
from wiki.access import Audience
from wiki.firm import Firm, Gap, HandoffRow, find_gaps, handoff_map, roles_of

__all__ = ["GapOut", "HandoffList", "HandoffOut", "handoffs_of", "router"]

router = APIRouter(tags=["handoffs"])


class HandoffOut(Model):
    page: PagePath
    title: str = Field(description="The process")
    number: int = Field(description="Counts on its page, from 1")
    line: int
    from_: str = Field(alias="from", description="A role, or several with commas")
    to: str
    moves: str
    owner: str
    done: str
    receipt: str = Field(description="How the receiver confirms it")
    if_plan_changes: str = Field(description="Who decides when things come differently")

    @classmethod
    def of(cls, row: HandoffRow) -> HandoffOut:
        handoff = row.handoff
        return cls.model_validate(
            {
                "page": row.page_path,
                "title": row.page_title,
                "number": row.number,
                "line": row.line,
                "from": handoff.from_role,
                "to": handoff.to_role,
                "moves": handoff.moves,
                "owner": handoff.owner,
                "done": handoff.done,
                "receipt": handoff.receipt,
                "if_plan_changes": handoff.if_plan_changes,
            }
        )


class GapOut(Model):
    kind: str = Field(description="As docs/formats.md lists them", examples=["no-done"])
    page: PagePath
    title: str
    line: int
    handoff: int = Field(description="The handoff's number on its page; 0 where the gap is about none")
    roles: list[str]
    message: str
    hint: str = Field(description="How to mend it")

    @classmethod
    def of(cls, gap: Gap) -> GapOut:
        return cls(
            kind=gap.kind,
            page=gap.page_path,
            title=gap.page_title,
            line=gap.line,
            handoff=gap.number,
            roles=list(gap.roles),
            message=gap.message,
            hint=gap.hint,
        )


class HandoffList(Model):
    items: list[HandoffOut]
    gaps: list[GapOut]
    next: str | None = None


def handoffs_of(firm: Firm, audience: Audience, *, page: str | None = None, role: str | None = None) -> HandoffList:
    """The handoffs and gaps that the audience may see; only those of a page, or of a role, where one is named."""
    rows = [row for row in handoff_map(firm, audience) if page in (None, row.page_path)]
    gaps = [gap for gap in find_gaps(firm, audience) if page in (None, gap.page_path)]
    if role is not None:
        rows = [row for row in rows if role in roles_of(row.handoff)]
        gaps = [gap for gap in gaps if role in gap.roles]
    return HandoffList(items=[HandoffOut.of(row) for row in rows], gaps=[GapOut.of(gap) for gap in gaps])


@router.get("/handoffs")
def handoffs(
    services: InUse,
    viewer: Asking,
    page: Annotated[str | None, Query(max_length=1000, description="Only this process")] = None,
    role: Annotated[str | None, Query(max_length=200, description="Only what this role passes on, receives or owns")] = None,
) -> HandoffList:
    """Every handoff of every process that the viewer may read, and the gaps in them; never paged."""
    known = None if page is None else services.workspace.known_path(page)
    return handoffs_of(services.firm, viewer.audience, page=known, role=role)
