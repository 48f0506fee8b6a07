"""Words of one meaning, and words of little meaning: plain lists beside this file, one of each a language.

What a person asks with is often not what the page says: "quit" for "leaving", "PTO" for "leave". The lists hold general office
English only; a language without lists simply has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from wiki.search.analysis import analyze

__all__ = ["Stems", "Thesaurus", "thesaurus"]

Stems = tuple[str, ...]
"""A word or a phrase as the index holds it."""

_LONGEST_PHRASE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Thesaurus:
    """`light` words are too common in any talk to say much of a subject: a search gives them less weight."""

    light: frozenset[str] = frozenset()
    synonyms: dict[Stems, tuple[Stems, ...]] = field(default_factory=dict)

    def phrases_in(self, stems: list[str]) -> list[Stems]:
        """The phrases of two words and more in a text that have synonyms, in order."""
        found: list[Stems] = []
        for length in range(2, _LONGEST_PHRASE + 1):
            for start in range(len(stems) - length + 1):
                phrase = tuple(stems[start : start + length])
                if phrase in self.synonyms and phrase not in found:
                    found.append(phrase)
        return found


@lru_cache(maxsize=32)
def thesaurus(language: str) -> Thesaurus:
    """The lists of a language (as in the file names `words/light.en.txt`, `words/synonyms.en.txt`), stemmed."""
    code = language.lower().replace("_", "-").split("-")[0]
    light = {stem for line in _lines(f"light.{code}.txt") for stem in analyze(line, language)}
    synonyms: dict[Stems, list[Stems]] = {}
    for line in _lines(f"synonyms.{code}.txt"):
        group = [tuple(analyze(member, language)) for member in line.split(",")]
        for member in group:
            others = synonyms.setdefault(member, [])
            others.extend(other for other in group if other not in (member, *others))
    return Thesaurus(light=frozenset(light), synonyms={stems: tuple(others) for stems, others in synonyms.items() if stems})


def _lines(name: str) -> list[str]:
    try:
        text = (files("wiki.search") / "words" / name).read_text("utf-8")
    except FileNotFoundError:
        return []
    return [line for raw in text.splitlines() if (line := raw.split("#")[0].strip())]
