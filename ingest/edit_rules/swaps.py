"""One thing in the place of another: "Linear instead of Jira", "no longer in the accounts folder, now in Templates/Finance"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.edit_rules.base import Replacement
from ingest.pieces import stems_of
from ingest.scene import Said, Scene

__all__ = ["swap_things"]

_QUOTE = "\"'“”‘’`*"
_X = rf"(?P<new>[{_QUOTE}]?[^\W_][^,.;:!?\n]{{0,60}}?)"
_Y = rf"(?P<old>[{_QUOTE}]?[^\W_][^,.;:!?\n]{{0,60}}?)"
_STOP = (
    r"(?=[.,;:!?)\n]|\s+(?:from (?:now|today|tomorrow|next|the)|as of|starting|since|because|now|any ?more|so|and|but|for|when|if|which|where|"
    r"please|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|on (?:mon|tues|wednes|thurs|fri)day)\b|$)"
)
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\b(?:use|uses|using|take|takes|via|through|in|into|with|on|to|is|are|by|at|ask|call|see|want)\s+(?:the |a |an |our )?{_X},? (?:instead of|rather than|in place of|and (?:not|no longer)|not)\s+(?:the |a |an |our |in |on |at |via |with |by |to )*{_Y}{_STOP}",
        rf"(?:^|[.,;:]\s*|\b(?:that|the|a|so|and)\s+){_X} (?:replaces|takes the place of|supersedes)\s+(?:the |our |a )?{_Y}{_STOP}",
        rf"(?:^|[.,;:]\s*|\b(?:that|the|our|so|and)\s+){_Y} (?:is|are|was|were|has been|have been|gets?) (?:now |being |all )?(?:replaced by|now called|renamed(?: to)?|called)\s+(?:the )?{_X}{_STOP}",
        rf"\b(?:renam\w+|switch\w*|mov\w+|migrat\w+|chang\w+)\s+(?:it |us |over )?from\s+(?:the )?{_Y} to\s+(?:the )?{_X}{_STOP}",
        rf"\brenam(?:e|ed|ing)\s+(?:the )?{_Y} to\s+(?:the )?{_X}{_STOP}",
        rf"\b(?:no longer|not) (?:in|on|at|with|via|by|called|under)\s+(?:the )?{_Y}(?: any ?more)?,? (?:but |it is |it's |they are |they're |and |now )*(?:in|on|at|with|via|by|called|under)\s+(?:the )?{_X}{_STOP}",
        rf"(?:\b(?:not|no longer)|n't) (?:in|on|at|by|with)\s+(?:the )?{_Y}(?: any ?more)?,? (?:(?:they|it|that)(?:'re|'s| are| is| have| has)? )?(?:now )?(?:moved? (?:in)?to|lives? (?:in|on)|goes? to|sits? in)\s+(?:the )?{_X}{_STOP}",
        rf"(?:^|[.,;:]\s*){_Y} (?:becomes|has become|turns into)\s+(?:the )?{_X}{_STOP}",
    )
)
_LEAD = re.compile(r"^(?:(?:as of|from|since|starting|on) \w+ )?(?:(?:the|our|a|an|your) )?", re.IGNORECASE)
_LEAST_FIT, _LEAST_NAME_FIT = 0.35, 0.2
_MOST_WORDS = 6


def swap_things(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs wherever the old thing stands in a piece that fits; values are the slots' business."""
    found: list[tuple[int, Replacement]] = []
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 0:
            continue
        for old, new in _pairs(said):
            found += _everywhere(scene, said, old, new)
    return found


def _pairs(said: Said) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for shape in _SHAPES:
        for match in shape.finditer(said.text):
            old, new = (_bare(match[side]) for side in ("old", "new"))
            telling = all(
                stems_of(text) and not re.match(r"\d|up to|\W", text) and len(text.split()) <= _MOST_WORDS
                for text in (old, new)
            )
            if telling and old.lower() != new.lower() and (old, new) not in seen:
                seen.add((old, new))
                yield old, new


def _bare(text: str) -> str:
    """A name without the marks around all of it."""
    text = _LEAD.sub("", text.strip())
    while len(text) > 2 and text[0] in _QUOTE and text[-1] in _QUOTE:
        text = text[1:-1].strip()
    return text if text.count("`") % 2 == 0 else text + "`"


def _everywhere(scene: Scene, said: Said, old: str, new: str) -> Iterator[tuple[int, Replacement]]:
    pattern = re.compile(rf"(?<![\w/.-]){re.escape(old)}(?![\w/-])", re.IGNORECASE)
    name = old[0].isupper() or bool(re.search(r"[A-Z_/.#]", old))
    places = [
        (scene.fit(said, page, piece), page, piece)
        for page, piece in scene.places("heading", "sentence", "item", "row")
        if pattern.search(piece.text) and new.lower() not in piece.text.lower()
    ]
    best = max((fit for fit, _, _ in places), default=0.0)
    for fit, page, piece in places:
        if fit >= (_LEAST_NAME_FIT if name else max(_LEAST_FIT - 0.1 * (len(stems_of(old)) > 1), 0.85 * best)):
            for match in pattern.finditer(piece.text):
                if re.search(r"\]\([^)]*$", piece.text[: match.start()]):
                    continue  # inside an address
                text = new[:1].upper() + new[1:] if match[0][0].isupper() and match[0][1:].islower() else new
                yield (
                    page,
                    Replacement(
                        start=piece.start + match.start(),
                        end=piece.start + match.end(),
                        text=text,
                        confidence=round(min(0.95, 0.55 + 0.5 * fit), 3),
                        reason=f"{match[0]} is now {text}",
                        rule="swap",
                        anchor=piece.anchor,
                        entries=said.entries,
                    ),
                )
