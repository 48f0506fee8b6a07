"""Repositories that are not the plain clone on a branch: read, save, move, delete, accept and publish on each of them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wiki.conftest import PAGES
from wiki.access import Viewer
from wiki.database import Database, sqlite_url
from wiki.editing import delete_page, move_page, open_page, page_revision, restore_page, save_page, view_page
from wiki.errors import InvalidInput, NotFound, StorageError, WikiError, WorkspaceBusy, WorkspaceError
from wiki.git.repository import Change, Person, Repository
from wiki.migrations import migrate
from wiki.review import Review, SuggestionDraft, SuggestionStore
from wiki.site import publish
from wiki.workspace.workspace import Workspace

Git = Callable[..., str]
PAGE = "ops/backups.md"
REFUSED = {"mid-merge"}


def _sha256(root: Path, git: Git) -> Path:
    shutil.rmtree(root / ".git")
    git("init", "-q", "--initial-branch=main", "--object-format=sha256")
    git("add", ".")
    git("commit", "-q", "-m", "Write the first pages")
    return root


def _worktree(root: Path, git: Git) -> Path:
    git("worktree", "add", "-q", "-b", "other", str(root.parent / "worktree"))
    return root.parent / "worktree"


def _shallow(root: Path, git: Git) -> Path:
    (root / "content/index.md").write_text(PAGES["index.md"] + "\nMore.\n")
    git("commit", "-qam", "More")
    git("clone", "-q", "--depth=1", f"file://{root}", str(root.parent / "shallow"), cwd=root.parent)
    return root.parent / "shallow"


def _sparse(root: Path, git: Git) -> Path:
    git("sparse-checkout", "set", "--no-cone", "/*", "!/content/people/")
    assert not (root / "content/people/pay.md").exists()
    return root


def _ignored(root: Path, git: Git) -> Path:
    (root / ".gitignore").write_text("*.draft.md\n/content/private/\n")
    git("add", ".gitignore")
    git("commit", "-qm", "Ignore drafts")
    (root / "content/private").mkdir()
    (root / "content/private/notes.md").write_text("# Notes\n")
    (root / "content/plan.draft.md").write_text("# Plan\n")
    return root


def _submodule(root: Path, git: Git) -> Path:
    other = root.parent / "other"
    (other / "guides").mkdir(parents=True)
    (other / "guides/style.md").write_text("# Style\n")
    git("init", "-q", "--initial-branch=main", cwd=other)
    git("add", ".", cwd=other)
    git("commit", "-qm", "Guides", cwd=other)
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "content/shared")
    git("commit", "-qm", "Take in the guides")
    return root


def _mid_merge(root: Path, git: Git) -> Path:
    git("checkout", "-q", "-b", "side")
    (root / "content/index.md").write_text("# Side\n")
    git("commit", "-qam", "Side")
    git("checkout", "-q", "main")
    (root / "content/index.md").write_text("# Main\n")
    git("commit", "-qam", "Main")
    with pytest.raises(AssertionError):
        git("merge", "-q", "side")
    return root


def _detached(root: Path, git: Git) -> Path:
    git("checkout", "-q", "--detach")
    return root


KINDS: dict[str, Callable[[Path, Git], Path]] = {
    "submodule": _submodule,
    "ignored": _ignored,
    "sparse": _sparse,
    "sha256": _sha256,
    "detached": _detached,
    "worktree": _worktree,
    "shallow": _shallow,
    "mid-merge": _mid_merge,
}


@pytest.fixture(params=sorted(KINDS))
def odd(request: pytest.FixtureRequest, root: Path, git: Git) -> tuple[str, Path]:
    return request.param, KINDS[request.param](root, git)


@pytest.fixture
def made(root: Path, git: Git) -> Callable[[str], tuple[Workspace, Repository]]:
    def make(kind: str) -> tuple[Workspace, Repository]:
        ws = Workspace.open(KINDS[kind](root, git))
        return ws, Repository(ws.root)

    return make


def test_every_odd_repository_is_read_written_and_published(odd: tuple[str, Path], admin: Viewer, git: Git) -> None:
    kind, root = odd
    ws = Workspace.open(root)
    repo = Repository(ws.root)
    head = git("rev-parse", "HEAD", cwd=root)
    opened = view_page(ws, repo, admin, PAGE)
    assert opened.page.text == PAGES[PAGE]

    database = Database(sqlite_url(ws.state_dir / "test.db"))
    migrate(database)
    review = Review(ws, repo, SuggestionStore(database))
    ws.on_change.append(review.settle)
    ws.on_move.append(review.moved)
    draft = SuggestionDraft(
        page_path=PAGE,
        section="",
        action="edit",
        base_revision=opened.revision,
        base_text=PAGES[PAGE],
        new_text=PAGES[PAGE].replace("30 days", "45 days"),
        reason="Longer",
        confidence=1.0,
        evidence=(),
    )
    suggestion = review.propose(admin, draft)
    assert review.get(admin, suggestion.id).suggestion.status == "open"
    assert git("rev-parse", "HEAD", cwd=root) == head

    def write() -> None:
        save_page(
            ws,
            repo,
            admin,
            PAGE,
            PAGES[PAGE].replace("What we keep", "All we keep"),
            base_revision=opened.revision,
            message="Edit",
        )
        review.accept(admin, suggestion.id)
        move_page(ws, repo, admin, PAGE, "ops/copies.md")
        delete_page(ws, repo, admin, "ops/copies.md")

    if kind in REFUSED:
        with pytest.raises(WorkspaceBusy) as refused:
            write()
        assert "--abort" in refused.value.hint
        assert (root / "content" / PAGE).read_text() == PAGES[PAGE]
        assert git("rev-parse", "HEAD", cwd=root) == head
    else:
        write()
        subjects = git("log", "--format=%s", f"{head}..HEAD", cwd=root).splitlines()
        assert subjects == ["Delete ops/copies.md", f"Move {PAGE} to ops/copies.md", "Backups: Longer", "Edit"]
        assert "45 days" in git("show", "HEAD~2:content/ops/backups.md", cwd=root)
        assert "All we keep" in git("show", "HEAD~2:content/ops/backups.md", cwd=root)
        assert git("status", "--porcelain", cwd=root) == ""
        assert git("fsck", "--strict", "--no-dangling", cwd=root) == ""
    report = publish(ws, repo, root.parent / f"site-{kind}")
    assert report.pages
    database.close()


def test_a_page_of_a_submodule_is_read_and_never_written(made, admin: Viewer, git: Git) -> None:
    ws, repo = made("submodule")
    page, head = "shared/guides/style.md", git("rev-parse", "HEAD")
    assert "Style" in view_page(ws, repo, admin, page).page.text
    (ws.docs_dir / page).write_text("# Style\n\nEdited outside.\n")
    assert "Edited" in open_page(ws, repo, admin, page).page.text
    for write in (
        lambda: save_page(ws, repo, admin, page, "# Mine\n", base_revision="", message="Edit"),
        lambda: delete_page(ws, repo, admin, page),
        lambda: move_page(ws, repo, admin, page, "style.md"),
        lambda: save_page(ws, repo, admin, "shared/new.md", "# New\n", base_revision=None, message="Add"),
        lambda: restore_page(ws, repo, admin, "shared/new.md", head),
    ):
        with pytest.raises(WikiError) as refused:
            write()
        assert refused.value.hint
    assert git("rev-parse", "HEAD") == head
    assert git("ls-tree", "HEAD", "content/shared").startswith("160000")
    assert "Edited outside" in (ws.docs_dir / page).read_text()


def test_a_repository_inside_that_git_was_not_told_about_is_left_alone(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git
) -> None:
    inner = workspace.docs_dir / "inner"
    inner.mkdir()
    git("init", "-q", cwd=inner)
    (inner / "own.md").write_text("# Own\n")
    head = git("rev-parse", "HEAD")
    assert open_page(workspace, repository, admin, "inner/own.md").page.text == "# Own\n"
    with pytest.raises(InvalidInput, match="another git repository"):
        save_page(workspace, repository, admin, "inner/own.md", "# Mine\n", base_revision="", message="Edit")
    assert git("rev-parse", "HEAD") == head


@pytest.mark.parametrize("page", ["private/notes.md", "plan.draft.md"])
def test_an_ignored_page_is_read_and_never_committed(made, admin: Viewer, git: Git, page: str) -> None:
    ws, repo = made("ignored")
    head = git("rev-parse", "HEAD")
    opened = open_page(ws, repo, admin, page)
    assert view_page(ws, repo, admin, page).revision == opened.revision == ""
    with pytest.raises(WikiError):
        save_page(ws, repo, admin, page, "# Mine\n", base_revision="", message="Edit")
    with pytest.raises(InvalidInput, match="ignored by git"):
        save_page(ws, repo, admin, f"private/{page.replace('/', '-')}", "# Mine\n", base_revision=None, message="Add")
    assert git("rev-parse", "HEAD") == head


def test_a_page_outside_a_sparse_checkout_is_neither_deleted_nor_overwritten(made, admin: Viewer, git: Git) -> None:
    ws, repo = made("sparse")
    head = git("rev-parse", "HEAD")
    for base in (None, page_revision(ws, repo, "people/pay.md")):
        with pytest.raises(InvalidInput, match="sparse checkout"):
            save_page(ws, repo, admin, "people/pay.md", "# Pay\n", base_revision=base, message="Edit")
    assert git("rev-parse", "HEAD") == head
    assert git("ls-tree", "-r", "--name-only", "HEAD", "content/people").splitlines() == [
        "content/people/leave.md",
        "content/people/pay.md",
    ]


def test_a_bare_repository_says_to_clone_it(root: Path, git: Git) -> None:
    git("clone", "-q", "--bare", str(root), str(root.parent / "bare.git"), cwd=root.parent)
    with pytest.raises(WorkspaceError, match="bare"):
        Repository(root.parent / "bare.git")


def test_a_branch_switched_under_the_server_is_followed(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git
) -> None:
    git("checkout", "-q", "-b", "autumn")
    opened = view_page(workspace, repository, admin, PAGE)
    save_page(workspace, repository, admin, PAGE, "# On autumn\n", base_revision=opened.revision, message="Edit")
    git("checkout", "-q", "main")
    assert view_page(workspace, repository, admin, PAGE).page.text == PAGES[PAGE]
    save_page(workspace, repository, admin, PAGE, "# On main\n", base_revision=opened.revision, message="Edit")
    assert git("show", "autumn:content/ops/backups.md") == "# On autumn"
    assert git("show", "main:content/ops/backups.md") == "# On main"


# --- what a hostile repository brings


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, str]:
    """(a file that exists once the trap was sprung, a command that makes it)."""
    sprung = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch '{sprung}'\ncat\n")
    script.chmod(0o755)
    return sprung, str(script)


def test_a_signature_program_named_by_the_repository_is_not_run(
    workspace: Workspace, repository: Repository, admin: Viewer, git: Git, trap: tuple[Path, str]
) -> None:
    sprung, command = trap
    git("config", "log.showSignature", "true")
    git("config", "gpg.program", command)
    header = git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    signed = workspace.root.parent / "signed"
    signed.write_text(header + "\n")
    git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", str(signed)))
    git("log", "-1")
    assert sprung.exists(), "the trap works where nobody takes care"
    sprung.unlink()
    assert repository.history(f"content/{PAGE}")
    page_revision(workspace, repository, PAGE)
    assert not sprung.exists()


@pytest.mark.parametrize("kind", ["clean", "process"])
def test_a_filter_named_by_the_repository_is_refused_by_name(
    root: Path, admin: Viewer, git: Git, trap: tuple[Path, str], kind: str
) -> None:
    sprung, command = trap
    (root / ".gitattributes").write_text("*.md filter=evil\n")
    git("add", ".gitattributes")
    git("commit", "-qm", "Attributes")
    git("config", f"filter.evil.{kind}", command)
    git("config", "filter.evil.required", "false")
    ws = Workspace.open(root)
    repo = Repository(root)
    (ws.docs_dir / PAGE).write_text("# Edited outside\n")
    assert view_page(ws, repo, admin, PAGE).page.text == "# Edited outside\n"
    with pytest.raises(InvalidInput, match="evil"):
        save_page(ws, repo, admin, PAGE, "# Mine\n", base_revision=page_revision(ws, repo, PAGE), message="Edit")
    assert not sprung.exists()
    assert (ws.docs_dir / PAGE).read_text() == "# Edited outside\n"
    git("add", f"content/{PAGE}")
    assert sprung.exists(), "the trap works where nobody takes care"


def test_a_filter_of_the_person_s_own_settings_is_used(root: Path, admin: Viewer, git: Git, trap: tuple[Path, str]) -> None:
    sprung, command = trap
    (root / ".gitattributes").write_text("*.md filter=mine\n")
    git("config", "--global", "filter.mine.clean", command)
    ws, repo = Workspace.open(root), Repository(root)
    save_page(ws, repo, admin, PAGE, "# Mine\n", base_revision=page_revision(ws, repo, PAGE), message="Edit")
    assert sprung.exists()
    assert git("show", f"HEAD:content/{PAGE}") == "# Mine"


def test_a_state_folder_that_is_a_symlink_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".knowhow").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="symlink"):
        Workspace.open(root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", ["cache", "journal", "index", "writer.lock", ".gitignore"])
def test_nothing_in_the_state_folder_leads_outside(root: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".knowhow").mkdir()
    (root / ".knowhow" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="symlink"):
        Workspace.open(root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_mkdocs_yml_that_leads_out_of_the_workspace_is_refused(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").rename(tmp_path / "outside.yml")
    (root / "mkdocs.yml").symlink_to(tmp_path / "outside.yml")
    with pytest.raises(WorkspaceError, match="symlink"):
        Workspace.open(root)


@pytest.mark.parametrize(
    "message",
    [
        "x\n\nSuggestion: s-1\n\n#c",
        "x\n\nSuggestion: s-1",
        "#c\n\nSuggestion: s-1",
        "x\n\nSuggestion: s-1\n\n# a\n#b\n",
        "x\n\nwords\n\nSuggestion : s-1\n(cherry picked from commit abc)\n\n\n#",
        "x\n\nSuggestion: s-1\nmore\n\n#c\n\nSuggestion: s-1",
        "x\r\n\r\nSuggestion: s-1\r\n\r\n#c",
        "Suggestion: s-1",
    ],
)
def test_no_message_can_claim_to_be_a_suggestion(repository: Repository, message: str, git: Git) -> None:
    person = Person(name="Mallory", email="m@example.org")
    for trailers in ({}, {"Update": "u-1"}):
        change = Change(path_in_repo="content/x.md", data=f"{message}{trailers}".encode())
        repository.commit([change], author=person, message=message, trailers=trailers)
        assert "Suggestion" not in git("log", "-1", "--format=%(trailers)")
        assert repository.find_trailer("Suggestion", "s-1") is None


def test_a_partial_clone_runs_no_program_that_its_settings_name(
    root: Path, tmp_path: Path, git: Git, trap: tuple[Path, str]
) -> None:
    sprung, _ = trap
    script = tmp_path / "upload-pack.sh"
    script.write_text(f"#!/bin/sh\ntouch '{sprung}'\nexit 1\n")
    script.chmod(0o755)
    git("config", "uploadpack.allowFilter", "true")
    old = git("rev-parse", "HEAD").strip()
    page = next((root / "content").rglob("*.md"))
    page.write_text(page.read_text() + "\nOne more line.\n")
    git("commit", "-qam", "More")
    clone = tmp_path / "partial"
    source = ["-c", "protocol.file.allow=always", "clone", "-q", "--filter=blob:none", f"file://{root}", str(clone)]
    git(*source)
    git("-C", str(clone), "config", "remote.origin.uploadpack", str(script))
    name = page.relative_to(root).as_posix()
    with pytest.raises(NotFound):
        Repository(clone).show(old, name)
    assert not sprung.exists()
    subprocess.run(["git", "-C", str(clone), "cat-file", "blob", f"{old}:{name}"], capture_output=True, check=False)
    assert sprung.exists()  # what a person's own git would do


def test_a_repository_whose_files_are_elsewhere_says_where(root: Path, tmp_path: Path, git: Git) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    git("config", "core.worktree", str(elsewhere))
    with pytest.raises(WorkspaceError, match="elsewhere"):
        Repository(root)
