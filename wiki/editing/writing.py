"""What every write of a page has in common: who makes it, on which revision, and what was changed outside of Knowhow.

Before a page is written, an outside edit (by an editor, a script) is committed first, as `Outside edit`. Its author is the
person in git's own settings (`user.name`, `user.email`), who most likely made it, or `Unknown` where none is set.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from wiki.access import Viewer, require_read
from wiki.errors import InvalidInput, NotFound, Overtaken, StaleRevision
from wiki.git.blob import blob_id
from wiki.git.repository import Change, Person, Repository
from wiki.pages.page import Page
from wiki.workspace.workspace import MAX_PAGE_BYTES, Workspace

__all__ = [
    "Saved",
    "again_if_overtaken",
    "author_of",
    "check_base",
    "check_no_alias",
    "check_no_symlink_to",
    "full_revision",
    "known_base",
    "page_revision",
    "readable_page",
    "settle",
]

_TRIES = 20
_PAUSE_S = 0.02
_P = ParamSpec("_P")

OUTSIDE_EDIT = "Outside edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a write. `revision` is the page's newest one. `merged`: somebody else's edit was merged in. `changed`:
    False where the page already had this text, and then nothing was committed."""

    page_path: str
    revision: str
    merged: bool
    changed: bool


def page_revision(ws: Workspace, repo: Repository, page_path: str) -> str:
    """The id of the last commit that touched a page; "" if git never saw it."""
    revision = repo.last_change(ws.repo_path(page_path))
    return revision.id if revision else ""


def readable_page(ws: Workspace, viewer: Viewer, page_path: str) -> Page | None:
    """A page as it stands, None where there is none. Raises NotFound for one that the viewer may not read."""
    try:
        page = ws.read_page(page_path)
    except NotFound:
        return None
    require_read(viewer, page, page_path)
    return page


def check_no_alias(ws: Workspace, page_path: str, *, only_other_pages: bool = False) -> None:
    """Raise InvalidInput for a page that is a symlink: a write would change another file than the one that was named.

    With `only_other_pages`, a symlink to a file that is no page by itself will do (`content/README.md -> ../README.md`).
    """
    docs_dir = ws.docs_dir.resolve()
    file = ws.page_file(page_path)
    if file != docs_dir / page_path and not (only_other_pages and not file.is_relative_to(docs_dir)):
        target = file.relative_to(docs_dir if file.is_relative_to(docs_dir) else ws.root).as_posix()
        raise InvalidInput(f"{page_path} is a symlink to {target}.", hint=f"Change {target} itself.")


def check_no_symlink_to(ws: Workspace, page_path: str) -> None:
    """Raise InvalidInput where another page is a symlink to this one, which would then lead nowhere."""
    for other in ws.page_paths():
        if (ws.docs_dir / other).is_symlink() and ws.alias_of(other) == page_path:
            raise InvalidInput(
                f"{other} is a symlink to {page_path} and would lead nowhere.", hint=f"Remove the symlink {other} first."
            )


def again_if_overtaken(write: Callable[_P, Saved]) -> Callable[_P, Saved]:
    """Run a write again when a file changed outside between its being read and written: the outside edit is settled first then."""

    @wraps(write)
    def tried(*args: _P.args, **kwargs: _P.kwargs) -> Saved:
        for _ in range(_TRIES - 1):
            with suppress(Overtaken):
                return write(*args, **kwargs)
            time.sleep(_PAUSE_S)
        return write(*args, **kwargs)

    return tried


def settle(ws: Workspace, repo: Repository, page_paths: Sequence[str]) -> list[str]:
    """Commit what was changed outside of Knowhow on these pages; those it was found on. Needs the writer lock.

    An edit, a new file and a deletion all count. A file too large for a page is left alone, and so is one that git is not to
    keep (Repository.takes).
    """
    changes: list[Change] = []
    found: list[str] = []
    for page_path in page_paths:
        stat = ws.stat(page_path)
        if (stat is not None and stat[1] > MAX_PAGE_BYTES) or not repo.dirty(repo_path := ws.repo_path(page_path)):
            continue
        if not repo.takes(repo_path):
            continue
        data = None if stat is None else ws.read_bytes(page_path)
        changes.append(Change(path_in_repo=repo_path, data=data, made_on="" if data is None else blob_id(data)))
        found.append(page_path)
    if changes:
        repo.commit(changes, author=repo.configured_person() or Person(name="Unknown", email=""), message=OUTSIDE_EDIT)
    return found


def author_of(viewer: Viewer) -> Person:
    """The author that a viewer's commits carry."""
    return Person(name=viewer.name or viewer.handle, email=viewer.email)


def known_base(base: str, page: Page | None, current: str) -> str:
    """The revision that an edit was made on, for a `base` that wiki.editing.view_page gave: `REVISION+BLOB` where the text was not
    in git yet. It is `current`, the page's newest one, if that is the text which the page still has."""
    revision, plus, blob = base.partition("+")
    return current if plus and page is not None and page.blob == blob else revision


def check_base(repo: Repository, page: Page, base_revision: str | None, current: str) -> None:
    """Raise StaleRevision unless `base_revision` is the page's newest revision; None is no demand."""
    page_path = page.path
    if base_revision is not None and full_revision(repo, known_base(base_revision, page, current)) != current:
        raise StaleRevision(f"{page_path} changed after you opened it.", hint="Reload the page and look at the change first.")


def full_revision(repo: Repository, revision: str) -> str:
    """A revision's whole id, for one that may be shortened; "" stays."""
    return revision if len(revision) >= 40 or not revision else repo.revision(revision).id
