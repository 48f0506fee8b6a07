"""Passages: found, numbered and joined; and what the package does not do on import."""

from __future__ import annotations

import subprocess
import sys

from assistant.kinds import Expected, fit
from assistant.question import read_question
from assistant.retrieval import joined, retrieve, word_counter
from wiki.access import Audience, everyone_audience
from wiki.search.index import SectionIndex
from wiki.search.text import content_stems

TEAM = Audience(team=True)


def test_passages_are_numbered_and_the_best_comes_first(index: SectionIndex) -> None:
    passages = retrieve("When does a contractor have annual leave?", index, TEAM, revision_of=lambda _: "abc1")
    assert [p.number for p in passages] == list(range(1, len(passages) + 1))
    assert passages[0].page_path == "people/leave.md"
    assert passages[0].revision == "abc1"


def test_short_neighbouring_sections_are_one_passage_that_keeps_its_parts_apart(index: SectionIndex) -> None:
    passages = retrieve("Dublin office network and badge", index, TEAM)
    dublin = next(p for p in passages if p.page_path == "offices/dublin.md")
    assert [part.section_title for part in dublin.parts] == ["Dublin office", "Wi-Fi"]
    assert dublin.text == "".join(part.text for part in dublin.parts)
    assert joined([dublin]) == [dublin]


def test_an_overdue_page_is_marked(index: SectionIndex) -> None:
    stale = {p.page_path: p.stale for p in retrieve("hand in expenses and backups", index, TEAM)}
    assert stale["finance/expenses.md"]
    assert not stale["ops/backups.md"]


def test_passages_hold_nothing_that_the_audience_may_not_read(index: SectionIndex) -> None:
    asked = "What does a senior consultant earn?"
    assert all(p.page_path != "people/salaries.md" for p in retrieve(asked, index, TEAM))
    assert retrieve(asked, index, everyone_audience())[0].page_path == "people/salaries.md"


def test_how_telling_a_word_is_does_not_tell_of_hidden_pages(index: SectionIndex) -> None:
    assert word_counter(index, TEAM)("blueheron") == 0
    assert word_counter(index, everyone_audience())("blueheron") == 1


def test_a_question_knows_what_kind_of_thing_would_answer(index: SectionIndex) -> None:
    def expected(text: str) -> Expected:
        return read_question(text, "en", lambda _: 1).expected

    assert "frequency" in expected("How often do backups run?")
    assert "moment" in expected("When is the report sent?")
    assert "duration" in expected("How long does it take?")
    assert "money" in expected("What can I spend on books?")
    assert expected("How many days do I have for it?").counted == "day"
    assert "rule" not in expected("How many days do I have for it?")
    assert "who" in expected("Who approves it?")
    assert "steps" in expected("How do I restore a file?")
    assert "where" in expected("Which channel is for questions?")
    assert "reason" in expected("Why is that?")
    assert "rule" in expected("May I work from abroad?")
    assert "meaning" in expected("What does BOC stand for?")


def test_a_sentence_fits_by_holding_the_kind_of_thing_that_was_asked_for() -> None:
    def fits(question: str, sentence: str) -> bool:
        return fit(sentence, read_question(question, "en", lambda _: 1).expected, frozenset(content_stems(sentence))) == 1.0

    assert fits("When does it go out?", "It goes out on Thursday.")
    assert not fits("When does it go out?", "It goes out to every client.")
    assert fits("How many days do I have?", "The deadline is 30 days.")
    assert not fits("How many days do I have?", "The limit is 300 euros.")
    assert fits("Who owns the kickoff?", "The kickoff is owned by Tom.")
    assert fits("What can I spend?", "Up to 60 euros each.")


def test_importing_the_assistant_loads_no_model_library() -> None:
    code = "import sys, assistant.answering, assistant.models, assistant.diagnosis; print([m for m in sys.modules if m in {names}])"
    out = subprocess.run(
        [sys.executable, "-c", code.format(names=("llama_index", "llama_index.core", "ollama", "openai", "httpx"))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == "[]"
