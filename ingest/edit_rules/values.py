"""A value changed: "forty five days" against a page that says "30 days".

The old value is taken where the update names it ("from 90% to 80%"); else the one value of the same kind in the piece of the
page that the statement is about.
"""

from __future__ import annotations

import re

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.pieces import Piece, stems_of
from ingest.quantities import Quantity, quantities, rewritten

__all__ = ["change_values"]

_OLD_BEFORE = re.compile(
    r"(?:\bfrom|\binstead of|\bnot|\bn't|\bwas|\bwere|\bused to be|\bpreviously|\bformerly|"
    r"\brather than|\bno longer|\bold|\boff the|\bsays?|\bsaid|\bup from|\bdown from|\breplaces?|"
    r"\breplacing|\bnot the|\bin place of|->?\s*not)\s+"
    r"(?:(?:the|a|an|at|on|just|only|about|by|in|around|all|usual|old|current|previous|least|most|every|our)\s+){0,3}"
    r"[\"'“(]?$",
    re.IGNORECASE,
)
_WHEN_BEFORE = re.compile(
    r"(?:\bfrom|\bstarting|\bas of|\beffective|\bbeginning|\bsince|\buntil|\bafter|\blast|\bthis|"
    r"\bnext|\bback|\bwith effect from)\s+(?:on\s+|the\s+|next\s+|this\s+)*$",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:because|since|so that|as (?:they|we|it|clients|people)|due to)\b", re.IGNORECASE)
_WEAK_UNITS = frozenset(("", "person", "peopl", "time"))


def change_values(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of values that the passage gives anew; [] where the page already has them or nothing is sure."""
    found: dict[tuple[int, int], Replacement] = {}
    for claim in passage.claims:
        news, olds = _read(claim)
        for new in news:
            old = next(
                (
                    o
                    for o in olds
                    if o.kind == new.kind and o.value != new.value and (o.unit == new.unit or not o.unit or not new.unit)
                ),
                None,
            )
            hits = _named(claim, passage, sheet, new, old) if old else _unnamed(claim, passage, sheet, new)
            for hit in hits:
                kept = found.get((hit.start, hit.end))
                if kept is None or kept.confidence < hit.confidence:
                    found[(hit.start, hit.end)] = hit
    return list(found.values())


def _read(claim: Claim) -> tuple[list[Quantity], list[Quantity]]:
    """(values that hold now, values that held) in the claim; when it takes effect and why it was done are neither."""
    reason = _REASON.search(claim.text)
    news: list[Quantity] = []
    olds: list[Quantity] = []
    found = quantities(claim.text)
    for i, quantity in enumerate(found):
        before = claim.text[: quantity.start]
        to_next = (
            bool(re.match(r"[^.;,]{0,25}\bto\b", claim.text[quantity.end :]))
            and i + 1 < len(found)
            and found[i + 1].kind == quantity.kind
        )
        if reason and quantity.start > reason.start():
            continue
        if quantity.kind in ("weekday", "date", "time") and _WHEN_BEFORE.search(before) and not to_next:
            continue
        if _OLD_BEFORE.search(before):
            olds.append(quantity)
        else:
            news.append(quantity)
    if olds and news:
        news = [_with_unit(n, olds) for n in news]
        olds = [_with_unit(o, news) for o in olds]
    return news, olds


def _with_unit(quantity: Quantity, others: list[Quantity]) -> Quantity:
    """ "45 days instead of 30": the bare number takes the unit of the other."""
    if quantity.kind not in ("count", "ordinal") or quantity.unit:
        return quantity
    other = next(
        (
            o
            for o in others
            if o.unit and (o.kind == quantity.kind or (quantity.kind == "count" and o.kind in ("duration", "money", "percent")))
        ),
        None,
    )
    if other is None:
        return quantity
    text = quantity.text
    if other.kind in ("duration", "count"):
        text = quantity.text + other.text[other.number_end - other.start :]
    elif other.kind == "ordinal":
        text = quantity.text + other.text[re.match(r"\d+\w\w", other.text).end() :]  # type: ignore[union-attr]
    return Quantity(
        kind=other.kind,
        value=quantity.value,
        unit=other.unit,
        text=text,
        start=quantity.start,
        end=quantity.end,
        number_end=quantity.start + len(quantity.text),
    )


def _named(claim: Claim, passage: Passage, sheet: Sheet, new: Quantity, old: Quantity) -> list[Replacement]:
    hits: list[tuple[float, Piece, Quantity]] = []
    values = stems_of(" ".join(q.text for q in quantities(claim.text)))
    stems, around = claim.stems, passage.stems | passage.context_stems
    if old.kind in ("weekday", "time"):
        stems, around = stems - values, around - values
    for piece in sheet.pieces:
        for there in quantities(piece.text):
            same_unit = there.unit == old.unit or not there.unit or not old.unit
            if there.kind == old.kind and there.value == old.value and same_unit:
                hits.append(
                    (
                        max(
                            sheet.closeness(piece, stems),
                            0.8 * sheet.closeness(piece, around),
                        ),
                        piece,
                        there,
                    )
                )
    if not hits:
        return []
    best = max(score for score, _, _ in hits)
    distinctive = old.kind in ("money", "percent", "date") or len(old.value) > 2 or bool(old.unit)
    floor = 0.12 if distinctive else 0.25
    if best < floor:
        return []
    return [
        _replacement(claim, piece, there, new, min(0.95, 0.6 + score))
        for score, piece, there in hits
        if score >= max(floor, 0.4 * best)
    ]


def _unnamed(claim: Claim, passage: Passage, sheet: Sheet, new: Quantity) -> list[Replacement]:
    """The value of the same kind in what the page says of the same thing; all of them where it says it more than once alike."""
    stems = claim.stems - stems_of(" ".join(q.text for q in quantities(claim.text)))
    if not stems:
        return []
    scored: list[tuple[float, Piece, Quantity]] = []
    for piece in sheet.pieces:
        same = [q for q in quantities(piece.text) if _comparable(q, new)]
        if not same or piece.kind in ("title", "heading"):
            continue
        shared = (piece.stems | piece.trail_stems) & stems
        if len(shared) < 0.4 * len(stems) or not piece.stems & stems:
            continue
        near = 0.75 * sheet.closeness(piece, stems) + 0.25 * sheet.closeness(piece, passage.stems | passage.context_stems)
        there = same[0] if len(same) == 1 else _nearest(claim, new, piece, same)
        if there is not None:
            scored.append((near * (1.0 if there.unit == new.unit else 0.8), piece, there))
    scored.sort(key=lambda s: (-s[0], s[1].start))
    if not scored or scored[0][0] < 0.22 or (scored[0][2].value == new.value and scored[0][2].unit == new.unit):
        return []
    best, _, first = scored[0]
    close = [s for s in scored if s[0] >= 0.9 * best]
    if any((q.value, q.unit) != (first.value, first.unit) for _, _, q in close):
        return []
    alike = [s for s in scored if s[0] >= max(0.22, 0.38 * best) and (s[2].value, s[2].unit) == (first.value, first.unit)]
    return [_replacement(claim, piece, there, new, min(0.9, 0.35 + near)) for near, piece, there in alike[:4]]


def _comparable(there: Quantity, new: Quantity) -> bool:
    if there.kind != new.kind:
        return False
    if new.kind in ("weekday", "date", "time", "percent", "version", "duration"):
        return True
    return there.unit == new.unit and (new.kind == "money" or new.unit not in _WEAK_UNITS)


def _nearest(claim: Claim, new: Quantity, piece: Piece, same: list[Quantity]) -> Quantity | None:
    """The one of several values in a piece whose neighbours on the page are those of the new value in the statement."""
    around = stems_of(claim.text[max(0, new.start - 50) : new.start] + " " + claim.text[new.end : new.end + 40])
    scored = sorted(
        (
            (len(around & stems_of(piece.text[max(0, q.start - 50) : q.start] + " " + piece.text[q.end : q.end + 40])), i)
            for i, q in enumerate(same)
        ),
        reverse=True,
    )
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        return None
    return same[scored[0][1]] if scored[0][0] else None


def _replacement(claim: Claim, piece: Piece, there: Quantity, new: Quantity, confidence: float) -> Replacement:
    text = rewritten(there, new)
    return Replacement(
        start=piece.start + there.start,
        end=piece.start + there.end,
        text=text,
        confidence=round(confidence, 3),
        reason=f"{there.text} is now {text}",
        rule="value",
        anchor=piece.anchor,
        entries=(claim.entry,),
    )
