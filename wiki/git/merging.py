"""Three-way merges of texts, as `git merge-file` makes them."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wiki.errors import StorageError
from wiki.git.command import merge_file

__all__ = ["MergeResult", "forget_merges", "merge"]

_FOLDER = "merge-"
_LEFT_S = 3600.0  # no merge takes so long


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """`text` holds git's conflict markers where `conflict` is true."""

    text: str
    conflict: bool


def merge(scratch: Path, *, base: str, ours: str, theirs: str) -> MergeResult:
    """Merge in a folder made below `scratch`. Line ends count: give all three the same. Raises StorageError."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix=_FOLDER) as name:
            folder = Path(name)
            for side, text in (("ours", ours), ("base", base), ("theirs", theirs)):
                (folder / side).write_bytes(text.encode("utf-8", "surrogateescape"))
            labels = ("-L", "your edit", "-L", "before", "-L", "in the wiki")
            sides = [str(folder / side) for side in ("ours", "base", "theirs")]
            output, conflict = merge_file(folder, "--diff3", *labels, *sides)
    except OSError as error:
        raise StorageError(f"The merge found no room to work: {error.strerror}.", hint="Make room on the disk.") from error
    return MergeResult(text=output.decode("utf-8", "surrogateescape"), conflict=conflict)


def forget_merges(scratch: Path) -> None:
    """Remove what killed merges left below `scratch`."""
    for folder in scratch.glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _LEFT_S:
                shutil.rmtree(folder)
