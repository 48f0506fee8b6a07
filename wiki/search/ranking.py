"""Ranking: which sections match, and in what order.

A section's score is BM25 (Robertson and Zaragoza 2009; Tantivy's k1 = 1.2, b = 0.75) of its heading and text, for each
thing wanted by its best alternative, plus a little for the headings above it, plus a part of its page's own BM25 score: of two
sections alike, the one on the page that is about the matter comes first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from tantivy import DocAddress, Occur, Query

from wiki.access import Audience
from wiki.search.schema import readers_of
from wiki.search.store import View
from wiki.search.synonyms import Stems
from wiki.search.terms import Alternative, Wanted

__all__ = ["Clause", "Matcher", "Scored"]

PATH_WEIGHT = 0.2
PAGE_WEIGHT = 0.4
KEYWORDS_WEIGHT = 0.3
RERANKED = 100
"""So many of the best sections are ordered with their pages' scores; the rest follow in the order of their own."""

_COMMON = 2_000  # sections; a term in more is taken to occur in what anybody may read

Scored = tuple[float, DocAddress]
Clause = tuple[Occur, Query]


class Matcher:
    """The queries of one search: over one view, for one audience."""

    def __init__(self, view: View, audience: Audience) -> None:
        self._view, self._schema, self._searcher = view, view.schema, view.searcher
        readers = readers_of(audience)
        self._visible: list[Clause] = []
        if readers is not None:
            allowed = Query.term_set_query(self._schema, "readers", readers)
            self._visible.append((Occur.Must, Query.const_score_query(allowed, 0.0)))
        self._known: dict[str, bool] = {}

    def known(self, term: str) -> bool:
        """Whether a stem occurs in a section that the audience may read."""
        if term not in self._known:
            self._known[term] = self._occurs(term)
        return self._known[term]

    def telling(self, stems: Sequence[str], *, most: int) -> list[Wanted]:
        """The terms of a long text that say most of what it is about, by tf-idf; those that the index does not have are left out."""
        weighed: list[tuple[float, str]] = []
        sections = max(1, self._searcher.num_docs)
        for term, times in Counter(stems).items():
            if count := self._searcher.doc_freq("body", term):
                weighed.append((math.sqrt(times) * math.log(1 + sections / count), term))
        weighed.sort(reverse=True)
        return [Wanted(alternatives=(Alternative(stems=(term,), weight=1.0),), weight=1.0) for _, term in weighed[:most]]

    def any_of(self, wanted: Iterable[Wanted]) -> Query | None:
        """The sections that hold anything wanted."""
        clauses: list[Clause] = []
        for want in wanted:
            clauses += self._clauses(want, "body")
            said = want.alternatives[0].stems if want.alternatives else ()
            if len(said) == 1 and want.alternatives[0].weight == 1.0:
                clauses.append((Occur.Should, self._weighted("path", said, want.weight * PATH_WEIGHT)))
        return Query.boolean_query(clauses) if clauses else None

    def phrase(self, stems: Sequence[str], exact: str) -> Query:
        """The sections that hold a phrase in quotes; for a single word, that very form of it."""
        if len(stems) == 1:
            very_word = Query.const_score_query(Query.term_query(self._schema, "words", exact, "basic"), 0.0)
            scored = self._term("body", stems[0])
            return Query.boolean_query([(Occur.Must, very_word), (Occur.Should, scored)])
        fields = [Query.phrase_query(self._schema, name, list(stems)) for name in ("body", "path")]
        return Query.disjunction_max_query(fields)

    def one_of(self, field: str, values: Iterable[str]) -> Clause:
        """A filter: the field has one of these exact values."""
        return Occur.Must, Query.const_score_query(Query.term_set_query(self._schema, field, list(values)), 0.0)

    def visible(self, clauses: Iterable[Clause]) -> Query:
        """Sections that the audience may read and that meet the clauses."""
        return Query.boolean_query([*clauses, *self._visible])

    def ranked(
        self, query: Query, wanted: Sequence[Wanted], *, limit: int, page_weight: float = PAGE_WEIGHT, count: bool = True
    ) -> tuple[list[Scored], int]:
        """The best `limit` sections of a query and how many there are (0 where not counted).

        The first RERANKED are in the order that their pages' scores give.
        """
        result = self._searcher.search(query, max(limit, RERANKED), count=count)
        hits, total = result.hits, int(result.count or 0)  # type: ignore[attr-defined]
        if not wanted or not hits or not limit:
            return hits[:limit], total
        head, tail = hits[:RERANKED], hits[RERANKED:]
        keys = self.page_keys(head)
        pages = self._page_scores(set(keys), wanted)
        scored = [(s + page_weight * pages.get(k, 0.0), a) for (s, a), k in zip(head, keys, strict=True)]
        scored.sort(key=lambda hit: -hit[0])
        return [*scored, *tail][:limit], total

    def page_keys(self, scored: Sequence[Scored]) -> list[int]:
        """Which page each section is on, as a number."""
        return [int(key or 0) for key in self._searcher.fast_field_values("page_key", [address for _, address in scored])]

    def _page_scores(self, keys: set[int], wanted: Sequence[Wanted]) -> dict[int, float]:
        clauses: list[Clause] = []
        for want in wanted:
            clauses += self._clauses(want, "whole")
            if want.alternatives and want.alternatives[0].weight == 1.0 and len(want.alternatives[0].stems) == 1:
                clauses.append(
                    (Occur.Should, self._weighted("keywords", want.alternatives[0].stems, want.weight * KEYWORDS_WEIGHT))
                )
        of_these = Query.const_score_query(Query.term_set_query(self._schema, "page_key", sorted(keys)), 0.0)
        query = Query.boolean_query([(Occur.Must, of_these), (Occur.Must, Query.boolean_query(clauses))])
        hits = self._searcher.search(query, len(keys), count=False).hits
        return {key: score for (score, _), key in zip(hits, self.page_keys(hits), strict=True)}

    def _clauses(self, want: Wanted, field: str) -> list[Clause]:
        options = [
            self._weighted(field, alternative.stems, want.weight * alternative.weight)
            for alternative in want.alternatives
            if len(alternative.stems) == 1 or field == "body"
        ]
        if not options:
            return []
        return [(Occur.Should, options[0] if len(options) == 1 else Query.disjunction_max_query(options))]

    def _weighted(self, field: str, stems: Stems, weight: float) -> Query:
        query = self._term(field, stems[0]) if len(stems) == 1 else Query.phrase_query(self._schema, field, list(stems))
        return query if weight == 1.0 else Query.boost_query(query, weight)

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term, "freq")

    def _occurs(self, term: str) -> bool:
        for field in ("body", "path"):
            count = self._searcher.doc_freq(field, term)
            if count > _COMMON:
                return True
            if count and self._searcher.search(self.visible([(Occur.Must, self._term(field, term))]), 1, count=False).hits:
                return True
        return False
