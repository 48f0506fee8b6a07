from __future__ import annotations

from pathlib import Path

import pytest

from wiki.access import Level, Viewer
from wiki.editing import delete_page, move_page, open_page, page_revision, restore_page, save_page
from wiki.errors import EditConflict, InvalidInput, NotAllowed, NotFound, StaleRevision
from wiki.git.repository import Repository
from wiki.markup.line_ends import like
from wiki.pages.links import LinkGraph
from wiki.pages.page import printable
from wiki.workspace.workspace import Workspace

PAGE = "ops/backups.md"


@pytest.fixture
def save(workspace: Workspace, repository: Repository, editor: Viewer):
    def save(text: str, *, page_path: str = PAGE, viewer: Viewer = editor, **more):
        base = more.pop("base", page_revision(workspace, repository, page_path) or None)
        return save_page(workspace, repository, viewer, page_path, text, base_revision=base, message="Edit", **more)

    return save


def raw(workspace: Workspace, page_path: str = PAGE) -> str:
    return (workspace.docs_dir / page_path).read_bytes().decode()


def test_a_save_is_a_commit_by_the_viewer_and_listeners_hear_of_it(workspace: Workspace, repository: Repository, save) -> None:
    heard: list[list[str]] = []
    workspace.on_change.append(lambda paths: heard.append(list(paths)))
    text = raw(workspace).replace("30 days", "45 days")
    saved = save(text, trailers={"Update": "u-1"})
    assert (saved.changed, saved.merged, saved.page_path) == (True, False, PAGE)
    last = repository.last_change("content/ops/backups.md")
    assert (last.id, last.author.name, last.author.email) == (saved.revision, "Eve", "eve@example.org")
    assert last.trailers == {"Update": "u-1"}
    assert raw(workspace) == text
    assert heard == [[PAGE]]


def test_a_listener_that_fails_does_not_undo_the_save(workspace: Workspace, save, caplog: pytest.LogCaptureFixture) -> None:
    workspace.on_change.append(lambda paths: 1 / 0)
    assert save("new\n").changed
    assert "A listener failed" in caplog.text


def test_the_same_text_makes_no_commit(workspace: Workspace, repository: Repository, save) -> None:
    head = repository.head()
    saved = save(raw(workspace).replace("\n", "\r\n"))
    assert not saved.changed
    assert saved.revision == repository.head() == head


def test_edits_of_different_places_are_merged(workspace: Workspace, repository: Repository, save) -> None:
    base, text = page_revision(workspace, repository, PAGE), raw(workspace)
    save(text.replace("hourly", "nightly"), base=base)
    saved = save(text.replace("Ask the", "Call the"), base=base[:12])
    assert saved.merged
    assert "nightly" in raw(workspace)
    assert "Call the" in raw(workspace)


def test_edits_of_the_same_line_are_a_conflict_that_shows_both_and_writes_nothing(
    workspace: Workspace, repository: Repository, save
) -> None:
    base, text = page_revision(workspace, repository, PAGE), raw(workspace)
    first = save(text.replace("hourly", "nightly"), base=base)
    with pytest.raises(EditConflict) as caught:
        save(text.replace("hourly", "weekly"), base=base)
    conflict = caught.value
    assert ("hourly" in conflict.base, "nightly" in conflict.theirs, "weekly" in conflict.ours) == (True, True, True)
    assert "<<<<<<<" in conflict.merged
    assert conflict.revision == first.revision == repository.head()
    assert "nightly" in raw(workspace)


def test_a_new_page_is_made_once(workspace: Workspace, repository: Repository, save) -> None:
    saved = save("# New\n", page_path="ops/deep/new.md", base=None)
    assert saved.revision == page_revision(workspace, repository, "ops/deep/new.md")
    with pytest.raises(StaleRevision, match="already"):
        save("# Other\n", page_path="ops/deep/new.md", base=None)
    assert raw(workspace, "ops/deep/new.md") == "# New\n"


def test_a_page_that_git_never_saw_can_be_edited(
    workspace: Workspace, repository: Repository, editor: Viewer, save, git
) -> None:
    (workspace.docs_dir / "draft.md").write_text("# Draft\n")
    assert page_revision(workspace, repository, "draft.md") == ""
    save("# Draft\n\nMore.\n", page_path="draft.md", base="")
    assert git("log", "--format=%s %an", "--", "content/draft.md").split("\n") == ["Edit Eve", "Outside edit Unknown"]


def test_an_outside_edit_is_committed_first_and_kept(workspace: Workspace, repository: Repository, save, git) -> None:
    git("config", "user.name", "Olga")
    git("config", "user.email", "olga@example.org")
    base, text = page_revision(workspace, repository, PAGE), raw(workspace)
    (workspace.docs_dir / PAGE).write_text(text.replace("30 days", "60 days"))
    (workspace.docs_dir / "index.md").write_text("also changed, but not touched\n")
    saved = save(text.replace("What we keep", "All we keep"), base=base)
    assert saved.merged
    assert "60 days" in raw(workspace)
    assert "All we keep" in raw(workspace)
    assert git("log", "-2", "--format=%s|%an|%ae").split("\n") == [
        "Edit|Eve|eve@example.org",
        "Outside edit|Olga|olga@example.org",
    ]
    assert git("status", "--porcelain") == "M content/index.md"


def test_a_page_opened_for_editing_has_its_outside_edit_in_its_revision(
    workspace: Workspace, repository: Repository, editor: Viewer, save
) -> None:
    (workspace.docs_dir / PAGE).write_text(raw(workspace).replace("30 days", "60 days"))
    opened = open_page(workspace, repository, editor, PAGE)
    assert repository.show(opened.revision, f"content/{PAGE}").decode() == opened.page.text
    saved = save(opened.page.text.replace("60 days", "61 days"), base=opened.revision)
    assert not saved.merged
    assert "61 days" in raw(workspace)


def test_a_page_deleted_outside_is_not_brought_back_by_a_late_save(workspace: Workspace, repository: Repository, save) -> None:
    base = page_revision(workspace, repository, PAGE)
    (workspace.docs_dir / PAGE).unlink()
    with pytest.raises(StaleRevision, match="deleted"):
        save("x", base=base)
    assert not (workspace.docs_dir / PAGE).exists()
    assert save("again\n", base=None).changed


def test_windows_line_ends_stay_though_the_browser_sends_others(workspace: Workspace, repository: Repository, save) -> None:
    save("# Windows\r\n\r\nOne.\r\nTwo.", page_path="win.md", base=None)
    base = page_revision(workspace, repository, "win.md")
    save("# Windows\n\nOne!\nTwo.", page_path="win.md", base=base)
    assert raw(workspace, "win.md") == "# Windows\r\n\r\nOne!\r\nTwo."
    merged = save("# WINDOWS\n\nOne.\nTwo.", page_path="win.md", base=base)
    assert merged.merged
    assert raw(workspace, "win.md") == "# WINDOWS\r\n\r\nOne!\r\nTwo."


def test_mixed_line_ends_stay_line_by_line() -> None:
    model = "one\r\ntwo\nthree\r\nfour"
    assert like("one\ntwo\nthree\nfour", model) == model
    assert like("zero\none\ntwo\nthree\nfour\n", model) == "zero\r\none\r\ntwo\nthree\r\nfour\r\n"
    assert like("a\r\nb", "x\ny") == "a\nb"
    assert like("a\r\nb", "x") == "a\nb"


def test_a_reader_and_a_contributor_may_not_write(
    workspace: Workspace, repository: Repository, reader, contributor, save
) -> None:
    for viewer in (reader, contributor):
        assert viewer.level < Level.EDITOR
        for write in (
            lambda v=viewer: save("x", viewer=v),
            lambda v=viewer: delete_page(workspace, repository, v, PAGE),
            lambda v=viewer: restore_page(workspace, repository, v, PAGE, repository.head()),
            lambda v=viewer: move_page(workspace, repository, v, PAGE, "x.md"),
        ):
            with pytest.raises(NotAllowed):
                write()
    assert len(repository.history(f"content/{PAGE}")) == 1


def test_a_page_the_editor_may_not_read_does_not_exist_for_them(
    workspace: Workspace, repository: Repository, editor, leader, save
) -> None:
    for write in (
        lambda: save("x", page_path="people/pay.md"),
        lambda: save("x", page_path="people/pay.md", base=None),
        lambda: delete_page(workspace, repository, editor, "people/pay.md"),
        lambda: restore_page(workspace, repository, editor, "people/pay.md", repository.head()),
        lambda: move_page(workspace, repository, editor, "people/pay.md", "x.md"),
        lambda: open_page(workspace, repository, editor, "people/pay.md"),
    ):
        with pytest.raises(NotFound, match=r"There is no page people/pay\.md"):
            write()
    first = repository.head()
    assert save("public now\n", page_path="people/pay.md", viewer=leader).changed
    with pytest.raises(NotFound):  # what it said while it was restricted stays restricted
        restore_page(workspace, repository, editor, "people/pay.md", first)
    restore_page(workspace, repository, leader, "people/pay.md", first)
    delete_page(workspace, repository, leader, "people/pay.md")
    with pytest.raises(NotFound):
        restore_page(workspace, repository, editor, "people/pay.md", first)


def test_text_that_cannot_be_a_pages_is_invalid_input(workspace: Workspace, repository: Repository, save) -> None:
    for text in ("x" * 5_000_001, "\ud800"):
        with pytest.raises(InvalidInput):
            save(text)
    for path in ("../x.md", "a\0.md", "x.txt", "-rf/../../x.md", ".git/x.md", "templates/x.md"):
        with pytest.raises(InvalidInput):
            save("x", page_path=path, base=None)
    assert save("odd name\n", page_path="-n --help.md", base=None).changed
    for base in ("-1", "HEAD", "--output=x"):
        with pytest.raises(InvalidInput):
            save("x", base=base)
    with pytest.raises((NotFound, StaleRevision)):
        save("x", base="dead" * 10)


def test_deleting_and_restoring_a_page_are_commits_of_their_own(
    workspace: Workspace, repository: Repository, editor, save, git
) -> None:
    first, text = page_revision(workspace, repository, PAGE), raw(workspace)
    save("gone soon\n")
    with pytest.raises(StaleRevision):
        delete_page(workspace, repository, editor, PAGE, base_revision=first)
    delete_page(workspace, repository, editor, PAGE, base_revision=page_revision(workspace, repository, PAGE))
    with pytest.raises(NotFound):
        delete_page(workspace, repository, editor, PAGE)
    with pytest.raises(NotFound):
        open_page(workspace, repository, editor, PAGE)
    restored = restore_page(workspace, repository, editor, PAGE, first)
    assert raw(workspace) == text
    assert repository.revision(restored.revision).trailers == {"Restores": first}
    assert not restore_page(workspace, repository, editor, PAGE, first).changed
    with pytest.raises(NotFound):
        restore_page(workspace, repository, editor, "index.md", "dead" * 10)
    assert git("status", "--porcelain") == ""


def test_a_moved_page_takes_its_links_and_its_place_in_nav_along(
    workspace: Workspace, repository: Repository, editor, save, git
) -> None:
    nav = "nav:\n  - Start: index.md\n  - 'ops/backups.md'  # the old place\n  - Leave: people/leave.md\n"
    workspace.mkdocs_yml.write_text(workspace.mkdocs_yml.read_text() + nav)
    git("commit", "-qam", "nav")
    base = page_revision(workspace, repository, PAGE)
    heard: list[str] = []
    workspace.on_change.append(heard.extend)
    moved = move_page(workspace, repository, editor, PAGE, "it/keep/backups.md", base_revision=base)
    assert not (workspace.docs_dir / "ops").exists()
    assert "(it/keep/backups.md)" in raw(workspace, "index.md")
    assert "(../../people/leave.md)" in raw(workspace, "it/keep/backups.md")
    assert "- 'it/keep/backups.md'  # the old place" in workspace.mkdocs_yml.read_text()
    assert set(heard) == {PAGE, "it/keep/backups.md", "index.md"}
    assert git("rev-list", "--count", "HEAD") == "3"
    history = repository.history("content/it/keep/backups.md")
    assert [revision.id for revision in history] == [moved.revision, base]
    restore_page(workspace, repository, editor, "it/keep/backups.md", base)
    assert "(../people/leave.md)" in raw(workspace, "it/keep/backups.md")


@pytest.mark.parametrize("name", ["index.md", "README.md"])
def test_links_to_a_folder_follow_its_start_page(name: str, workspace: Workspace, repository: Repository, editor, git) -> None:
    pages = {
        f"ops/{name}": "# Ops\n\n[Backups](backups.md), [home](../).\n",
        "ops/tape/load.md": "# Load\n\nFirst [ops](../../) and <a href='../../'>ops</a>, not [tape](../).\n",
        "people/rota.md": f"# Rota\n\n[Ops](../../ops/), [file](../ops/{name}), [encoded](../o%70s/%69ndex.md)\n",
    }
    for path, text in pages.items():
        (workspace.docs_dir / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace.docs_dir / path).write_text(text)
    git("add", ".")
    git("commit", "-qm", "folders")
    sound = {link.target_text for link in LinkGraph.build(workspace.pages()).broken()}
    move_page(workspace, repository, editor, f"ops/{name}", f"it/{name}")
    assert raw(workspace, "ops/tape/load.md") == (
        "# Load\n\nFirst [ops](../../../it/) and <a href='../../../it/'>ops</a>, not [tape](../).\n"
    )
    assert raw(workspace, f"it/{name}") == "# Ops\n\n[Backups](../ops/backups.md), [home](../).\n"
    rota = f"# Rota\n\n[Ops](../../it/), [file](../it/{name}), [encoded](../it/index.md)\n"
    assert (
        raw(workspace, "people/rota.md") == rota
        if name == "index.md"
        else rota.replace("../it/index.md", "../o%70s/%69ndex.md")
    )
    assert {link.target_text for link in LinkGraph.build(workspace.pages()).broken()} <= sound
    assert git("status", "--porcelain") == ""


def test_a_move_onto_a_page_or_from_a_stale_revision_is_refused(
    workspace: Workspace, repository: Repository, editor, save
) -> None:
    base = page_revision(workspace, repository, PAGE)
    with pytest.raises(InvalidInput, match="taken"):
        move_page(workspace, repository, editor, PAGE, "index.md")
    with pytest.raises(InvalidInput):
        move_page(workspace, repository, editor, PAGE, "../x.md")
    save("moved on\n")
    with pytest.raises(StaleRevision):
        move_page(workspace, repository, editor, PAGE, "x.md", base_revision=base)
    assert Path(workspace.docs_dir / PAGE).exists()


def test_a_page_that_is_a_symlink_to_another_page_is_not_written_through(
    workspace: Workspace, repository: Repository, editor: Viewer, save, git
) -> None:
    (workspace.docs_dir / "alias.md").symlink_to("index.md")
    (workspace.root / "README.md").write_text("# Read me\n")
    (workspace.docs_dir / "readme-too.md").symlink_to("../README.md")
    git("add", ".")
    git("commit", "-qm", "Links")
    for write in (
        lambda: save("x", page_path="alias.md"),
        lambda: delete_page(workspace, repository, editor, "alias.md"),
        lambda: delete_page(workspace, repository, editor, "readme-too.md"),
        lambda: move_page(workspace, repository, editor, "alias.md", "b.md"),
    ):
        with pytest.raises(InvalidInput, match="symlink"):
            write()
    save("# Read me!\n", page_path="readme-too.md")
    assert (workspace.root / "README.md").read_text() == "# Read me!\n"
    assert (workspace.docs_dir / "readme-too.md").is_symlink()
    assert git("status", "--porcelain") == ""


def test_bytes_that_are_no_utf8_are_not_lost_to_a_client_that_cannot_carry_them(
    workspace: Workspace, repository: Repository, editor: Viewer
) -> None:
    file = workspace.docs_dir / "latin.md"
    file.write_bytes("# Café 😀\n".encode() + b"caf\xe9\n")
    opened = open_page(workspace, repository, editor, "latin.md")
    before = file.read_bytes()
    with pytest.raises(InvalidInput, match="UTF-8"):
        save_page(
            workspace,
            repository,
            editor,
            "latin.md",
            printable(opened.page.text) + "more\n",
            base_revision=opened.revision,
            message="Add",
        )
    assert file.read_bytes() == before
    converted = save_page(
        workspace, repository, editor, "latin.md", "# Café 😀\ncafé\n", base_revision=opened.revision, message="Convert"
    )
    assert converted.changed
