"""Spoken forms -> written ones: "hashtag ops dash help" -> "#ops-help", "t r c" -> "TRC", "forty five" -> "45"."""

from __future__ import annotations

import re

from ingest.numbers import normalise_numbers

__all__ = ["without_fillers", "written"]

_WORD = r"[A-Za-z0-9][\w-]*"
_CHANNEL = re.compile(
    rf"\b(?:hashtag|hash tag|pound sign)\s+({_WORD}(?:\s+(?:dash|hyphen|underscore)\s+{_WORD})*)", re.IGNORECASE
)
_GLUE = r"(?:dot|dash|hyphen|underscore)"
_ADDRESS = re.compile(
    rf"\b({_WORD}(?:\s+{_GLUE}\s+{_WORD})*)\s+at\s+({_WORD}(?:\s+{_GLUE}\s+{_WORD})*\s+dot\s+{_WORD})\b", re.IGNORECASE
)
_HOST = re.compile(rf"\b({_WORD}(?:\s+dot\s+{_WORD})+)((?:\s+slash\s+{_WORD}(?:\s+(?:dash|dot)\s+{_WORD})*)*)", re.IGNORECASE)
_LETTERS = re.compile(r"(?<![\w'-])((?:[b-hj-z]|a(?=\s[b-z]\b)|i(?=\s[b-z]\s[b-z]\b))(?:\s(?:[a-z])){1,4})(?![\w'-])")
_LETTER_NUMBER = re.compile(r"(?<![\w'-])([b-hj-z])\s(\d{1,4})(?![\w'-])")
_NUMBER_LETTER = re.compile(r"(?<![\w'.-])(\d{1,3})\s([b-hj-z])(?![\w'-])")
_FILLERS = re.compile(
    r"(?:(?<=\s)|^)(?:um+|uh+|erm?|hmm+|uhm|you know|i mean|sort of|kind of|like i said)(?:,?\s+|$)", re.IGNORECASE
)


def written(text: str) -> str:
    """`text` with spoken numbers, addresses, channels and spelled letters as people write them."""
    text = _LETTERS.sub(lambda m: m[1].replace(" ", "").upper(), text)
    text = _CHANNEL.sub(lambda m: "#" + _glued(m[1]).lower(), text)
    text = _ADDRESS.sub(lambda m: f"{_glued(m[1])}@{_glued(m[2])}".lower(), text)
    text = _HOST.sub(lambda m: (_glued(m[1]) + _glued(m[2])).lower(), text)
    text = normalise_numbers(text)
    text = _LETTER_NUMBER.sub(lambda m: m[1].upper() + m[2], text)
    return _NUMBER_LETTER.sub(lambda m: m[1] + m[2].upper(), text)


def without_fillers(text: str) -> str:
    """`text` without the sounds and words people say while they think."""
    return re.sub(r"\s{2,}", " ", _FILLERS.sub("", text)).strip()


def _glued(text: str) -> str:
    for word, sign in (("dash", "-"), ("hyphen", "-"), ("underscore", "_"), ("dot", "."), ("slash", "/")):
        text = re.sub(rf"\s+{word}\s+", sign, text, flags=re.IGNORECASE)
    return text.strip()
