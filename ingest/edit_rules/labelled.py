"""What a page gives under a label ("cloud.gov: Carlo", "| Design lead | Priya |") changed: "cloud.gov is Shea now"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.edit_rules.base import Replacement
from ingest.pieces import Piece, stems_of
from ingest.scene import Said, Scene

__all__ = ["change_labelled"]

_SAID = re.compile(
    r"(?:^|[,;.:]\s+|\band\s+)(?:the |our |your )?(?P<label>[^\W_][^,;:!?\n]{1,40}?)\s+(?:is|are|will be|becomes)\s+(?:now |from now on )?"
    r"(?P<value>[^\W_][^,;!?\n]{1,40}?)(?:\s+(?:now|from now on|from \w+ on))?(?=[,;!?]|\.(?:\s|$)|\s+(?:and|but|so|instead|as of|from)\b|$)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?P<label>[^:|\n]{2,60}?)(?:\*\*|__)?:(?:\*\*|__)?\s+(?P<value>[^:|\n]{2,60})$")
_LEAST_FIT = 0.35


def change_labelled(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs for what a label's value is now; names of people and things only, values are the slots'."""
    found: list[tuple[int, Replacement]] = []
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 0.5:
            continue
        for label, value in _claims(said):
            places = [
                (scene.fit(said, page, piece), page, piece, span)
                for page, piece in scene.places("item", "row")
                if (span := _value_of(piece, label)) is not None
            ]
            best = max(places, key=lambda place: place[0], default=None)
            if best is None or best[0] < _LEAST_FIT:
                continue
            fit, page, piece, (start, end) = best
            old = piece.text[start:end]
            if value.lower() in old.lower() or old.lower() in value.lower() or re.search(r"\d", old + value):
                continue
            found.append(
                (
                    page,
                    Replacement(
                        start=piece.start + start,
                        end=piece.start + end,
                        text=value,
                        confidence=round(min(0.9, 0.5 + 0.5 * fit), 3),
                        reason=f"{label}: {old} is now {value}",
                        rule="labelled",
                        anchor=piece.anchor,
                        entries=said.entries,
                    ),
                )
            )
    return found


def _claims(said: Said) -> Iterator[tuple[str, str]]:
    for match in _SAID.finditer(said.text):
        label, value = match["label"].strip(), match["value"].strip()
        if value[:1].isupper() and len(value.split()) <= 4 and stems_of(label):
            yield label, value


def _value_of(piece: Piece, label: str) -> tuple[int, int] | None:
    """Where in an item or row the value of a label stands."""
    wanted = stems_of(label)
    if piece.kind == "item" and (match := _ITEM.match(piece.text)):
        return match.span("value") if stems_of(match["label"]) == wanted else None
    if piece.kind == "row":
        cells = list(re.finditer(r"[^|]+", piece.text.strip("\n")))
        if len(cells) == 2 and stems_of(cells[0][0]) == wanted:
            inner = cells[1]
            return inner.start() + len(inner[0]) - len(inner[0].lstrip()), inner.start() + len(inner[0].rstrip())
    return None
