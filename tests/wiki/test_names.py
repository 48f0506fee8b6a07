"""Names of pages: what a colleague's machine cannot hold, and names that are one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wiki.conftest import Git
from wiki.access import Viewer
from wiki.editing import check_workspace, delete_page, move_page, restore_page, save_page
from wiki.errors import InvalidInput
from wiki.git.repository import Repository
from wiki.pages.names import unportable
from wiki.workspace import adopt
from wiki.workspace.workspace import Workspace


def add(ws: Workspace, repo: Repository, viewer: Viewer, path: str) -> None:
    save_page(ws, repo, viewer, path, "# Text\n", base_revision=None, message="")


def put(root: Path, path: str, text: str = "# Text\n") -> None:
    file = root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "con.md",
            "CON.md",
            "nul.tar.md",
            "ops/aux.md",
            "prn/notes.md",
            "com1.md",
            "lpt9.markdown",
            "com\u00b9.md",
            "con .md",
        ),
        *("a:b.md", "what?.md", 'say "x".md', "a<b.md", "a>b.md", "a|b.md", "a*b.md", "a\\b.md", "ops:/a.md"),
        *("trail .md", "trail..md", "ops./a.md", "ops /a.md", "a.md.", "\x01.md", "tab\t.md", "x" * 260 + ".md"),
        *("OPS/new.md", "ops/Backups.md", "Index.md", "ops/backups.md/a.md"),
    ],
)
def test_a_new_page_gets_no_name_that_a_clone_could_not_hold(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git, path: str
) -> None:
    before = git("rev-parse", "HEAD")
    with pytest.raises(InvalidInput) as refused:
        add(workspace, repository, admin, path)
    assert refused.value.hint
    with pytest.raises(InvalidInput):
        move_page(workspace, repository, admin, "people/leave.md", path)
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "console.md",
            "com10.md",
            "auxiliary.md",
            "ops/null.md",
            "a-b_c (1), d+e & f.md",
            "\u65e5\u672c.md",
        ),
        *("ops/a.b.md", "Stra\u00dfe.md", "stand-up 12.30.md", "ops/index.md"),
    ],
)
def test_other_names_are_taken(workspace: Workspace, repository: Repository, admin: Viewer, path: str) -> None:
    assert unportable(path) == ""
    add(workspace, repository, admin, path)
    assert workspace.read_page(path).body == "# Text\n"


def test_sharp_s_and_two_s_are_two_names(workspace: Workspace, repository: Repository, admin: Viewer) -> None:
    add(workspace, repository, admin, "Ma\u00dfe.md")
    add(workspace, repository, admin, "Masse.md")


def test_a_page_may_change_the_case_of_its_own_name(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git
) -> None:
    move_page(workspace, repository, admin, "people/leave.md", "people/Leave.md")
    assert "people/Leave.md" in workspace.page_paths()
    assert "(people/Leave.md)" in workspace.read_page("index.md").text
    move_page(workspace, repository, admin, "ops/backups.md", "Ops/backups.md")  # alone in its folder
    assert git("ls-files", "content/Ops", "content/ops") == "content/Ops/backups.md"
    with pytest.raises(InvalidInput, match="differs from people, which is there, only in case"):
        move_page(workspace, repository, admin, "people/Leave.md", "People/Leave.md")  # pay.md stays behind


def test_a_deleted_page_does_not_come_back_beside_its_twin(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git
) -> None:
    first = git("rev-parse", "HEAD")
    delete_page(workspace, repository, admin, "people/leave.md")
    add(workspace, repository, admin, "people/Leave.md")
    with pytest.raises(InvalidInput, match="only in case"):
        restore_page(workspace, repository, admin, "people/leave.md", first)


def test_an_old_page_with_such_a_name_can_be_edited_and_is_named(
    root: Path, repository: Repository, admin: Viewer, git: Git
) -> None:
    put(root, "con.md")
    put(root, "a:b.md")
    put(root, "ops/Backups.md")
    put(root, "Ops/other.md")
    put(root, f"{'long/' * 50}x.md")
    put(root, f"{'x' * 245}.md")
    git("add", ".")
    git("commit", "--quiet", "--message=Old names")
    ws = Workspace.open(root)
    saved = save_page(ws, repository, admin, "con.md", "# New\n", base_revision=git("rev-parse", "HEAD"), message="")
    assert saved.changed
    found = [(f.page_path, f.message) for f in check_workspace(ws) if f.rule == "name"]
    long = [f"{'long/' * 50}x.md", f"{'x' * 245}.md"]
    assert {path for path, _ in found} == {"a:b.md", "con.md", *long, "ops/Backups.md", "ops/backups.md"}
    assert any("ops/backups.md and ops/Backups.md are one" in message for _, message in found)
    assert any("ops and Ops are one" in message for _, message in found)
    adopted = adopt(root)
    assert any("could not hold" in note for note in adopted.notes)
