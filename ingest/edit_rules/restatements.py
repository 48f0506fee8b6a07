"""The page says otherwise: the sentence that the update contradicts gives way to what the update says.

This is the last resort of the rules: what nobody could take apart more finely. It needs a sentence that is clearly about the
same thing, and an update that says how things are now, not only that they changed.
"""

from __future__ import annotations

import re

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet, newline_of
from ingest.edit_rules.removals import sentence_span
from ingest.edit_rules.steps import insert_item
from ingest.edit_rules.wording import for_page, is_about_the_page
from ingest.pieces import Piece, stems_of

__all__ = ["add_what_is_new", "restate"]

_REPLACES = re.compile(
    r"\b(?:no longer|any ?more|instead|now|not|n't|no more|changed|over|different|replac\w+|"
    r"moved|from now on|as of|effective|new|neither|without|only|drop|so far|used to|dead|gone)\b|"
    r"n't\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:add|also|too|on top of|in addition|additional|tip|missing|doesn't say|does not say|"
    r"doesn't mention|not mentioned|mention|bullet|new section|put (?:that|this|it) (?:right )?(?:at|"
    r"in|on|under|next)|introduc\w+|"
    r"we(?:'ve| have) (?:added|started)|there's now|there is now|there are now|extra|another|include)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"^(?:\W*(?:You can |You may |Please )?[\w ]{0,25}?\b)?(?:he|she|him|her|his)\b", re.IGNORECASE)
_AT = re.compile(
    r"\b(?:after|before|next to|below|under|at|near|following|right at|where we \w+ \w+ to|"
    r"where we)\s+(?:the\s+)?(?P<where>[\w' -]{4,60})",
    re.IGNORECASE,
)


def restate(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """The one sentence or item that the passage contradicts, said anew; with what hangs on a person it names."""
    if not _REPLACES.search(passage.text):
        return []
    text = for_page(_telling(passage, sheet))
    if not text:
        return []
    scored = _targets(passage, sheet)
    if not scored or scored[0][0] < 0.24:
        return []
    score, piece = scored[0]
    claim = passage.claims[0]
    entries = tuple(c.entry for c in passage.claims)
    confidence = round(min(0.75, 0.3 + 0.6 * score), 3)
    start, end = piece.start, piece.end
    new = text
    if piece.kind == "item":
        if not piece.text.rstrip().endswith(".") and new.count(". ") == 0:
            new = new.rstrip(".")
        lead = re.match(r"(?:\*\*|__)[^*_]{2,40}(?:\*\*|__)[:.]?\s*", piece.text)
        if lead and stems_of(lead[0]) & passage.stems:
            start += lead.end()
    found = [
        Replacement(
            start=start,
            end=end,
            text=new,
            confidence=confidence,
            reason=f"the update says otherwise than “{_short(piece.text)}”",
            rule="restate",
            anchor=piece.anchor,
            entries=entries,
        )
    ]
    for _, other in scored[1:4]:
        if other.block == piece.block and (_PRONOUN.match(other.text) or sheet.coverage(other, passage.stems) > 0.6):
            found.append(_removal(other, sheet, confidence, entries))
    found += _followers(piece, sheet, claim, confidence, {r.start for r in found})
    return found


def add_what_is_new(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """What the update asks to be added, after the line it belongs to; a section of its own where it names a new topic."""
    if not _ADDS.search(passage.text + " " + passage.context):
        return []
    claims = [c for c in passage.claims if not is_about_the_page(c.text)]
    text = for_page(claims, most=8)
    if not text:
        return []
    claim = passage.claims[0]
    entries = tuple(c.entry for c in passage.claims)
    place = _named_place(passage, sheet)
    scored = _targets(passage, sheet, kinds=("sentence", "item"))
    if place is None and (not scored or scored[0][0] < 0.18):
        return []
    score, piece = (0.6, place) if place is not None else scored[0]
    confidence = round(min(0.7, 0.3 + 0.5 * score), 3)
    topic = _topic(passage)
    if piece.kind == "heading" or (topic and place is not None):
        return [_section(topic, text, piece, sheet, confidence, entries)]
    if piece.kind == "item" and piece.marker.strip() in "-*+" and place is None:
        return insert_item(sheet, piece, text, "after", claim=claim, confidence=confidence, rule="addition")
    return [
        Replacement(
            start=piece.end,
            end=piece.end,
            text=" " + text,
            confidence=confidence,
            reason="the update adds to it",
            rule="addition",
            anchor=piece.anchor,
            entries=entries,
        )
    ]


def _telling(passage: Passage, sheet: Sheet) -> list[Claim]:
    """The claims that say something of what the page is about."""
    return [c for c in passage.claims if c.score > 0 or any(sheet.knows(s) for s in c.stems)]


def _targets(passage: Passage, sheet: Sheet, kinds: tuple[str, ...] = ("sentence", "item")) -> list[tuple[float, Piece]]:
    """Pieces by how much the passage is about them."""
    whole = passage.stems | passage.context_stems
    scored = []
    for piece in sheet.pieces:
        if piece.kind not in kinds or len(piece.stems) < 3:
            continue
        best = max((sheet.closeness(piece, c.stems) * (1.0 if c.score > 0 else 0.9) for c in passage.claims), default=0.0)
        score = 0.55 * best + 0.45 * sheet.closeness(piece, whole)
        if score > 0.1 and _enough_in_common(piece, passage):
            scored.append((score, piece))
    return sorted(scored, key=lambda s: (-s[0], s[1].start))


def _enough_in_common(piece: Piece, passage: Passage) -> bool:
    """Three words, or a good part of one short claim: two texts about anything share one word."""
    own = piece.stems | piece.trail_stems
    return len(own & passage.stems) >= 3 or any(
        len(piece.stems & c.stems) >= max(2, 0.5 * len(c.stems)) for c in passage.claims
    )


def _followers(piece: Piece, sheet: Sheet, claim: Claim, confidence: float, taken: set[int]) -> list[Replacement]:
    """Sentences after the replaced one that speak on of the person it named ("He sits …")."""
    if not re.search(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b", piece.text):
        return []
    found: list[Replacement] = []
    for other in sheet.pieces:
        if other.block != piece.block or other.start <= piece.start:
            continue
        if not _PRONOUN.match(other.text):
            break
        removal = _removal(other, sheet, confidence, (claim.entry,))
        if removal.start not in taken:
            found.append(removal)
    return found


def _removal(piece: Piece, sheet: Sheet, confidence: float, entries: tuple[str, ...]) -> Replacement:
    """A sentence that goes, since what it hangs on was said anew."""
    start, end = sentence_span(piece, sheet)
    return Replacement(
        start=start, end=end, text="", confidence=confidence, reason="", rule="restate", anchor=piece.anchor, entries=entries
    )


def _named_place(passage: Passage, sheet: Sheet) -> Piece | None:
    """The heading or line that the update says it belongs to."""
    for claim in passage.claims:
        if not re.search(r"\b(?:add|put|insert|mention|include|bullet|note)\b", claim.text, re.IGNORECASE):
            continue
        for match in _AT.finditer(claim.text):
            stems = frozenset(stems_of(match["where"]))
            if not stems:
                continue
            scored = []
            for piece in sheet.pieces:
                shared = len(piece.stems & stems) / len(stems)
                if shared >= 0.5 and piece.kind != "title":
                    scored.append(
                        (
                            shared + (0.3 if piece.kind == "heading" else 0.0) + sheet.closeness(piece, passage.stems | stems),
                            piece,
                        )
                    )
            if scored:
                return max(scored, key=lambda s: (s[0], -s[1].start))[1]
    return None


def _topic(passage: Passage) -> str:
    """The new topic's name: "our pages say nothing about weather leave"."""
    text = passage.text + " " + passage.context
    match = re.search(
        r"\b(?:anything about|nothing about|no word (?:on|about)|missing(?: a section)?(?: on| about|"
        r":)|section (?:on|about|for)|called) (?:the )?(?P<t>[\w' -]{4,50}?)(?=[,.;:!?]| and people|"
        r" but|$)",
        text,
        re.IGNORECASE,
    )
    return match["t"].strip() if match else ""


def _section(topic: str, text: str, heading: Piece, sheet: Sheet, confidence: float, entries: tuple[str, ...]) -> Replacement:
    """A section after the one under `heading`, on its level; without a topic, a paragraph at its end."""
    newline = newline_of(sheet.text)
    headings = [p for p in sheet.pieces if p.kind == "heading"]
    level = heading.level or next((h.level for h in reversed(headings) if h.start < heading.start), 2)
    limit = level if heading.kind == "heading" else 6
    stop = next((h.block_start for h in headings if h.start > heading.start and h.level <= limit), len(sheet.text))
    before = "" if sheet.text[:stop].endswith(newline * 2) else newline if sheet.text[:stop].endswith("\n") else newline * 2
    title = f"{'#' * level} {topic[:1].upper() + topic[1:]}{newline * 2}" if topic else ""
    after = newline * 2 if stop < len(sheet.text) else newline
    return Replacement(
        start=stop,
        end=stop,
        text=f"{before}{title}{text}{after}",
        confidence=confidence,
        reason=f"a new section, {topic}" if topic else "the update adds to it",
        rule="addition",
        anchor=heading.anchor,
        entries=entries,
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77].rstrip() + "…"
