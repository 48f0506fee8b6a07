"""Pages in an old encoding: what says so names the command that converts them, and the command says what it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from starlette.testclient import TestClient
from typer.testing import CliRunner

from knowhow.cli import app
from knowhow.services import Services
from tests.knowhow.handbook import commits, git
from wiki.access import Level, Viewer
from wiki.editing import check_workspace, convert_page
from wiki.errors import NotAllowed, NotFound
from wiki.workspace import Workspace

TEXT = "---\r\ntitle: Büro\r\ntags: [Straße]\r\n---\r\n# Maßnahmen – für 5 €\r\n\r\nPlain line.\r\n"


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(app, ["page", "convert", *args, "-w", str(root)])


def put(root: Path, data: bytes) -> Path:
    file = root / "content/old.md"
    file.write_bytes(data)
    git(root, "add", ".")
    git(root, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-qm", "Bring an old page")
    return file


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_a_page_is_converted_to_utf_8_as_its_members_commit(root: Path, encoding: str) -> None:
    text = TEXT if encoding != "latin-1" else TEXT.replace("–", "-").replace("€", "EUR")
    file = put(root, text.encode(encoding))
    shown = run(root, "old.md", "--dry-run")
    assert shown.exit_code == 0
    assert file.read_bytes() == text.encode(encoding)
    done = run(root, "old.md")
    assert done.exit_code == 0, done.output
    assert file.read_bytes() == text.encode()
    assert commits(root, "old.md")[0].startswith("Convert old.md from ")
    assert git(root, "log", "-1", "--format=%an") == "Mia Meyer"
    assert git(root, "status", "--porcelain") == ""
    if not encoding.startswith("utf"):
        assert f"  {text.splitlines()[4]}" in shown.stdout.splitlines()
        assert "Plain line" not in shown.stdout
    assert "UTF-8 already" in run(root, "old.md").stdout


def test_the_encoding_can_be_named_and_a_wrong_one_is_refused(root: Path) -> None:
    file = put(root, "# Rutiner för frånvaro\n".encode("cp850"))
    for wrong in ("utf-16", "no-such-encoding", "ascii"):
        refused = run(root, "old.md", "--encoding", wrong)
        assert refused.exit_code == 2
        assert "--encoding" in refused.stderr
    assert run(root, "old.md", "--encoding", "cp850").exit_code == 0
    assert file.read_text() == "# Rutiner för frånvaro\n"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_the_commonest_encoding_is_taken_unless_another_fits_much_better(root: Path, encoding: str) -> None:
    file = put(root, "# Büro\n\nAb 5 € – „sofort“.\n".encode(encoding))
    assert f"old.md is {encoding.replace('_', '-')}." in run(root, "old.md").stdout.replace("_", "-")
    assert file.read_text() == "# Büro\n\nAb 5 € – „sofort“.\n"


def test_what_was_converted_wrongly_can_be_brought_back_as_the_message_says(root: Path) -> None:
    data = "# Rutiner för frånvaro\n".encode("cp850")
    file = put(root, data)
    done = run(root, "old.md", "--encoding", "cp1252")
    command = done.stderr.split("`")[1].split()
    assert command[:3] == ["knowhow", "page", "restore"]
    CliRunner().invoke(app, [*command[1:], "-w", str(root)])
    assert file.read_bytes() == data


def test_the_encoding_follows_the_language_of_the_handbook(root: Path) -> None:
    (root / "mkdocs.yml").write_text(
        "site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\ntheme: {name: material, language: pl}\n"
    )
    file = put(root, "# Zażółć gęślą jaźń\n".encode("cp1250"))
    assert run(root, "old.md").exit_code == 0
    assert file.read_text() == "# Zażółć gęślą jaźń\n"


def test_check_and_a_refused_save_name_the_command(root: Path, client: TestClient) -> None:
    put(root, TEXT.encode("cp1252"))
    (finding,) = check_workspace(Workspace.open(root))
    assert "`knowhow page convert old.md`" in finding.message
    got = client.get("/api/v1/pages/old.md").json()
    lost = client.put("/api/v1/pages/old.md", json={"text": got["text"]}, headers={"If-Match": got["revision"]})
    assert "`knowhow page convert old.md`" in lost.json()["hint"]


def test_a_page_in_utf_16_counts_as_restricted_until_it_is_converted(root: Path, services: Services) -> None:
    put(root, "---\nvisibility: restricted\ngroups: [leadership]\n---\n# Raises\n".encode("utf-16"))
    page = services.workspace.read_page("old.md")
    assert (page.visibility, page.groups) == ("restricted", ())
    for level, error in ((Level.EDITOR, NotFound), (Level.CONTRIBUTOR, NotAllowed)):
        member = Viewer(handle="eve", name="Eve", email="eve@example.org", level=level, groups=frozenset())
        with pytest.raises(error):
            convert_page(services.workspace, services.repository, member, "old.md")
    convert_page(services.workspace, services.repository, services.local_admin, "old.md")
    assert services.workspace.read_page("old.md").groups == ("leadership",)
