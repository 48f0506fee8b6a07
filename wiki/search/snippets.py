"""Snippets: the part of a section's plain text that answers a query best, as HTML in which only `<mark>` is an element."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from wiki.search.analysis import folded, stem

__all__ = ["snippet"]

_LENGTH = 220  # characters
_OPEN, _CLOSE = "\x02", "\x03"  # stand for the marks until all else is escaped
_COMMON_START = 3  # letters that a stemmer leaves alone
_WORD = re.compile(r"[^\W_]+")
_FOREIGN = re.compile(r"[^\W\x00-\x7f]")  # letters that the index may hold folded


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
        if match.start >= at and match.end <= end:
            parts += [_without_marks(plain[at : match.start]), _OPEN, plain[match.start : match.end], _CLOSE]
            at = match.end
    parts.append(_without_marks(plain[at:end]))
    if end < len(plain.rstrip()):
        parts.append(" …")
    text = " ".join("".join(parts).split()).replace(f"{_CLOSE} {_OPEN}", " ")
    return html.escape(text, quote=True).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")


def _matches(plain: str, weights: Mapping[str, float], language: str) -> list[_Found]:
    """Where the terms occur, in order."""
    lowered = plain.lower()
    if not weights or len(lowered) != len(plain):  # a letter whose small form is two: rare, and not worth another way
        return []
    found: list[_Found] = []
    if _FOREIGN.search(lowered):
        for match in _WORD.finditer(lowered):
            if (term := _term(match[0], language)) in weights:
                found.append(_Found(match.start(), match.end(), term, weights[term]))
        return found
    for start in {term[: max(_COMMON_START, len(term) - 2)] for term in weights}:
        if start not in lowered:
            continue
        for match in _beginning_with(lowered, start):
            if (term := _term(match[0], language)) in weights:
                found.append(_Found(match.start(), match.end(), term, weights[term]))
    return sorted(set(found), key=_by_start)


def _beginning_with(text: str, start: str) -> Iterator[re.Match[str]]:
    """The words of a text that begin so: of those a stemmer may leave this beginning, and far quicker than all words."""
    at = text.find(start)
    while at >= 0:
        match = _WORD.match(text, at)
        assert match is not None  # a term begins with a letter or digit
        if at == 0 or not text[at - 1].isalnum():
            yield match
        at = text.find(start, match.end())


def _by_start(found: _Found) -> int:
    return found.start


@lru_cache(maxsize=200_000)
def _term(word: str, language: str) -> str:
    words = folded(word)
    return stem(words[0], language) if words else ""


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


def _without_marks(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")
