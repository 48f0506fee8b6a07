"""What people say -> a sentence for a page: without fillers, openers and talk about the page itself."""

from __future__ import annotations

import re

from ingest.spoken import without_fillers

__all__ = ["for_page"]

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


def for_page(text: str) -> str:
    """A statement as a sentence for a page; "" where it talks about the page or the speaker, and not about how things are."""
    bare = _bare(text)
    if not bare or _META.match(bare) or bare.endswith("?"):
        return ""
    bare = re.sub(r"\bi\b", "I", bare)
    return bare[:1].upper() + bare[1:]


def _bare(text: str) -> str:
    text = re.sub(r"\s+", " ", without_fillers(text)).strip()
    text = re.sub(r"(?<=\s):[a-z0-9_+-]+:(?=\s|$)", "", text).strip()
    for _ in range(3):
        shorter = _TAIL.sub("", _OPENER.sub("", text)).strip(" ,;–—-")
        if shorter == text:
            break
        text = shorter
    return text
