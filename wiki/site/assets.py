"""The files beside the pages, as the live site gives them: where they are, of which type, and what could run scripts."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wiki.site.files import theme_file

if TYPE_CHECKING:
    from wiki.site.edition import Edition

__all__ = ["Asset", "asset_at"]

_HARMLESS = (
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico", ".tif", ".tiff", ".pdf", ".css", ".js", ".mjs"),
    *(".json", ".map", ".txt", ".csv", ".tsv", ".md", ".woff", ".woff2", ".ttf", ".otf", ".mp3", ".ogg", ".oga", ".opus"),
    *(".wav", ".m4a", ".flac", ".mp4", ".webm", ".ogv", ".mov", ".zip", ".gz", ".tar", ".7z", ".docx", ".xlsx", ".pptx"),
    *(".odt", ".ods", ".odp", ".rtf", ".eml"),
)
"""The endings of what runs no script when a browser opens it; everything else may (`.html`, `.svg`, `.shtml`, `.xht` …)."""
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file beside the pages: `path` or, made by a plugin, `data`.

    `sandboxed`: it could run scripts, so a server should send it with `Content-Security-Policy: sandbox`.
    """

    media_type: str
    path: Path | None = None
    data: bytes | None = None
    sandboxed: bool = False


def asset_at(edition: Edition, path: str) -> Asset | None:
    """The file at a path in the site, None where the edition has none."""
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - a URL, no file
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    if (file := edition.file_at(path)) is not None:
        ours = file == theme_file(edition.config.theme.dirs, path)
        return Asset(path=file, media_type=media_type, sandboxed=not ours and suffix not in _HARMLESS)
    if (data := edition.made_by_plugin(path)) is not None:
        return Asset(data=data, media_type=media_type, sandboxed=suffix not in _HARMLESS)
    return None
