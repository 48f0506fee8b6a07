"""What is gone leaves the page: an item, a row or a sentence, never more than that on one clause."""

from __future__ import annotations

import re

from ingest.edit_rules.base import Replacement, Sheet
from ingest.edit_rules.list_edits import remove_items, sentence_span, short
from ingest.pieces import Piece, stems_of
from ingest.scene import Said, Scene

__all__ = ["remove_what_is_gone"]

_END = r"(?=[.;!?]|,? (?:because|since|so that|please|thanks|as of|from now)\b|$)"
_GONE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:remove|delete|drop|strike|scrap|cut|get rid of|take out|cross out|lose)\s+(?P<what>.+?)(?:\s+(?:from|off|out of)\s.+?)?{_END}",
        r"\btake\s+(?P<what>.+?)\s+(?:out|off)\b(?: of)?",
        r"^\W*(?:so |and |also |then )*no (?:more )?(?P<what>.+?) (?:any ?more|any longer|from now on)\b",
        r"(?P<what>.+?)\s+(?:is|are|was|were|has been|have been|'s)\s+(?:now |hereby |finally |all )*(?:gone|dropped|abolished|cancelled|canceled|discontinued|"
        r"scrapped|called off|retired|history|removed|over|no longer (?:needed|necessary|required|offered|done|used)|not (?:needed|necessary|required|offered|done) any ?more)\b",
        rf"\b(?:you|we|they|nobody|no one|people|everyone)\s+(?:no longer (?:have to |need to |must )?|(?:don't|do not|doesn't|won't) (?:have to |need to )?(?=.*\b(?:any ?more|any longer)\b)|"
        rf"(?:has|have|needs?) to (?=.*\bany ?more\b))(?P<what>.+?)(?:\s+any ?more|\s+any longer)?{_END}",
        rf"\b(?:stop (?=\w+ing)|no need to |nobody needs to |call(?:ing)? off |skip )\s*(?P<what>.+?){_END}",
        r"\b(?:don't|do not|never|nobody|no one) (?:\w+ )?(?P<what>.+?) any ?more\b",
        r"\b(?P<what>the .+?) (?:can|may|should|must) go\b(?! (?:to|into|up|down|on))",
    )
)
_POINTER = re.compile(r"^(?:it|that|this|them|those|that one|this one)\b", re.IGNORECASE)
_LEAST, _LEAST_NAMED_FIT = 0.58, 0.42
_MOST_WORDS = 10
_MOST_LINES = 12  # of a section that goes on one request
_SECTION = re.compile(r"\b(?:section|chapter) (?:on|about|for|called) (?:the )?(?P<what>[^.,;!?]{3,60})", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:isn't|aren't|not|no longer|archived|gone|decommissioned|removed|dropped|any ?more|rip|shut|closed|discontinued|dead|retired|banned|"
    r"switched off|shut down|can't|cannot|stop|nobody)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"^(?:(?:the|this|that|our|a) )?(?:\w+ )?(?:row|line|step|item|bullet|point|sentence|entry|paragraph|part|bit)s? (?:about|on|for|of|that says|where (?:you|we)|with|to|saying)\s+",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w@/#.-])(?:#?[A-Z][\w.-]*\w(?: [A-Z][\w-]+){0,2}|#[\w-]+|[\w-]+\.(?:gov|com|org|io|net|uk|de))(?![\w/])"
)


def remove_what_is_gone(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs that take one piece out for each thing said to be gone."""
    found: list[tuple[int, Replacement]] = []
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 1:
            continue
        what = next((match["what"].strip() for pattern in _GONE if (match := pattern.search(said.text))), "")
        if section := _SECTION.search(said.text):
            found += _section(scene, said, section["what"])
            continue
        what = _THING.sub("", what)
        if not what:
            found += _named_things(scene, said)
        if not what or re.search(
            r"\b(?:instead|but use|replaced by|moved to|also (?:remove|delete|drop|cut|strike))\b", said.text, re.IGNORECASE
        ):
            continue
        best = max(_places(scene, said, what), key=lambda place: place[0], default=None)
        if best is not None and best[0] >= _LEAST:
            score, page, piece = best
            found += [(page, r) for r in _removal(scene.sheets[page], piece, said, score)]
    return found


def _section(scene: Scene, said: Said, what: str) -> list[tuple[int, Replacement]]:
    """A whole section, where it is asked for by its heading; a page's last one takes the blank line before it along."""
    stems = stems_of(what)
    for page, sheet in enumerate(scene.sheets):
        for number, heading in enumerate(sheet.pieces):
            if heading.kind != "heading" or not stems or stems_of(heading.text) != stems:
                continue
            following = next((p for p in sheet.pieces[number + 1 :] if p.kind == "heading" and p.level <= heading.level), None)
            end = following.block_start if following else len(sheet.text)
            if sheet.text.count("\n", heading.block_start, end) <= _MOST_LINES:
                return [(page, _cut(heading.block_start, end, said, heading, 0.6, f"the section “{short(heading.text)}” goes"))]
    return []


def _named_things(scene: Scene, said: Said) -> list[tuple[int, Replacement]]:
    """An item that is called by a name which is said to be over, or the name out of an enumeration."""
    if not _OVER.search(said.text) or re.search(
        r"\b(?:instead|use|replaced by|moved to|is now|only for)\b", said.text, re.IGNORECASE
    ):
        return []
    found: list[tuple[int, Replacement]] = []
    for name in dict.fromkeys(match[0] for match in _NAME.finditer(said.text)):
        pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
        listed = re.compile(rf",\s*(?:\[{re.escape(name)}\]\([^)]*\)|{re.escape(name)})(?=,? (?:or|and)\b|,)", re.IGNORECASE)
        for page, piece in scene.places("item", "row", "sentence"):
            if not pattern.search(piece.text) or (fit := scene.fit(said, page, piece)) < _LEAST_NAMED_FIT:
                continue
            if piece.kind != "sentence" and pattern.search(_lead(piece)):
                found += [(page, r) for r in _removal(scene.sheets[page], piece, said, 0.3 + 0.6 * fit)]
            elif match := listed.search(piece.text):
                start, end = piece.start + match.start(), piece.start + match.end()
                found.append((page, _cut(start, end, said, piece, 0.3 + 0.6 * fit, f"{name} goes")))
    return found


def _places(scene: Scene, said: Said, what: str) -> list[tuple[float, int, Piece]]:
    stems = stems_of(what)
    pointed = bool(_POINTER.match(what)) or not stems
    found: list[tuple[float, int, Piece]] = []
    for page, piece in scene.places("item", "row", "sentence"):
        fit = scene.fit(said, page, piece)
        if pointed:
            found.append((fit - 0.1 * (said.verdict.strength < 2), page, piece))
            continue
        named = scene.sheets[page].share(stems, piece)
        lead = 0.15 * bool(stems & stems_of(_lead(piece)))
        enough = len(piece.stems & stems) >= min(2, len(stems)) or named > 0.9
        if named >= 0.5 and enough and (len(what.split()) <= _MOST_WORDS or said.verdict.strength == 2):
            found.append((0.55 * fit + 0.45 * named + lead, page, piece))
    return found


def _lead(piece: Piece) -> str:
    """What an item or row is called: its bold beginning or first cell."""
    if piece.kind == "row":
        return piece.text.strip().strip("|").split("|")[0]
    bold = re.match(r"\*\*(.+?)\*\*|\[(.+?)\]", piece.text)
    return bold[0] if bold else ""


def _removal(sheet: Sheet, piece: Piece, said: Said, score: float) -> list[Replacement]:
    if piece.kind == "item" and piece.marker:
        return remove_items(sheet, [piece], entries=said.entries, confidence=_confidence(score), rule="removal")
    start, end = (piece.block_start, piece.block_end) if piece.kind == "row" else sentence_span(piece, sheet)
    return [_cut(start, end, said, piece, score, f"“{short(piece.text)}” goes")]


def _cut(start: int, end: int, said: Said, piece: Piece, score: float, reason: str) -> Replacement:
    return Replacement(
        start=start,
        end=end,
        text="",
        confidence=_confidence(score),
        reason=reason,
        rule="removal",
        anchor=piece.anchor,
        entries=said.entries,
    )


def _confidence(score: float) -> float:
    return round(min(0.9, 0.3 + 0.65 * score), 3)
