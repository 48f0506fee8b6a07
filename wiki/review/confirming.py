"""Confirming a page: its owner says that it is still right. An act of its own, which changes no text."""

from __future__ import annotations

from datetime import date

from wiki.access import Level, Viewer, require, require_read
from wiki.editing.writing import Saved, again_if_overtaken, author_of, check_no_alias, page_revision, settle
from wiki.errors import NotAllowed, WikiError
from wiki.git.repository import Change, Repository
from wiki.pages.confirming import confirmed
from wiki.pages.page import Page
from wiki.review.flags import FlagStore
from wiki.workspace.roles import Roles
from wiki.workspace.workspace import Workspace

__all__ = ["OpenFlags", "confirm_page", "may_confirm"]


class OpenFlags(WikiError):
    """A page with open flags is not confirmed: somebody has said why it may be wrong."""

    code = "open-flags"


def may_confirm(viewer: Viewer, page: Page, roles: Roles) -> bool:
    """Whether the viewer answers for the page: its owner, holder or deputy of the role that owns it, or an admin."""
    if viewer.level >= Level.ADMIN:
        return True
    owner = page.front_matter.owner
    role = roles.get(owner)
    names = {role.holder, role.deputy} if role is not None else {owner}
    return viewer.level >= Level.CONTRIBUTOR and viewer.handle in names - {""}


@again_if_overtaken
def confirm_page(ws: Workspace, repo: Repository, flags: FlagStore, viewer: Viewer, page_path: str, *, today: date) -> Saved:
    """Set the page's `reviewed` to `today`, as a commit by the viewer that changes this line alone.

    Raises NotFound as for reading, NotAllowed for who does not answer for the page, OpenFlags with what was said against it,
    InvalidInput where the line cannot be set alone; then, and after StorageError or WorkspaceBusy, the page is as it was.
    """
    page_path = ws.known_path(page_path)
    check_no_alias(ws, page_path)
    repo_path = ws.repo_path(page_path)
    with ws.lock():
        page = ws.read_page(page_path)
        require_read(viewer, page, page_path)
        _check(ws, flags, viewer, page)
        repo.check_takes(repo_path)
        settled = settle(ws, repo, [page_path])
        after = confirmed(page, today)
        if after.text == page.text:
            if settled:
                ws.changed([page_path])
            return Saved(page_path=page_path, revision=page_revision(ws, repo, page_path), merged=False, changed=False)
        change = Change(path_in_repo=repo_path, data=after.text.encode("utf-8", "surrogateescape"), made_on=page.blob)
        revision = repo.commit([change], author=author_of(viewer), message=f"Confirm {page_path}")
        ws.changed([page_path])
        return Saved(page_path=page_path, revision=revision, merged=False, changed=True)


def _check(ws: Workspace, flags: FlagStore, viewer: Viewer, page: Page) -> None:
    require(viewer, Level.CONTRIBUTOR, "confirm pages")
    if not may_confirm(viewer, page, ws.roles):
        owner = page.front_matter.owner
        who = f"its owner, {owner}," if owner else "an admin, since nobody owns it,"
        raise NotAllowed(f"You may not confirm {page.path}.", hint=f"Ask {who} or suggest an edit.")
    if found := flags.page(viewer, page_path=page.path, limit=1):
        said = next((f" “{evidence.quote}”" for evidence in found[0].evidence if evidence.quote), "")
        raise OpenFlags(
            f"{page.path} is flagged as {found[0].kind} since {found[0].since.date().isoformat()}:{said}",
            hint="Mend the page or close the flag, then confirm it.",
        )
