"""Flags: reasons to distrust a page, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wiki.suggestion import SuggestionEvidence

__all__ = ["Flag", "FlagDraft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDraft:
    """A flag before it is stored. `kind` is "contradicted" (an update says otherwise) or "outdated" (a reader says so)."""

    page_path: str
    section: str
    kind: str
    evidence: tuple[SuggestionEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(FlagDraft):
    id: str
    since: datetime
    status: str  # "open" or "closed"
