"""What became of an update, in one line."""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.readers import pasted_channel
from ingest.update import Entry, Message, Update
from knowhow.ui.outcome import outcome_of
from wiki.review import Suggestion, SuggestionEvidence

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _update(*lines: str) -> Update:
    messages = tuple(Message(author="Ola", text=line) for line in lines)
    return Update(id="u", channel="chat", text="\n".join(lines), received_at=NOW, content_hash="", messages=messages)


def _entry(kind: str, quote: str) -> Entry:
    return Entry(id=quote, update="u", kind=kind, quote=quote)


def _suggestion(*quotes: str) -> Suggestion:
    return Suggestion(
        page_path="a.md", section="", action="edit", base_revision="", base_text="", new_text="", reason="", confidence=1.0,
        evidence=tuple(SuggestionEvidence(update="u", quote=quote) for quote in quotes),
        id="s", status="open", created_at=NOW,
    )  # fmt: skip


def test_each_line_counts_once_as_what_it_led_to_or_as_changing_nothing() -> None:
    update = _update("hello", "rent is 900 now", "and due on the 3rd", "who pays?", "thanks", "bye")
    entries = [_entry("change", "rent is 900 now"), _entry("change", "and due on the 3rd"), _entry("question", "who pays?")]
    found = outcome_of(update, entries, [_suggestion("rent is 900 now", "and due on the 3rd")], [])
    assert found.line == "6 lines read: 1 suggestion, 1 question, 3 changed nothing"
    assert [len(s.suggestions) for s in found.statements] == [1, 1, 0]


def test_an_update_without_news_says_that_it_changes_no_page() -> None:
    assert outcome_of(_update("hello", "bye"), [], [], []).line == "2 lines read: nothing that changes a page"
    assert outcome_of(_update(), [], [], []).line == "No line read"


def test_a_quote_over_several_lines_uses_each_of_them() -> None:
    update = _update("rent is 900 now\nand due on the 3rd", "thanks")
    found = outcome_of(update, [], [_suggestion("rent is 900 now\nand due on the 3rd")], [])
    assert found.line == "3 lines read: 1 suggestion, 1 changed nothing"


def test_a_pasted_text_says_itself_what_it_is() -> None:
    assert pasted_channel("From: Ola\nSubject: Rent\n\nIt is 900 now.") == "email"
    assert pasted_channel("Ola [9:00 AM]: rent is 900 now\nBen [9:01 AM]: ok") == "chat"
    assert pasted_channel("Rent is 900 now.") == "note"
