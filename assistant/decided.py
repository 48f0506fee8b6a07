"""Did we decide that? A question in, the decision that answers it out, with its date and reason; or no record. Without a model.

A decision answers where it says nearly everything that the question is about, its title or one of its sentences together with the
title. Words count by how few decisions hold them; a word that none holds counts most, for then another thing is asked. What the
question asks to do counts only where it was decided, not where it stands among the reasons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
LEAST_NEAR = 0.4
"""How much of the question a decision must say to be named among what comes near."""

_DONE = re.compile(r"\b(?:(?:to|we|may|can|should|must)\s+(?=\w)\w+|\w{3,}ing)\b", re.IGNORECASE)  # "stop working", "we work"
_SAID_OTHERWISE = 0.8  # a word that stands there under another name
_SMALL_WEIGHT = 0.4
_UNKNOWN = 0.5  # how many decisions are taken to hold a word that none holds
_TITLE_BONUS = 0.25
_TITLE_MEANT_BONUS = 0.15  # where the question says all of the title
_CURRENT_MARGIN = 0.05  # so much less may be said of the question by the decision that holds now
_SHORTEST_PREFIX = 5
_MOST_OTHERS = 3
_MOST_KEPT = 200

_ASKING = (
    "decide decided decision agree agreed agreement settle settled say said allowed ever actually officially formally against"
)
_ASKING_IN = {
    "de": "beschließen beschlossen entscheiden entschieden vereinbaren vereinbart einigen geeinigt festlegen festgelegt gesagt erlaubt jemals",
    "es": "decidir decidimos decidido acordar acordamos acordado convenir convenido dijimos permitido alguna vez",
    "fr": "décider décidé convenir convenu accord fixé dit permis jamais déjà",
    "it": "decidere deciso concordare concordato stabilire stabilito detto permesso mai",
    "nl": "besluiten besloten beslissen beslist afspreken afgesproken overeengekomen gezegd toegestaan ooit",
}
"""How people ask whether something was decided, by language."""
_DOING = (
    "abolish add allow ban begin bring build buy change choose close come do drop end get give go have introduce keep let make move need "
    "open pay put quit replace run send set start stop switch take try use new"
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
class _Text:
    """A decision's words as the comparison sees them: stems of its title, and of each sentence together with the title;
    `beside` are the sentences that tell why,
    `decided` are the words of the title and the passages, `words` all."""

    title: frozenset[str]
    passages: tuple[frozenset[str], ...]
    beside: tuple[frozenset[str], ...]
    decided: frozenset[str]
    words: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """A decision that says some of the question. `answers`: it says enough of it to be meant; `score` orders them."""

    decision: Decision
    score: float
    answers: bool


class DecisionBook:
    """Answers questions from the decisions of a firm. Safe to share between threads."""

    def __init__(self, firm: Firm, language: str) -> None:
        self._firm, self._language = firm, language
        self._small = frozenset(content_stems(_DOING, language))
        self._asking = frozenset(content_stems(f"{_ASKING} {_ASKING_IN.get(language.lower()[:2], '')}", language))
        self._texts: dict[tuple[str, str, str, str], _Text] = {}

    def ask(self, question: str, audience: Audience) -> Decided:
        """What was decided on `question`, as far as this audience may read: to them, other decisions do not exist."""
        start = perf_counter()
        log = decision_log(self._firm, audience)
        near = sorted(self._near(question, log), key=lambda found: -found.score)
        verdict, decision, current = self._answer(question, [found for found in near if found.answers], log)
        others = [found.decision for found in near if found.decision not in (decision, current)]
        return Decided(
            question=question,
            verdict=verdict,
            decision=decision,
            current=current,
            others=tuple(others[:_MOST_OTHERS]),
            took_ms=(perf_counter() - start) * 1000,
        )

    def _answer(
        self, question: str, answers: Sequence[_Near], log: Sequence[Decision]
    ) -> tuple[Verdict, Decision | None, Decision | None]:
        if not answers:
            return "no-record", None, None
        by_path = {decision.page_path: decision for decision in log}
        scores = {found.decision.page_path: found.score for found in answers}
        decision = answers[0].decision
        if scores.get(decision.current, 0.0) >= answers[0].score - _CURRENT_MARGIN:
            decision = by_path[decision.current]
        if decision.status == "superseded":
            current = by_path[decision.current] if decision.current != decision.page_path else None
            return "changed", decision, current
        if decision.status == "proposed":
            return "proposed", decision, None
        said_no = denies(question.replace("against", "not"), decision.title, self._language)
        return ("no" if decision.status == "rejected" or said_no else "yes"), decision, None

    def _near(self, question: str, log: Sequence[Decision]) -> list[_Near]:
        asked = [stem for stem in dict.fromkeys(content_stems(question, self._language)) if stem not in self._asking]
        if self._small.issuperset(asked):
            return []
        texts = self._read(log)
        doing = frozenset(content_stems(" ".join(_DONE.findall(question)), self._language))
        weights: dict[str, float] = {}
        for stem in asked:
            held = sum(stem in (text.decided if stem in doing else text.words) for text in texts) or _UNKNOWN
            weights[stem] = math.log(1 + len(texts) / held) * (_SMALL_WEIGHT if stem in self._small else 1.0)
        total = sum(weights.values())
        alike = _alike(asked, {word for text in texts for word in text.words}, self._language)

        def said_by(there: frozenset[str], of_doing: frozenset[str] | None = None) -> float:
            doing_in = there if of_doing is None else of_doing
            return sum(w * _says(alike[stem], doing_in if stem in doing else there) for stem, w in weights.items()) / total

        found: list[_Near] = []
        for decision, text in zip(log, texts, strict=True):
            if said_by(text.words) < LEAST_NEAR:  # no sentence says more than all of them together
                continue
            in_title = said_by(text.title)
            said = max(*map(said_by, text.passages), *(said_by(passage, text.title) for passage in text.beside), in_title)
            if said < LEAST_NEAR:
                continue
            least = LEAST_SAID if in_title >= LEAST_TITLE else LEAST_SAID_INSIDE
            meant = sum(stem in asked for stem in text.title) / (len(text.title) or 1)
            score = said + _TITLE_BONUS * in_title + _TITLE_MEANT_BONUS * meant
            found.append(_Near(decision=decision, score=score, answers=said >= least and self._holds(question, decision, text)))
        return found

    def _holds(self, question: str, decision: Decision, text: _Text) -> bool:
        """Whether the decision has every number and, in English, every name that the question has."""
        if not numbers(question) <= text.numbers:
            return False
        return not self._language.lower().startswith("en") or names(question, _whole(decision))

    def _read(self, log: Sequence[Decision]) -> list[_Text]:
        """What the decisions say, in their order; read once, and forgotten when many have changed."""
        if len(self._texts) > _MOST_KEPT + 2 * len(log):
            self._texts = {}
        return [self._text(decision) for decision in log]

    def _text(self, decision: Decision) -> _Text:
        key = (decision.title, decision.reason, decision.text, decision.beside)
        known = self._texts.get(key)
        if known is None:
            title = content_stems(decision.title, self._language)
            passages, beside = (
                self._passages(title, decision.text),
                self._passages(title, f"{decision.reason}\n\n{decision.beside}"),
            )
            known = _Text(
                title=frozenset(title),
                passages=passages,
                beside=beside,
                decided=frozenset(stem for passage in passages for stem in passage),
                words=frozenset(stem for passage in (*passages, *beside) for stem in passage),
                numbers=numbers(_whole(decision)),
            )
            self._texts[key] = known
        return known

    def _passages(self, title: Sequence[str], text: str) -> tuple[frozenset[str], ...]:
        """The stems of each sentence, and of none, together with the title's."""
        return tuple(frozenset([*title, *content_stems(sentence, self._language)]) for sentence in ("", *sentences(text)))


def _whole(decision: Decision) -> str:
    return f"{decision.title}. {decision.reason} {decision.text} {decision.beside}"


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
