"""Did we decide that? A question in, the decision that answers it out, with its date and reason; or no record. Without a model.

A decision answers where it says nearly everything that the question is about, its title or one of its sentences together with the
title. Words count by how few decisions hold them; a word that none holds counts most, for then another thing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from time import perf_counter
from typing import Literal

from assistant.facts import denies, names, numbers
from wiki.access import Audience
from wiki.firm import Decision, Firm, decision_log
from wiki.search import content_stems, sentences, thesaurus

__all__ = ["Decided", "DecisionBook", "Verdict"]

Verdict = Literal["yes", "no", "changed", "proposed", "no-record"]

LEAST_SAID = 0.65
"""How much of the question a decision must say, by the weight of its words, where the title says some of it."""
LEAST_SAID_INSIDE = 0.8
"""The same where the title says little of it."""
LEAST_TITLE = 0.2

_SAID_OTHERWISE = 0.8  # a word that stands there under another name
_SMALL_WEIGHT = 0.4
_UNKNOWN = 0.5  # how many decisions are taken to hold a word that none holds
_TITLE_BONUS = 0.25
_TITLE_MEANT_BONUS = 0.15  # where the question says all of the title
_CURRENT_MARGIN = 0.05  # so much less may be said of the question by the decision that holds now
_SHORTEST_PREFIX = 5

_ASKING = (
    "decide decided decision agree agreed agreement settle settled say said allowed ever actually officially formally against"
)
_DOING = (
    "abolish add allow ban begin bring build buy change choose close come do drop end get give go have introduce keep let make move need "
    "open pay put replace run send set start switch take try use new"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The answer. `decision` is the one that the question means, None where there is no record; `current` what took its place.

    `others` come near as well, the nearest first.
    """

    question: str
    verdict: Verdict
    decision: Decision | None = None
    current: Decision | None = None
    others: tuple[Decision, ...] = ()
    took_ms: float = 0.0

    @property
    def text(self) -> str:
        """The answer as a person would say it; what is not recorded is said to be so."""
        if self.decision is None:
            return "There is no record of that which you may read."
        if self.verdict == "changed":
            if self.current is None:
                return f"It was, and it no longer holds: {_told(self.decision)}"
            return f"Changed since. Now: {_told(self.current)} Before: {_told(self.decision)}"
        opening = {"yes": "Yes", "no": "No, we decided against it", "proposed": "Not decided yet, only proposed"}[self.verdict]
        return f"{opening}: {_told(self.decision)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A decision as the comparison sees it: stems of its title, and of each sentence together with the title."""

    decision: Decision
    title: frozenset[str]
    passages: tuple[frozenset[str], ...]
    words: frozenset[str]
    numbers: frozenset[str]


class DecisionBook:
    """Answers questions from the decisions of a firm. Safe to share between threads."""

    def __init__(self, firm: Firm, language: str) -> None:
        self._firm, self._language = firm, language
        self._known: dict[tuple[str, str, str], _Read] = {}

    def ask(self, question: str, audience: Audience) -> Decided:
        """What was decided on `question`, as far as this audience may read: to them, other decisions do not exist."""
        start = perf_counter()
        read = [self._read(decision) for decision in decision_log(self._firm, audience)]
        scored = sorted(self._scored(question, read), key=lambda found: -found[0])
        by_path = {one.decision.page_path: one.decision for one in read}
        answer = self._answer(question, scored, by_path)
        took_ms = (perf_counter() - start) * 1000
        others = tuple(one.decision for _, one in scored if one.decision not in (answer[1], answer[2]))[:3]
        return Decided(
            question=question, verdict=answer[0], decision=answer[1], current=answer[2], others=others, took_ms=took_ms
        )

    def _answer(
        self, question: str, scored: Sequence[tuple[float, _Read]], by_path: Mapping[str, Decision]
    ) -> tuple[Verdict, Decision | None, Decision | None]:
        if not scored:
            return "no-record", None, None
        best, found = scored[0]
        scores = {one.decision.page_path: score for score, one in scored}
        decision = found.decision
        if scores.get(decision.current, 0.0) >= best - _CURRENT_MARGIN:
            decision = by_path[decision.current]
        if decision.status == "superseded":
            current = by_path[decision.current] if decision.current != decision.page_path else None
            return "changed", decision, current
        if decision.status == "proposed":
            return "proposed", decision, None
        said_no = denies(question.replace("against", "not"), decision.title, self._language)
        return ("no" if decision.status == "rejected" or said_no else "yes"), decision, None

    def _scored(self, question: str, read: Sequence[_Read]) -> list[tuple[float, _Read]]:
        asked = list(dict.fromkeys(content_stems(question, self._language)))
        small, asking = _stems(_DOING, self._language), _stems(_ASKING, self._language)
        asked = [stem for stem in asked if stem not in asking]
        if not asked or all(stem in small for stem in asked):
            return []
        held = {stem: sum(stem in one.words for one in read) for stem in asked}
        weights = {
            stem: log(1 + len(read) / (held[stem] or _UNKNOWN)) * (_SMALL_WEIGHT if stem in small else 1.0) for stem in asked
        }
        total = sum(weights.values())
        alike = _alike(asked, {word for one in read for word in one.words}, self._language)

        def said_by(there: frozenset[str]) -> float:
            return sum(weight * _says(alike[stem], there) for stem, weight in weights.items()) / total

        found: list[tuple[float, _Read]] = []
        for one in read:
            if said_by(one.words) < LEAST_SAID:  # no sentence says more than all of them together
                continue
            in_title, said = said_by(one.title), max(map(said_by, one.passages))
            if said < (LEAST_SAID if in_title >= LEAST_TITLE else LEAST_SAID_INSIDE) or not self._holds(question, one):
                continue
            meant = sum(stem in asked for stem in one.title) / (len(one.title) or 1)
            found.append((said + _TITLE_BONUS * in_title + _TITLE_MEANT_BONUS * meant, one))
        return found

    def _holds(self, question: str, one: _Read) -> bool:
        """Whether the decision has every number and, in English, every name that the question has."""
        if not numbers(question) <= one.numbers:
            return False
        whole = f"{one.decision.title}. {one.decision.reason} {one.decision.text}"
        return not self._language.lower().startswith("en") or names(question, whole)

    def _read(self, decision: Decision) -> _Read:
        key = (decision.title, decision.reason, decision.text)
        known = self._known.get(key)
        if known is None or known.decision != decision:
            title = content_stems(decision.title, self._language)
            said = [content_stems(sentence, self._language) for sentence in (decision.reason, *sentences(decision.text))]
            passages = tuple(frozenset([*title, *stems]) for stems in said) or (frozenset(title),)
            known = _Read(
                decision=decision,
                title=frozenset(title),
                passages=passages,
                words=frozenset(stem for passage in passages for stem in passage),
                numbers=numbers(f"{decision.title}. {decision.reason} {decision.text}"),
            )
            self._known[key] = known
        return known


def _told(decision: Decision) -> str:
    when = f"on {decision.decided.isoformat()}" if decision.decided else "on a date that is not recorded"
    who = ", ".join(decision.deciders) or "people who are not recorded"
    taken = "" if decision.status == "proposed" else f", decided {when} by {who}"
    reason = f"Reason: {decision.reason.rstrip('.')}." if decision.reason else "The reason is not recorded."
    return f"“{decision.title}”{taken}. {reason}"


def _alike(asked: Sequence[str], vocabulary: set[str], language: str) -> dict[str, dict[tuple[str, ...], float]]:
    """For each stem asked for: what says it, stems that stand together, and how well: itself, its synonyms, longer and shorter forms."""
    synonyms = thesaurus(language).synonyms
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for stem in asked:
        forms: dict[tuple[str, ...], float] = {(*phrase,): _SAID_OTHERWISE for phrase in synonyms.get((stem,), ()) if phrase}
        for word in vocabulary:
            short, long = sorted((stem, word), key=len)
            if len(short) >= _SHORTEST_PREFIX and long.startswith(short):
                forms[(word,)] = _SAID_OTHERWISE
        found[stem] = forms | {(stem,): 1.0}
    return found


def _says(forms: Mapping[tuple[str, ...], float], there: frozenset[str]) -> float:
    return max((value for form, value in forms.items() if all(part in there for part in form)), default=0.0)


def _stems(words: str, language: str) -> frozenset[str]:
    return frozenset(content_stems(words, language))
