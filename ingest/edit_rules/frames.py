"""The page has the same sentence with another ending: "The template is in the wiki now"."""

from __future__ import annotations

import re

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.edit_rules.wording import for_page, is_about_the_page
from ingest.pieces import Piece, stems_of

__all__ = ["change_endings"]

_VERB = r"(?:is|are|lives?|sits?|goes|go|takes?|costs?|happens?|starts?|ends?|opens?|closes?|runs?|stands?|works?)"
_FRAME = re.compile(
    rf"^\W*(?:the |our |your |a |an |all )?(?:new )?(?P<who>[^,.;:]{{3,60}}?) (?P<verb>{_VERB}) (?:now |"
    rf"currently |from now on )?"
    r"(?P<rest>[^,.;:()]{2,80}?)(?: now| from now on| instead)?(?P<end>[.,;:(]|\s(?:and|but|"
    r"because|since|if|unless|while|so)\s|$)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:in|on|at|under|with|by|from|to|for|within|every|called)\b", re.IGNORECASE)


def change_endings(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of what a sentence of the page says of the subject that the passage says something else of."""
    found: list[Replacement] = []
    for claim in passage.claims:
        if claim.score <= 0 or is_about_the_page(claim.text):
            continue
        said = _FRAME.match(for_page([claim]))
        if said is None or len(stems_of(said["who"])) < 1 or re.search(r"\b(?:not|no|n't)\b|n't\b", said["rest"]):
            continue
        hits = [hit for piece in sheet.pieces if (hit := _same(piece, said, claim)) is not None]
        if len(hits) == 1:
            found += hits
    return found


def _same(piece: Piece, said: re.Match[str], claim: Claim) -> Replacement | None:
    if piece.kind not in ("sentence", "item") or len(piece.text) > 400:
        return None
    there = _FRAME.match(piece.text)
    if there is None or there["verb"].lower() != said["verb"].lower():
        return None
    one, other = stems_of(said["who"]), stems_of(there["who"])
    if (
        not one
        or one != other
        or _lead(said["rest"]) != _lead(there["rest"])
        or " ".join(there["rest"].split()).lower() == said["rest"].lower()
    ):
        return None
    return Replacement(
        start=piece.start + there.start("rest"),
        end=piece.start + there.end("rest"),
        text=said["rest"],
        confidence=0.85,
        reason=f"“{' '.join(there['rest'].split())}” is now “{said['rest']}”",
        rule="frame",
        anchor=piece.anchor,
        entries=(claim.entry,),
    )


def _lead(rest: str) -> str:
    """The small word an ending starts with: both must say where, or when, or what."""
    match = _PLACE.match(rest)
    return match[0].lower() if match else ""
