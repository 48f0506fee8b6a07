"""The one way a page is written: under the writer lock, as the viewer's commit, never over what somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from wiki.access import Level, Viewer, may_read, require, require_read
from wiki.editing.naming import check_new_name, check_no_twin, path_of_new
from wiki.editing.writing import (
    Saved,
    again_if_overtaken,
    author_of,
    check_base,
    check_no_alias,
    check_no_symlink_to,
    full_revision,
    known_base,
    page_revision,
    readable_page,
    settle,
)
from wiki.errors import EditConflict, InvalidInput, NotFound, Overtaken, StaleRevision, StorageError, WorkspaceBusy
from wiki.git.repository import Change, Repository, Revision
from wiki.markup.line_ends import as_lf, like
from wiki.pages.page import Page, has_undecoded, parse_page, printable
from wiki.workspace.workspace import MAX_PAGE_BYTES, Workspace, no_page

__all__ = ["Opened", "delete_page", "open_page", "restore_page", "save_page", "view_page"]


_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A page and the revision that holds exactly this text: what an edit is made on."""

    page: Page
    revision: str


def open_page(ws: Workspace, repo: Repository, viewer: Viewer, page_path: str) -> Opened:
    """A page to be edited or quoted with its revision. An outside edit is committed first, or else the revision would name
    another text, and the outside edit would later look like the viewer's. Raises NotFound as for reading.

    Where nothing can be committed (a full disk), the revision is older than the text: what is saved on it is merged.
    """
    page_path = ws.known_path(page_path)
    opened, exact = _opened(ws, repo, viewer, page_path)
    if not exact:
        with suppress(StorageError, WorkspaceBusy), ws.lock():
            for _ in range(_TRIES):
                with suppress(Overtaken):  # changed again at this moment
                    if settle(ws, repo, [page_path]):
                        ws.changed([page_path])
                opened, exact = _opened(ws, repo, viewer, page_path)
                if exact:
                    break
    return opened


def view_page(ws: Workspace, repo: Repository, viewer: Viewer, page_path: str) -> Opened:
    """A page to be read, or edited later, with the revision to save on; commits nothing. Raises NotFound as for reading.

    Where the text was edited outside and is in no revision yet, `revision` is `REVISION+BLOB`: save_page takes it, and knows
    whether the page still has this text.
    """
    page_path = ws.known_path(page_path)
    before: Opened | None = None
    for _ in range(_TRIES):
        opened, exact = _opened(ws, repo, viewer, page_path)
        if exact:
            return opened
        if opened == before:  # no save is at work: it was edited outside
            break
        before = opened
    if not repo.takes(ws.repo_path(page_path)):
        return opened
    with suppress(StorageError):  # a full disk: what is saved on it is merged from the revision then
        repo.keep_blob(opened.page.text.encode("utf-8", "surrogateescape"))
    return replace(opened, revision=f"{opened.revision}+{opened.page.blob}")


@again_if_overtaken
def save_page(
    ws: Workspace,
    repo: Repository,
    viewer: Viewer,
    page_path: str,
    text: str,
    *,
    base_revision: str | None,
    message: str,
    trailers: Mapping[str, str] | None = None,
) -> Saved:
    """Write a page as a commit by `viewer`. Line ends stay the page's own.

    `base_revision` is the revision that the edit was made on, None for a new page. If the page moved on since, both edits are
    merged. Raises NotAllowed below editor, NotFound for a page the viewer may not read, StaleRevision where a new page
    exists already or the edited one is gone, EditConflict where both changed the same lines, InvalidInput for a path or
    text that cannot be a page's, StorageError and WorkspaceBusy. After each of them the page is as it was.
    """
    require(viewer, Level.EDITOR, "edit pages")
    _check_text(text)
    if base_revision is None:
        check_no_twin(ws, path_of_new(ws, page_path))
    page_path = ws.known_path(page_path)
    check_no_alias(ws, page_path, only_other_pages=True)
    repo_path = ws.repo_path(page_path)
    with ws.lock():
        repo.check_takes(repo_path)
        first = repo.last_change(repo_path) is None
        settled = settle(ws, repo, [page_path])
        current = readable_page(ws, viewer, page_path)
        revision = page_revision(ws, repo, page_path)
        seen = None
        if base_revision is not None:
            seen = _seen(repo, viewer, current, base_revision)
            base_revision = known_base(base_revision, current, revision)
        if current is not None and has_undecoded(current.text) and text == printable(text) and "\ufffd" in text:
            raise InvalidInput(
                f"{page_path} holds bytes that are no UTF-8, and this text has lost them.",
                hint=f"Convert it first, with `knowhow page convert {page_path}`.",
            )
        if current is None:
            if base_revision:
                raise StaleRevision(
                    f"{page_path} was deleted after you opened it.", hint="Save it as a new page if it is still needed."
                )
            check_new_name(ws, page_path)
            new_text, merged = text, False
        elif base_revision is None or (base_revision == "" and not (first and settled)):
            raise StaleRevision(f"There is a page {page_path} already.", hint="Open it and edit it, or choose another path.")
        else:
            new_text, merged = _merged(repo, repo_path, current, base_revision or revision, revision, text, seen=seen)
        if current is not None and new_text == current.text:
            if settled:
                ws.changed([page_path])
            return Saved(page_path=page_path, revision=revision, merged=merged, changed=False)
        change = Change(
            path_in_repo=repo_path,
            data=new_text.encode("utf-8", "surrogateescape"),
            made_on="" if current is None else current.blob,
        )
        message = message.strip() or f"Edit {page_path}"
        revision = repo.commit([change], author=author_of(viewer), message=message, trailers=trailers)
        ws.changed([page_path])
        return Saved(page_path=page_path, revision=revision, merged=merged, changed=True)


@again_if_overtaken
def delete_page(
    ws: Workspace, repo: Repository, viewer: Viewer, page_path: str, *, base_revision: str | None = None, message: str = ""
) -> Saved:
    """Delete a page as a commit by `viewer`; it stays in the history and restore_page brings it back.

    With a `base_revision` that is no longer the newest, raises StaleRevision; otherwise as save_page.
    """
    require(viewer, Level.EDITOR, "delete pages")
    page_path = ws.known_path(page_path)
    check_no_alias(ws, page_path)
    repo_path = ws.repo_path(page_path)
    with ws.lock():
        repo.check_takes(repo_path)
        settle(ws, repo, [page_path])
        page = readable_page(ws, viewer, page_path)
        if page is None:
            raise no_page(page_path)
        check_no_symlink_to(ws, page_path)
        check_base(repo, page, base_revision, page_revision(ws, repo, page_path))
        change = Change(path_in_repo=repo_path, data=None, made_on=page.blob)
        revision = repo.commit([change], author=author_of(viewer), message=message or f"Delete {page_path}")
        ws.changed([page_path])
        return Saved(page_path=page_path, revision=revision, merged=False, changed=True)


@again_if_overtaken
def restore_page(ws: Workspace, repo: Repository, viewer: Viewer, page_path: str, revision: str) -> Saved:
    """Write a page as it was at `revision`, byte for byte, as a new commit by `viewer`; a deleted page comes back.

    The page may have had another path then. Raises as save_page; NotFound where the page did not exist at that revision.
    """
    require(viewer, Level.EDITOR, "restore pages")
    page_path = ws.known_path(page_path)
    check_no_alias(ws, page_path, only_other_pages=True)
    repo_path = ws.repo_path(page_path)
    with ws.lock():
        settled = settle(ws, repo, [page_path])
        current = readable_page(ws, viewer, page_path)
        wanted = repo.revision(revision)
        history = repo.history(repo_path, limit=100_000)
        data = _data_at(repo, repo_path, wanted, history)
        labels = [parse_page(page_path, data)]
        if current is None:
            check_no_twin(ws, page_path)
        if current is None:  # who could not read it before it was deleted cannot bring it back
            labels += [parse_page(page_path, last) for last in _last_data(repo, history)]
        for page in labels:
            require_read(viewer, page, page_path)
        if current is not None and data == current.text.encode("utf-8", "surrogateescape"):
            if settled:
                ws.changed([page_path])
            return Saved(page_path=page_path, revision=page_revision(ws, repo, page_path), merged=False, changed=False)
        message = f"Restore {page_path} as of {wanted.at:%Y-%m-%d %H:%M} UTC"
        change = Change(path_in_repo=repo_path, data=data, made_on="" if current is None else current.blob)
        written = repo.commit([change], author=author_of(viewer), message=message, trailers={"Restores": wanted.id})
        ws.changed([page_path])
        return Saved(page_path=page_path, revision=written, merged=False, changed=True)


def _opened(ws: Workspace, repo: Repository, viewer: Viewer, page_path: str) -> tuple[Opened, bool]:
    """The page and its revision, and whether the one holds exactly the other: not after an outside edit or amid a save.

    The revision is looked up before the text is read, and it is this very text that is compared with git. A save between two of
    these steps would else pair the old text with the new revision, and what is saved on that would undo it.
    """
    revision = page_revision(ws, repo, page_path)
    page = readable_page(ws, viewer, page_path)
    if page is None:
        raise no_page(page_path)
    same = not repo.dirty(ws.repo_path(page_path), page.text.encode("utf-8", "surrogateescape"))
    return Opened(page=page, revision=revision), same and page_revision(ws, repo, page_path) == revision


def _check_text(text: str) -> None:
    try:
        size = len(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        raise InvalidInput("The text is not valid Unicode.", hint="Save it as UTF-8 and send it again.") from None
    if size > MAX_PAGE_BYTES:
        raise InvalidInput(
            f"The text is too large: more than {MAX_PAGE_BYTES // 1_000_000} MB.", hint="Split it into several pages."
        )


def _seen(repo: Repository, viewer: Viewer, current: Page | None, base: str) -> Page | None:
    """The text that a `base` of view_page names where it was in no revision, and the page has another one by now."""
    blob = base.partition("+")[2]
    if not blob or current is None or current.blob == blob or (data := repo.blob(blob)) is None:
        return None
    seen = parse_page(current.path, data)
    return seen if may_read(viewer.audience, seen) else None


def _merged(
    repo: Repository, repo_path: str, current: Page, base_revision: str, revision: str, text: str, *, seen: Page | None
) -> tuple[str, bool]:
    """(the text to write, whether it is a merge) for an edit made on `base_revision` of a page that is at `revision` now; or on the
    text that was `seen`, which no revision may have."""
    ours, theirs = as_lf(text), as_lf(current.text)
    if ours == theirs or (seen is None and full_revision(repo, base_revision) == revision):
        return like(text, current.text), False
    try:
        base = as_lf(seen.text if seen else repo.show(base_revision, repo_path).decode("utf-8", "surrogateescape"))
    except NotFound:
        raise StaleRevision(
            f"{current.path} was not there at the revision that this edit was made on.",
            hint="Reload the page and apply your edit again.",
        ) from None
    if base == theirs:
        return like(text, current.text), False
    result = repo.merge(base, ours, theirs)
    if result.conflict:
        raise EditConflict(
            f"{current.path} changed after you opened it, in the same lines as your edit.",
            hint="Compare both versions and save the text that should stand.",
            base=base,
            theirs=current.text,
            ours=text,
            merged=result.text,
            revision=revision,
        )
    return like(result.text, current.text), True


def _data_at(repo: Repository, repo_path: str, wanted: Revision, history: Sequence[Revision]) -> bytes:
    """The page's bytes at a revision, under the path that it had then."""
    paths = [revision.path for revision in history if revision.id == wanted.id] or [repo_path]
    return repo.show(wanted.id, paths[0])


def _last_data(repo: Repository, history: Sequence[Revision]) -> list[bytes]:
    """What a deleted page held last: [] where no revision has it."""
    for revision in history[:2]:
        try:
            return [repo.show(revision.id, revision.path)]
        except NotFound:
            continue
    return []
