"""A page's past for a viewer: its revisions and differences, also across a rename and a change of who may read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wiki.access import ANONYMOUS, Viewer
from wiki.editing import delete_page, move_page, page_revision, save_page
from wiki.editing.history import page_diff, page_history, revision_page, revision_texts
from wiki.errors import InvalidInput, NotFound
from wiki.git.repository import Repository
from wiki.workspace.workspace import Workspace

PAGE = "ops/backups.md"
PAY = "people/pay.md"
Save = Callable[..., str]


@pytest.fixture
def save(workspace: Workspace, repository: Repository, admin: Viewer) -> Save:
    def save(page_path: str, old: str, new: str, message: str) -> str:
        text = workspace.read_page(page_path).text
        assert old in text
        base = page_revision(workspace, repository, page_path)
        return save_page(
            workspace, repository, admin, page_path, text.replace(old, new), base_revision=base, message=message
        ).revision

    return save


@pytest.fixture
def opened_pay(save: Save) -> list[str]:
    """The pay page: restricted, restricted still, open to the team, edited; its revisions, newest first."""
    revisions = [
        save(PAY, "March", "April", "Raises in April, 5 percent"),
        save(PAY, "visibility: restricted\ngroups: [leadership]", "visibility: team", "Open it"),
        save(PAY, "April", "May", "Raises in May"),
    ]
    return revisions[::-1]


def test_history_is_newest_first_in_parts_and_goes_on_before_a_rename(
    workspace: Workspace, repository: Repository, admin: Viewer, reader: Viewer, save: Save
) -> None:
    first = save(PAGE, "30 days", "60 days", "Longer")
    moved = move_page(workspace, repository, admin, PAGE, "ops/copies.md", base_revision=first)
    found = page_history(workspace, repository, reader, "ops/copies.md")
    assert [r.message.splitlines()[0] for r in found][1:] == ["Longer", "Write the first pages"]
    assert found[0].id == moved.revision
    assert page_history(workspace, repository, reader, "ops/copies.md", limit=1, offset=1) == found[1:2]


def test_differences_go_back_before_a_rename(
    workspace: Workspace, repository: Repository, admin: Viewer, reader: Viewer, save: Save
) -> None:
    longer = save(PAGE, "30 days", "60 days", "Longer")
    moved = move_page(workspace, repository, admin, PAGE, "ops/copies.md", base_revision=longer).revision
    first = page_history(workspace, repository, reader, "ops/copies.md")[-1].id
    assert "30 days" in revision_page(workspace, repository, reader, "ops/copies.md", first).text
    before, after = revision_texts(workspace, repository, reader, "ops/copies.md", longer)
    assert ("30 days" in before, "60 days" in after) == (True, True)
    assert revision_texts(workspace, repository, reader, "ops/copies.md", moved)[0] == after
    assert revision_texts(workspace, repository, reader, "ops/copies.md", first)[0] == ""
    assert "-They are kept for 30 days." in page_diff(workspace, repository, reader, "ops/copies.md", first)


def test_a_difference_is_unified_between_revisions_or_to_the_page_as_it_stands(
    workspace: Workspace, repository: Repository, reader: Viewer, save: Save, root: Path
) -> None:
    old = page_revision(workspace, repository, PAGE)
    new = save(PAGE, "30 days", "60 days", "Longer")
    (root / "content" / PAGE).write_text(workspace.read_page(PAGE).text.replace("60 days", "90 days"))
    assert "+They are kept for 60 days." in page_diff(workspace, repository, reader, PAGE, old, new)
    assert "+They are kept for 90 days." in page_diff(workspace, repository, reader, PAGE, old)


def test_what_a_page_said_while_it_was_restricted_stays_with_its_group(
    workspace: Workspace, repository: Repository, reader: Viewer, leader: Viewer, opened_pay: list[str]
) -> None:
    may, open_, april = opened_pay
    everything = page_history(workspace, repository, leader, PAY)
    assert [r.id for r in everything][:3] == opened_pay
    assert [r.id for r in page_history(workspace, repository, reader, PAY)] == [may, open_]
    assert "Raises in April, 5 percent" not in str(page_history(workspace, repository, reader, PAY))
    assert [r.id for r in page_history(workspace, repository, reader, PAY, limit=1, offset=1)] == [open_]
    assert page_history(workspace, repository, reader, PAY, limit=5, offset=2) == []
    for revision in (april, everything[-1].id):
        assert "Raises" in revision_page(workspace, repository, leader, PAY, revision).text
        with pytest.raises(NotFound):
            revision_page(workspace, repository, reader, PAY, revision)
        with pytest.raises(NotFound):
            page_diff(workspace, repository, reader, PAY, revision)
    before, after = revision_texts(workspace, repository, reader, PAY, open_)
    assert (before, "April" in after) == ("", True)
    assert "April" in revision_texts(workspace, repository, reader, PAY, may)[0]
    assert "April" in revision_texts(workspace, repository, leader, PAY, open_)[0]


def test_a_restricted_page_has_no_history_for_others(
    workspace: Workspace, repository: Repository, reader: Viewer, leader: Viewer
) -> None:
    revision = page_revision(workspace, repository, PAY)
    for read in (
        lambda viewer: page_history(workspace, repository, viewer, PAY),
        lambda viewer: revision_page(workspace, repository, viewer, PAY, revision),
        lambda viewer: revision_texts(workspace, repository, viewer, PAY, revision),
        lambda viewer: page_diff(workspace, repository, viewer, PAY, revision),
    ):
        read(leader)
        for viewer in (reader, ANONYMOUS):
            with pytest.raises(NotFound, match=r"There is no page people/pay\.md"):
                read(viewer)


@pytest.mark.parametrize("revision", ["HEAD", "-p", "main", "HEAD~1", "", "zz", "a" * 65])
def test_what_is_no_revision_is_refused(workspace: Workspace, repository: Repository, reader: Viewer, revision: str) -> None:
    with pytest.raises(InvalidInput):
        revision_page(workspace, repository, reader, PAGE, revision)


def test_a_revision_that_is_not_there_is_not_found(workspace: Workspace, repository: Repository, reader: Viewer) -> None:
    with pytest.raises(NotFound):
        revision_page(workspace, repository, reader, PAGE, "a" * 40)


def test_a_history_takes_as_many_processes_for_fifty_revisions_as_for_one(
    workspace: Workspace, repository: Repository, reader: Viewer, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wiki.git import repository as module

    save(PAGE, "30 days", "0 days", "Begin")
    for number in range(55):
        save(PAGE, f"for {number} days", f"for {number + 1} days", f"Edit {number}")
    run, commands = module.run_git, list[str]()

    def counted(folder: Path, *args: str, **more: object) -> bytes:
        commands.append(args[0])
        return run(folder, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "run_git", counted)
    found = page_history(workspace, repository, reader, PAGE)
    assert [r.message for r in found] == [f"Edit {number}" for number in range(54, 4, -1)]
    assert commands == ["log", "cat-file"]
    commands.clear()
    before, after = revision_texts(workspace, repository, reader, PAGE, found[0].id)
    assert ("54 days" in before, "55 days" in after) == (True, True)
    assert len(commands) <= 4


def test_who_could_not_read_a_page_does_not_see_that_it_was_deleted_then(
    workspace: Workspace, repository: Repository, admin: Viewer, reader: Viewer, leader: Viewer
) -> None:
    text = workspace.read_page(PAY).text
    deleted = delete_page(workspace, repository, admin, PAY).revision
    again = save_page(workspace, repository, admin, PAY, text, base_revision=None, message="Again").revision
    public = text.replace("visibility: restricted\ngroups: [leadership]", "visibility: team")
    opened = save_page(workspace, repository, admin, PAY, public, base_revision=again, message="Open it").revision
    assert [r.id for r in page_history(workspace, repository, leader, PAY)][:3] == [opened, again, deleted]
    assert [r.id for r in page_history(workspace, repository, reader, PAY)] == [opened]
