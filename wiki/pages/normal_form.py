"""Names in Unicode's two normal forms: macOS and some archives write `ä` as two characters, keyboards as one; a reader sees no difference.

Files keep the name they have. Whoever looks one up by a name from elsewhere (a link, an address, a call) does it here.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from unicodedata import normalize

__all__ = ["Names", "composed", "on_disk"]


def composed(name: str) -> str:
    """The same for all ways to encode a name's letters."""
    return name if name.isascii() else normalize("NFC", name)


class Names:
    """Names that are found however their letters are encoded; one that is there as it is written comes first."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_letters: dict[str, str] = {}  # ASCII has one form only
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        if not name.isascii():
            self._by_letters.setdefault(composed(name), name)

    def discard(self, name: str) -> None:
        if not name.isascii() and self._by_letters.get(composed(name)) == name:
            del self._by_letters[composed(name)]

    def find(self, name: str, known: Container[str]) -> str | None:
        """The name among `known` that `name` means, None where there is none."""
        if name in known:
            return name
        return None if name.isascii() else self._by_letters.get(composed(name))


def on_disk(folder: str | os.PathLike[str], path: str) -> str:
    """`path`, relative to `folder` and with `/`, as the folders and files there are named, as far as there are any."""
    if path.isascii() or os.path.lexists(os.path.join(folder, path)):  # noqa: PTH118 - once for each page that is read
        return path
    found: list[str] = []
    for part in path.split("/"):
        place = os.path.join(folder, *found)  # noqa: PTH118 - a str as well
        found.append(_named(place, part))
    return "/".join(found)


def _named(folder: str, name: str) -> str:
    """The entry of `folder` that `name` means; `name` where there is none."""
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):  # noqa: PTH118
        return name
    try:
        with os.scandir(folder) as entries:
            return next((entry.name for entry in entries if composed(entry.name) == composed(name)), name)
    except (OSError, ValueError):
        return name
