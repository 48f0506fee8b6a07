"""Passages cut up for comparison: blocks and units, the stems of each and of the headings above. Kept, as the same sections are
asked about again and again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.outline import Block, outline
from assistant.retrieval import Part, Passage
from wiki.search import content_stems

__all__ = ["PassageText", "read_passage"]


_PLAIN = "reference"
"""What a page is that says no kind: the word tells nothing then."""


@dataclass(frozen=True, slots=True)
class PassageText:
    """A section of a passage cut into blocks and units. `said` are the stems of the units, in order, `above` those of the page's
    kind, its name and the headings; `headings` are these as they read."""

    passage: Passage
    part: Part
    headings: str
    blocks: tuple[Block, ...]
    said: tuple[frozenset[str], ...]
    above: frozenset[str]

    @property
    def vocabulary(self) -> frozenset[str]:
        return self.above.union(*self.said)


def read_passage(passage: Passage, language: str) -> list[PassageText]:
    """The passage's sections as blocks; a section's own heading is left out, it is no answer."""
    folder, _, name = passage.page_path.removesuffix(".md").rpartition("/")
    name = re.sub(r"[-_]", " ", folder.rpartition("/")[2] if name == "index" else name)
    kind = [passage.kind] if passage.kind not in ("", _PLAIN) else []
    above = [*kind, passage.page_title, *passage.heading_path]
    return [
        PassageText(
            passage,
            part,
            " > ".join(dict.fromkeys([*above, part.section_title])),
            *_analysed(part.text, part.section_title, " . ".join([*above, part.section_title, name]), language),
        )
        for part in passage.parts
    ]


@lru_cache(maxsize=2000)
def _analysed(
    text: str, title: str, above: str, language: str
) -> tuple[tuple[Block, ...], tuple[frozenset[str], ...], frozenset[str]]:
    blocks = outline(text)
    if blocks and len(blocks[0].units) == 1 and _same(blocks[0].units[0].text, title):
        blocks = blocks[1:]
    said = tuple(frozenset(content_stems(unit.text, language)) for block in blocks for unit in block.units)
    return blocks, said, frozenset(content_stems(above, language))


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
