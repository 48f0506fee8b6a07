"""git's own files, read directly where starting a process for every page view would be too slow."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from wiki.errors import WorkspaceBusy, WorkspaceError
from wiki.git.command import run_git

__all__ = ["GitFolder"]

_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFolder:
    """`top` is the root of the working tree; `own` this working tree's git folder, `common` the one that all of them share."""

    top: Path
    own: Path
    common: Path

    @classmethod
    def find(cls, root: Path) -> GitFolder:
        """The repository at `root` or around it. Raises WorkspaceError where there is none."""
        output = run_git(root, "rev-parse", "--is-bare-repository", "--absolute-git-dir", "--git-common-dir", ok=(0, 128))
        bare, own, common = [*output.decode("utf-8", "surrogateescape").split("\n"), "", "", ""][:3]
        if bare == "true":
            raise WorkspaceError(f"{root} is a bare git repository, without files.", hint="Clone it and use the clone.")
        top = run_git(root, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").removesuffix("\n")
        if not root.resolve().is_relative_to(Path(top).resolve()):
            raise WorkspaceError(
                f"The git repository of {root} keeps its files in {top}.",
                hint="Open the workspace there, or take `core.worktree` out of .git/config.",
            )
        return cls(top=Path(top).resolve(), own=Path(own).resolve(), common=(root / common).resolve())

    def head(self) -> str | None:
        """The commit that HEAD leads to; None where there is no commit yet or these files do not tell (see needs_git)."""
        try:
            content = _content(f"{self.own}/HEAD")
        except (OSError, ValueError):
            return None
        for _ in range(5):
            if not content.startswith("ref:"):
                return content if len(content) >= 40 else None
            name = content[4:].strip()
            folder = self.own if name.startswith(("refs/bisect/", "refs/worktree/", "refs/rewritten/")) else self.common
            try:
                content = _content(f"{folder}/{name}")
            except (OSError, ValueError):
                return self._packed(name)
        return None

    def check_quiet(self) -> None:
        """Raise WorkspaceBusy amid a merge, rebase, cherry-pick or revert: a commit now would end up in the middle of it."""
        for name, command in _UNDER_WAY.items():
            if (self.own / name).exists():
                raise WorkspaceBusy(
                    f"A git {command} is under way in {self.top}.",
                    hint=f"Finish it with `git {command} --continue`, or drop it with `git {command} --abort`; then save again.",
                )

    def needs_git(self) -> bool:
        """Whether refs are kept in a form that only git reads (reftable)."""
        return (self.common / "reftable").exists()

    def _packed(self, name: str) -> str | None:
        try:
            with (self.common / "packed-refs").open() as file:
                for line in file:
                    if line.rstrip("\n").endswith(" " + name):
                        return line.split(" ", 1)[0]
        except (OSError, ValueError):
            return None
        return None


def _content(path: str) -> str:
    """A small file's text. Read for every page that is viewed: half the time of Path.read_text."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 65_536).decode().strip()
    finally:
        os.close(descriptor)
