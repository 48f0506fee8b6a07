"""The map of handoffs and its gaps: each planted one is found by its rule, and nothing else is."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.wiki.planted_gaps import PAGES, PLANTED, ROLES
from wiki.access import Audience, everyone_audience
from wiki.firm import GAP_KINDS, Firm, find_gaps, handoff_map
from wiki.firm.handoffs import drawing
from wiki.pages.page import parse_text
from wiki.workspace.workspace import Workspace, create_workspace

ALL = everyone_audience()


def made(root: Path, pages: dict[str, str], roles: str | None = ROLES) -> Workspace:
    for path, text in pages.items():
        file = root / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "mkdocs.yml").write_text("site_name: Firm\n")
    if roles is not None:
        (root / "roles.yml").write_text(roles)
    return Workspace.open(root)


def kinds(workspace: Workspace, audience: Audience = ALL) -> set[tuple[str, str, int]]:
    return {(gap.kind, gap.page_path, gap.number) for gap in find_gaps(Firm(workspace), audience)}


def of_pages(root: Path, roles: str | None = ROLES, **pages: str) -> set[str]:
    return {gap[0] for gap in kinds(made(root, {f"{name}.md": text for name, text in pages.items()}, roles))}


def process(handoffs: str, more: str = "owner: sales-lead\ntrigger: A call\noutcome: A yes", body: str = "") -> str:
    return f"---\ntitle: Sales\nkind: process\n{more}\nhandoffs:\n{handoffs}---\n\n{body}"


SOUND = "  - {from: sales-lead, to: account-manager, moves: The notes, owner: sales-lead, done: They are read}\n"
OWNED = "---\nowner: account-manager\n---\n"


def test_all_planted_gaps_are_found_and_none_that_is_not_there(tmp_path: Path) -> None:
    assert kinds(made(tmp_path, PAGES)) == PLANTED
    assert len(find_gaps(Firm(Workspace.open(tmp_path)), ALL)) == len(PLANTED) == 25
    assert sum(page.endswith("/index.md") for page in PAGES) == 10


def test_the_planted_gaps_are_of_every_kind() -> None:
    assert {kind for kind, _, _ in PLANTED} == set(GAP_KINDS)


def test_the_starter_handbook_has_its_two_planted_gaps_and_no_other(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "starter")
    assert kinds(workspace) == {("no-done", "delivery/index.md", 2), ("role-vacant", "delivery/index.md", 4)}


def test_a_gap_says_what_is_missing_where_and_how_to_mend_it(tmp_path: Path) -> None:
    gaps = find_gaps(Firm(made(tmp_path, PAGES)), ALL)
    gap = next(gap for gap in gaps if gap.kind == "no-done" and gap.page_path == "build/index.md")
    assert gap.message == "Handoff 2 (Technical lead → Account manager, “The build”): it does not say when it is done."
    assert gap.hint == "Add `done` to the handoff."
    assert PAGES[gap.page_path].splitlines()[gap.line - 1] == "- from: tech-lead"
    assert gap.line == 15


@pytest.mark.parametrize("page", ["sales", "support", "billing"])
def test_a_handoff_is_found_at_the_line_where_it_is_written(tmp_path: Path, page: str) -> None:
    rows = [row for row in handoff_map(Firm(made(tmp_path, PAGES)), ALL) if row.page_path == f"{page}/index.md"]
    lines = PAGES[f"{page}/index.md"].splitlines()
    assert [lines[row.line - 1].lstrip()[:1] for row in rows] == ["-", "-"]


def test_a_role_that_loses_its_last_person_is_a_gap_at_once(tmp_path: Path) -> None:
    workspace = made(tmp_path, {"sales.md": process(SOUND), "own.md": OWNED})
    firm = Firm(workspace)
    assert find_gaps(firm, ALL) == []
    (tmp_path / "roles.yml").write_text(ROLES.replace("holder: cy", 'holder: ""'))
    assert [gap.kind for gap in find_gaps(firm, ALL)] == ["role-vacant"]


def test_a_deputy_who_is_the_holder_is_no_deputy(tmp_path: Path) -> None:
    assert of_pages(tmp_path, ROLES.replace("deputy: di", "deputy: cy"), sales=process(SOUND), own=OWNED) == {"no-deputy"}


def test_without_roles_yml_no_role_is_unknown(tmp_path: Path) -> None:
    assert of_pages(tmp_path, None, sales=process(SOUND), own=OWNED) == set()


def test_a_plain_folder_of_markdown_has_no_gaps(tmp_path: Path) -> None:
    assert of_pages(tmp_path, None, index="# Start\n\n1. [Go](go.md)\n", go="Text.\n") == set()


def test_a_handbook_of_procedures_alone_has_no_gaps(tmp_path: Path) -> None:
    assert of_pages(tmp_path, lock="---\nkind: procedure\nowner: tech-lead\n---\n") == set()


def test_the_docs_name_every_kind_of_gap_as_it_is() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [kind for kind, meaning in GAP_KINDS.items() if f"| `{kind}` | {meaning} |" not in text] == []


def test_the_chain_to_the_next_process_holds_where_the_owner_goes_on_with_it(tmp_path: Path) -> None:
    body = "1. Talk.\n2. Go on with [the next](next.md).\n"
    following = "---\nkind: process\nowner: OWNER\ntrigger: A yes\noutcome: Money\n---\n"
    held = of_pages(tmp_path / "a", sales=process(SOUND, body=body), next=following.replace("OWNER", "account-manager"))
    assert held == set()
    broken = of_pages(tmp_path / "b", sales=process(SOUND, body=body), next=following.replace("OWNER", "tech-lead"), own=OWNED)
    assert broken == {"chain-broken"}


def test_a_link_to_another_process_that_is_no_step_breaks_no_chain(tmp_path: Path) -> None:
    following = "---\nkind: process\nowner: tech-lead\ntrigger: A yes\noutcome: Money\n---\n"
    body = "Not as in [the next](next.md).\n\n1. Talk.\n\nSee [the next](next.md).\n\n```\n1. [x](next.md)\n```\n"
    assert of_pages(tmp_path, sales=process(SOUND, body=body), next=following, own=OWNED) == set()


def test_who_may_not_read_a_process_sees_neither_its_handoffs_nor_its_gaps(tmp_path: Path) -> None:
    secret = process("  - {from: sales-lead}\n", more="visibility: restricted\ngroups: [board]")
    steps = "---\nkind: procedure\npart_of: secret.md\nowner: account-manager\n---\n"
    workspace = made(tmp_path, {"secret.md": secret, "sales.md": process(SOUND), "step.md": steps})
    team, board = Audience(team=True), Audience(team=True, groups=frozenset({"board"}))
    firm = Firm(workspace)
    assert {row.page_path for row in handoff_map(firm, team)} == {"sales.md"}
    assert {row.page_path for row in handoff_map(firm, board)} == {"sales.md", "secret.md"}
    assert {gap.page_path for gap in find_gaps(firm, board)} == {"secret.md"}
    # To the team the process does not exist, as for a link to it.
    assert [(gap.kind, gap.page_path) for gap in find_gaps(firm, team)] == [("process-unknown", "step.md")]
    assert handoff_map(firm, Audience()) == find_gaps(firm, Audience()) == []


def test_what_is_kept_follows_a_page_that_changes_comes_or_goes(tmp_path: Path) -> None:
    workspace = made(tmp_path, {"sales.md": process(SOUND), "own.md": OWNED})
    firm = Firm(workspace)
    (tmp_path / "docs" / "sales.md").write_text(process(SOUND.replace(", done: They are read", "")))
    firm.refresh(["sales.md"])
    assert [gap.kind for gap in find_gaps(firm, ALL)] == ["no-done"]
    (tmp_path / "docs" / "sales.md").unlink()
    firm.refresh(["sales.md"])
    assert find_gaps(firm, ALL) == handoff_map(firm, ALL) == []


def test_whoever_says_that_a_page_changed_sees_the_change_whatever_others_ask_meanwhile(tmp_path: Path) -> None:
    names = [f"p{number}.md" for number in range(60)]
    firm = Firm(made(tmp_path, dict.fromkeys(names, "---\ntitle: Before\n---\n")))
    wrong: list[str] = []

    def change(own: list[str]) -> None:
        for name in own:
            (tmp_path / "docs" / name).write_text("---\ntitle: After\n---\n")
            firm.refresh([name])
            if firm.readable(ALL)[name].title != "After":
                wrong.append(name)

    threads = [threading.Thread(target=change, args=(names[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert list(firm.pages) == sorted(names)
    for name in names:
        (tmp_path / "docs" / name).unlink()
    firm.refresh(names)
    assert firm.pages == {}


def test_a_page_that_is_a_symlink_to_another_counts_once(tmp_path: Path) -> None:
    workspace = made(tmp_path, {"sales.md": process(SOUND), "own.md": OWNED})
    (tmp_path / "docs" / "again.md").symlink_to("sales.md")
    assert len(handoff_map(Firm(workspace), ALL)) == 1


def test_receipt_and_what_holds_when_the_plan_changes_are_read() -> None:
    page = parse_text("x.md", "---\nhandoffs:\n  - {from: a, receipt: A yes, if_plan_changes: [boss, later the board]}\n---\n")
    assert page.front_matter.handoffs[0].receipt == "A yes"
    assert page.front_matter.handoffs[0].if_plan_changes == "boss; later the board"


def test_no_text_of_a_handoff_becomes_syntax_of_the_drawing(tmp_path: Path) -> None:
    workspace = made(tmp_path, {"index.md": "# Start\n"})
    evil = parse_text(
        "x.md", "---\nhandoffs:\n  - {from: 'a\"]; click r0 \"https://x.example\"', to: '<b>', moves: 'x|\" --> y'}\n---\n"
    )
    drawn = drawing(evil.front_matter.handoffs, workspace.roles)
    assert [line.count('"') for line in drawn.splitlines()] == [0, 2, 2, 2]
    assert not set("<>;") & set(drawn.replace("-->", "").replace(";", "", drawn.count("#")))
