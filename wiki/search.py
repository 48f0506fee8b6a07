"""Searching the index: free text in, hits out. The audience is part of every query, so totals and ranks hold no secrets."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tantivy import DocAddress, Occur, Query

from wiki.access import Audience
from wiki.analysis import stem
from wiki.index_store import View
from wiki.query import ParsedQuery, parse_query
from wiki.ranking import Clause, Matcher, Scored
from wiki.schema import anchor_term, read_stored
from wiki.snippets import snippet
from wiki.terms import Expander, Wanted
from wiki.text import content_stems
from wiki.thesaurus import thesaurus

__all__ = [
    "Hit",
    "PageHit",
    "Request",
    "SearchResult",
    "find_section",
    "search_pages",
    "search_sections",
    "similar_sections",
]

_FEW = 5  # sections: with fewer, what is near the words is shown below them
_TELLING_WORDS = 40  # of a long text
_LONGEST_TEXT = 50_000  # characters of a long text that are looked at
SIMILAR_PAGE_WEIGHT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that was found. `snippet` is HTML whose only element is `<mark>`; `text` is the section's Markdown.

    `score` orders one result; never compare it between queries. `start_line` and `end_line` are as in Section.
    """

    page_path: str
    page_title: str
    section_title: str
    anchor: str
    kind: str
    score: float
    snippet: str
    stale: bool
    text: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHit:
    """A page that was found; its sections that match, best first."""

    page_path: str
    page_title: str
    kind: str
    score: float
    stale: bool
    sections: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """`total` counts all sections that match, whatever the limit."""

    hits: list[Hit]
    total: int
    took_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One search as it was asked for; see SectionIndex.search."""

    text: str
    audience: Audience
    limit: int = 10
    offset: int = 0
    kind: Sequence[str] = ()
    owner: Sequence[str] = ()
    tag: Sequence[str] = ()
    prefix: bool = False


def search_sections(view: View, request: Request) -> SearchResult:
    """One search; see SectionIndex.search. Where little matches, what is near the words as typed follows below it."""
    start = time.perf_counter()
    plan = _plan(view, request)
    first, last = max(0, request.offset), max(0, request.offset) + max(0, request.limit)
    scored, total = plan.matcher.ranked(plan.query, plan.wanted, limit=last) if plan.query is not None else ([], 0)
    wanted = plan.wanted
    if total < _FEW and plan.parsed.words and not plan.parsed.phrases:
        near = plan.expander.near(plan.parsed)
        if (loose := plan.matcher.any_of(near)) is not None:
            others = [*plan.required, (Occur.Must, loose)] + ([(Occur.MustNot, plan.query)] if plan.query is not None else [])
            below, more = plan.matcher.ranked(plan.matcher.visible(others), near, limit=max(0, last - total))
            scored, total = scored + _below(scored, below), total + more
            wanted = [*wanted, *near]
    weights = _weights(wanted, plan.parsed, view.language)
    hits = [_hit(view, address, score, weights) for score, address in scored[first:]]
    return SearchResult(hits=hits, total=total, took_ms=(time.perf_counter() - start) * 1000)


def search_pages(view: View, request: Request) -> list[PageHit]:
    """The pages of the best sections, each with all of them; at most `limit` pages."""
    found = search_sections(view, replace(request, limit=max(50, 8 * request.limit), offset=0)).hits
    grouped: dict[str, list[Hit]] = {}
    for hit in found:
        grouped.setdefault(hit.page_path, []).append(hit)
    return [
        PageHit(
            page_path=page_path,
            page_title=hits[0].page_title,
            kind=hits[0].kind,
            score=hits[0].score,
            stale=hits[0].stale,
            sections=tuple(hits),
        )
        for page_path, hits in list(grouped.items())[: max(0, request.limit)]
    ]


def similar_sections(view: View, text: str, audience: Audience, *, limit: int) -> list[Hit]:
    """See SectionIndex.similar: no synonyms and no corrections, a long text has words enough of its own."""
    matcher = Matcher(view, audience)
    wanted = matcher.telling(content_stems(text[:_LONGEST_TEXT], view.language), most=_TELLING_WORDS)
    loose = matcher.any_of(wanted)
    if loose is None or limit <= 0:
        return []
    query = matcher.visible([(Occur.Must, loose)])
    scored, _ = matcher.ranked(query, wanted, limit=limit, page_weight=SIMILAR_PAGE_WEIGHT, count=False)
    weights = {want.alternatives[0].stems[0]: want.weight for want in wanted}
    return [_hit(view, address, score, weights) for score, address in scored]


def find_section(view: View, page_path: str, anchor: str, audience: Audience) -> Hit | None:
    """The section at an address, with score 0; None where there is none that the audience may read."""
    matcher = Matcher(view, audience)
    place = [matcher.one_of("page", [page_path]), matcher.one_of("anchor", [anchor_term(anchor)])]
    found, _ = matcher.ranked(matcher.visible(place), (), limit=1, count=False)
    return _hit(view, found[0][1], 0.0, {}) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """`required` are the filters and phrases; `query` is the whole search, None when nothing was asked for."""

    parsed: ParsedQuery
    matcher: Matcher
    expander: Expander
    wanted: list[Wanted]
    required: list[Clause]
    query: Query | None


def _plan(view: View, request: Request) -> _Plan:
    parsed = parse_query(request.text, language=view.language)
    matcher = Matcher(view, request.audience)
    expander = Expander(language=view.language, lists=thesaurus(view.language), vocabulary=view.vocabulary, known=matcher.known)
    wanted = expander.wanted(parsed, prefix=request.prefix)
    required: list[Clause] = []
    for name, given in (("kind", request.kind), ("owner", request.owner), ("tag", request.tag)):
        for values in (given, parsed.filters.get(name, ())):
            if values:
                required.append(matcher.one_of(name, [value.casefold() for value in values]))
    for phrase in parsed.phrases:
        required.append((Occur.Must, matcher.phrase([stem(word, view.language) for word in phrase], phrase[0])))
    clauses = list(required)
    if (loose := matcher.any_of(wanted)) is not None:
        clauses.append((Occur.Should if parsed.phrases else Occur.Must, loose))
    query = matcher.visible(clauses) if clauses else None
    return _Plan(parsed=parsed, matcher=matcher, expander=expander, wanted=wanted, required=required, query=query)


def _below(exact: list[Scored], near: list[Scored]) -> list[Scored]:
    """The near hits with scores below those of all exact ones."""
    floor = min((score for score, _ in exact), default=1.0)
    top = max((score for score, _ in near), default=1.0) or 1.0
    return [(floor * 0.5 * score / top, address) for score, address in near]


def _weights(wanted: Iterable[Wanted], parsed: ParsedQuery, language: str) -> dict[str, float]:
    """What a term counts in a snippet."""
    weights = {stem(word, language): 1.0 for phrase in parsed.phrases for word in phrase}
    for want in wanted:
        for alternative in want.alternatives:
            for term in alternative.stems:
                weight = want.weight * alternative.weight / len(alternative.stems)
                weights[term] = max(weight, weights.get(term, 0.0))
    return weights


def _hit(view: View, address: DocAddress, score: float, weights: Mapping[str, float]) -> Hit:
    stored = read_stored(view.searcher.doc(address))
    return Hit(
        page_path=stored.page_path,
        page_title=stored.page_title,
        section_title=stored.section_title,
        anchor=stored.anchor,
        kind=stored.kind,
        score=score,
        snippet=snippet(stored.plain, weights, language=view.language),
        stale=0 < stored.due < datetime.now().astimezone().date().toordinal(),
        text=stored.text,
        heading_path=stored.heading_path,
        start_line=stored.start_line,
        end_line=stored.end_line,
    )
