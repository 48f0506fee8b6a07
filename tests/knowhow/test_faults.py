"""Kills, a damaged index, a full disk and many writers, on real processes: nothing lost, nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowhow.services import open_services, opened
from tests.fake_ollama import FakeOllama
from tests.knowhow.handbook import EXPENSES, PAGES, commits, git, propose
from tests.knowhow.processes import Server, run_python, until
from tests.scripted_chain import ScriptedChain, statement
from wiki.review import FlagDraft

# Accepts a suggestion in a forked process that kills itself at its N-th touch of the disk, of git or of the database, for
# every N, on a fresh copy; then opens the workspace again and says what it finds.
KILLS = """
    import json, os, shutil, signal, subprocess, sys
    from pathlib import Path
    from knowhow.services import open_services, opened
    from wiki.database import Database
    from wiki.errors import WikiError

    source, scratch, id = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    page = "policies/expenses.md"

    def die_at(number):
        count = 0
        def wrapped(function):
            def call(*args, **more):
                nonlocal count
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **more)
            return call
        for owner, name in [(os, "fsync"), (Path, "replace"), (subprocess.Popen, "communicate"), (Database, "begin")]:
            setattr(owner, name, wrapped(getattr(owner, name)))

    def state(services, root):
        def git(*args):
            return subprocess.run(["git", *args], cwd=root, check=True, capture_output=True, text=True).stdout.strip()
        services.index.refresh()
        s = services.suggestions.get(id)
        hits = services.index.search("purchase", services.local_admin.audience).hits
        return {
            "status": s.status, "revision": s.revision, "head": git("rev-parse", "HEAD"), "dirty": git("status", "--porcelain"),
            "commits": git("log", "--format=%B").count("Suggestion: " + id),
            "new": "45 days" in services.workspace.read_page(page).text,
            "found": any("45 days" in hit.text for hit in hits),
            "left": [p.name for p in (root / ".knowhow/journal").glob("*.json")],
        }

    def in_child(work):
        child = os.fork()
        if child == 0:
            try:
                work()
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        return os.waitpid(child, 0)[1]

    number = 0
    while True:
        number += 1
        root = scratch / str(number)
        shutil.copytree(source, root, symlinks=True, ignore=shutil.ignore_patterns("hooks", "writer.*"))

        def accept():
            services = open_services(root)
            die_at(number)
            services.review.accept(services.local_admin, id)

        def look():
            services = open_services(root)
            after = state(services, root)
            if after["status"] == "open":
                services.review.accept(services.local_admin, id)
            print(json.dumps({"number": number, "killed": status != 0, "after": after, "again": state(services, root)}), flush=True)

        status = in_child(accept)
        if in_child(look):
            sys.exit(1)
        shutil.rmtree(root)
        if status == 0:
            break
"""


def test_a_kill_at_any_moment_of_an_accept_leaves_it_done_once_or_not_at_all(root: Path, tmp_path: Path) -> None:
    services = open_services(root)
    services.index.refresh()
    made = propose(services, EXPENSES, "30 days", "45 days")
    services.close()
    (tmp_path / "scratch").mkdir()
    done = run_python(KILLS, root, tmp_path / "scratch", made.id)
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [run["killed"] for run in runs] == [True] * (len(runs) - 1) + [False]
    assert len(runs) > 8
    for run in runs:
        after, again = run["after"], run["again"]
        accepted = after["status"] == "accepted"
        assert after["status"] in ("open", "accepted"), run
        assert (after["commits"], after["new"], after["found"]) == (int(accepted), accepted, accepted), run
        assert (after["dirty"], after["left"]) == ("", []), run
        assert (again["status"], again["commits"], again["new"], again["found"]) == ("accepted", 1, True, True), run
        assert again["revision"] == again["head"], run
    outcomes = [run["after"]["status"] for run in runs]
    assert outcomes == sorted(outcomes, reverse=True)  # open up to one moment, accepted from it on
    assert outcomes.count("accepted") > 2


def test_a_rejection_after_a_kill_between_commit_and_note_is_refused(root: Path) -> None:
    services = open_services(root)
    services.index.refresh()
    made = propose(services, EXPENSES, "30 days", "45 days")
    script = """
        import os, signal, sys
        from pathlib import Path
        from knowhow.services import open_services, opened
        from wiki.review.suggestion import SuggestionStore
        SuggestionStore.decide = lambda *args, **more: os.kill(os.getpid(), signal.SIGKILL)
        services = open_services(Path(sys.argv[1]))
        services.review.accept(services.local_admin, sys.argv[2])
    """
    assert run_python(script, root, made.id).returncode == -9
    from wiki.review.review import AlreadyDecided

    with pytest.raises(AlreadyDecided, match="accepted"):  # by the process that ran all the time, without a restart
        services.review.reject(services.local_admin, made.id, "No.")
    assert services.suggestions.get(made.id).status == "accepted"
    services.close()


UPDATES, CALLS = 8, 4  # so often the model is asked about one update


def test_a_kill_in_the_pipeline_loses_no_update_and_makes_nothing_twice(root: Path) -> None:
    ollama = FakeOllama(always=_edit)
    with ollama.serve() as served:
        server = Server(root, KNOWHOW_ASSISTANT_MODEL=ollama.model, KNOWHOW_ASSISTANT_HOST=served.url)
        with server:
            ids = []
            for days in range(31, 31 + UPDATES):
                news = f"Decided: expenses are to be handed in within {days} days of the purchase, no longer within 30 days."
                ids.append(server.client.post("/api/v1/updates", json={"channel": "chat", "text": news}).json()["id"])
            until(lambda: len(ollama.requests) > 2 * CALLS, what="the pipeline's start")
            server.kill()
            before = _steps(root)
            assert len(_workflows(before)) < UPDATES  # or the kill came too late to show anything
            server.restart()
            until(lambda: all(_status(server, sent) == "done" for sent in ids), timeout_s=60, what="the rest of the pipeline")
            after = _steps(root)
            assert before.items() <= after.items()  # what was noted before the kill was not run again
            for days in range(31, 31 + UPDATES):
                requests = [p for p in ollama.prompts if f"within {days} days" in p]
                assert len(requests) >= CALLS, days
            # Only the step under way when the kill came was run again.
            assert UPDATES * CALLS <= len(ollama.requests) <= (UPDATES + 1) * CALLS
            items = server.client.get("/api/v1/suggestions", params={"limit": 200}).json()["items"]
            assert len({item["new_text"] for item in items}) == len(items) == UPDATES
            results = [server.client.get(f"/api/v1/updates/{sent}").json()["suggestions"] for sent in ids]
            assert sorted(one for result in results for one in result) == sorted(item["id"] for item in items)


def test_an_update_whose_run_ended_without_being_noted_is_run_again(server: Server) -> None:
    sent = server.client.post("/api/v1/updates", json={"text": "Backups run daily now, no longer hourly."}).json()["id"]
    until(lambda: _status(server, sent) == "done")
    before = server.client.get(f"/api/v1/updates/{sent}").json()
    for left in ("running", "queued"):  # the run failed on a full disk, say, and so did the note of it
        server.kill()
        services = open_services(server.root)
        services.updates.set_status(sent, left)
        services.close()
        server.restart()
        until(lambda: _status(server, sent) == "done", what="the second run")
    assert server.client.get(f"/api/v1/updates/{sent}").json() == before


def _edit(asked: dict[str, Any]) -> str:
    """The model: writes the number of days of the update into the section, slowly enough to be killed."""
    import re
    import time

    time.sleep(0.05)
    text = "\n".join(message["content"] for message in asked["messages"])
    news = re.search(r"Decided: expenses are to be handed in within (\d+) days of the purchase", text)
    assert news is not None
    old = "within 30 days of the purchase"
    new = f"within {news[1]} days of the purchase"
    edit = {"changes_page": True, "old_text": old, "new_text": new, "reason": "The deadline changed"}
    return ScriptedChain(statements=[[statement(news[0])]], choice=[old], edit=[edit])(asked)


def _steps(root: Path) -> dict[tuple[str, int], str]:
    """What DBOS has noted: (workflow, number of the step) -> when and with what result it ended."""
    with sqlite3.connect(root / ".knowhow" / "jobs.db") as connection:
        query = "SELECT workflow_uuid, function_id, function_name, output, completed_at_epoch_ms FROM operation_outputs"
        rows = connection.execute(query).fetchall()
    connection.close()
    return {(row[0], row[1]): repr(row[2:]) for row in rows}


def _workflows(steps: dict[tuple[str, int], str]) -> set[str]:
    return {workflow for workflow, _ in steps}


def _status(server: Server, id: str) -> str:
    return str(server.client.get(f"/api/v1/updates/{id}").json()["status"])


@pytest.fixture
def server(root: Path) -> Iterator[Server]:
    with Server(root) as server:
        yield server


def _found(server: Server, query: str) -> set[str]:
    hits = server.client.get("/api/v1/search", params={"q": query}).json()["hits"]
    return {hit["page"] for hit in hits}


@pytest.mark.parametrize("harm", ["deleted", "corrupted", "emptied"])
def test_an_index_that_is_gone_or_damaged_comes_back_by_itself(server: Server, harm: str) -> None:
    index = server.root / ".knowhow" / "index"
    assert _found(server, "deadline") == {EXPENSES}
    for running in (True, False):
        if not running:
            server.kill()
        if harm == "deleted":
            shutil.rmtree(index)
        else:
            for file in index.rglob("*"):
                if file.is_file() and not file.name.endswith(".lock"):
                    file.unlink()  # cutting off a file that is mapped would end the server with a bus error
                    file.write_bytes(b"garbage" if harm == "corrupted" else b"")
        if not running:
            server.restart()
        word = "zebra" if running else "giraffe"
        etag = server.client.get(f"/api/v1/pages/{EXPENSES}").headers["etag"]
        text = server.client.get(f"/api/v1/pages/{EXPENSES}").json()["text"] + f"\nAsk the {word}.\n"
        saved = server.client.put(f"/api/v1/pages/{EXPENSES}", json={"text": text}, headers={"If-Match": etag})
        assert saved.status_code == 200, saved.text
        until(lambda word=word: _found(server, word) == {EXPENSES}, timeout_s=15, what="the index's return")
        assert "ops/backups.md" in _found(server, "backups hourly")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"A FULL DISK WAS NOT TESTED: mounting a small tmpfs needs root here ({mounted.stderr.strip()})")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_refuses_writes_with_a_hint_and_reading_goes_on(small_disk: Path, template: Path) -> None:
    root = Path(shutil.copytree(template, small_disk / "handbook", symlinks=True))
    services = open_services(root)
    moved_on = propose(services, EXPENSES, "30 days", "45 days")
    fresh = propose(services, "ops/backups.md", "hourly", "daily")
    services.close()
    with Server(root) as server:
        page, client = f"/api/v1/pages/{EXPENSES}", server.client
        until(lambda: _found(server, "deadline") == {EXPENSES})
        assert client.get("/policies/expenses/").status_code == 200
        (root / "content" / EXPENSES).write_text(PAGES[EXPENSES].replace("500 euros", "600 euros"))
        revision = client.get(page).json()["revision"]
        text, head = client.get(page).json()["text"], git(root, "rev-parse", "HEAD")
        (root / "content" / "index.md").write_text(PAGES["index.md"] + "\nWritten outside.\n")
        filler = small_disk / "filler"
        _fill(filler)
        writes = [
            client.put(page, json={"text": text.replace("600", "700")}, headers={"If-Match": revision}),
            client.put("/api/v1/pages/new.md", json={"text": "# New\n"}, headers={"If-None-Match": "*"}),
            client.post(f"/api/v1/suggestions/{fresh.id}/accept"),
            client.post("/api/v1/updates", json={"text": "The printer is on floor 3. " * 5000}),
        ]
        for response in writes:
            body = response.json()
            assert (response.status_code, body["code"]) == (507, "storage-error"), body
            assert "disk" in (body["detail"] + body["hint"]).lower(), body
            assert body["hint"]
        assert (git(root, "rev-parse", "HEAD"), (root / "content" / EXPENSES).read_text()) == (head, text)
        reads = [page, "/policies/expenses/", "/api/v1/search?q=deadline", "/api/v1/suggestions?status=open", "/metrics"]
        reads += [f"/api/v1/suggestions/{fresh.id}", f"{page}/history", "/readyz", "/api/v1/updates"]
        for path in reads:
            assert client.get(path).status_code == 200, (path, client.get(path).text)
        assert "Written outside." in client.get("/api/v1/pages/index.md").json()["text"]
        filler.unlink()
        index = client.get("/api/v1/pages/index.md").json()
        edited = {"text": index["text"] + "\nAnd more.\n"}
        assert client.put("/api/v1/pages/index.md", json=edited, headers={"If-Match": index["revision"]}).status_code == 200
        assert "Written outside." in git(root, "show", "HEAD~1:content/index.md")
        assert client.post(f"/api/v1/suggestions/{fresh.id}/accept").json()["status"] == "accepted"
        assert client.post(f"/api/v1/suggestions/{moved_on.id}/accept").json()["status"] == "accepted"
        final = client.get(page).json()["text"]
        assert "45 days" in final
        assert "600 euros" in final
        sent = client.post("/api/v1/updates", json={"text": "The printer is on floor 3."}).json()["id"]
        until(lambda: _status(server, sent) == "done")
        until(lambda: _found(server, "daily") == {"ops/backups.md"})
    assert git(root, "fsck", "--strict", "--no-dangling") == ""
    assert git(root, "status", "--porcelain") == ""


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 256, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


def test_the_command_line_accepts_while_the_server_writes(server: Server) -> None:
    services = open_services(server.root)
    made = [propose(services, f"notes/{n}.md", "", f"# Note {n}\n\nThe word is w{n}.\n").id for n in range(6)]
    services.close()

    def accept(id: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "knowhow", "review", "accept", id, "-w", str(server.root)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)

    def write(number: int) -> httpx.Response:
        body = {"text": f"# Own {number}\n"}
        return server.client.put(f"/api/v1/pages/own/{number}.md", json=body, headers={"If-None-Match": "*"})

    with ThreadPoolExecutor(4) as pool:
        accepted, written = pool.map(accept, made[:3]), pool.map(write, range(20))
        served = [server.client.post(f"/api/v1/suggestions/{one}/accept") for one in made[3:]]
        assert [(done.returncode, done.stderr) for done in accepted] == [(0, "")] * 3
        assert [response.status_code for response in written] == [200] * 20
    assert [response.json()["status"] for response in served] == ["accepted"] * 3
    assert int(git(server.root, "rev-list", "--count", "HEAD")) == 1 + 6 + 20
    assert git(server.root, "status", "--porcelain") == ""
    for number in range(6):
        until(lambda n=number: _found(server, f"w{n}") == {f"notes/{n}.md"}, what="the other process's page in the search")
        assert server.client.get(f"/notes/{number}/").status_code == 200
    twice = [accept(made[0]), accept(made[3])]
    assert [done.returncode for done in twice] == [4, 4]


def test_fifty_clients_on_five_pages_lose_no_edit(server: Server) -> None:
    paths = [f"shared/{n}.md" for n in range(5)]
    text = "# Shared\n\n" + "\n".join(f"Line {n}: nobody.\n" for n in range(12))
    revisions = {}
    for path in paths:
        created = server.client.put(f"/api/v1/pages/{path}", json={"text": text}, headers={"If-None-Match": "*"})
        revisions[path] = created.json()["revision"]

    def edit(client: int) -> tuple[int, str, int, str]:
        """Client `client` writes its name on one line; some share a line, and then one of them must be refused."""
        path, line = paths[client % 5], client // 5 if client < 40 else 0
        body = {
            "text": text.replace(f"Line {line}: nobody.", f"Line {line}: client-{client}."),
            "message": f"By client-{client}",
        }
        with httpx.Client(base_url=server.base, timeout=120) as http:
            response = http.put(f"/api/v1/pages/{path}", json=body, headers={"If-Match": revisions[path]})
        return client, path, response.status_code, response.json().get("revision", "")

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(edit, range(50)))
    assert {status for _, _, status, _ in results} <= {200, 409}
    saved = [result for result in results if result[2] == 200]
    refused = [result for result in results if result[2] == 409]
    assert len(saved) >= 40
    assert len(refused) >= 1
    for client, path, _, revision in saved:
        assert f"client-{client}." in git(server.root, "show", f"{revision}:content/{path}")
        assert f"client-{client}." in (server.root / "content" / path).read_text()
        assert git(server.root, "log", "-1", "--format=%s", revision) == f"By client-{client}"
    for client, path, _, _ in refused:
        assert f"client-{client}." not in (server.root / "content" / path).read_text()
        assert not any(f"By client-{client}\n" in f"{message}\n" for message in commits(server.root, path))
    assert int(git(server.root, "rev-list", "--count", "HEAD")) == 1 + 5 + len(saved)
    assert git(server.root, "status", "--porcelain") == ""


@pytest.mark.parametrize("moment", ["Workspace.moved", "FlagStore.moved", "Committer._finish"])
def test_a_kill_after_a_moves_commit_leaves_suggestions_and_flags_on_the_page(root: Path, moment: str) -> None:
    new = "policies/what we pay back.md"
    with opened(root) as services:
        made = propose(services, EXPENSES, "30 days", "45 days").id
        flags = [
            services.flags.raise_flag(FlagDraft(page_path=path, section="", kind="outdated", evidence=()))
            for path in (EXPENSES, "policies/gone.md")
        ]
    script = """
        import os, signal, sys
        from knowhow.services import open_services, opened
        from wiki.editing import move_page
        from wiki.git.committing import Committer
        from wiki.review import FlagStore
        from wiki.workspace import Workspace
        owner, name = sys.argv[3].split(".")
        setattr(globals()[owner], name, lambda *args: os.kill(os.getpid(), signal.SIGKILL))
        services = open_services(sys.argv[1])
        move_page(services.workspace, services.repository, services.local_admin, "policies/expenses.md", sys.argv[2])
    """
    assert run_python(script, root, new, moment).returncode == -9
    for _ in range(2):
        with opened(root) as services:
            assert services.suggestions.get(made).page_path == new
            found = [services.flags.get(services.local_admin, flag.id).page_path for flag in flags[:1]]
            assert found == [new]
            assert services.review.get(services.local_admin, made).suggestion.status == "open"
