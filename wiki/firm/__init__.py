"""The firm's own subject: who hands what to whom and where that has gaps, what was decided, what
stands still, what may no longer be right. Reads front matter; knows no model and no screen."""

from __future__ import annotations

from wiki.firm.blockers import BLOCKER_STATES, Blocker, blocker_board
from wiki.firm.decisions import Decision, decision_log
from wiki.firm.freshness import SIGNAL_KINDS, Signal, Signs, signals
from wiki.firm.gaps import GAP_KINDS, Gap, find_gaps, gap_findings
from wiki.firm.handoffs import HandoffRow, handoff_map, role_names, role_title, roles_of
from wiki.firm.known import Firm, FirmPage
from wiki.firm.mending import KEY_OF_GAP, filled

__all__ = [
    "BLOCKER_STATES",
    "GAP_KINDS",
    "KEY_OF_GAP",
    "SIGNAL_KINDS",
    "Blocker",
    "Decision",
    "Firm",
    "FirmPage",
    "Gap",
    "HandoffRow",
    "Signal",
    "Signs",
    "blocker_board",
    "decision_log",
    "filled",
    "find_gaps",
    "gap_findings",
    "handoff_map",
    "role_names",
    "role_title",
    "roles_of",
    "signals",
]
