"""Search by words and by meaning, as one list: reciprocal-rank fusion of the section index with the section vectors.

Source: Cormack, Clarke and Büttcher (2009), here with k = 10 over pages. As you type, and where a query asks for exact things (a phrase,
a filter, one word that the pages hold), the words alone decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings import EmbeddingsUnavailable, Vectors
from assistant.recent import Recent
from assistant.vectors import Near, SectionVectors
from wiki.access import Audience
from wiki.search import Hit, SearchResult, SectionIndex

__all__ = ["FusedSearch"]

T = TypeVar("T")

K = 10
LEAST_COSINE = 0.3
"""Below it nothing is near: all-MiniLM gives unrelated texts up to 0.25."""

_DEPTH = 50
_KEPT = 8000  # vectors of texts, of 1.5 KB each: one update after the other is held against the same pages
_SIMILAR_WEIGHTS = (2.0, 1.0)  # a long text has many words of its own
_LATER = 0.9  # what each further section of a page counts
_EXACT = re.compile(r'"|(?:^|\s)(?:-\S|\w+:\S)')


class FusedSearch:
    """What search and matching see of the index. `vectors` is None where there is no embedding model."""

    def __init__(self, index: SectionIndex, vectors: SectionVectors | None) -> None:
        self.index, self.vectors, self.language = index, vectors, index.language
        self._embedded: Recent[NDArray[np.float32]] = Recent(_KEPT)

    def search(
        self,
        query: str,
        audience: Audience,
        *,
        limit: int = 10,
        kind: Sequence[str] = (),
        owner: Sequence[str] = (),
        tag: Sequence[str] = (),
        prefix: bool = False,
    ) -> SearchResult:
        """As SectionIndex.search. Sections that only their meaning brings count in `total` as far as they are in the list."""
        start = perf_counter()
        exact = not self._ready or bool(prefix or kind or owner or tag or _EXACT.search(query))
        word = len(query.split()) < 2
        depth = limit if exact or word else max(limit, _DEPTH)
        found = self.index.search(query, audience, limit=depth, kind=kind, owner=owner, tag=tag, prefix=prefix)
        exact = exact or (word and bool(found.hits))  # a word that stands in the pages is meant as it stands
        near = [] if exact else self._near(query, audience)
        if not near:
            return replace(found, hits=found.hits[:limit])
        hits = self._fused(found.hits, near, (1.0, 1.0), audience, limit)
        known = {_key(hit) for hit in found.hits}
        total = found.total + sum(_key(hit) not in known for hit in hits)
        return SearchResult(hits=hits, total=total, took_ms=(perf_counter() - start) * 1000)

    def similar(self, text: str, audience: Audience, *, limit: int = 10) -> list[Hit]:
        """As SectionIndex.similar: the sections that a long text is about."""
        hits = self.index.similar(text, audience, limit=max(limit, _DEPTH))
        near = self._near(text, audience)
        return self._fused(hits, near, _SIMILAR_WEIGHTS, audience, limit) if near else hits[:limit]

    def embed(self, texts: Sequence[str]) -> Vectors | None:
        """Unit vectors of texts, None where there is no embedding model by now."""
        if self.vectors is None or not self.vectors.ready or not texts:
            return None
        try:
            return np.stack(self._embedded.of(texts, self.vectors.embed))
        except EmbeddingsUnavailable:
            return None

    @property
    def _ready(self) -> bool:
        return self.vectors is not None and self.vectors.ready

    def _near(self, text: str, audience: Audience) -> list[Near]:
        if self.vectors is None or not self.vectors.ready:
            return []
        try:
            return [near for near in self.vectors.near(text, audience, limit=_DEPTH) if near.cosine >= LEAST_COSINE]
        except EmbeddingsUnavailable:
            return []

    def _fused(
        self, hits: Sequence[Hit], near: Sequence[Near], weights: tuple[float, float], audience: Audience, limit: int
    ) -> list[Hit]:
        by_words = {_key(hit): hit for hit in hits}
        by_meaning = [(found.page_path, found.anchor) for found in near]
        pages = _ranks(page for page, _ in by_words), _ranks(page for page, _ in by_meaning)
        sections = _ranks(by_words), _ranks(by_meaning)
        keys = dict.fromkeys([*by_words, *by_meaning])
        page_scores = {page: _score(page, pages, weights) for page, _ in keys}
        ordered = sorted(keys, key=lambda key: (-page_scores[key[0]], -_score(key, sections, weights)))
        scores: dict[tuple[str, str], float] = {}
        before: dict[str, int] = {}
        for key in ordered:
            scores[key] = page_scores[key[0]] * _LATER ** before.get(key[0], 0)
            before[key[0]] = before.get(key[0], 0) + 1
        chosen: list[Hit] = []
        for key in sorted(ordered, key=lambda key: -scores[key]):
            hit = by_words.get(key) or self.index.section(*key, audience)  # asks again who may read it, and what it says now
            if hit is not None:
                chosen.append(replace(hit, score=scores[key]))
                if len(chosen) >= limit:
                    break
        top = chosen[0].score if chosen else 1.0
        return [replace(hit, score=hit.score / top) for hit in chosen]


def _key(hit: Hit) -> tuple[str, str]:
    return hit.page_path, hit.anchor


def _ranks(keys: Iterable[T]) -> dict[T, int]:
    return {key: rank for rank, key in enumerate(dict.fromkeys(keys), 1)}


def _score(key: T, ranks: tuple[Mapping[T, int], Mapping[T, int]], weights: tuple[float, float]) -> float:
    return sum(weight / (K + of[key]) for of, weight in zip(ranks, weights, strict=True) if key in of)
