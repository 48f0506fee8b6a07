"""The section index and what is asked of it: words, queries, ranking, snippets."""

from __future__ import annotations

from wiki.search.analysis import analyze
from wiki.search.index import SectionIndex
from wiki.search.search import Hit, SearchResult
from wiki.search.synonyms import thesaurus
from wiki.search.text import STOP_WORDS, content_stems, is_stop_word, sentences, stem, words

__all__ = [
    "STOP_WORDS",
    "Hit",
    "SearchResult",
    "SectionIndex",
    "analyze",
    "content_stems",
    "is_stop_word",
    "sentences",
    "stem",
    "thesaurus",
    "words",
]
