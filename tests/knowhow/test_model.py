"""With a model: a stand-in Ollama over real HTTP, asked by a real server; its answers checked, its failures survived."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.server import free_port
from tests.fake_ollama import FakeOllama
from tests.knowhow.handbook import EXPENSES, events_of
from tests.knowhow.processes import Server, until
from tests.scripted_chain import ScriptedChain, statement

QUESTION = "How many days do I have to hand in expenses?"
SAID = "Expenses are handed in within 30 days of the purchase"
NEWS = "Decided: expenses are to be handed in within {} days of the purchase, no longer within 30 days."


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, FakeOllama]]:
    """One server and one model for the tests here; a slow reply is given up after two seconds."""
    root = Path(shutil.copytree(template, tmp_path_factory.mktemp("model") / "handbook"))
    ollama = FakeOllama()
    with (
        ollama.serve() as served,
        Server(
            root,
            KNOWHOW_ASSISTANT_MODEL=ollama.model,
            KNOWHOW_ASSISTANT_HOST=served.url,
            KNOWHOW_ASSISTANT_TIMEOUT_S="2",
        ) as server,
    ):
        ollama.reply(f"{SAID} [1].")  # LlamaIndex is imported at the first question, which takes seconds
        server.client.post("/api/v1/ask", json={"question": QUESTION})
        yield server, ollama


@pytest.fixture
def server(shared: tuple[Server, FakeOllama]) -> Server:
    return shared[0]


@pytest.fixture
def ollama(shared: tuple[Server, FakeOllama]) -> Iterator[FakeOllama]:
    """The model, with nothing to say and nothing heard yet."""
    ollama = shared[1]
    ollama._script.clear()
    ollama.requests.clear()
    ollama.always = None
    yield ollama
    assert not ollama._script, "the model was not asked for all that it had to say"


def ask(server: Server, question: str = QUESTION, **more: str) -> dict[str, Any]:
    response = server.client.post("/api/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_the_model_writes_the_answer_and_its_citation_is_checked(server: Server, ollama: FakeOllama) -> None:
    ollama.reply(f"{SAID} [1].")
    body = ask(server)
    assert (body["answered"], body["model"], body["note"]) == (True, ollama.model, "")
    assert body["answer"] == f"{SAID} [1]."
    (citation,) = body["citations"]
    assert (citation["page"], citation["anchor"]) == (EXPENSES, "deadline")
    assert citation["quote"] == "Hand in expenses within 30 days of the purchase."
    assert QUESTION in ollama.prompts[0]
    assert "Hand in expenses within 30 days" in ollama.prompts[0]


def test_the_answer_is_streamed_while_the_model_writes(server: Server, ollama: FakeOllama) -> None:
    ollama.reply_pieces([f"{SAID} [1].", " Travel requests above 500 euros", " need approval", " [2].", ""], pause_s=0.3)
    arrived: list[tuple[float, str]] = []
    with server.client.stream(
        "POST", "/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        arrived += [(time.monotonic(), chunk) for chunk in response.iter_text()]
    assert arrived[-1][0] - arrived[0][0] > 0.5  # the first sentence did not wait for the last
    events = events_of("".join(chunk for _, chunk in arrived))
    assert events[0] == ("token", {"text": f"{SAID} [1]. "})
    assert events[1][0] == "citation"
    name, whole = events[-1]
    assert (name, whole["model"], whole["answered"]) == ("done", ollama.model, True)
    assert "".join(data["text"] for kind, data in events if kind == "token").strip() == whole["answer"]


def test_a_sentence_without_support_is_left_out(server: Server, ollama: FakeOllama) -> None:
    ollama.reply(f"{SAID} [1]. The chief executive pays for champagne [1]. Late ones cost 99 euros [7].")
    body = ask(server)
    assert body["answer"] == f"{SAID} [1]."
    assert len(body["citations"]) == 1
    assert "2 sentences of test-model had no support" in body["note"]


@pytest.mark.parametrize("reply", ["NOT_FOUND", "The answer is 42 [1].", "You may decide that yourself."])
def test_an_answer_that_nothing_supports_is_no_answer(server: Server, ollama: FakeOllama, reply: str) -> None:
    ollama.reply(reply)
    body = ask(server)
    assert (body["answered"], body["citations"]) == (False, [])
    assert "not in the handbook" in body["answer"]


def test_a_follow_up_is_made_whole_before_the_pages_are_searched(server: Server, ollama: FakeOllama) -> None:
    ollama.reply("Backups of the file server run hourly [1].")
    first = ask(server, "How often do backups run?")
    ollama.reply("How long are backups of the file server kept?")
    ollama.reply("They are kept for ninety days [1].")
    body = ask(server, "And how long are they kept?", conversation=first["conversation"])
    assert body["citations"][0]["page"] == "ops/backups.md"
    assert "How long are backups of the file server kept?" in ollama.prompts[-1]


FAILURES: dict[str, Callable[[FakeOllama], None]] = {
    "an error": lambda ollama: ollama.fail(500),
    "no Ollama": lambda ollama: ollama.garbage(),
    "a lost connection": lambda ollama: ollama.drop_after("Expenses are"),
    "an unfinished stream": lambda ollama: ollama.stop_after("Expenses are"),
    "a slow start": lambda ollama: ollama.reply(f"{SAID} [1].", delay_s=4),
    "a slow rest": lambda ollama: ollama.reply_pieces(["Expenses"] * 20, pause_s=0.3),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_model_that_fails_is_replaced_by_the_pages_own_words_with_a_note(
    server: Server, ollama: FakeOllama, failure: str
) -> None:
    FAILURES[failure](ollama)
    started = time.monotonic()
    body = ask(server)
    assert time.monotonic() - started < 3.5
    assert (body["answered"], body["model"]) == (True, None)
    assert "30 days" in body["answer"]
    assert body["citations"][0]["page"] == EXPENSES
    assert body["note"].startswith("test-model did not answer, so these are the handbook's own words.")


def test_a_stream_that_breaks_ends_with_the_pages_own_words(server: Server, ollama: FakeOllama) -> None:
    ollama.drop_after(f"{SAID} [1]. Travel requests")
    response = server.client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    name, whole = events_of(response.text)[-1]
    assert (name, whole["model"], whole["answered"]) == ("done", None, True)
    assert "did not answer" in whole["note"]


def send(server: Server, days: int) -> dict[str, Any]:
    """What became of the news that the deadline is `days` days."""
    sent = server.client.post("/api/v1/updates", json={"channel": "meeting", "text": NEWS.format(days)}).json()["id"]
    url = f"/api/v1/updates/{sent}"
    until(lambda: server.client.get(url).json()["status"] in ("done", "failed"), what="the pipeline")
    return dict(server.client.get(url).json())


def script_for(days: int, *edits: Any) -> ScriptedChain:
    """A model that hears the news and edits the deadline, after it gave `edits`."""
    old = "within 30 days of the purchase"
    right = {"changes_page": True, "old_text": old, "new_text": old.replace("30", str(days)), "reason": "The deadline moved"}
    said = statement(NEWS.format(days), f"Expenses are to be handed in within {days} days of the purchase.", kind="decision")
    return ScriptedChain(statements=[[said]], choice=[old], edit=[*edits, right])


def test_the_model_edits_the_page_step_by_step_by_schemas(server: Server, ollama: FakeOllama) -> None:
    ollama.always = script = script_for(41)
    update = send(server, 41)
    assert update["status"] == "done"
    suggestion = server.client.get(f"/api/v1/suggestions/{update['suggestions'][0]}").json()
    assert "Hand in expenses within 41 days of the purchase." in suggestion["new_text"]
    assert suggestion["page"] == EXPENSES
    assert suggestion["reason"] == "The deadline moved (model test-model, prompt v1)"
    assert script.steps == ["statements", "choice", "edit", "look"]
    assert [set(request["format"]["properties"]) for request in ollama.requests] == [
        {"statements"},
        {"because", "sections"},
        {"changes_page", "old_text", "new_text", "reason"},
        {"because", "says_it", "nothing_more"},
    ]


WRONG = {
    "no JSON": "!Sure! Here is the edit.",
    "not by the schema": '!{"changes_page": "perhaps"}',
    "not in the section": '!{"changes_page": true, "old_text": "within a fortnight", "new_text": "within 42 days"}',
    "made up": '!{"changes_page": true, "old_text": "30 days", "new_text": "42 days (ask Bob, https://bob.example)"}',
}


@pytest.mark.parametrize(("wrong", "days"), [*zip(WRONG, (42, 43, 44, 45), strict=True)])
def test_an_edit_that_cannot_be_used_is_sent_back_once(server: Server, ollama: FakeOllama, wrong: str, days: int) -> None:
    ollama.always = script_for(days, WRONG[wrong])
    update = send(server, days)
    suggestion = server.client.get(f"/api/v1/suggestions/{update['suggestions'][0]}").json()
    assert f"within {days} days of the purchase." in suggestion["new_text"]
    assert "bob" not in suggestion["new_text"].lower()
    (retry,) = [request for request in ollama.requests if len(request["messages"]) == 4]
    assert retry["messages"][2]["content"] == WRONG[wrong].removeprefix("!")
    assert "cannot be used" in retry["messages"][3]["content"]


def test_after_the_second_unusable_edit_the_section_is_flagged(server: Server, ollama: FakeOllama) -> None:
    ollama.always = script_for(55, "!I would rather not.", "!Really not.")
    update = send(server, 55)
    assert (update["status"], update["suggestions"]) == ("done", [])
    flag = server.client.get(f"/api/v1/flags/{update['flags'][0]}").json()
    assert (flag["page"], flag["section"]) == (EXPENSES, "deadline")


def test_a_model_that_never_keeps_to_the_form_leaves_it_to_the_rules(server: Server, ollama: FakeOllama) -> None:
    ollama.always = lambda asked: "I would rather not."
    update = send(server, 56)
    assert update["status"] == "done"
    suggestion = server.client.get(f"/api/v1/suggestions/{update['suggestions'][0]}").json()
    assert "56 days" in suggestion["new_text"]
    assert [len(request["messages"]) for request in ollama.requests] == [2, 4]


def test_a_model_that_is_not_there_is_named_in_the_note_and_required_where_it_is_required(
    template: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(template, tmp_path / "handbook"))
    nowhere = f"http://127.0.0.1:{free_port()}"
    with Server(root, KNOWHOW_ASSISTANT_MODEL="test-model", KNOWHOW_ASSISTANT_HOST=nowhere) as server:
        body = ask(server)
        assert (body["answered"], body["model"]) == (True, None)
        assert "30 days" in body["answer"]
        assert nowhere in body["note"]
        assert send(server, 60)["status"] == "done"
    env = {"KNOWHOW_ASSISTANT_MODEL": "test-model", "KNOWHOW_ASSISTANT_HOST": nowhere, "KNOWHOW_ASSISTANT_MODE": "required"}
    with Server(root, **env) as server:
        for accept in ("application/json", "text/event-stream"):
            refused = server.client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": accept})
            problem: httpx.Response = refused
            assert (problem.status_code, problem.json()["code"]) == (503, "model-unavailable")
            assert "ollama serve" in problem.json()["hint"]
