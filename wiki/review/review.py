"""Reviewing suggestions: list, rebase on a page that moved on, accept (whole, by hunk, or with an edited text), reject.

A model never writes: a suggestion becomes a commit only here, with the person who accepted it as its author and the
suggestion and its updates named in the trailers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from wiki.access import Level, Viewer, may_read, require
from wiki.editing.naming import check_new_name
from wiki.editing.saving import open_page, save_page
from wiki.editing.writing import page_revision
from wiki.errors import EditConflict, InvalidInput, NotFound, StaleRevision, StorageError, WikiError
from wiki.git.repository import Repository, Revision
from wiki.pages.page import parse_text
from wiki.pages.patch import apply_hunks, unified_diff
from wiki.review.suggestion import Suggestion, SuggestionDraft, SuggestionStore
from wiki.review.undoing import undo_accepted
from wiki.workspace.workspace import Workspace

__all__ = ["AlreadyDecided", "Review", "ReviewItem"]


SUBJECT_CHARS = 72


class AlreadyDecided(WikiError):
    code = "already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A suggestion as it stands against its page now.

    `current_text` is the page in the working tree ("" for a new page); `diff` is unified, from it to the suggestion's
    `new_text`. With `conflict` the page changed on the same lines: `merged_text` then holds git's markers, and the
    suggestion can be accepted only with an edited text.
    """

    suggestion: Suggestion
    current_text: str
    merged_text: str
    diff: str
    conflict: bool

    @property
    def title(self) -> str:
        """The page's title, as the suggestion has it."""
        return parse_text(self.suggestion.page_path, self.suggestion.new_text).title


class Review:
    """The life of suggestions, for a viewer: what is on a page that they may not read does not exist for them."""

    def __init__(self, workspace: Workspace, repository: Repository, store: SuggestionStore) -> None:
        self._workspace = workspace
        self._repository = repository
        self._store = store

    def propose(self, viewer: Viewer, draft: SuggestionDraft) -> Suggestion:
        """A person's own suggestion. Needs a contributor who may read the page."""
        require(viewer, Level.CONTRIBUTOR, "suggest an edit")
        draft = replace(draft, page_path=self._workspace.known_path(draft.page_path))
        if not self._may_see(viewer, draft):
            raise NotFound(f"There is no page {draft.page_path}.", hint="Search for it, or look at the start page.")
        if draft.action == "new_page":
            check_new_name(self._workspace, draft.page_path)
        return self._store.propose(draft)

    def waiting(self, viewer: Viewer, *, limit: int) -> list[Suggestion]:
        """Suggestions that wait for a decision, the oldest first, as they were made: none is looked at closely."""
        found: list[Suggestion] = []
        after = ""
        while len(found) < limit and (batch := self._store.page(status="open", after=after, limit=500)):
            found += [suggestion for suggestion in batch if self._may_see(viewer, suggestion)]
            after = batch[-1].id
        return found[:limit]

    def list(
        self, viewer: Viewer, *, status: str | None = None, page_path: str | None = None, after: str = "", limit: int = 50
    ) -> list[ReviewItem]:
        """The suggestions that the viewer may see, oldest first, at most `limit`, from the one after `after` on."""
        found: list[ReviewItem] = []
        while len(found) < limit:
            batch = self._store.page(status=status, page_path=page_path, after=after, limit=limit)
            items = (self._shown(s) for s in batch if self._may_see(viewer, s))
            found += [item for item in items if status is None or item.suggestion.status == status]
            if len(batch) < limit:
                break
            after = batch[-1].id
        return found[:limit]

    def count_open(self, viewer: Viewer) -> int:
        """How many suggestions wait for a decision, none of them looked at closely."""
        if viewer.audience.everything:
            return self._store.count(status="open")
        count, after = 0, ""
        while batch := self._store.page(status="open", after=after, limit=500):
            count += sum(self._may_see(viewer, suggestion) for suggestion in batch)
            after = batch[-1].id
        return count

    def get(self, viewer: Viewer, id: str) -> ReviewItem:
        """Raises NotFound, also for a suggestion on a page that the viewer may not read."""
        return self._shown(self._visible(viewer, id))

    def accept(
        self,
        viewer: Viewer,
        id: str,
        *,
        text: str | None = None,
        hunks: Collection[int] | None = None,
        base_revision: str | None = None,
    ) -> Suggestion:
        """Make the edit, committed under the viewer's name; the suggestion, accepted, with its `revision`.

        `text` is the whole page where the reviewer edited it; `hunks` are the numbers of the accepted hunks of the diff
        against the current page. `base_revision` is the page's revision that the reviewer had before them: a text is merged with
        what others saved since, hunks are refused with StaleRevision. Raises NotAllowed, AlreadyDecided, and EditConflict
        where the page changed on the same lines and no `text` was given. Accepting one twice is refused; nothing is written
        twice after a crash, because an edit that the page already has makes no commit.
        """
        require(viewer, Level.EDITOR, "accept a suggestion")
        with self._workspace.lock():
            self._settle(viewer, self._open(viewer, id))
            opened = self._open(viewer, id)
            item = self._against_page(opened)
            suggestion = self._store_as(item, opened)
            if suggestion.status == "superseded" and text is None:
                return suggestion
            if suggestion.status != "open":
                raise _decided(suggestion)
            current = page_revision(self._workspace, self._repository, suggestion.page_path)
            if item.conflict and text is None:
                raise EditConflict(
                    f"{suggestion.page_path} changed on the same lines since this was suggested.",
                    hint="Open the suggestion, put both sides together, and accept the edited text.",
                    base=suggestion.base_text,
                    theirs=item.current_text,
                    ours=suggestion.new_text,
                    merged=item.merged_text,
                    revision=current,
                )
            if hunks is not None and base_revision is not None and base_revision != current:
                raise StaleRevision(f"{suggestion.page_path} changed after you opened it.", hint="Look at the changes again.")
            new_text = text
            if new_text is None:
                new_text = suggestion.new_text if hunks is None else apply_hunks(item.current_text, suggestion.new_text, hunks)
            if suggestion.action == "edit" and new_text == item.current_text:
                raise InvalidInput(
                    "Nothing of this suggestion is left to accept.", hint="Choose at least one change, or reject it."
                )
            saved = save_page(
                self._workspace,
                self._repository,
                viewer,
                suggestion.page_path,
                new_text,
                base_revision=None if self._current_text(suggestion) is None else base_revision or current,
                message=_message(suggestion),
                trailers=_trailers(suggestion),
            )
            return self._store.decide(id, "accepted", by=viewer.name, revision=saved.revision, new_text=new_text)

    def reject(self, viewer: Viewer, id: str, reason: str) -> Suggestion:
        """Close a suggestion without an edit. The reason is kept; raises InvalidInput without one."""
        require(viewer, Level.EDITOR, "reject a suggestion")
        if not reason.strip():
            raise InvalidInput("A rejection needs a reason.", hint="Say in a few words why the page stays as it is.")
        with self._workspace.lock():  # or a rejection could come between another's commit and its note
            suggestion = self._open(viewer, id)
            if made := self._commit_of(suggestion):
                raise _decided(self._note_accepted(suggestion, made))
            return self._store.decide(id, "rejected", by=viewer.name, reason=reason.strip())

    def undo(self, viewer: Viewer, id: str) -> Suggestion:
        """Take an accepted suggestion back with a commit of its own; the suggestion stays accepted and says that it was undone.

        Raises InvalidInput where it was not accepted or is undone already, StaleRevision where later edits changed the same lines.
        """
        suggestion = self._visible(viewer, id)
        saved = undo_accepted(self._workspace, self._repository, viewer, suggestion)
        if not saved.changed:
            raise InvalidInput("The page no longer has this edit.", hint="Look at its history.")
        return self._store.note(id, f"Undone by {viewer.name}.")

    def settle(self, page_paths: Iterable[str]) -> None:
        """These pages were written: close open suggestions that they already have or whose page is gone, rebase the others.

        Looking at a suggestion never does: a page may be away for a moment, during a move or on another branch.
        """
        for page_path in page_paths:
            if not self._store.page(status="open", page_path=page_path, limit=1):
                continue
            with self._workspace.lock():
                for suggestion in self._store.page(status="open", page_path=page_path, limit=10_000):
                    with suppress(StorageError):
                        self._store_as(self._against_page(suggestion), suggestion)

    def moved(self, old_path: str, new_path: str) -> None:
        """A page moved: its open suggestions go with it."""
        self._store.moved(old_path, new_path)

    def recover(self) -> int:
        """After a crash: close suggestions whose commit was made but not noted. The number of them."""
        done = 0
        for suggestion in self._store.page(status="open", limit=10_000):
            if made := self._commit_of(suggestion):
                self._note_accepted(suggestion, made)
                done += 1
        return done

    def seen(self, viewer: Viewer, ids: Iterable[str]) -> Sequence[str]:
        """Those of these suggestions that exist for the viewer, in the order given."""
        found = [self._store.find(key) for key in ids]
        return [s.id for s in found if s is not None and self._may_see(viewer, s)]

    def _settle(self, viewer: Viewer, suggestion: Suggestion) -> None:
        """Commit an outside edit of the page, so that its text and its newest revision are the same."""
        with suppress(NotFound):
            open_page(self._workspace, self._repository, viewer, suggestion.page_path)

    def _commit_of(self, suggestion: Suggestion) -> Revision | None:
        """The commit that accepted a suggestion, by its trailer; asked of git only where the page changed since."""
        path = self._workspace.repo_path(suggestion.page_path)
        newest = self._repository.last_change(path)
        if newest is None or newest.at < suggestion.created_at.replace(microsecond=0):
            return None
        found = self._repository.find_trailer("Suggestion", suggestion.id)
        return self._repository.revision(found) if found else None

    def _note_accepted(self, suggestion: Suggestion, made: Revision) -> Suggestion:
        """Note what a killed process committed and did not note: who accepted, and what of the suggestion."""
        try:
            text = self._repository.show(made.id, self._workspace.repo_path(suggestion.page_path)).decode(
                "utf-8", "surrogateescape"
            )
        except NotFound:  # under another name by now
            text = None
        return self._store.decide(suggestion.id, "accepted", by=made.author.name, revision=made.id, new_text=text)

    def _visible(self, viewer: Viewer, id: str) -> Suggestion:
        suggestion = self._store.get(id)
        if not self._may_see(viewer, suggestion):
            raise NotFound(f"There is no suggestion {id}.", hint="Look at the list of open suggestions.")
        return suggestion

    def _open(self, viewer: Viewer, id: str) -> Suggestion:
        suggestion = self._visible(viewer, id)
        if suggestion.status != "open":
            raise _decided(suggestion)
        return suggestion

    def _may_see(self, viewer: Viewer, draft: SuggestionDraft) -> bool:
        """By the labels of the page now, of the suggested text and of the text it was made on, whichever is strictest."""
        audience = viewer.audience
        if audience.everything:
            return True
        texts = (draft.new_text, draft.base_text) if draft.action == "edit" else (draft.new_text,)
        shown = (parse_text(draft.page_path, text) for text in texts)
        if viewer.level < Level.READER or not all(may_read(audience, page) for page in shown):
            return False
        try:
            return may_read(audience, self._workspace.read_page(draft.page_path))
        except NotFound:
            return draft.action == "new_page"
        except InvalidInput:  # too large to be read: nobody knows its labels
            return False

    def _shown(self, suggestion: Suggestion) -> ReviewItem:
        """As `_against_page`; on a full disk, where nothing can be merged, as it was suggested."""
        try:
            return self._against_page(suggestion)
        except StorageError:
            return _item(suggestion, suggestion.base_text)

    def _against_page(self, suggestion: Suggestion) -> ReviewItem:
        """The suggestion on the page as it is now: rebased, or superseded where the page already has it or is gone. Only looks."""
        if suggestion.status != "open":
            return _item(suggestion, suggestion.base_text)
        try:
            current = self._current_text(suggestion)
        except InvalidInput:  # the page outgrew what can be read; accepting says so
            return replace(_item(suggestion, suggestion.base_text), conflict=True)
        if current is None:
            return _item(self._overtaken(suggestion, "The page is gone.") if suggestion.action == "edit" else suggestion, "")
        if current == suggestion.base_text:
            return _item(suggestion, current)
        merged = self._repository.merge(suggestion.base_text, suggestion.new_text, current)
        if merged.conflict:
            return replace(_item(suggestion, current), merged_text=merged.text, conflict=True)
        if merged.text == current:
            return _item(self._overtaken(suggestion, "The page already says so."), current)
        revision = page_revision(self._workspace, self._repository, suggestion.page_path)
        return _item(replace(suggestion, base_revision=revision, base_text=current, new_text=merged.text), current)

    def _overtaken(self, suggestion: Suggestion, reason: str) -> Suggestion:
        """As a suggestion is shown that the page has no use for: accepted where a killed process made its commit and did not note it."""
        if made := self._commit_of(suggestion):
            return replace(suggestion, status="accepted", decided_by=made.author.name, revision=made.id)
        return replace(suggestion, status="superseded", decision_reason=reason)

    def _store_as(self, item: ReviewItem, stored: Suggestion) -> Suggestion:
        """Keep what `_against_page` found, under the writer lock: the suggestion as it is stored now."""
        found = item.suggestion
        if found.status == "accepted" and (made := self._commit_of(stored)):
            return self._note_accepted(stored, made)
        if found.status == "superseded":
            return self._store.decide(stored.id, "superseded", by="", reason=found.decision_reason)
        if found.base_text != stored.base_text or found.new_text != stored.new_text:
            return self._store.rebase(
                found.id, base_revision=found.base_revision, base_text=found.base_text, new_text=found.new_text
            )
        return stored

    def _current_text(self, suggestion: Suggestion) -> str | None:
        try:
            return self._workspace.read_page(suggestion.page_path).text
        except NotFound:
            return None


def _decided(suggestion: Suggestion) -> AlreadyDecided:
    return AlreadyDecided(f"This suggestion was already {suggestion.status}.", hint="Reload the list of open suggestions.")


def _item(suggestion: Suggestion, current: str) -> ReviewItem:
    return ReviewItem(
        suggestion=suggestion,
        current_text=current,
        merged_text=suggestion.new_text,
        diff=unified_diff(current, suggestion.new_text, suggestion.page_path),
        conflict=False,
    )


def _message(suggestion: Suggestion) -> str:
    """The page's title and the reason in the subject, which is all that most lists of commits show."""
    title = parse_text(suggestion.page_path, suggestion.new_text).title
    first, _, rest = suggestion.reason.strip().partition("\n")
    if suggestion.action == "new_page" or not first:
        subject = f"{'Add' if suggestion.action == 'new_page' else 'Edit'} {title}"
    else:
        subject = f"{title}: {first}"
    shown = subject if len(subject) <= SUBJECT_CHARS else subject[: SUBJECT_CHARS - 2].rsplit(" ", 1)[0] + " …"
    said_all = shown == subject and not rest and first in subject
    return shown if said_all else f"{shown}\n\n{suggestion.reason.strip()}"


def _trailers(suggestion: Suggestion) -> dict[str, str]:
    updates = dict.fromkeys(e.update for e in suggestion.evidence if e.update)
    return {"Suggestion": suggestion.id, **({"Update": ", ".join(updates)} if updates else {})}
