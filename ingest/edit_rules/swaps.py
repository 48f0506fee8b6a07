"""Words given word by word: "from CHGE 3 to CHGE 4", "B338 is G151 now", "say partner instead of client"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.pieces import stems_of

__all__ = ["swap_words"]

_Q = r"[\"“‘`]([^\"”’`\n]{2,60})[\"”’`]"
_W = r"((?:[\w#&/.+-]+ ){0,3}[\w#&/.+-]*\w)"
_END = r"(?=[,.;:!?)]|\s+(?:because|since|so|and|but|as of|from|starting|now|in|on|for|from now on|at|with)\b|$)"
_PATTERNS: tuple[tuple[re.Pattern[str], bool], ...] = (
    # True: the first group is the old one
    (re.compile(rf"\bfrom (?:the )?(?:{_Q}|{_W}) to (?:the )?(?:{_Q}|{_W}){_END}", re.IGNORECASE), True),
    (re.compile(rf"(?:{_Q}|{_W}) (?:instead of|rather than|in place of) (?:the )?(?:{_Q}|{_W}){_END}", re.IGNORECASE), False),
    (re.compile(rf"\b(?:replace|swap|change) (?:the )?(?:{_Q}|{_W}) (?:with|by|to|for) (?:the )?(?:{_Q}|"
        rf"{_W}){_END}", re.IGNORECASE), True),
    (re.compile(rf"(?:{_Q}|{_W}) (?:has been|was|is|got|gets) (?:now )?replaced (?:by|with) (?:the )?(?:{_Q}|"
        rf"{_W}){_END}", re.IGNORECASE), True),
    (re.compile(rf"(?:{_Q}|{_W}) (?:replaces|supersedes) (?:the )?(?:old )?(?:{_Q}|{_W}){_END}", re.IGNORECASE), False),
    (
        re.compile(
            r"\b(?:not|n't|no longer) (?:in|at|on|under|with) ((?:the )?[\w' -]{4,50}?)()(?: any ?more|"
        r" any longer)?[,;]? (?:but |and )?(?:(?:they|it|that|those|which)(?: have| has|'ve|'s)? )?(?:moved|"
        r"is|are|lives?|sits?|now|went)?(?: now)? ?(?:in|to|at|on|under|with) ((?:the )?[\w' -]{4,50}?)()(?=[,.;:!?)]|"
        r"$)",
            re.IGNORECASE,
        ),
        True,
    ),
)  # fmt: skip
_CODE = re.compile(
    r"(?<![\w/#.-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Z]{1,5}-?\d{1,5}[A-Z]?(?![\w/-])|\b(?:room|"
    r"suite|building|desk|line|extension|ext\.|floor|level) #?\d{1,5}[A-Za-z]?\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:no longer|any ?more|not|n't|instead of|from|old|was|used to|moved out of|left)\b[^.;!?]{0,60}$", re.IGNORECASE
)


def swap_words(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of words that the passage gives with what takes their place; the old ones must stand on the page as said."""
    found: dict[tuple[int, int], Replacement] = {}
    for claim in passage.claims:
        for old, new in (*_pairs(claim), *_codes(claim)):
            for hit in _everywhere(old, new, claim, passage, sheet):
                found.setdefault((hit.start, hit.end), hit)
    return list(found.values())


def _pairs(claim: Claim) -> Iterator[tuple[str, str]]:
    for pattern, forward in _PATTERNS:
        for match in pattern.finditer(claim.text):
            first, second = match[1] or match[2], match[3] or match[4]
            if not first or not second:
                continue
            old, new = (first, second) if forward else (second, first)
            quoted = bool(match[1] and match[3])
            if not quoted:
                old, new = _same_length(old, new)
            if quoted or _telling(old) or (len(stems_of(old)) >= 2 and "" in (match[2], match[4])):
                yield old.strip(), new.strip()


def _codes(claim: Claim) -> Iterator[tuple[str, str]]:
    """A room or form number that holds, and the one that no longer does, in one statement."""
    codes = [(m[0], bool(_GONE.search(claim.text[: m.start()]))) for m in _CODE.finditer(claim.text)]
    olds = list(dict.fromkeys(code for code, gone in codes if gone))
    news = list(dict.fromkeys(code for code, gone in codes if not gone))
    if len(olds) == 1 and len(news) == 1 and olds[0] != news[0]:
        yield olds[0], news[0]


def _same_length(old: str, new: str) -> tuple[str, str]:
    """ "the directive went from CHGE 3 to CHGE 4": the pattern may have caught more words on one side than belong to it."""
    one, other = old.split(), new.split()
    while len(one) > len(other) and one[0][:1].islower():
        one = one[1:]
    while len(other) > len(one) and other[0][:1].islower():
        other = other[1:]
    return " ".join(one), " ".join(other)


def _telling(words: str) -> bool:
    """Whether the words name something: a figure, a capital or a sign in them. Plain words could be anything."""
    return (
        bool(re.search(r"[A-Z#\d_./+-]", words))
        and bool(stems_of(words))
        and not re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?|\d+", words)
    )


def _everywhere(old: str, new: str, claim: Claim, passage: Passage, sheet: Sheet) -> Iterator[Replacement]:
    if old.lower() == new.lower() or len(old) < 2:
        return
    pattern = re.compile(rf"(?<![\w/@.-]){re.escape(old)}(?![\w-]|\.\w)", re.IGNORECASE)
    for piece in sheet.pieces:
        near = max(sheet.closeness(piece, claim.stems), 0.7 * sheet.closeness(piece, passage.stems | passage.context_stems))
        if near < 0.12:
            continue
        for match in pattern.finditer(piece.text):
            start = piece.start + match.start()
            if re.search(r"\]\([^)\s]*$|https?://\S*$", sheet.text[max(0, start - 200) : start]):
                continue
            yield Replacement(
                start=start,
                end=start + len(match[0]),
                text=new,
                confidence=round(min(0.92, 0.6 + near), 3),
                reason=f"{match[0]} is now {new}",
                rule="swap",
                anchor=piece.anchor,
                entries=(claim.entry,),
            )
