"""How pages change and what they were: saving, moving, history, backlinks and checks."""

from __future__ import annotations

from wiki.editing.checks import Cause, Finding, by_cause, check_workspace
from wiki.editing.converting import convert_page, page_conversion
from wiki.editing.history import page_diff, page_history, revision_texts
from wiki.editing.moving import move_page, moved_to
from wiki.editing.naming import check_new_page
from wiki.editing.saving import delete_page, open_page, restore_page, save_page, view_page
from wiki.editing.shared_links import SharedLinks
from wiki.editing.writing import Saved, page_revision

__all__ = [
    "Cause",
    "Finding",
    "Saved",
    "SharedLinks",
    "by_cause",
    "check_new_page",
    "check_workspace",
    "convert_page",
    "delete_page",
    "move_page",
    "moved_to",
    "open_page",
    "page_conversion",
    "page_diff",
    "page_history",
    "page_revision",
    "restore_page",
    "revision_texts",
    "save_page",
    "view_page",
]
