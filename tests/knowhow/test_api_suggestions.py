"""Suggestions and flags over HTTP: listed, shown, accepted, rejected, closed; for the viewer who asks."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowhow.access import current_viewer
from knowhow.services import Services
from tests.knowhow.handbook import EXPENSES, LEADER, PAGES, READER, commits, git, propose
from wiki.review.flags import FlagDraft
from wiki.review.suggestion import SuggestionEvidence

URL = "/api/v1/suggestions"
FIELDS = {"id", "page", "section", "action", "base_revision", "diff", "new_text", "reason", "confidence", "evidence", "status"}


def test_a_suggestion_has_the_whole_new_page_a_diff_and_its_evidence(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    body = client.get(f"{URL}/{made.id}").json()
    assert set(body) >= FIELDS
    assert body["new_text"] == PAGES[EXPENSES].replace("30 days", "45 days")
    assert body["diff"].startswith(f"--- a/{EXPENSES}\n+++ b/{EXPENSES}\n@@ ")
    assert "-Hand in expenses within 30 days" in body["diff"]
    assert "+Hand in expenses within 45 days" in body["diff"]
    assert body["evidence"] == [{"update": "01UPDATE", "quote": "45 days", "author": "Maya", "at": None}]
    assert (body["page"], body["action"], body["status"], body["confidence"]) == (EXPENSES, "edit", "open", 0.75)
    assert body["base_revision"] == git(services.workspace.root, "rev-parse", "HEAD")


def test_suggestions_are_listed_by_status_and_page_in_parts(client: TestClient, services: Services) -> None:
    made = [propose(services, EXPENSES, "30 days", f"{days} days").id for days in (40, 41, 42)]
    other = propose(services, "ops/backups.md", "hourly", "daily").id
    client.post(f"{URL}/{made[0]}/reject", json={"reason": "No."})

    def ids(**params: object) -> tuple[list[str], str | None]:
        body = client.get(URL, params=params).json()  # type: ignore[arg-type]
        assert set(body) == {"items", "next"}
        return [item["id"] for item in body["items"]], body["next"]

    assert ids() == ([*made, other], None)
    assert ids(status="open") == ([*made[1:], other], None)
    assert ids(status="rejected") == ([made[0]], None)
    assert ids(page=EXPENSES, status="open") == (made[1:], None)
    first, cursor = ids(limit=3)
    assert first == made
    assert cursor is not None
    assert ids(limit=3, cursor=cursor) == ([other], None)
    assert ids(limit=2, status="open", cursor=ids(limit=2, status="open")[1]) == ([other], None)


@pytest.mark.parametrize(
    "params", [{"status": "sleeping"}, {"limit": 0}, {"limit": 201}, {"cursor": "?"}, {"cursor": "gA"}, {"cursor": "é"}]
)
def test_what_a_list_cannot_use_is_refused(reading: TestClient, params: dict[str, str]) -> None:
    response = reading.get(URL, params=params)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["code"] == "invalid-input"


def test_an_accepted_suggestion_is_one_commit_by_its_reviewer_and_shown_everywhere(
    client: TestClient, services: Services
) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days", update="01AAA")
    response = client.post(f"{URL}/{made.id}/accept", json={})
    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "accepted"
    head = git(services.workspace.root, "rev-parse", "HEAD")
    assert body["revision"] == head
    assert git(services.workspace.root, "log", "-1", "--format=%an <%ae>") == "Mia Meyer <mia@example.org>"
    message = commits(services.workspace.root, EXPENSES)[0]
    assert f"Suggestion: {made.id}" in message
    assert "Update: 01AAA" in message
    assert "It changed." in message
    assert "45 days" in client.get(f"/api/v1/pages/{EXPENSES}").json()["text"]
    assert "45" in client.get("/api/v1/search", params={"q": "45 days of the purchase"}).json()["hits"][0]["snippet"]
    assert "45 days" in client.get("/policies/expenses/").text
    assert client.get(f"{URL}/{made.id}").json()["diff"] == body["diff"] != ""


def test_an_accepted_suggestion_is_undone_once(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    assert client.post(f"{URL}/{made.id}/undo").status_code == 422
    client.post(f"{URL}/{made.id}/accept")
    undone = client.post(f"{URL}/{made.id}/undo").json()
    assert (undone["status"], undone["decision_reason"].startswith("Undone by ")) == ("accepted", True)
    assert client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] == PAGES[EXPENSES]
    assert client.post(f"{URL}/{made.id}/undo").status_code == 422


def test_a_suggestion_is_accepted_without_a_body_too(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    assert client.post(f"{URL}/{made.id}/accept").json()["status"] == "accepted"


def test_a_suggested_page_is_added(client: TestClient, services: Services) -> None:
    made = propose(services, "policies/travel.md", "", "# Travel\n\nBy train.\n")
    assert client.get(f"{URL}/{made.id}").json()["action"] == "new_page"
    assert client.post(f"{URL}/{made.id}/accept").json()["status"] == "accepted"
    assert "By train" in client.get("/policies/travel/").text


def test_one_hunk_of_two_is_accepted(client: TestClient, services: Services) -> None:
    text = PAGES[EXPENSES].replace("30 days", "45 days")
    made = propose(services, EXPENSES, PAGES[EXPENSES], text.replace("500 euros", "800 euros"))
    body = client.post(f"{URL}/{made.id}/accept", json={"hunks": [1]}).json()
    assert body["status"] == "accepted"
    assert body["new_text"] == PAGES[EXPENSES].replace("500 euros", "800 euros")
    assert client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] == body["new_text"]


@pytest.mark.parametrize("hunks", [[], [7], [-1]])
def test_accepting_no_hunk_is_refused_and_the_suggestion_stays_open(
    client: TestClient, services: Services, hunks: list[int]
) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    response = client.post(f"{URL}/{made.id}/accept", json={"hunks": hunks})
    assert (response.status_code, response.json()["code"]) == (422, "invalid-input")
    assert client.get(f"{URL}/{made.id}").json()["status"] == "open"


def test_an_edited_text_is_what_is_committed(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    text = PAGES[EXPENSES].replace("30 days", "six weeks")
    body = client.post(f"{URL}/{made.id}/accept", json={"text": text}).json()
    assert (body["status"], body["new_text"]) == ("accepted", text)
    assert client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] == text


def test_a_rejection_keeps_its_reason_and_the_page(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    for reason in ("", "   "):
        refused = client.post(f"{URL}/{made.id}/reject", json={"reason": reason})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-input")
    body = client.post(f"{URL}/{made.id}/reject", json={"reason": " It was a joke. "}).json()
    assert (body["status"], body["decision_reason"], body["decided_by"]) == ("rejected", "It was a joke.", "Mia Meyer")
    assert client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] == PAGES[EXPENSES]


def test_what_was_decided_is_not_decided_again(client: TestClient, services: Services) -> None:
    accepted = propose(services, EXPENSES, "30 days", "45 days").id
    rejected = propose(services, "ops/backups.md", "hourly", "daily").id
    client.post(f"{URL}/{accepted}/accept")
    client.post(f"{URL}/{rejected}/reject", json={"reason": "No."})
    before = git(services.workspace.root, "rev-parse", "HEAD")
    for decided in (accepted, rejected):
        for act, body in (("accept", {}), ("reject", {"reason": "No."})):
            response = client.post(f"{URL}/{decided}/{act}", json=body)
            assert (response.status_code, response.json()["code"]) == (409, "already-decided")
    assert git(services.workspace.root, "rev-parse", "HEAD") == before


def test_a_conflict_shows_every_side_and_an_edited_text_settles_it(client: TestClient, services: Services) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    revision = client.get(f"/api/v1/pages/{EXPENSES}").json()["revision"]
    theirs = PAGES[EXPENSES].replace("30 days", "20 days")
    client.put(f"/api/v1/pages/{EXPENSES}", json={"text": theirs}, headers={"If-Match": revision})
    assert client.get(f"{URL}/{made.id}").json()["conflict"] is True
    response = client.post(f"{URL}/{made.id}/accept")
    body = response.json()
    assert (response.status_code, response.headers["content-type"]) == (409, "application/problem+json")
    assert body["code"] == "edit-conflict"
    assert (body["base"], body["theirs"]) == (PAGES[EXPENSES], theirs)
    assert body["ours"] == PAGES[EXPENSES].replace("30 days", "45 days")
    assert "<<<<<<<" in body["merged"]
    assert body["revision"] == git(services.workspace.root, "rev-parse", "HEAD")
    settled = theirs.replace("20 days", "45 days")
    assert client.post(f"{URL}/{made.id}/accept", json={"text": settled}).json()["status"] == "accepted"
    assert client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] == settled


def test_a_suggestion_on_a_restricted_page_exists_for_its_group_alone(
    app: FastAPI, client: TestClient, services: Services
) -> None:
    secret = propose(services, "people/pay.md", "March", "April").id
    shown = propose(services, EXPENSES, "30 days", "45 days").id
    app.dependency_overrides[current_viewer] = lambda: READER
    hidden, missing = client.get(f"{URL}/{secret}"), client.get(f"{URL}/none")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == {**missing.json(), "detail": missing.json()["detail"].replace("none", secret)}
    assert [item["id"] for item in client.get(URL).json()["items"]] == [shown]
    assert client.get(URL, params={"page": "people/pay.md"}).json() == {"items": [], "next": None}
    app.dependency_overrides[current_viewer] = lambda: LEADER
    assert client.get(f"{URL}/{secret}").status_code == 200
    assert [item["id"] for item in client.get(URL).json()["items"]] == [secret, shown]


@pytest.mark.parametrize(("act", "body"), [("accept", {}), ("reject", {"reason": "No."})])
def test_a_reader_decides_nothing(app: FastAPI, client: TestClient, services: Services, act: str, body: object) -> None:
    made = propose(services, EXPENSES, "30 days", "45 days")
    app.dependency_overrides[current_viewer] = lambda: READER
    response = client.post(f"{URL}/{made.id}/{act}", json=body)
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")
    assert client.get(f"{URL}/{made.id}").json()["status"] == "open"


@pytest.mark.parametrize("path", ["", "/accept", "/reject"])
def test_a_suggestion_that_is_not_there_is_not_found(reading: TestClient, path: str) -> None:
    response = reading.request("POST" if path else "GET", f"{URL}/none{path}", json={"reason": "x"} if "rej" in path else None)
    assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_flags_are_listed_shown_and_closed_by_who_may_read_the_page(
    app: FastAPI, client: TestClient, services: Services
) -> None:
    evidence = (SuggestionEvidence(update="01AAA", quote="It is 45 days now", author="Maya"),)
    made = [
        services.flags.raise_flag(FlagDraft(page_path=page, section="deadline", kind=kind, evidence=evidence)).id
        for page, kind in ((EXPENSES, "contradicted"), (EXPENSES, "outdated"), ("people/pay.md", "outdated"))
    ]
    body = client.get(f"/api/v1/flags/{made[0]}").json()
    assert set(body) >= {"id", "page", "kind", "since", "evidence"}
    assert (body["page"], body["kind"]) == (EXPENSES, "contradicted")
    assert body["since"].endswith(("Z", "+00:00"))
    assert body["evidence"] == [{"update": "01AAA", "quote": "It is 45 days now", "author": "Maya", "at": None}]

    def ids(**params: object) -> list[str]:
        return [item["id"] for item in client.get("/api/v1/flags", params=params).json()["items"]]  # type: ignore[arg-type]

    assert ids() == made
    assert ids(page=EXPENSES) == made[:2]
    part = client.get("/api/v1/flags", params={"limit": 2}).json()
    assert client.get("/api/v1/flags", params={"limit": 2, "cursor": part["next"]}).json()["items"][0]["id"] == made[2]
    app.dependency_overrides[current_viewer] = lambda: READER
    assert ids() == made[:2]
    assert client.get(f"/api/v1/flags/{made[2]}").status_code == 404
    assert client.post(f"/api/v1/flags/{made[0]}/close").status_code == 403
    app.dependency_overrides[current_viewer] = lambda: LEADER
    assert ids() == made
    assert client.post(f"/api/v1/flags/{made[0]}/close").json()["status"] == "closed"
    assert ids() == made[1:]
