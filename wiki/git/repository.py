"""git: commits, history, differences, merges. The one place that knows which git commands are run."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from wiki.errors import InvalidInput, NotFound, StorageError, WikiError
from wiki.files import ensure_state_dir
from wiki.git.blob import blob_id, read_blobs
from wiki.git.command import TIMEOUT_S, GitError, run_git
from wiki.git.committing import Committer
from wiki.git.folder import GitFolder
from wiki.git.journal import Journal
from wiki.git.last_change import LastChanges
from wiki.git.merging import MergeResult, forget_merges, merge
from wiki.git.places import Places
from wiki.git.revision import (
    LOG_FORMAT,
    Person,
    Revision,
    check_revision,
    clean_message,
    clean_trailers,
    full_message,
    parse_log,
)
from wiki.git.tree import Tree
from wiki.lock import writer_lock

__all__ = ["Change", "MergeResult", "Person", "Repository", "Revision", "start_repository"]

log = logging.getLogger(__name__)

_TIDY_TIMEOUT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a file will hold after a commit, None to delete it. `path_in_repo` is relative to the workspace's root.

    `made_on` is the blob id of the file that `data` was made on, "" for no file, None where that does not matter.
    """

    path_in_repo: str
    data: bytes | None
    made_on: str | None = None


class Repository:
    """The git repository of a workspace. Every path is `/`-separated and relative to the workspace's root, which may be a
    folder below the repository's own. Holds no process and no open file; safe to share between threads.

    Opening it finishes what a kill cut short. Raises WorkspaceError where there is no git repository.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(os.path.realpath(root))
        self._folder = GitFolder.find(self.root)
        self._top = self._folder.top
        self._prefix = "" if self.root == self._top else self.root.relative_to(self._top).as_posix() + "/"
        state = ensure_state_dir(self.root)
        self._state = state
        self._lock = writer_lock(state / "writer.lock")
        self._journal = Journal(state / "journal")
        self._tree = Tree(self._top, self._git)
        self._places = Places(self._tree, self._git)
        index = self._folder.own / "index"
        self._committer = Committer(self._tree, self._git, self.head, self._journal, index=index, scratch=state / "cache")
        self._kept_blobs: set[str] = set()
        self._last = LastChanges(self._git, self.head, state / "cache" / "last-change.json")
        forget_merges(state / "cache")
        if self._journal.pending():
            try:
                self.recover()
            except WikiError:
                log.exception("What a kill cut short cannot be finished yet; reading works, the next write tries again")

    def lock(self) -> AbstractContextManager[None]:
        """The workspace's writer lock."""
        return self._lock()

    # --- writing

    def commit(
        self, changes: Sequence[Change], *, author: Person, message: str, trailers: Mapping[str, str] | None = None
    ) -> str:
        """Write these files and commit exactly them, with `author` as author and committer; the new revision.

        Where git holds all of this already, no commit is made and the current head is given. What else is staged, changed or
        unmerged stays as it was. Raises Overtaken where a file is no longer what its change was made on, StorageError,
        WorkspaceBusy amid a merge or rebase, InvalidInput for a path that is outside or not this repository's to write; after
        each of them nothing has changed.
        """
        paths = [self._git_path(change.path_in_repo) for change in changes]
        if len(set(paths)) != len(paths):
            raise InvalidInput("A commit names the same file twice.", hint="Send one content for each file.")
        subject, block = clean_message(message), clean_trailers(trailers or {})
        with self._lock():
            if self._journal.pending():
                self.recover()
            self._folder.check_quiet()
            for change in changes:
                self.check_takes(change.path_in_repo, creates=change.data is not None)
            intent = self._committer.plan(
                [(path, change.data, change.made_on) for path, change in zip(paths, changes, strict=True)],
                author=author.ident,
                message=full_message(subject, block),
            )
            intent, revision = self._committer.carry_out(intent)
            if revision != intent.parent:
                at = datetime.fromtimestamp(intent.at, UTC)
                made = Revision(id=revision, author=author.cleaned, at=at, message=subject, trailers=block)
                self._last.note(intent.parent or None, made, paths)
            return revision

    def recover(self) -> int:
        """Finish the writes that a kill cut short; how many there were. Called at start and before each write."""
        with self._lock():
            intents = self._journal.intents()
            for intent in intents:
                self._committer.recover(intent)
            return len(intents)

    def keep_blob(self, data: bytes) -> None:
        """Have git keep a content that is in no commit, as long as it keeps such things: two weeks by its own settings."""
        if (name := blob_id(data)) not in self._kept_blobs:
            self._git("hash-object", "-w", "--stdin", data=data)
            self._kept_blobs = {name, *(self._kept_blobs if len(self._kept_blobs) < 100 else ())}

    def tidy(self) -> None:
        """Let git pack its objects if there are many; for a quiet hour."""
        self._git("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet", timeout_s=_TIDY_TIMEOUT_S)

    # --- reading

    def head(self) -> str | None:
        """The current commit, None before the first one. Starts no process: reads git's files."""
        head = self._folder.head()
        if head is not None or not self._folder.needs_git():
            return head
        return self._git("rev-parse", "--verify", "--quiet", "HEAD", ok=(0, 1)).decode().strip() or None

    def last_change(self, path: str) -> Revision | None:
        """The newest revision that touched a path, None where git does not know it. From memory, unless the head moved."""
        revision = self._last.of(self._git_path(path))
        return replace(revision, path=path) if revision else None

    def last_edits(self) -> dict[str, Revision]:
        """`last_change` of every path that was changed after it came in, by path as `Workspace.repo_path` gives it."""
        edited = self._last.of_edited()
        start = len(self._prefix)
        return {path[start:]: revision for path, revision in edited.items() if path.startswith(self._prefix)}

    def known_change(self, path: str) -> str | None:
        """The id of `last_change` for a path as `Workspace.repo_path` gives it, "" where git does not know it; None where it
        would take git, or a wait, to tell."""
        head = self._folder.head()
        if head is None and self._folder.needs_git():
            return None
        return self._last.known(self._prefix + path, head)

    def history(self, path: str, *, limit: int = 50, offset: int = 0) -> list[Revision]:
        """The revisions of a path, newest first, through renames; [] where git does not know it."""
        git_path = self._git_path(path)
        if self.head() is None:
            return []
        wanted = f"--max-count={max(0, limit) + max(0, offset)}"  # git's own --skip loses count with --follow
        output = self._git("log", "-z", "--follow", "--name-status", wanted, LOG_FORMAT, "HEAD", "--", git_path)
        found = []
        for revision, words in parse_log(output):
            at = words[-1] if len(words) > 1 else git_path  # the last name is the one after a rename
            found.append(replace(revision, path=self._workspace_path(at)))
        return found[max(0, offset) :]

    def revision(self, revision: str) -> Revision:
        """One commit. Raises InvalidInput for what is no revision, NotFound where there is none."""
        output = self._read(revision, "log", "-z", "-1", LOG_FORMAT, check_revision(revision), "--")
        return next(parse_log(output))[0]

    def show(self, revision: str, path: str) -> bytes:
        """A file as it was. Raises InvalidInput for what is no revision, NotFound where it was not there then."""
        return self._read(revision, "cat-file", "blob", f"{check_revision(revision)}:{self._git_path(path)}")

    def blob(self, name: str) -> bytes | None:
        """The content with this id of git's, None where it has none. Raises InvalidInput for what is no id."""
        return read_blobs(self._git, [check_revision(name)])[0]

    def show_all(self, places: Sequence[tuple[str, str]]) -> list[bytes | None]:
        """The files at these (revision, path) places, None where there was none. One process for all of them."""
        names = [f"{check_revision(revision)}:{self._git_path(path)}" for revision, path in places]
        return read_blobs(self._git, names)

    def dirty(self, path: str, data: bytes | None = None) -> bool:
        """Whether a file differs from what the head holds (or is unknown to git), line-end rules of `.gitattributes` applied.

        `data` is what was read of the file, for who must know it of exactly these bytes.
        """
        git_path = self._git_path(path)
        _, in_head = self._tree.listed(self.head(), [git_path]).get(git_path, ("", ""))
        try:
            data = (self._top / git_path).read_bytes() if data is None else data
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return bool(in_head)
        except OSError as error:
            raise StorageError(
                f"{path} cannot be read: {error.strerror}.", hint="Check the file's owner and rights."
            ) from error
        if blob_id(data) == in_head:
            return False  # as it is for most pages: no process needed
        if self._places.foreign_filter(git_path):
            return True
        return self._git("hash-object", "--stdin", f"--path={git_path}", data=data).decode().strip() != in_head

    def takes(self, path: str) -> bool:
        """Whether a file at this path may be committed: not one of a submodule, ignored by git, or outside a sparse checkout."""
        return self._places.refusal(self.head(), self._git_path(path), creates=True) is None

    def check_takes(self, path: str, *, creates: bool = True) -> None:
        """Raise InvalidInput, saying what to do, for a path that `takes` denies. `creates`: a file will be there afterwards."""
        if reason := self._places.refusal(self.head(), self._git_path(path), creates=creates):
            raise InvalidInput(f"{path} {reason.what}.", hint=reason.hint)

    def configured_person(self) -> Person | None:
        """Who git itself takes for the author on this machine, None where its settings name nobody."""
        output = self._git("config", "--null", "--get-regexp", r"^user\.(name|email)$", ok=(0, 1)).decode("utf-8", "replace")
        settings = dict(line.split("\n", 1) for line in output.split("\0") if "\n" in line)
        name = settings.get("user.name", "")
        return Person(name=name, email=settings.get("user.email", "")) if name else None

    def find_trailer(self, key: str, value: str) -> str | None:
        """The newest commit whose trailers hold this value for this key, None where none does."""
        if not value.strip() or self.head() is None:
            return None
        pattern = f"{key}: {' '.join(value.split())}"
        output = self._git("log", "-z", "--fixed-strings", f"--grep={pattern}", LOG_FORMAT, "HEAD", "--")
        for revision, _ in parse_log(output):
            if " ".join(value.split()) in revision.trailers.get(key, "").split("\n"):
                return revision.id
        return None

    def merge(self, base: str, ours: str, theirs: str) -> MergeResult:
        """Three-way merge of texts, as `git merge-file` does it. Line ends count: give all three the same."""
        return merge(self._state / "cache", base=base, ours=ours, theirs=theirs)

    # --- helpers

    def _git(self, *args: str, data: bytes | None = None, ok: tuple[int, ...] = (0,), timeout_s: float = TIMEOUT_S) -> bytes:
        return run_git(self._top, *args, data=data, ok=ok, timeout_s=timeout_s)

    def _read(self, what: str, *args: str) -> bytes:
        try:
            return self._git(*args)
        except GitError as error:
            if error.status == 128:
                raise NotFound(f"{what} is not in the history.", hint="Look at the page's history.") from error
            raise

    def _git_path(self, path: str) -> str:
        pure = PurePosixPath(path)
        if (
            not path
            or "\0" in path
            or "\\" in path
            or pure.is_absolute()
            or {"..", ".git"} & set(path.lower().split("/"))
            or str(pure) != path
        ):
            raise InvalidInput(f"{path[:200]!r} is no path in the workspace.", hint="Use a path such as content/index.md.")
        return self._prefix + path

    def _workspace_path(self, git_path: str) -> str:
        return git_path.removeprefix(self._prefix)


def start_repository(root: Path, message: str) -> None:
    """Make a folder a git repository, on branch main, with one commit of everything in it that its `.gitignore` lets through.

    The author is the person in git's own settings, else Knowhow. Raises StorageError.
    """
    run_git(root, "init", "--quiet", "--initial-branch=main")
    run_git(root, "add", "--all")
    settings = (
        run_git(root, "config", "--get", "user.name", ok=(0, 1)),
        run_git(root, "config", "--get", "user.email", ok=(0, 1)),
    )
    name, email = (value.decode("utf-8", "replace").strip() for value in settings)
    person = Person(name=name or "Knowhow", email=email if name else "").cleaned
    who = ("-c", f"user.name={person.name}", "-c", f"user.email={person.email}")
    run_git(root, *who, "commit", "--quiet", "--allow-empty", f"--message={message}")
