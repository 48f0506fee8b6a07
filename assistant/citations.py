"""Citations read off a model's words as they come, and the check in code that each sentence stands in what it names.

A model says "Backups run hourly [1]." The reader cuts its words into claims (a sentence, a list item) with the passage numbers
each one names; `check` looks for the support of a claim and gives the words of the page that carry it, or None: then the claim
is not shown. The check compares words, not meaning. It can be fooled by a wrong word that the passage uses elsewhere; it
cannot be talked into a number, a name or a link that the passage does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts import denies, measures, names, numbers
from assistant.retrieval import Passage
from wiki.search import content_stems, sentences

__all__ = ["SUPPORT_THRESHOLD", "Claim", "ClaimReader", "Support", "check", "is_verbatim", "quote_for"]

SUPPORT_THRESHOLD = 0.6
"""Share of a claim's content stems that a window of the passage must hold. Lower lets in sentences that only share a topic
with the passage; higher cuts honest rewording ("staff must" for "employees need to")."""

LEAST_TO_COMPARE = 3
"""Content stems that a claim without a mark must have: "You may decide that" agrees with any page on decisions."""

_WINDOW = 4  # sentences
_LONGEST_QUOTE_WORDS = 70

_MARK = r"(?:\[\s*(?:passage\s*)?\^?\d{1,2}(?:\s*[,;–-]\s*\^?\d{1,2})*\s*\](?:\([^)\s]*\))?|【\d{1,2}[^】]{0,20}】)"
_MARKS = re.compile(r"[ \t]*" + _MARK, re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,2}(?:\s*[–-]\s*\d{1,2})?")
_BOUNDARY = re.compile(rf"(?:(?<=[.!?…])[\"”’)*_]*(?:[ \t]*{_MARK})*[ \t]+(?=[^\s\[]|\[[^\d\s^p])|[ \t]*\n+)", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|e\.g|i\.e|etc|vs|mr|mrs|ms|dr|st|no|approx|ca|cf|[aApP]\.?m|\d{1,2})\.$", re.IGNORECASE
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing said. `text` is without citation marks; `numbers` are the passages it names, in order; `end` is the white
    space that follows it. `lead_in` announces what follows and claims nothing ("Do this:", "Yes.")."""

    text: str
    numbers: tuple[int, ...] = ()
    end: str = " "

    @property
    def lead_in(self) -> bool:
        said = _LIST_MARK.sub("", self.text)
        return said.rstrip("*_ ").endswith(":") or len(said.split()) <= 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where a claim stands: the passage's number and the words of the page, verbatim as plain text."""

    number: int
    quote: str


class ClaimReader:
    """Cuts a stream of tokens into claims; tokens may break anywhere, also inside a citation mark."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, token: str) -> list[Claim]:
        """The claims that this token completes."""
        self._held += token
        return list(self._take())

    def end(self) -> list[Claim]:
        """What is left when the stream has ended."""
        claims = list(self._take())
        rest, self._held = self._held, ""
        return [*claims, *_claim(rest, "")]

    def _take(self) -> Iterator[Claim]:
        position = 0
        while match := _BOUNDARY.search(self._held, position):
            before = self._held[: match.start()]
            broken = "\n" in match[0]
            if broken and match.end() == len(self._held):
                return  # a list may go on after the blank line: wait for what comes
            if not broken and (_ABBREVIATION.search(before) or _LIST_MARK.fullmatch(before.lstrip() + " ")):
                position = match.end()
                continue
            self._held, position = self._held[match.end() :], 0
            yield from _claim(before + match[0].rstrip(), "\n" * min(2, match[0].count("\n")) if broken else " ")


def check(claim: Claim, passages: Sequence[Passage], language: str) -> list[Support]:
    """The support of a claim, best first, at most two; [] where the passages do not carry it.

    A claim that names no passage is held against all, if it says enough to be compared. Content words: SUPPORT_THRESHOLD of them within a few sentences of the
    passage. Every number, unit, name, address and link must stand in it, and what the claim denies must not be asserted there.
    """
    if not claim.numbers and len(set(content_stems(claim.text, language))) < LEAST_TO_COMPARE:
        return []
    named = [p for p in passages if p.number in claim.numbers] if claim.numbers else list(passages)
    carried = [(share, p) for p in named if (share := _share(claim.text, [p], language)) >= SUPPORT_THRESHOLD]
    if carried:
        carried.sort(key=lambda pair: -pair[0])
        found = [p for _, p in carried[: 2 if claim.numbers else 1]]
    elif len(named) > 1 and claim.numbers and _share(claim.text, named, language) >= SUPPORT_THRESHOLD:
        found = named[:2]  # said in one breath, from two places
    else:
        return []
    return [Support(number=p.number, quote=quote_for(claim.text, p, language)) for p in found]


def quote_for(text: str, passage: Passage, language: str) -> str:
    """The words of the passage that carry `text` best: one sentence, or the run of sentences that adds to it."""
    wanted = set(content_stems(text, language))
    best: tuple[float, str] = (-1.0, "")
    for part in passage.parts:
        said = [s for s in sentences(part.text) if s.strip() != part.section_title.strip()] or sentences(part.text)
        stems = [set(content_stems(s, language)) for s in said]
        for start in range(len(said)):
            held: set[str] = set()
            for end in range(start, min(start + 3, len(said))):
                held |= stems[end]
                quote = " ".join(said[start : end + 1])
                if end > start and len(quote.split()) > _LONGEST_QUOTE_WORDS:
                    break
                # A longer quote has to earn its length.
                worth = len(wanted & held) / (len(wanted) or 1) - 0.12 * (end - start) - 0.001 * len(quote.split())
                best = max(best, (worth, quote))
    return best[1]


def is_verbatim(quote: str, text: str) -> bool:
    """Whether `quote` stands in the Markdown `text` as a reader sees it, white space aside."""
    return bool(quote.strip()) and " ".join(quote.split()) in " ".join(" ".join(sentences(text)).split())


def _share(claim: str, passages: Sequence[Passage], language: str) -> float:
    """The share of the claim that the passages hold; 0 where they lack a number, a name or contradict it."""
    wanted = set(content_stems(_LIST_MARK.sub("", claim), language))
    if not wanted:
        return 0.0
    heading = " . ".join(
        title for p in passages for title in (*p.heading_path, p.page_title, *(t.section_title for t in p.parts))
    )
    text = "\n\n".join([heading, *(p.text for p in passages)])
    if not (numbers(claim) <= numbers(text) and measures(claim) <= measures(text) and names(claim, text)):
        return 0.0
    above = set(content_stems(heading, language))
    windows = [w for p in passages for w in _windows(p)]
    if len(passages) > 1:
        windows = [text]
    share = max((len(wanted & (set(content_stems(w, language)) | above)) / len(wanted) for w in windows), default=0.0)
    nearest = max(sentences(text), key=lambda said: len(wanted & set(content_stems(said, language))), default="")
    return 0.0 if denies(claim, nearest, language) else share


def _windows(passage: Passage) -> list[str]:
    said = sentences(passage.text)
    return [" ".join(said[i : i + _WINDOW]) for i in range(max(1, len(said) - _WINDOW + 1))]


def _claim(raw: str, end: str) -> Iterator[Claim]:
    found: list[int] = []
    for mark in _MARKS.findall(raw):
        for span in _NUMBERS.findall(mark.split("](")[0]):
            first, _, last = re.sub(r"\s", "", span).replace("–", "-").partition("-")
            found.extend(range(int(first), min(int(last or first), int(first) + 9) + 1))
    text = _MARKS.sub("", raw).strip()
    if text or found:
        yield Claim(text=text, numbers=tuple(dict.fromkeys(found)), end=end)
