"""Taking an accepted suggestion back: a commit that takes out what it changed and keeps what others changed since."""

from __future__ import annotations

from wiki.access import Level, Viewer, require
from wiki.editing.saving import delete_page, save_page
from wiki.editing.writing import Saved
from wiki.errors import EditConflict, InvalidInput, StaleRevision
from wiki.git.repository import Repository
from wiki.review.suggestion import Suggestion
from wiki.workspace.workspace import Workspace

__all__ = ["undo_accepted"]


def undo_accepted(ws: Workspace, repo: Repository, viewer: Viewer, suggestion: Suggestion) -> Saved:
    """Write the page as it was before `suggestion` was accepted, merged with later edits; a page that it made is deleted.

    Raises InvalidInput where it was not accepted, StaleRevision where later edits changed the same lines; otherwise as save_page.
    """
    require(viewer, Level.EDITOR, "undo an edit")
    if suggestion.status != "accepted" or not suggestion.revision:
        raise InvalidInput("This suggestion was not accepted.", hint="Only an accepted edit can be undone.")
    subject = repo.revision(suggestion.revision).message.partition("\n")[0]
    message, trailers = f"Undo: {subject}", {"Reverts": suggestion.revision}
    if suggestion.action == "new_page":
        return delete_page(ws, repo, viewer, suggestion.page_path, base_revision=suggestion.revision, message=message)
    try:
        return save_page(
            ws,
            repo,
            viewer,
            suggestion.page_path,
            suggestion.base_text,
            base_revision=suggestion.revision,
            message=message,
            trailers=trailers,
        )
    except EditConflict as error:
        raise StaleRevision(
            f"{suggestion.page_path} changed on the same lines since.",
            hint="Open its history and bring the older text back by hand.",
        ) from error
