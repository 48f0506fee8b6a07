"""git's name for a content, and contents by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha1

__all__ = ["blob_id", "read_blobs"]


def blob_id(data: bytes) -> str:
    """The id that git gives a blob with this content (40 hex digits)."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def read_blobs(git: Callable[..., bytes], names: Sequence[str]) -> list[bytes | None]:
    """The contents of these blobs, each named as git does (`REVISION:PATH`), None for what is no blob: one process for all."""
    asked = [name.encode("utf-8", "surrogateescape") for name in names]
    lines = [name for name in asked if b"\n" not in name]  # where a path may hold a line break, it names no page
    output = git("cat-file", "--batch", data=b"".join(name + b"\n" for name in lines)) if lines else b""
    found: dict[bytes, bytes | None] = {}
    position = 0
    for name in lines:
        end = output.index(b"\n", position)
        words = output[position:end].split(b" ")
        position = end + 1
        if len(words) == 3 and words[2].isdigit():  # else `NAME missing` or `NAME ambiguous`
            size = int(words[2])
            found[name] = output[position : position + size] if words[1] == b"blob" else None
            position += size + 1
    return [found.get(name) for name in asked]
