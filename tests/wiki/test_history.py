from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime

import pytest

from wiki.errors import InvalidInput, NotFound
from wiki.git.last_change import LastChanges
from wiki.git.repository import Change, Person, Repository

ANN = Person(name="Ann Lee", email="ann@example.org")
PAGE = "content/people/leave.md"


def put(repository: Repository, path: str, text: str | None, **more) -> str:
    change = Change(path_in_repo=path, data=None if text is None else text.encode())
    return repository.commit([change], author=ANN, message="Edit", **more)


@pytest.mark.parametrize("revision", ["--help", "-n1", "HEAD", "main", "abc", "ABCD", "a" * 65, "", "dead..beef", "abcd\n"])
def test_what_is_no_revision_never_reaches_git(repository: Repository, revision: str) -> None:
    for call in (
        lambda: repository.show(revision, PAGE),
        lambda: repository.revision(revision),
    ):
        with pytest.raises(InvalidInput):
            call()


def test_a_revision_that_does_not_exist_is_not_found(repository: Repository) -> None:
    for call in (
        lambda: repository.show("dead" * 10, PAGE),
        lambda: repository.show(repository.head(), "content/none.md"),
        lambda: repository.revision("dead"),
    ):
        with pytest.raises(NotFound):
            call()


def test_history_follows_renames_and_pages_through(repository: Repository, git) -> None:
    put(repository, PAGE, "# Leave\n\nTell your lead two weeks ahead.\nOr three.\n", trailers={"Update": "u1"})
    (repository.root / "content/hr").mkdir()
    git("mv", PAGE, "content/hr/holidays.md")
    git("commit", "-qm", "Move")
    history = repository.history("content/hr/holidays.md")
    assert [revision.subject for revision in history] == ["Move", "Edit", "Write the first pages"]
    assert [revision.path for revision in history] == ["content/hr/holidays.md", PAGE, PAGE]
    assert history[1].trailers == {"Update": "u1"}
    assert history[1].message == "Edit"
    assert history[2].author == Person(name="Ann", email="ann@example.org")
    assert history[2].at == datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert [revision.subject for revision in repository.history("content/hr/holidays.md", limit=1, offset=1)] == ["Edit"]
    assert repository.history("content/none.md") == []
    assert b"Or three" in repository.show(history[1].id, history[1].path)


def test_dirty_means_that_the_file_differs_from_the_head(repository: Repository, git) -> None:
    assert not repository.dirty(PAGE)
    os.utime(repository.root / PAGE)
    assert not repository.dirty(PAGE)
    (repository.root / PAGE).write_text("x")
    assert repository.dirty(PAGE)
    git("add", PAGE)
    assert repository.dirty(PAGE)
    (repository.root / PAGE).unlink()
    assert repository.dirty(PAGE)
    (repository.root / "content/new.md").write_text("x")
    assert repository.dirty("content/new.md")
    assert not repository.dirty("content/none.md")


def test_the_last_change_follows_commits_made_here_outside_and_history_rewritten(repository: Repository, git) -> None:
    first = git("rev-parse", "HEAD")
    assert repository.last_change(PAGE).id == first
    assert repository.last_change("content/none.md") is None
    mine = put(repository, PAGE, "mine\n", trailers={"Update": "u"})
    assert repository.last_change(PAGE) == Repository(repository.root).last_change(PAGE)
    (repository.root / "content/ops/backups.md").write_text("outside\n")
    git("commit", "-qam", "Outside")
    assert repository.last_change("content/ops/backups.md").message == "Outside"
    assert repository.last_change(PAGE).id == mine
    git("pack-refs", "--all")
    assert repository.head() == git("rev-parse", "HEAD")
    git("reset", "-q", "--hard", first)
    assert repository.last_change(PAGE).id == first
    (repository.root / ".knowhow/cache/last-change.json").write_text("{}")
    assert Repository(repository.root).last_change(PAGE).id == first


def test_nobody_waits_for_a_long_log_to_be_read(repository: Repository, git, monkeypatch: pytest.MonkeyPatch) -> None:
    first = repository.last_change(PAGE)
    git("checkout", "-q", "--orphan", "other")
    git("commit", "-q", "-m", "Begin anew")
    go_on = threading.Event()
    read = LastChanges._read_log

    def slow(self: LastChanges, span: str) -> list:
        assert go_on.wait(30)
        return read(self, span)

    monkeypatch.setattr(LastChanges, "_read_log", slow)
    for opened in (repository, Repository(repository.root)):
        started = time.monotonic()
        assert [opened.last_change(path).message for path in (PAGE, "content/index.md")] == ["Begin anew"] * 2
        assert opened.last_change("content/none.md") is None
        assert time.monotonic() - started < 10
    mine = put(repository, PAGE, "mine\n")
    assert repository.last_change(PAGE).id == mine
    readers = [thread for thread in threading.enumerate() if thread.name == "last-changes"]
    go_on.set()
    for reader in readers:
        reader.join()
    assert repository.last_change(PAGE).id == mine
    git("checkout", "-q", "main")
    assert repository.last_change(PAGE) == first


def test_the_last_change_of_a_merged_page_is_the_merge_only_if_it_wrote_something(repository: Repository, git) -> None:
    git("checkout", "-q", "-b", "side")
    side = put(repository, PAGE, "side\n")
    git("checkout", "-q", "main")
    put(repository, "content/index.md", "main\n")
    git("merge", "-q", "--no-edit", "side")
    assert repository.last_change(PAGE).id == side


def test_a_merge_of_texts_joins_edits_apart_and_marks_edits_of_the_same_lines(repository: Repository) -> None:
    base = "one\n\ntwo\n\nthree"
    merged = repository.merge(base, "ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE")
    assert (merged.text, merged.conflict) == ("ONE\n\ntwo\n\nTHREE", False)
    clash = repository.merge(base, "ONE\n\ntwo\n\nthree", "EINS\n\ntwo\n\nthree")
    assert clash.conflict
    assert "<<<<<<< your edit\nONE\n||||||| before\none\n=======\nEINS\n>>>>>>> in the wiki\n" in clash.text
    assert not repository.merge("a\n", "a\n", "<<<<<<< your edit\n").conflict


def test_a_trailer_is_found_only_where_it_is_one(repository: Repository) -> None:
    wanted = put(repository, PAGE, "1", trailers={"Suggestion": "s-12"})
    put(repository, PAGE, "2", trailers={"Suggestion": "s-123"})
    repository.commit([Change(path_in_repo=PAGE, data=b"3")], author=ANN, message="About Suggestion: s-12")
    assert repository.find_trailer("Suggestion", "s-12") == wanted
    assert repository.find_trailer("Suggestion", "s-1") is None
    assert repository.find_trailer("Update", "s-12") is None
