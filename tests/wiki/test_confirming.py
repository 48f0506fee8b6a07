"""Confirming a page changes the line of `reviewed` and no other byte, and only for who answers for the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from wiki.access import Level, Viewer
from wiki.database import Database, sqlite_url
from wiki.errors import InvalidInput, NotAllowed, NotFound
from wiki.git.repository import Repository
from wiki.migrations import migrate
from wiki.pages.confirming import confirmed
from wiki.pages.page import parse_page
from wiki.review.confirming import OpenFlags, confirm_page
from wiki.review.flags import FlagDraft, FlagStore
from wiki.review.suggestion import SuggestionEvidence
from wiki.workspace.workspace import Workspace

TODAY = date(2026, 11, 20)
PAGE = "ops/backups.md"


def someone(handle: str, level: Level = Level.CONTRIBUTOR) -> Viewer:
    return Viewer(handle=handle, name=handle.capitalize(), email=f"{handle}@example.org", level=level)


OWNER, DEPUTY, OTHER, ADMIN = someone("ben"), someone("cleo"), someone("dan", Level.EDITOR), someone("ada", Level.ADMIN)


@pytest.fixture
def flags(workspace: Workspace) -> Iterator[FlagStore]:
    database = Database(sqlite_url(workspace.state_dir / "knowhow.db"))
    migrate(database)
    yield FlagStore(database, workspace)
    database.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\nreviewed: 2026-01-01\nowner: a\n---\nText\n", "---\nreviewed: 2026-11-20\nowner: a\n---\nText\n"),
        ("---\r\nReviewed:   '2026-01-01'  # by Al\r\n---\r\nText", "---\r\nReviewed:   '2026-11-20'  # by Al\r\n---\r\nText"),
        ('---\n"reviewed": "1 May"\nowner: a\n---\n', '---\n"reviewed": "2026-11-20"\nowner: a\n---\n'),
        ("---\nreviewed:\nowner: a\n---\n", "---\nreviewed: 2026-11-20\nowner: a\n---\n"),
        ("---\nreviewed: ~ # never\n---\n", "---\nreviewed: 2026-11-20 # never\n---\n"),
        ("---\ntitle: |\n  reviewed: 2026-01-01\n---\n", "---\ntitle: |\n  reviewed: 2026-01-01\nreviewed: 2026-11-20\n---\n"),
        ("---\ntitle: A\n...\nreviewed: 2026-01-01\n", "---\ntitle: A\nreviewed: 2026-11-20\n...\nreviewed: 2026-01-01\n"),
        ("---\n---\nText", "---\nreviewed: 2026-11-20\n---\nText"),
        ("# Text\n\n---\nreviewed: x\n", "---\nreviewed: 2026-11-20\n---\n# Text\n\n---\nreviewed: x\n"),
        ("\ufeffText\r\n", "\ufeff---\r\nreviewed: 2026-11-20\r\n---\r\nText\r\n"),
        ("Title: A\nReviewed: 2026-01-01\n\nText\n", "Title: A\nReviewed: 2026-11-20\n\nText\n"),
        ("Title: A\n\nText\n", "reviewed: 2026-11-20\nTitle: A\n\nText\n"),
        (
            "+++\nreviewed = 2026-01-01 # x\n[a]\nreviewed = 1\n+++\n",
            "+++\nreviewed = 2026-11-20 # x\n[a]\nreviewed = 1\n+++\n",
        ),
        ("+++\ntitle = 'A'\n[a]\nreviewed = 1\n+++\n", "+++\nreviewed = 2026-11-20\ntitle = 'A'\n[a]\nreviewed = 1\n+++\n"),
    ],
)
def test_one_line_changes_whatever_the_front_matter_looks_like(before: str, after: str) -> None:
    page = confirmed(parse_page("x.md", before.encode()), TODAY)
    assert page.text == after
    assert page.front_matter.reviewed == TODAY


@pytest.mark.parametrize(
    "text",
    [
        "---\n{title: A, reviewed: 2026-01-01}\n---\n",
        "---\ntitle: [\n---\n",
        "---\nreviewed:\n  2026-01-01\n---\n",
        "---\ntitle: A\n",
    ],
)
def test_front_matter_in_which_no_line_can_be_changed_alone_is_left_as_it_is(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be changed in one line"):
        confirmed(parse_page("x.md", text.encode()), TODAY)


def test_bytes_that_are_no_utf8_stay() -> None:
    page = confirmed(parse_page("x.md", b"---\nreviewed: 2026-01-01\n---\nCaf\xe9\r\nx"), TODAY)
    assert page.text.encode("utf-8", "surrogateescape") == b"---\nreviewed: 2026-11-20\n---\nCaf\xe9\r\nx"


@pytest.mark.parametrize("viewer", [OWNER, DEPUTY, ADMIN], ids=lambda viewer: viewer.handle)
def test_owner_deputy_and_admin_confirm_and_are_the_commits_author(
    workspace: Workspace, repository: Repository, flags: FlagStore, viewer: Viewer
) -> None:
    before = workspace.read_bytes(PAGE)
    saved = confirm_page(workspace, repository, flags, viewer, PAGE, today=TODAY)
    assert saved.changed
    assert workspace.read_bytes(PAGE) == before.replace(b"visibility: public\n", b"visibility: public\nreviewed: 2026-11-20\n")
    last = repository.last_change(f"content/{PAGE}")
    assert last is not None
    assert (last.id, last.author.name, last.message) == (saved.revision, viewer.name, f"Confirm {PAGE}")
    again = confirm_page(workspace, repository, flags, viewer, PAGE, today=TODAY)
    assert (again.changed, again.revision) == (False, saved.revision)


def test_nobody_else_confirms_not_even_an_editor(workspace: Workspace, repository: Repository, flags: FlagStore) -> None:
    for viewer in (OTHER, someone("ben", Level.READER)):
        with pytest.raises(NotAllowed):
            confirm_page(workspace, repository, flags, viewer, PAGE, today=TODAY)
    with pytest.raises(NotAllowed) as refused:
        confirm_page(workspace, repository, flags, OTHER, "people/leave.md", today=TODAY)
    assert "nobody owns it" in refused.value.hint
    with pytest.raises(NotFound):
        confirm_page(workspace, repository, flags, OWNER, "people/pay.md", today=TODAY)


def test_a_page_with_an_open_flag_is_refused_with_what_was_said(
    workspace: Workspace, repository: Repository, flags: FlagStore
) -> None:
    said = SuggestionEvidence(update="u", quote="It is 60 days now", author="Maya", at=datetime(2026, 11, 20, tzinfo=UTC))
    flag = flags.raise_flag(FlagDraft(page_path=PAGE, section="schedule", kind="contradicted", evidence=(said,)))
    with pytest.raises(OpenFlags, match=r"contradicted .* “It is 60 days now”"):
        confirm_page(workspace, repository, flags, ADMIN, PAGE, today=TODAY)
    assert b"reviewed" not in workspace.read_bytes(PAGE)
    flags.close(ADMIN, flag.id)
    assert confirm_page(workspace, repository, flags, ADMIN, PAGE, today=TODAY).changed


def test_an_edit_made_outside_before_is_a_commit_of_its_own(
    workspace: Workspace, repository: Repository, flags: FlagStore
) -> None:
    file = workspace.page_file(PAGE)
    file.write_text(file.read_text().replace("hourly", "daily"))
    confirm_page(workspace, repository, flags, OWNER, PAGE, today=TODAY)
    messages = [revision.message.splitlines()[0] for revision in repository.history(f"content/{PAGE}")]
    assert len(messages) == 3
    assert messages[0] == f"Confirm {PAGE}"
    assert messages[1].startswith("Outside edit")
    assert "daily" in file.read_text()
