"""What a new page may be called: a name that every colleague's machine can hold beside the names that are there."""

from __future__ import annotations

import os
from pathlib import Path

from wiki.errors import InvalidInput
from wiki.pages.names import difference, twin_of, unportable
from wiki.workspace.workspace import Workspace

__all__ = ["check_new_name", "check_new_page", "check_no_twin", "path_of_new"]


def check_new_page(ws: Workspace, page_path: str) -> str:
    """The path under which a new page can be written, before it has a text. Raises InvalidInput, also where there is one already."""
    page_path = path_of_new(ws, page_path)
    ws.page_file(page_path)  # refuses what can be no page at all
    if ws.stat(page_path) is not None:
        raise InvalidInput(f"There is a page {page_path} already.", hint="Edit that one, or choose another name.")
    check_new_name(ws, page_path)
    return page_path


def path_of_new(ws: Workspace, page_path: str) -> str:
    """The path for a new page, its folders as they are named on the disk: nobody can type in which form their letters are."""
    folder, slash, name = page_path.rpartition("/")
    return f"{ws.known_path(folder)}{slash}{name}"


def check_new_name(ws: Workspace, page_path: str, *, moved_from: str = "") -> None:
    """Raise InvalidInput for a path that a clone on Windows or macOS could not hold; `moved_from` is where the page is now."""
    if problem := unportable(page_path):
        raise InvalidInput(
            f"The name {page_path!r} {problem}.", hint="Choose another name: a clone of this handbook could not hold it."
        )
    check_no_twin(ws, page_path, moved_from=moved_from)


def check_no_twin(ws: Workspace, page_path: str, *, moved_from: str = "") -> None:
    """Raise InvalidInput where a file or folder beside it, or beside a folder on its way, is the same on Windows or macOS."""
    parts = page_path.split("/")
    for number, part in enumerate(parts):
        folder = "/".join(parts[:number])
        try:
            names = [entry.name for entry in os.scandir(ws.docs_dir / folder)]
        except OSError:
            return  # a new folder: nothing is beside what is in it
        twin = twin_of(part, names)
        if twin is None:
            continue
        beside = f"{folder}/{twin}" if folder else twin
        if not _moves_away(ws, beside, moved_from):
            raise InvalidInput(
                f"{page_path} differs from {beside}, which is there, only in {difference(part, twin)}.",
                hint="Use that one, or another name: on Windows and macOS the two are one.",
            )
        return


def _moves_away(ws: Workspace, beside: str, moved_from: str) -> bool:
    """Whether a file or folder is gone once the page `moved_from` has moved: it is the page, or holds nothing else."""
    if beside == moved_from:
        return True
    if not moved_from.startswith(f"{beside}/"):
        return False
    held = [Path(folder, name) for folder, _, names in os.walk(ws.docs_dir / beside) for name in names]
    return held == [ws.docs_dir / moved_from]
