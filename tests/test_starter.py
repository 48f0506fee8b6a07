"""The starter handbook is what it says: whole front matter, one home for each fact, and exactly the planted troubles."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

import pytest
import yaml

from wiki.pages.page import KINDS, VISIBILITIES, Page, parse_page

ROOT = Path(__file__).resolve().parents[1]
CONTENT = ROOT / "content"
WRITTEN = date(2026, 11, 22)
"""The day the handbook is written for: on it, one review is overdue."""

PAGES = {
    path.relative_to(CONTENT).as_posix(): parse_page(path.relative_to(CONTENT).as_posix(), path.read_bytes())
    for path in sorted(CONTENT.rglob("*.md"))
}
ROLES: dict[str, dict[str, str]] = yaml.safe_load((ROOT / "roles.yml").read_text(encoding="utf-8"))
MEMBERS = {role[key] for role in ROLES.values() for key in ("holder", "deputy")} - {""}

STATUSES = {
    "decision": {"proposed", "accepted", "rejected", "superseded"},
    "blocker": {"open", "escalated", "resolved"},
}
SENTENCES = {
    "policies/expenses.md": "The deadline for expenses is 30 days.",
    "client-onboarding/run-the-client-kickoff.md": "The client kickoff is owned by Tom.",
    "client-reporting/index.md": "The weekly report goes out on Thursday.",
    "policies/travel.md": "The limit for travel requests is 300 euros.",
    "client-onboarding/set-up-the-client.md": "**Create the account.**",
    "client-onboarding/index.md": "Ben owns client onboarding.",
    "billing/send-an-invoice.md": "The template for the invoice is in the accounts folder.",
    "client-onboarding/get-the-contract-signed.md": "Legal signs every client contract for us.",
}
"""What the spoken updates of the tests change, and the one page that says it."""

every_page = pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))


def raw(page: Page) -> dict[str, Any]:
    """The front matter as YAML gives it, to see what is really written there."""
    data: dict[str, Any] = yaml.safe_load(page.text.split("---\n", 2)[1])
    return data


def of_kind(kind: str) -> list[Page]:
    return [page for page in PAGES.values() if page.front_matter.kind == kind]


def words(page: Page) -> int:
    return len(page.body.split())


def tables_under(page: Page, heading: str) -> list[list[str]]:
    """The cells of the table rows under a level-2 heading, without the table's head."""
    section = page.body.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip()[1:-1].split("|")] for row in rows[2:]]


def links(page: Page) -> list[str]:
    """The paths of the pages that a page links to, as page ids."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.body, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose)
    paths = [target.split("#")[0] or PurePosixPath(page.path).name for target in targets]
    return [normpath((PurePosixPath(page.path).parent / path).as_posix()) for path in paths]


def test_the_handbook_has_about_forty_pages_of_all_six_kinds() -> None:
    assert 35 <= len(PAGES) <= 50
    assert {page.front_matter.kind for page in PAGES.values()} == set(KINDS)
    assert {page.visibility for page in PAGES.values()} == set(VISIBILITIES)


@every_page
def test_a_page_has_whole_front_matter(page: Page) -> None:
    data = raw(page)
    assert page.problems == ()
    assert data["title"]
    assert data["kind"] in KINDS
    assert data["visibility"] in VISIBILITIES
    assert data["tags"]
    assert data["owner"] in ROLES or data["owner"] in MEMBERS
    assert page.front_matter.reviewed is not None
    assert page.front_matter.reviewed <= WRITTEN
    assert bool(page.groups) == (page.visibility == "restricted")
    assert not re.search(r"^# ", page.body, re.MULTILINE), "the title stands in the front matter"


@every_page
def test_a_page_links_to_pages_that_exist_and_names_no_other_host(page: Page) -> None:
    assert [path for path in links(page) if path not in PAGES] == []
    assert "://" not in page.text


@every_page
def test_a_page_links_to_no_page_that_fewer_people_may_read(page: Page) -> None:
    if page.path == "index.md":  # the start page leads everywhere; the site drops what a reader may not see
        return
    rank = VISIBILITIES.index
    assert [path for path in links(page) if rank(PAGES[path].visibility) > rank(page.visibility)] == []


@pytest.mark.parametrize("page", of_kind("process"), ids=lambda page: page.path)
def test_a_process_says_the_same_in_its_text_and_in_its_front_matter(page: Page) -> None:
    front = page.front_matter
    assert f"**Starts when:** {front.trigger}\n" in page.body
    assert f"**Ends when:** {front.outcome}\n" in page.body
    title = {name: role["title"] for name, role in ROLES.items()}
    written = [[title[h.from_role], title[h.to_role], h.moves, title[h.owner], h.done] for h in front.handoffs]
    assert len(written) >= 3
    assert tables_under(page, "Handoffs") == written


@pytest.mark.parametrize("page", of_kind("procedure"), ids=lambda page: page.path)
def test_a_procedure_is_one_step_of_a_process_in_numbered_steps(page: Page) -> None:
    front = page.front_matter
    process = PAGES[front.part_of]
    assert process.front_matter.kind == "process"
    assert f"**{front.step}.**" in process.body
    assert page.path in links(process)
    numbers = [int(number) for number in re.findall(r"^(\d+)\. \*\*", page.body, re.MULTILINE)]
    assert len(numbers) >= 7
    assert all(after in (before + 1, 1) for before, after in itertools.pairwise(numbers))


def test_every_status_of_a_decision_and_of_a_blocker_is_shown() -> None:
    for kind, statuses in STATUSES.items():
        assert {page.front_matter.status for page in of_kind(kind)} == statuses


@pytest.mark.parametrize("page", of_kind("decision"), ids=lambda page: page.path)
def test_a_decision_says_who_when_and_why(page: Page) -> None:
    front = page.front_matter
    assert (front.decided is None) == (front.status == "proposed")
    assert front.decided is None or page.path.startswith(f"decisions/{front.decided.isoformat()}-")
    assert front.deciders
    assert set(front.deciders) <= MEMBERS
    assert front.reason.rstrip(".") in page.body or front.reason.split(",")[0] in page.body
    assert all(evidence.quote and evidence.update for evidence in front.evidence)
    assert front.evidence


def test_a_superseded_decision_and_its_successor_name_each_other() -> None:
    for page in of_kind("decision"):
        for old in page.front_matter.supersedes:
            assert PAGES[old].front_matter.status == "superseded"
            assert page.path in links(PAGES[old])
            assert old in links(page)
    superseded = {page.path for page in of_kind("decision") if page.front_matter.status == "superseded"}
    assert superseded == {old for page in of_kind("decision") for old in page.front_matter.supersedes}


@pytest.mark.parametrize("page", of_kind("blocker"), ids=lambda page: page.path)
def test_a_blocker_has_dates_and_a_lesson_once_it_is_resolved(page: Page) -> None:
    front = page.front_matter
    assert front.raised is not None
    assert page.path.startswith(f"blockers/{front.raised.isoformat()}-")
    assert front.escalate_after is not None
    assert front.escalated_to in ROLES
    assert (front.resolved is not None) == bool(front.lesson) == (front.status == "resolved")


def test_the_page_on_roles_agrees_with_the_file_of_roles() -> None:
    table = PAGES["reference/roles.md"].body
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)[2:]
    names = [
        [role["title"], *(role[key].capitalize() or "*vacant*" for key in ("holder", "deputy"))] for role in ROLES.values()
    ]
    assert sorted(map(list, rows)) == sorted(names)


def test_the_only_handoff_with_something_missing_is_the_planted_one() -> None:
    missing = [
        (page.path, handoff.from_role, handoff.to_role, field)
        for page in of_kind("process")
        for handoff in page.front_matter.handoffs
        for field in ("from_role", "to_role", "moves", "owner", "done")
        if not getattr(handoff, field)
    ]
    assert missing == [("delivery/index.md", "tech-lead", "project-manager", "done")]


def test_the_only_overdue_review_is_the_planted_one() -> None:
    overdue = [
        page.path
        for page in PAGES.values()
        if page.front_matter.reviewed and page.front_matter.review_every
        if page.front_matter.reviewed + page.front_matter.review_every < WRITTEN
    ]
    assert overdue == ["reference/tools.md"]


def test_the_only_procedure_too_long_for_a_page_is_the_planted_one() -> None:
    lengths = {page.path: words(page) for page in of_kind("procedure")}
    assert lengths.pop("delivery/release-to-live.md") > 800
    assert max(lengths.values()) < 300


def test_the_only_vacant_role_owns_one_page_and_receives_one_handoff() -> None:
    assert [name for name, role in ROLES.items() if not role["holder"]] == ["support-lead"]
    owned = [page.path for page in PAGES.values() if page.front_matter.owner == "support-lead"]
    assert owned == ["delivery/hand-over-to-support.md"]
    received = [page.path for page in of_kind("process") for h in page.front_matter.handoffs if h.to_role == "support-lead"]
    assert received == ["delivery/index.md"]


@pytest.mark.parametrize(("path", "sentence"), SENTENCES.items(), ids=lambda value: value)
def test_what_the_recordings_change_is_one_sentence_in_one_place_and_on_one_line(path: str, sentence: str) -> None:
    assert sum(page.text.count(sentence) for page in PAGES.values()) == 1
    assert sentence in PAGES[path].body


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("policies/expenses.md", r"\b30 days|thirty days"),
        ("policies/travel.md", r"\b300 euros|three hundred"),
        ("client-reporting/index.md", r"weekly report[^.]*day\b"),
        ("client-onboarding/run-the-client-kickoff.md", r"kickoff[^.]*\bTom\b|\bTom\b[^.]*kickoff"),
        ("client-onboarding/set-up-the-client.md", r"[Cc]reate the account"),
        ("billing/send-an-invoice.md", r"[Tt]emplate for the invoice|invoice template"),
    ],
)
def test_a_fact_that_a_recording_changes_is_said_nowhere_else(path: str, fact: str) -> None:
    said = [page.path for page in PAGES.values() for _ in re.finditer(fact, page.body)]
    assert said == [path]


def test_no_step_before_the_account_checks_the_contract_yet() -> None:
    before = PAGES["client-onboarding/set-up-the-client.md"].body.split("**Create the account.**")[0]
    assert "contract" not in before.split("## Steps")[1].lower()


def test_mkdocs_alone_builds_the_handbook_without_a_warning(tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    plain = config.replace("plugins:\n  - knowhow\n", "plugins: []\n")
    assert plain != config
    (tmp_path / "mkdocs.yml").write_text(plain, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=tmp_path,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    built = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("index.html")}
    assert len(built) == len(PAGES)
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "fonts.googleapis" not in start
