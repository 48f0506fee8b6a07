"""Reviewing suggestions on real git and SQLite: rebase, conflict, accept whole, by hunk or edited, reject, and who sees what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from wiki.access import ANONYMOUS, Viewer
from wiki.database import Database, sqlite_url
from wiki.editing import delete_page, move_page, page_revision, save_page
from wiki.errors import EditConflict, InvalidInput, NotAllowed, NotFound, StaleRevision, WikiError
from wiki.git.repository import Repository
from wiki.migrations import migrate
from wiki.review.review import AlreadyDecided, Review
from wiki.review.suggestion import Suggestion, SuggestionDraft, SuggestionEvidence, SuggestionStore
from wiki.workspace.workspace import Workspace

PAGE = "ops/backups.md"
Propose = Callable[..., Suggestion]


@pytest.fixture
def store(workspace: Workspace) -> Iterator[SuggestionStore]:
    database = Database(sqlite_url(workspace.state_dir / "knowhow.db"))
    migrate(database)
    yield SuggestionStore(database)
    database.close()


@pytest.fixture
def review(workspace: Workspace, repository: Repository, store: SuggestionStore) -> Review:
    return Review(workspace, repository, store)


@pytest.fixture
def propose(workspace: Workspace, repository: Repository, store: SuggestionStore) -> Propose:
    """Stores a suggestion to write `new` for `old` on a page as it stands."""

    def propose(old: str, new: str, page_path: str = PAGE) -> Suggestion:
        base = workspace.read_page(page_path).text
        assert old in base
        return store.propose(
            SuggestionDraft(
                page_path=page_path,
                section="schedule",
                action="edit",
                base_revision=page_revision(workspace, repository, page_path),
                base_text=base,
                new_text=base.replace(old, new),
                reason="It changed.",
                confidence=0.8,
                evidence=(SuggestionEvidence(update="u-1", quote=new), SuggestionEvidence(update="u-2", quote=new)),
            )
        )

    return propose


@pytest.fixture
def edit(workspace: Workspace, repository: Repository, admin: Viewer) -> Callable[..., str]:
    """Saves a page with `new` for `old`, as Ada; gives the revision."""

    def edit(old: str, new: str, page_path: str = PAGE) -> str:
        text = workspace.read_page(page_path).text
        assert old in text
        base = page_revision(workspace, repository, page_path)
        saved = save_page(
            workspace, repository, admin, page_path, text.replace(old, new), base_revision=base, message="Edit by hand"
        )
        return saved.revision

    return edit


def test_an_accepted_suggestion_is_committed_by_its_reviewer_with_its_updates_named(
    review: Review, propose: Propose, editor: Viewer, repository: Repository, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    accepted = review.accept(editor, made.id)
    revision = repository.history(f"content/{PAGE}")[0]
    assert (accepted.status, accepted.revision, accepted.decided_by) == ("accepted", revision.id, "Eve")
    assert accepted.decided_at is not None
    assert accepted.decided_at.tzinfo is not None
    assert (revision.author.name, revision.author.email) == ("Eve", "eve@example.org")
    assert revision.message == f"{workspace.read_page(PAGE).title}: It changed."
    assert revision.trailers == {"Suggestion": made.id, "Update": "u-1, u-2"}
    assert "60 days" in workspace.read_page(PAGE).text


def test_an_accepted_suggestion_is_undone_by_a_commit_that_keeps_later_edits(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, repository: Repository, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    accepted = review.accept(editor, made.id)
    edit("What we keep", "All that we keep")
    undone = review.undo(editor, made.id)
    text = workspace.read_page(PAGE).text
    assert "30 days" in text
    assert "All that we keep" in text
    revision = repository.history(f"content/{PAGE}")[0]
    assert revision.message == f"Undo: {workspace.read_page(PAGE).title}: It changed."
    assert revision.trailers == {"Reverts": accepted.revision}
    assert (undone.status, undone.decision_reason) == ("accepted", "Undone by Eve.")
    with pytest.raises(InvalidInput, match="no longer has this edit"):
        review.undo(editor, made.id)


def test_undo_never_overwrites_what_somebody_wrote_on_the_same_lines_since(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    with pytest.raises(InvalidInput, match="not accepted"):
        review.undo(editor, made.id)
    review.accept(editor, made.id)
    edit("60 days", "90 days")
    with pytest.raises(StaleRevision, match="changed on the same lines since"):
        review.undo(editor, made.id)
    assert "90 days" in workspace.read_page(PAGE).text


def test_a_suggestion_moves_along_with_its_page(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    revision = edit("What we keep", "All that we keep")
    item = review.get(editor, made.id)
    assert (item.conflict, item.suggestion.status, item.suggestion.base_revision) == (False, "open", revision)
    assert "All that we keep" in item.suggestion.new_text
    assert "60 days" in item.suggestion.new_text
    assert [line for line in item.diff.splitlines() if line[:1] in "+-"][2:] == [
        "-They are kept for 30 days.",
        "+They are kept for 60 days.",
    ]
    review.accept(editor, made.id)
    text = workspace.read_page(PAGE).text
    assert "All that we keep" in text
    assert "60 days" in text


def test_an_outside_edit_is_kept_as_a_commit_of_its_own_when_a_suggestion_is_accepted(
    review: Review, propose: Propose, editor: Viewer, workspace: Workspace, repository: Repository
) -> None:
    made = propose("30 days", "60 days")
    file = workspace.docs_dir / PAGE
    file.write_text(file.read_text().replace("What we keep", "All that we keep"))
    review.accept(editor, made.id)
    assert [r.message.splitlines()[0] for r in repository.history(f"content/{PAGE}")][:2] == [
        f"{workspace.read_page(PAGE).title}: It changed.",
        "Outside edit",
    ]
    assert "All that we keep" in file.read_text()
    assert "60 days" in file.read_text()


def test_a_suggestion_that_the_page_already_has_is_superseded(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, repository: Repository
) -> None:
    made = propose("30 days", "60 days")
    edit("30 days", "60 days")
    head = repository.head()
    assert review.accept(editor, made.id).status == "superseded"
    assert review.get(editor, made.id).suggestion.decision_reason == "The page already says so."
    assert repository.head() == head
    assert review.list(editor, status="open") == []
    with pytest.raises(AlreadyDecided):
        review.accept(editor, made.id)


def test_a_suggestion_whose_page_is_gone_is_superseded(
    review: Review, propose: Propose, admin: Viewer, workspace: Workspace, repository: Repository
) -> None:
    made = propose("30 days", "60 days")
    delete_page(workspace, repository, admin, PAGE)
    assert review.list(admin, status="open") == []
    assert review.get(admin, made.id).suggestion.status == "superseded"
    assert not (workspace.docs_dir / PAGE).exists()


def test_a_conflict_has_both_sides_and_only_an_edited_text_settles_it(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    revision = edit("30 days", "20 days")
    item = review.get(editor, made.id)
    assert item.conflict
    assert "<<<<<<<" in item.merged_text
    with pytest.raises(EditConflict) as refused:
        review.accept(editor, made.id)
    error = refused.value
    assert error.base == made.base_text
    assert error.theirs == workspace.read_page(PAGE).text
    assert error.ours == made.new_text
    assert "60 days" in error.merged
    assert "20 days" in error.merged
    assert error.revision == revision
    with pytest.raises(EditConflict):
        review.accept(editor, made.id, hunks=[0])
    assert "20 days" in workspace.read_page(PAGE).text
    settled = error.theirs.replace("20 days", "45 days")
    accepted = review.accept(editor, made.id, text=settled)
    assert (accepted.status, accepted.new_text, workspace.read_page(PAGE).text) == ("accepted", settled, settled)


@pytest.mark.parametrize("taken", [[0], [1]])
def test_one_hunk_can_be_accepted_without_the_other(
    review: Review, propose: Propose, editor: Viewer, workspace: Workspace, taken: list[int]
) -> None:
    base = workspace.read_page(PAGE).text
    both = base.replace("What we keep", "All that we keep").replace("30 days", "60 days")
    accepted = review.accept(editor, propose(base, both).id, hunks=taken)
    text = workspace.read_page(PAGE).text
    assert ("All that we keep" in text, "60 days" in text) == (taken == [0], taken == [1])
    assert accepted.new_text == text


def test_accepting_nothing_is_refused(review: Review, propose: Propose, editor: Viewer, repository: Repository) -> None:
    made, head = propose("30 days", "60 days"), repository.head()
    for choice in ({"hunks": []}, {"hunks": [9]}, {"text": made.base_text}):
        with pytest.raises(InvalidInput):
            review.accept(editor, made.id, **choice)  # type: ignore[arg-type]
    assert (repository.head(), review.get(editor, made.id).suggestion.status) == (head, "open")


def test_a_rejection_needs_a_reason_and_keeps_it(
    review: Review, propose: Propose, editor: Viewer, workspace: Workspace
) -> None:
    made = propose("30 days", "60 days")
    for reason in ("", " \n "):
        with pytest.raises(InvalidInput, match="reason"):
            review.reject(editor, made.id, reason)
    rejected = review.reject(editor, made.id, "  Not decided yet. ")
    assert (rejected.status, rejected.decision_reason, rejected.decided_by) == ("rejected", "Not decided yet.", "Eve")
    assert "30 days" in workspace.read_page(PAGE).text
    for again in (lambda: review.accept(editor, made.id), lambda: review.reject(editor, made.id, "No.")):
        with pytest.raises(AlreadyDecided, match="already rejected"):
            again()


def test_of_many_who_decide_at_once_one_does(
    review: Review, propose: Propose, editor: Viewer, leader: Viewer, repository: Repository
) -> None:
    made = propose("30 days", "60 days")
    outcomes: list[str] = []

    def decide(number: int) -> None:
        try:
            if number % 2:
                outcomes.append(review.accept(editor, made.id).status)
            else:
                outcomes.append(review.reject(leader, made.id, "No.").status)
        except AlreadyDecided:
            outcomes.append("refused")

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    status = review.get(editor, made.id).suggestion.status
    assert sorted(outcomes) == sorted([status] + ["refused"] * 7)
    accepted = [r for r in repository.history(f"content/{PAGE}") if r.trailers.get("Suggestion") == made.id]
    assert len(accepted) == (1 if status == "accepted" else 0)


def test_a_commit_that_was_not_noted_is_found_by_recover_and_by_whoever_looks(
    review: Review,
    propose: Propose,
    edit: Callable[..., str],
    editor: Viewer,
    workspace: Workspace,
    repository: Repository,
) -> None:
    def commit_only(made: Suggestion) -> str:
        return save_page(
            workspace,
            repository,
            editor,
            PAGE,
            made.new_text,
            base_revision=made.base_revision,
            message="Edit",
            trailers={"Suggestion": made.id},
        ).revision

    first = propose("30 days", "60 days")
    revision = commit_only(first)
    edit("What we keep", "All that we keep")  # the page moved on since
    item = review.get(editor, first.id)
    assert (item.suggestion.status, item.suggestion.revision, item.suggestion.decided_by) == ("accepted", revision, "Eve")
    second = propose("hourly", "daily")
    revision = commit_only(second)
    assert review.recover() == 2
    assert review.recover() == 0
    found = review.get(editor, second.id).suggestion
    assert (found.status, found.revision, found.new_text) == ("accepted", revision, second.new_text)


def test_a_new_page_is_added_or_refused_where_it_stands_already(
    review: Review, store: SuggestionStore, editor: Viewer, workspace: Workspace
) -> None:
    draft = SuggestionDraft(
        page_path="ops/restores.md",
        section="",
        action="new_page",
        base_revision="",
        base_text="",
        new_text="# Restores\n\nAsk Ben.\n",
        reason="It is missing.",
        confidence=0.6,
        evidence=(),
    )
    made, other = store.propose(draft), store.propose(replace(draft, new_text="# Restores\n\nAsk Cleo.\n"))
    assert review.accept(editor, made.id).status == "accepted"
    assert workspace.read_page("ops/restores.md").text == draft.new_text
    item = review.get(editor, other.id)
    assert item.conflict
    with pytest.raises(EditConflict):
        review.accept(editor, other.id)
    text = "# Restores\n\nAsk Ben or Cleo.\n"
    assert review.accept(editor, other.id, text=text).status == "accepted"
    assert workspace.read_page("ops/restores.md").text == text


def test_the_same_edit_again_adds_its_evidence_to_the_open_suggestion(propose: Propose, store: SuggestionStore) -> None:
    made = propose("30 days", "60 days")
    draft = SuggestionDraft(**{name: getattr(made, name) for name in SuggestionDraft.__slots__})
    again = store.propose(replace(draft, evidence=(SuggestionEvidence(update="u-3", quote="60!"),)))
    assert again.id == made.id
    assert [e.update for e in again.evidence] == ["u-1", "u-2", "u-3"]
    assert store.propose(draft, id=made.id) == again


def test_a_suggestion_on_a_restricted_page_does_not_exist_for_others(
    review: Review, propose: Propose, editor: Viewer, leader: Viewer, reader: Viewer
) -> None:
    secret, shown = propose("March", "April", "people/pay.md"), propose("30 days", "60 days")
    for viewer in (editor, reader):
        assert [item.suggestion.id for item in review.list(viewer)] == [shown.id]
        assert list(review.seen(viewer, [secret.id, shown.id, "none"])) == [shown.id]
        assert review.count_open(viewer) == 1
        with pytest.raises(NotFound) as hidden:
            review.get(viewer, secret.id)
        with pytest.raises(NotFound) as missing:
            review.get(viewer, "none")
        assert str(hidden.value).replace(secret.id, "none") == str(missing.value)
    for act in (lambda: review.accept(editor, secret.id), lambda: review.reject(editor, secret.id, "No.")):
        with pytest.raises(NotFound):
            act()
    assert [item.suggestion.id for item in review.list(leader)] == [secret.id, shown.id]
    assert list(review.seen(leader, [secret.id, shown.id, "none"])) == [secret.id, shown.id]
    assert review.accept(leader, secret.id).status == "accepted"
    assert review.list(ANONYMOUS) == []


def test_what_a_page_said_while_it_was_restricted_stays_hidden_in_its_suggestions(
    review: Review, propose: Propose, edit: Callable[..., str], editor: Viewer, leader: Viewer
) -> None:
    opened = propose("visibility: restricted\ngroups: [leadership]", "visibility: team", "people/pay.md")
    old = propose("March", "April", "people/pay.md")
    closed = propose("visibility: public", "visibility: restricted\ngroups: [leadership]", "ops/backups.md")
    review.reject(leader, old.id, "No.")
    review.accept(leader, opened.id)
    assert [item.suggestion.id for item in review.list(editor)] == []  # the page may be read now, its past may not
    assert {item.suggestion.id for item in review.list(leader)} == {opened.id, old.id, closed.id}


def test_a_page_too_large_to_read_breaks_no_list(
    review: Review, propose: Propose, editor: Viewer, admin: Viewer, workspace: Workspace
) -> None:
    made, other = propose("30 days", "60 days"), propose("two weeks", "three weeks", "people/leave.md")
    (workspace.docs_dir / PAGE).write_bytes(b"x" * 6_000_000)
    assert [item.suggestion.id for item in review.list(editor)] == [other.id]  # nobody knows the labels of the large one
    assert [item.suggestion.id for item in review.list(admin)] == [made.id, other.id]
    with pytest.raises(WikiError):
        review.accept(admin, made.id)
    assert review.get(admin, made.id).suggestion.status == "open"


def test_who_may_suggest_and_who_may_decide(
    review: Review, propose: Propose, reader: Viewer, contributor: Viewer, editor: Viewer
) -> None:
    made = propose("30 days", "60 days")
    draft = SuggestionDraft(**{name: getattr(made, name) for name in SuggestionDraft.__slots__})
    with pytest.raises(NotAllowed):
        review.propose(reader, draft)
    assert review.propose(contributor, draft).id == made.id
    with pytest.raises(NotFound):
        review.propose(contributor, replace(draft, page_path="people/pay.md"))
    for viewer in (reader, contributor):
        with pytest.raises(NotAllowed):
            review.accept(viewer, made.id)
        with pytest.raises(NotAllowed):
            review.reject(viewer, made.id, "No.")
    assert review.accept(editor, made.id).status == "accepted"


def test_a_page_keeps_its_line_ends(
    review: Review, editor: Viewer, root: Path, git: Callable[..., str], propose: Propose
) -> None:
    file = root / "content" / PAGE
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    git("commit", "-qam", "Windows")
    made = propose("30 days", "60 days")
    file.write_bytes(file.read_bytes().replace(b"What we keep", b"All that we keep"))
    assert review.accept(editor, made.id).status == "accepted"
    data = file.read_bytes()
    assert b"All that we keep" in data
    assert b"60 days" in data
    assert data.count(b"\r\n") == data.count(b"\n") > 5


def test_an_edited_text_is_merged_with_what_others_saved_meanwhile(
    workspace: Workspace, repository: Repository, tmp_path: Path, editor: Viewer
) -> None:
    database = Database(sqlite_url(tmp_path / "merge.db"))
    migrate(database)
    review = Review(workspace, repository, SuggestionStore(database))
    path = "ops/backups.md"
    base = workspace.read_page(path).text
    seen = page_revision(workspace, repository, path)
    draft = SuggestionDraft(
        page_path=path,
        section="",
        action="edit",
        base_revision=seen,
        base_text=base,
        new_text=base.replace("hourly", "daily"),
        reason="Daily now",
        confidence=1.0,
        evidence=(),
    )
    made = review.propose(editor, draft)
    save_page(workspace, repository, editor, path, base + "\nTheirs.\n", base_revision=seen, message="Theirs")
    with pytest.raises(StaleRevision):
        review.accept(editor, made.id, hunks=[0], base_revision=seen)
    done = review.accept(editor, made.id, text=base.replace("hourly", "every day"), base_revision=seen)
    assert done.status == "accepted"
    text = workspace.read_page(path).text
    assert "every day" in text
    assert "Theirs." in text
    database.close()


def test_suggestions_go_with_a_page_that_moves(
    workspace: Workspace, repository: Repository, tmp_path: Path, editor: Viewer
) -> None:
    database = Database(sqlite_url(tmp_path / "move.db"))
    migrate(database)
    review = Review(workspace, repository, SuggestionStore(database))
    text = workspace.read_page("ops/backups.md").text
    draft = SuggestionDraft(
        page_path="ops/backups.md",
        section="",
        action="edit",
        base_revision=page_revision(workspace, repository, "ops/backups.md"),
        base_text=text,
        new_text=text.replace("hourly", "daily"),
        reason="Daily now",
        confidence=1.0,
        evidence=(),
    )
    made = review.propose(editor, draft)
    base = page_revision(workspace, repository, "ops/backups.md")
    move_page(workspace, repository, editor, "ops/backups.md", "ops/copies.md", base_revision=base)
    review.moved("ops/backups.md", "ops/copies.md")
    assert review.get(editor, made.id).suggestion.page_path == "ops/copies.md"
    assert review.accept(editor, made.id).status == "accepted"
    assert "daily" in workspace.read_page("ops/copies.md").text
    database.close()


def test_looking_closes_nothing_while_a_page_is_away_for_a_moment(
    review: Review, propose: Propose, admin: Viewer, workspace: Workspace, store: SuggestionStore
) -> None:
    made = propose("30 days", "60 days")
    file = workspace.docs_dir / PAGE
    file.rename(file.with_suffix(".away"))
    assert review.get(admin, made.id).suggestion.status == "superseded"
    assert review.list(admin, status="open") == []
    assert store.get(made.id).status == "open"
    file.with_suffix(".away").rename(file)
    assert review.get(admin, made.id).suggestion.status == "open"
    assert [item.suggestion.id for item in review.list(admin, status="open")] == [made.id]


def test_a_write_closes_what_it_settles_and_rebases_the_rest(
    review: Review, propose: Propose, edit: Callable[..., str], store: SuggestionStore
) -> None:
    same, other = propose("30 days", "60 days"), propose("What we keep", "All that we keep")
    edit("30 days", "60 days")
    review.settle([PAGE])
    assert (store.get(same.id).status, store.get(same.id).decision_reason) == ("superseded", "The page already says so.")
    assert store.get(other.id).status == "open"
    assert "60 days" in store.get(other.id).new_text


def test_the_count_of_open_suggestions_reads_no_text_and_has_no_ceiling(
    review: Review, propose: Propose, admin: Viewer, reader: Viewer, store: SuggestionStore
) -> None:
    for number in range(1203):
        propose("30 days", f"{number + 31} days")
    assert review.count_open(admin) == review.count_open(reader) == 1203
