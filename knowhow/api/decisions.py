"""GET /decided: was that decided? GET /decisions: the log."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.decided import Decided
from knowhow.api.context import Asking, InUse
from knowhow.api.schemas import Model, PagePath
from wiki.firm import Decision, decision_log

__all__ = ["DecidedOut", "DecisionList", "DecisionOut", "router"]

router = APIRouter(tags=["decisions"])


class EvidenceOut(Model):
    quote: str
    update: str


class DecisionOut(Model):
    page: PagePath
    title: str
    status: str = Field(examples=["proposed", "accepted", "rejected", "superseded"])
    decided: datetime.date | None
    deciders: list[str]
    reason: str = Field(description="Empty where none is recorded")
    evidence: list[EvidenceOut]
    supersedes: list[str] = Field(description="The pages whose place it took")
    superseded_by: list[str] = Field(description="The pages that took its place")

    @classmethod
    def of(cls, decision: Decision) -> DecisionOut:
        return cls(
            page=decision.page_path,
            title=decision.title,
            status=decision.status,
            decided=decision.decided,
            deciders=list(decision.deciders),
            reason=decision.reason,
            evidence=[EvidenceOut(quote=evidence.quote, update=evidence.update) for evidence in decision.evidence],
            supersedes=list(decision.supersedes),
            superseded_by=list(decision.superseded_by),
        )


class DecisionList(Model):
    items: list[DecisionOut]
    next: str | None = None


class DecidedOut(Model):
    verdict: Literal["yes", "no", "changed", "proposed", "no-record"] = Field(
        description="no: decided against it; changed: decided, and something took its place; no-record: none that the viewer may read"
    )
    answer: str = Field(description="The same in words, with date, people and reason")
    decision: DecisionOut | None
    current: DecisionOut | None = Field(description="What took its place")
    others: list[DecisionOut] = Field(description="What comes near as well")
    took_ms: float

    @classmethod
    def of(cls, found: Decided) -> DecidedOut:
        return cls(
            verdict=found.verdict,
            answer=found.text,
            decision=DecisionOut.of(found.decision) if found.decision else None,
            current=DecisionOut.of(found.current) if found.current else None,
            others=[DecisionOut.of(other) for other in found.others],
            took_ms=found.took_ms,
        )


@router.get("/decided")
def decided(
    services: InUse,
    viewer: Asking,
    q: Annotated[
        str, Query(min_length=1, max_length=1000, description="In plain words", examples=["did we agree to bill monthly?"])
    ],
) -> DecidedOut:
    """Whether something was decided, from the decisions that the viewer may read, without a model."""
    return DecidedOut.of(services.decisions.ask(q, viewer.audience))


@router.get("/decisions")
def decisions(
    services: InUse, viewer: Asking, status: Annotated[str | None, Query(max_length=40, description="Only these")] = None
) -> DecisionList:
    """The log of decisions that the viewer may read, the newest first; never paged."""
    log = decision_log(services.firm, viewer.audience)
    return DecisionList(items=[DecisionOut.of(decision) for decision in log if status in (None, decision.status)])
