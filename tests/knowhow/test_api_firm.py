"""What the pages say of the firm as a whole, over HTTP and on the command line: for the viewer who asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowhow.access import current_viewer
from knowhow.freshness import today
from knowhow.health import HEALTH_PARTS
from knowhow.server import create_app
from knowhow.services import Services, open_services
from tests.knowhow.handbook import BASE, EXPENSES, LEADER, READER, propose, viewer
from wiki.access import ANONYMOUS, Level
from wiki.review import FlagDraft, SuggestionEvidence

FLOW = """---
title: Backup flow
kind: process
owner: ops-lead
trigger: Night falls
outcome: A copy
handoffs:
  - {from: ops-lead, to: finance-lead, moves: The bill, owner: ops-lead}
---
"""
DECISION = """---
title: Backups run at night
kind: decision
status: accepted
decided: 2026-03-02
deciders: [ben, fay]
reason: Nobody works then.
evidence: [{quote: At night it hurts nobody., update: Meeting}]
---

Backups run at night.
"""
SECRET = FLOW.replace("title: Backup flow", "title: Pay flow\nvisibility: restricted\ngroups: [leadership]")


@pytest.fixture
def services(root: Path) -> Iterator[Services]:
    (root / "content/ops/flow.md").write_text(FLOW)
    (root / "content/people/flow.md").write_text(SECRET)
    (root / "content/night.md").write_text(DECISION)
    opened = open_services(root)
    yield opened
    opened.close()


@pytest.fixture
def app(services: Services) -> FastAPI:
    return create_app(services, with_ui=False)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=BASE)


def test_handoffs_come_with_their_gaps(client: TestClient) -> None:
    body = client.get("/api/v1/handoffs", params={"page": "ops/flow.md"}).json()
    assert set(body) == {"items", "gaps", "next"}
    assert body["items"] == [
        {
            "page": "ops/flow.md",
            "title": "Backup flow",
            "number": 1,
            "line": 8,
            "from": "ops-lead",
            "to": "finance-lead",
            "moves": "The bill",
            "owner": "ops-lead",
            "done": "",
            "receipt": "",
            "if_plan_changes": "",
        }
    ]
    assert [gap["kind"] for gap in body["gaps"]] == ["no-done", "no-deputy"]
    assert set(body["gaps"][0]) == {"kind", "page", "title", "line", "handoff", "roles", "message", "hint"}


def test_handoffs_of_a_role_are_those_it_takes_part_in(client: TestClient) -> None:
    def of(role: str) -> tuple[int, list[str]]:
        body = client.get("/api/v1/handoffs", params={"role": role}).json()
        return len(body["items"]), [gap["kind"] for gap in body["gaps"] if gap["page"] == "ops/flow.md"]

    assert of("finance-lead") == (2, ["no-done", "no-deputy"])
    assert of("ops-lead") == (2, ["no-done"])
    assert of("lead") == (0, [])


def test_a_process_that_may_not_be_read_is_in_no_map_and_no_gap(app: FastAPI, client: TestClient) -> None:
    for asking, pages in ((LEADER, {"ops/flow.md", "people/flow.md"}), (READER, {"ops/flow.md"}), (ANONYMOUS, set())):
        app.dependency_overrides[current_viewer] = lambda asking=asking: asking
        body = client.get("/api/v1/handoffs").json()
        assert {item["page"] for item in body["items"]} == pages
        assert {gap["page"] for gap in body["gaps"]} - {"ops/backups.md"} == pages


def test_handoffs_follow_a_page_that_was_saved(client: TestClient, services: Services) -> None:
    assert len(client.get("/api/v1/handoffs").json()["items"]) == 2
    page = client.get("/api/v1/pages/ops/flow.md").json()
    text = page["text"].replace("owner: ops-lead}", "owner: ops-lead, done: It is paid}")
    saved = client.put("/api/v1/pages/ops/flow.md", json={"text": text}, headers={"If-Match": page["revision"]})
    assert saved.status_code == 200, saved.text
    body = client.get("/api/v1/handoffs", params={"page": "ops/flow.md"}).json()
    assert [gap["kind"] for gap in body["gaps"]] == ["no-deputy"]


def test_decided_gives_the_verdict_with_page_date_people_reason_and_evidence(client: TestClient) -> None:
    body = client.get("/api/v1/decided", params={"q": "did we agree that backups run at night?"}).json()
    assert set(body) == {"verdict", "answer", "decision", "current", "others", "took_ms"}
    assert (body["verdict"], body["current"], body["others"]) == ("yes", None, [])
    assert body["decision"] == {
        "page": "night.md",
        "title": "Backups run at night",
        "status": "accepted",
        "decided": "2026-03-02",
        "deciders": ["ben", "fay"],
        "reason": "Nobody works then.",
        "evidence": [{"quote": "At night it hurts nobody.", "update": "Meeting"}],
        "supersedes": [],
        "superseded_by": [],
    }
    assert body["answer"] == "Yes: “Backups run at night”, decided on 2026-03-02 by ben, fay. Reason: Nobody works then."


def test_decided_has_no_record_for_who_may_not_read_it(app: FastAPI, client: TestClient) -> None:
    app.dependency_overrides[current_viewer] = lambda: ANONYMOUS
    body = client.get("/api/v1/decided", params={"q": "did we agree that backups run at night?"}).json()
    assert (body["verdict"], body["decision"], body["others"]) == ("no-record", None, [])
    assert client.get("/api/v1/decisions").json() == {"items": [], "next": None}


def test_the_log_of_decisions_can_be_asked_for_by_status(client: TestClient) -> None:
    assert [item["page"] for item in client.get("/api/v1/decisions").json()["items"]] == ["night.md"]
    assert client.get("/api/v1/decisions", params={"status": "rejected"}).json()["items"] == []


def test_a_page_is_confirmed_by_an_act_of_its_own(app: FastAPI, client: TestClient, services: Services) -> None:
    path = "/api/v1/pages/policies/expenses.md"
    before = client.get(path).json()["text"]
    fresh = client.get(f"{path}/freshness").json()
    assert (fresh["reviewed"], fresh["due"], fresh["may_confirm"], fresh["signals"]) == ("2026-10-02", None, True, [])
    app.dependency_overrides[current_viewer] = lambda: LEADER
    assert client.get(f"{path}/freshness").json()["may_confirm"] is False
    refused = client.post(f"{path}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    app.dependency_overrides[current_viewer] = lambda: viewer("fay", Level.CONTRIBUTOR)
    done = client.post(f"{path}/confirm")
    assert done.status_code == 200
    after = client.get(path).json()
    assert after["text"] == before.replace("2026-10-02", today().isoformat())
    assert after["revision"] == done.json()["revision"]


def test_an_open_flag_speaks_against_a_page_and_keeps_it_from_being_confirmed(client: TestClient, services: Services) -> None:
    said = SuggestionEvidence(update="01U", quote="It is 45 days now", author="Maya")
    services.flags.raise_flag(FlagDraft(page_path=EXPENSES, section="deadline", kind="contradicted", evidence=(said,)))
    signals = client.get(f"/api/v1/pages/{EXPENSES}/freshness").json()["signals"]
    assert [signal["kind"] for signal in signals] == ["contradicted"]
    assert signals[0]["message"].endswith(": “It is 45 days now” (Maya)")
    refused = client.post(f"/api/v1/pages/{EXPENSES}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "open-flags")
    assert "It is 45 days now" in refused.json()["detail"]


def test_the_freshness_of_a_page_that_may_not_be_read_is_not_told(app: FastAPI, client: TestClient) -> None:
    app.dependency_overrides[current_viewer] = lambda: READER
    for call in (client.get("/api/v1/pages/people/pay.md/freshness"), client.post("/api/v1/pages/people/pay.md/confirm")):
        assert call.status_code == 404


def test_blockers_say_since_when_and_whose_turn_it_is(app: FastAPI, client: TestClient, services: Services) -> None:
    blocker = "---\ntitle: No disk\nkind: blocker\nowner: ben\nraised: 2026-01-05\nescalate_after: 2d\nescalated_to: finance-lead\n---\n"
    (services.workspace.docs_dir / "disk.md").write_text(blocker)
    services.pages_changed(["disk.md"])
    body = client.get("/api/v1/blockers", params={"state": ["late", "open"]}).json()
    assert len(body["items"]) == 1
    item = body["items"][0]
    assert (item["page"], item["state"], item["status"], item["turn"]) == ("disk.md", "late", "open", "ben")
    assert (item["raised"], item["escalate_on"], item["next_step"]) == (
        "2026-01-05",
        "2026-01-07",
        "Pass it on to Finance lead.",
    )
    assert item["age"] > 200
    assert client.get("/api/v1/blockers", params={"state": "resolved"}).json() == {"items": [], "next": None}
    app.dependency_overrides[current_viewer] = lambda: ANONYMOUS
    assert client.get("/api/v1/blockers").json() == {"items": [], "next": None}


def parts(client: TestClient, **params: int) -> dict[str, dict[str, Any]]:
    response = client.get("/api/v1/health", params=params)
    assert response.status_code == 200
    return {part["name"]: part for part in response.json()["parts"]}


def test_health_gathers_what_waits_and_where_it_is_mended(client: TestClient, services: Services) -> None:
    write = services.workspace.docs_dir / "ops/old.md"
    write.write_text("---\ntitle: Old\nowner: ghost\nreviewed: 2025-01-01\nreview_every: 90d\n---\n\n[gone](none.md)\n")
    (services.workspace.docs_dir / "stuck.md").write_text(
        "---\ntitle: Stuck\nkind: blocker\nowner: ben\nraised: 2026-01-05\n---\n"
    )
    services.pages_changed(["ops/old.md", "stuck.md"])
    said = SuggestionEvidence(update="01U", quote="It is 45 days now", author="Maya")
    services.flags.raise_flag(FlagDraft(page_path=EXPENSES, section="deadline", kind="contradicted", evidence=(said,)))
    suggestion = propose(services, EXPENSES, "30 days", "45 days")
    for _ in range(2):
        assert client.post("/api/v1/ask", json={"question": "Where do elephants sleep?"}).json()["answered"] is False
    found = parts(client)
    assert list(found) == list(HEALTH_PARTS)
    rows = {name: [(row["kind"], row["page"], row["url"]) for row in part["rows"]] for name, part in found.items()}
    assert rows["flagged"] == [("contradicted", EXPENSES, f"/app/edit/{EXPENSES}")]
    assert rows["overdue"] == [("review-overdue", "ops/old.md", "/app/confirm/ops/old.md")]
    assert ("owner-unknown", "ops/old.md", "/app/edit/ops/old.md") in rows["unowned"]
    assert ("no-owner", "index.md", "/app/edit/index.md") in rows["unowned"]
    assert rows["unanswered"] == [("unanswered", "", "/app/search?q=Where%20do%20elephants%20sleep%3F")]
    assert found["unanswered"]["rows"][0]["message"] == "Asked 2 times."
    assert rows["suggestions"] == [("suggestion", EXPENSES, f"/app/review/{suggestion.id}")]
    assert ("no-done", "ops/flow.md", "/app/mend/ops/flow.md?kind=no-done&handoff=1") in rows["handoffs"]
    assert rows["links"] == [("broken-links", "ops/old.md", "/app/edit/ops/old.md")]
    assert rows["blockers"] == [("open", "stuck.md", "/app/edit/stuck.md")]


def test_health_counts_all_and_gives_as_many_rows_as_were_asked_for(client: TestClient) -> None:
    part = parts(client, limit=1)["handoffs"]
    assert (len(part["rows"]), part["count"] > 1) == (1, True)


def test_health_says_nothing_of_what_may_not_be_read(app: FastAPI, client: TestClient, services: Services) -> None:
    client.post("/api/v1/ask", json={"question": "Where do elephants sleep?"})
    propose(services, EXPENSES, "30 days", "45 days")
    app.dependency_overrides[current_viewer] = lambda: READER
    told = client.get("/api/v1/health").text
    assert "people/" not in told
    assert "Pay" not in told
    assert "elephants" not in told
    app.dependency_overrides[current_viewer] = lambda: ANONYMOUS
    pages = {row["page"] for part in parts(client).values() for row in part["rows"]}
    assert pages <= {EXPENSES}
