"""The life of a suggestion: propose, rebase, accept (whole or by hunk), reject with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Suggestion", "SuggestionDraft", "SuggestionEvidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionEvidence:
    """What a suggestion rests on: the update's id, the words said (verbatim), who said them and when."""

    update: str
    quote: str
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDraft:
    """A suggestion before it is stored. `section` is the anchor ("" for the page's top); `new_text` is the whole page after the edit.

    `base_revision` and `base_text` are what the edit was made on; both "" for action "new_page". `confidence` is 0 to 1.
    """

    page_path: str
    section: str
    action: str  # "edit" or "new_page"
    base_revision: str
    base_text: str
    new_text: str
    reason: str
    confidence: float
    evidence: tuple[SuggestionEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(SuggestionDraft):
    """A stored suggestion; `status` is open, accepted, rejected or superseded; `revision` is the commit once accepted."""

    id: str
    status: str
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_reason: str = ""
    revision: str = ""
