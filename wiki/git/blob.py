"""git's name for a content."""

from __future__ import annotations

from hashlib import sha1

__all__ = ["blob_id"]


def blob_id(data: bytes) -> str:
    """The id that git gives a blob with this content (40 hex digits)."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
