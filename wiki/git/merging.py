"""Three-way merges of texts, as `git merge-file` makes them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from wiki.errors import StorageError
from wiki.git.command import merge_file

__all__ = ["MergeResult", "merge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """`text` holds git's conflict markers where `conflict` is true."""

    text: str
    conflict: bool


def merge(scratch: Path, *, base: str, ours: str, theirs: str) -> MergeResult:
    """Merge in a folder made below `scratch`. Line ends count: give all three the same. Raises StorageError."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=scratch, prefix="merge-") as name:
            folder = Path(name)
            for side, text in (("ours", ours), ("base", base), ("theirs", theirs)):
                (folder / side).write_bytes(text.encode("utf-8", "surrogateescape"))
            labels = ("-L", "your edit", "-L", "before", "-L", "in the wiki")
            sides = [str(folder / side) for side in ("ours", "base", "theirs")]
            output, conflict = merge_file(folder, "--diff3", *labels, *sides)
    except OSError as error:
        raise StorageError(f"The merge found no room to work: {error.strerror}.", hint="Make room on the disk.") from error
    return MergeResult(text=output.decode("utf-8", "surrogateescape"), conflict=conflict)
