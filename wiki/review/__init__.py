"""Suggestions and flags, from the proposal to a person's decision."""

from __future__ import annotations

from wiki.review.confirming import OpenFlags, confirm_page, may_confirm
from wiki.review.flags import Flag, FlagDraft, FlagStore
from wiki.review.following import follow_moves
from wiki.review.review import AlreadyDecided, Review, ReviewItem
from wiki.review.suggestion import Suggestion, SuggestionDraft, SuggestionEvidence, SuggestionStore

__all__ = [
    "AlreadyDecided",
    "Flag",
    "FlagDraft",
    "FlagStore",
    "OpenFlags",
    "Review",
    "ReviewItem",
    "Suggestion",
    "SuggestionDraft",
    "SuggestionEvidence",
    "SuggestionStore",
    "confirm_page",
    "follow_moves",
    "may_confirm",
]
