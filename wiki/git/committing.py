"""How a commit is made: exactly its own paths, whatever else is staged, changed or unmerged (the steps are in wiki.git.journal).

git's own `commit` runs hooks, reads the whole index and takes 60 ms and more on 16,000 files. Here `git fast-import` writes
blobs' trees and commit in one process of 5 ms that reads only the folders concerned, and `git update-ref` moves the branch if
it still is where it was.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from ulid import ULID

from wiki.errors import Overtaken, StorageError
from wiki.files import storage_error, sync_folder, write_synced
from wiki.git.blob import blob_id
from wiki.git.command import GitError
from wiki.git.index_lock import forget_index_lock, hold_index_lock
from wiki.git.journal import Intent, Journal, PlannedFile
from wiki.git.merging import merge
from wiki.git.tree import Tree

__all__ = ["Committer"]

log = logging.getLogger(__name__)

_IN_STREAM = b"refs/knowhow/pending"  # fast-import wants a branch for a commit; it is let go of before git would write it
_NO_PACK_SYNC = ("-c", "core.fsync=loose-object,reference,-pack")  # the pack is unpacked at once: only what stays is flushed
_MOVE_TRIES = 5
_INDEX_TRIES = 40
_INDEX_WAIT_S = 0.05

Git = Callable[..., bytes]


class Committer:
    """Carries out intents in one repository. All calls need the writer lock."""

    def __init__(
        self, tree: Tree, git: Git, head: Callable[[], str | None], journal: Journal, *, index: Path, scratch: Path
    ) -> None:
        """`index` is git's own; merges are made in a folder below `scratch`."""
        self._tree, self._top, self._git, self._head, self._journal = tree, tree.top, git, head, journal
        self._scratch, self._index = scratch, index

    def plan(self, contents: Sequence[tuple[str, bytes | None, str | None]], *, author: str, message: str) -> Intent:
        """What a commit of these (path, content, blob id of what it was made on) would be, on the current head. Reads only.

        Raises Overtaken where a file is no longer what its content was made on.
        """
        head = self._head()
        listed = self._tree.listed(head, [path for path, _, _ in contents])
        files = []
        for path, data, made_on in contents:
            self._tree.check_place(path)
            mode, in_head = listed.get(path, ("", ""))
            before, executable = self._tree.on_disk(path)
            if made_on is not None and before != made_on:
                raise _overtaken(path)
            mode = mode if mode in ("100644", "100755") else "100755" if executable else "100644"
            files.append(PlannedFile(path=path, data=data, before=before, mode=mode, in_head=in_head))
        return Intent(
            id=str(ULID()), parent=head or "", author=author, at=int(time.time()), message=message, files=tuple(files)
        )

    def carry_out(self, intent: Intent) -> tuple[Intent, str]:
        """Make the commit and write the files; the intent, on the parent that the commit has, and the new revision, which is the
        parent where git has all of this already.

        Where somebody commits with git at this moment, and other files, the commit is made on theirs.

        Raises StorageError or Overtaken before the branch moved, and then nothing has changed; afterwards nothing raises but an
        interrupt, and then the write has happened all the same.
        """
        self._journal.write(intent)
        temporary, blobs, revision = None, {}, intent.parent
        try:
            temporary = self._write_temporary(intent)
            blobs = self._write_blobs(intent)
            changed = [file for file in intent.files if blobs[file.path] != file.in_head]
            with ExitStack() as held:
                for again in reversed(range(_MOVE_TRIES)):
                    if changed:
                        revision = self._write_commit(intent, intent.parent, changed, blobs)
                    for file in intent.files:
                        if self._tree.on_disk(file.path)[0] != file.before:
                            raise _overtaken(file.path)
                    try:
                        if changed:
                            self._move_branch(intent, intent.parent, revision)
                        break
                    except Overtaken:
                        if again == _MOVE_TRIES - 1:
                            held.enter_context(hold_index_lock(self._index, intent.id))
                        head = self._head() or ""
                        if not again or not self._still_fits(intent, head):
                            raise
                        intent = self._on(intent, head)
            if changed:
                self._tree.learn(intent.parent, revision, {file.path: (file.mode, blobs[file.path]) for file in intent.files})
        except BaseException as error:
            if temporary is None or revision == intent.parent or not self._contains(self._head() or "", revision):
                self._undo(intent)
                raise
            self._finish(intent, temporary, blobs)  # the branch moved: what is in git goes into the files too
            if not isinstance(error, Exception):
                raise
        else:
            self._finish(intent, temporary, blobs)
        return intent, revision

    def recover(self, intent: Intent) -> bool:
        """Carry out, after a kill, what is left of an intent. False if the page moved on since, so that it was set aside."""
        self._remove_temporary(intent)
        forget_index_lock(self._index, intent.id)
        head = self._head() or ""
        blobs = self._write_blobs(intent)
        changed = [file for file in intent.files if blobs[file.path] != file.in_head]
        revision = self._write_commit(intent, intent.parent, changed, blobs) if changed else intent.parent
        if changed and not self._contains(head, revision):
            if not self._still_fits(intent, head):
                self._journal.set_aside(intent)
                return False
            if head != intent.parent:
                intent = self._on(intent, head)
                revision = self._write_commit(intent, head, changed, blobs)
            self._move_branch(intent, head, revision)
        waiting = [file for file in intent.files if self._tree.on_disk(file.path)[0] == file.before]
        temporary = self._write_temporary(intent, waiting)
        self._finish(intent, temporary, blobs)
        return True

    def _on(self, intent: Intent, head: str) -> Intent:
        """The same intent on another parent, also in the journal: a kill after the branch moved is known by the commit's id."""
        intent = replace(intent, parent=head)
        self._journal.write(intent)
        return intent

    def _contains(self, head: str, revision: str) -> bool:
        if not head:
            return False
        try:
            self._git("merge-base", "--is-ancestor", revision, head)
        except GitError:
            return False
        return True

    def _still_fits(self, intent: Intent, head: str) -> bool:
        """Whether nobody touched the intent's paths since, neither in git nor in the working tree."""
        listed = self._tree.listed(head, [file.path for file in intent.files])
        return all(
            listed.get(file.path, ("", ""))[1] == file.in_head and self._tree.on_disk(file.path)[0] in (file.before, file.after)
            for file in intent.files
        )

    # --- the steps

    def _write_temporary(self, intent: Intent, files: Sequence[PlannedFile] | None = None) -> list[tuple[Path, Path | None]]:
        """(file, its new content or None to delete) pairs, on disk when this returns. A file that holds it already is not touched."""
        pairs: list[tuple[Path, Path | None]] = []
        for file in intent.files if files is None else files:
            path = self._top / file.path
            if file.before == file.after:
                continue
            if file.data is None:
                pairs.append((path, None))
                continue
            temporary = intent.temporary(file, path.parent)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_synced(temporary, file.data)
                temporary.chmod(_permissions(path, file.mode))
            except OSError as error:
                raise storage_error(path, error) from error
            pairs.append((path, temporary))
        return pairs

    def _write_blobs(self, intent: Intent) -> dict[str, str]:
        """git's id of each content, "" for a deletion. Attributes (`text=auto`, filters) apply by path, as in `git add`."""
        blobs: dict[str, str] = {}
        for file in intent.files:
            if file.data is None:
                blobs[file.path] = ""
            else:
                output = self._git("hash-object", "-w", "--stdin", f"--path={file.path}", data=file.data)
                blobs[file.path] = output.decode().strip()
        return blobs

    def _write_commit(self, intent: Intent, parent: str, files: Sequence[PlannedFile], blobs: dict[str, str]) -> str:
        """The id of a new commit object. The same intent on the same parent always gives the same id."""
        message = intent.message.encode("utf-8", "replace")
        who = f"{intent.author} {intent.at} +0000".encode("utf-8", "replace")
        lines = [
            b"feature done",
            b"commit " + _IN_STREAM,
            b"mark :1",
            b"author " + who,
            b"committer " + who,
            b"data %d\n%s" % (len(message), message),
            *([b"from " + parent.encode()] if parent else []),
            *(b"D " + _quoted(file.path) for file in files if not blobs[file.path]),
            *(f"M {file.mode} {blobs[file.path]} ".encode() + _quoted(file.path) for file in files if blobs[file.path]),
            b"",
            b"get-mark :1",
            b"reset " + _IN_STREAM,
            b"done\n",
        ]
        output = self._git(*_NO_PACK_SYNC, "fast-import", "--quiet", "--force", "--done", data=b"\n".join(lines))
        return output.decode().strip()

    def _move_branch(self, intent: Intent, parent: str, revision: str) -> None:
        subject = intent.message.split("\n", 1)[0]
        expected = parent or "0" * len(revision)
        try:
            self._git("update-ref", "-m", f"commit: {subject}", "--create-reflog", "HEAD", revision, expected)
        except GitError as error:
            if "but expected" not in error.output:
                raise
            raise Overtaken(
                "The branch moved at this moment: somebody committed with git.", hint="Reload the page and save again."
            ) from error

    def _finish(self, intent: Intent, temporary: Sequence[tuple[Path, Path | None]], blobs: dict[str, str]) -> None:
        """Steps 5 to 7. The write has happened: what fails here stays in the journal and is tried again with the next write."""
        try:
            files = {self._top / file.path: file for file in intent.files}
            for path, content in temporary:
                file = files[path]
                if self._tree.on_disk(file.path)[0] != file.before:
                    if content is not None:
                        content.unlink(missing_ok=True)
                    if path.exists():
                        self._join_outside(intent, file, path, path.read_bytes(), file.data)
                    continue
                with suppress(OSError):  # no file before, or a disk without hard links
                    os.link(path, intent.aside(file, path.parent))
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    content.replace(path)
            for folder in {path.parent for path, _ in temporary}:
                sync_folder(folder)
            self._update_index(intent, blobs)
            for path, file in files.items():
                self._check_aside(intent, file, path)
            self._journal.drop(intent)
        except (OSError, StorageError):
            log.exception("A write is in git but not finished in the working tree; the next write finishes it")

    def _check_aside(self, intent: Intent, file: PlannedFile, path: Path) -> None:
        """Look once more at what lay in a file's place: who had it open at that moment has written into it since."""
        aside = intent.aside(file, path.parent)
        with suppress(FileNotFoundError), aside.open("rb") as last:
            outside, stands = last.read(), file.data
            if blob_id(outside) != file.before:
                stands = self._join_outside(intent, file, path, outside, file.data)
            aside.unlink()
            last.seek(0)
            if (
                later := last.read()
            ) != outside:  # written between the reading and now; from here on its writer sees it is gone
                self._join_outside(intent, file, path, later, stands)
        _remove_empty_folders(path.parent, self._top)

    def _join_outside(self, intent: Intent, file: PlannedFile, path: Path, outside: bytes, stands: bytes | None) -> bytes:
        """Bring together what was written into a file outside just now and what was committed of it; it counts as an outside edit.
        What the file holds then, if it still holds what `stands` there.

        Where the two contradict each other the outside one stays in the file, as the later one; the commit has the other.
        """
        log.warning("%s was changed outside while it was saved; both texts are kept", file.path)
        wanted = outside
        if file.data is not None and file.in_head:
            base = self._git("cat-file", "blob", file.in_head)
            if blob_id(base) == file.before:
                merged = merge(self._scratch, base=_text(base), ours=_text(file.data), theirs=_text(outside))
                wanted = outside if merged.conflict else merged.text.encode("utf-8", "surrogateescape")
        if not path.exists() or path.read_bytes() in (outside, stands):
            temporary = intent.temporary(file, path.parent)  # a name that is known after a kill
            write_synced(temporary, wanted)
            temporary.chmod(_permissions(path, file.mode))
            temporary.replace(path)
            sync_folder(path.parent)
        return wanted

    def _update_index(self, intent: Intent, blobs: dict[str, str]) -> None:
        """Tell git's index about these paths and about those that it could not be told before."""
        entries = {file.path: (file.mode, blobs[file.path]) for file in intent.files}
        if stale := [path for path in self._journal.stale_index_paths() if path not in entries]:
            listed = self._tree.listed(self._head(), stale)
            entries |= {path: listed.get(path, ("", "")) for path in stale}
        zero = "0" * (len(intent.parent) or 40)
        lines = [
            (f"{mode} {blob} 0" if blob else f"0 {zero} 0").encode() + b"\t" + os.fsencode(path)
            for path, (mode, blob) in entries.items()
        ]
        for attempt in range(1 if stale else _INDEX_TRIES):
            if attempt:
                time.sleep(_INDEX_WAIT_S)
            try:
                self._git("update-index", "-z", "--index-info", data=b"\0".join(lines) + b"\0")
            except GitError as error:  # a git command of somebody else holds the index, or one died and left its lock
                if "index.lock" not in error.output:
                    raise
            else:
                if stale:
                    self._journal.keep_stale_index_paths([])
                return
        log.warning(
            "git's index is locked: remove .git/index.lock once no git command runs. `git status` is out of date until then"
        )
        self._journal.keep_stale_index_paths(list(entries))

    def _undo(self, intent: Intent) -> None:
        try:
            self._remove_temporary(intent)
            self._journal.drop(intent)
        except (OSError, StorageError):
            log.exception("A write that failed could not be tidied up; the next write does it")

    def _remove_temporary(self, intent: Intent) -> None:
        for file in intent.files:
            path = self._top / file.path
            intent.temporary(file, path.parent).unlink(missing_ok=True)
            _remove_empty_folders(path.parent, self._top)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _overtaken(path: str) -> Overtaken:
    return Overtaken(f"{path} was changed outside at this moment.", hint="Reload the page and save again.")


def _permissions(path: Path, mode: str) -> int:
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        return 0o755 if mode == "100755" else 0o644


def _remove_empty_folders(folder: Path, top: Path) -> None:
    while folder != top and top in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _quoted(path: str) -> bytes:
    escaped = os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
