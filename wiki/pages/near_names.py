"""The page that a link to no page most likely means, found without looking at every page.

Names are looked up in an index of their runs of three letters. Only the pages under the rarest runs, and of those the nearest in
the alphabet, which are in the same folder, are compared letter by letter. So a suggestion costs the same on a hundred pages and on a hundred thousand.
"""

from __future__ import annotations

import posixpath
from bisect import bisect
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

__all__ = ["NearNames", "nearest"]

_COMPARED = 200  # pages
_STARTS = ("index", "readme")  # a folder's start page is called by its folder


class NearNames:
    """An index over a set of page paths that does not change."""

    def __init__(self, page_paths: Iterable[str]) -> None:
        self._named: dict[str, list[str]] = {}
        self._runs: dict[str, list[str]] = {}
        for path in sorted(page_paths):
            self._named.setdefault(posixpath.basename(path).lower(), []).append(path)
            for run in _runs(path):
                self._runs.setdefault(run, []).append(path)

    def find(self, wanted: str) -> str | None:
        """The page of the same name in the folder most alike, else one with a similar path; None where none comes near."""
        name = posixpath.basename(wanted).lower()
        if posixpath.splitext(name)[0] not in _STARTS and (same := self._named.get(name)):
            return max(same, key=lambda path: (len(posixpath.commonprefix([path, wanted])), path))
        candidates: dict[str, None] = {}
        for paths in sorted((self._runs[run] for run in _runs(wanted) if run in self._runs), key=len):
            room = _COMPARED - len(candidates)
            start = max(0, min(bisect(paths, wanted) - room // 2, len(paths) - room))
            candidates.update(dict.fromkeys(paths[start : start + room]))
            if len(candidates) >= _COMPARED:
                break
        return nearest(wanted, list(candidates))


def nearest(wanted: str, names: Collection[str]) -> str | None:
    """The most similar of some names, None where none comes near."""
    found = process.extractOne(wanted, names, scorer=fuzz.ratio, score_cutoff=70)
    return str(found[0]) if found else None


def _runs(path: str) -> set[str]:
    stem = posixpath.splitext(path)[0].lower()
    folder, name = posixpath.split(stem)
    word = f"^{posixpath.basename(folder) if name in _STARTS and folder else name}$"
    return {word[:2], word[-2:], *(word[at : at + 3] for at in range(len(word) - 2))}
