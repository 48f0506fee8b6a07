"""A step joins a list, or leaves it: in the list's own marks, the numbers after it counted on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet, newline_of
from ingest.pieces import Piece, stems_of
from ingest.spoken import without_fillers

__all__ = ["change_steps", "insert_item", "remove_items"]

_THING = r"(?:step|item|bullet(?: point)?|point|line|task|check(?:box|list item)?|entry)"
_STOP = r"(?=[.;!]|,? (?:because|since|so that|please|thanks|and yeah)\b|$)"
_PLACE = r"(?:,?\s+(?:right |just |directly )?(?P<side>before|after)\s+(?P<where>.+?))?"
_ADDS: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"\b(?:add|insert|include|put in|there(?:'s| is)(?: now)?|we(?:'ve| have)? added|need)\s+(?:a|"
        rf"an|one|another|the)?\s*(?:new |extra |further |additional )*{_THING}\s+(?:to|for|that says|"
        rf"saying|where (?:we|you|they)|called|about|:)\s*(?P<what>.+?){_PLACE}{_STOP}",
        re.IGNORECASE,
    ),
    re.compile(rf"\bnew {_THING}\s*(?:is|:|,|-)?\s*(?:to )?(?P<what>.+?){_PLACE}{_STOP}", re.IGNORECASE),
    re.compile(
        rf"\b(?:before|right before) (?:you|we|they) (?P<where_b>[^,]{{4,80}}), (?:you|we|they|everyone|"
        rf"\w+)\s+(?:now |also )*(?:have|has|need|needs|must|should)(?: now)?(?: to)? (?P<what>.+?){_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:after|once) (?:you(?:'ve)?|we(?:'ve)?|they) (?P<where_a>[^,]{{4,80}}), (?:you|we|"
        rf"they|everyone)\s+(?:now |also )*(?:have|need|must|should)(?: now)?(?: to)? (?P<what>.+?){_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:you|we|everyone|people|they) (?:now |also )*(?:have|has|need|needs|must)(?: now)?(?: to)? "
        rf"(?P<what>[^.;,]{{4,90}}?)\s+(?P<side>before|"
        rf"after)\s+(?:you|we|they|you've|we've)?\s*(?P<where>.+?){_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<who>[\w ]{{3,30}}?) will (?P<what>[^.;,]{{4,90}}?)\s+(?P<side>before|after)\s+(?:you|"
        rf"we|they|you've|we've)\s*(?P<where>.+?){_STOP}",
        re.IGNORECASE,
    ),
)
_REMOVES: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:remove|drop|delete|skip|take out|get rid of|strike|cut)\s+(?:the|this|that|our)?\s*"
        rf"(?:\w+ )?{_THING}s?\s+(?:where "
        rf"(?:we|you|they)|to|about|that says|of|for|with|:|on)\s*(?P<what>.+?){_STOP}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:you|we|they)\s+(?:no longer (?:have to|need to|must)?|don't (?:have|need) to|do not (?:have|"
        rf"need) to)\s+(?P<what>.+?)(?: any ?more)?{_STOP}",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addition:
    what: str
    side: str
    where: str
    claim: Claim


def change_steps(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements that put a step into the list it belongs to, or take one out; [] where no list of the page fits."""
    found: list[Replacement] = []
    for claim in passage.claims:
        for addition in _additions(claim):
            found += _add(addition, passage, sheet)
        for pattern in _REMOVES:
            if not found and (match := pattern.search(claim.text)):
                found += _remove(match["what"], claim, sheet)
    return found


def insert_item(
    sheet: Sheet, item: Piece, text: str, side: str, *, claim: Claim, confidence: float, rule: str = "step"
) -> list[Replacement]:
    """Replacements that put `text` as an item before or after `item`, in its list's style, and count the numbers on."""
    newline = newline_of(sheet.text)
    siblings = _siblings(item, sheet)
    index = next(i for i, s in enumerate(siblings) if s.block == item.block)
    at = (
        item.block_start
        if side == "before"
        else (siblings[index + 1].block_start if index + 1 < len(siblings) else _end_of(item, sheet))
    )
    if side == "after" and index + 1 == len(siblings) and not sheet.text[:at].endswith("\n"):
        text = newline + _line(item, text, siblings, index + (side == "after"))
    else:
        text = _line(item, text, siblings, index + (side == "after")) + newline
        if _loose(siblings, sheet):
            text += newline
    where = f"{side} “{_short(item.text)}”"
    found = [
        Replacement(
            start=at,
            end=at,
            text=text,
            confidence=confidence,
            reason=f"a new step {where}",
            rule=rule,
            anchor=item.anchor,
            entries=(claim.entry,),
        )
    ]
    first = index + (side == "after")
    return found + _renumber(siblings[first:], 1, claim, confidence, rule)


def remove_items(sheet: Sheet, items: list[Piece], *, claim: Claim, confidence: float, rule: str = "step") -> list[Replacement]:
    """Replacements that take these items of one list out, with what hangs under them, and count the numbers back."""
    found: list[Replacement] = []
    siblings = _siblings(items[0], sheet)
    gone = {item.block for item in items}
    passed = 0
    for i, sibling in enumerate(siblings):
        if sibling.block in gone:
            stop = siblings[i + 1].block_start if i + 1 < len(siblings) else _end_of(sibling, sheet)
            found.append(
                Replacement(
                    start=sibling.block_start,
                    end=stop,
                    text="",
                    confidence=confidence,
                    reason=f"“{_short(sibling.text)}” is no longer done",
                    rule=rule,
                    anchor=sibling.anchor,
                    entries=(claim.entry,),
                )
            )
            passed += 1
        elif passed:
            found += _renumber([sibling], -passed, claim, confidence, rule)
    return found


def _additions(claim: Claim) -> list[_Addition]:
    text = without_fillers(claim.text)
    for pattern in _ADDS:
        if match := pattern.search(text):
            groups = match.groupdict()
            where = groups.get("where") or groups.get("where_b") or groups.get("where_a") or ""
            side = (groups.get("side") or ("before" if groups.get("where_b") else "after")).lower()
            what = match["what"]
            if who := (groups.get("who") or "").strip():
                what = f"{who.removeprefix('starting next week ').strip()} {_third(what)}"
            return [
                _Addition(
                    what=what, side=side, where=re.sub(r"^(?:you|we|they|the step (?:where|to))\s+", "", where), claim=claim
                )
            ]
    return []


def _add(addition: _Addition, passage: Passage, sheet: Sheet) -> list[Replacement]:
    if addition.where:
        stems = stems_of(addition.where)
        scored = [
            (_fit(p, stems, sheet) + 0.15 * sheet.closeness(p, passage.stems | passage.context_stems), p)
            for p in sheet.pieces
            if p.kind == "item"
        ]
        scored = [s for s in scored if _fit(s[1], stems, sheet) >= (0.75 if len(stems) < 3 else 0.6)]
    else:
        stems = stems_of(addition.what) | passage.context_stems
        scored = [(sheet.closeness(p, stems), p) for p in sheet.pieces if p.kind == "item"]
        scored = [s for s in scored if s[0] >= 0.25]
    if not scored:
        return []
    best, item = max(scored, key=lambda s: (s[0], -s[1].start))
    if any(p.kind == "item" and sheet.coverage(p, stems_of(addition.what)) > 0.85 for p in sheet.pieces):
        return []
    if not addition.where:
        item = _siblings(item, sheet)[-1]
    return insert_item(
        sheet, item, addition.what, addition.side, claim=addition.claim, confidence=round(min(0.92, 0.45 + 0.5 * best), 3)
    )


def _remove(what: str, claim: Claim, sheet: Sheet) -> list[Replacement]:
    stems = stems_of(what)
    scored = [
        (min(_fit(p, stems, sheet), sheet.coverage(p, claim.stems) + 0.25), p)
        for p in sheet.pieces
        if p.kind == "item" and p.marker
    ]
    best, item = max(scored, key=lambda s: (s[0], -s[1].start), default=(0.0, None))
    if item is None or best < 0.6:
        return []
    return remove_items(sheet, [item], claim=claim, confidence=round(min(0.9, 0.3 + 0.6 * best), 3))


def _fit(piece: Piece, stems: frozenset[str], sheet: Sheet) -> float:
    """How much of what the update says of the place stands in the piece."""
    known = frozenset(s for s in stems if sheet.knows(s))
    if not known or len(known) < 0.5 * len(stems):
        return 0.0
    return sheet.weight(known & piece.stems) / sheet.weight(known)


def _siblings(item: Piece, sheet: Sheet) -> list[Piece]:
    """The items of the same list at the same indent, in order, each once."""
    indent = len(item.marker) - len(item.marker.lstrip())
    numbered = item.marker.strip()[0].isdigit()
    run: list[Piece] = []
    found_self = False
    for piece in sheet.pieces:
        if piece.kind in ("heading", "row", "title") or (piece.kind == "sentence" and not _hangs(piece, sheet, indent)):
            if found_self:
                break
            run = []
            continue
        if piece.kind != "item":
            continue
        depth = len(piece.marker) - len(piece.marker.lstrip())
        if depth < indent:
            if found_self:
                break
            run = []
        elif depth == indent and piece.marker.strip()[0].isdigit() == numbered and (not run or run[-1].block != piece.block):
            run.append(piece)
        found_self = found_self or piece.block == item.block
    return run or [item]


def _hangs(piece: Piece, sheet: Sheet, indent: int) -> bool:
    """Whether a paragraph is indented under an item."""
    line = sheet.text[piece.block_start : piece.start]
    return len(line) - len(line.lstrip()) > indent


def _end_of(item: Piece, sheet: Sheet) -> int:
    """Where the last item of a list ends, what hangs under it included."""
    indent = len(item.marker) - len(item.marker.lstrip())
    end = item.block_end
    for piece in sheet.pieces:
        if piece.start < end:
            continue
        line = sheet.text[piece.block_start : piece.start]
        if len(line) - len(line.lstrip(" \t")) > indent and piece.kind in ("item", "sentence"):
            end = piece.block_end
        else:
            break
    return end


def _line(item: Piece, text: str, siblings: list[Piece], index: int) -> str:
    marker = item.marker
    if number := re.match(r"(\s*)(\d+)([.)]\s+)", marker):
        first = int(re.match(r"\s*(\d+)", siblings[0].marker)[1])  # type: ignore[index]
        counted = _counts(siblings)
        marker = f"{number[1]}{first + index if counted else number[2]}{number[3]}"
    marker = re.sub(r"\[[xX]\]", "[ ]", marker)
    text = re.sub(r"\s+", " ", text).strip(" .,;")
    if sum(s.text.lstrip("*_`[")[:1].isupper() for s in siblings) * 2 >= len(siblings):
        text = text[:1].upper() + text[1:]
    if sum(bool(re.search(r"\.(?:\*\*)?(?:\s|$)", s.text)) for s in siblings) * 2 >= len(siblings):
        text += "."
    if sum(s.text.startswith("**") for s in siblings) * 2 > len(siblings):
        text = f"**{text}**"
    return marker + text


def _counts(siblings: list[Piece]) -> bool:
    """Whether the list's numbers go up; "1. 1. 1." leaves the counting to the reader's eye."""
    numbers = [int(m[1]) for s in siblings if (m := re.match(r"\s*(\d+)", s.marker))]
    return len(numbers) < 2 or numbers[0] != numbers[1]


def _renumber(items: list[Piece], by: int, claim: Claim, confidence: float, rule: str) -> list[Replacement]:
    found: list[Replacement] = []
    if len(items) > 1 and not _counts(items):
        return []
    for item in items:
        number = re.match(r"(\s*)(\d+)", item.marker)
        if number is None:
            return []
        start = item.block_start + number.start(2)
        found.append(
            Replacement(
                start=start,
                end=start + len(number[2]),
                text=str(int(number[2]) + by),
                confidence=confidence,
                reason="",
                rule=rule,
                anchor=item.anchor,
                entries=(claim.entry,),
            )
        )
    return found


def _loose(siblings: list[Piece], sheet: Sheet) -> bool:
    """Whether blank lines stand between the items."""
    return len(siblings) > 1 and bool(re.search(r"\n[ \t]*\r?\n", sheet.text[siblings[0].end : siblings[1].block_start]))


def _third(what: str) -> str:
    verb, _, rest = what.partition(" ")
    return f"{verb}{'es' if re.search(r'(?:s|x|ch|sh)$', verb) else 's'} {rest}" if verb.isalpha() else what


def _short(text: str) -> str:
    text = " ".join(re.sub(r"\]\([^)]*\)|[\[\]*_`]", "", text).split())
    return text if len(text) <= 60 else text[:57].rstrip() + "…"
