"""What a revision holds at a path and what lies there in the working tree: what a commit looks at before it writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from wiki.errors import InvalidInput
from wiki.files import storage_error
from wiki.git.blob import blob_id

__all__ = ["Tree"]

_MAX_KNOWN = 20_000


class Tree:
    """One working tree; `top` is its root, and all paths are relative to it. Thread-safe."""

    def __init__(self, top: Path, git: Callable[..., bytes]) -> None:
        self.top, self._git = top, git
        self._known: tuple[str, dict[str, tuple[str, str]]] = ("", {})

    def listed(self, revision: str | None, paths: Sequence[str]) -> dict[str, tuple[str, str]]:
        """(mode, blob id) of those of the paths that a revision holds as files. Remembers the answers for one revision."""
        if not revision:
            return {}
        known_at, known = self._known
        if known_at != revision or len(known) > _MAX_KNOWN:
            known = {}
            self._known = (revision, known)
        unknown = [path for path in paths if path not in known]
        for start in range(0, len(unknown), 500):
            chunk = unknown[start : start + 500]
            output = self._git("ls-tree", "-z", "--full-tree", revision, "--", *chunk)
            found = dict.fromkeys(chunk, ("", ""))
            for entry in output.split(b"\0"):
                facts, _, name = entry.partition(b"\t")
                if facts and (words := facts.decode().split())[1] == "blob":
                    found[os.fsdecode(name)] = (words[0], words[2])
            known.update(found)
        return {path: known[path] for path in paths if known[path][1]}

    def learn(self, parent: str, revision: str, entries: Mapping[str, tuple[str, str]]) -> None:
        """Carry what is known of the parent over to a new commit that changed these (mode, blob id) entries, "" if deleted."""
        known_at, known = self._known
        if known_at == parent:
            self._known = (revision, known | {path: (mode if blob else "", blob) for path, (mode, blob) in entries.items()})

    def in_other_repository(self, revision: str | None, path: str) -> bool:
        """Whether a folder on the way to a path is a submodule, or a repository of its own that git was not told about."""
        folders = [str(parent) for parent in PurePosixPath(path).parents][:-1]
        if any((self.top / folder / ".git").exists() for folder in folders):
            return True
        if not revision or not folders or not (self.top / ".gitmodules").exists():
            return False
        output = self._git("ls-tree", "-z", "--full-tree", revision, "--", *folders)
        entries = (entry.partition(b"\t") for entry in output.split(b"\0"))
        return any(facts.startswith(b"160000 ") and os.fsdecode(name) in folders for facts, _, name in entries)

    def on_disk(self, path: str) -> tuple[str, bool]:
        """(blob id, whether executable) of a file in the working tree; ("", False) where there is none."""
        file = self.top / path
        try:
            return blob_id(file.read_bytes()), os.access(file, os.X_OK)
        except (FileNotFoundError, NotADirectoryError):
            return "", False
        except OSError as error:
            raise storage_error(file, error) from error

    def check_place(self, path: str) -> None:
        """Raise InvalidInput where no file can be written: through a symlink that leads outside, at a folder, below a file."""
        place = self.top / path
        if not Path(os.path.realpath(place)).is_relative_to(self.top):
            raise InvalidInput(f"{path} leads out of the workspace.", hint="Replace the symlink by a file.")
        if place.is_dir():
            raise InvalidInput(f"{path} is a folder.", hint="Choose another name.")
        parent = place.parent
        while not parent.exists():
            parent = parent.parent
        if not parent.is_dir():
            raise InvalidInput(f"{path} lies below a file.", hint="Choose another folder.")
