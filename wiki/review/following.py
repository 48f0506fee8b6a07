"""Suggestions and flags follow their pages where a process was killed between a move's commit and its telling them."""

from __future__ import annotations

from collections.abc import Iterable

from wiki.editing.moving import moved_to
from wiki.git.repository import Repository
from wiki.review.flags import FlagStore
from wiki.review.suggestion import SuggestionStore
from wiki.workspace.workspace import Workspace

__all__ = ["follow_moves"]


def follow_moves(
    workspace: Workspace,
    repository: Repository,
    suggestions: SuggestionStore,
    flags: FlagStore,
    page_paths: Iterable[str] | None = None,
) -> int:
    """Put what is on these pages (None: on any) to where a page that is gone was moved to; how many pages were moved.

    Doing it twice does nothing.
    """
    held = {*suggestions.open_pages(), *flags.pages()} if page_paths is None else set(page_paths)
    followed = 0
    for page_path in sorted(path for path in held if workspace.stat(path) is None):
        if (new_path := moved_to(workspace, repository, page_path)) is not None:
            suggestions.moved(page_path, new_path)
            flags.moved(page_path, new_path)
            followed += 1
    return followed
