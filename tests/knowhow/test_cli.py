"""The command line: what each command prints, its --json, its exit status, and errors as one line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from starlette.testclient import TestClient
from typer.testing import CliRunner

from knowhow import __version__
from knowhow.cli import app
from knowhow.server import create_app
from knowhow.services import open_services
from tests.knowhow.handbook import BASE, EXPENSES, PAGES, commits, git, propose

NEWS = "Maya [9:00 AM]: From Monday expenses are to be handed in within 45 days of the purchase, no longer 30 days.\n"


class Command:
    """Runs `knowhow` in this process on one workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, *args: str, input: str | None = None, status: int = 0) -> Result:
        result = CliRunner().invoke(app, list(args), env={"KNOWHOW_WORKSPACE": str(self.root)}, input=input)
        assert result.exit_code == status, (result.exit_code, result.output, result.stderr, result.exception)
        if status not in (0, 1) and not (status == 3 and result.stdout):
            assert result.stdout == ""
            assert len(result.stderr.strip().splitlines()) == 1, result.stderr
        return result

    def json(self, *args: str, status: int = 0) -> Any:
        return json.loads(self(*args, "--json", status=status).stdout)


@pytest.fixture
def knowhow(root: Path) -> Command:
    return Command(root)


def _api(root: Path, path: str) -> Any:
    """What the HTTP API gives for the same workspace."""
    services = open_services(root)
    services.prepare_search()
    found = TestClient(create_app(services, with_ui=False), base_url=BASE).get(path).json()
    services.close()
    return found


def _propose(root: Path, old: str = "30 days", new: str = "45 days") -> str:
    services = open_services(root)
    made = propose(services, EXPENSES, old, new)
    services.close()
    return made.id


def test_the_installed_command_runs_and_says_what_is_wrong_in_one_line(root: Path, tmp_path: Path) -> None:
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "knowhow", *args], capture_output=True, text=True, check=False)

    assert run("--version").stdout == f"{__version__}\n"
    missing = run("page", "show", "none.md", "-w", str(root))
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr == "There is no page none.md. Search for it, or look at the start page.\n"
    nowhere = run("search", "x", "-w", str(tmp_path))
    assert (nowhere.returncode, len(nowhere.stderr.splitlines())) == (2, 1)


def test_a_command_or_option_that_does_not_exist_is_wrong_use() -> None:
    for args in (
        ["nonsense"],
        ["search"],
        ["search", "x", "--nope"],
        ["search", "x", "--limit", "0"],
        ["review", "list", "--status", "x"],
    ):
        result = CliRunner().invoke(app, args)
        assert (result.exit_code, result.stdout) == (2, ""), args


def test_init_makes_a_workspace_of_the_starter_and_nothing_over_another(tmp_path: Path) -> None:
    target = tmp_path / "new"
    made = CliRunner().invoke(app, ["init", str(target)])
    assert made.exit_code == 0
    assert made.stdout.startswith("Made a workspace of ")
    assert f"knowhow serve --workspace {target}" in made.stderr
    assert git(target, "status", "--porcelain") == ""
    again = CliRunner().invoke(app, ["init", str(target)])
    assert (again.exit_code, again.stdout, len(again.stderr.splitlines())) == (2, "", 1)


def test_adopt_takes_a_folder_over_without_changing_a_page(tmp_path: Path) -> None:
    source = tmp_path / "pages"
    source.mkdir()
    (source / "index.md").write_bytes(b"# Hello\r\n")
    result = CliRunner().invoke(app, ["adopt", str(source), str(tmp_path / "wiki"), "--json"])
    assert result.exit_code == 0
    assert set(json.loads(result.stdout)) == {"workspace", "pages", "notes"}
    assert json.loads(result.stdout)["pages"] == 1
    assert next((tmp_path / "wiki").rglob("index.md")).read_bytes() == b"# Hello\r\n"
    missing = CliRunner().invoke(app, ["adopt", str(tmp_path / "none")])
    assert missing.exit_code in (2, 3)
    assert len(missing.stderr.splitlines()) == 1


def test_search_prints_sections_and_the_apis_object(knowhow: Command) -> None:
    result = knowhow("search", "deadline", "for", "expenses")
    assert result.stdout.splitlines()[0] == f"{EXPENSES}#deadline  Expenses › Deadline"
    assert "<mark>" not in result.stdout
    found = knowhow.json("search", "deadline for expenses")
    wanted = _api(knowhow.root, "/api/v1/search?q=deadline+for+expenses")
    assert (found["hits"], found["total"]) == (wanted["hits"], wanted["total"])
    assert knowhow.json("search", "zzzyx") | {"took_ms": 0} == {"hits": [], "total": 0, "took_ms": 0}
    assert len(knowhow.json("search", "the", "--limit", "1")["hits"]) <= 1


def test_ask_answers_with_citations_or_says_that_it_is_not_in_the_handbook(knowhow: Command) -> None:
    result = knowhow("ask", "How many days do I have to hand in expenses?")
    assert "30 days" in result.stdout
    assert f"[1] {EXPENSES}#deadline: “" in result.stdout
    body = knowhow.json("ask", "How many days do I have to hand in expenses?")
    assert set(body) >= {"answer", "answered", "citations", "model", "conversation", "took_ms"}
    assert body["citations"][0]["page"] == EXPENSES
    assert "not in the handbook" in knowhow("ask", "What is the wifi password?", status=3).stdout
    assert knowhow.json("ask", "What is the wifi password?", status=3)["answered"] is False
    knowhow("ask", "   ", status=2)
    knowhow("ask", "And then?", "--conversation", "none", status=3)


def test_a_pasted_text_and_files_are_ingested(knowhow: Command, tmp_path: Path) -> None:
    printed = knowhow("ingest", "--channel", "chat", input=NEWS).stdout
    assert "1 suggestions, 0 flags" in printed
    body = knowhow.json("review", "list")
    assert set(body) == {"items", "next"}
    (item,) = body["items"]
    assert item["page"] == EXPENSES
    assert "45 days" in item["new_text"]
    chat = tmp_path / "news.txt"
    chat.write_text("Backups of the file server run daily now, no longer hourly.\n")
    rows = knowhow.json("ingest", str(chat), str(chat))["items"]
    assert len({row["id"] for row in rows}) == 1  # the same twice
    assert rows[0]["status"] == "done"
    assert rows[0] == _api(knowhow.root, f"/api/v1/updates/{rows[0]['id']}")


def test_what_cannot_be_ingested_is_refused(knowhow: Command, tmp_path: Path) -> None:
    knowhow("ingest", input="  \n", status=2)
    knowhow("ingest", str(tmp_path / "none.txt"), status=3)
    knowhow("ingest", "--channel", "pigeon", input=NEWS, status=2)
    (tmp_path / "program.exe").write_bytes(b"MZ\x90\x00\x03" * 50)
    knowhow("ingest", str(tmp_path / "program.exe"), status=2)
    memo = sorted((Path(__file__).parents[1] / "fixtures" / "speech" / "memos").glob("*.ogg"))[0]
    assert "ingest.speech_model" in knowhow("ingest", str(memo), status=1).stdout  # kept, and failed with a way forward


def test_a_suggestion_is_shown_accepted_and_not_twice(knowhow: Command) -> None:
    made = _propose(knowhow.root)
    assert knowhow("review", "list").stdout == f"{made}  {EXPENSES}  It changed.\n"
    shown = knowhow("review", "show", made).stdout
    assert "confidence 0.75" in shown
    assert "“45 days”, Maya (update 01UPDATE)" in shown
    assert "+Hand in expenses within 45 days" in shown
    assert knowhow.json("review", "show", made) == _api(knowhow.root, f"/api/v1/suggestions/{made}")
    accepted = knowhow("review", "accept", made).stdout
    assert accepted == f"Accepted: {EXPENSES} is now at revision {git(knowhow.root, 'rev-parse', 'HEAD')[:10]}.\n"
    assert f"Suggestion: {made}" in commits(knowhow.root, EXPENSES)[0]
    assert git(knowhow.root, "log", "-1", "--format=%an") == "Mia Meyer"
    assert "already accepted" in knowhow("review", "accept", made, status=4).stderr
    assert knowhow("review", "list").stdout == ""
    assert [item["id"] for item in knowhow.json("review", "list", "--status", "accepted")["items"]] == [made]
    knowhow("review", "show", "none", status=3)


def test_a_suggestion_is_accepted_in_part_or_as_edited_or_rejected(knowhow: Command, tmp_path: Path) -> None:
    both = PAGES[EXPENSES].replace("30 days", "45 days").replace("500 euros", "800 euros")
    part = _propose(knowhow.root, PAGES[EXPENSES], both)
    assert json.loads(knowhow("review", "accept", part, "--hunk", "1", "--json").stdout)["status"] == "accepted"
    text = knowhow("page", "show", EXPENSES).stdout
    assert ("30 days" in text, "800 euros" in text) == (True, True)
    edited = _propose(knowhow.root)
    file = tmp_path / "mine.md"
    file.write_text(text.replace("30 days", "six weeks"))
    knowhow("review", "accept", edited, "--text", str(file))
    assert knowhow("page", "show", EXPENSES).stdout == file.read_text()
    other = _propose(knowhow.root, "six weeks", "seven weeks")
    knowhow("review", "reject", other, "--reason", "  ", status=2)
    knowhow("review", "reject", other, "--reason", "No.")
    assert knowhow.json("review", "show", other)["decision_reason"] == "No."


def test_a_conflict_is_refused(knowhow: Command) -> None:
    made = _propose(knowhow.root)
    knowhow("page", "write", EXPENSES, input=PAGES[EXPENSES].replace("30 days", "20 days"))
    assert "(conflict)" in knowhow("review", "list").stdout
    assert "changed on the same lines" in knowhow("review", "accept", made, status=4).stderr


def test_pages_are_listed_shown_written_moved_deleted_and_restored(knowhow: Command, tmp_path: Path) -> None:
    assert knowhow("page", "list").stdout.split("\n")[0].startswith("index.md")
    assert {item["path"] for item in knowhow.json("page", "list")["items"]} == set(PAGES)
    assert knowhow("page", "show", EXPENSES).stdout == PAGES[EXPENSES]
    assert knowhow.json("page", "show", EXPENSES) == _api(knowhow.root, f"/api/v1/pages/{EXPENSES}")
    first = git(knowhow.root, "rev-parse", "HEAD")
    new = PAGES[EXPENSES].replace("30 days", "45 days")
    knowhow("page", "write", EXPENSES, "-m", "Longer deadline", input=new)
    assert "is as it was" in knowhow("page", "write", EXPENSES, input=new).stdout
    other = tmp_path / "other.md"
    other.write_text(PAGES[EXPENSES].replace("500 euros", "800 euros"))
    knowhow("page", "write", EXPENSES, str(other), "--base", first)
    merged = knowhow("page", "show", EXPENSES).stdout
    assert ("45 days" in merged, "800 euros" in merged) == (True, True)
    other.write_text(PAGES[EXPENSES].replace("30 days", "10 days"))
    knowhow("page", "write", EXPENSES, str(other), "--base", first, status=4)
    other.write_bytes(b"\xff\xfe")
    knowhow("page", "write", EXPENSES, str(other), status=2)
    history = knowhow.json("page", "history", EXPENSES)
    assert history["items"] == _api(knowhow.root, f"/api/v1/pages/{EXPENSES}/history")["items"]
    assert "Longer deadline" in knowhow("page", "history", EXPENSES, "--limit", "2").stdout
    assert "+Hand in expenses within 45 days" in knowhow("page", "diff", EXPENSES, first).stdout
    assert knowhow("page", "backlinks", EXPENSES).stdout.startswith("index.md:3: ")
    knowhow("page", "move", EXPENSES, "money/expenses.md")
    assert "(money/expenses.md)" in knowhow("page", "show", "index.md").stdout
    deleted = knowhow("page", "delete", "money/expenses.md").stdout
    assert deleted.startswith("Deleted money/expenses.md.")
    knowhow("page", "show", "money/expenses.md", status=3)
    restore = deleted.split("`")[1].split()[1:]
    knowhow(*restore)
    assert knowhow("page", "show", "money/expenses.md").stdout == merged
    knowhow("page", "restore", "money/expenses.md", "--help")
    knowhow("page", "restore", "money/expenses.md", "HEAD", status=2)
    knowhow("page", "show", "../mkdocs.yml", status=2)
    assert git(knowhow.root, "status", "--porcelain") == ""


def test_check_finds_problems_with_exit_status_1(knowhow: Command) -> None:
    assert knowhow("check").stdout == ""
    (knowhow.root / "content" / "bad.md").write_text("---\ntitle: [\n---\n\n# Bad\n\n[Nowhere](none.md)\n")
    printed = knowhow("check", "--all", status=1).stdout
    assert printed.startswith("bad.md:2: front-matter: ")
    assert "\nbad.md:7: broken-link: There is no page none.md." in printed
    body = knowhow.json("check", status=1)
    assert set(body) == {"items", "next"}
    assert {item["page"] for item in body["items"]} == {"bad.md"}
    assert set(body["items"][0]) == {"page", "line", "rule", "message", "cause"}


def test_check_says_what_is_wrong_by_cause_the_worst_first(knowhow: Command) -> None:
    content = knowhow.root / "content"
    content.joinpath("a.md").write_text("# A\n" + "[x](none.md)\n" * 40 + "".join(f"[x](unwritten-{n}.md)\n" for n in range(5)))
    for number in range(6):
        content.joinpath(f"b{number}.md").write_text(f"---\nreviewed: someday\n---\n# B {number}\n[x](#away)\n")
    content.joinpath("c.md").write_text("---\ntitle: [\n---\n# C\n")
    printed = knowhow("check", status=1)
    lines = printed.stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "1 × front-matter: The front matter is not valid YAML. Until this is mended, the page counts as restricted.",
        "6 × front-matter: Front matter, reviewed: should be a date such as 2026-10-02.",
        "45 × broken-link: Links to pages that are not there.",
        "6 × broken-link: Links to headings that are not there.",
    ]
    assert lines[3:7] == [
        *(f"    b{n}.md:2: front-matter: Front matter, reviewed: should be a date such as 2026-10-02." for n in range(3)),
        "    … and 3 more",
    ]
    assert lines[lines.index("45 × broken-link: Links to pages that are not there.") + 1 :][:4] == [
        "    a.md:2: broken-link: There is no page none.md. (40 times)",
        "    a.md:42: broken-link: There is no page unwritten-0.md.",
        "    a.md:43: broken-link: There is no page unwritten-1.md.",
        "    … and 3 more",
    ]
    assert printed.stderr == "58 findings on 8 pages. Every one: knowhow check --all\n"
    summary = knowhow("check", "--summary", status=1)
    assert summary.stdout.splitlines() == [line for line in lines if not line.startswith(" ")]
    assert len(knowhow("check", "--all", status=1).stdout.splitlines()) == 58 == len(knowhow.json("check", status=1)["items"])
    assert "exclude each other" in knowhow("check", "--all", "--summary", status=2).stderr


def test_decided_answers_or_ends_with_exit_status_3(knowhow: Command) -> None:
    page = "---\ntitle: No desks in the cellar\nkind: decision\nstatus: accepted\ndecided: 2026-01-05\ndeciders: [fay]\n---\n\nIt is damp.\n"
    (knowhow.root / "content" / "cellar.md").write_text(page)
    printed = knowhow("decided", "may", "we", "put", "desks", "in", "the", "cellar?").stdout
    assert printed.startswith("No, we decided against it: “No desks in the cellar”, decided on 2026-01-05 by fay.")
    assert "cellar.md" in printed
    assert knowhow.json("decided", "did we paint the roof", status=3)["verdict"] == "no-record"


def test_blockers_are_listed_with_their_age_and_whose_turn_it_is(knowhow: Command) -> None:
    page = "---\ntitle: No desks\nkind: blocker\nstatus: open\nescalated_to: ops-lead\n---\n"
    (knowhow.root / "content" / "desks.md").write_text(page)
    assert knowhow("blockers").stdout == "unowned  ? working days  No desks (desks.md)  Ops lead: Name an owner.\n"
    assert knowhow.json("blockers")["items"][0]["state"] == "unowned"


def test_a_page_is_confirmed_from_the_command_line(knowhow: Command) -> None:
    assert knowhow("page", "freshness", "ops/backups.md").stdout == "Never confirmed.\n"
    assert knowhow("page", "confirm", "ops/backups.md").stdout.startswith("Confirmed ops/backups.md (revision ")
    assert knowhow("page", "confirm", "ops/backups.md").stdout == "ops/backups.md was confirmed today already.\n"
    assert knowhow.json("page", "freshness", "ops/backups.md")["reviewed"] is not None


def test_health_says_what_waits(knowhow: Command) -> None:
    (knowhow.root / "content" / "bad.md").write_text("---\nowner: fay\n---\n\n[Nowhere](none.md)\n")
    printed = knowhow("health").stdout
    assert "Broken links: 1\n  bad.md: 1 link on it leads nowhere: none.md.\n" in printed
    assert {part["name"]: part["count"] for part in knowhow.json("health")["parts"]}["links"] == 1


def test_check_lists_gaps_in_handoffs_last_and_does_not_fail_for_them(knowhow: Command) -> None:
    page = "---\nkind: process\nowner: fay\ntrigger: A\noutcome: B\nhandoffs:\n  - {from: ops-lead, to: finance-lead, moves: X, done: Y}\n---\n"
    (knowhow.root / "content" / "flow.md").write_text(page)
    printed = knowhow("check").stdout
    assert "1 × gap: Gaps in handoffs, no-owner: a handoff without `owner`.\n" in printed
    assert "flow.md:7: gap: Handoff 1 (Ops lead → Finance lead, “X”): nobody owns it." in printed
    assert {item["rule"] for item in knowhow.json("check")["items"]} == {"gap"}
    (knowhow.root / "content" / "bad.md").write_text("[Nowhere](none.md)\n")
    lines = knowhow("check", "--summary", status=1).stdout.splitlines()
    assert [line.split()[2] for line in lines] == ["broken-link:", *["gap:"] * (len(lines) - 1)]


def test_publish_writes_the_site_for_an_audience(knowhow: Command, tmp_path: Path) -> None:
    team = knowhow("publish", str(tmp_path / "team"))
    assert team.stdout == f"Published 3 pages (team) to {tmp_path / 'team'}.\n"
    assert not (tmp_path / "team" / "people" / "pay").exists()
    everything = knowhow("publish", str(tmp_path / "all"), "--audience", "everything")
    assert everything.stdout == f"Published 4 pages (everything) to {tmp_path / 'all'}.\n"
    assert "Restricted pages are among them" in everything.stderr
    body = knowhow.json("publish", str(tmp_path / "public"), "--audience", "public")
    assert (body["pages"], body["audience"]) == (1, "public")
    assert (tmp_path / "public" / "policies" / "expenses" / "index.html").is_file()
    assert not (tmp_path / "public" / "people").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    knowhow("publish", str(tmp_path / "mine"), status=2)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep me"


def test_reindex_builds_the_index_anew(knowhow: Command) -> None:
    shutil.rmtree(knowhow.root / ".knowhow" / "index")
    assert knowhow("reindex").stdout.startswith("Indexed ")
    assert knowhow.json("search", "deadline")["total"] == 1


def test_doctor_says_one_line_for_each_feature(knowhow: Command) -> None:
    lines = knowhow("doctor").stdout.splitlines()
    assert all(line.startswith("ok       ") for line in lines)
    body = knowhow.json("doctor")
    assert {item["feature"] for item in body["items"]} >= {"history", "pages", "disk", "search", "answers", "voice memos"}
    assert set(body["items"][0]) == {"feature", "ok", "message", "hint"}
    with (knowhow.root / "knowhow.toml").open("a") as file:
        file.write('[assistant]\nmodel = "m"\nhost = "http://127.0.0.1:9"\n[ingest]\nspeech_model = "/nowhere"\n')
    printed = knowhow("doctor", status=1).stdout
    assert len([line for line in printed.splitlines() if line.startswith("missing")]) == 2
    assert "ollama serve" in printed
    elsewhere = CliRunner().invoke(app, ["doctor"], env={"KNOWHOW_WORKSPACE": str(knowhow.root.parent)})
    assert elsewhere.exit_code == 1
    assert "missing  workspace: " in elsewhere.stdout


@pytest.mark.parametrize(
    ("text", "named"), [("[server]\nprot = 1\n", "server.prot"), ("nonsense", "knowhow.toml"), ("access = 'x'\n", "access")]
)
def test_a_wrong_setting_is_refused_by_name(knowhow: Command, text: str, named: str) -> None:
    (knowhow.root / "knowhow.toml").write_text(text)
    for command in (["search", "x"], ["page", "list"], ["serve"]):
        assert named in knowhow(*command, status=2).stderr


def test_a_server_on_another_address_is_refused(knowhow: Command) -> None:
    for host in ("0.0.0.0", "192.168.1.7", "example.org", "127.0.0.1.example.org", "::"):
        assert "loopback" in knowhow("serve", "--host", host, status=2).stderr
