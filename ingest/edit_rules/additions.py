"""What is to be added joins the page: an item after the one it is said to follow, a row, or the end of the list that it fits."""

from __future__ import annotations

import re

from ingest.edit_rules.base import Replacement
from ingest.edit_rules.list_edits import insert_item, insert_row, last_of_list
from ingest.edit_rules.wording import for_page
from ingest.pieces import Piece, stems_of
from ingest.scene import Said, Scene

__all__ = ["add_what_is_new"]

_THING = r"(?:step|item|bullet(?: point)?|point|line|row|task|entry|rule|question|check|word|term)"
_ADDS = re.compile(
    rf"\bnew {_THING}\b|\b(?:one more|another|an? (?:extra|additional|further|new)) (?:\w+ )?{_THING}\b|\b(?:add|insert|include|append|put in|write down)\b|"
    rf"\b(?:should|must|needs to|has to) be (?:in|on) (?:it|the (?:\w+ )?(?:list|page|table))\b|\b(?:isn't|not) (?:in|on) the (?:list|page|table)\b|\bis missing\b|\bplease also\b|\balso (?:has|have|need|must)\b|\byou also\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"[,\s]*\b(?:best |right |just |directly |straight )*(?P<side>before|after) (?P<where>[^,.;:!?]{3,80})", re.IGNORECASE
)
_CONTENT = re.compile(
    rf"(?:\b(?:add|insert|include|append|new {_THING}|one more {_THING}|(?:as|that as) (?:an? )?(?:row|line|item|step|point))\b[^:]{{0,60}}?:\s*)(?P<after>.+)$"
    rf"|\b(?:add|insert|include|append)\s+(?:an? |the |another )?(?:new |extra )*(?:{_THING}\s+)?(?:to |that |saying |for |about |where (?:you|we) )?(?P<object>.+?)"
    r"(?:\s+(?:to|in|into|on) (?:the|our|that) (?:\w+ ){0,3}(?:list|page|table|checklist|wiki|handbook|steps|section|docs?))?[.!?]*$",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"^(?P<term>[\w' -]{2,40}): (?P<meaning>\w.{8,})$")
_LEAST = 0.4


def add_what_is_new(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs; at most one addition for each statement that asks for one."""
    found: list[tuple[int, Replacement]] = []
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 1 or not _ADDS.search(said.text):
            continue
        text, where, side = _wanted(said, scene)
        if len(stems_of(text)) < 2:
            continue
        best = max(_places(scene, said, text, where), key=lambda place: place[0], default=None)
        if best is None or best[0] < _LEAST:
            continue
        score, page, piece = best
        sheet, entries = scene.sheets[page], said.entries
        confidence = round(min(0.85, 0.35 + 0.6 * score), 3)
        if piece.kind == "row":
            defined = _DEFINED.match(text)
            cells = [defined["term"], defined["meaning"]] if defined else [text]
            found += [(page, r) for r in insert_row(sheet, piece, cells, entries=entries, confidence=confidence)]
        else:
            item = piece if where else last_of_list(piece, sheet)
            found += [(page, r) for r in insert_item(sheet, item, text, side, entries=entries, confidence=confidence)]
    return found


def _wanted(said: Said, scene: Scene) -> tuple[str, str, str]:
    """(words for the page, the place they are to stand at or "", before or after)."""
    text = said.text
    where, side = "", "after"
    following = scene.said[said.number + 1].text if said.number + 1 < len(scene.said) else ""
    if place := _PLACE.search(text):
        where, side = place["where"], place["side"].lower()
        text = (text[: place.start()] + text[place.end() :]).strip(" ,")
    elif len(following.split()) < 9 and (place := _PLACE.search(following)):
        where, side = place["where"], place["side"].lower()
    if content := _CONTENT.search(text):
        text = content["after"] or content["object"] or text
    else:
        text = re.sub(rf"^.*?\b(?:new|one more|another) (?:\w+ )?{_THING}\b[^:]{{0,50}}:\s*", "", text, flags=re.IGNORECASE)
    if len(stems_of(text)) < 2 or re.match(r"(?:it|that|this|them)\b", text, re.IGNORECASE):
        before = [
            other.text
            for other in scene.said[max(0, said.number - 1) : said.number + 2]
            if other.number != said.number and other.is_news
        ]
        text = next((other for other in reversed(before) if _DEFINED.match(other)), before[0] if before else text)
        if _ADDS.search(text):
            return "", "", side  # it asks for what was asked for right before
    return for_page(text) or text, where, side


def _places(scene: Scene, said: Said, text: str, where: str) -> list[tuple[float, int, Piece]]:
    stems = stems_of(where)
    kinds = ("row",) if re.search(r"\b(?:row|table)\b", said.around) else ("item", "row")
    found: list[tuple[float, int, Piece]] = []
    for page, piece in scene.places(*kinds):
        if piece.kind == "row" and re.fullmatch(r"[|\s:-]+", piece.text):
            continue
        sheet, fit = scene.sheets[page], scene.fit(said, page, piece)
        if stems:
            named = sheet.share(stems, piece)
            if piece.kind == "item" and named >= 0.5:
                found.append((0.5 * fit + 0.4 * named + 0.1 * scene.scores[page], page, piece))
        elif sheet.coverage(piece, stems_of(text)) < 0.85:
            found.append((0.85 * fit + 0.15 * scene.scores[page], page, piece))
    return found
