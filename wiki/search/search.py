"""Searching the index: free text in, hits out. The audience is part of every query, so totals and ranks hold no secrets."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice

from tantivy import DocAddress, Occur, Query

from wiki.access import Audience
from wiki.search.analysis import stem
from wiki.search.query import ParsedQuery, parse_query
from wiki.search.ranking import Clause, Matcher, Scored
from wiki.search.schema import StoredSection, anchor_term, read_stored
from wiki.search.snippets import snippet
from wiki.search.store import View
from wiki.search.synonyms import thesaurus
from wiki.search.terms import Expander, Wanted
from wiki.search.text import content_stems

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

_TYPED_DEPTH = 50  # sections looked at as you type, for titles that begin so
_FEW = 5  # sections: with fewer, what is near the words is shown below them
_SECTIONS_FOR_PAGES = 100  # that are looked at for pages
_SECTIONS_A_PAGE = 3
_TELLING_WORDS = 40  # of a long text
_LONGEST_TEXT = 50_000  # characters of a long text that are looked at
SIMILAR_PAGE_WEIGHT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that was found. `snippet` is HTML whose only element is `<mark>`; `text` is the section's Markdown.

    `score` orders one result, the first hit of a search having 1.0; never compare it between queries. What remains of texts that
    the viewer may not read: how rare a word is counts over all pages, so the order of two hits, and how far apart they are, can
    depend on them; that a hidden page exists, or what it says, cannot be read off a score. `start_line` and `end_line` are as in Section.
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
    """A page that was found, with its best sections, at most three."""

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
    first = max(0, request.offset)
    wanted = first + max(0, request.limit)
    typed = " ".join(request.text.casefold().split()) if request.prefix and first == 0 else ""
    found = _run(view, request, last=max(wanted, _TYPED_DEPTH) if typed else wanted)
    best = (found.scored[0][0] if found.scored else 1.0) or 1.0
    scored = [(score / best, address) for score, address in found.scored[first:]]
    if typed:
        scored = _titles_first(view, scored, typed)[:wanted]
    hits = [_hit(view, address, score, found.weights) for score, address in scored]
    return SearchResult(hits=hits, total=found.total, took_ms=(time.perf_counter() - start) * 1000)


def _titles_first(view: View, scored: list[Scored], typed: str) -> list[Scored]:
    """First the pages whose title begins with what was typed, then the sections whose heading does; scores fall all the same."""
    ordered = sorted(scored, key=lambda found: _begins(read_stored(view.searcher.doc(found[1])), typed))
    falling = accumulate((score for score, _ in ordered), min, initial=1.0)
    return [
        (score if i else 1.0, address)
        for i, (score, (_, address)) in enumerate(zip(islice(falling, 1, None), ordered, strict=True))
    ]


def _begins(section: StoredSection, typed: str) -> int:
    """0 for a page whose title begins with what was typed, 1 for a section whose heading does, 2 for the rest."""
    return (
        0 if section.page_title.casefold().startswith(typed) else 1 if section.section_title.casefold().startswith(typed) else 2
    )


def search_pages(view: View, request: Request) -> list[PageHit]:
    """The pages of the best sections, each with its best ones; at most `limit` pages."""
    found = _run(view, request, last=_SECTIONS_FOR_PAGES)
    keys = found.matcher.page_keys(found.scored)
    grouped: dict[int, list[Scored]] = {}
    for key, scored in zip(keys, found.scored, strict=True):
        grouped.setdefault(key, []).append(scored)
    pages: list[PageHit] = []
    top = (found.scored[0][0] if found.scored else 1.0) or 1.0
    for sections in list(grouped.values())[: max(0, request.limit)]:
        hits = tuple(_hit(view, address, score / top, found.weights) for score, address in sections[:_SECTIONS_A_PAGE])
        best = hits[0]
        pages.append(
            PageHit(
                page_path=best.page_path,
                page_title=best.page_title,
                kind=best.kind,
                score=best.score,
                stale=best.stale,
                sections=hits,
            )
        )
    return pages


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
class _Found:
    """Sections in order, not yet read; `weights` are what terms count in a snippet."""

    scored: list[Scored]
    total: int
    weights: dict[str, float]
    matcher: Matcher


def _run(view: View, request: Request, *, last: int) -> _Found:
    """The first `last` sections."""
    plan = _plan(view, request)
    scored, total = plan.matcher.ranked(plan.query, plan.wanted, limit=last) if plan.query is not None else ([], 0)
    wanted = plan.wanted
    if total < _FEW and plan.parsed.words and not plan.parsed.phrases:
        near = plan.expander.near(plan.parsed)
        if (loose := plan.matcher.any_of(near)) is not None:
            others = [*plan.required, (Occur.Must, loose)] + ([(Occur.MustNot, plan.query)] if plan.query is not None else [])
            below, more = plan.matcher.ranked(plan.matcher.visible(others), near, limit=max(0, last - total))
            scored, total = scored + _below(scored, below), total + more
            wanted = [*wanted, *near]
    return _Found(scored=scored, total=total, weights=_weights(wanted, plan.parsed, view.language), matcher=plan.matcher)


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
