"""Where in the passages an answer may stand: sentences, list items, rows and whole lists, scored against the question.

Nothing here knows a handbook. Each feature is a share, 0 to 1, of something a reader would look for too: do the question's words
stand in the sentence itself, or at least in its heading; is there a figure where one was asked for; is it what the section is
about. WEIGHTS puts them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from assistant.kinds import fit
from assistant.outline import Block, Unit
from assistant.passage_text import PassageText, Words
from assistant.question import Question
from assistant.thesaurus import Phrase

__all__ = ["WEIGHTS", "Span", "spans_of"]

WEIGHTS: Mapping[str, float] = {
    # Where the question's words stand: in the span itself, as they are or as other words for the same; else nearby.
    "cover": 3.0,
    "own": 1.7,
    "other": 0.7,
    "near": 0.4,
    "title": 0.8,
    "page": 1.2,
    "body": -2.0,
    "together": 0.5,
    # Whether the span holds the kind of thing that was asked for, and does so where the question's words are.
    "fit": 1.2,
    "fit_around": 0.6,
    "fit_cover": 1.5,
    "fit_own": 1.0,
    "agent": 1.2,
    "key": 2.5,
    # What its section is about.
    "search": 2.2,
    "often": 1.8,
    "heading": 0.8,
    "heading_cover": 1.0,
    "page_cover": 1.0,
    "page_full": 0.8,
    "asks": 0.8,
    "size": -0.5,
    # Its form.
    "links": -1.2,
    "step": -0.8,
    "item": -0.2,
    "list": 0.2,
    "list_wanted": 2.5,
    "list_named": 1.3,
}
"""Set by hand, each by what it should mean, then moved a little where questions with a known place of answer agreed: 98
questions over two handbooks. Weights learnt freely from so few fit those better and others worse. Doubling or halving any one
of them changes little."""

_USUAL_WORDS = 120  # in a section

_OTHER = 0.7
"""What another word for the same thing counts, compared with the question's own word."""

_SMALL_WORDS = "a an the of and or to in on for at by is are with it its i we you my our your do does"
_OPENING_WORDS = "who when where why how which what"
_SMALL = frozenset(_SMALL_WORDS.split())
_OPENINGS = frozenset(_OPENING_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Units `start` to `end` (excluded) of one block of a passage's section. `score` orders the spans of one question; `cover`
    is the share of what the question is about that the span and the headings above it hold, `own` that of the span alone.
    `held` are the question's terms in it with their shares; `around` those in it, beside it or in the headings above it."""

    source: PassageText
    block: Block
    start: int
    end: int
    score: float
    cover: float
    own: float
    held: Mapping[str, float]
    around: frozenset[str]
    section_terms: frozenset[str]
    features: Mapping[str, float]

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.block.units[self.start : self.end]

    @property
    def text(self) -> str:
        return " ".join(unit.text for unit in self.units)


def spans_of(question: Question, sources: Iterable[PassageText]) -> list[Span]:
    """Everything that could be quoted, best first: every unit, and every list as a whole. Units with nothing of the question
    in them, beside them or above them are left out."""
    asked = _Asked.of(question)
    spans = [_span(asked, candidate) for source in sources for candidate in _candidates(asked, source)]
    return sorted(spans, key=lambda span: -span.score)


def _candidates(asked: _Asked, source: PassageText) -> Iterator[_Candidate]:
    held = [asked.held(words.phrases) for words in source.said]
    section = _about_section(asked, source, held)
    last = 0
    for block in source.blocks:
        first, last = last, last + len(block.units)
        lead = held[first - 1] if first and block.kind in ("steps", "list", "table") else {}
        header = asked.held(source.headers[first]) if block.header else {}
        for place in range(first + bool(block.header), last):
            before = held[place - 1] if place > first else lead
            near = (before, held[place + 1] if place + 1 < last else {}, header)
            if held[place] or any(near) or section.title or section.page:
                yield _Candidate(source, section, block, place - first, place - first + 1, place, held[place], near)
        if block.kind in ("steps", "list") and len(block.units) > 1:
            run = {term: max(h[term] for h in held[first:last] if term in h) for h in held[first:last] for term in h}
            yield _Candidate(source, section, block, 0, len(block.units), first, run, (lead,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The question's words with their shares of it, and how to look for them."""

    question: Question
    share: Mapping[str, float]
    others: Mapping[str, frozenset[Phrase]]
    pairs: frozenset[Phrase]

    @classmethod
    def of(cls, question: Question) -> _Asked:
        total = sum(question.weights.values()) or 1.0
        share = {term: weight / total for term, weight in question.weights.items()}
        return cls(question=question, share=share, others=question.others, pairs=frozenset(pairwise(question.weights)))

    def held(self, phrases: frozenset[Phrase]) -> dict[str, float]:
        """1 for each term that the text has, less where it has another word for it; the others are left out."""
        found: dict[str, float] = {}
        for term in self.share:
            if (term,) in phrases:
                found[term] = 1.0
            elif term in self.others and not phrases.isdisjoint(self.others[term]):
                found[term] = _OTHER
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """What all units of a section share."""

    title: Mapping[str, float]
    page: Mapping[str, float]
    path: Mapping[str, float]
    body: Mapping[str, float]
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Units `start` to `end` of a block; `place` is the first one's number in the section. `run` is what they hold of the
    question, `near` what stands beside them."""

    source: PassageText
    section: _Section
    block: Block
    start: int
    end: int
    place: int
    run: Mapping[str, float]
    near: tuple[Mapping[str, float], ...]

    @property
    def whole(self) -> bool:
        return self.end - self.start > 1


def _about_section(asked: _Asked, source: PassageText, held: Sequence[Mapping[str, float]]) -> _Section:
    title, page, path = (asked.held(words.phrases) for words in (source.title, source.page, source.path))
    body = {term: max((h.get(term, 0.0) for h in held), default=0.0) for term in asked.share}
    slack = 1.2 * (0.25 + 0.75 * sum(words.count for words in source.said) / _USUAL_WORDS)
    often = 0.0
    for term, weight in asked.share.items():
        count = sum(h.get(term, 0.0) for h in held) + 2 * title.get(term, 0.0) + path.get(term, 0.0)
        often += weight * 2.2 * count / (count + slack)
    telling = {stem for stem in source.title_words if stem not in _SMALL}
    asking = telling & _OPENINGS
    features = {
        "search": source.passage.score,
        "often": often,
        "heading": len(telling & asked.question.stems) / len(telling) if telling else 0.0,
        "heading_cover": sum(asked.share[t] * title[t] for t in title),
        "page_cover": sum(asked.share[t] * page[t] for t in page),
        "page_full": _share_of(source.page.stems, page),
        "asks": (1.0 if asked.question.opening in asking else -1.0) if asking and asked.question.opening else 0.0,
        "size": log(1 + len(held)),
    }
    return _Section(title=title, page=page, path=path, body=body, features=features)


def _about_unit(asked: _Asked, here: _Candidate) -> dict[str, float]:
    unit, words, expected = here.block.units[here.start], here.source.said[here.place], asked.question.expected
    header = {phrase[0] for phrase in here.source.headers[here.place]}
    fitting = fit(unit.text, expected, frozenset(words.stems) | header)
    fit_around = fitting
    if here.block.kind == "text" and len(here.block.units) > 1:
        beside = here.block.units[max(0, here.start - 1) : here.start + 3]
        fit_around = fit(" ".join(u.text for u in beside), expected, here.source.vocabulary)
    found = _covering(asked, here)
    key = here.source.keys[here.place]
    return found | {
        "fit": fitting,
        "fit_around": fit_around,
        "fit_cover": fitting * found["cover"],
        "fit_own": fitting * (found["own"] + found["other"]),
        "together": len(asked.pairs & words.phrases) / (len(asked.pairs) or 1),
        "key": sum(asked.share[t] for t in key) if key and all(t in here.run for t in key) else 0.0,
        "agent": _acts(asked.question.verb, unit.text, words),
        "links": unit.link_share,
        "item": 1.0 if here.block.kind == "list" else 0.0,
        "step": 1.0 if here.block.kind == "steps" else 0.0,
    }


def _about_list(asked: _Asked, here: _Candidate) -> dict[str, float]:
    expected, units = asked.question.expected, here.block.units
    fitting = fit(" ".join(unit.text for unit in units), expected, here.source.vocabulary)
    found = _covering(asked, here)
    for name in ("own", "other", "near"):
        del found[name]  # a long list holds many words: that it has the question's says little
    wanted = here.block.kind == "steps" and expected.kinds == {"steps"}
    return found | {
        "fit": fitting,
        "fit_cover": fitting * found["cover"],
        "links": sum(unit.link_share for unit in units) / len(units),
        "list": 1.0,
        "list_wanted": 1.0 if wanted else 0.0,
        "list_named": (found["title"] + here.section.features["page_cover"]) / 2 if wanted else 0.0,
    }


def _covering(asked: _Asked, here: _Candidate) -> dict[str, float]:
    """Where each term of the question stands, counted once, at its nearest place."""
    found = dict.fromkeys(("own", "other", "near", "title", "page", "path", "body", "cover"), 0.0)
    for term, share in asked.share.items():
        said = here.run.get(term, 0.0)
        if said:
            found["own" if said == 1.0 else "other"] += share
            found["cover"] += share * said
            continue
        beside = max((h.get(term, 0.0) for h in here.near), default=0.0)
        for name, value, worth in (
            ("near", beside, 0.8),
            ("title", here.section.title.get(term, 0.0), 0.9),
            ("page", here.section.page.get(term, 0.0), 0.8),
            ("path", here.section.path.get(term, 0.0), 0.7),
            ("body", here.section.body.get(term, 0.0), 0.5),
        ):
            if value:
                found[name] += share * value
                found["cover"] += share * value * worth
                break
    return found


def _span(asked: _Asked, here: _Candidate) -> Span:
    features = here.section.features | (_about_list if here.whole else _about_unit)(asked, here)
    section = here.section
    around = {term for held in (here.run, *here.near, section.title, section.page, section.path) for term in held}
    return Span(
        source=here.source,
        block=here.block,
        start=here.start,
        end=here.end,
        score=sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items()),
        cover=features["cover"],
        own=sum(asked.share[t] * here.run[t] for t in here.run),
        held={term: asked.share[term] for term in here.run},
        around=frozenset(around),
        section_terms=frozenset(around | {term for term, value in section.body.items() if value}),
        features=features,
    )


def _acts(verb: str, text: str, words: Words) -> float:
    """Whether the sentence says who does what was asked of: "Dana signs …", "… is signed by Dana"."""
    if not verb or verb not in words.stems:
        return 0.0
    if words.stems.index(verb) in (1, 2):
        return 1.0
    return 1.0 if re.search(r"\bby [A-Z]|\bby the\b", text) else 0.0


def _share_of(stems: Sequence[str], held: Mapping[str, float]) -> float:
    return sum(stem in held for stem in stems) / len(stems) if stems else 0.0
