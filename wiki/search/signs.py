"""What Tantivy's word splitting would lose: scripts written without spaces, names with signs in them, and letters in two normal forms.

The same two steps prepare pages and queries, so that each finds the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["joined_words", "prepared"]

_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0002fa1f]+")
_JOINED = re.compile(r"(?<![^\W_])[^\W_]++(?:[.,'’/&:-][^\W_]++)+")  # possessive: a word that no sign follows is passed at once
_NUMBER = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d{1,2}")
_SIGNED = re.compile(r"(?<![^\W_])([^\W\d_]\w{0,3})(\+\+|#)(?!\w)")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_SIGN_NAMES = {"++": "plusplus", "#": "sharp"}


def prepared(text: str) -> str:
    """Text as it is split into words: composed letters (NFC), and Chinese and Japanese as overlapping pairs of signs."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return _CJK.sub(_pairs, text)


def joined_words(text: str) -> Iterator[str]:
    """Words that signs would take apart, as one: `nodejs` for Node.js, `kr1042` for KR-1042, `1250` for 1,250.00, `cplusplus` for
    C++, `1v2v3` for 1.2.3, and a name for each emoji."""
    for match in _JOINED.finditer(text):
        parts = re.split(r"[.,'’/&:-]", match[0])
        if _NUMBER.fullmatch(match[0]):
            yield re.sub(r"\D", "", re.sub(r"[.,]\d{1,2}$", "", match[0]))
        elif all(part.isdecimal() for part in parts):
            yield "v".join(parts)
        elif len(match[0]) <= 40 and len(parts) <= 4:
            yield "".join(parts)
    for match in _SIGNED.finditer(text):
        yield f"{match[1]}{_SIGN_NAMES[match[2]]}"
    if not text.isascii():
        for match in _EMOJI.finditer(text):
            yield f"emoji{ord(match[0]):x}"


def _pairs(match: re.Match[str]) -> str:
    run = match[0]
    return f" {' '.join(run[i : i + 2] for i in range(max(1, len(run) - 1)))} "
