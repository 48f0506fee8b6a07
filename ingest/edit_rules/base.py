"""What the edit rules share: the sheet of a page, and the replacements they give."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.pieces import Piece, pieces_of
from wiki.pages import DEFAULT_RULES, Page, SectionRules

__all__ = ["Replacement", "Sheet", "newline_of"]

_UNKNOWN = 2.0  # the weight of a word that a page does not have


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """`text` in the place of `page.text[start:end]` (equal offsets insert). `confidence` is 0 to 1; `entries` are ids."""

    start: int
    end: int
    text: str
    confidence: float
    reason: str
    rule: str
    anchor: str = ""
    entries: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Sheet:
    """A page cut into pieces, with the weight of each of its words: what stands on every line says little about a line."""

    page: Page
    pieces: Sequence[Piece] = field(default_factory=list)
    _weights: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Page, rules: SectionRules = DEFAULT_RULES) -> Sheet:
        pieces = pieces_of(page, rules)
        counts: Counter[str] = Counter()
        for piece in pieces:
            counts.update(piece.stems)
        weights = {s: math.log(1 + (len(pieces) + 1) / (n + 0.5)) for s, n in counts.items()}
        return cls(page=page, pieces=pieces, _weights=weights)

    @property
    def text(self) -> str:
        return self.page.text

    def weight(self, stems: Iterable[str]) -> float:
        return sum(self._weights.get(s, 0.0) for s in stems)

    def knows(self, stem: str) -> bool:
        """Whether the page has this stem anywhere."""
        return stem in self._weights

    def share(self, stems: frozenset[str], piece: Piece) -> float:
        """How much of what `stems` say stands in the piece, 0 to 1; a word that the page does not have counts as much as others."""
        whole = self.weight(stems) + _UNKNOWN * sum(stem not in self._weights for stem in stems)
        return self.weight(stems & piece.stems) / whole if whole else 0.0

    def closeness(self, piece: Piece, stems: frozenset[str]) -> float:
        """How much of what `stems` say stands in the piece, 0 to 1, a cosine; headings above count a little."""
        own, known = piece.stems, frozenset(s for s in stems if s in self._weights)
        if not own or not known:
            return 0.0
        shared = self.weight(own & known) + 0.35 * self.weight((piece.trail_stems - own) & known)
        whole = math.sqrt(self.weight(own) * self.weight(known))
        return min(1.0, shared / whole) if whole else 0.0

    def coverage(self, piece: Piece, stems: frozenset[str]) -> float:
        """How much of the piece's own words `stems` hold, 0 to 1."""
        whole = self.weight(piece.stems)
        return self.weight(piece.stems & stems) / whole if whole else 0.0

    def ranked(self, stems: frozenset[str], kinds: tuple[str, ...] = ("sentence", "item", "row")) -> list[tuple[float, Piece]]:
        """Pieces of these kinds by closeness, best first, those without a word in common left out."""
        scored = [(self.closeness(p, stems), p) for p in self.pieces if p.kind in kinds and p.stems & stems]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].start))


def newline_of(text: str) -> str:
    """The page's line end."""
    return "\r\n" if re.search(r"\r\n", text) else "\n"
