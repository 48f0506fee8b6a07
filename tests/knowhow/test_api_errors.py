"""Writing pages over HTTP, every error as a problem, the guard of the loopback, probes, and the live site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowhow.access import current_viewer
from knowhow.services import Services
from tests.knowhow.handbook import BASE, EXPENSES, PAGES, READER, commits, git

PAGE = f"/api/v1/pages/{EXPENSES}"
PROBLEM = {"type", "title", "status", "code", "detail", "hint"}


def test_a_page_is_written_on_its_revision(client: TestClient, services: Services) -> None:
    etag = client.get(PAGE).headers["etag"]
    text = PAGES[EXPENSES].replace("30 days", "45 days")
    response = client.put(PAGE, json={"text": text, "message": "Longer deadline"}, headers={"If-Match": etag})
    assert response.status_code == 200
    head = git(services.workspace.root, "rev-parse", "HEAD")
    assert response.json() == {"path": EXPENSES, "revision": head, "merged": False}
    assert response.headers["etag"] == f'"{head}"'
    assert git(services.workspace.root, "log", "-1", "--format=%an|%s") == "Mia Meyer|Longer deadline"
    assert (services.workspace.docs_dir / EXPENSES).read_text() == text


def test_edits_of_different_lines_are_merged_and_of_the_same_line_refused_with_every_side(client: TestClient) -> None:
    etag = client.get(PAGE).headers["etag"]
    client.put(PAGE, json={"text": PAGES[EXPENSES].replace("30 days", "45 days")}, headers={"If-Match": etag})
    other = client.put(PAGE, json={"text": PAGES[EXPENSES].replace("500 euros", "800 euros")}, headers={"If-Match": etag})
    assert other.json()["merged"] is True
    theirs = client.get(PAGE).json()
    assert "45 days" in theirs["text"]
    assert "800 euros" in theirs["text"]
    ours = PAGES[EXPENSES].replace("30 days", "10 days")
    refused = client.put(PAGE, json={"text": ours}, headers={"If-Match": etag})
    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "edit-conflict")
    assert set(body) == PROBLEM | {"base", "theirs", "ours", "merged", "revision"}
    assert (body["base"], body["theirs"], body["ours"]) == (PAGES[EXPENSES], theirs["text"], ours)
    assert body["revision"] == theirs["revision"]
    assert client.get(PAGE).json() == theirs


def test_a_page_is_created_only_where_there_is_none(client: TestClient, services: Services) -> None:
    new = {"text": "# Travel\n\nBy train.\n"}
    created = client.put("/api/v1/pages/policies/travel.md", json=new, headers={"If-None-Match": "*"})
    assert created.status_code == 200
    assert commits(services.workspace.root, "policies/travel.md") == ["Add policies/travel.md"]
    again = client.put("/api/v1/pages/policies/travel.md", json=new, headers={"If-None-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "stale-revision")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", PAGE, {"text": "x"}), ("DELETE", PAGE, None), ("POST", f"{PAGE}/move", {"to": "policies/new.md"})],
)
def test_writing_needs_a_revision_and_the_newest_where_nothing_is_merged(
    client: TestClient, method: str, path: str, body: object
) -> None:
    refused = client.request(method, path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (428, "precondition-required")
    for unusable in ("HEAD", "-p", "main~1", "*", "zz"):
        wrong = client.request(method, path, json=body, headers={"If-Match": f'"{unusable}"'})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-input"), unusable
    unknown = client.request(method, path, json=body, headers={"If-Match": f'"{"a" * 40}"'})
    assert unknown.status_code == 409
    assert client.get(PAGE).json()["text"] == PAGES[EXPENSES]


def test_a_page_moves_with_the_links_to_it_and_is_deleted(client: TestClient, services: Services) -> None:
    etag = client.get(PAGE).headers["etag"]
    moved = client.post(f"{PAGE}/move", json={"to": "money/expenses.md"}, headers={"If-Match": etag})
    assert moved.json()["path"] == "money/expenses.md"
    assert "(money/expenses.md)" in client.get("/api/v1/pages/index.md").json()["text"]
    assert client.get(PAGE).status_code == 404
    history = client.get("/api/v1/pages/money/expenses.md/history").json()["items"]
    assert [item["message"] for item in history][-1] == "Write the first pages"
    stale = client.delete("/api/v1/pages/money/expenses.md", headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale-revision")
    gone = client.delete("/api/v1/pages/money/expenses.md", headers={"If-Match": f'"{moved.json()["revision"]}"'})
    assert gone.status_code == 200
    assert not (services.workspace.docs_dir / "money").exists()
    assert "expenses" not in {hit["page"] for hit in client.get("/api/v1/search", params={"q": "expenses"}).json()["hits"]}


@pytest.mark.parametrize(
    "path",
    ["../mkdocs.yml", "..%2Fmkdocs.yml", "a/../../x.md", "%2Fetc%2Fpasswd.md", "a%00.md", "plan.txt", ".git/x.md", "a\\b.md"],
)
def test_a_path_that_is_no_page_is_neither_read_nor_written(client: TestClient, services: Services, path: str) -> None:
    before = git(services.workspace.root, "rev-parse", "HEAD")
    for response in (
        client.get(f"/api/v1/pages/{path}"),
        client.put(f"/api/v1/pages/{path}", json={"text": "x"}, headers={"If-None-Match": "*"}),
    ):
        assert response.status_code in (404, 405, 422), response.text
        assert response.headers["content-type"] == "application/problem+json"
    assert git(services.workspace.root, "rev-parse", "HEAD") == before
    assert git(services.workspace.root, "status", "--porcelain") == ""


def test_a_reader_writes_no_page(app: FastAPI, client: TestClient) -> None:
    etag = client.get(PAGE).headers["etag"]
    app.dependency_overrides[current_viewer] = lambda: READER
    for method, path, body in (("PUT", PAGE, {"text": "x"}), ("DELETE", PAGE, None), ("POST", f"{PAGE}/move", {"to": "x.md"})):
        response = client.request(method, path, json=body, headers={"If-Match": etag})
        assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/none", 404),
        ("POST", "/api/v1/none", 404),
        ("GET", "/api/none", 404),
        ("GET", "/api/v1/pages/none.md", 404),
        ("GET", "/api/v1/flags/none", 404),
        ("POST", "/api/v1/search", 405),
        ("GET", "/api/v1/ask", 405),
        ("DELETE", "/api/v1/suggestions/x/accept", 405),
        ("PATCH", PAGE, 405),
        ("DELETE", "/metrics", 405),
        ("POST", "/policies/expenses/", 405),
        ("GET", "/api/v1/search?limit=many", 422),
        ("POST", "/api/v1/ask", 422),
    ],
)
def test_every_refusal_is_a_problem_with_a_code_that_is_documented(
    reading: TestClient, method: str, path: str, status: int
) -> None:
    response = reading.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) >= PROBLEM
    assert (body["status"], body["type"]) == (status, f"/docs/errors#{body['code']}")
    documented = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()
    assert f"## {body['code']}\n" in documented
    assert re.search(rf'id="{body["code"]}"', reading.get("/docs/errors").text)
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7", "[::2]", ""])
@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/healthz"])
def test_another_host_name_is_refused(reading: TestClient, host: str, path: str) -> None:
    response = reading.get(path, headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "localhost:9000", "127.8.9.1", "[::1]:8080"])
def test_this_machines_own_names_are_answered(reading: TestClient, host: str) -> None:
    assert reading.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "http://127.0.0.1:8080.evil.example", "https://[::1", ""]
)
def test_a_page_of_another_origin_writes_nothing(reading: TestClient, origin: str) -> None:
    response = reading.post("/api/v1/updates", json={"text": "Expenses: 99 days"}, headers={"Origin": origin})
    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")
    assert reading.get("/api/v1/updates").json()["items"] == []


def test_the_sites_own_pages_write(client: TestClient) -> None:
    assert client.post("/api/v1/updates", json={"text": "Expenses: 99 days"}, headers={"Origin": BASE}).status_code == 202


def test_the_probes_answer(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.head("/healthz").status_code == 200
    starting = client.get("/readyz")
    assert (starting.status_code, starting.json()) == (503, {"status": "starting", "embeddings": {"done": 0, "pages": 0}})
    figures = client.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert f"knowhow_pages {len(PAGES)}.0" in figures.text
    assert "knowhow_open_suggestions 0.0" in figures.text
    assert EXPENSES not in figures.text


def test_the_live_site_gives_pages_assets_redirects_and_its_own_404(client: TestClient) -> None:
    page = client.get("/policies/expenses/")
    assert page.status_code == 200
    assert "within 30 days" in page.text
    assert "content-security-policy" in page.headers
    assert client.get("/policies/expenses/", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    assert client.head("/policies/expenses/").status_code == 200
    assert client.get("/plan.txt").text == "A file beside the pages.\n"
    redirect = client.get("/policies/expenses?x=1", follow_redirects=False)
    assert (redirect.status_code, redirect.headers["location"]) == (307, "/policies/expenses/?x=1")
    missing = client.get("/none/", headers={"Accept": "text/html"})
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    bare = client.get("/none.png", headers={"Accept": "image/png"})
    assert (bare.status_code, bare.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/.knowhow/knowhow.db", "/../mkdocs.yml", "/%2e%2e/mkdocs.yml", "/.git/config"])
def test_the_live_site_gives_nothing_but_the_site(reading: TestClient, path: str) -> None:
    assert reading.get(path, headers={"Accept": "*/*"}).status_code == 404
