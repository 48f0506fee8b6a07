"""Pages that come and go in a navigation MkDocs made from the folders, without making it anew.

MkDocs takes 300 ms to make the navigation of 16,000 pages; putting one page in its place takes well under one.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import Any

__all__ = ["FolderNav"]

_Key = tuple[tuple[str, ...], bool, str]


class FolderNav:
    """Changes `nav`, made by mkdocs.structure.nav.get_navigation without a `nav` setting, the way MkDocs would have made it.

    `add` and `remove` return False, with nothing changed, where the navigation has to be made anew: for the home page, and where
    MkDocs merges folders because their names make one title.
    """

    def __init__(self, nav: Any) -> None:
        self._nav = nav
        self._keys = [_key(page.file) for page in nav.pages]
        self._usable = all(a < b for a, b in zip(self._keys, self._keys[1:], strict=False))
        self._sections: dict[str, Any] = {"": None}
        owners: dict[int, str] = {}
        for page in nav.pages:
            folder, section = posixpath.dirname(page.file.src_uri), page.parent
            while folder not in self._sections and section is not None:
                self._sections[folder] = section
                self._usable = self._usable and owners.setdefault(id(section), folder) == folder
                folder, section = posixpath.dirname(folder), section.parent

    def add(self, page: Any) -> bool:
        """Put a new page where it belongs."""
        folder = posixpath.dirname(page.file.src_uri)
        if not self._usable or (not folder and page.is_index):
            return False
        key = _key(page.file)
        if folder not in self._sections and not self._add_folder(folder, key):
            return False
        section = self._sections[folder]
        siblings = self._siblings(section)
        place = next((n for n, item in enumerate(siblings) if not item.is_page or _key(item.file) > key), len(siblings))
        page.parent = section
        siblings.insert(place, page)
        position = bisect_left(self._keys, key)
        self._keys.insert(position, key)
        self._nav.pages.insert(position, page)
        self._join(position - 1, position)
        self._join(position, position + 1)
        return True

    def remove(self, page: Any) -> bool:
        """Take a page out, and the folders that are empty without it."""
        folder = posixpath.dirname(page.file.src_uri)
        position = bisect_left(self._keys, _key(page.file))
        if not self._usable or folder not in self._sections or (not folder and page.is_index):
            return False
        if position >= len(self._keys) or self._nav.pages[position] is not page:
            return False
        siblings = self._siblings(self._sections[folder])
        siblings[:] = [item for item in siblings if item is not page]
        while folder and not siblings:
            section = self._sections.pop(folder)
            siblings = self._siblings(section.parent)
            siblings[:] = [item for item in siblings if item is not section]
            folder = posixpath.dirname(folder)
        del self._keys[position], self._nav.pages[position]
        self._join(position - 1, position)
        return True

    def _add_folder(self, folder: str, key: _Key) -> bool:
        """Make the sections of a folder that had no pages; False where MkDocs would merge one with another folder's."""
        from mkdocs.structure.nav import Section
        from mkdocs.utils import dirname_to_title

        parts = folder.split("/")
        known = next(n for n in range(len(parts), -1, -1) if "/".join(parts[:n]) in self._sections)
        parent = self._sections["/".join(parts[:known])]
        title = dirname_to_title(parts[known])
        siblings = self._siblings(parent)
        if any(item.is_section and item.title == title for item in siblings):
            return False
        for depth in range(known, len(parts)):
            section = Section(dirname_to_title(parts[depth]), [])
            section.parent = parent
            later = (n for n, item in enumerate(siblings) if item.is_section and _key(_first_page(item).file) > key)
            siblings.insert(next(later, len(siblings)), section)
            self._sections["/".join(parts[: depth + 1])] = parent = section
            siblings = section.children
        return True

    def _siblings(self, section: Any) -> list[Any]:
        items: list[Any] = self._nav.items if section is None else section.children
        return items

    def _join(self, left: int, right: int) -> None:
        pages = self._nav.pages
        before = pages[left] if 0 <= left < len(pages) else None
        after = pages[right] if 0 <= right < len(pages) else None
        if before is not None:
            before.next_page = after
        if after is not None:
            after.previous_page = before


def _first_page(section: Any) -> Any:
    first = section
    while first.children:
        first = first.children[0]
    return first


def _key(file: Any) -> _Key:
    """MkDocs' order of files (mkdocs/structure/files.py, file_sort_key)."""
    *folders, name = file.src_uri.split("/")
    return tuple(folders), file.name != "index", name
