"""A sentence said as the page has it, but for one part: "The template is in the shared folder"."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from ingest.edit_rules.base import Replacement
from ingest.edit_rules.wording import for_page
from ingest.pieces import Piece, stems_of
from ingest.scene import Said, Scene

__all__ = ["change_frames"]

_WORD = re.compile(r"[^\s.,;:!?()]+")
_LOOSE = frozenset(["now", "new", "also", "just", "the", "a", "an", "our", "from", "on", "and"])
_LEAST_SHARED = 0.6  # of the words of the shorter sentence
_MOST_CHANGED = 6  # words


def change_frames(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs: for each statement the one piece with the same frame, if its other part differs."""
    found: list[tuple[int, Replacement]] = []
    for said in scene.said:
        text = for_page(said.text) if said.is_news and said.verdict.strength >= 0 else ""
        if len(stems_of(text)) < 3:
            continue
        best = max(
            (
                (shared, -page, piece, span, new)
                for page, piece in scene.places("sentence", "item")
                if (framed := _framed(text, piece)) is not None
                for shared, span, new in [framed]
            ),
            key=lambda hit: hit[:2],
            default=None,
        )
        if best is not None:
            shared, page, piece, (start, end), new = best
            found.append((-page, _replacement(said, piece, start, end, new, shared)))
    return found


def _framed(text: str, piece: Piece) -> tuple[float, tuple[int, int], str] | None:
    """(how much is shared, what to replace in the piece, by what) where all but one part is the same."""
    ours = [m for m in _WORD.finditer(text) if m[0].lower() not in _LOOSE]
    theirs = [m for m in _WORD.finditer(piece.text) if m[0].lower() not in _LOOSE]
    if len(ours) < 4 or len(theirs) < 4:
        return None
    matcher = SequenceMatcher(None, [m[0].lower() for m in theirs], [m[0].lower() for m in ours], autojunk=False)
    changed = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    if len(changed) != 1 or changed[0][0] != "replace":
        return None
    _, a, b, c, d = changed[0]
    shared = (len(theirs) - (b - a)) / min(len(theirs), len(ours))
    if shared < _LEAST_SHARED or b - a > _MOST_CHANGED or d - c > _MOST_CHANGED or a == 0:
        return None
    return shared, (theirs[a].start(), theirs[b - 1].end()), text[ours[c].start() : ours[d - 1].end()]


def _replacement(said: Said, piece: Piece, start: int, end: int, new: str, shared: float) -> Replacement:
    return Replacement(
        start=piece.start + start,
        end=piece.start + end,
        text=new,
        confidence=round(min(0.85, 0.3 + 0.6 * shared), 3),
        reason=f"{piece.text[start:end]} is now {new}",
        rule="frame",
        anchor=piece.anchor,
        entries=said.entries,
    )
