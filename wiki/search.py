"""Searching the index: free text in, hits out. The audience is part of every query, so totals and ranks hold no secrets."""

from __future__ import annotations

import html
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tantivy import DocAddress, Occur, Query

from wiki.access import Audience
from wiki.index_store import View
from wiki.schema import StoredSection, read_stored, readers_of
from wiki.text import content_stems

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
    start = time.perf_counter()
    stems = list(dict.fromkeys(content_stems(request.text, view.language)))
    clauses: list[tuple[Occur, Query]] = [(Occur.Must, _any_of(view, stems))]
    for name, values in (("kind", request.kind), ("owner", request.owner), ("tag", request.tag)):
        if values:
            clauses.append((Occur.Must, Query.term_set_query(view.schema, name, [v.casefold() for v in values])))
    found = view.searcher.search(
        Query.boolean_query([*clauses, *_may_see(view, request.audience)]), max(1, request.limit + request.offset)
    )
    hits = [_hit(view, address, score) for score, address in found.hits[request.offset :]]
    return SearchResult(hits=hits, total=found.count, took_ms=(time.perf_counter() - start) * 1000)  # type: ignore[attr-defined]


def search_pages(view: View, request: Request) -> list[PageHit]:
    grouped: dict[str, list[Hit]] = {}
    for hit in search_sections(view, request).hits:
        grouped.setdefault(hit.page_path, []).append(hit)
    return [
        PageHit(
            page_path=path, page_title=h[0].page_title, kind=h[0].kind, score=h[0].score, stale=h[0].stale, sections=tuple(h)
        )
        for path, h in grouped.items()
    ]


def similar_sections(view: View, text: str, audience: Audience, *, limit: int) -> list[Hit]:
    return search_sections(view, Request(text=text, audience=audience, limit=limit)).hits


def find_section(view: View, page_path: str, anchor: str, audience: Audience) -> Hit | None:
    clauses = [(Occur.Must, Query.term_query(view.schema, "page", page_path)), *_may_see(view, audience)]
    for score, address in view.searcher.search(Query.boolean_query(clauses), 1000, count=False).hits:
        hit = _hit(view, address, score)
        if hit.anchor == anchor:
            return hit
    return None


def _any_of(view: View, stems: list[str]) -> Query:
    terms = [(Occur.Should, Query.term_query(view.schema, name, stem)) for stem in stems for name in ("title", "body")]
    return Query.boolean_query(terms) if terms else Query.empty_query()


def _may_see(view: View, audience: Audience) -> list[tuple[Occur, Query]]:
    readers = readers_of(audience)
    return (
        []
        if readers is None
        else [(Occur.Must, Query.const_score_query(Query.term_set_query(view.schema, "readers", readers), 0.0))]
    )


def _hit(view: View, address: DocAddress, score: float) -> Hit:
    stored: StoredSection = read_stored(view.searcher.doc(address))
    return Hit(
        page_path=stored.page_path,
        page_title=stored.page_title,
        section_title=stored.section_title,
        anchor=stored.anchor,
        kind=stored.kind,
        score=score,
        snippet=html.escape(stored.plain[:200]),
        stale=0 < stored.due < datetime.now().astimezone().date().toordinal(),
        text=stored.text,
        heading_path=stored.heading_path,
        start_line=stored.start_line,
        end_line=stored.end_line,
    )
