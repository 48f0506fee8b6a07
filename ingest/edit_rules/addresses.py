"""An address changed: a new link, mailbox, phone number or channel in the place of the one that the page has.

The old one is taken where the update names it; else a link whose words the update says, or the one address of that kind in the
piece it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.edit_rules.base import Claim, Passage, Replacement, Sheet
from ingest.pieces import stems_of

__all__ = ["Address", "addresses", "change_addresses"]

_URL = re.compile(
    r"https?://[^\s<>()\[\]\"'`|]+[^\s<>()\[\]\"'`|.,;:!?]|(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|"
    r"org|net|gov|io|dev|edu|eu|de|uk|fr|us|app|ai)(?:/[^\s<>()\[\]\"'`|]*[^\s<>()\[\]\"'`|"
    r".,;:!?])?(?![\w@-])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CHANNEL = re.compile(r"(?<![\w/&(\"'=])#[a-z][a-z0-9_-]{2,}(?![\w=])", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.-])\+?\(?\d{1,4}\)?[\s.-]\(?\d{2,4}\)?[\s.-]\d{3,4}(?:[\s.-]?\d{2,4})?(?![\w-])")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?[^)]*\)|<a\s[^>]*?href=\"([^\"]+)\"[^>]*>(.*?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_OLD_BEFORE = re.compile(
    r"(?:\b(?:from|instead of|not|was|were|used to be|previously|formerly|rather than|no longer|"
    r"old|replaces?|replacing|retired?|retiring|closed?|the old|in place of|never|stop using|"
    r"don't use|do not use|without|except)|n't)\s+"
    r"(?:(?:the|a|to|at|our|use|using|go|send|post|mail|email|it|anything|things|requests|via|"
    r"through|on|in|page|channel|link|address|inbox|called|old|number)\s+){0,4}[\"'“(]?$",
    re.IGNORECASE,
)
_OLD_AFTER = re.compile(
    r"^[\"'”)]?(?:\s+(?:is|are|was|has been|gets|will be|page|channel|link|address|inbox|number|"
    r"account))*\s+(?:being |now )?(?:closed|gone|retired|dead|shut|archived|deleted|going away|"
    r"no longer|not used|deprecated|not monitored|unmonitored|disabled|old|obsolete)\b|^[^.?!]{0,40}\bany "
    r"?more\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:clos(?:e|es|ed|ing)|retir\w+|shut\w*|discontinu\w+|archiv\w+|delet\w+|abandon\w*|"
    r"stop using|no longer us\w+|instead of|(?:don't|do not|won't) (?:use|ask|post|send|write|"
    r"mail|go|email))\b[^.;!?]{0,70}$",
    re.IGNORECASE,
)
_LINK_CUE = re.compile(
    r"\b(?:link|url|version|copy|pdf|doc|document|page|form|template|site|here|moved to|now (?:at|"
    r"on)|lives? (?:at|on)|is now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A URL, e-mail address, #channel or phone number at `text[start:end]`; `old` where it is said to hold no longer."""

    kind: str  # "url", "email", "channel", "phone"
    text: str
    start: int
    end: int
    old: bool = False


def addresses(text: str) -> list[Address]:
    """The addresses in `text`, in order."""
    found: list[Address] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in (("email", _EMAIL), ("url", _URL), ("channel", _CHANNEL), ("phone", _PHONE)):
        for match in pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            taken.append((match.start(), match.end()))
            before = text[: match.start()]
            old = bool(_OLD_BEFORE.search(before) or _CLOSING.search(before) or _OLD_AFTER.match(text[match.end() :]))
            found.append(Address(kind=kind, text=match[0], start=match.start(), end=match.end(), old=old))
    return sorted(found, key=lambda a: a.start)


def change_addresses(passage: Passage, sheet: Sheet) -> list[Replacement]:
    """Replacements of addresses; [] where the page has the new one already and no old one."""
    found: dict[tuple[int, int], Replacement] = {}
    olds = [(claim, a) for claim in passage.claims for a in addresses(claim.text) if a.old]
    for claim in passage.claims:
        for new in (a for a in addresses(claim.text) if not a.old):
            named = [(c, o) for c, o in olds if o.kind == new.kind and o.text.lower() != new.text.lower()]
            hits = list(_named(claim, sheet, new, [o for _, o in named])) if named else []
            for hit in hits or _unnamed(claim, passage, sheet, new):
                kept = found.get((hit.start, hit.end))
                if kept is None or kept.confidence < hit.confidence:
                    found[(hit.start, hit.end)] = hit
    return list(found.values())


def _named(claim: Claim, sheet: Sheet, new: Address, olds: list[Address]) -> Iterator[Replacement]:
    """Every place on the page that has the old address, whatever it stands in."""
    for old in olds:
        core = re.sub(r"^https?://(?:www\.)?|/$", "", old.text)
        pattern = re.compile(
            rf"(?<![\w.-])(?:https?://(?:www\.)?)?{re.escape(core)}(?![\w-]|/[\w])/?"
            if old.kind == "url"
            else rf"(?<![\w.+-]){re.escape(old.text)}(?![\w-])",
            re.IGNORECASE,
        )
        for match in pattern.finditer(sheet.text):
            whole = match[0].startswith("http") and not new.text.startswith("http")
            text = ("https://" if whole else "") + new.text
            yield _replacement(claim, match.start(), match.end(), text, 0.95, match[0], sheet)
        if old.kind == "channel" and new.kind == "channel":
            slug = re.compile(rf"(?<=/){re.escape(old.text[1:])}(?=[)\s/\"'>]|$)", re.IGNORECASE)
            for match in slug.finditer(sheet.text):
                yield _replacement(claim, match.start(), match.end(), new.text[1:], 0.95, match[0], sheet)


def _unnamed(claim: Claim, passage: Passage, sheet: Sheet, new: Address) -> Iterator[Replacement]:
    if new.kind == "url":
        yield from _by_link_text(claim, passage, sheet, new)
        return
    if new.text.lower() in sheet.text.lower():
        return
    scored = []
    for score, piece in sheet.ranked(claim.stems | passage.context_stems)[:12]:
        there = [a for a in addresses(piece.text) if a.kind == new.kind]
        if there and len({a.text.lower() for a in there}) == 1:
            scored.append((score, piece, there))
    if not scored or scored[0][0] < 0.2 or claim.score <= 0:
        return
    score, piece, there = scored[0]
    if len(scored) > 1 and scored[1][0] > 0.93 * score:
        return
    for address in there:
        yield _replacement(
            claim, piece.start + address.start, piece.start + address.end, new.text, min(0.85, 0.4 + score), address.text, sheet
        )


def _by_link_text(claim: Claim, passage: Passage, sheet: Sheet, new: Address) -> Iterator[Replacement]:
    """Links whose words the update says, those to the same host first."""
    spoken = _URL.sub(" ", passage.text + " " + passage.context)
    said, near = stems_of(spoken), _words(spoken)
    least = 0.5 if _LINK_CUE.search(spoken) else 0.6
    host = _host(new.text)
    scored: list[tuple[float, re.Match[str]]] = []
    for match in _LINK.finditer(sheet.text):
        words, target = match[1] or match[4] or "", match[2] or match[3] or ""
        stems = stems_of(words)
        if not target.startswith("http") or _same(target, new.text) or not stems or words.lstrip("*_`").startswith(("#", "@")):
            continue
        covered = len(stems & said) / len(stems)
        phrase = len(stems) > 1 and _words(words) in near
        score = 0.5 * covered + (0.35 if phrase else 0.0) + (0.25 if host and _host(target) == host else 0.0)
        if _host(words) and not stems & said:
            score = 0.5 if host == _host(target) else 0.0
        scored.append((score, match))
    best = max((score for score, _ in scored), default=0.0)
    if best < least:
        return
    for score, match in scored:
        if score >= max(least, best - 0.05):
            group = 2 if match[2] else 3
            target = match[group]
            text = new.text if new.text.startswith("http") else "https://" + new.text
            yield _replacement(claim, match.start(group), match.end(group), text, min(0.95, score), target, sheet)
            shown = match[1] or match[4] or ""
            if shown and _same(shown, target):
                at = match.start(1 if match[1] else 4)
                yield _replacement(claim, at, at + len(shown), new.text, min(0.95, score), shown, sheet)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _host(text: str) -> str:
    match = _URL.fullmatch(text.strip())
    if not match:
        return ""
    address = text.strip() if "//" in text else "//" + text.strip()
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _same(one: str, other: str) -> bool:
    return re.sub(r"^https?://(?:www\.)?|/$", "", one.lower()) == re.sub(r"^https?://(?:www\.)?|/$", "", other.lower())


def _replacement(claim: Claim, start: int, end: int, text: str, confidence: float, old: str, sheet: Sheet) -> Replacement:
    anchor = next((p.anchor for p in sheet.pieces if p.block_start <= start < p.block_end), "")
    return Replacement(
        start=start,
        end=end,
        text=text,
        confidence=round(confidence, 3),
        reason=f"{old} is now {text}",
        rule="address",
        anchor=anchor,
        entries=(claim.entry,),
    )
