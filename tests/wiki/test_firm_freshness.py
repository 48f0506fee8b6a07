"""Each sign that a page may no longer be right has its reason, and shows nothing that the viewer may not read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from wiki.access import Audience, everyone_audience
from wiki.editing import SharedLinks
from wiki.firm import SIGNAL_KINDS, Firm, Signs, signals
from wiki.git.repository import Repository
from wiki.workspace.workspace import Workspace

TODAY = date(2026, 11, 20)
PAGE = "ops/backups.md"


def found(
    workspace: Workspace,
    *,
    flags: Mapping[str, list[str]] | None = None,
    edits: Mapping[str, date] | None = None,
    audience: Audience | None = None,
    path: str = PAGE,
) -> dict[str, str]:
    firm, links = Firm(workspace), SharedLinks(workspace)
    signs = Signs(
        today=TODAY,
        roles=workspace.roles,
        readable=firm.readable(audience or everyone_audience()),
        flags=flags or {},
        broken={page: [link.target_text for link in broken] for page, broken in links.broken().items()},
        linked=links.linked,
        last_edit=lambda page: (edits or {}).get(page),
    )
    return {signal.kind: signal.message for signal in signals(firm.pages[path], signs)}


def write(workspace: Workspace, front: str, body: str = "Text.\n", path: str = PAGE) -> None:
    (workspace.docs_dir / path).write_text(f"---\n{front}\n---\n\n{body}")


def test_nothing_speaks_against_a_page_of_which_nothing_is_known(workspace: Workspace) -> None:
    assert found(workspace) == found(workspace, path="index.md") == {}


def test_a_review_that_was_due_yesterday_is_overdue_and_one_due_today_is_not(workspace: Workspace) -> None:
    write(workspace, "reviewed: 2026-11-10\nreview_every: 10d")
    assert found(workspace) == {}
    write(workspace, "reviewed: 2026-11-09\nreview_every: 10d")
    assert found(workspace) == {"review-overdue": "Its review was due on 2026-11-19."}


def test_a_vacant_or_unknown_owner_is_told(workspace: Workspace) -> None:
    write(workspace, "owner: delivery-lead")
    assert found(workspace) == {"owner-vacant": "Nobody is Delivery lead, the role that owns it."}
    write(workspace, "owner: delivry-lead")
    assert list(found(workspace)) == ["owner-unknown"]
    for known in ("ben", "cleo", "ops-lead"):
        write(workspace, f"owner: {known}")
        assert found(workspace) == {}
    (workspace.root / "roles.yml").unlink()
    write(workspace, "owner: anybody")
    assert found(workspace) == {}


def test_broken_links_are_told_as_they_are_written(workspace: Workspace) -> None:
    write(workspace, "title: A", "[a](none.md) [b](../index.md#nowhere) [c](../index.md) [d](x.md) [e](y.md)\n")
    assert found(workspace)["broken-links"] == "4 links on it lead nowhere: none.md, ../index.md#nowhere, x.md and 1 more."


def test_a_procedure_that_was_edited_after_it_was_confirmed_is_told(workspace: Workspace) -> None:
    write(workspace, "kind: procedure\nreviewed: 2026-11-10")
    assert found(workspace, edits={PAGE: date(2026, 11, 10)}) == {}
    told = found(workspace, edits={PAGE: date(2026, 11, 11)})
    assert told == {"edited-since": "It was edited on 2026-11-11, and last confirmed on 2026-11-10."}
    write(workspace, "kind: reference\nreviewed: 2026-11-10")
    assert found(workspace, edits={PAGE: date(2026, 11, 11)}) == {}


def test_a_page_that_it_links_to_and_that_changed_since_is_named_if_it_may_be_read(workspace: Workspace) -> None:
    write(workspace, "kind: policy\nreviewed: 2026-11-10", "See [leave](../people/leave.md) and [pay](../people/pay.md).\n")
    edits = {"people/leave.md": date(2026, 11, 11), "people/pay.md": date(2026, 11, 12)}
    assert found(workspace, edits=edits)["linked-changed"] == "2 pages that it links to changed since: Leave, Pay."
    team = found(workspace, edits=edits, audience=Audience(team=True))
    assert team["linked-changed"] == "1 page that it links to changed since: Leave."
    assert found(workspace, edits={"people/pay.md": date(2026, 11, 12)}, audience=Audience(team=True)) == {}


def test_what_somebody_said_against_a_page_comes_first(workspace: Workspace) -> None:
    write(workspace, "reviewed: 2026-01-01\nreview_every: 10d")
    told = found(workspace, flags={PAGE: ["Flagged as contradicted since 2026-11-01: “no”"]})
    assert list(told) == ["contradicted", "review-overdue"]


def test_a_page_counts_as_edited_only_after_it_came_in(workspace: Workspace, repository: Repository, git) -> None:
    path = f"content/{PAGE}"
    assert repository.last_change(path) is not None
    assert repository.last_edits() == {}
    (workspace.root / path).write_text("Other.\n")
    git("commit", "-qam", "Say it otherwise")
    edits = repository.last_edits()
    assert {edited: revision.message.strip() for edited, revision in edits.items()} == {path: "Say it otherwise"}
    assert Repository(workspace.root).last_edits() == edits


def test_the_docs_name_every_kind_of_signal_as_it_is() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [kind for kind, meaning in SIGNAL_KINDS.items() if f"| `{kind}` | {meaning} |" not in text] == []
