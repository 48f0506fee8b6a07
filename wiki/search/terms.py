"""The words of a query -> weighted terms of the index: synonyms, completions and corrections, always below the word itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wiki.search.analysis import stem
from wiki.search.query import ParsedQuery
from wiki.search.synonyms import Stems, Thesaurus
from wiki.search.text import is_stop_word
from wiki.search.vocabulary import Vocabulary

__all__ = ["Alternative", "Expander", "Wanted"]

LIGHT_WEIGHT = 0.5
SYNONYM_WEIGHT = 0.6
COMPLETION_WEIGHT = 0.7
CORRECTION_WEIGHT = 0.6
COMPOUND_WEIGHT = 0.7

_MOST_COMPLETIONS = 12
_MOST_CORRECTIONS = 3
_MOST_SYNONYMS = 8
_MOST_COMPOUNDS = 12
_COMPOUNDING = frozenset({"da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv"})  # languages that write compounds as one word


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way to say what is wanted: the stems of a word or phrase, and what a match counts: 1 for the very word."""

    stems: Stems
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One thing a query asks for. A section's best alternative counts, times `weight`."""

    alternatives: tuple[Alternative, ...]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expander:
    """`known` says whether a stem occurs in what the audience may read."""

    language: str
    lists: Thesaurus
    vocabulary: Vocabulary
    known: Callable[[str], bool]

    def wanted(self, query: ParsedQuery, *, prefix: bool) -> list[Wanted]:
        """What the loose words of a query stand for, in order.

        Only a word that occurs nowhere is taken for a slip, so that a section with the word as typed never competes with
        one that holds something near it.
        """
        found = [self._word(word, unfinished=prefix and word == query.unfinished) for word in query.words]
        for phrase in self.lists.phrases_in(list(query.stems)):
            best: dict[Stems, float] = {}
            self._add_synonyms(best, phrase, SYNONYM_WEIGHT)
            found.append(_wanted(best, 1.0))
        return found

    def near(self, query: ParsedQuery) -> list[Wanted]:
        """What the words may be slips of, the words themselves left out; [] when none is near anything."""
        found: list[Wanted] = []
        for word in query.words:
            best: dict[Stems, float] = {}
            self._add(best, self._corrections(word, unfinished=False), CORRECTION_WEIGHT)
            best.pop((stem(word, self.language),), None)
            if best:
                found.append(_wanted(best, 1.0))
        return found

    def _word(self, word: str, *, unfinished: bool) -> Wanted:
        term = stem(word, self.language)
        best: dict[Stems, float] = {(term,): 1.0}
        if unfinished:
            self._add(best, self.vocabulary.completions(word, limit=_MOST_COMPLETIONS), COMPLETION_WEIGHT)
        if self.language.split("-")[0] in _COMPOUNDING:
            self._add(best, self.vocabulary.containing(word, limit=_MOST_COMPOUNDS), COMPOUND_WEIGHT)
        meant: list[Stems] = [(term,)]
        if not any(self.known(stems[0]) for stems in best):
            before = set(best)
            self._add(best, self._corrections(word, unfinished=unfinished), CORRECTION_WEIGHT)
            meant = [stems for stems in best if stems not in before] or meant
        for stems in meant:
            self._add_synonyms(best, stems, best[stems] * SYNONYM_WEIGHT)
        return _wanted(best, LIGHT_WEIGHT if meant[0][0] in self.lists.light else 1.0)

    def _corrections(self, word: str, *, unfinished: bool) -> list[str]:
        def accept(candidate: str) -> bool:
            return not is_stop_word(candidate, self.language) and self.known(stem(candidate, self.language))

        return self.vocabulary.corrections(word, accept, limit=_MOST_CORRECTIONS, unfinished=unfinished)

    def _add(self, best: dict[Stems, float], words: Iterable[str], weight: float) -> None:
        for word in words:
            best.setdefault((stem(word, self.language),), weight)

    def _add_synonyms(self, best: dict[Stems, float], stems: Stems, weight: float) -> None:
        for other in self.lists.synonyms.get(stems, ())[:_MOST_SYNONYMS]:
            best.setdefault(other, weight)


def _wanted(best: dict[Stems, float], weight: float) -> Wanted:
    return Wanted(alternatives=tuple(Alternative(stems=s, weight=w) for s, w in best.items()), weight=weight)
