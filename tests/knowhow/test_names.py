"""Names of pages over the API and on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from knowhow.cli import app as cli
from knowhow.server import create_app
from knowhow.services import opened
from tests.knowhow.handbook import BASE, git

NEW = {"If-None-Match": "*"}


@pytest.mark.parametrize("path", ["con.md", "a:b.md", "trail .md", "ops/Backups.md", "OPS/new.md", "a%3Fb.md"])
def test_a_name_that_a_clone_could_not_hold_is_refused(client: TestClient, path: str) -> None:
    put = client.put(f"/api/v1/pages/{path}", json={"text": "Text.\n"}, headers=NEW)
    assert (put.status_code, put.json()["code"]) == (422, "invalid-input")
    assert put.json()["hint"]
    etag = client.get("/api/v1/pages/index.md").headers["etag"]
    to = path.replace("%3F", "?")
    move = client.post("/api/v1/pages/index.md/move", json={"to": to}, headers={"If-Match": etag})
    assert (move.status_code, move.json()["code"]) == (422, "invalid-input")


def test_a_page_answers_to_its_name_in_either_normal_form(root: Path) -> None:
    there, asked = "A\u0308nderung.md", "\u00c4nderung.md"
    (root / "content" / there).write_text("# What changes\n")
    (root / "content/links.md").write_text(f"# Links\n\n[changes]({asked})\n")
    git(root, "add", ".")
    git(root, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-qm", "Add")
    with opened(root) as services:
        client = TestClient(create_app(services, with_ui=False), base_url=BASE, raise_server_exceptions=False)
        page = client.get(f"/api/v1/pages/{asked}")
        assert (page.status_code, page.json()["path"]) == (200, there)
        assert len(client.get(f"/api/v1/pages/{asked}/history").json()["items"]) == 1
        assert [item["page"] for item in client.get(f"/api/v1/pages/{asked}/backlinks").json()["items"]] == ["links.md"]
        assert client.get("/\u00c4nderung/").status_code == 200
        put = client.put(f"/api/v1/pages/{asked}", json={"text": "# New\n"}, headers={"If-Match": page.headers["etag"]})
        assert (put.status_code, put.json()["path"]) == (200, there)
        assert client.put(f"/api/v1/pages/{asked}", json={"text": "# New\n"}, headers=NEW).status_code == 422
    for command in (["show"], ["history"], ["backlinks"], ["move", "other.md"], ["delete"]):
        name = "other.md" if command[0] == "delete" else asked
        result = CliRunner().invoke(cli, ["page", command[0], name, *command[1:], "-w", str(root)])
        assert result.exit_code == 0, (command, result.output)


def test_the_command_line_refuses_such_a_name_too(root: Path) -> None:
    result = CliRunner().invoke(cli, ["page", "write", "nul.md", "-w", str(root)], input="Text.\n")
    assert result.exit_code == 2
    assert "device on Windows" in result.stderr
