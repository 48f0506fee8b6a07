"""Which paths are this repository's to write: what a submodule, .gitignore, a sparse checkout and filters rule out.

Reading such a page is fine; a commit of it would store what nobody asked git to keep, or run what the repository names.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from wiki.git.tree import Tree

__all__ = ["Places", "Refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`what` goes on after the path: "is ignored by git"."""

    what: str
    hint: str


_SUBMODULE = Refusal(what="belongs to another git repository", hint="Change it in that repository.")
_IGNORED = Refusal(what="is ignored by git", hint="Take it out of .gitignore, or choose another name.")
_SPARSE = Refusal(
    what="is left out of this sparse checkout", hint="Add its folder with `git sparse-checkout add FOLDER`, and try again."
)


class Places:
    """The places of one working tree. Filters are looked up once: they come from settings that no pull can change."""

    def __init__(self, tree: Tree, git: Callable[..., bytes]) -> None:
        self._tree, self._git = tree, git
        self._filters: frozenset[str] | None = None

    def refusal(self, head: str | None, path: str, *, creates: bool) -> Refusal | None:
        """Why a file at `path` must not be committed, None where it may be. `creates`: there will be a file there afterwards."""
        if self._tree.in_other_repository(head, path):
            return _SUBMODULE
        if self._tree.listed(head, [path]):
            if not os.path.lexists(self._tree.top / path) and self._skips_worktree(path):
                return _SPARSE
        elif creates and self._ignored(path):
            return _IGNORED
        if name := self.foreign_filter(path):
            return Refusal(
                what=f"goes through the filter {name!r}, a command that this repository's own settings name",
                hint=f"If you trust it, move filter.{name} to your own settings with `git config --global`.",
            )
        return None

    def foreign_filter(self, path: str) -> str:
        """The filter that git would run on this file, where .git/config names its command; "" for none."""
        if self._filters is None:
            output = self._git(
                "config", "--show-scope", "--null", "--get-regexp", r"^filter\..*\.(clean|smudge|process)$", ok=(0, 1)
            )
            words = output.decode("utf-8", "surrogateescape").split("\0")
            own = [key for scope, key in zip(words[::2], words[1::2], strict=False) if scope in ("local", "worktree")]
            self._filters = frozenset(key.split("\n", 1)[0].split(".", 1)[1].rpartition(".")[0] for key in own)
        if not self._filters:
            return ""
        output = self._git("check-attr", "-z", "filter", "--", path)
        name = output.decode("utf-8", "surrogateescape").split("\0")[2]
        return name if name in self._filters else ""

    def _ignored(self, path: str) -> bool:
        return bool(
            self._git("check-ignore", "--no-index", "--", f"./{path}", ok=(0, 1, 128))
        )  # 128 where it is beyond a symlink

    def _skips_worktree(self, path: str) -> bool:
        return self._git("ls-files", "-t", "-z", "--", path).startswith(b"S ")
