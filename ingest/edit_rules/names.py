"""Somebody else does it now: the name on the page is replaced by the one the update says.

Who goes is taken from the update ("Sofia takes over from Ben"), where it says so; else the name in the one line of the page
that speaks of the job ("- cloud.gov: Carlo Costino").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.edit_rules.people import Handover, handovers, leavers, stayers
from ingest.pieces import Piece, stems_of

__all__ = ["change_names"]

_FULL = r"[A-Z][\w'’.-]*[\w](?:[ \t]+(?:[A-Z][\w'’.-]*|de|van|von|der|\(\w+\)))*"
_JOIN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|&|&amp;)\s+|\s*/\s*|\s*&\s*|\s*<br\s*/?>\s*)"
_PEOPLE = rf"{_FULL}(?:{_JOIN}{_FULL})*"
_SLOTS = (
    # label: Names    - Names (label)    | cell |    <td>Names</td>    by/is/contact Names
    re.compile(rf"(?<=[:：])(?:\*\*|__)?[ \t]+(?P<who>{_PEOPLE})(?=[ \t]*(?:[.;,(|\r\n<]|$|[ \t][-–—]))"),
    re.compile(rf"^(?P<who>{_PEOPLE})(?=[ \t]*(?:\(|,|[-–—:|]|is\b|are\b))"),
    re.compile(rf"(?<=\|)[ \t]*(?P<who>{_PEOPLE})[ \t]*(?=\|)"),
    re.compile(rf"(?<=>)\s*(?P<who>{_PEOPLE})(?=\s*(?:[ \t][-–—]|<))"),
    re.compile(
        rf"\b(?:by|is|are|to|contact|ask|email|with|message|ping|from|see|owner|lead|manager|director|"
        rf"contacts|are)[ \t]+(?:\*\*|@)?(?P<who>{_PEOPLE})\b"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A name on the page at `start`-`end` of its text, with the piece it stands in."""

    start: int
    end: int
    text: str
    piece: Piece


def change_names(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of people's names; [] where the page names nobody for what the passage speaks of."""
    news = handovers(passage)
    if not news and not leavers(passage):
        return []
    staying = {name.split()[0].lower() for name in stayers(passage)}
    gone = [name for name in leavers(passage) if name.split()[0].lower() not in staying]
    found: list[Replacement] = []
    used: set[str] = set()
    for handover in news:
        fresh = _fresh(handover, gone)
        if not fresh:
            continue
        olds = list(handover.old) or gone
        there = [named for old in olds for named in _standing(old, sheet, handover, passage)]
        hits = _swap(handover, fresh, there, sheet) if there else []
        if hits:
            used.update(old.split()[0].lower() for old in olds)
        elif not handover.old and handover.role:
            hits = _by_role(handover, fresh, passage, sheet)
        found += hits
    return _distinct(found)


def _fresh(handover: Handover, gone: list[str]) -> str:
    """The new names as the page should have them; "" where they are those who leave."""
    gone_names = {g.split()[0].lower() for g in gone}
    names = [n for n in handover.new if n.split()[0].lower() not in gone_names]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _standing(old: str, sheet: Sheet, handover: Handover, passage: Passage) -> list[_Named]:
    """Where the page names `old`, in pieces that the passage is about: all of them if the name stands in few places."""
    first = old.split()[0]
    surname = r"(?:[ \t]+(?:(?:de|van|von|der)[ \t]+)?[A-Z][\w’-]+)*"
    pattern = re.compile(rf"(?<![\w@./-]){re.escape(first)}(?![\w'’@-]){surname}")
    found = [
        _Named(start=piece.start + m.start(), end=piece.start + m.end(), text=m[0], piece=piece)
        for piece in sheet.pieces
        if piece.kind in ("item", "row", "sentence")
        for m in pattern.finditer(piece.text)
        if len(old.split()) == 1 or m[0].startswith(old) or old.startswith(m[0])
    ]
    about = stems_of(handover.role) | passage.stems | passage.context_stems
    about -= stems_of(" ".join((*handover.new, *handover.old)))
    role = stems_of(handover.role)
    near = [n for n in found if n.piece.stems & role or n.piece.trail_stems & role or n.piece.stems & about]
    if not near and len({n.piece.block for n in found}) == 1 and len(passage.claims) < 6:
        near = found
    return near


def _swap(handover: Handover, fresh: str, there: list[_Named], sheet: Sheet) -> list[Replacement]:
    """The new names in the place of the old ones; several old ones side by side make one place."""
    role = stems_of(handover.role) | handover.claim.stems
    best = max(_fit(n, role, sheet) for n in there)
    there = sorted((n for n in there if _fit(n, role, sheet) >= 0.5 * best), key=lambda n: n.start)
    merged: list[_Named] = []
    for named in there:
        last = merged[-1] if merged else None
        if (
            last
            and last.piece == named.piece
            and re.fullmatch(rf"(?:[ \t]*[-–—][ \t]*[\w ]{{2,20}})?{_JOIN}", sheet.text[last.end : named.start])
        ):
            merged[-1] = _Named(start=last.start, end=named.end, text=sheet.text[last.start : named.end], piece=last.piece)
        else:
            merged.append(named)
    hits = []
    for named in merged:
        start, end, text = named.start, named.end, fresh
        beside = _beside(named, sheet)
        if beside and set(_firsts(beside)) & set(_firsts(fresh)):
            remaining = [n for n in re.split(_JOIN, fresh) if n.split()[0] not in _firsts(beside)]
            text = " and ".join(remaining)
        if not text:
            continue
        hits.append(_replacement(handover.claim, named.piece, start, end, text, sheet, min(0.95, 0.72 + 0.3 * best)))
    return hits


def _by_role(handover: Handover, fresh: str, passage: Passage, sheet: Sheet) -> list[Replacement]:
    """The line that speaks of the job, where it names somebody in a place for names."""
    role = stems_of(handover.role)
    role = frozenset(s for s in role if sheet.knows(s))
    if not role:
        return []
    scored: list[tuple[float, Piece, re.Match[str]]] = []
    for piece in sheet.pieces:
        if piece.kind not in ("item", "row", "sentence") or len(piece.text) > 600:
            continue
        shared = sheet.weight(piece.stems & role) / sheet.weight(role)
        above = sheet.weight(piece.trail_stems & role) / sheet.weight(role)
        slot = _slot(piece, role)
        if slot is not None and shared + 0.4 * above >= 0.45 and piece.stems & role:
            around = sheet.closeness(piece, handover.claim.stems | passage.context_stems)
            scored.append((0.6 * shared + 0.2 * above + 0.4 * around, piece, slot))
    scored.sort(key=lambda s: (-s[0], s[1].start))
    if not scored or (len(scored) > 1 and scored[1][0] > 0.95 * scored[0][0]):
        return []
    score, piece, slot = scored[0]
    if fresh in slot["who"] or set(_firsts(slot["who"])) == set(_firsts(fresh)):
        return []
    return [
        _replacement(
            handover.claim,
            piece,
            piece.start + slot.start("who"),
            piece.start + slot.end("who"),
            fresh,
            sheet,
            min(0.9, 0.4 + 0.5 * score),
        )
    ]


def _slot(piece: Piece, role: frozenset[str]) -> re.Match[str] | None:
    for pattern in _SLOTS:
        for match in pattern.finditer(piece.text):
            who = match["who"]
            if not stems_of(who) & role and _looks_like_people(who) and who.lower() != piece.text.strip().lower():
                return match
    return None


def _looks_like_people(text: str) -> bool:
    names = re.split(_JOIN, text)
    return all(
        1 <= len(n.split()) <= 4 and not n.isupper() and all(w[0].isupper() or len(w) <= 3 for w in n.split())
        for n in names
        if n
    ) and not any(
        n.split()[0] in ("The", "A", "An", "If", "You", "Your", "This", "See", "For", "In", "Please", "GSA", "Slack")
        for n in names
        if n.split()
    )


def _beside(named: _Named, sheet: Sheet) -> str:
    """The other names in the same row of names: "A & B" for B."""
    before = re.search(rf"({_PEOPLE}){_JOIN}$", sheet.text[named.piece.start : named.start])
    after = re.match(rf"{_JOIN}({_PEOPLE})", sheet.text[named.end : named.piece.end])
    return " & ".join(m[1] for m in (before, after) if m)


def _firsts(text: str) -> list[str]:
    return [part.split()[0] for part in re.split(_JOIN, text) if part.split()]


def _fit(named: _Named, stems: frozenset[str], sheet: Sheet) -> float:
    return max(0.05, sheet.closeness(named.piece, stems))


def _replacement(claim: Claim, piece: Piece, start: int, end: int, text: str, sheet: Sheet, confidence: float) -> Replacement:
    return Replacement(
        start=start,
        end=end,
        text=text,
        confidence=round(confidence, 3),
        reason=f"{text} in the place of {' '.join(sheet.text[start:end].split())}",
        rule="name",
        anchor=piece.anchor,
        entries=(claim.entry,),
    )


def _distinct(found: list[Replacement]) -> list[Replacement]:
    best: dict[tuple[int, int], Replacement] = {}
    for hit in found:
        if (hit.start, hit.end) not in best or best[(hit.start, hit.end)].confidence < hit.confidence:
            best[(hit.start, hit.end)] = hit
    return list(best.values())
