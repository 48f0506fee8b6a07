"""Opening a page amid a save: the revision that comes with a text never hides what was saved since that text."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiki.access import Viewer
from wiki.editing import open_page, page_revision, save_page, view_page
from wiki.errors import EditConflict
from wiki.git.repository import Repository, Revision
from wiki.workspace.workspace import Workspace

PAGE = "ops/backups.md"


class Interrupted(Repository):
    """A repository in which another process saves the page just before the N-th look at it."""

    def __init__(self, root: Path, number: int, viewer: Viewer) -> None:
        super().__init__(root)
        self.number, self.viewer = number, viewer

    def look(self) -> None:
        self.number -= 1
        if self.number == 0:
            ws, repo = Workspace.open(self.root), Repository(self.root)
            text = ws.read_page(PAGE).text.replace("30 days", "60 days")
            save_page(ws, repo, self.viewer, PAGE, text, base_revision=page_revision(ws, repo, PAGE), message="Meanwhile")

    def dirty(self, path: str, data: bytes | None = None) -> bool:
        self.look()
        return super().dirty(path, data)

    def last_change(self, path: str) -> Revision | None:
        self.look()
        return super().last_change(path)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_save_while_a_page_is_opened_is_not_undone_by_the_next(
    workspace: Workspace, root: Path, editor: Viewer, admin: Viewer, number: int
) -> None:
    repo = Interrupted(root, number, admin)
    opened = open_page(workspace, repo, editor, PAGE)
    assert opened.page.text.encode() == repo.show(opened.revision, f"content/{PAGE}")
    repo.look()  # where the opening took fewer looks, the save comes now
    text = opened.page.text.replace("What we keep", "All that we keep")
    save_page(workspace, repo, editor, PAGE, text, base_revision=opened.revision, message="Edit")
    now = workspace.read_page(PAGE).text
    assert ("All that we keep" in now, "60 days" in now, repo.number <= 0) == (True, True, True)


def test_an_edit_of_the_same_line_meanwhile_is_a_conflict(
    workspace: Workspace, root: Path, editor: Viewer, admin: Viewer
) -> None:
    repo = Interrupted(root, 4, admin)
    opened = open_page(workspace, repo, editor, PAGE)
    assert "30 days" in opened.page.text
    repo.number = 1
    with pytest.raises(EditConflict):
        save_page(
            workspace,
            repo,
            editor,
            PAGE,
            opened.page.text.replace("30 days", "10 days"),
            base_revision=opened.revision,
            message="Edit",
        )


def test_an_edit_of_a_text_that_was_in_no_revision_yet_doubles_nothing(
    workspace: Workspace, repository: Repository, editor: Viewer
) -> None:
    file = workspace.docs_dir / PAGE
    base = page_revision(workspace, repository, PAGE)
    save_page(workspace, repository, editor, PAGE, "# P\n\nOne.\n\nTwo.\n", base_revision=base, message="Begin")
    file.write_text("# P\n\nOne.\n\n- outside\n\nTwo.\n")
    viewed = view_page(workspace, repository, editor, PAGE)
    assert "+" in viewed.revision
    file.write_text("# P\n\nOne.\n- again\n\n\n- outside\n\nTwo.\n")
    text = viewed.page.text.replace("Two.", "- mine\n\nTwo.")
    saved = save_page(workspace, repository, editor, PAGE, text, base_revision=viewed.revision, message="Edit")
    assert saved.merged
    now = file.read_text()
    assert [now.count(line) for line in ("- outside", "- again", "- mine")] == [1, 1, 1]


def test_a_text_that_the_viewer_may_not_read_is_no_base(
    workspace: Workspace, repository: Repository, editor: Viewer, leader: Viewer
) -> None:
    pay = view_page(workspace, repository, leader, "people/pay.md").page
    base = page_revision(workspace, repository, PAGE)
    (workspace.docs_dir / PAGE).write_text("# Other\n")
    with pytest.raises(EditConflict) as caught:
        save_page(workspace, repository, editor, PAGE, "# Mine\n", base_revision=f"{base}+{pay.blob}", message="Edit")
    assert "March" not in caught.value.base
