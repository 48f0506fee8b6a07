"""The words that the pages hold: what an unfinished word may become and what a mistyped one may have meant."""

from __future__ import annotations

import threading
from collections.abc import Callable

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from tantivy import Searcher

__all__ = ["Vocabulary", "edits_allowed"]

_MOST_WORDS = 300_000


class Vocabulary:
    """The words of one commit, read when they are first needed. Holds words of all pages: use them only in queries that
    are limited to what the audience may read. Safe to share between threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._lock = threading.Lock()
        self._counts: dict[str, int] | None = None

    def completions(self, start: str, *, limit: int) -> list[str]:
        """The most frequent words that begin with `start`, itself included."""
        return [word for word, _ in self._searcher.terms_with_prefix("words", start, None, limit)]

    def corrections(self, word: str, accept: Callable[[str], bool], *, limit: int, unfinished: bool = False) -> list[str]:
        """Words that `word` may be a slip of, nearest first, then most frequent; only those that `accept` takes.

        At most `edits_allowed(word)` letters changed, added, left out or swapped with the next. `unfinished`: the word may
        also be the mistyped beginning of a longer one.
        """
        edits = edits_allowed(word)
        if not edits:
            return []
        counts = self._all()
        choices = {w: (w[: len(word)] if unfinished else w) for w in counts if not w.isdigit()}
        near = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
        ranked = sorted(near, key=lambda match: (match[1], match[2][0] != word[0], -counts[match[2]]))
        found: list[str] = []
        nearest = ranked[0][1] if ranked else 0
        for _, distance, candidate in ranked[:30]:
            if candidate != word and distance == nearest and accept(candidate):
                found.append(candidate)
                if len(found) == limit:
                    break
            elif distance != nearest and found:
                break
            elif distance != nearest and accept(candidate):
                found.append(candidate)
                nearest = distance
        return found[:limit]

    def _all(self) -> dict[str, int]:
        with self._lock:
            if self._counts is None:
                self._counts = dict(self._searcher.terms_with_prefix("words", "", None, _MOST_WORDS))
            return self._counts


def edits_allowed(word: str) -> int:
    """How many slips a word of this length may hold: none below 4 letters or with a digit in it, two from 8 letters on."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2
