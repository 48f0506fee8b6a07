"""Links in rendered pages that lead to pages the reader may not see."""

from __future__ import annotations

import posixpath
import re
from html import unescape
from urllib.parse import unquote, urlsplit

from wiki.pages.normal_form import composed

__all__ = ["without_hidden_links"]

_LINK = re.compile(r'<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|\'([^\']*)\'|([^\s>]+))[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)


def without_hidden_links(html: str, page_path: str, page_url: str, hidden: frozenset[str]) -> str:
    """`html` with links to hidden pages replaced by their text.

    A link counts as written in Markdown (against the page's file) and as a browser reads it (against the page's URL).
    """
    addresses = _addresses(hidden)

    def replaced(match: re.Match[str]) -> str:
        target = unescape(match[1] or match[2] or match[3] or "")
        try:
            parts = urlsplit(target)
        except ValueError:
            return match[0]
        if parts.scheme or parts.netloc or not parts.path:
            return match[0]
        path = unquote(parts.path)
        root = path.startswith("/")
        for base in ("",) if root else (posixpath.dirname(page_path), page_url):
            resolved = posixpath.normpath(posixpath.join(base, path.lstrip("/"))).strip("/")
            while resolved.startswith("../"):
                resolved = resolved[3:]
            if composed(resolved) in addresses:
                return f'<span class="kh-hidden-link">{match[4]}</span>'
        return match[0]

    return _LINK.sub(replaced, html)


_known: dict[frozenset[str], frozenset[str]] = {}


def _addresses(hidden: frozenset[str]) -> frozenset[str]:
    """Every way to write the address of a hidden page: its file, with and without suffix, its folder."""
    found = _known.get(hidden)
    if found is None:
        names: set[str] = set()
        for path in hidden:
            stem = posixpath.splitext(path)[0]
            names |= {path, stem, f"{stem}.html", f"{stem}/index.html"}
            if posixpath.basename(stem) in ("index", "README"):
                folder = posixpath.dirname(stem)
                names |= {folder, f"{folder}/index.html".lstrip("/")} if folder else set()
        if len(_known) > 32:
            _known.clear()
        found = _known[hidden] = frozenset(map(composed, names))
    return found
