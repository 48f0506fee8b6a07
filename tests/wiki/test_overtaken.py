"""Edits made outside at the very moment of a write: neither side loses a byte."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from wiki.access import Viewer
from wiki.editing import delete_page, move_page, open_page, page_revision, save_page, writing
from wiki.editing.writing import settle
from wiki.git.committing import Committer
from wiki.git.repository import Repository
from wiki.workspace.workspace import Workspace

Git = Callable[..., str]
PAGE = "ops/backups.md"


def _once(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object], *, after: bool = False) -> None:
    """`act` once, right before (or after) a step of the next commit whose message is not that of an outside edit."""
    step = getattr(Committer, name)
    waiting = [act]

    def stepped(self: Committer, *args: object, **more: object) -> object:
        ours = any("Outside" not in getattr(a, "message", "Outside") for a in args) or "Outside" not in more.get(
            "message", "Outside"
        )
        if not after and waiting and ours:
            waiting.pop()()
        result = step(self, *args, **more)
        if after and waiting and ours:
            waiting.pop()()
        return result

    monkeypatch.setattr(Committer, name, stepped)


@pytest.mark.parametrize("step", ["plan", "_write_temporary", "_write_commit", "_move_branch", "_finish"])
@pytest.mark.parametrize("write", ["save", "delete", "move"])
def test_an_edit_made_outside_during_a_write_is_in_git_or_in_the_file(
    workspace: Workspace,
    repository: Repository,
    editor: Viewer,
    git: Git,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    write: str,
) -> None:
    file = workspace.docs_dir / PAGE
    text = file.read_text()
    base = page_revision(workspace, repository, PAGE)
    _once(monkeypatch, step, lambda: file.write_text(text.replace("Ask the", "Ask, please, the")))
    if write == "save":
        save_page(workspace, repository, editor, PAGE, text.replace("hourly", "daily"), base_revision=base, message="Edit")
    elif write == "delete":
        delete_page(workspace, repository, editor, PAGE)
    else:
        move_page(workspace, repository, editor, PAGE, "ops/copies.md")
    everything = git("log", "-p", "--format=%s") + "".join(f.read_text() for f in workspace.docs_dir.rglob("*.md"))
    assert "Ask, please, the" in everything
    assert write != "save" or "+Backups run daily" in everything
    if step in ("plan", "_write_temporary", "_write_commit") and write == "save":
        assert "daily" in file.read_text()
        assert "Ask, please, the" in file.read_text()


@pytest.mark.parametrize("path", ["index.md", PAGE])
def test_a_git_commit_made_at_the_moment_of_a_save_makes_it_begin_again(
    workspace: Workspace, repository: Repository, editor: Viewer, git: Git, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    text, base = (workspace.docs_dir / PAGE).read_text(), page_revision(workspace, repository, PAGE)

    def commit() -> None:
        other = workspace.docs_dir / path
        other.write_text(other.read_text() + "\nBy git.\n")
        git("commit", "-qam", "By git")

    _once(monkeypatch, "_write_commit", commit, after=True)
    save_page(workspace, repository, editor, PAGE, text.replace("hourly", "daily"), base_revision=base, message="Edit")
    assert git("log", "-2", "--format=%s").splitlines() == ["Edit", "By git"]
    assert "daily" in (workspace.docs_dir / PAGE).read_text()
    assert "By git." in (workspace.docs_dir / path).read_text()
    assert git("status", "--porcelain") == ""


def test_a_save_comes_through_while_somebody_commits_with_git_again_and_again(
    workspace: Workspace, repository: Repository, editor: Viewer, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, base = (workspace.docs_dir / PAGE).read_text(), page_revision(workspace, repository, PAGE)
    make, made = Committer._write_commit, list[str]()

    def overtaken(self: Committer, *args: Any) -> str:
        revision = make(self, *args)
        with suppress(AssertionError):  # git says that another git process is at work
            git("commit", "-q", "--allow-empty", "-m", f"By git {len(made)}")
        made.append(revision)
        return revision

    monkeypatch.setattr(Committer, "_write_commit", overtaken)
    saved = save_page(
        workspace, repository, editor, PAGE, text.replace("hourly", "daily"), base_revision=base, message="Edit"
    ).revision
    assert (len(made), saved) == (2, made[-1])
    assert git("log", "--format=%s").splitlines() == ["Edit", "By git 0", "Write the first pages"]
    assert git("status", "--porcelain") == ""
    assert page_revision(workspace, repository, PAGE) == saved


def test_opening_a_page_at_the_moment_of_a_git_commit_looks_again(
    workspace: Workspace, repository: Repository, editor: Viewer, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace.docs_dir / PAGE
    file.write_text(file.read_text().replace("hourly", "daily"))
    _once(monkeypatch, "_move_branch", lambda: git("commit", "-qam", "By git"))
    monkeypatch.setattr(writing, "OUTSIDE_EDIT", "Edit from without")
    opened = open_page(workspace, repository, editor, PAGE)
    assert "daily" in opened.page.text
    assert repository.revision(opened.revision).message == "By git"


def test_a_move_keeps_what_was_written_while_it_looked_for_links(
    workspace: Workspace, repository: Repository, editor: Viewer, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wiki.editing import moving

    look = moving._pages_naming
    index = workspace.docs_dir / "index.md"

    def slow(ws: Workspace, old: str) -> list[str]:
        found = look(ws, old)
        (workspace.docs_dir / PAGE).write_text((workspace.docs_dir / PAGE).read_text() + "\nJust added.\n")
        index.write_text(index.read_text() + "\nAdded here too.\n")
        git("commit", "-qam", "A commit of somebody else")
        return found

    monkeypatch.setattr(moving, "_pages_naming", slow)
    move_page(workspace, repository, editor, PAGE, "ops/copies.md")
    assert "Just added." in (workspace.docs_dir / "ops/copies.md").read_text()
    assert "Added here too." in index.read_text()
    assert "ops/copies.md" in index.read_text()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_after_the_branch_moved_leaves_file_and_git_the_same(
    workspace: Workspace,
    repository: Repository,
    editor: Viewer,
    git: Git,
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    file = workspace.docs_dir / PAGE

    def interrupt() -> None:
        raise error

    _once(monkeypatch, "_move_branch", interrupt, after=True)
    base = page_revision(workspace, repository, PAGE)
    try:
        save_page(workspace, repository, editor, PAGE, "# New\n", base_revision=base, message="Edit")
    except error:
        assert error is KeyboardInterrupt
    assert file.read_text() == "# New\n"
    assert git("show", f"HEAD:content/{PAGE}") == "# New"
    assert git("status", "--porcelain") == ""
    assert list((workspace.state_dir / "journal").glob("*.json")) == []


def test_what_follows_a_write_runs_when_the_lock_is_free(workspace: Workspace, repository: Repository, editor: Viewer) -> None:
    heard: list[list[str]] = []

    def listener(paths: list[str]) -> None:
        from threading import Thread

        def other() -> None:
            with workspace.lock():
                heard.append(list(paths))

        thread = Thread(target=other)
        thread.start()
        thread.join(timeout=10)

    workspace.on_change.append(listener)
    with workspace.lock():
        base = page_revision(workspace, repository, PAGE)
        save_page(workspace, repository, editor, PAGE, "# New\n", base_revision=base, message="Edit")
        assert heard == []
    assert heard == [[PAGE]]


def test_no_git_command_runs_for_ever(tmp_path: Path, root: Path) -> None:
    from wiki.git.command import GitError, run_git

    (root / ".git" / "hooks").mkdir(exist_ok=True)
    started = time.monotonic()
    with pytest.raises(GitError, match="git slow took longer"):
        run_git(root, "-c", "alias.slow=!sleep 20; true", "slow", timeout_s=0.2)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("late", [False, True])
def test_an_edit_made_outside_while_the_file_is_replaced_is_merged_with_the_save(
    workspace: Workspace, repository: Repository, editor: Viewer, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    file = workspace.docs_dir / PAGE
    text = "# Backups\n\nOne.\n\nTwo.\n\nThree.\n"
    base = page_revision(workspace, repository, PAGE)
    base = save_page(workspace, repository, editor, PAGE, text, base_revision=base, message="Begin").revision
    with file.open("r+") as script:  # it opened the file before, and writes before or after the file was replaced

        def write() -> None:
            script.write(text.replace("One", "Uno"))
            script.flush()

        _once(monkeypatch, "_update_index" if late else "_finish", write)
        save_page(workspace, repository, editor, PAGE, text.replace("Three", "Tre"), base_revision=base, message="Edit")
    assert file.read_text() == "# Backups\n\nUno.\n\nTwo.\n\nTre.\n"
    assert file.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in file.parent.iterdir() if path.name.startswith(".")) == []
    settle(workspace, repository, [PAGE])
    log = repository.history(f"content/{PAGE}", limit=3)
    assert [revision.message for revision in log] == ["Outside edit", "Edit", "Begin"]


def test_a_text_written_outside_in_two_goes_while_the_file_is_replaced_is_whole(
    workspace: Workspace, repository: Repository, editor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace.docs_dir / PAGE
    text = "# Backups\n\nOne.\n\nTwo.\n\nThree.\n"
    base = page_revision(workspace, repository, PAGE)
    base = save_page(workspace, repository, editor, PAGE, text, base_revision=base, message="Begin").revision
    wanted = text.replace("One", "Uno").replace("Two", "Due")
    with file.open("r+") as script:

        def write(part: str) -> None:
            script.write(part)
            script.flush()

        _once(monkeypatch, "_update_index", lambda: write(wanted[:14]))
        join, goes = Committer._join_outside, [wanted[14:]]

        def joined(self: Committer, *args: Any) -> bytes:
            stands = join(self, *args)
            if goes:
                write(goes.pop())
            return stands

        monkeypatch.setattr(Committer, "_join_outside", joined)
        save_page(workspace, repository, editor, PAGE, text.replace("Three", "Tre"), base_revision=base, message="Edit")
    assert file.read_text() == "# Backups\n\nUno.\n\nDue.\n\nTre.\n"


def test_what_killed_merges_left_is_removed(root: Path) -> None:
    Repository(root)
    old, new = (root / ".knowhow/cache" / name for name in ("merge-old", "merge-new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "ours").write_text("x")
    os.utime(old, (1, 1))
    Repository(root)
    assert (old.exists(), new.exists()) == (False, True)
