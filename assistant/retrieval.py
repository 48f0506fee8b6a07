"""Passages for a viewer: the sections that may hold the answer. Who may see them is decided inside the index query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.question import Question, read_question
from wiki.access import Audience
from wiki.search import Hit, SearchResult

__all__ = ["Part", "Passage", "Sections", "find_passages", "joined", "numbered", "retrieve", "section_count", "word_counter"]

_SHORT_CHARS = 500
_COMMONEST = "the a of and to in is"
_FEWEST_SECTIONS = 100


class Sections(Protocol):
    """What is needed of the index."""

    language: str

    def search(self, query: str, audience: Audience, *, limit: int = 10) -> SearchResult: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section within a passage."""

    section_title: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the assistant may quote: a section, or short neighbouring ones of a page, which `parts` then keeps apart.

    `number` is 1-based, 0 before `numbered`. `score` orders one question's passages (larger is better). `revision` is the last
    commit of the page, "" if it has none. `end_line` is 0-based and excluded.
    """

    number: int = 0
    page_path: str
    page_title: str
    section_title: str
    anchor: str
    kind: str = ""
    text: str
    score: float
    revision: str
    stale: bool
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    parts: tuple[Part, ...]


def retrieve(
    question: str, index: Sections, audience: Audience, *, limit: int = 8, revision_of: Callable[[str], str] = lambda _: ""
) -> list[Passage]:
    """The passages for a question as it was asked, numbered, best first."""
    read = read_question(question, index.language, word_counter(index, audience), sections=section_count(index, audience))
    return numbered(joined(find_passages(read, index, audience, limit=limit, revision_of=revision_of)))


def find_passages(
    question: Question, index: Sections, audience: Audience, *, limit: int, revision_of: Callable[[str], str]
) -> list[Passage]:
    """One passage a section, best first, with scores from 1 down."""
    hits = _distinct(index.search(question.search_text, audience, limit=limit).hits)
    revisions = {path: revision_of(path) for path in {hit.page_path for hit in hits}}
    return [_passage(hit, hit.score / (hits[0].score or 1.0), revisions[hit.page_path]) for hit in hits]


def numbered(passages: Sequence[Passage]) -> list[Passage]:
    return [replace(passage, number=number) for number, passage in enumerate(passages, 1)]


def joined(passages: Sequence[Passage]) -> list[Passage]:
    """Neighbouring sections of a page as one passage where both are short, in the place of the better one."""
    done: list[Passage] = []
    for passage in passages:
        for i, other in enumerate(done):
            if other.page_path == passage.page_path and len(other.text) + len(passage.text) <= _SHORT_CHARS:
                if other.end_line == passage.start_line:
                    done[i] = _join(other, passage, other.score)
                    break
                if passage.end_line == other.start_line:
                    done[i] = _join(passage, other, other.score)
                    break
        else:
            done.append(passage)
    return done


def word_counter(index: Sections, audience: Audience) -> Callable[[str], int]:
    """How many sections hold a word, as far as this audience may know; each word is looked up once."""
    counts: dict[str, int] = {}

    def sections_with(word: str) -> int:
        if word not in counts:
            # As a phrase: without quotation marks the index adds synonyms and forgives typing mistakes.
            counts[word] = index.search(f'"{word}"', audience, limit=1).total
        return counts[word]

    return sections_with


def section_count(index: Sections, audience: Audience) -> int:
    """About how many sections there are for this audience: those that hold one of the commonest words."""
    return max(_FEWEST_SECTIONS, index.search(_COMMONEST, audience, limit=1).total)


def _distinct(hits: Sequence[Hit]) -> list[Hit]:
    """Without sections that repeat another's text word for word (a snippet included on several pages)."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(" ".join(hit.text.split()), hit)
    return list(best.values())


def _passage(hit: Hit, score: float, revision: str) -> Passage:
    return Passage(
        page_path=hit.page_path,
        page_title=hit.page_title,
        section_title=hit.section_title,
        anchor=hit.anchor,
        kind=hit.kind,
        text=hit.text,
        score=score,
        revision=revision,
        stale=hit.stale,
        heading_path=hit.heading_path,
        start_line=hit.start_line,
        end_line=hit.end_line,
        parts=(Part(section_title=hit.section_title, anchor=hit.anchor, text=hit.text),),
    )


def _join(first: Passage, second: Passage, score: float) -> Passage:
    return replace(
        first, text=first.text + second.text, score=score, end_line=second.end_line, parts=first.parts + second.parts
    )
