"""Words, stems and sentences of text: shared by search, answers and the matching of updates."""

from __future__ import annotations

import re

from wiki.pages.section import plain_text
from wiki.search.analysis import analyze, folded, stem, stop_word_in

__all__ = ["STOP_WORDS", "content_stems", "is_stop_word", "sentences", "stem", "words"]

_ENGLISH = """
a about above after again against all also am an and another any anybody anyone anything are as at be because been before
being below between both but by can cannot could did do does doing done down during each either else ever every everybody
everyone everything few for from further get gets getting go goes going gone got had has have having he her here hers
herself him himself his i if in into is it its itself just let lets like lot may maybe me might mine more most much must my
myself near need needs neither no nobody none nor not nothing now of off on once one ones only onto or other others our
ours ourselves out over own per perhaps please quite rather really same shall she should since so some somebody someone
something still such than that the their theirs them themselves then there these they thing things this those though
through to too under until up upon us very want wants was we were will with within without would yet you your yours
yourself yourselves
how what whats when where which who whom whose why many kindly tell know advise explain
ain aren couldn d didn doesn don hadn hasn haven isn ll m mustn needn re s shan shouldn t ve wasn weren won wouldn y
hello hey hi hm ok okay oh uh um yeah yes thanks thank
"""
_SHORT_FORMS = "e.g i.e etc vs mr mrs ms dr st no nr fig al inc ltd co corp dept approx ca cf u.s u.k a.m p.m"

STOP_WORDS = frozenset(_ENGLISH.split())
"""English words that say nothing of what a text is about; lower-case, unstemmed."""

_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-Þ*])")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")


def words(text: str) -> list[str]:
    """The words of `text` in order, lower-cased and folded to ASCII; punctuation is left out, "don't" is two words."""
    return folded(text)


def is_stop_word(word: str, language: str = "en") -> bool:
    """Whether a lower-case word says nothing of what a text is about, in that language."""
    return word in STOP_WORDS if language.lower().startswith("en") else stop_word_in(word, language)


def content_stems(text: str, language: str = "en") -> list[str]:
    """The stems of `text` in order without stop words: what it is about. A text of stop words only gives []."""
    return [t for w, t in zip(folded(text), analyze(text, language), strict=True) if not is_stop_word(w, language)]


def sentences(text: str) -> list[str]:
    """The sentences of Markdown as plain text, in order; a heading, a list item and a table row (cells joined by ` | `) each
    count as at least one. Code blocks are one sentence a line. Never empty strings."""
    found: list[str] = []
    for block in _blocks(text):
        plain = re.sub(r"\s+", " ", plain_text(block)).strip()
        found.extend(_split(plain))
    return found


def _blocks(text: str) -> list[str]:
    """Runs of lines that belong together: paragraphs (soft line breaks joined), items, rows, headings, lines of code."""
    blocks: list[str] = []
    open_block = False  # whether the next plain line continues the last block
    fence = ""
    for line in text.splitlines():
        if match := _FENCE.match(line):
            if not fence:
                fence, open_block = match[1][:3], False
                continue
            if match[1].startswith(fence):
                fence, open_block = "", False
                continue
        stripped = line.strip()
        if not stripped or _TABLE_RULE.match(line) or re.fullmatch(r"[-*_=\s]{3,}", stripped):
            open_block = False
        elif fence:
            blocks.append(stripped)
        elif heading := _HEADING.match(line):
            blocks.append(heading[1])
            open_block = False
        elif stripped.startswith("|") or (stripped.endswith("|") and "|" in stripped[:-1]):
            blocks.append(" | ".join(cell.strip() for cell in re.split(r"(?<!\\)\|", stripped.strip("|")) if cell.strip()))
            open_block = False
        elif item := _ITEM.match(line):
            blocks.append(line[item.end() :])
            open_block = True
        elif open_block:
            blocks[-1] += " " + stripped.lstrip("> ")
        else:
            blocks.append(stripped.lstrip("> "))
            open_block = True
    return blocks


def _split(plain: str) -> list[str]:
    """Cut at ends of sentences, but not after abbreviations and initials."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(plain):
        last = plain[start : match.start()].rsplit(None, 1)[-1:] or [""]
        word = last[0].rstrip(".").lstrip("(\"'“‘[")
        if last[0].endswith(".") and (word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
            continue
        parts.append(plain[start : match.end()].strip())
        start = match.end()
    parts.append(plain[start:].strip())
    return [p for p in parts if p and re.search(r"\w", p)]
