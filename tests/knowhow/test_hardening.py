"""What a hostile page, file or request cannot do."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from knowhow.services import Services
from tests.knowhow.handbook import EXPENSES


@pytest.mark.parametrize(
    "path", ["/app/search", "/api/v1/search?q=x", "/api/openapi.json", "/docs/errors", "/healthz", "/", "/nothing/"]
)
def test_every_answer_says_who_may_frame_it_and_keeps_its_type(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_of_the_site_sends_no_form_anywhere(client: TestClient) -> None:
    assert "form-action 'none'" in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "name", ["a.shtml", "a.svgz", "a.xht", "a.xpdl", "a.html", "a.svg", "a.xml", "a.mht", "a.hta", "a.wsf", "a", "a.unheard-of"]
)
def test_an_attached_file_that_could_run_scripts_is_sandboxed(client: TestClient, services: Services, name: str) -> None:
    (services.workspace.docs_dir / name).write_text("<script>alert(1)</script>")
    response = client.get(f"/{name}")
    assert response.status_code == 404 or response.headers["content-security-policy"] == "sandbox"


@pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.csv", "a.mp4"])
def test_an_attached_file_that_runs_nothing_is_not(client: TestClient, services: Services, name: str) -> None:
    (services.workspace.docs_dir / name).write_bytes(b"x")
    assert "sandbox" not in client.get(f"/{name}").headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json", ""])
def test_an_update_of_a_type_that_any_page_can_send_is_refused(client: TestClient, kind: str) -> None:
    body = b'{"text": "The printer is on floor 3."}'
    assert client.post("/api/v1/updates", content=body, headers={"Content-Type": kind}).status_code == 422
    assert (
        client.post("/api/v1/updates", content=body, headers={"Content-Type": "application/json; charset=utf-8"}).status_code
        == 202
    )


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:9", "https://localhost", "http://evil.example", "null", "http://localhost.evil.example", "http://[", ""],
)
def test_no_other_origin_writes_or_opens_a_page_s_channel(client: TestClient, origin: str) -> None:
    client.base_url = "http://localhost"
    headers = {"Origin": origin}
    assert client.post("/api/v1/updates", json={"text": "x y z"}, headers=headers).status_code == 403
    channel = client.get("/app/_nicegui_ws/socket.io/?EIO=4&transport=polling", headers=headers)
    assert channel.status_code == 403
    assert "access-control-allow-origin" not in channel.headers
    assert client.post("/api/v1/updates", json={"text": "x y z"}, headers={"Origin": "http://localhost"}).status_code == 202
    assert client.post("/api/v1/updates", json={"text": "x y z"}, headers={"Origin": "http://LOCALHOST:80"}).status_code == 202


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59Z",
        "1969-12-31T00:00:00Z",
    ],
)
def test_a_time_at_the_ends_of_the_calendar_is_refused(client: TestClient, at: str) -> None:
    assert client.post("/api/v1/updates", json={"text": "x y z", "occurred_at": at}).status_code == 422


def test_a_time_without_a_zone_is_utc(client: TestClient) -> None:
    sent = client.post("/api/v1/updates", json={"text": "Something of March.", "occurred_at": "2026-03-01T10:00:00"}).json()[
        "id"
    ]
    assert client.get(f"/api/v1/updates/{sent}").json()["occurred_at"].startswith("2026-03-01T10:00:00")


@pytest.mark.parametrize("cursor", ["²", "٣", "9" * 40, "-1", "1.0"])
def test_a_cursor_that_was_not_made_here_is_refused(client: TestClient, cursor: str) -> None:
    import base64

    made = base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
    for given in (cursor, made):
        assert client.get(f"/api/v1/pages/{EXPENSES}/history", params={"cursor": given}).status_code == 422


@pytest.mark.parametrize("path", ["/api/v1/broken", "/app/broken", "/broken"])
def test_an_answer_to_a_bug_is_protected_as_any_other(app: FastAPI, client: TestClient, path: str) -> None:
    def broken() -> None:
        raise RuntimeError("a bug")

    good = client.get(f"{path}-not")
    app.add_api_route(path, broken)
    answer = client.get(path)
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal-error"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    for name in ("x-content-type-options", "referrer-policy"):
        assert answer.headers[name] == good.headers[name]
