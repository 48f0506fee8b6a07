"""Gaps: where work can slip between two people, because no page says what should be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wiki.access import Audience, everyone_audience
from wiki.editing import Finding
from wiki.firm.known import Firm
from wiki.workspace.workspace import Workspace

__all__ = ["GAP_KINDS", "Gap", "find_gaps", "gap_findings"]

GAP_KINDS: Mapping[str, str] = {
    "no-sender": "a handoff without `from`",
    "nobody-receives": "a handoff without `to`",
    "nothing-moves": "a handoff without `moves`",
    "no-owner": "a handoff without `owner`",
    "no-done": "a handoff without `done`",
    "no-receipt": "a handoff without `receipt`, where another one of the same process has it",
    "no-plan-change": "a handoff without `if_plan_changes`, where another one of the same process has it",
    "to-itself": "a handoff from a role to the same role",
    "role-unknown": "a role that roles.yml does not have",
    "role-vacant": "a role that nobody holds",
    "no-deputy": "a role whose holder has no deputy",
    "no-receiver-page": "a role that receives work and owns no page",
    "disagree": "the same handoff on two pages, with another owner or another `done`",
    "chain-broken": "a step that leads to another process, and no handoff to a role that starts it",
    "no-handoffs": "a process whose procedures belong to several roles, without any handoff",
    "no-trigger": "a process without `trigger`",
    "no-outcome": "a process without `outcome`",
    "process-without-owner": "a process without `owner`",
    "procedure-without-process": "a procedure without `part_of`, where there are processes",
    "process-unknown": "a procedure whose `part_of` names no process",
    "step-unknown": "a procedure whose `step` is none of its process",
    "step-twice": "two procedures for one step of a process",
}
"""Every kind of gap, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a rule found on a page. `message` says what is missing, `hint` how to mend it; `line` is 1-based.

    `roles` are the roles concerned, `number` is the handoff's on its page, 0 where it is about none.
    """

    kind: str
    page_path: str
    page_title: str
    line: int
    message: str
    hint: str
    roles: tuple[str, ...] = ()
    number: int = 0


def find_gaps(firm: Firm, audience: Audience) -> list[Gap]:
    """All gaps, by page and line: what the firm looks like to somebody who may read only these pages, as if there were no others."""
    from wiki.firm.gap_rules import RULES, Seen

    seen = Seen.of(firm.readable(audience), firm.roles)
    found = [gap for rule in RULES for gap in rule(seen)]
    return sorted(found, key=lambda gap: (gap.page_path, gap.line, gap.number, list(GAP_KINDS).index(gap.kind), gap.message))


def gap_findings(workspace: Workspace) -> list[Finding]:
    """All gaps as findings of the check, one cause for each kind."""
    return [
        Finding(
            page_path=gap.page_path,
            line=gap.line,
            rule="gap",
            message=f"{gap.message} {gap.hint}",
            cause=f"Gaps in handoffs, {gap.kind}: {GAP_KINDS[gap.kind]}.",
            advice=True,
        )
        for gap in find_gaps(Firm(workspace), everyone_audience())
    ]
