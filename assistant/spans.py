"""Where in the passages an answer may stand: sentences, list items, rows and whole lists, scored against the question.

Nothing here knows a handbook, nor a word of any language: a span is scored by how its section was found, by how much of the
question it says in meaning, and by whether it holds the kind of thing that was asked for. Without a model, words take the place
of meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.kinds import fit
from assistant.meaning import Likeness, Meaning
from assistant.outline import Block, Unit
from assistant.passage_text import PassageText
from assistant.question import Question
from wiki.search import content_stems

__all__ = ["WEIGHTS", "WEIGHTS_BY_WORDS", "Span", "best_words", "readable_row", "spans_of"]

WEIGHTS: Mapping[str, float] = {"found": 4.6, "cosine": 4.8, "said": 21.0, "fit": 1.7, "key": 3.0}
"""`found`: the score of the section in the search, 0 to 1; `cosine` of question and span; `said`: how near the question's words
come to words of the span, on average; `fit`: see kinds.py; `key`: what the question tells that
the first cell of a row, or what stands before an item's colon, names whole. Fitted so that the right span of a question is the likeliest; with any
of the four sets left out the others give about the same (docs/benchmarks.md)."""

WEIGHTS_BY_WORDS: Mapping[str, float] = {"found": 5.4, "cover": 6.2, "fit": 3.1, "key": 3.0}
"""Without a model: `cover` is the share of what the question tells that stands in the span, beside it or above it."""

_NEAR, _ABOVE, _BODY = 0.8, 0.8, 0.5
"""What a word counts that stands beside the span, in a heading above it, or elsewhere in its section."""

_READ_CHARS = 600  # of a span; the model reads no more than some 256 word pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Units `start` to `end` (excluded) of one block of a passage's section. `score` orders the spans of one question, `features`
    is what it is made of. `around` are the question's stems in the span, beside it or above it, `in_section` those anywhere in its
    section; `likeness` is to the question, None without a model."""

    source: PassageText
    block: Block
    start: int
    end: int
    score: float
    features: Mapping[str, float]
    around: frozenset[str]
    in_section: frozenset[str]
    likeness: Likeness | None

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.block.units[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Place:
    """A span before it is scored; `first` is the number of its first unit in the section."""

    source: PassageText
    block: Block
    start: int
    end: int
    first: int

    @property
    def text(self) -> str:
        if self.block.kind == "table":
            return readable_row(self.block.units[self.start], self.block.header)
        return " ".join(unit.text for unit in self.block.units[self.start : self.end])


def spans_of(question: Question, sources: Iterable[PassageText], language: str, meaning: Meaning | None = None) -> list[Span]:
    """Everything that could be quoted, best first: every unit, and every list as a whole."""
    places = [place for source in sources for place in _places(source)]
    texts = [f"{place.source.headings}: {place.text[:_READ_CHARS]}" for place in places]
    alike = meaning.compare(question.text, texts, start=question.start) if meaning else []
    pairs: Sequence[Likeness | None] = alike or [None] * len(places)
    share = question.share
    spans = [_span(question, share, place, likeness, language) for place, likeness in zip(places, pairs, strict=True)]
    return sorted(spans, key=lambda span: -span.score)


def readable_row(unit: Unit, header: Sequence[str]) -> str:
    """ "Books – Up to: 60 euros each; Note: They belong to the shelf"."""
    first, *rest = unit.cells or (unit.text,)
    names = [*header[1:], *[""] * len(rest)]
    pairs = [f"{name}: {cell}" if name else cell for name, cell in zip(names, rest, strict=False) if cell]
    return f"{first} – {'; '.join(pairs)}" if first and pairs else first or "; ".join(pairs)


def _places(source: PassageText) -> Iterator[_Place]:
    first = 0
    for block in source.blocks:
        for start in range(bool(block.header), len(block.units)):
            yield _Place(source, block, start, start + 1, first + start)
        if block.kind in ("steps", "list") and len(block.units) > 1:
            yield _Place(source, block, 0, len(block.units), first)
        first += len(block.units)


def _span(question: Question, share: Mapping[str, float], place: _Place, likeness: Likeness | None, language: str) -> Span:
    source = place.source
    own = question.held_in(frozenset[str]().union(*source.said[place.first : place.first + place.end - place.start]))
    beside = question.held_in(_beside(place))
    above = question.held_in(source.above)
    section = question.held_in(source.vocabulary)
    key = frozenset(content_stems(place.block.units[place.start].key, language))
    cover = sum(
        share[stem] * (1.0 if stem in own else _NEAR if stem in beside else _ABOVE if stem in above else _BODY)
        for stem in section
    )
    features = {
        "found": source.passage.score,
        "cover": cover,
        "fit": fit(place.text, question.expected, frozenset(content_stems(place.text, language))),
        "key": sum(share[stem] for stem in key) if key <= share.keys() and place.end - place.start == 1 else 0.0,
    }
    weights = WEIGHTS_BY_WORDS
    if likeness is not None:
        features |= {"cosine": likeness.cosine, "said": float(likeness.words.mean())}
        weights = WEIGHTS
    return Span(
        source=source,
        block=place.block,
        start=place.start,
        end=place.end,
        score=sum(weight * features[name] for name, weight in weights.items()),
        features=features,
        around=own | beside | above,
        in_section=section,
        likeness=likeness,
    )


def _beside(place: _Place) -> frozenset[str]:
    """The stems of the unit before and the one after, and of a table's header."""
    said, before, after = place.source.said, place.first - 1, place.first + place.end - place.start
    header = said[place.first - place.start] if place.block.header else frozenset[str]()
    return header.union(said[before] if before >= 0 else (), said[after] if after < len(said) else ())


def best_words(spans: Iterable[Span]) -> NDArray[np.float32] | None:
    """For each word of the question, how near any of the spans comes to it; None without a model."""
    alike = [span.likeness.words for span in spans if span.likeness is not None]
    return np.max(alike, axis=0) if alike else None
