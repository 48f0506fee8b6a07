"""GET /search, POST /ask, GET /pages: the shapes of the contract, for the viewer who asks."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowhow.access import current_viewer
from knowhow.services import Services
from tests.knowhow.handbook import EXPENSES, LEADER, PAGES, READER, events_of, git


def test_search_gives_hits_total_and_time(reading: TestClient) -> None:
    response = reading.get("/api/v1/search", params={"q": "deadline for expenses"})
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"hits", "total", "took_ms"}
    hit = body["hits"][0]
    assert set(hit) == {"page", "title", "section", "anchor", "kind", "score", "snippet", "stale"}
    assert (hit["page"], hit["title"], hit["section"], hit["anchor"], hit["kind"]) == (
        EXPENSES,
        "Expenses",
        "Deadline",
        "deadline",
        "policy",
    )
    assert isinstance(hit["score"], float)
    assert hit["stale"] is False
    assert "<mark>" in hit["snippet"]
    assert set(re.findall(r"</?\w+>", hit["snippet"])) <= {"<mark>", "</mark>"}
    assert body["total"] >= len(body["hits"])
    assert isinstance(body["took_ms"], float)


def test_search_filters_by_kind_owner_and_tag_and_keeps_the_limit(reading: TestClient) -> None:
    def pages(**params: object) -> set[str]:
        response = reading.get("/api/v1/search", params={"q": "lead finance backups", **params})  # type: ignore[dict-item]
        return {hit["page"] for hit in response.json()["hits"]}

    assert pages(kind="procedure") == {"ops/backups.md"}
    assert pages(owner="finance-lead") == {EXPENSES}
    assert pages(tag="money") == {EXPENSES}
    assert len(reading.get("/api/v1/search", params={"q": "lead", "limit": 1}).json()["hits"]) == 1


@pytest.mark.parametrize("q", ["", "(", '"', "kind:", "a AND", "[* TO", "deadline~~", "\\", "\x00", "€" * 2000, "title:^^"])
def test_free_text_is_never_an_error(reading: TestClient, q: str) -> None:
    response = reading.get("/api/v1/search", params={"q": q})
    assert response.status_code == 200
    assert set(response.json()) == {"hits", "total", "took_ms"}


def test_search_shows_a_restricted_page_to_its_group_alone(app: FastAPI, client: TestClient) -> None:
    app.dependency_overrides[current_viewer] = lambda: READER
    hidden = client.get("/api/v1/search", params={"q": "raises march"}).json()
    app.dependency_overrides[current_viewer] = lambda: LEADER
    shown = client.get("/api/v1/search", params={"q": "raises march"}).json()
    assert (hidden["hits"], hidden["total"]) == ([], 0)
    assert [hit["page"] for hit in shown["hits"]] == ["people/pay.md"]


def test_an_answer_has_citations_with_their_revision(client: TestClient, services: Services) -> None:
    response = client.post("/api/v1/ask", json={"question": "How many days do I have to hand in expenses?"})
    assert response.status_code == 200
    body = response.json()
    assert set(body) >= {"answer", "answered", "citations", "model", "conversation", "took_ms"}
    assert body["answered"] is True
    assert body["model"] is None
    assert "30 days" in body["answer"]
    citation = body["citations"][0]
    assert set(citation) == {"page", "section", "anchor", "quote", "revision"}
    assert (citation["page"], citation["section"], citation["anchor"]) == (EXPENSES, "Deadline", "deadline")
    assert citation["quote"] in PAGES[EXPENSES]
    assert citation["revision"] == git(services.workspace.root, "rev-parse", "HEAD")


def test_what_the_pages_do_not_say_is_not_answered(reading: TestClient) -> None:
    body = reading.post("/api/v1/ask", json={"question": "What is the wifi password of the cantina?"}).json()
    assert body["answered"] is False
    assert body["citations"] == []
    assert "not in the handbook" in body["answer"]


def test_a_conversation_goes_on(client: TestClient) -> None:
    first = client.post("/api/v1/ask", json={"question": "How often do backups run?"}).json()
    again = client.post("/api/v1/ask", json={"question": "And how long are they kept?", "conversation": first["conversation"]})
    assert again.json()["conversation"] == first["conversation"]
    assert "ninety days" in again.json()["answer"]


def test_a_conversation_of_somebody_else_is_not_found(app: FastAPI, client: TestClient) -> None:
    mine = client.post("/api/v1/ask", json={"question": "How often do backups run?"}).json()["conversation"]
    app.dependency_overrides[current_viewer] = lambda: READER
    response = client.post("/api/v1/ask", json={"question": "And then?", "conversation": mine})
    assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_an_answer_is_streamed_as_events_the_last_with_the_whole(client: TestClient) -> None:
    response = client.post(
        "/api/v1/ask", json={"question": "How often do backups run?"}, headers={"Accept": "text/event-stream"}
    )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert set(names) == {"token", "citation", "done"}
    assert names[-1] == "done"
    whole = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "token") == whole["answer"]
    assert [data for name, data in events if name == "citation"] == whole["citations"]
    assert set(whole) >= {"answer", "answered", "citations", "model", "conversation", "took_ms"}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("body", [{"question": "   "}, {"question": "x" * 3000}])
def test_a_question_that_cannot_be_used_is_refused_before_anything_is_sent(
    reading: TestClient, accept: str, body: dict[str, str]
) -> None:
    response = reading.post("/api/v1/ask", json=body, headers={"Accept": accept})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "invalid-input"


def test_an_unknown_conversation_is_not_found_also_when_streaming(reading: TestClient) -> None:
    response = reading.post(
        "/api/v1/ask", json={"question": "And then?", "conversation": "nope"}, headers={"Accept": "text/event-stream"}
    )
    assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_a_page_comes_whole_with_its_revision_as_etag(client: TestClient, services: Services) -> None:
    response = client.get(f"/api/v1/pages/{EXPENSES}")
    body = response.json()
    head = git(services.workspace.root, "rev-parse", "HEAD")
    assert set(body) >= {"path", "title", "kind", "owner", "reviewed", "visibility", "text", "revision", "problems"}
    assert body["text"] == PAGES[EXPENSES]
    assert (body["path"], body["revision"], body["reviewed"]) == (EXPENSES, head, "2026-10-02")
    assert response.headers["etag"] == f'"{head}"'


def test_reading_commits_nothing_and_an_outside_edit_can_still_be_edited_further(
    client: TestClient, services: Services
) -> None:
    root, page = services.workspace.root, f"/api/v1/pages/{EXPENSES}"
    (services.workspace.docs_dir / EXPENSES).write_text(PAGES[EXPENSES].replace("30 days", "31 days"))
    head = git(root, "rev-parse", "HEAD")
    body = client.get(page).json()
    assert "31 days" in body["text"]
    assert git(root, "rev-parse", "HEAD") == head
    saved = client.put(page, json={"text": body["text"].replace("31 days", "32 days")}, headers={"If-Match": body["revision"]})
    assert saved.json()["merged"] is False
    assert git(root, "log", "-2", "--format=%s").splitlines()[1] == "Outside edit"
    assert "31 days" in git(root, "show", f"HEAD~1:content/{EXPENSES}")
    assert "32 days" in git(root, "show", f"HEAD:content/{EXPENSES}")


def test_a_page_that_may_not_be_read_does_not_exist(app: FastAPI, client: TestClient) -> None:
    for path in ("people/pay.md", "people/pay.md/history"):
        app.dependency_overrides[current_viewer] = lambda: READER
        hidden = client.get(f"/api/v1/pages/{path}")
        missing = client.get(f"/api/v1/pages/{path.replace('pay', 'none')}")
        assert hidden.status_code == 404
        assert hidden.json() == {**missing.json(), "detail": missing.json()["detail"].replace("none", "pay")}
        app.dependency_overrides[current_viewer] = lambda: LEADER
        assert client.get(f"/api/v1/pages/{path}").status_code == 200


def test_history_is_a_list_with_authors_times_and_trailers(client: TestClient, services: Services) -> None:
    revision = client.get(f"/api/v1/pages/{EXPENSES}").json()["revision"]
    for days in ("40", "45"):
        text = PAGES[EXPENSES].replace("30 days", f"{days} days")
        saved = client.put(
            f"/api/v1/pages/{EXPENSES}", json={"text": text, "message": f"Now {days}"}, headers={"If-Match": revision}
        )
        revision = saved.json()["revision"]
    first = client.get(f"/api/v1/pages/{EXPENSES}/history", params={"limit": 2}).json()
    assert [item["message"] for item in first["items"]] == ["Now 45", "Now 40"]
    assert set(first["items"][0]) == {"revision", "author", "at", "message", "trailers"}
    assert first["items"][0]["author"] == "Mia Meyer"
    assert datetime.fromisoformat(first["items"][0]["at"]).utcoffset() is not None
    rest = client.get(f"/api/v1/pages/{EXPENSES}/history", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["message"] for item in rest["items"]] == ["Write the first pages"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    "text",
    [
        "# Maßnahmen für Büro\n\nText.\n",
        "---\ntitle: Büro\nowner: Jürgen\ntags: [ä]\n---\n\nText.\n",
        "Büro\n====\n\n## Prüfung\n",
    ],
)
def test_a_page_in_an_old_encoding_can_be_read_and_mended(client: TestClient, services: Services, text: str) -> None:
    page = "/api/v1/pages/old.md"
    (services.workspace.docs_dir / "old.md").write_bytes(text.encode("latin-1"))
    got = client.get(page)
    assert got.status_code == 200
    assert "\ufffd" in got.json()["title"] + got.json()["text"]
    for path in (f"{page}/history", f"{page}/backlinks", "/old/"):
        assert client.get(path).status_code == 200
    lost = client.put(page, json={"text": got.json()["text"]}, headers={"If-Match": got.json()["revision"]})
    assert lost.status_code == 422
    mended = client.put(page, json={"text": text}, headers={"If-Match": got.json()["revision"]})
    assert mended.status_code == 200
    assert (services.workspace.docs_dir / "old.md").read_text() == text
