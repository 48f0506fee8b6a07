from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from git import Repo

from wiki.errors import StorageError, WorkspaceError
from wiki.git.command import GitError, run_git
from wiki.git.repository import Repository
from wiki.workspace.adoption import adopt
from wiki.workspace.workspace import Workspace, create_workspace


def write(root: Path, *paths: str, text: str = "# A page\r\n\r\n{% liquid %}") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(f"{text} {path}".encode())


def digests(root: Path) -> dict[str, str]:
    """What every file but git's and Knowhow's own holds."""
    files = (p for p in root.rglob("*") if p.is_file() and not {".git", ".knowhow"} & set(p.relative_to(root).parts))
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "old-handbook"
    write(
        source,
        "README.md",
        "guide/index.md",
        "guide/a b.md",
        ".github/ISSUE/page.md",
        "templates/t.md",
        "_includes/x.markdown",
        ".top.md",
    )
    write(source, "guide/.private/deep/[x].md", ".github/workflows/ci.yml", "image.png", "node_modules/x/README.md")
    return source


def test_every_markdown_file_of_a_plain_folder_becomes_a_page_where_it_lies(source: Path, git) -> None:
    before = digests(source)
    adoption = adopt(source)
    assert adoption.workspace.page_paths() == sorted(
        p for p in before if p.endswith((".md", ".markdown")) and "node_modules" not in p
    )
    assert adoption.page_count == 8
    assert digests(source) == before | {"mkdocs.yml": digests(source)["mkdocs.yml"]}
    assert adoption.workspace.site_name == "Old handbook"
    assert adoption.workspace.docs_dir == source
    assert git("log", "--format=%s|%an", cwd=source).split("\n") == [
        "Add mkdocs.yml, which makes this a workspace|Knowhow",
        "Adopt old-handbook as it was|Knowhow",
    ]
    assert git("status", "--porcelain", cwd=source) == ""
    assert git("branch", "--show-current", cwd=source) == "main"
    assert "git repository" in adoption.notes[0]


def test_only_the_markdown_of_hidden_folders_is_published(source: Path) -> None:
    workspace = adopt(source).workspace
    text = workspace.mkdocs_yml.read_text()
    assert "!/.github/**/*.md\n" in text
    assert not workspace.is_page_path(".github/workflows/ci.yml")


def test_pages_that_all_lie_in_one_folder_make_it_the_docs_dir(tmp_path: Path) -> None:
    write(tmp_path / "p", "docs/index.md", "docs/sub/a.md", "src/main.py")
    workspace = adopt(tmp_path / "p").workspace
    assert workspace.docs_dir == tmp_path / "p" / "docs"
    assert workspace.page_paths() == ["index.md", "sub/a.md"]
    assert "exclude_docs" not in workspace.mkdocs_yml.read_text()


def test_plain_mkdocs_builds_an_adopted_folder(source: Path) -> None:
    adopt(source)
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (source / ".knowhow/site/guide/index.html").is_file()


def test_adopting_a_copy_leaves_the_source_alone(source: Path, tmp_path: Path) -> None:
    before = digests(source)
    adoption = adopt(source, tmp_path / "new" / "wiki")
    assert digests(source) == before
    assert not (source / ".git").exists()
    assert adoption.workspace.root == tmp_path / "new" / "wiki"
    assert {k: v for k, v in digests(adoption.workspace.root).items() if k != "mkdocs.yml"} == before
    assert Repository(adoption.workspace.root).last_change("README.md").subject == "Adopt wiki as it was"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["wiki"]


def test_a_mkdocs_project_with_history_keeps_both(root: Path, git) -> None:
    before, log = digests(root), git("log", "--format=%H")
    (root / "content/index.md").write_text("uncommitted\n")
    adoption = adopt(root)
    assert adoption.page_count == 4
    assert adoption.notes == ("This is a workspace: nothing was changed.",)
    assert git("log", "--format=%H") == log
    assert git("status", "--porcelain") == "M content/index.md"
    assert {k: v for k, v in digests(root).items() if k != "content/index.md"}.items() <= before.items()
    assert adopt(root).page_count == 4


def test_a_repository_without_mkdocs_yml_gets_one_and_uncommitted_work_stays(root: Path, git) -> None:
    git("rm", "-q", "mkdocs.yml")
    git("commit", "-qm", "No MkDocs")
    (root / "content/index.md").write_text("uncommitted\n")
    git("add", "content/index.md")
    adoption = adopt(root)
    assert adoption.workspace.docs_dir == root / "content"
    assert git("show", "--name-only", "--format=") == "mkdocs.yml"
    assert git("status", "--porcelain") == "M  content/index.md"
    assert any("uncommitted" in note for note in adoption.notes)


@pytest.mark.parametrize("form", ["path", "url", "bare"])
def test_a_repository_is_cloned_with_its_history(
    root: Path, tmp_path: Path, git, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    git("clone", "-q", "--bare", str(root), str(tmp_path / "handbook.git"))
    source = {"path": str(root), "url": f"file://{tmp_path}/handbook.git", "bare": str(tmp_path / "handbook.git")}[form]
    (root / "content/index.md").write_text("uncommitted\n")
    adoption = adopt(source, tmp_path / "clone")
    assert git("rev-parse", "HEAD", cwd=tmp_path / "clone") == git("rev-parse", "HEAD")
    assert adoption.page_count == 4
    assert any("not committed" in note for note in adoption.notes) == (form == "path")
    assert git("remote", "get-url", "origin", cwd=tmp_path / "clone") == source


def test_a_url_without_target_is_cloned_into_a_folder_of_its_name(
    root: Path, tmp_path: Path, git, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert adopt(f"file://{root}/").workspace.root == tmp_path / "here" / "handbook"
    with pytest.raises(WorkspaceError, match="not empty"):
        adopt(f"file://{root}")


@pytest.mark.parametrize(
    "source",
    [
        "file:///nowhere/x.git",
        "http://me:s3cret@127.0.0.1:9/x.git",
        "ext::sh -c 'touch /tmp/owned'",
        "/nowhere",
        "-x",
        "user@[bad]:x",
        "file://--upload-pack=x",
    ],
)
def test_a_source_that_cannot_be_had_is_a_workspace_error_and_leaves_nothing(
    tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError) as caught:
        adopt(source, tmp_path / "new")
    assert caught.value.hint
    assert "s3cret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["file", "git", "http", "https", "ssh", "ext", "ftp", "fd"])
def test_a_clone_may_use_the_usual_protocols_but_none_whose_address_is_a_command(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        adopt(f"{scheme}://127.0.0.1:9/x.git", tmp_path / "new")
    assert ("not allowed" in str(caught.value)) == (scheme in ("ext", "ftp", "fd"))


def test_no_git_command_but_a_clone_reaches_another_repository(root: Path, tmp_path: Path) -> None:
    for command in ("fetch", "ls-remote", "pull"):
        with pytest.raises(GitError, match="transport 'file' not allowed"):
            run_git(root, command, f"file://{root}")
    with pytest.raises(GitError, match="transport 'ext' not allowed"):
        run_git(tmp_path, "clone", f"ext::touch {tmp_path}/owned", str(tmp_path / "new"))
    assert not (tmp_path / "owned").exists()


def test_a_folder_without_markdown_is_refused_and_left_as_it_was(tmp_path: Path, git) -> None:
    write(tmp_path / "empty", "notes.txt", "node_modules/a.md")
    for target in (None, tmp_path / "new"):
        with pytest.raises(WorkspaceError, match="no Markdown"):
            adopt(tmp_path / "empty", target)
    git("init", "-q", cwd=tmp_path / "empty")
    with pytest.raises(WorkspaceError, match="no Markdown"):
        adopt(tmp_path / "empty", tmp_path / "new")
    assert sorted(p.name for p in (tmp_path / "empty").iterdir()) == [".git", "node_modules", "notes.txt"]
    assert not (tmp_path / "new").exists()


def test_a_project_whose_mkdocs_yml_is_broken_is_refused_and_left_as_it_was(source: Path, tmp_path: Path) -> None:
    write(source, "mkdocs.yml", text="docs_dir: missing #")
    for target in (None, tmp_path / "new"):
        with pytest.raises(WorkspaceError):
            adopt(source, target)
    assert not (source / ".git").exists()
    assert not (source / ".knowhow").exists()
    assert not (tmp_path / "new").exists()


def test_a_target_in_the_source_or_not_empty_is_refused(source: Path, tmp_path: Path) -> None:
    write(tmp_path / "full", "a.txt")
    for target in (source / "sub", tmp_path / "full", tmp_path):
        with pytest.raises(WorkspaceError):
            adopt(source, target)


def test_a_folder_inside_a_repository_that_does_not_know_it_gets_its_own(root: Path, git) -> None:
    (root / ".gitignore").write_text("scratch/\n")
    write(root, "scratch/a.md")
    adopt(root / "scratch")
    assert Repo(root / "scratch").head.commit.message.startswith("Add mkdocs.yml")
    assert git("log", "--format=%s") == "Write the first pages"


def test_files_that_mkdocs_hides_are_named(tmp_path: Path) -> None:
    write(tmp_path / "p", "index.md", "README.md", "docs/a.md")
    adoption = adopt(tmp_path / "p")
    assert adoption.page_count == 2
    assert any("README.md" in note for note in adoption.notes)


def test_init_makes_a_workspace_from_the_starter(tmp_path: Path, git) -> None:
    workspace = create_workspace(tmp_path / "new" / "wiki")
    assert "index.md" in workspace.page_paths()
    assert (workspace.root / "roles.yml").is_file()
    assert git("log", "--format=%s", cwd=workspace.root) == "Start the handbook"
    assert git("status", "--porcelain", cwd=workspace.root) == ""
    with pytest.raises(WorkspaceError, match="not empty"):
        create_workspace(workspace.root)
    assert Workspace.open(workspace.root).page_paths() == workspace.page_paths()


def test_init_from_ones_own_starter_or_none(root: Path, tmp_path: Path) -> None:
    assert create_workspace(tmp_path / "new", starter=root).page_paths() == Workspace.open(root).page_paths()
    with pytest.raises(WorkspaceError):
        create_workspace(tmp_path / "other", starter=tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises((StorageError, WorkspaceError)):
        create_workspace(tmp_path / "file" / "below")
    assert not (tmp_path / "other").exists()
