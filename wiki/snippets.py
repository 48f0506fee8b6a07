"""Snippets: the part of a section's plain text that answers a query best, as HTML in which only `<mark>` is an element."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wiki.analysis import folded, stem

__all__ = ["snippet"]

_LENGTH = 220  # characters
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    term: str
    weight: float


def snippet(plain: str, weights: Mapping[str, float], *, language: str = "en", length: int = _LENGTH) -> str:
    """About `length` characters of `plain` around the most and weightiest terms, matches marked; "" for an empty text.

    `weights` maps index terms (stems) to what they count. Words are compared as the index compares them, so a stemmed or
    corrected match is marked too. Without any match it is the beginning of the text.
    """
    found = _matches(plain, weights, language)
    start, end = _window(plain, found, length)
    parts: list[str] = ["… "] if start > 0 else []
    at = start
    for match in found:
        if match.start >= start and match.end <= end:
            parts += [_escape(plain[at : match.start]), "<mark>", _escape(plain[match.start : match.end]), "</mark>"]
            at = match.end
    parts.append(_escape(plain[at:end]))
    if end < len(plain.rstrip()):
        parts.append(" …")
    return re.sub(r"\s+", " ", "".join(parts)).strip().replace("</mark> <mark>", " ")


def _matches(plain: str, weights: Mapping[str, float], language: str) -> list[_Found]:
    if not weights:
        return []
    pattern = _candidates(frozenset(term[:2] for term in weights)) if plain.isascii() else _WORD
    found: list[_Found] = []
    for match in pattern.finditer(plain):
        term = _term(match[0].lower(), language)
        if term in weights:
            found.append(_Found(match.start(), match.end(), term, weights[term]))
    return found


@lru_cache(maxsize=1_000)
def _candidates(starts: frozenset[str]) -> re.Pattern[str]:
    """Words that may have one of the terms: a stemmer leaves a word's first two letters alone."""
    alternatives = "|".join(sorted(re.escape(start) for start in starts))
    return re.compile(rf"(?<![^\W_])(?:{alternatives})[^\W_]*", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def _term(word: str, language: str) -> str:
    return stem(folded(word)[0], language) if word.isascii() or folded(word) else ""


def _window(plain: str, found: list[_Found], length: int) -> tuple[int, int]:
    """The stretch with the best matches: each term counts once in full and a little for every repetition."""
    if len(plain) <= length:
        return 0, len(plain)
    best, best_start = -1.0, 0
    for first in range(min(len(found), 400)):
        score, seen, last = 0.0, set[str](), found[first].start
        for match in found[first:]:
            if match.end > found[first].start + length * 0.8:
                break
            score += match.weight * (0.1 if match.term in seen else 1.0)
            seen.add(match.term)
            last = match.end
        if score > best + 1e-9:
            best, best_start = score, max(0, found[first].start - max(20, (length - (last - found[first].start)) // 3))
    start = _word_start(plain, best_start)
    return start, _word_end(plain, min(len(plain), start + length))


def _word_start(plain: str, position: int) -> int:
    """The start of a sentence or line shortly before `position` if there is one, else of the word."""
    if position <= 0:
        return 0
    for match in re.finditer(r"(?:[.!?:]\s|\n)\s*", plain[max(0, position - 40) : position + 20]):
        return max(0, position - 40) + match.end()
    space = plain.find(" ", position)
    return space + 1 if 0 <= space <= position + 30 else position


def _word_end(plain: str, position: int) -> int:
    if position >= len(plain):
        return len(plain)
    space = plain.rfind(" ", max(0, position - 30), position)
    return space if space > 0 else position


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
