"""Names of pages that a clone on any machine can hold: what Windows and macOS refuse, and names that are one to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

__all__ = ["MOST_CHARACTERS", "difference", "folded", "twin_of", "unportable"]

MOST_CHARACTERS = 240  # Windows takes 260 for the whole path, the clone's folder included

_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\..*)?", re.IGNORECASE | re.DOTALL)


def unportable(page_path: str) -> str:
    """Why a clone on Windows cannot hold a page of this name, as what follows "The name …"; "" where it can."""
    for part in page_path.split("/"):
        if found := _FORBIDDEN.search(part):
            return f"holds the character {found[0]!a}, which Windows refuses"
        if _DEVICE.fullmatch(part):
            return f"holds {part.partition('.')[0].strip()}, which is a device on Windows"
        if part.endswith((".", " ")):
            return f"has a part that ends with {_said(part[-1])}, which Windows leaves out"
    stem = page_path.rpartition(".")[0]
    return f"has {_said(stem[-1])} before its ending, which Windows leaves out" if stem.endswith((".", " ")) else ""


def folded(name: str) -> str:
    """The same for all names that are one name on Windows or macOS, where case and normal form do not count."""
    if name.isascii():
        return name.lower()
    return "".join(char if len(char.upper()) > 1 else char.upper().lower() for char in normalize("NFC", name))


def twin_of(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is another name here and the same one on Windows or macOS; None also where `name` is among them."""
    wanted, twin = folded(name), None
    for other in names:
        if other == name:
            return None
        if folded(other) == wanted:
            twin = other
    return twin


def difference(name: str, other: str) -> str:
    """In what two twins differ, as what follows "only in …"."""
    return "the encoding of its letters" if normalize("NFC", name) == normalize("NFC", other) else "case"


def _said(char: str) -> str:
    return "a dot" if char == "." else "a space"
