"""Kills, a full disk and many writers at once, with real processes."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wiki.access import Viewer
from wiki.editing import save_page
from wiki.errors import StorageError
from wiki.git.repository import Change, Person, Repository
from wiki.workspace.workspace import Workspace

ANN = Person(name="Ann", email="ann@example.org")

# Runs one commit in a forked process that kills itself at its N-th touch of the disk or of git, for every N, on a fresh copy.
KILLS = """
    import json, os, shutil, signal, subprocess, sys
    from pathlib import Path
    from wiki.git.repository import Change, Person, Repository

    source, scratch = map(Path, sys.argv[1:])
    ANN = Person(name="Ann", email="ann@example.org")
    CHANGES = [("content/index.md", b"# Changed\\n"), ("content/deep/new.md", b"# New\\n"), ("content/people/leave.md", None)]

    def commit(root):
        changes = [Change(path_in_repo=path, data=data) for path, data in CHANGES]
        return Repository(root).commit(changes, author=ANN, message="Edit", trailers={"Update": "u-1"})

    def die_at(number):
        count = 0
        def step():
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
        def wrapped(function):
            def call(*args, **more):
                step()
                return function(*args, **more)
            return call
        for owner, name in [(os, "fsync"), (Path, "replace"), (Path, "unlink"), (subprocess.Popen, "communicate")]:
            setattr(owner, name, wrapped(getattr(owner, name)))

    def state(root):
        def run(*args):
            return subprocess.run(["git", *args], cwd=root, check=True, capture_output=True, text=True).stdout
        return {
            "commits": run("log", "--format=%s").count("Edit"),
            "files": [(root / p).is_file() and (root / p).read_bytes() == d if d else not (root / p).exists() for p, d in CHANGES],
            "status": run("status", "--porcelain"),
            "left": [p.name for p in root.rglob("*.tmp")] + [p.name for p in root.glob(".git/refs/knowhow/*")]
                    + [p.name for p in (root / ".knowhow/journal").glob("*")],
        }

    number = 0
    while True:
        number += 1
        root = scratch / str(number)
        shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns("hooks", "writer.*"))
        child = os.fork()
        if child == 0:
            die_at(number)
            commit(root)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        Repository(root)
        after = state(root)
        commit(root)
        subprocess.run(["git", "fsck", "--strict", "--no-dangling"], cwd=root, check=True)
        print(json.dumps({"number": number, "killed": os.WIFSIGNALED(status), "after": after, "again": state(root)}), flush=True)
        shutil.rmtree(root)
        if status == 0:
            break
"""


def run_python(script: str, *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_kill_at_any_moment_loses_nothing_and_does_nothing_twice(root: Path, tmp_path: Path) -> None:
    Repository(root)
    (tmp_path / "scratch").mkdir()
    done = run_python(KILLS, root, tmp_path / "scratch")
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(runs) > 20
    assert [run["killed"] for run in runs] == [True] * (len(runs) - 1) + [False]
    for run in runs:
        after = run["after"]
        assert after["commits"] in (0, 1), run
        assert after["files"] == [bool(after["commits"])] * 3, run
        for state in (after, run["again"]):
            assert (state["status"], state["left"]) == ("", []), run
        assert run["again"]["commits"] == 1, run
        assert run["again"]["files"] == [True] * 3, run
    committed = [run["after"]["commits"] for run in runs]
    assert committed == sorted(committed)  # once the intent is on disk, the write happens
    assert committed.count(0) < 10


def test_an_outside_edit_made_after_a_kill_is_not_overwritten(root: Path, git: Callable[..., str]) -> None:
    script = """
        import os, signal, sys
        from wiki.git.committing import Committer
        from wiki.git.repository import Change, Person, Repository
        Committer._write_blobs = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
        change = Change(path_in_repo="content/index.md", data=b"mine")
        Repository(sys.argv[1]).commit([change], author=Person(name="Ann", email="a@b"), message="Edit")
    """
    assert run_python(script, root).returncode == -9
    (root / "content/index.md").write_text("theirs, after the kill\n")
    Repository(root)
    assert (root / "content/index.md").read_text() == "theirs, after the kill\n"
    assert git("log", "--format=%s") == "Write the first pages"
    kept = list((root / ".knowhow/journal/set-aside").glob("*.json"))
    assert len(kept) == 1
    assert git("status", "--porcelain") == "M content/index.md"


@pytest.mark.parametrize("step", ["_on", "_move_branch", "_finish"])
def test_a_kill_of_a_save_that_git_overtook_loses_nothing(root: Path, git: Callable[..., str], step: str) -> None:
    script = """
        import os, signal, subprocess, sys
        from wiki.git.committing import Committer
        from wiki.git.repository import Change, Person, Repository
        make, calls = Committer._write_commit, []
        def overtaken(self, *args):
            made = make(self, *args)
            if not calls:
                who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
                subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "By git"], cwd=sys.argv[1], check=True)
            calls.append(made)
            return made
        Committer._write_commit = overtaken
        stepped = getattr(Committer, sys.argv[2])
        def die(self, *args):
            if calls and (sys.argv[2] != "_move_branch" or len(calls) > 1):
                os.kill(os.getpid(), signal.SIGKILL)
            return stepped(self, *args)
        setattr(Committer, sys.argv[2], die)
        change = Change(path_in_repo="content/index.md", data=b"mine")
        Repository(sys.argv[1]).commit([change], author=Person(name="Ann", email="a@b"), message="Edit")
    """
    assert run_python(script, root, step).returncode == -9
    Repository(root)
    assert (root / "content/index.md").read_text() == "mine"
    assert git("log", "--format=%s").splitlines() == ["Edit", "By git", "Write the first pages"]
    assert git("status", "--porcelain") == ""
    assert not (root / ".git/index.lock").exists()
    assert list((root / ".knowhow/journal").iterdir()) == []


def test_a_damaged_journal_entry_is_dropped(root: Path) -> None:
    journal = root / ".knowhow/journal"
    Repository(root).commit([Change(path_in_repo="content/a.md", data=b"x")], author=ANN, message="Edit")
    (journal / "01.json").write_text('{"version": 1, "id"')
    Repository(root)
    assert list(journal.iterdir()) == []


def test_a_killed_process_frees_the_writer_lock(root: Path) -> None:
    script = """
        import os, signal, sys
        from wiki.workspace.workspace import Workspace
        with Workspace.open(sys.argv[1]).lock():
            os.kill(os.getpid(), signal.SIGKILL)
    """
    assert run_python(script, root).returncode == -9
    with Workspace.open(root).lock():
        pass


# One process of several clients, each a thread that edits its own line of each page once.
CLIENTS = """
    import json, sys, threading
    from wiki.access import Level, Viewer
    from wiki.editing import open_page, save_page
    from wiki.errors import EditConflict
    from wiki.git.repository import Repository
    from wiki.workspace.workspace import Workspace

    root, first, count, pages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    ws = Workspace.open(root)
    repo = Repository(root)
    results, failures = [], []
    opened = threading.Barrier(count)

    def edit(client):
        viewer = Viewer(handle=f"c{client}", name=f"Client {client}", email=f"c{client}@example.org", level=Level.EDITOR)
        path = f"page-{client % pages}.md"
        try:
            page = open_page(ws, repo, viewer, path)
            opened.wait()
            text = page.page.text.replace(f"slot {client % 20}: ", f"slot {client % 20}: by {client} ")
            try:
                saved = save_page(ws, repo, viewer, path, text, base_revision=page.revision, message=f"Edit by {client}")
                results.append([client, path, saved.revision])
            except EditConflict:
                results.append([client, path, None])
        except BaseException as error:
            failures.append(repr(error))
            opened.abort()

    threads = [threading.Thread(target=edit, args=(first + n,)) for n in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(json.dumps(results))
    sys.exit("; ".join(failures) or 0)
"""


def test_fifty_clients_in_several_processes_lose_no_edit(root: Path, git: Callable[..., str]) -> None:
    text = "# Slots\n\n" + "".join(f"slot {n}: -\n\n" for n in range(20))
    changes = [Change(path_in_repo=f"content/page-{n}.md", data=text.encode()) for n in range(5)]
    Repository(root).commit(changes, author=ANN, message="Slots")
    command = [sys.executable, "-c", textwrap.dedent(CLIENTS), str(root)]
    processes = [
        subprocess.Popen([*command, str(10 * n), "10", "5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for n in range(5)
    ]
    results: list[tuple[int, str, str | None]] = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        results += json.loads(out)
    assert len(results) == 50
    saved = [result for result in results if result[2]]
    refused = [result for result in results if not result[2]]
    assert len(saved) >= 20  # each of the 20 slots is edited by somebody first
    for client, path, revision in saved:
        assert f"by {client} " in git("show", f"{revision}:content/{path}")
        assert f"by {client} " in (root / "content" / path).read_text()  # nobody's later save took it out
        assert git("log", "-1", "--format=%an|%s", revision) == f"Client {client}|Edit by {client}"
    for client, path, _ in refused:
        assert f"by {client} " not in (root / "content" / path).read_text()
    assert int(git("rev-list", "--count", "HEAD")) == 2 + len(saved)
    assert git("status", "--porcelain") == ""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"A FULL DISK WAS NOT TESTED: mounting a small tmpfs needs root here ({mounted.stderr.strip()})")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_refuses_the_save_and_changes_nothing(
    small_disk: Path, root: Path, editor: Viewer, git: Callable[..., str]
) -> None:
    place = small_disk / "handbook"
    git("clone", "-q", str(root), str(place))
    (place / ".git/hooks").mkdir(exist_ok=True)
    ws = Workspace.open(place)
    repo = Repository(place)
    outcomes: list[bool] = []
    for free_kb in (0, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64, 80, 96, 128, 256):
        text, head = ws.read_page("index.md").text, repo.head()
        fill(small_disk / "filler", free_kb)
        try:
            new = text + f"{free_kb} kB were free.\n"
            save_page(ws, repo, editor, "index.md", new, base_revision=repo.last_change("content/index.md").id, message="Edit")
            outcomes.append(True)
            assert (ws.read_page("index.md").text, repo.head() != head) == (new, True)
        except StorageError:
            outcomes.append(False)
            assert (ws.read_page("index.md").text, repo.head()) == (text, head)
        (small_disk / "filler").unlink()
        repo.recover()
        assert git("fsck", "--strict", "--no-dangling", cwd=place) == ""
        assert git("status", "--porcelain", cwd=place) == ""
        assert [p for p in place.rglob("*.tmp") if ".git" not in p.parts] == []
    assert outcomes[0] is False
    assert outcomes[-1] is True


def fill(filler: Path, free_kb: int) -> None:
    """Fill the disk until `free_kb` are left."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, filler.stat().st_size - free_kb * 1024))
