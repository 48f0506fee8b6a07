"""Entries -> the sections of the handbook they speak of.

Two searches are fused: the whole update (its small talk is about the same things) and the entries alone (a meeting has many
topics, and only some changed). Matching reads every page: who may see a result is checked where it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.pieces import stems_of
from ingest.update import Entry, Update
from wiki.access import Audience
from wiki.search import Hit

__all__ = ["Match", "PageMatch", "SimilarSections", "match", "match_pages"]

_ENTRY_WEIGHT = 0.3
_HITS = 40
_NAMED = 0.3  # for a page that the update names
_PAGE = re.compile(
    r"\b(?:the|our|on) ([\w'-]+(?: [\w'-]+){0,4}?) (?:page|guide|checklist|instructions|docs?|procedure|policy|faq|handbook)\b",
    re.IGNORECASE,
)


class SimilarSections(Protocol):
    """What is needed of the index."""

    def similar(self, text: str, audience: Audience, *, limit: int = 10) -> list[Hit]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A section that fits; `score` is 0 to 1, the best of one call has 1."""

    hit: Hit
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMatch:
    """A page that fits; `anchors` are its sections that do, best first. `score` is 0 to 1 within one call."""

    page_path: str
    score: float
    anchors: tuple[str, ...]


def match(about: Entry | Update, index: SimilarSections, audience: Audience, *, limit: int = 10) -> list[Match]:
    """The sections that one entry or a whole update is about, best first; [] where it has no word to go by."""
    text = about.text or about.quote if isinstance(about, Entry) else about.text
    hits = index.similar(text, audience, limit=limit)
    top = max((hit.score for hit in hits), default=1.0) or 1.0
    return [Match(hit=hit, score=hit.score / top) for hit in hits]


def match_pages(
    update: Update, news: Sequence[str], index: SimilarSections, audience: Audience, *, limit: int = 8
) -> list[PageMatch]:
    """The pages that the update's entries are about, best first, at most `limit`."""
    said = " ".join(news)
    scores: dict[str, float] = {}
    sections: dict[str, list[Match]] = {}
    for text, weight in ((update.text, 1 - _ENTRY_WEIGHT), (said, _ENTRY_WEIGHT)):
        hits = index.similar(text, audience, limit=_HITS) if text else []
        by_page: dict[str, list[Hit]] = {}
        for hit in hits:
            by_page.setdefault(hit.page_path, []).append(hit)
        totals = {path: _page_score(found) for path, found in by_page.items()}
        top = max(totals.values(), default=1.0) or 1.0
        for path, total in totals.items():
            scores[path] = scores.get(path, 0.0) + weight * total / top
            sections.setdefault(path, []).extend(Match(hit=hit, score=weight * hit.score / top) for hit in by_page[path])
    titles = {hit.page_path: hit.page_title for found in sections.values() for hit in (m.hit for m in found)}
    for path in scores:
        scores[path] += _NAMED * any(stems_of(titles[path]) == named for named in _named_pages(update.text))
    best = sorted(scores, key=lambda path: (-scores[path], path))[:limit]
    return [PageMatch(page_path=path, score=round(scores[path], 4), anchors=_distinct(sections[path])) for path in best]


def _named_pages(text: str) -> list[frozenset[str]]:
    """What the update calls pages by: "please add that to the travel page"."""
    return [stems for match in _PAGE.finditer(text) if (stems := stems_of(match[1]))]


def _page_score(hits: Sequence[Hit]) -> float:
    """The best section counts, others of the same page a little."""
    ranked = sorted((hit.score for hit in hits), reverse=True)
    return ranked[0] + 0.15 * sum(ranked[1:3])


def _distinct(matches: Sequence[Match]) -> tuple[str, ...]:
    scores: dict[str, float] = {}
    for found in matches:
        scores[found.hit.anchor] = scores.get(found.hit.anchor, 0.0) + found.score
    return tuple(sorted(scores, key=lambda anchor: (-scores[anchor], anchor)))
