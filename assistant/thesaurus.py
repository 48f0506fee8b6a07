"""Other words for the same thing: what a question's words could be called on the page that answers it.

The groups are wiki's own (`wiki/search/words`) and those of `thesaurus.txt` beside this file: looser ones, too loose for a search
box, good enough to recognise an answer by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from wiki.search import content_stems, thesaurus

__all__ = ["Phrase", "related"]

Phrase = tuple[str, ...]
"""Content stems that stand next to each other; most have one."""

_LONGEST = 4


def related(stems: Sequence[str], language: str = "en") -> dict[str, frozenset[Phrase]]:
    """For the content stems of a question, in order: what else each could be called. {} for a language without groups."""
    groups = _groups(language)
    found: dict[str, set[Phrase]] = {}
    for length in range(1, _LONGEST + 1):
        for start in range(len(stems) - length + 1):
            phrase = tuple(stems[start : start + length])
            for other in groups.get(phrase, ()):
                for stem in phrase:
                    found.setdefault(stem, set()).add(other)
    return {stem: frozenset(others - {(stem,)}) for stem, others in found.items()}


@lru_cache(maxsize=8)
def _groups(language: str) -> Mapping[Phrase, frozenset[Phrase]]:
    """Phrase -> all other phrases of its groups."""
    groups: dict[Phrase, set[Phrase]] = {one: set(others) for one, others in thesaurus(language).synonyms.items()}
    if language.lower().startswith("en"):
        for line in (files("assistant") / "thesaurus.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            phrases = {phrase for part in line.split(",") if (phrase := tuple(content_stems(part, language)))}
            for phrase in phrases:
                groups.setdefault(phrase, set()).update(phrases)
    return {phrase: frozenset(others) for phrase, others in groups.items()}
