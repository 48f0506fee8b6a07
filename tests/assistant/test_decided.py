"""Did we decide that? On a planted log: what was decided is found with its date, what never was has no record."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from assistant.decided import DecisionBook
from tests.assistant import decision_log_unseen as unseen
from tests.assistant.decision_log import DECIDED, DECISIONS, MONTHLY, NEVER
from wiki.access import Audience, everyone_audience
from wiki.firm import Firm, decision_log
from wiki.workspace.workspace import Workspace

ALL, TEAM = everyone_audience(), Audience(team=True)


def firm_of(root: Path, pages: dict[str, str]) -> Firm:
    for path, text in pages.items():
        file = root / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "mkdocs.yml").write_text("site_name: Firm\n")
    return Firm(Workspace.open(root))


def book_of(root: Path, pages: dict[str, str]) -> DecisionBook:
    return DecisionBook(firm_of(root, pages), "en")


def decision(title: str, status: str = "accepted", more: str = "") -> str:
    return f"---\ntitle: {title}\nkind: decision\nstatus: {status}\ndecided: 2026-01-05\n{more}---\n\n{title}.\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> DecisionBook:
    return book_of(tmp_path_factory.mktemp("log"), DECISIONS)


def test_at_least_95_of_100_decided_questions_get_the_right_decision_its_date_and_what_became_of_it(book: DecisionBook) -> None:
    wrong = []
    for question, (page, verdict) in DECIDED.items():
        found = book.ask(question, ALL)
        dated = re.search(r"^decided: (\S+)$", DECISIONS[page], re.MULTILINE)
        when = date.fromisoformat(dated[1]) if dated else None
        if found.decision is None or (found.decision.page_path, found.verdict, found.decision.decided) != (page, verdict, when):
            wrong.append(question)
    assert len(wrong) <= 0.05 * len(DECIDED), wrong


def test_what_was_never_decided_has_no_record(book: DecisionBook) -> None:
    assert [question for question in NEVER if book.ask(question, ALL).verdict != "no-record"] == []


def test_on_a_log_not_seen_before_most_are_right_and_what_was_never_decided_has_no_record(tmp_path: Path) -> None:
    book = book_of(tmp_path, unseen.DECISIONS)
    right = 0
    for question, (page, verdict) in unseen.DECIDED.items():
        found = book.ask(question, ALL)
        right += found.decision is not None and (found.decision.page_path, found.verdict) == (page, verdict)
        assert found.decision is None or found.decision.page_path == page, question  # rather no answer than a wrong one
    assert right >= 21
    assert [question for question in unseen.NEVER if book.ask(question, ALL).verdict != "no-record"] == []


def test_an_answer_takes_less_than_a_tenth_of_a_second(book: DecisionBook) -> None:
    book.ask("Did we decide to buy a lorry?", ALL)
    took = sorted(book.ask(question, ALL).took_ms for question in DECIDED)
    assert took[int(len(took) * 0.95)] < 100


def test_a_superseded_decision_comes_with_the_last_that_took_its_place(book: DecisionBook) -> None:
    found = book.ask("Did we decide to send invoices every week?", ALL)
    assert found.current is not None
    assert found.current.page_path == MONTHLY
    assert found.text.startswith("Changed since. Now: “Send invoices once a month”, decided on 2025-06-02 by greta.")


def test_a_question_on_what_holds_is_answered_by_what_holds(book: DecisionBook) -> None:
    found = book.ask("What did we decide on invoices?", ALL)
    assert (found.verdict, found.decision and found.decision.page_path) == ("yes", MONTHLY)


def test_a_decision_that_may_not_be_read_has_no_record_and_changes_nothing(tmp_path: Path) -> None:
    secret = "visibility: restricted\ngroups: [board]\n"
    pages = {
        "cars.md": decision("Lease company cars", more=secret),
        "old.md": decision("Send parcels by rail"),
        "new.md": decision("Send parcels by ship", more=f"supersedes: [old.md]\n{secret}"),
    }
    book = book_of(tmp_path, pages)
    board = Audience(team=True, groups=frozenset({"board"}))
    asked = "Did we decide to lease company cars?"
    assert book.ask(asked, board).verdict == "yes"
    nothing = book.ask(asked, TEAM)
    assert (nothing.verdict, nothing.decision, nothing.others) == ("no-record", None, ())
    assert nothing.text == book.ask("Did we decide to sell the roof?", TEAM).text
    assert book.ask("Did we agree to send parcels by rail?", board).verdict == "changed"
    assert book.ask("Did we agree to send parcels by rail?", TEAM).verdict == "yes"


def test_a_number_or_name_that_the_decision_does_not_have_is_another_question(tmp_path: Path) -> None:
    book = book_of(tmp_path, {"a.md": decision("The rate is 900 euros a day in Cork")})
    assert book.ask("Is the rate 900 euros a day?", ALL).verdict == "yes"
    assert book.ask("Is the rate 950 euros a day?", ALL).verdict == "no-record"
    assert book.ask("Is the rate 900 euros a day in Oslo?", ALL).verdict == "no-record"


def test_what_a_question_asks_to_do_must_be_what_was_decided_not_stand_among_the_reasons(tmp_path: Path) -> None:
    why = "reason: A fault that shows on Saturday finds nobody at work.\n"
    faults = "\n## Why\n\nOf nine faults that needed work at a weekend, seven came from a release on Friday.\n"
    book = book_of(
        tmp_path,
        {
            "a.md": decision("No release on Friday", more=why) + "The one exception is a repair that stops harm.\n" + faults,
            "b.md": decision("Day rate for next year") + "\n## Background\n\nWork on Fridays costs the same.\n",
            "c.md": decision("One report a week") + "\n## Why\n\nWe stop writing when work stops.\n",
            "d.md": decision("Estimate in ranges"),
        },
    )
    assert book.ask("Did we decide to stop working on Fridays?", ALL).verdict == "no-record"
    assert book.ask("Do we work on Fridays?", ALL).verdict == "no-record"
    assert book.ask("Do we release on Fridays?", ALL).verdict == "no"
    stop = book.ask("Did we decide to stop releases on Friday?", ALL)
    assert (stop.verdict, stop.decision and stop.decision.page_path) == ("yes", "a.md")


def test_a_missing_reason_is_said_to_be_missing(tmp_path: Path) -> None:
    text = book_of(tmp_path, {"a.md": decision("Lease company cars")}).ask("Did we decide to lease cars?", ALL).text
    assert text.endswith("decided on 2026-01-05 by people who are not recorded. The reason is not recorded.")


@pytest.mark.parametrize("question", ["", "?", "did we decide", "Did we agree to do it?", "\x00", "ä" * 999])
def test_a_question_about_nothing_has_no_record(book: DecisionBook, question: str) -> None:
    assert book.ask(question, ALL).verdict == "no-record"


def test_the_log_is_by_date_and_knows_both_ends_of_a_chain(tmp_path: Path) -> None:
    log = decision_log(firm_of(tmp_path, DECISIONS), ALL)
    dates = [entry.decided for entry in log if entry.decided]
    assert dates == sorted(dates, reverse=True)
    assert (log[0].decided, log[0].status) == (None, "proposed")
    by_path = {entry.page_path: entry for entry in log}
    fortnightly = by_path["decisions/2024-10-07-invoices-fortnightly.md"]
    assert fortnightly.supersedes == ("decisions/2024-04-15-invoices-weekly.md",)
    assert fortnightly.superseded_by == (MONTHLY,)


def test_only_a_decision_that_was_taken_takes_the_place_of_another_and_a_circle_ends(tmp_path: Path) -> None:
    pages = {
        "a.md": decision("Lease company cars", more="supersedes: [b.md]\n"),
        "b.md": decision("Buy company cars", more="supersedes: [a.md]\n"),
        "c.md": decision("Ship by rail"),
        "d.md": decision("Ship by sea", "proposed", "supersedes: [c.md]\n"),
    }
    log = {entry.page_path: entry for entry in decision_log(firm_of(tmp_path, pages), ALL)}
    assert (log["c.md"].status, log["c.md"].superseded_by) == ("accepted", ())
    assert (log["a.md"].current, log["b.md"].current) == ("b.md", "a.md")


def test_where_there_is_no_record_what_comes_near_is_named(book: DecisionBook) -> None:
    found = book.ask("Did we decide to send invoices by post?", ALL)
    assert found.verdict == "no-record"
    assert MONTHLY in [other.page_path for other in found.others]


def test_a_question_in_another_language_is_read_in_it(tmp_path: Path) -> None:
    firm = firm_of(tmp_path, {"a.md": decision("Keine Hunde im Büro"), "b.md": decision("Rechnungen jeden Monat")})
    german = DecisionBook(firm, "de")
    assert german.ask("Haben wir vereinbart: Rechnungen jeden Monat?", ALL).verdict == "yes"
    assert german.ask("Haben wir beschlossen, den Keller zu streichen?", ALL).verdict == "no-record"
