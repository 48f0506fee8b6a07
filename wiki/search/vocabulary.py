"""The words that the pages hold: what an unfinished word may become and what a mistyped one may have meant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from tantivy import Searcher

__all__ = ["Vocabulary", "edits_allowed"]

_MOST_WORDS = 300_000
_MOST_TRIED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How often each word occurs, and the words without digits by their length."""

    counts: dict[str, int]
    by_length: dict[int, list[str]]


class Vocabulary:
    """The words of one commit, read when they are first needed. Holds words of all pages: use them only in queries that
    are limited to what the audience may read. Safe to share between threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._lock = threading.Lock()
        self._read: _Words | None = None

    def completions(self, start: str, *, limit: int) -> list[str]:
        """The most frequent words that begin with `start`, itself included."""
        return [word for word, _ in self._searcher.terms_with_prefix("words", start, None, limit)]

    def containing(self, part: str, *, limit: int) -> list[str]:
        """The most frequent longer words that hold `part`, of five letters or more: compounds made with it."""
        if len(part) < 5 or not part.isalpha():
            return []
        words = self._words()
        found = [
            word for length, listed in words.by_length.items() if length > len(part) + 2 for word in listed if part in word
        ]
        return sorted(found, key=lambda word: (-words.counts[word], word))[:limit]

    def corrections(self, word: str, accept: Callable[[str], bool], *, limit: int, unfinished: bool = False) -> list[str]:
        """Words that `word` may be a slip of, nearest first, then most frequent; only those that `accept` takes.

        At most `edits_allowed(word)` letters changed, added, left out or swapped with the next. `unfinished`: the word may
        also be the mistyped beginning of a longer one.
        """
        edits = edits_allowed(word)
        if not edits:
            return []
        words = self._words()
        longest = max(words.by_length, default=0) if unfinished else len(word) + edits
        near: list[tuple[int, bool, int, str]] = []
        for length in range(len(word) - edits, longest + 1):
            choices = words.by_length.get(length, [])
            for compared in _beginnings(choices, len(word)) if unfinished and length > len(word) else [choices]:
                for _, distance, index in extract(word, compared, scorer=OSA.distance, score_cutoff=edits, limit=None):
                    choice = choices[index]
                    near.append((int(distance), choice[0] != word[0], -words.counts[choice], choice))
        found: list[str] = []
        nearest = 0
        for distance, _, _, choice in sorted(near)[:_MOST_TRIED]:
            if found and distance > nearest:
                break
            if choice != word and choice not in found and accept(choice):
                found.append(choice)
                nearest = distance
        return found[:limit]

    def _words(self) -> _Words:
        with self._lock:
            if self._read is None:
                counts = dict(self._searcher.terms_with_prefix("words", "", None, _MOST_WORDS))
                by_length: dict[int, list[str]] = {}
                for word in counts:
                    if word.isalpha():
                        by_length.setdefault(len(word), []).append(word)
                self._read = _Words(counts=counts, by_length=by_length)
            return self._read


def _beginnings(choices: list[str], length: int) -> list[list[str]]:
    """What of each word compares with `length` letters typed, and with one letter more, which may have been left out."""
    return [[choice[:length] for choice in choices], [choice[: length + 1] for choice in choices]]


def edits_allowed(word: str) -> int:
    """How many slips a word of this length may hold: none below 4 letters or with a digit in it, two from 8 letters on."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2
