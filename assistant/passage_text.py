"""Passages cut up for comparison: blocks and units, the stems of each, of its headings and of its page. Kept, as the same
sections are asked about again and again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.outline import Block, outline
from assistant.retrieval import Part, Passage
from assistant.thesaurus import Phrase
from wiki.search import analyze, content_stems

__all__ = ["PassageText", "Words", "read_passage"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is compared: its stems in order, and those with the short runs of them as a set."""

    stems: tuple[str, ...]
    phrases: frozenset[Phrase]
    count: int

    @classmethod
    def of(cls, text: str, language: str) -> Words:
        stems = content_stems(text, language)
        return cls(tuple(stems), _phrases(stems), len(text.split()))


@dataclass(frozen=True, slots=True)
class PassageText:
    """A section of a passage cut into blocks and units; `said`, `keys` and `rows` are those of the units, in order."""

    passage: Passage
    part: Part
    blocks: tuple[Block, ...]
    said: tuple[Words, ...]
    keys: tuple[frozenset[str], ...]
    headers: tuple[frozenset[Phrase], ...]
    title: Words
    page: Words
    path: Words
    title_words: frozenset[str]
    vocabulary: frozenset[str]


def read_passage(passage: Passage, language: str) -> list[PassageText]:
    """The passage's sections as blocks; a section's own heading is left out, it is no answer."""
    name = re.sub(r"[-_]", " ", passage.page_path.rsplit("/", 1)[-1].removesuffix(".md"))
    if name == "index":
        name = re.sub(r"[-_]", " ", passage.page_path.rsplit("/", 2)[-2]) if "/" in passage.page_path else ""
    page = f"{passage.page_title} . {name}"
    path = " . ".join([*passage.heading_path, page])
    return [
        PassageText(passage, part, *_analysed(part.text, part.section_title, page, path, language)) for part in passage.parts
    ]


_Analysed = tuple[
    tuple[Block, ...],
    tuple[Words, ...],
    tuple[frozenset[str], ...],
    tuple[frozenset[Phrase], ...],
    Words,
    Words,
    Words,
    frozenset[str],
    frozenset[str],
]


@lru_cache(maxsize=2000)
def _analysed(text: str, title: str, page: str, path: str, language: str) -> _Analysed:
    """What PassageText holds of a section. The same sections are asked about again and again."""
    blocks = outline(text)
    if blocks and len(blocks[0].units) == 1 and _same(blocks[0].units[0].text, title):
        blocks = blocks[1:]
    units = [unit for block in blocks for unit in block.units]
    said = tuple(Words.of(unit.text, language) for unit in units)
    return (
        blocks,
        said,
        tuple(frozenset(content_stems(unit.key, language)) for unit in units),
        tuple(_phrases(content_stems(" . ".join(block.header), language)) for block in blocks for _ in block.units),
        Words.of(title, language),
        Words.of(page, language),
        Words.of(path, language),
        frozenset(analyze(title, language)),
        frozenset(stem for words in said for stem in words.stems),
    )


def _phrases(stems: Sequence[str]) -> frozenset[Phrase]:
    """The stems, and the runs of two and three of them."""
    runs: list[Phrase] = [(stem,) for stem in stems]
    runs += pairwise(stems)
    runs += zip(stems, stems[1:], stems[2:], strict=False)
    return frozenset(runs)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
