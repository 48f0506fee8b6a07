"""What was said as a rule, and fits no slot, is put beside what the page says of it, for a person to word: the last resort."""

from __future__ import annotations

import re

from ingest.edit_rules.base import Replacement
from ingest.edit_rules.list_edits import insert_item, short
from ingest.edit_rules.wording import for_page
from ingest.pieces import Piece, stems_of
from ingest.scene import Said, Scene

__all__ = ["put_beside"]

_LEAST_FIT = 0.5
_CONFIDENCE = 0.5
_PAGE_WEIGHT = 0.5
_POINTS = re.compile(
    r"\b(?:please|pls) \w+ (?:it|this|that|them)\b|^(?:it|that|this|they|them|those|these|he|she|there|then|same|which)\b|\b(?:I|I'm|I've|my|me)\b",
    re.IGNORECASE,
)


def put_beside(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement): at most one sentence, where it fits best."""
    best: tuple[float, Said, int, Piece, str] | None = None
    said_already: set[int] = set()
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 1 or said.number in scene.known or said.verdict.statement.heading:
            continue
        text = for_page(said.text)
        if len(stems_of(text)) < 4 or _POINTS.search(text):
            continue
        for page, piece in scene.places("sentence", "item"):
            if piece.text.rstrip().endswith(":"):
                continue
            if scene.says_so(said, piece):
                said_already.add(said.number)
                continue
            fit = scene.fit(said, page, piece)
            worth = fit + _PAGE_WEIGHT * scene.scores[page]
            if fit >= _LEAST_FIT and (best is None or worth > best[0]):
                best = (worth, said, page, piece, text)
    if best is None or best[1].number in said_already:
        return []
    _, said, page, piece, text = best
    text = text.rstrip(" .,;") + "."
    if piece.kind == "item" and piece.marker:
        return [
            (page, r)
            for r in insert_item(scene.sheets[page], piece, text, "after", entries=said.entries, confidence=_CONFIDENCE)
        ]
    addition = Replacement(
        start=piece.end, end=piece.end, text=f" {text}", confidence=_CONFIDENCE, reason=f"new beside “{short(piece.text)}”", rule="beside",
        anchor=piece.anchor, entries=said.entries,
    )  # fmt: skip
    return [(page, addition)]
