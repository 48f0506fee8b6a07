"""Files beside the pages (images, attachments, styles): which are part of the site."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from wiki.pages.files import NEVER_PAGES, entry_is, is_markdown
from wiki.workspace.workspace import Workspace

__all__ = ["IMAGES", "LOOKS", "belongs_to_site", "theme_file", "theme_files", "workspace_files"]

LOOKS = (".css", ".js", ".mjs", ".woff", ".woff2", ".ttf", ".otf")
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".bmp")
_ATTACHMENTS = (
    *(".pdf", ".csv", ".tsv", ".txt", ".zip", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp"),
    *(".mp3", ".mp4", ".m4a", ".ogg", ".wav", ".webm", ".mov", ".drawio", ".vtt", ".srt"),
)
_NEVER = frozenset({"mkdocs.yml", "mkdocs.yaml", "knowhow.toml", "roles.yml"})
# Material's own search, which ours replaces, and what only its developers need
_THEME_UNUSED = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
_THEME_SUFFIXES = (*LOOKS, *IMAGES, "/LICENSE.txt")


def belongs_to_site(ws: Workspace, path: str) -> bool:
    """Whether a file of docs_dir that is no page is part of the site.

    Where docs_dir is the workspace itself, it holds all sorts of files: then only what pages usually show or attach.
    """
    if is_markdown(path) or "\0" in path or "\\" in path or not _plain(path.split("/")):
        return False
    full = os.path.normpath(ws.docs_dir / path)
    if full.startswith((f"{ws.site_dir}{os.sep}", f"{ws.state_dir}{os.sep}")):
        return False
    root = os.path.realpath(ws.root)
    if os.path.realpath(ws.docs_dir) == root and not path.lower().endswith((*LOOKS, *IMAGES, *_ATTACHMENTS)):
        return False
    real = os.path.realpath(full)  # a symlink must not lead out of the workspace, nor to what is kept from the site
    return real.startswith(root + os.sep) and not is_markdown(real) and _plain(list(Path(real[len(root) + 1 :]).parts))


def _plain(parts: list[str]) -> bool:
    return parts[-1] not in _NEVER and not any(p in ("", "..") or p.startswith(".") or p.lower() in NEVER_PAGES for p in parts)


def workspace_files(ws: Workspace) -> Iterator[str]:
    """The files of docs_dir that are no pages and belong to the site, in no order; symlinked folders are not followed."""
    skipped = {str(ws.site_dir), str(ws.state_dir)}
    folders = [(str(ws.docs_dir), "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            name = entry.name
            if name.startswith(".") or name.lower() in NEVER_PAGES:
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.path not in skipped:
                    folders.append((entry.path, f"{prefix}{name}/"))
            elif not is_markdown(name) and entry_is(entry.is_file) and belongs_to_site(ws, prefix + name):
                yield prefix + name


def theme_files(folders: list[str]) -> Iterator[tuple[str, str]]:
    """(path in the site, folder of the theme) of the theme's styles, scripts and images; earlier folders win."""
    seen: set[str] = set()
    for folder in folders:
        for base, names, files in os.walk(Path(folder) / "assets"):
            names[:] = sorted(n for n in names if not n.startswith("."))
            for name in sorted(files):
                path = Path(base, name).relative_to(folder).as_posix()
                if path not in seen and _wanted(path):
                    seen.add(path)
                    yield path, folder


def theme_file(folders: list[str], path: str) -> Path | None:
    """The theme's file for a path in the site, None where there is none."""
    if not path.startswith("assets/") or posixpath.normpath(path) != path or "\0" in path or not _wanted(path):
        return None
    return next((file for folder in folders if (file := Path(folder) / path).is_file()), None)


def _wanted(path: str) -> bool:
    return path.endswith(_THEME_SUFFIXES) and not path.startswith(_THEME_UNUSED) and "/." not in path
