"""Which page a key of front matter means that names another page."""

from __future__ import annotations

import posixpath
from collections.abc import Container

__all__ = ["meant"]


def meant(written: str, page_path: str, known: Container[str]) -> str:
    """The page of `known` that `written` on the page `page_path` means: a path from docs_dir, or else from the page's own folder,
    with or without `.md`, or the folder of an `index.md`; "" where there is none.
    """
    written = written.strip().lstrip("/")
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(page_path), written))
    for path in (posixpath.normpath(written), beside) if written else ():
        for candidate in (path, f"{path}.md", posixpath.join(path, "index.md")):
            if candidate in known:
                return candidate
    return ""
