"""Many clients, an outside writer, plain git and kills, all at once: nothing that was acknowledged is lost, nothing is there twice.

`KNOWHOW_LOAD` says how much: 1 is 50 clients with 1,000 edits each and 100 kills, which takes hours. Where none is set, it takes
seconds.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wiki.editing.writing import settle
from wiki.git.repository import Change, Person, Repository
from wiki.workspace.workspace import Workspace

LOAD = float(os.environ.pop("KNOWHOW_LOAD", "") or 0.001)  # taken away: Knowhow itself refuses what is no setting
CLIENTS = max(8, round(50 * LOAD**0.25))
EDITS = max(5, round(50_000 * LOAD / CLIENTS))
KILLS = max(3, round(100 * LOAD**0.5))
PROCESSES = 3 if CLIENTS < 20 else 5
PAGES = 20

TOKEN = re.compile(r"^([+-])- ([cog]\d+-\d+-\d+)$")

# A process of clients, each a thread that adds a line of its own to a page, again and again. A line of the log is an edit that was
# acknowledged; after a kill the process is started again, and each client goes on after what its log says.
CLIENT = """
    import os, random, sys, threading, traceback
    from wiki.access import Level, Viewer
    from wiki.editing import open_page, save_page, view_page
    from wiki.errors import EditConflict, Overtaken, StaleRevision, WorkspaceBusy
    from wiki.git.repository import Repository
    from wiki.workspace.workspace import Workspace

    root, logs, edits, pages = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    ws, repo = Workspace.open(root), Repository(root)

    def add(viewer, path, token):
        for opened in iter(lambda: random.choice((open_page, view_page))(ws, repo, viewer, path), None):
            lines = opened.page.text.split("\\n")
            if lines[-2:] != ["End.", ""]:
                continue  # somebody is writing it just now
            lines.insert(random.randrange(1, len(lines) - 2), "- " + token + "\\n")
            try:
                save_page(ws, repo, viewer, path, "\\n".join(lines), base_revision=opened.revision, message="Add " + token)
                return
            except (EditConflict, Overtaken, StaleRevision, WorkspaceBusy):
                continue

    def work(client):
        try:
            viewer = Viewer(handle=f"c{client}", name=f"Client {client}", email=f"c{client}@example.org", level=Level.EDITOR)
            log = os.open(f"{logs}/{client}", os.O_RDWR | os.O_CREAT | os.O_APPEND)
            for number in range(os.read(log, 10_000_000).count(b"\\n"), edits):
                token = f"c{client}-{number}-{os.getpid()}"
                add(viewer, f"page-{random.randrange(pages)}.md", token)
                os.write(log, token.encode() + b"\\n")
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    threads = [threading.Thread(target=work, args=(client,)) for client in map(int, sys.argv[5:])]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""

# A script that reads a page, adds a line and writes it: in place, or by rename. It logs what is in a file that has a name: a
# write into a file that was replaced and is gone already happened for nobody.
OUTSIDE = """
    import os, random, sys, time
    content, log, pages = sys.argv[1], open(sys.argv[2], "a"), int(sys.argv[3])
    number = 0
    while True:
        time.sleep(0.05)
        path = f"{content}/page-{random.randrange(pages)}.md"
        number += 1
        token = f"o0-{number}-{os.getpid()}"
        with open(path) as file:
            lines = file.read().split("\\n")
        lines.insert(random.randrange(1, len(lines) - 2), "- " + token + "\\n")
        text = "\\n".join(lines)
        way = random.choice(("truncate", "over", "rename"))
        if way == "rename":
            with open(path + "~", "w") as file:
                file.write(text)
            os.replace(path + "~", path)
        else:
            with open(path, "w" if way == "truncate" else "r+") as file:
                file.write(text)
                file.flush()
                file.truncate()
                if not os.fstat(file.fileno()).st_nlink:
                    continue
        print(token, file=log, flush=True)
"""

# Somebody who commits with git: a page of their own, or whatever is changed.
WITH_GIT = """
    import os, random, subprocess, sys, time
    root, log = sys.argv[1], open(sys.argv[2], "a")
    number = 0
    while True:
        time.sleep(0.05)
        number += 1
        token = f"g0-{number}-{os.getpid()}"
        with open(f"{root}/content/by-git.md", "a") as file:
            file.write(f"- {token}\\n")
        print(token, file=log, flush=True)
        what = random.choice((["content/by-git.md"], ["-a"]))
        who = ["-c", "user.name=Git", "-c", "user.email=git@example.org"]
        subprocess.run(["git", *who, "commit", "-q", "-m", "By git", *what], cwd=root, capture_output=True)
"""


def started(errors: Path, script: str, *args: object) -> subprocess.Popen[bytes]:
    with errors.open("ab") as file:
        return subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), *map(str, args)], stderr=file)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@pytest.mark.timeout(180 + 40_000 * LOAD)
def test_clients_an_outside_writer_git_and_kills_lose_and_double_nothing(
    root: Path, tmp_path: Path, git: Callable[..., str]
) -> None:
    text = "# Page\n\n" + "".join(f"Part {n}.\n\n" for n in range(40)) + "End.\n"
    pages = [f"page-{n}.md" for n in range(PAGES)]
    changes = [Change(path_in_repo=f"content/{page}", data=text.encode()) for page in pages]
    changes.append(Change(path_in_repo="content/by-git.md", data=b"# By git\n\n"))
    Repository(root).commit(changes, author=Person(name="Ann", email="ann@example.org"), message="Begin")
    logs = tmp_path / "logs"
    logs.mkdir()
    errors = tmp_path / "errors"
    outsiders = [
        started(errors, OUTSIDE, root / "content", tmp_path / "outside", PAGES),
        started(errors, WITH_GIT, root, tmp_path / "with-git"),
    ]
    try:
        killed = run_clients(root, logs, errors)
        assert [outsider.poll() for outsider in outsiders] == [None, None], errors.read_text()
    finally:
        for outsider in outsiders:
            ended(outsider)
    assert killed == KILLS

    workspace, repository = Workspace.open(root), Repository(root)  # finishes what the last kill cut short
    with workspace.lock():
        settle(workspace, repository, [*pages, "by-git.md"])
    acknowledged = words(logs.iterdir())
    assert len(acknowledged) == CLIENTS * EDITS
    assert len(set(acknowledged)) == len(acknowledged)
    outside = words([tmp_path / "outside", tmp_path / "with-git"])
    assert len(outside) > 20

    there = Counter[str]()  # how often each token is in the pages, from commit to commit
    ever, twice, undone = set[str](), list[str](), list[str]()
    for author, diff in commits(git("log", "--reverse", "--first-parent", "-p", "--format=%x01%an")):
        for sign, token in diff:
            there[token] += 1 if sign == "+" else -1
            if sign == "+":
                ever.add(token)
            elif author.startswith("Client"):
                undone.append(f"{token} by {author}")
        twice += [f"{token} by {author}" for _, token in diff if there[token] not in (0, 1)]
    assert [token for token in acknowledged if token not in ever] == []
    assert [token for token in outside if token not in ever] == []
    assert (twice, undone) == ([], [])
    for page in pages:
        lines = Counter(line for line in (root / "content" / page).read_text().splitlines() if line.startswith("- "))
        assert [line for line, count in lines.items() if count > 1] == []

    git("fsck", "--strict", "--no-dangling")
    assert git("status", "--porcelain") == ""
    left = [path.name for path in root.rglob("*") if path.suffix in (".tmp", ".old") and ".git" not in path.parts]
    assert left + [path.name for path in (root / ".knowhow/journal").glob("*") if path.is_file()] == []


def run_clients(root: Path, logs: Path, errors: Path) -> int:
    """Run the clients until each has made its edits, killing and restarting processes on the way; how many were killed."""
    shares = [range(number, CLIENTS, PROCESSES) for number in range(PROCESSES)]
    processes = [started(errors, CLIENT, root, logs, EDITS, PAGES, *share) for share in shares]
    killed = 0
    try:
        while any(process.poll() is None for process in processes):
            for process in processes:
                assert process.poll() in (None, 0), errors.read_text()
            done = sum(path.read_bytes().count(b"\n") for path in logs.iterdir())
            running = [number for number, process in enumerate(processes) if process.poll() is None]
            if killed < KILLS and done >= (killed + 1) * CLIENTS * EDITS // (KILLS + 1) and running:
                time.sleep(random.uniform(0, 0.1))
                number = random.choice(running)
                ended(processes[number])
                killed += 1
                processes[number] = started(errors, CLIENT, root, logs, EDITS, PAGES, *shares[number])
            time.sleep(0.02)
    finally:
        for process in processes:
            ended(process)
    assert [process.returncode for process in processes] == [0] * PROCESSES, errors.read_text()
    return killed


def words(files: Iterator[Path] | list[Path]) -> list[str]:
    return [word for file in files for word in file.read_text().split()]


def commits(log: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(author, what it adds and takes away as (sign, token)) of each commit."""
    for commit in log.split("\x01")[1:]:
        author, _, diff = commit.partition("\n")
        yield author, [(match[1], match[2]) for line in diff.splitlines() if (match := TOKEN.match(line))]
