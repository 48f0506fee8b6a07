"""A page that is a symlink to another page of the handbook is that page under a second name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wiki.conftest import Git
from wiki.access import Viewer
from wiki.editing import SharedLinks, check_workspace, delete_page, move_page
from wiki.errors import InvalidInput
from wiki.git.repository import Repository
from wiki.workspace.workspace import Workspace


@pytest.fixture
def ws(root: Path, git: Git) -> Workspace:
    """people/holidays.md is people/leave.md, and staff/ is people/."""
    content = root / "content"
    (content / "people/holidays.md").symlink_to("leave.md")
    (content / "staff").symlink_to("people")
    (content / "people/leave.md").write_text("---\ntitle: Leave\nkind: recipe\n---\n\nSee [backups](../ops/backups.md).\n")
    (content / "more.md").write_text("# More\n\n[a](people/leave.md) [b](people/holidays.md) [c](staff/leave.md)\n")
    git("add", ".")
    git("commit", "--quiet", "--message=Link")
    return Workspace.open(root)


def test_links_on_it_count_once_and_links_to_it_lead_to_the_page(ws: Workspace, admin: Viewer) -> None:
    links = SharedLinks(ws)
    assert [link.page_path for link in links.backlinks(admin, "ops/backups.md")] == ["index.md", "people/leave.md"]
    to_leave = [(link.page_path, link.target_page) for link in links.backlinks(admin, "people/leave.md")]
    assert to_leave == [
        ("index.md", "people/leave.md"),
        *[("more.md", "people/leave.md")] * 3,
        ("ops/backups.md", "people/leave.md"),
    ]
    assert links.backlinks(admin, "people/holidays.md") == links.backlinks(admin, "people/leave.md")
    links.refresh(["people/holidays.md", "people/leave.md"])
    assert len(links.backlinks(admin, "staff/leave.md")) == 5


def test_a_page_in_the_place_of_a_symlink_has_its_own_links(ws: Workspace, admin: Viewer) -> None:
    links = SharedLinks(ws)
    assert len(links.backlinks(admin, "people/leave.md")) == 5
    holidays = ws.docs_dir / "people/holidays.md"
    holidays.unlink()
    holidays.write_text("[x](/content/ops/backups.md)\n")
    ws.changed(["people/holidays.md"])
    links.refresh(["people/holidays.md"])
    assert [link.page_path for link in links.backlinks(admin, "people/holidays.md")] == ["more.md"]
    to_backups = [link.page_path for link in links.backlinks(admin, "ops/backups.md")]
    assert to_backups == ["index.md", "people/holidays.md", "people/leave.md"]
    holidays.unlink()
    holidays.symlink_to("leave.md")
    ws.changed(["people/holidays.md"])
    links.refresh(["people/holidays.md"])
    assert len(links.backlinks(admin, "people/leave.md")) == 5


def test_check_says_once_what_is_wrong_with_it(ws: Workspace) -> None:
    assert [(f.page_path, f.rule) for f in check_workspace(ws)] == [("people/leave.md", "front-matter")]


def test_a_page_that_a_symlink_leads_to_stays_where_it_is(
    ws: Workspace, repository: Repository, admin: Viewer, git: Git
) -> None:
    before = git("rev-parse", "HEAD")
    for change in (
        lambda: move_page(ws, repository, admin, "people/leave.md", "people/absence.md"),
        lambda: delete_page(ws, repository, admin, "people/leave.md"),
    ):
        with pytest.raises(InvalidInput, match=r"people/holidays\.md is a symlink to people/leave\.md") as refused:
            change()
        assert "people/holidays.md" in refused.value.hint
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")


def test_a_move_commits_a_page_with_two_names_once(ws: Workspace, repository: Repository, admin: Viewer, git: Git) -> None:
    ws.read_page("staff/leave.md")
    move_page(ws, repository, admin, "ops/backups.md", "ops/copies.md")
    changed = git("show", "--format=", "--name-status", "--no-renames", "HEAD").split("\n")
    assert sorted(changed) == [
        "A\tcontent/ops/copies.md",
        "D\tcontent/ops/backups.md",
        "M\tcontent/index.md",
        "M\tcontent/people/leave.md",
    ]
    assert "../ops/copies.md" in ws.read_page("people/holidays.md").text
    assert git("status", "--porcelain") == ""


def test_links_by_another_name_of_its_folder_follow_a_page(
    ws: Workspace, repository: Repository, admin: Viewer, root: Path
) -> None:
    (root / "content/people/holidays.md").unlink()
    move_page(ws, repository, admin, "people/leave.md", "people/absence.md")
    assert ws.read_page("more.md").text == "# More\n\n[a](people/absence.md) [b](people/holidays.md) [c](people/absence.md)\n"


def test_a_page_does_not_move_to_a_second_name(ws: Workspace, repository: Repository, admin: Viewer) -> None:
    with pytest.raises(InvalidInput, match=r"staff/copies\.md is a symlink to people/copies\.md"):
        move_page(ws, repository, admin, "ops/backups.md", "staff/copies.md")
