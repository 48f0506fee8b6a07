"""What goes wrong in a way that a person can mend.

Every error that Knowhow raises on purpose is a `WikiError`; its message and hint may be shown to the person who asked.
Anything else is a bug: it rises and is logged with its traceback.

WikiError
├── NotFound           no such page, revision, suggestion … (or not for this viewer)
├── NotAllowed         the viewer's access level does not reach
├── InvalidInput       what was sent cannot be used (a path, a revision, a front matter value)
├── StaleRevision      a write over a revision that is no longer the newest, where no base was given to merge from
│   └── Overtaken      a file changed outside between being read and being written; nothing was changed, and trying again helps
├── EditConflict       a three-way merge found both sides changing the same lines
├── WorkspaceError     the folder is no usable workspace
├── WorkspaceBusy      another process holds the writer lock
└── StorageError       the disk, git or the database refused a write; nothing was changed
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "EditConflict",
    "InvalidInput",
    "NotAllowed",
    "NotFound",
    "Overtaken",
    "StaleRevision",
    "StorageError",
    "WikiError",
    "WorkspaceBusy",
    "WorkspaceError",
]


class WikiError(Exception):
    """Base of all errors raised on purpose. `code` is stable and has a heading in docs/errors.md."""

    code: ClassVar[str] = "wiki-error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)  # one positional argument, so that it survives a process pool
        self.hint = hint

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotFound(WikiError):
    code = "not-found"


class NotAllowed(WikiError):
    code = "not-allowed"


class InvalidInput(WikiError):
    code = "invalid-input"


class StaleRevision(WikiError):
    code = "stale-revision"


class Overtaken(StaleRevision):
    """Raised by Repository.commit; wiki.editing settles the outside edit and tries again."""


class EditConflict(WikiError):
    """Both sides changed the same lines.

    `base`, `theirs` (what is in the wiki now) and `ours` (what was sent) are whole page texts; `merged` is the page with
    git's conflict markers; `revision` is the revision of `theirs`.
    """

    code = "edit-conflict"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        base: str = "",
        theirs: str = "",
        ours: str = "",
        merged: str = "",
        revision: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.base, self.theirs, self.ours, self.merged, self.revision = base, theirs, ours, merged, revision


class WorkspaceError(WikiError):
    code = "workspace-error"


class WorkspaceBusy(WikiError):
    code = "workspace-busy"


class StorageError(WikiError):
    code = "storage-error"
