"""Updates over HTTP: a text, files, the same twice, what became of them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ingest.pipeline import run
from knowhow.access import current_viewer
from knowhow.server import create_app
from knowhow.services import Services, open_services
from tests.knowhow.handbook import BASE, EXPENSES, LEADER, READER, viewer
from wiki.access import Level

URL = "/api/v1/updates"
NEWS = "Maya [9:00 AM]: From Monday expenses are to be handed in within 45 days of the purchase, no longer 30 days."
FIXTURES = Path(__file__).parents[1] / "fixtures"
CONTRIBUTOR = viewer("cem", Level.CONTRIBUTOR)


def test_a_text_is_taken_in_and_becomes_a_suggestion(client: TestClient, services: Services) -> None:
    response = client.post(URL, json={"channel": "chat", "text": NEWS, "author": "Maya", "occurred_at": "2026-11-20T09:00:00Z"})
    assert response.status_code == 202
    accepted = response.json()
    assert set(accepted) >= {"id", "status"}
    assert accepted["status"] == "queued"
    before = client.get(f"{URL}/{accepted['id']}").json()
    assert (before["status"], before["entries"], before["suggestions"], before["flags"]) == ("queued", [], [], [])
    run(accepted["id"], services.pipeline)
    after = client.get(f"{URL}/{accepted['id']}").json()
    assert set(after) >= {"id", "status", "entries", "suggestions", "flags"}
    assert after["status"] == "done"
    assert set(after["entries"][0]) == {"id", "kind", "quote", "author", "at"}
    assert after["entries"][0]["kind"] in ("change", "decision")
    assert after["entries"][0]["quote"] in NEWS
    suggestion = client.get(f"/api/v1/suggestions/{after['suggestions'][0]}").json()
    assert (suggestion["page"], suggestion["status"]) == (EXPENSES, "open")
    assert "45 days" in suggestion["new_text"]
    assert suggestion["evidence"][0]["update"] == accepted["id"]


def test_the_same_text_twice_is_one_update(client: TestClient) -> None:
    ids = {client.post(URL, json={"channel": "chat", "text": text}).json()["id"] for text in (NEWS, NEWS, f"  {NEWS}\r\n")}
    assert len(ids) == 1
    assert [item["id"] for item in client.get(URL).json()["items"]] == list(ids)


def test_a_channel_is_note_unless_it_is_said(client: TestClient) -> None:
    sent = client.post(URL, json={"text": "Backups run daily now."}).json()["id"]
    assert client.get(f"{URL}/{sent}").json()["channel"] == "note"


def test_an_update_shows_what_was_left_out(client: TestClient) -> None:
    text = (
        "24/11/2026, 9:13 am - Lena added Omar\n24/11/2026, 9:14 am - Lena: The office opens at 7:30.\n"
        "24/11/2026, 9:15 am - Omar: <Media omitted>"
    )
    sent = client.post(URL, json={"channel": "chat", "text": text}).json()["id"]
    update = client.get(f"{URL}/{sent}").json()
    assert "omitted" not in update["text"]
    assert update["aside"] == [
        {"kind": "system", "text": "Lena added Omar", "author": "", "at": "2026-11-24T09:13:00Z"},
        {"kind": "media", "text": "<Media omitted>", "author": "Omar", "at": "2026-11-24T09:15:00Z"},
    ]
    assert update["notes"] == []


def test_an_update_says_where_its_dates_can_be_read_two_ways(client: TestClient) -> None:
    text = "05/06/26, 9:14 am - Lena: The office opens at 7:30.\n05/06/26, 9:15 am - Omar: ok"
    sent = client.post(URL, json={"channel": "chat", "text": text}).json()["id"]
    update = client.get(f"{URL}/{sent}").json()
    assert update["occurred_at"] == "2026-06-05T09:14:00Z"
    assert update["notes"] == ["Day and month cannot be told apart in its dates (05/06/26): they were read with the day first."]


def test_files_are_taken_in_each_as_what_it_is(client: TestClient) -> None:
    names = ("call.srt", "newsletter.eml", "whatsapp-ios.txt")
    files = [("files", (name, (FIXTURES / "updates" / name).read_bytes())) for name in names]
    response = client.post(URL, files=files, data={"author": "Ola"})
    assert response.status_code == 202
    made = [client.get(f"{URL}/{sent}").json() for sent in response.json()["updates"]]
    assert {item["channel"] for item in made} == {"meeting", "email", "chat"}
    assert response.json()["id"] == made[0]["id"]


def test_a_recording_without_a_speech_model_is_kept_and_fails_with_a_way_forward(
    client: TestClient, services: Services
) -> None:
    memo = sorted((FIXTURES / "speech" / "memos").glob("*.ogg"))[0]
    sent = client.post(URL, files=[("files", (memo.name, memo.read_bytes()))]).json()["id"]
    run(sent, services.pipeline)
    body = client.get(f"{URL}/{sent}").json()
    assert body["status"] == "failed"
    assert "ingest.speech_model" in body["error"]
    kept = services.updates.file(sent)
    assert kept is not None
    assert kept.read_bytes() == memo.read_bytes()


def test_what_looks_like_a_secret_is_not_kept(client: TestClient, services: Services) -> None:
    secret = "AKIA" + "QX7PLM4WZT9RB2VN"
    sent = client.post(URL, json={"text": f"The new key is {secret}, please use it."}).json()["id"]
    assert secret not in client.get(f"{URL}/{sent}").text
    services.database.close()
    assert not [
        path for path in services.workspace.state_dir.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]


def test_updates_are_listed_newest_first_in_parts(client: TestClient) -> None:
    made = [client.post(URL, json={"text": f"The printer is on floor {n} now."}).json()["id"] for n in range(3)]
    first = client.get(URL, params={"limit": 2}).json()
    assert [item["id"] for item in first["items"]] == [made[2], made[1]]
    rest = client.get(URL, params={"limit": 2, "cursor": first["next"]}).json()
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([made[0]], None)
    assert client.get(URL, params={"status": "done"}).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"text": ""}',
        b'{"text": "   "}',
        b'{"text": "x", "channel": "pigeon"}',
        b'{"text": "x", "occurred_at": "yesterday"}',
        b'{"text": "x", "surprise": 1}',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
    ],
)
def test_a_text_that_cannot_be_used_is_refused(reading: TestClient, body: bytes) -> None:
    response = reading.post(URL, content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["code"] == "invalid-input"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"no boundary", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="author"\r\n\r\nOla\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused(reading: TestClient, content: bytes, kind: str) -> None:
    response = reading.post(URL, content=content, headers={"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (422, "invalid-input")


def test_an_empty_file_and_a_program_are_refused(client: TestClient) -> None:
    for name, data in (("empty.txt", b""), ("program.exe", b"MZ\x90\x00\x03" * 50)):
        response = client.post(URL, files=[("files", (name, data))])
        assert (response.status_code, response.json()["code"]) == (422, "invalid-input"), name


def test_an_update_that_is_not_there_is_not_found(reading: TestClient) -> None:
    response = reading.get(f"{URL}/none")
    assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_a_reader_neither_sends_nor_reads_updates(app: FastAPI, client: TestClient) -> None:
    sent = client.post(URL, json={"text": NEWS}).json()["id"]
    app.dependency_overrides[current_viewer] = lambda: READER
    assert client.post(URL, json={"text": "More."}).status_code == 403
    assert client.get(URL).status_code == client.get(f"{URL}/{sent}").status_code == 403
    app.dependency_overrides[current_viewer] = lambda: CONTRIBUTOR
    assert client.get(f"{URL}/{sent}").status_code == 200


def test_an_update_names_only_the_suggestions_that_its_viewer_may_see(
    app: FastAPI, client: TestClient, services: Services
) -> None:
    news = "Decided: raises are decided in April from now on, no longer in March."
    sent = client.post(URL, json={"channel": "meeting", "text": news}).json()["id"]
    run(sent, services.pipeline)
    app.dependency_overrides[current_viewer] = lambda: LEADER
    seen = client.get(f"{URL}/{sent}").json()
    assert len(seen["suggestions"]) + len(seen["flags"]) > 0
    app.dependency_overrides[current_viewer] = lambda: CONTRIBUTOR
    hidden = client.get(f"{URL}/{sent}").json()
    assert (hidden["suggestions"], hidden["flags"]) == ([], [])


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", URL, "application/json"),
        ("POST", URL, "multipart/form-data; boundary=x"),
        ("PUT", f"/api/v1/pages/{EXPENSES}", "application/json"),
        ("POST", "/api/v1/ask", "application/json"),
    ],
)
def test_a_body_over_the_limit_is_refused(root: Path, method: str, path: str, kind: str, chunked: bool) -> None:
    services = open_services(root, {"server.max_upload_mb": 1})
    client = TestClient(create_app(services, with_ui=False), base_url=BASE, raise_server_exceptions=False)
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    parts = [head, *[b"x" * 100_000] * 11]
    response = client.request(
        method,
        path,
        content=iter(parts) if chunked else b"".join(parts),
        headers={"Content-Type": kind, "If-Match": '"x"'},
    )
    services.close()
    assert (response.status_code, response.headers["content-type"]) == (413, "application/problem+json")
    assert response.json()["code"] == "too-large"
