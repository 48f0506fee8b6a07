"""Something is no more: its section, list item, sentence, place in an enumeration, or the condition in brackets goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.edit_rules.steps import remove_items
from ingest.pieces import Piece, stems_of

__all__ = ["remove_what_is_gone", "sentence_span"]

_STOP = (
    r"(?=[.;!?]|,? (?:because|since|so that|so|and (?:it|that|they|we|you)|but|please|"
    r"from (?:the|our|there|that)|in (?:the|our)|as of|including|altogether|any ?more)\b|"
    r",? (?:that's|it's|those are|they're)|$)"
)
_ORDERS: tuple[re.Pattern[str], ...] = (
    re.compile(
        (
            rf"\b(?:remove|drop|delete|take out|strike|cut|scrap|get rid of)\s+(?:out )?(?:the |"
            rf"all |any |both |our |every )*(?:topics?|mentions? of|references? to|sections? (?:on|"
            rf"about)|links? to|entr(?:y|ies) (?:for|on|about)|lines? (?:about|on)|options? of)?\s*(?P<what>.+?){_STOP}"
        ),
        re.IGNORECASE,
    ),
    re.compile(
        r"\bstop (?:telling|asking|recommending|offering|sending|using|linking to|pointing)\s+"
        rf"(?:\w+ )?(?:to )?(?P<what>.+?){_STOP}",
        re.IGNORECASE,
    ),
)
_GONE: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:there (?:are|is)|we have|there's) no (?:more )?(?P<what>[\w' -]{3,50}?)(?: any ?more| any longer|[.,;!]|$)",
        re.IGNORECASE,
    ),
    re.compile(
        (
            r"(?:^|[,;:.] |\b(?:that|because|told me|says?|said|the) )(?P<what>[\w'&./ -]{2,50}?) (?:is|"
            r"are|isn't|aren't|has been|have been|was|were|does|doesn't|'s) (?:now |all |"
            r"been |being |finally |also )*(?:not (?:on|in|allowed|available|an option|supported|"
            r"approved)|on the list|gone|dead|closed|discontinued|retired|deprecated|abolished|"
            r"scrapped|removed|dropped|shut down|phased out|no longer (?:available|offered|"
            r"supported|allowed|an option|there|exist\w*|used))"
        ),
        re.IGNORECASE,
    ),
    re.compile(
        (
            r"\b(?:can't|cannot|can no longer|don't|do not|doesn't|does not|no longer|won't) (?:offer|"
            r"use|process|accept|support|allow|provide|order|buy|handle|recommend|have|do|"
            r"take) (?P<what>[\w'&/., -]{2,80}?)(?: as (?:an? )?\w+)?(?: any ?more| any longer|"
            r" now|[;!]|\. |\.$|$)"
        ),
        re.IGNORECASE,
    ),
)
_FREED: tuple[re.Pattern[str], ...] = (
    re.compile(
        (
            r"\b(?:without|with no|no need (?:for|of)|no|doesn't (?:need|require)|don't (?:need|"
            r"require)|not (?:need|require))\s+(?:a |an |the |any |be(?:ing)? on |using )*(?P<what>[\w-]+(?: (?!now|"
            r"any|for|to|and|or|so|since|is|are)[\w-]+){0,2})"
        ),
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<what>[\w-]+(?: [\w-]+){0,2}) (?:is|are) (?:no longer|not) (?:needed|required|necessary|mandatory)",
        re.IGNORECASE,
    ),
    re.compile(r"\bno longer (?:needs?|requires?)\s+(?:a |an |the |any )*(?P<what>[\w-]+(?: [\w-]+){0,3})", re.IGNORECASE),
)
_CONDITION = re.compile(
    (
        r"\b(?:requir\w+|needs?|needed|must|have to|has to|only|make sure|ensure|unless|"
        r"should|first|you'll need|need to be|be on)\b"
    ),
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[ \t]?\(([^()\n]{3,160})\)(?!\()")
_KEPT = re.compile(r"\b(?:still|stays?|unchanged|remains?|keeps?|as before|the rest)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    what: str
    claim: Claim
    ordered: bool

    @property
    def stems(self) -> frozenset[str]:
        return stems_of(self.what)


def remove_what_is_gone(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Removals of what the passage says is no more; [] where the page does not have it."""
    found: list[Replacement] = []
    targets = [t for claim in passage.claims for t in _targets(claim)]
    for target in targets:
        found += _sections(target, targets, sheet)
    for target in targets:
        hits = _members(target, sheet)
        if not hits and target.ordered:
            hits = _items_and_sentences(target, passage, sheet)
        found += hits
    for claim in passage.claims:
        found += _conditions(claim, passage, sheet)
    return _outermost(found)


def _targets(claim: Claim) -> list[_Target]:
    """What is gone, each thing of "certificates or domain renewals" by itself."""
    targets: list[_Target] = []
    for patterns, ordered in ((_ORDERS, True), (_GONE, False)):
        for pattern in patterns:
            for match in pattern.finditer(claim.text):
                what = re.sub(r"^.*\b(?:told (?:me|us)|says?|said|that|because|hears?|heard) ", "", match["what"].strip())
                whole = (
                    [what]
                    if ordered and len(what.split()) > 6
                    else [what, *re.split(r",\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+", what)]
                )
                targets += [
                    _Target(what=part, claim=claim, ordered=ordered)
                    for part in dict.fromkeys(whole)
                    if 0 < len(stems_of(part)) <= 14
                ]
    return targets


def _sections(target: _Target, targets: list[_Target], sheet: Sheet) -> list[Replacement]:
    """Whole sections whose heading is what is gone, and the list entries that link to them."""
    if not (target.ordered or any(t.ordered for t in targets)):
        return []
    found: list[Replacement] = []
    headings = [p for p in sheet.pieces if p.kind == "heading" and p.level >= 2]
    for i, heading in enumerate(headings):
        if not heading.stems or not heading.stems <= target.stems or len(target.stems - heading.stems) > 3:
            continue
        stop = next((h.block_start for h in headings[i + 1 :] if h.level <= heading.level), len(sheet.text))
        found.append(_removal(heading.block_start, stop, target.claim, heading, 0.8, f"“{heading.text}” is gone"))
        links = [p for p in sheet.pieces if p.kind == "item" and f"(#{heading.anchor})" in p.text]
        for item in links[:3]:
            found += remove_items(sheet, [item], claim=target.claim, confidence=0.8, rule="removal")
    return found


def _members(target: _Target, sheet: Sheet) -> list[Replacement]:
    """The thing's place in "a, b, or c"; only for a thing with a name of its own, which the page writes with a capital."""
    words = re.findall(r"[A-Za-z][\w.-]*", target.what)
    if not words or len(target.stems) > 3 or len(words) > 4:
        return []
    core = r"\s+".join(re.escape(w[:-1] if w.endswith("s") and len(w) > 3 else w) + "s?" for w in words)
    named = rf"(?:\*\*)?\[?(?:\*\*)?(?:the )?{core}(?:\*\*)?(?:\]\([^)]*\))?(?:\*\*)?"
    found: list[Replacement] = []
    shapes = (
        rf"(?i:{named}),\s+(?!if applicable)(?=\S)",  # a, X, or c -> a, or c
        rf"(?i:{named})(?:, if applicable,)?\s+(?:or|and)\s+(?:the\s+)?",  # X or c -> c
        rf",?\s+(?:or|and|as well as)\s+(?:the\s+)?(?i:{named})(?=[\s.,;)]|$)",  # a or X -> a
        rf",\s+(?i:{named})(?=[\s.,;)]|$)",
    )
    for piece in sheet.pieces:
        if piece.kind in ("heading", "title") or not re.search(core, piece.text, re.IGNORECASE):
            continue
        if not re.search(r"[A-Z]", re.search(core, piece.text, re.IGNORECASE)[0]):  # type: ignore[index]
            continue
        match = _first_shape(piece.text, shapes)
        if match is None:
            continue
        start, end = piece.start + match.start(), piece.start + match.end()
        found.append(_removal(start, end, target.claim, piece, 0.72, f"{target.what} is no longer one of them"))
    return found if len(found) <= 8 else []


def _first_shape(text: str, shapes: Sequence[str]) -> re.Match[str] | None:
    for shape in shapes:
        if match := re.search(shape, text):
            return match
    return None


def _items_and_sentences(target: _Target, passage: Passage, sheet: Sheet) -> list[Replacement]:
    """An item or a sentence that says little but what is gone."""
    scored = []
    for piece in sheet.pieces:
        if piece.kind not in ("item", "sentence", "row") or len(piece.stems) < 2:
            continue
        shared = piece.stems & target.stems
        if len(shared) >= 2:
            said = sheet.weight(shared) / (sheet.weight(s for s in target.stems if sheet.knows(s)) or 1.0)
            scored.append((0.55 * said + 0.45 * sheet.coverage(piece, target.stems | passage.stems), piece))
    scored.sort(key=lambda s: (-s[0], s[1].start))
    if not scored or scored[0][0] < 0.5:
        return []
    score, piece = scored[0]
    if (
        piece.kind == "item"
        and piece.end >= piece.block_end - 2
        and sheet.text[piece.block_start : piece.start].strip() == piece.marker.strip()
    ):
        return remove_items(
            sheet, [piece], claim=target.claim, confidence=round(min(0.8, 0.25 + 0.6 * score), 3), rule="removal"
        )
    return [
        _removal(
            *sentence_span(piece, sheet),
            target.claim,
            piece,
            min(0.8, 0.25 + 0.6 * score),
            f"“{_short(piece.text)}” no longer holds",
        )
    ]


def _conditions(claim: Claim, passage: Passage, sheet: Sheet) -> list[Replacement]:
    """ "No VPN needed" against "(requires VPN)" or "You need to be on the VPN to open this site." """
    found: list[Replacement] = []
    whats = {m["what"].strip() for pattern in _FREED for m in pattern.finditer(claim.text)}
    for what in whats:
        stems = frozenset(s for s in stems_of(what) if sheet.knows(s))
        if not stems or _KEPT.search(what):
            continue
        scored: list[tuple[float, int, int, Piece]] = []
        around = (passage.stems | passage.context_stems) - stems
        for piece in sheet.pieces:
            if piece.kind in ("heading", "title") or not piece.stems & stems:
                continue
            near = sheet.closeness(piece, around) + 0.3 * sheet.closeness(piece, stems)
            bracket = next(
                (m for m in _BRACKETS.finditer(piece.text) if stems & stems_of(m[1]) and _CONDITION.search(m[1])), None
            )
            if bracket is not None:
                scored.append((near + 0.2, piece.start + bracket.start(), piece.start + bracket.end(), piece))
            elif _CONDITION.search(piece.text) and stems <= piece.stems and piece.kind in ("sentence", "item"):
                scored.append((near, *sentence_span(piece, sheet), piece))
        scored.sort(key=lambda s: (-s[0], s[1]))
        if scored and (scored[0][0] >= 0.25 or (len(scored) == 1 and scored[0][0] >= 0.05)):
            score, start, end, piece = scored[0]
            if piece.kind == "item" and start == piece.block_start:
                continue
            found.append(
                _removal(start, end, claim, piece, max(0.55, min(0.85, 0.4 + score)), f"{what} is no longer asked for")
            )
    return found


def sentence_span(piece: Piece, sheet: Sheet) -> tuple[int, int]:
    """A sentence with the space after it; the whole lines where it is its block's only one."""
    before = sheet.text[piece.block_start : piece.start]
    after = sheet.text[piece.end : piece.block_end]
    if not before.strip(" \t>-*+0123456789.)[]") and not after.strip():
        stop = piece.block_end
        if re.match(r"[ \t]*\r?\n", sheet.text[stop:]) and sheet.text[: piece.block_start].endswith("\n\n"):
            stop += re.match(r"[ \t]*\r?\n", sheet.text[stop:]).end()  # type: ignore[union-attr]
        return piece.block_start, stop
    end = piece.end + len(after) - len(after.lstrip(" ")) if after.strip() else piece.end
    start = piece.start if after.strip() else piece.start - (len(before) - len(before.rstrip()))
    return start, end


def _removal(start: int, end: int, claim: Claim, piece: Piece, confidence: float, reason: str) -> Replacement:
    return Replacement(
        start=start,
        end=end,
        text="",
        confidence=round(confidence, 3),
        reason=reason,
        rule="removal",
        anchor=piece.anchor,
        entries=(claim.entry,),
    )


def _outermost(found: list[Replacement]) -> list[Replacement]:
    kept: list[Replacement] = []
    for hit in sorted(found, key=lambda r: (r.start, -r.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57].rstrip() + "…"
