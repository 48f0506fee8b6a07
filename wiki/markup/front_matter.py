"""The front matter of a page: YAML or TOML, as typed data, whatever a person or another tool has written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from wiki.markup.front_matter_block import find_front_matter, never_closed, raw_values
from wiki.markup.front_matter_slips import lost_mark
from wiki.markup.front_matter_values import Values

__all__ = [
    "KINDS",
    "VISIBILITIES",
    "Evidence",
    "FrontMatter",
    "Handoff",
    "read_front_matter",
]

KINDS = ("process", "procedure", "decision", "blocker", "policy", "reference")
VISIBILITIES = ("public", "team", "restricted")

_HANDOFF_FIELDS = ("from", "to", "moves", "owner", "done", "receipt", "if_plan_changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A point in a process where work passes from one role to another. Empty strings where the page does not say.

    `receipt` is how the receiver says that it has arrived, `if_plan_changes` who decides when things come differently.
    """

    from_role: str = ""
    to_role: str = ""
    moves: str = ""
    owner: str = ""
    done: str = ""
    receipt: str = ""
    if_plan_changes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a decision rests on: words somebody said and the update they came in with."""

    quote: str
    update: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The front matter's known keys, each with a default; `extra` keeps the others, each value in them as its text."""

    title: str = ""
    kind: str = "reference"
    owner: str = ""
    reviewed: date | None = None
    review_every: timedelta | None = None
    visibility: str = "team"
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    # process
    trigger: str = ""
    outcome: str = ""
    handoffs: tuple[Handoff, ...] = ()
    # procedure
    part_of: str = ""
    step: str = ""
    # decision and blocker
    status: str = ""
    decided: date | None = None
    deciders: tuple[str, ...] = ()
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    supersedes: tuple[str, ...] = ()
    raised: date | None = None
    escalate_after: timedelta | None = None
    escalated_to: str = ""
    resolved: date | None = None
    lesson: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def read_front_matter(text: str) -> tuple[FrontMatter, int, tuple[str, ...]]:
    """The front matter of `text`, the offset at which the body starts, and sentences about what could not be used.

    Never raises. A page whose front matter cannot be read could have been meant as restricted, so it counts as that.
    """
    block = find_front_matter(text) if text else None
    if block is None:
        if mark := never_closed(text):
            return _restricted(0, f'The front matter is opened with "{mark}" and never closed.')
        return FrontMatter(), 0, ()
    try:
        raw = raw_values(text, block)
    except ValueError as error:
        return _restricted(block.body_start, str(error))
    if not isinstance(raw, dict):
        source = text[block.start : block.end]
        if raw is None and not source.strip():
            return FrontMatter(), block.body_start, ()
        if "visibility" in source.lower() or "restricted" in source.lower():
            return _restricted(block.body_start, "The front matter is not a list of keys with values.")
        return FrontMatter(), 0, ()  # text between two rules, as MkDocs has it
    slip = lost_mark(text[block.start : block.end]) if block.form == "yaml" else ""
    problems = [slip] if slip else []
    return _typed(Values(raw, problems)), block.body_start, tuple(problems)


def _restricted(body_start: int, problem: str) -> tuple[FrontMatter, int, tuple[str, ...]]:
    return (
        FrontMatter(visibility="restricted"),
        body_start,
        (f"{problem} Until this is mended, the page counts as restricted.",),
    )


def _typed(values: Values) -> FrontMatter:
    return FrontMatter(
        title=values.text("title"),
        kind=values.choice("kind", KINDS, default="reference"),
        owner=values.text("owner"),
        reviewed=values.date("reviewed"),
        review_every=values.duration("review_every"),
        visibility=values.choice("visibility", VISIBILITIES, default="team", otherwise="restricted"),
        groups=values.words("groups"),
        tags=values.words("tags"),
        clients=values.words("clients"),
        trigger=values.text("trigger"),
        outcome=values.text("outcome"),
        handoffs=tuple(
            Handoff(from_role=handoff.pop("from"), to_role=handoff.pop("to"), **handoff)
            for handoff in values.records("handoffs", _HANDOFF_FIELDS)
        ),
        part_of=values.text("part_of"),
        step=values.text("step"),
        status=values.text("status"),
        decided=values.date("decided"),
        deciders=values.words("deciders"),
        reason=values.text("reason"),
        evidence=tuple(
            Evidence(quote=e["quote"], update=e["update"])
            for e in values.records("evidence", ("quote", "update"), bare="quote")
        ),
        supersedes=values.words("supersedes"),
        raised=values.date("raised"),
        escalate_after=values.duration("escalate_after"),
        escalated_to=values.text("escalated_to"),
        resolved=values.date("resolved"),
        lesson=values.text("lesson"),
        extra=values.rest(),
    )
