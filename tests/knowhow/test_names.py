"""Names of pages over the API and on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from knowhow.cli import app as cli

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


def test_the_command_line_refuses_such_a_name_too(root: Path) -> None:
    result = CliRunner().invoke(cli, ["page", "write", "nul.md", "-w", str(root)], input="Text.\n")
    assert result.exit_code == 2
    assert "device on Windows" in result.stderr
