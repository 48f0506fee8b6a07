"""An update's way from what came in to suggestions and flags: with real git, index and SQLite, and a scripted model."""

from __future__ import annotations

import pickle
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.embeddings import packaged_embedder
from ingest.intake import Intake
from ingest.pipeline import Pipeline, draft_results, extract_entries, match_entries, redact_update, run, store_results
from ingest.speech import Transcriber
from ingest.store import UpdateStore
from wiki.database import Database, sqlite_url
from wiki.git.repository import Repository
from wiki.migrations import migrate
from wiki.review.flags import FlagStore
from wiki.review.suggestion import Suggestion, SuggestionStore
from wiki.search.index import SectionIndex
from wiki.workspace.workspace import Workspace

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "speech"
PAGES = {
    "expenses.md": (
        "# Expenses\n\nHow money comes back.\n\n## Deadline\n\nThe deadline for expenses is 30 days. Keep the receipt.\n"
    ),
    "travel.md": "# Travel\n\n## Limit\n\nThe limit for travel requests is 300 euros.\n\n- Book the train first.\n",
    "onboarding.md": "# Client onboarding\n\nBen owns client onboarding.\n\n1. Write the contract.\n2. Create the account.\n",
}


@dataclass(kw_only=True)
class Firm:
    """A workspace with the parts of its pipeline."""

    parts: Pipeline
    database: Database

    def take(self, text: str, channel: str = "chat") -> str:
        return self.parts.intake.take_text(channel, text)[0].id

    def suggestions(self, update_id: str) -> list[Suggestion]:
        return [self.parts.suggestions.get(id_) for id_ in self.parts.updates.results(update_id).suggestions]

    def counts(self) -> tuple[int, int]:
        with self.database.read() as connection:
            counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in ("suggestion", "flag")]
        return int(counts[0] or 0), int(counts[1] or 0)


def open_firm(root: Path) -> Firm:
    git = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@firm.example", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Pages"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    workspace = Workspace.open(root)
    database = Database(sqlite_url(workspace.state_dir / "knowhow.db"))
    migrate(database)
    index = SectionIndex(workspace)
    index.refresh()
    updates = UpdateStore(database, workspace.state_dir / "updates")
    parts = Pipeline(
        workspace=workspace,
        repository=Repository(root),
        index=index,
        updates=updates,
        suggestions=SuggestionStore(database),
        flags=FlagStore(database, workspace),
        intake=Intake(updates=updates),
        transcriber=Transcriber(FIXTURES / "model"),
        embed=packaged_embedder().embed,
    )
    return Firm(parts=parts, database=database)


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    (tmp_path / "mkdocs.yml").write_text("site_name: Firm\ndocs_dir: content\n")
    (tmp_path / "content").mkdir()
    for path, text in PAGES.items():
        (tmp_path / "content" / path).write_text(text)
    firm = open_firm(tmp_path)
    yield firm
    firm.parts.index.close()
    firm.database.close()


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Firm]:
    """The starter handbook."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    for name in ("mkdocs.yml", "roles.yml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    firm = open_firm(tmp_path)
    yield firm
    firm.parts.index.close()
    firm.database.close()


def test_a_changed_value_becomes_a_suggestion_with_its_evidence(firm: Firm) -> None:
    update_id = firm.take("Aoife: from Monday the deadline for expenses is 45 days\nTom: ok")
    outcome = run(update_id, firm.parts)
    assert outcome.status == "done"
    (suggestion,) = firm.suggestions(update_id)
    assert suggestion.page_path == "expenses.md"
    assert suggestion.section == "deadline"
    assert suggestion.new_text == PAGES["expenses.md"].replace("30 days", "45 days")
    assert suggestion.base_text == PAGES["expenses.md"]
    assert len(suggestion.base_revision) == 40
    assert suggestion.reason == "30 days is now 45 days"
    assert suggestion.evidence[0].quote == "from Monday the deadline for expenses is 45 days"
    assert suggestion.evidence[0].author == "Aoife"
    assert firm.parts.updates.get(update_id).status == "done"
    assert [e.kind for e in firm.parts.updates.entries(update_id)] == ["change"]


def test_chatter_leaves_no_trace_on_any_page(firm: Firm) -> None:
    update_id = firm.take("Tom: is the deadline for expenses still 30 days?\nAoife: yes, still 30\nTom: thanks, lunch?")
    assert run(update_id, firm.parts).status == "done"
    assert firm.counts() == (0, 0)


def test_a_contradiction_without_a_text_becomes_a_flag(firm: Firm) -> None:
    update_id = firm.take("Ben: what we say about client onboarding is out of date, please update it")
    outcome = run(update_id, firm.parts)
    assert outcome.suggestions == ()
    assert len(outcome.flags) == 1
    assert firm.counts() == (0, 1)


def test_running_an_update_again_does_nothing_twice(firm: Firm) -> None:
    update_id = firm.take(
        "Sofia takes over client onboarding from Ben. The limit for travel requests goes up to 500 euros.", "note"
    )
    first = run(update_id, firm.parts)
    assert len(first.suggestions) == 2
    assert run(update_id, firm.parts) == first
    assert firm.counts() == (2, 0)


@pytest.mark.parametrize("died_after", ["redact", "extract", "match", "draft", "store"])
def test_a_run_that_died_anywhere_is_finished_by_the_next(firm: Firm, died_after: str) -> None:
    update_id = firm.take("Tom: the limit for travel requests is 500 euros now")

    def step(name: str, function: object, *args: object) -> object:
        result = function(*args)  # type: ignore[operator]
        if name == died_after:
            raise KeyboardInterrupt
        return result

    with pytest.raises(KeyboardInterrupt):
        run(update_id, firm.parts, step=step)
    outcome = run(update_id, firm.parts)
    assert outcome.status == "done"
    assert outcome.suggestions == (f"{update_id}-s1",)
    assert firm.counts() == (1, 0)


def test_what_a_step_gives_survives_a_pickle(firm: Firm) -> None:
    update_id = firm.take("Tom: the limit for travel requests is 500 euros now")
    redact_update(update_id, firm.parts)
    pickle.loads(pickle.dumps(extract_entries(update_id, firm.parts)))
    matches = pickle.loads(pickle.dumps(match_entries(update_id, firm.parts)))
    drafts = pickle.loads(pickle.dumps(draft_results(update_id, matches, firm.parts)))
    outcome = pickle.loads(pickle.dumps(store_results(update_id, drafts, firm.parts)))
    assert outcome.suggestions == (f"{update_id}-s1",)


def test_a_recording_without_a_speech_model_fails_with_a_way_forward_and_is_kept(firm: Firm) -> None:
    parts = replace(firm.parts, transcriber=Transcriber(None))
    (update,) = parts.intake.take_file("memo.ogg", (FIXTURES / "memos" / "change-deadline.ogg").read_bytes())
    outcome = run(update.id, parts)
    assert outcome.status == "failed"
    assert "speech_model" in outcome.error
    assert parts.updates.file(update.id) is not None
    assert run(update.id, firm.parts).suggestions == (f"{update.id}-s1",)


MEMOS: dict[str, dict[str, tuple[str, str]]] = {
    "change-deadline.ogg": {"policies/expenses.md": ("expenses is 30 days", "expenses is 45 days")},
    "change-owner.ogg": {"client-onboarding/run-the-client-kickoff.md": ("owned by Tom", "owned by Maya")},
    "decision.ogg": {"client-reporting/index.md": ("goes out on Thursday", "goes out on Friday")},
    "long.ogg": {
        "client-onboarding/set-up-the-client.md": (
            "3. **Create the account.**",
            "3. **Check the contract.**\n4. **Create the account.**",
        ),
        "client-onboarding/index.md": ("Ben owns client onboarding", "Sofia owns client onboarding"),
    },
    "pause.ogg": {
        "policies/travel.md": ("requests is 300 euros", "requests is 500 euros"),
        "billing/send-an-invoice.md": ("is in the accounts folder", "is in the shared folder"),
    },
    "blocker.ogg": {},
    "chatter.ogg": {},
    "silence.ogg": {},
}


def test_the_memos_meet_the_starter_handbook(starter: Firm) -> None:
    for name, wanted in MEMOS.items():
        (update,) = starter.parts.intake.take_file(name, (FIXTURES / "memos" / name).read_bytes())
        assert run(update.id, starter.parts).status == "done", name
        found = {s.page_path: s for s in starter.suggestions(update.id)}
        assert set(found) == set(wanted), name
        for path, (old, new) in wanted.items():
            assert old in found[path].base_text
            assert new in found[path].new_text
    assert starter.counts()[1] == 0


@pytest.mark.parametrize(
    ("text", "page", "there", "gone"),
    [
        (
            "Aoife: hotels got so expensive, from December you can go up to 160 euros a night",
            "policies/travel.md",
            "160 euros",
            "140 euros",
        ),
        ("Jonas: chat messages are deleted after 90 days now, was 180", "reference/tools.md", "90 days", "180 days"),
        (
            "Niamh: please add a step to print the badge before you send the welcome e-mail",
            "hiring/prepare-a-first-day.md",
            "**Print the badge.**",
            "",
        ),
        ("Ruth: Hana is leaving us. Elif takes over as sales lead.", "reference/roles.md", "Elif", "Hana"),
        ("Maya: we agreed that dinner on a trip goes up from 32 to 38 euros", "policies/expenses.md", "38 euros", "32 euros"),
    ],
)
def test_everyday_news_meets_the_starter_handbook(starter: Firm, text: str, page: str, there: str, gone: str) -> None:
    update_id = starter.take(text)
    run(update_id, starter.parts)
    suggestion = starter.suggestions(update_id)[0]
    assert suggestion.page_path == page
    assert there in suggestion.new_text
    assert not gone or gone not in suggestion.new_text


def test_two_facts_in_one_sentence_go_to_their_own_places(starter: Firm) -> None:
    update_id = starter.take(
        "Aoife: dinner on a trip is now up to 40 euros, and a hotel in Cork may cost 150 euros from January.\n"
        "Aoife: lunch on a trip is now up to 22 euros"
    )
    run(update_id, starter.parts)
    found = {s.page_path: s.new_text for s in starter.suggestions(update_id)}
    assert "| Dinner on a trip | 40 euros |" in found["policies/expenses.md"]
    assert "| Lunch on a trip | 22 euros |" in found["policies/expenses.md"]
    assert "| Books | 60 euros each |" in found["policies/expenses.md"]


def test_a_decision_that_no_page_has_becomes_a_proposed_page(starter: Firm) -> None:
    update_id = starter.take(
        "Ruth: Last point, the trial with a shorter week.\nTom: clients were asked, nobody minds.\n"
        "Ruth: Then it is decided: we try the four-day week from 1 February, and pay stays the same.\n"
        "Ruth: Reason for the record: three of our last five applicants asked for it.",
        "meeting",
    )
    run(update_id, starter.parts)
    (suggestion,) = starter.suggestions(update_id)
    assert suggestion.action == "new_page"
    assert suggestion.page_path.startswith("decisions/")
    assert "status: proposed" in suggestion.new_text
    assert "three of our last five applicants asked for it" in suggestion.new_text
    assert suggestion.evidence[0].author == "Ruth"


def test_what_was_decided_without_a_reason_says_that_none_is_recorded(starter: Firm) -> None:
    update_id = starter.take("Maya: Decision: we use one project board per client from January.")
    run(update_id, starter.parts)
    (suggestion,) = starter.suggestions(update_id)
    assert suggestion.action == "new_page"
    assert "Not recorded." in suggestion.new_text
    assert "Ruth" not in suggestion.new_text


def test_what_is_taken_back_later_in_an_update_counts_no_more(starter: Firm) -> None:
    update_id = starter.take(
        "Priya: From next week the design review is on Wednesday at 14:00.\nNoor: Isn't Wednesday the demo?\n"
        "Priya: Oh. No wait, Friday. The design review moves to Friday at 14:00.",
        "meeting",
    )
    run(update_id, starter.parts)
    (suggestion,) = starter.suggestions(update_id)
    assert "The design review is on Friday at 14:00" in suggestion.new_text
    assert "The demo is on Wednesday" in suggestion.new_text
    assert [evidence.quote for evidence in suggestion.evidence] == ["The design review moves to Friday at 14:00."]


@pytest.mark.parametrize(
    "text",
    [
        "Ben: oh sure, let's release on Friday at five from now on, what could go wrong\nTom: haha yes, and drop the backup step "
        "while we're at it\nDaniel: :joy: new policy: no tests either\nBen: and the office dog approves every release now",
        "Maya: the bus was late again, now on stop 3 instead of 2\nHana: new coffee machine is amazing\nBen: changed my password, "
        "can't log in any more, help",
        "Niamh: FYI the deadline for holiday requests is two weeks now, and you send the request in the calendar\nTom: thanks",
        "Ben: at my old firm dinner on a trip is now 60 euros instead of 50",
    ],
)
def test_jokes_chatter_other_firms_and_what_the_pages_say_make_nothing(starter: Firm, text: str) -> None:
    run(starter.take(text), starter.parts)
    assert starter.counts() == (0, 0)


def test_where_an_old_value_is_given_a_place_with_another_one_is_none(starter: Firm) -> None:
    update_id = starter.take("Aoife: setting up a client takes 90 minutes instead of 60 now")
    run(update_id, starter.parts)
    assert all(
        "40 minutes" in s.new_text for s in starter.suggestions(update_id) if s.page_path.endswith("set-up-the-client.md")
    )


def test_where_an_old_name_is_given_only_its_place_changes(starter: Firm) -> None:
    update_id = starter.take("Maya: Sofia owns client onboarding now, not Ben.")
    run(update_id, starter.parts)
    (suggestion,) = starter.suggestions(update_id)
    assert suggestion.page_path == "client-onboarding/index.md"
    assert "Sofia owns client onboarding." in suggestion.new_text


def test_a_place_that_moved_takes_the_place_of_the_old_one(starter: Firm) -> None:
    update_id = starter.take(
        "Aoife: the template for the invoice moved. It is no longer in the accounts folder, it is now in the folder `Templates/Finance`"
    )
    run(update_id, starter.parts)
    (suggestion,) = starter.suggestions(update_id)
    assert "The template for the invoice is in the folder `Templates/Finance`. Only finance" in suggestion.new_text


def test_small_talk_leaves_the_starter_handbook_alone(starter: Firm) -> None:
    for text in (
        "Tom: should we raise the hotel limit? 140 is nothing these days\nAoife: I'll think about it",
        "Sofia: reminder, expenses are due within 30 days of the receipt!",
        "Daniel: the test server is down again, looking into it",
        "Ruth: do we want to move the weekly report to Friday?\nMaya: clients like Thursday.\nRuth: ok then we leave it.",
        "Hana: the proposal for Norwell went out this morning, fingers crossed",
        "Priya: the design review moves to room 2 this week.\nNoor: fine.",
    ):
        run(starter.take(text), starter.parts)
    assert starter.counts() == (0, 0)
