"""What people say -> a sentence for a page: without fillers, openers and talk about the page itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.edit_rules.base import Claim
from ingest.pieces import stems_of
from ingest.spoken import without_fillers

__all__ = ["for_page", "is_about_the_page"]

_OPENER = re.compile(
    r"^(?:[\W_]*(?:so|and|but|also|well|ok|okay|hey|hi|yeah|yes|yep|yup|no|nope|nah|right|exactly|"
    r"correct|sure|oh|anyway|actually|basically|plus|then|fyi|heads[- ]up|quick note|"
    r"just so you know|just a note|note|reminder|tip|psa|update|as i said|before i forget|i mean|"
    r"you know|please note that|that said|too|finally|now|because|cause|um|uh)\b[\s,:;.!–—-]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;–—-]*(?:\b(?:so yeah|and yeah|yeah|that's it|that's all|thanks|thank you|please|"
    r"ok|okay|right|you know|got it|full stop|fyi|by the way|btw)\b[\s.,!]*)+$|(?:\s*:[a-z0-9_+-]+:)+\s*$",
    re.IGNORECASE,
)
_META = re.compile(
    r"^(?:that(?:'s| is| has)? (?:the change|changed|over|different|new|not how\b.*)|(?:could|"
    r"can|would) (?:you|we|someone)\b.*|please (?:put|add|update|change|fix|correct|note|use the new|"
    r"remove|drop|delete|take)\b.*|"
    r"what(?:'s| is) (?:gone|new|different)\b|.*\bplease put that\b.*|i (?:have|had|saw|think|"
    r"guess|hope|just|don't|can't|will|am|was|'ve|'m|'ll)\b.*|i'(?:ve|m|ll|d)\b.*|let's\b.*|"
    r"we got\b.*|"
    r"we got .* answer.*|.*\b(?:our (?:docs?|documentation|handbook|guide|page|information|"
    r"leave information)|the (?:page|handbook|wiki|docs?|guide|checklist|list))\b.*\b(?:says?|"
    r"doesn't|out of date|outdated|wrong|still|needs?|should)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NO_MORE = re.compile(r"\b(?:no longer|any ?more|not how|is over|is gone|is dead|is closed|so far)\b", re.IGNORECASE)


def is_about_the_page(text: str) -> bool:
    """Whether it talks about the page ("could you add that?") or the speaker, not about how things are."""
    return bool(_META.match(_bare(text)))


def for_page(claims: Sequence[Claim], *, most: int = 5) -> str:
    """The claims as sentences for a page, at most `most` of them; "" where none says how things are."""
    sentences: list[str] = []
    for claim in claims:
        text = _bare(claim.text)
        if len(stems_of(text)) < 2 or is_about_the_page(text) or text.endswith("?"):
            continue
        text = re.sub(r"\bi\b", "I", text)
        text = text[:1].upper() + text[1:] if not re.match(r"[\w.-]+\.(?:gov|com|org|io|net)\b", text) else text
        if text[-1:] not in ".!?:":
            text += "."
        sentences.append(text.replace("..", "."))
    holds = [sentence for sentence in sentences if not _NO_MORE.search(sentence)]
    return " ".join((holds or sentences)[:most])


def _bare(text: str) -> str:
    text = re.sub(r"\s+", " ", without_fillers(text)).strip()
    text = re.sub(r"(?<=\s):[a-z0-9_+-]+:(?=\s|$)", "", text).strip()
    for _ in range(3):
        shorter = _TAIL.sub("", _OPENER.sub("", text)).strip(" ,;–—-")
        if shorter == text:
            break
        text = shorter
    return text
