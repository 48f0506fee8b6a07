"""An update beside the pages it may be about: what was said, the pieces of the pages, and how well each fits the other.

Fit is by words (what the page's own weights make of them) and, where there is an embedding model, by meaning; what a statement is
about is often said in the messages around it, so those count too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.embeddings import Vectors
from ingest.edit_rules.base import Sheet
from ingest.news import Verdict
from ingest.numbers import normalise_numbers
from ingest.pieces import Piece, PieceKind, stems_of
from ingest.slots import People, Slot, slots_of
from ingest.spoken import written

__all__ = ["Embed", "Said", "Scene", "without_model"]

Embed = Callable[[Sequence[str]], "Vectors | None"]
"""Unit vectors of texts, None where there is no embedding model."""

_AROUND = 3  # statements before and after that say what it is about
_MOST_STATEMENTS, _MOST_CHARACTERS = 300, 600  # nobody says more in a sentence
_MOST_PIECES = 70  # of one page that are embedded
_WORDS, _MEANING, _PAGE = 0.4, 0.45, 0.15
_JOINT = re.compile(r"[,;]\s+(?:and|but|while|plus|also)\s+(?!not\b)|;\s+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A fact as the rules read it: a statement, or a clause of one. `text` has numbers in figures; `around` is it with what was said
    before and after; `number` counts them."""

    number: int
    verdict: Verdict
    text: str
    around: str
    entry: str = ""
    slots: tuple[Slot, ...] = ()

    @property
    def is_news(self) -> bool:
        return self.verdict.is_news

    @property
    def entries(self) -> tuple[str, ...]:
        """The id of its entry, as a replacement names what it rests on; () where it is none."""
        return (self.entry,) if self.entry else ()

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)

    @cached_property
    def around_stems(self) -> frozenset[str]:
        return stems_of(self.around)


@dataclass(kw_only=True)
class Scene:
    """`scores` are how well each page matches the update as a whole, 0 to 1, in the order of `sheets`."""

    said: Sequence[Said]
    sheets: Sequence[Sheet]
    scores: Sequence[float]
    people: People
    embed: Embed
    _pieces: dict[int, tuple[dict[int, int], Vectors | None]] = field(default_factory=dict)
    _queries: Vectors | None = None
    _slots: dict[str, tuple[Slot, ...]] = field(default_factory=dict)
    _fits: dict[tuple[int, int, int], float] = field(default_factory=dict)
    _asked: bool = False
    known: set[int] = field(default_factory=set)
    """The numbers of what was said that the pages say already, as the rules find them."""

    @classmethod
    def of(
        cls,
        verdicts: Sequence[Verdict],
        entries: Mapping[int, str],
        sheets: Sequence[Sheet],
        scores: Sequence[float],
        people: People,
        embed: Embed,
    ) -> Scene:
        """`entries`: the ids of those statements, by number, that became entries."""
        verdicts = verdicts[:_MOST_STATEMENTS]
        plain = [written(v.statement.text) if v.statement.spoken else normalise_numbers(v.statement.text) for v in verdicts]
        plain = [text[:_MOST_CHARACTERS] for text in plain]
        found: list[Said] = []
        for number, verdict in enumerate(verdicts):
            text = plain[number]
            around = " ".join(plain[max(0, number - _AROUND) : number + _AROUND])
            for fact in _facts(text, people):
                found.append(
                    Said(
                        number=len(found),
                        verdict=verdict,
                        text=fact,
                        around=around[:1200] if fact == text else fact,
                        entry=entries.get(number, ""),
                        slots=tuple(slots_of(fact, people, spoken=verdict.statement.spoken)),
                    )
                )
        return cls(said=found, sheets=sheets, scores=scores, people=people, embed=embed)

    def places(self, *kinds: PieceKind) -> Iterator[tuple[int, Piece]]:
        """(page number, piece) of all pieces of these kinds, in order."""
        return ((page, piece) for page, sheet in enumerate(self.sheets) for piece in sheet.pieces if piece.kind in kinds)

    def slots(self, piece: Piece) -> tuple[Slot, ...]:
        """The slots in a piece: found once, since the rules ask for each slot that was said."""
        if piece.text not in self._slots:
            self._slots[piece.text] = tuple(slots_of(piece.text, self.people))
        return self._slots[piece.text]

    def fit(self, said: Said, page: int, piece: Piece) -> float:
        """How well a piece of page number `page` fits what was said, 0 to 1: found once, since each rule asks."""
        key = (said.number, page, piece.start)
        if key not in self._fits:
            self._fits[key] = self._fit(said, page, piece)
        return self._fits[key]

    def _fit(self, said: Said, page: int, piece: Piece) -> float:
        sheet = self.sheets[page]
        words = max(sheet.closeness(piece, said.stems), 0.9 * sheet.closeness(piece, said.around_stems))
        meaning = self._cosine(said, page, piece)
        if meaning is None:
            return min(1.0, (_WORDS + _MEANING) * words + _PAGE * self.scores[page])
        return _WORDS * words + _MEANING * max(0.0, meaning) + _PAGE * self.scores[page]

    def says_so(self, said: Said, piece: Piece) -> bool:
        """Whether a piece has every slot of what was said, and most of its words."""
        there = {slot.value for slot in self.slots(piece)}
        shared = len(said.stems & (piece.stems | piece.trail_stems))
        return all(slot.value in there for slot in said.slots) and shared >= (0.6 if said.slots else 0.85) * len(said.stems)

    def _cosine(self, said: Said, page: int, piece: Piece) -> float | None:
        queries = self._query_vectors()
        if queries is None:
            return None
        if page not in self._pieces:
            self._pieces[page] = self._embedded(page)
        rows, vectors = self._pieces[page]
        if vectors is None or piece.start not in rows:
            return 0.0
        vector = vectors[rows[piece.start]]
        alone, around = queries[2 * said.number], queries[2 * said.number + 1]
        return float(max(alone @ vector, 0.9 * (around @ vector), 0.5 * (alone @ vector + around @ vector)))

    def _query_vectors(self) -> Vectors | None:
        if not self._asked:
            self._asked = True
            self._queries = self.embed([text for said in self.said for text in (said.text, said.around)])
        return self._queries

    def _embedded(self, page: int) -> tuple[dict[int, int], Vectors | None]:
        sheet = self.sheets[page]
        stems = frozenset().union(*(said.stems for said in self.said))
        ranked = sorted(sheet.pieces, key=lambda piece: -sheet.closeness(piece, stems))[:_MOST_PIECES]
        ranked = [piece for piece in ranked if piece.kind != "title"]
        vectors = self.embed([_with_trail(piece) for piece in ranked]) if ranked else None
        return {piece.start: row for row, piece in enumerate(ranked)}, vectors


def without_model(_texts: Sequence[str]) -> None:
    """What an Embed gives where there is no embedding model."""


def _facts(text: str, people: People) -> list[str]:
    """A statement cut where a new fact begins: a clause with a slot of its own."""
    parts = [part.strip() for part in _JOINT.split(text) if part.strip()]
    if len(parts) < 2 or not all(len(part.split()) >= 4 and slots_of(part, people) for part in parts):
        return [text]
    return parts


def _with_trail(piece: Piece) -> str:
    visible = re.sub(r"\]\([^)]*\)|[*_`|\[\]]+", " ", piece.text)
    return f"{': '.join(piece.trail[-2:])}: {' '.join(visible.split())}"
