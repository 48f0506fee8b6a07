from __future__ import annotations

import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from wiki.errors import InvalidInput, StorageError, WorkspaceBusy, WorkspaceError
from wiki.git.repository import Change, Person, Repository

ANN = Person(name="Ann Lee", email="ann@example.org")
PAGE = "content/people/leave.md"


def put(repository: Repository, path: str, text: str | None, **more) -> str:
    change = Change(path_in_repo=path, data=None if text is None else text.encode())
    return repository.commit([change], author=ANN, message="Edit", **more)


def test_a_commit_carries_the_member_as_author_and_committer_and_its_trailers(repository: Repository, git) -> None:
    revision = repository.commit(
        [Change(path_in_repo=PAGE, data=b"# Leave\n")],
        author=ANN,
        message="Shorten leave\n\nNobody read it.",
        trailers={"Update": "01J\nX", "Suggestion": "7", "Empty": ""},
    )
    assert git("log", "-1", "--format=%H %an %ae %cn %ce") == f"{revision} Ann Lee ann@example.org Ann Lee ann@example.org"
    assert git("log", "-1", "--format=%B").split("\n\n") == ["Shorten leave", "Nobody read it.", "Update: 01J X\nSuggestion: 7"]
    assert git("log", "-1", "--format=%(trailers:key=Suggestion,valueonly)").strip() == "7"
    assert (repository.root / PAGE).read_bytes() == b"# Leave\n"
    assert git("status", "--porcelain") == ""
    assert git("reflog", "-1", "--format=%gs") == "commit: Shorten leave"


def test_a_message_cannot_claim_trailers(repository: Repository) -> None:
    put(repository, PAGE, "x")
    repository.commit([Change(path_in_repo=PAGE, data=b"y")], author=ANN, message="Innocent\n\nSuggestion: 7")
    assert repository.find_trailer("Suggestion", "7") is None
    with pytest.raises(InvalidInput):
        repository.commit([Change(path_in_repo=PAGE, data=b"z")], author=ANN, message="m", trailers={"Bad key": "x"})


def test_an_author_with_odd_characters_is_still_an_author(repository: Repository) -> None:
    person = Person(name="Eve <x>\nfrom HEAD", email="e\nve>@x")
    revision = repository.commit([Change(path_in_repo=PAGE, data=b"x")], author=person, message="")
    made = repository.last_change(PAGE)
    assert made.author == Repository(repository.root).revision(revision).author == Person(name="Eve x from HEAD", email="eve@x")
    assert made.message == "Edit"


def test_a_commit_takes_exactly_its_own_paths(repository: Repository, git) -> None:
    root = repository.root
    (root / "content/index.md").write_text("staged\n")
    git("add", "content/index.md")
    (root / "content/index.md").write_text("staged, then changed\n")
    (root / "content/ops/backups.md").write_text("changed\n")
    (root / "content/new.md").write_text("untracked\n")
    git("rm", "--cached", "--quiet", "roles.yml")
    before = git("status", "--porcelain")
    put(repository, PAGE, "# Leave\n")
    assert git("show", "--name-only", "--format=").split() == [PAGE]
    assert git("status", "--porcelain") == before
    assert git("show", ":content/index.md") == "staged"


def test_nothing_is_committed_in_the_middle_of_a_merge(repository: Repository, git) -> None:
    git("checkout", "-q", "-b", "side")
    put(repository, "content/index.md", "side\n")
    git("checkout", "-q", "main")
    put(repository, "content/index.md", "main\n")
    with pytest.raises(AssertionError):
        git("merge", "-q", "side")
    with pytest.raises(WorkspaceBusy) as refused:
        put(repository, PAGE, "# Leave\n")
    assert "git merge --continue" in refused.value.hint
    assert git("status", "--porcelain") == "UU content/index.md"
    git("merge", "--abort")
    put(repository, PAGE, "# Leave\n")
    assert git("status", "--porcelain") == ""


def test_files_are_added_deleted_and_folders_come_and_go(repository: Repository, git) -> None:
    name = 'content/new folder/ä "quoted" *[x].md'
    put(repository, name, "x")
    assert repository.show(repository.head(), name) == b"x"
    repository.commit(
        [Change(path_in_repo=name, data=None), Change(path_in_repo="content/other.md", data=b"")], author=ANN, message="Two"
    )
    assert not (repository.root / "content/new folder").exists()
    assert git("show", "--name-status", "--no-renames", "--format=", "-z").count("\0") == 4
    assert git("status", "--porcelain") == ""
    put(repository, "content/never.md", None)
    assert git("status", "--porcelain") == ""


def test_writing_what_is_there_already_makes_no_commit(repository: Repository) -> None:
    head = repository.head()
    inode = (repository.root / PAGE).stat().st_ino
    assert (
        repository.commit([Change(path_in_repo=PAGE, data=(repository.root / PAGE).read_bytes())], author=ANN, message="m")
        == head
    )
    assert (repository.root / PAGE).stat().st_ino == inode


def test_a_files_mode_stays(repository: Repository, git) -> None:
    (repository.root / PAGE).chmod(0o755)
    git("add", PAGE)
    git("commit", "-qm", "mode")
    put(repository, PAGE, "x\n")
    assert git("ls-tree", "HEAD", PAGE).startswith("100755")
    assert stat.S_IMODE((repository.root / PAGE).stat().st_mode) == 0o755
    assert git("status", "--porcelain") == ""


def test_hooks_signing_and_foreign_git_variables_do_not_matter(
    repository: Repository, git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hook = repository.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    git("config", "commit.gpgSign", "true")
    git("config", "core.fsmonitor", "false-command")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    revision = put(Repository(repository.root), PAGE, "x\n")
    assert repository.last_change(PAGE).id == revision
    assert repository.revision(revision).author == ANN
    assert repository.show(revision, PAGE) == b"x\n"


def test_the_first_commit_a_detached_head_and_a_second_working_tree(tmp_path: Path, git) -> None:
    root = tmp_path / "handbook"
    root.mkdir()
    git("init", "-q", "-b", "main")
    repository = Repository(root)
    assert repository.head() is None
    assert repository.last_change("a.md") is None
    assert repository.history("a.md") == []
    assert not repository.dirty("a.md")
    first = put(repository, "a.md", "one\n")
    assert git("rev-parse", "refs/heads/main") == first
    git("checkout", "-q", "--detach")
    second = put(repository, "a.md", "two\n")
    assert repository.head() == git("rev-parse", "HEAD") == second
    assert git("rev-parse", "main") == first
    git("worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"), "main")
    tree = Repository(tmp_path / "tree")
    third = put(tree, "a.md", "three\n")
    assert tree.head() == third == git("rev-parse", "other")
    assert repository.head() == second
    assert git("for-each-ref", "refs/knowhow") == ""
    assert git("count-objects", "-v").splitlines()[3] == "packs: 0"


def test_a_workspace_in_a_folder_of_a_larger_repository(tmp_path: Path, git) -> None:
    (tmp_path / "big/wiki").mkdir(parents=True)
    git("init", "-q", cwd=tmp_path / "big")
    repository = Repository(tmp_path / "big/wiki")
    revision = put(repository, "content/a.md", "x\n")
    assert git("ls-tree", "-r", "--name-only", "HEAD", cwd=tmp_path / "big") == "wiki/content/a.md"
    assert repository.last_change("content/a.md").path == "content/a.md"
    assert [r.path for r in repository.history("content/a.md")] == ["content/a.md"]
    assert repository.show(revision, "content/a.md") == b"x\n"


def test_a_folder_that_is_no_repository_is_a_workspace_error(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no git repository"):
        Repository(tmp_path)


def test_a_machine_without_git_is_told_so(root: Path, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom wiki.errors import StorageError\nfrom wiki.git.repository import Repository\n"
        "try:\n    Repository(sys.argv[1])\nexcept StorageError as error:\n    print(error.hint)\n"
    )
    command = [sys.executable, "-W", "error", "-c", script, str(root)]
    done = subprocess.run(command, env={"PATH": str(tmp_path / "empty")}, capture_output=True, text=True, check=False)
    assert "Is git installed" in done.stdout, done.stderr


@pytest.mark.parametrize("path", ["../x.md", "/etc/x.md", "a/../../x", ".git/config", "a\0b", "a\\b", "", "a/./b"])
def test_no_commit_reaches_out_of_the_workspace(repository: Repository, path: str) -> None:
    for call in (lambda: put(repository, path, "x"), lambda: repository.history(path), lambda: repository.show("a" * 40, path)):
        with pytest.raises(InvalidInput):
            call()


@pytest.mark.parametrize("path", ["content/people", "content/index.md/below.md"])
def test_a_file_cannot_take_the_place_of_a_folder_or_lie_below_a_file(repository: Repository, path: str, git) -> None:
    with pytest.raises(InvalidInput):
        put(repository, path, "x")
    assert git("status", "--porcelain") == ""


def test_a_name_as_long_as_the_system_allows_can_be_written(repository: Repository) -> None:
    name = f"content/{'ä' * 118}.md"
    put(repository, name, "x")
    assert repository.show(repository.head(), name) == b"x"


def test_no_commit_writes_through_a_symlink_that_leads_outside(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (repository.root / "content/link").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidInput):
        put(repository, "content/link/x.md", "x")
    assert not any((tmp_path / "outside").iterdir())


def test_line_end_rules_of_gitattributes_apply_as_in_git_add(repository: Repository, git) -> None:
    put(repository, ".gitattributes", "*.md text=auto\n")
    put(repository, PAGE, "one\r\ntwo\r\n")
    assert (repository.root / PAGE).read_bytes() == b"one\r\ntwo\r\n"
    assert repository.show(repository.head(), PAGE) == b"one\ntwo\n"
    assert not repository.dirty(PAGE)
    assert git("status", "--porcelain") == ""


def test_a_locked_branch_is_a_storage_error_that_changes_nothing(repository: Repository, git) -> None:
    head, before = repository.head(), (repository.root / PAGE).read_bytes()
    lock = repository.root / ".git/refs/heads/main.lock"
    lock.touch()
    with pytest.raises(StorageError) as caught:
        put(repository, PAGE, "x")
    assert ".lock" in caught.value.message
    assert (repository.root / PAGE).read_bytes() == before
    assert not any((repository.root / ".knowhow/journal").iterdir())
    lock.unlink()
    assert repository.head() == head
    assert git("status", "--porcelain") == ""
    put(repository, PAGE, "x")


def test_a_locked_index_is_caught_up_with_by_a_later_write(
    repository: Repository, git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiki.git.committing._INDEX_TRIES", 2)
    lock = repository.root / ".git/index.lock"
    lock.touch()
    put(repository, PAGE, "x\n")
    revision = put(repository, "content/added.md", "x\n")
    assert repository.head() == revision
    lock.unlink()
    put(repository, "content/index.md", "y\n")
    assert git("status", "--porcelain") == ""
    assert not any((repository.root / ".knowhow/journal").iterdir())


def test_threads_commit_one_after_the_other(repository: Repository, git) -> None:
    threads = [threading.Thread(target=put, args=(repository, f"content/t{n}.md", "x\n")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert git("rev-list", "--count", "HEAD") == "9"
    assert git("status", "--porcelain") == ""
    repository.tidy()
