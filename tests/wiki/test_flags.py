"""Flags: raised once, gaining evidence, closed, and seen only by who may read the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wiki.access import ANONYMOUS, Viewer
from wiki.database import Database, sqlite_url, utc_now
from wiki.errors import NotAllowed, NotFound
from wiki.migrations import migrate
from wiki.review.flags import FlagDraft, FlagStore
from wiki.review.suggestion import SuggestionEvidence
from wiki.workspace.workspace import Workspace

SAID = SuggestionEvidence(
    update="u-1", quote="It is 60 days now", author="Maya", at=datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=1)))
)
DRAFT = FlagDraft(page_path="ops/backups.md", section="schedule", kind="contradicted", evidence=(SAID,))


@pytest.fixture
def flags(workspace: Workspace) -> Iterator[FlagStore]:
    database = Database(sqlite_url(workspace.state_dir / "knowhow.db"))
    migrate(database)
    yield FlagStore(database, workspace)
    database.close()


def test_a_flag_says_since_when_and_on_what_evidence(flags: FlagStore, reader: Viewer) -> None:
    flag = flags.get(reader, flags.raise_flag(DRAFT).id)
    assert (flag.page_path, flag.section, flag.kind, flag.status) == ("ops/backups.md", "schedule", "contradicted", "open")
    assert utc_now() - flag.since < timedelta(minutes=1)
    assert flag.since.tzinfo is UTC
    assert flag.evidence == (SAID,)


def test_the_same_flag_again_gains_evidence_and_a_run_that_is_repeated_adds_nothing(flags: FlagStore) -> None:
    first = flags.raise_flag(DRAFT, id="u-1-f1")
    assert flags.raise_flag(DRAFT, id="u-1-f1") == first
    more = flags.raise_flag(replace(DRAFT, evidence=(SAID, SuggestionEvidence(update="u-2", quote="60!"))))
    assert more.id == first.id
    assert [e.update for e in more.evidence] == ["u-1", "u-2"]
    assert flags.raise_flag(replace(DRAFT, kind="outdated")).id != first.id
    assert flags.raise_flag(replace(DRAFT, section="restore")).id != first.id


def test_a_closed_flag_is_not_listed_and_the_next_one_is_new(flags: FlagStore, editor: Viewer, contributor: Viewer) -> None:
    flag = flags.raise_flag(DRAFT)
    with pytest.raises(NotAllowed):
        flags.close(contributor, flag.id)
    assert flags.close(editor, flag.id).status == "closed"
    assert flags.page(editor) == []
    assert [f.id for f in flags.page(editor, status=None)] == [flag.id]
    assert flags.raise_flag(DRAFT).id != flag.id


def test_flags_come_in_parts_also_where_some_are_hidden(flags: FlagStore, editor: Viewer, leader: Viewer) -> None:
    made = [
        flags.raise_flag(replace(DRAFT, page_path=page, section=str(n))).id
        for n in range(4)
        for page in ("people/pay.md", "ops/backups.md")
    ]
    for viewer, expected in ((leader, made), (editor, made[1::2])):
        first = flags.page(viewer, limit=3)
        rest = flags.page(viewer, limit=10, after=first[-1].id)
        assert [f.id for f in first + rest] == expected
    assert [f.id for f in flags.page(leader, page_path="people/pay.md")] == made[::2]


def test_a_flag_on_a_restricted_page_does_not_exist_for_others(flags: FlagStore, editor: Viewer, leader: Viewer) -> None:
    secret, shown = flags.raise_flag(replace(DRAFT, page_path="people/pay.md")), flags.raise_flag(DRAFT)
    with pytest.raises(NotFound) as hidden:
        flags.get(editor, secret.id)
    with pytest.raises(NotFound) as missing:
        flags.get(editor, "none")
    assert str(hidden.value).replace(secret.id, "none") == str(missing.value)
    with pytest.raises(NotFound):
        flags.close(editor, secret.id)
    assert [f.id for f in flags.page(editor)] == list(flags.seen(editor, [secret.id, shown.id, "none"])) == [shown.id]
    assert flags.get(leader, secret.id) == secret
    assert list(flags.seen(leader, [secret.id, shown.id, "none"])) == [secret.id, shown.id]
    assert flags.close(leader, secret.id).status == "closed"


def test_the_public_sees_no_flags_since_their_evidence_is_what_people_said_among_themselves(
    flags: FlagStore, reader: Viewer
) -> None:
    shown = flags.raise_flag(DRAFT)
    assert flags.page(ANONYMOUS) == []
    with pytest.raises(NotFound):
        flags.get(ANONYMOUS, shown.id)
    assert [f.id for f in flags.page(reader)] == [shown.id]


def test_a_flag_of_a_page_that_is_gone_is_not_shown(flags: FlagStore, editor: Viewer, workspace: Workspace) -> None:
    flag = flags.raise_flag(DRAFT)
    (workspace.docs_dir / "ops/backups.md").unlink()
    assert flags.page(editor) == []
    with pytest.raises(NotFound):
        flags.get(editor, flag.id)
