"""A thing has a new name: the old one is replaced wherever the page has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet

__all__ = ["named_renames", "rename"]

_QUOTED = r"[\"“‘'`]([^\"”’'`\n]{2,60})[\"”’'`]"
_TERM = (
    r"((?:[A-Z][\w&/.'-]*|#?[a-z0-9]+(?:[-_][a-z0-9]+)+)(?:\s+(?:(?:of|and|for|the|&|in|on|to)\s+)?(?:[A-Z0-9][\w&/.'-]*))*)"
)
_ANY = rf"(?:{_QUOTED}|{_TERM})"
_SHORT = r"(?:\s*\([^)]{1,40}\))?"
_IS = r"(?:is|are|was|were|has been|have been|got|gets|will be)"
_SIDES: tuple[re.Pattern[str], ...] = (
    # X is now called Y, X was renamed to Y, we renamed X to Y
    re.compile(
        rf"{_ANY}{_SHORT}(?:\s+\w+){{0,3}}?\s+(?:{_IS}\s+)?(?:now\s+|just\s+|being\s+|officially\s+)*(?:called|"
        rf"known as|renamed(?: to| as)?|goes by|rebranded(?: to| as)?)\s+(?:the\s+|now\s+)?{_ANY}"
    ),
    re.compile(
        rf"\b[Rr]enam(?:e|ed|ing)\s+(?:the\s+|our\s+)?{_ANY}{_SHORT}(?:\s+\w+){{0,3}}?\s+(?:to|as|into)\s+(?:the\s+)?{_ANY}"
    ),
    re.compile(
        rf"(?:[Aa]s of [\w ,]{{2,20}}?,?|[Ff]rom (?:now on|today|\w+day),?|[Nn]ow,?)\s+(?:the\s+)?{_ANY}{_SHORT}\s+(?:is|"
        rf"becomes)\s+(?:the\s+)?{_ANY}"
    ),
    re.compile(rf"{_ANY}{_SHORT}\s+(?:is|are)\s+now\s+(?:the\s+)?{_ANY}"),
    re.compile(rf"{_ANY}{_SHORT}\s+becomes\s+(?:the\s+)?{_ANY}"),
    re.compile(rf"(?:new name (?:of|for)\s+(?:the\s+)?){_ANY}{_SHORT}\s+is\s+(?:now\s+)?(?:the\s+)?{_ANY}"),
)
_BACK: tuple[re.Pattern[str], ...] = (
    # Y (formerly X), Y, previously X, say Y instead of X
    re.compile(
        rf"{_ANY}\s*[,(]?\s*(?:formerly|previously|used to be(?: called)?|it was|was called|instead of|"
        rf"not)\s+(?:the\s+)?(?:old\s+)?{_ANY}"
    ),
    re.compile(rf"(?:[Ss]ay|[Ww]rite|[Uu]se|[Cc]alled)\s+{_QUOTED}()\s+(?:instead of|not|rather than)\s+{_QUOTED}()"),
)
_DAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|today|tomorrow",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"(?:^|[,.;:]\s|\b(?:the|our|called|that|so|today|now|on|\w+day)\s)(?:the\s+|our\s+)?([A-Za-z][a-z]+(?:[ "
    rf"-][a-z]+){{0,3}}?)\s+(?:(?:is|are|was|has been|will be)\s+(?:now\s+|from now on\s+)?(?:called|"
    rf"named|renamed(?: to)?|known as)|becomes?)\s+(?:the\s+)?{_ANY}"
)
_NAME_CUE = re.compile(
    r"\b(?:becomes?|name|names|named|renam\w+|called|title|titled|listed as|label\w*|rebrand\w*|known as)\b", re.IGNORECASE
)


def named_renames(passage: Passage) -> list[tuple[str, str, Claim]]:
    """(old name, new name, claim) of every renaming that the passage says in so many words."""
    found: list[tuple[str, str, Claim]] = []
    for claim in passage.claims:
        if not _NAME_CUE.search(claim.text + " " + passage.context):
            continue
        for patterns, forward in ((_SIDES, True), (_BACK, False)):
            for pattern in patterns:
                for match in pattern.finditer(claim.text):
                    terms = [g.strip(" .,;:") for g in match.groups() if g]
                    if len(terms) != 2:
                        continue
                    old, new = terms if forward else reversed(terms)
                    if _DAY.fullmatch(old) or _DAY.fullmatch(new):
                        continue
                    if old.lower() != new.lower() and len(old) > 2 and (old, new) not in [(o, n) for o, n, _ in found]:
                        found.append((old, new, claim))
        for match in _PLAIN.finditer(claim.text):
            old, new = match[1].strip(), (match[2] or match[3] or "").strip(" .,;:")
            if (
                new[:1].isupper()
                and len(old) > 4
                and not any(o.lower().endswith(old.lower()) for o, _, _ in found)
                and not _DAY.fullmatch(old)
            ):
                found.append((old, new, claim))
    return found


def rename(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of an old name; one that is only hinted at must look like the new one and stand in quotes or a link."""
    found: list[Replacement] = []
    for old, new, claim in named_renames(passage):
        found += _everywhere(old, new, claim, sheet)
        found += _everywhere(_without_first(old, new)[0], _without_first(old, new)[1], claim, sheet) if not found else []
    return _apart(found) or list(_alike(passage, sheet))


def _everywhere(old: str, new: str, claim: Claim, sheet: Sheet) -> list[Replacement]:
    article = r"(?:\bthe\s+)?" if old[-1:].islower() and old.split()[-1].islower() and new[:1].isupper() else ""
    pattern = re.compile(rf"(?<![\w/#@.-]){article}{re.escape(old)}(s?)(?![\w-]|\.\w)", re.IGNORECASE if " " in old else 0)
    hits: list[Replacement] = []
    pieces = sheet.pieces
    for match in pattern.finditer(sheet.text):
        piece = next((p for p in pieces if p.block_start <= match.start() < p.block_end), None)
        if piece is None or _in_target(sheet.text, match.start()):
            continue
        before = sheet.text[max(0, match.start() - 60) : match.start()]
        text = new
        first = new.split()[0]
        if re.search(rf"\b{re.escape(first)}\s+$", before):
            text = new[len(first) :].strip()
        hits.append(
            Replacement(
                start=match.start(),
                end=match.end(),
                text=text,
                confidence=0.9,
                reason=f"{old} is now called {new}",
                rule="rename",
                anchor=piece.anchor,
                entries=(claim.entry,),
            )
        )
    return hits


def _alike(passage: Passage, sheet: Sheet) -> Iterator[Replacement]:
    """A new title in quotes, and on the page a title in quotes, bold or a link that shares most of its words."""
    for claim in passage.claims:
        if not _NAME_CUE.search(claim.text):
            continue
        for match in re.finditer(r"[\"“]([^\"”\n]{4,60})[\"”]", claim.text):
            new = match[1].strip(" .,")
            words = new.lower().split()
            if len(words) < 2 or new in sheet.text or "..." in new or "…" in match[1]:
                continue
            for there in re.finditer(r"([\"“`*\[])([^\"”`*\[\]\n]{4,60})[\"”`*\]]", sheet.text):
                old_words = there[2].strip(" .,").lower().split()
                same = len(set(words) & set(old_words))
                if same >= 2 and same >= max(len(words), len(old_words)) - 1:
                    old = there[2].strip(" .,")
                    start = there.start(2) + there[2].index(old)
                    anchor = next((p.anchor for p in sheet.pieces if p.block_start <= start < p.block_end), "")
                    yield Replacement(
                        start=start,
                        end=start + len(old),
                        text=new,
                        confidence=0.8,
                        reason=f"{old} is now called {new}",
                        rule="rename",
                        anchor=anchor,
                        entries=(claim.entry,),
                    )


def _without_first(old: str, new: str) -> tuple[str, str]:
    """Both names without the word they start with: "ACME Office" and "ACME Bureau" as "Office" and "Bureau"."""
    one, other = old.split(), new.split()
    while len(one) > 2 and len(other) > 1 and one[0] == other[0]:
        one, other = one[1:], other[1:]
    return " ".join(one), " ".join(other)


def _in_target(text: str, position: int) -> bool:
    """Whether the place stands in a link's target, a permalink or HTML attribute, which people do not read."""
    line_start = text.rfind("\n", 0, position) + 1
    before = text[line_start:position]
    return bool(re.search(r"\]\([^)]*$|https?://\S*$|=\"[^\"]*$", before))


def _apart(found: list[Replacement]) -> list[Replacement]:
    kept: list[Replacement] = []
    for hit in sorted(found, key=lambda r: (r.start, -(r.end - r.start))):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
