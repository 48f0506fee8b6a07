"""Front matter as people write it, over the API, in search and in the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from knowhow.services import Services
from wiki.editing import check_workspace
from wiki.workspace import Workspace


def write(root: Path, path: str, text: str) -> None:
    file = root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def put(client: TestClient, path: str, text: str) -> Any:
    response = client.put(f"/api/v1/pages/{path}", json={"text": text}, headers={"If-None-Match": "*"})
    assert response.status_code == 200, response.text
    return client.get(f"/api/v1/pages/{path}").json()


@pytest.mark.parametrize("written", ["No", "1.10", "12:30", "007", "yes", "2026-10-02", "1e3", "0x1F", "1_000"])
def test_a_title_and_an_owner_are_shown_as_typed(client: TestClient, written: str) -> None:
    page = put(client, "typed.md", f"---\ntitle: {written}\nowner: {written}\n---\nText.\n")
    assert (page["title"], page["owner"], page["problems"]) == (written, written, [])
    html = client.get("/typed/").text
    assert f"<title>{written} - Handbook</title>" in html
    assert f"<h1>{written}</h1>" in html


@pytest.mark.parametrize("tag", ["no", "1.10", "0815", "12:30", "yes", "2026-10-02", "1e3"])
def test_a_tag_is_found_as_typed(client: TestClient, services: Services, tag: str) -> None:
    put(client, "tagged.md", f"---\ntags: [{tag}, other]\n---\n# Release\n\nText.\n")
    services.index.refresh()
    hits = client.get("/api/v1/search", params={"q": f'tag:"{tag}"'}).json()["hits"]
    assert [hit["page"] for hit in hits] == ["tagged.md"]
    if ":" not in tag:
        assert client.get("/api/v1/search", params={"q": f"tag:{tag}"}).json()["hits"] == hits


def test_check_names_the_line_of_a_slip(root: Path) -> None:
    write(root, "colon.md", "---\nkind: policy\ntitle: Onboarding: the first week\n---\nText.\n")
    write(root, "kind.md", "---\ntitle: Leave\nKind: recipe\n---\nText.\n")
    write(root, "list.md", "---\n\ntitle: [Draft]\n---\nText.\n")
    found = {finding.page_path: finding for finding in check_workspace(Workspace.open(root))}
    assert {path: finding.line for path, finding in found.items()} == {"colon.md": 3, "kind.md": 3, "list.md": 3}
    assert 'in quotes: `title: "Onboarding: the first week"`.' in found["colon.md"].message
    assert "in quotes" in found["list.md"].message
