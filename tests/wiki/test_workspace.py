from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from pathspec import GitIgnoreSpec

from wiki.errors import InvalidInput, NotFound, WorkspaceBusy, WorkspaceError
from wiki.lock import WriterLock
from wiki.workspace.workspace import Workspace


def mkdocs_pages(root: Path) -> list[str]:
    return sorted(f.src_uri for f in get_files(load_config(str(root / "mkdocs.yml"))).documentation_pages())


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("# A page\n")


def test_a_workspace_is_found_from_any_folder_below_it(root: Path) -> None:
    workspace = Workspace.open(root / "content" / "ops")
    assert workspace.root == root
    assert workspace.docs_dir == root / "content"
    assert workspace.site_name == "Handbook"
    assert workspace.language == "en"


def test_opening_a_folder_without_mkdocs_yml_says_how_to_make_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(tmp_path)
    assert "knowhow init" in caught.value.hint


def test_opening_leaves_git_status_clean(root: Path, git) -> None:
    assert (Workspace.open(root).state_dir / ".gitignore").read_text() == "*\n"
    assert git("status", "--porcelain") == ""


def test_a_workspace_file_with_tags_of_mkdocs_and_inheritance_is_read(root: Path) -> None:
    (root / "base.yml").write_text("docs_dir: content\ntheme: {name: material, language: de, features: [a]}\n")
    (root / "mkdocs.yml").write_text(
        "INHERIT: base.yml\nsite_name: !ENV [SITE_NAME, 'Betriebshandbuch']\n"
        "markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "  - x: !!python/object/apply:os.system ['exit 1']\n"
    )
    workspace = Workspace.open(root)
    assert workspace.language == "de"
    assert workspace.docs_dir == root / "content"


@pytest.mark.parametrize("text", ["site_name: [", "- a list", "docs_dir: missing", "docs_dir: ..", "exclude_docs: '!'"])
def test_a_workspace_file_that_cannot_be_used_is_a_workspace_error_with_a_hint(root: Path, text: str) -> None:
    (root / "mkdocs.yml").write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(root)
    assert caught.value.hint


def test_pages_are_those_that_mkdocs_publishes(root: Path) -> None:
    write(
        root / "content",
        *("README.md", "guide/README.md", "guide/a.markdown", "both/a.md", "both/a.markdown", "html/README.md", "UPPER.MD"),
        *(".hidden.md", ".github/x.md", "templates/t.md", "deep/templates/t.md", "drafts/d.md", "drafts/keep.md", "notes.txt"),
        *("html/index.html", "deep/.dot/x.md", "with space/ä ö.md"),
    )
    assert Workspace.open(root).page_paths() == mkdocs_pages(root)
    exclude = "exclude_docs: |\n  drafts/\n  !.github/\n  !/templates/\n  *.markdown\n  !drafts/keep.md\n"
    (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text() + exclude)
    paths = Workspace.open(root).page_paths()
    assert paths == mkdocs_pages(root)
    assert ".github/x.md" in paths
    assert "drafts/d.md" not in paths


def test_folders_of_tools_never_hold_pages(root: Path) -> None:
    write(root, "node_modules/pkg/README.md", ".venv/x.md", ".knowhow/y.md", "docs/index.md")
    (root / "mkdocs.yml").write_text("docs_dir: .\nexclude_docs: '!.*'\n")
    paths = Workspace.open(root).page_paths()
    assert "docs/index.md" in paths
    assert not [path for path in paths if "node_modules" in path or path.startswith(".")]


def test_symlinks_that_lead_out_of_the_workspace_are_no_pages(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "outside", "secret.md")
    content = root / "content"
    (root / "knowhow.toml").write_text("key = 'secret'\n")
    (content / "file.md").symlink_to(tmp_path / "outside" / "secret.md")
    (content / "folder").symlink_to(tmp_path / "outside")
    (content / "settings.md").symlink_to(root / "knowhow.toml")
    (content / "git.md").symlink_to(root / ".git" / "config")
    (content / "loop").symlink_to(content)
    (content / "broken.md").symlink_to(content / "nowhere.md")
    (content / "alias.md").symlink_to(content / "index.md")
    workspace = Workspace.open(root)
    assert workspace.page_paths() == ["alias.md", "index.md", "ops/backups.md", "people/leave.md", "people/pay.md"]
    assert workspace.repo_path("alias.md") == "content/index.md"
    for path in ("file.md", "folder/secret.md", "settings.md", "git.md"):
        with pytest.raises(InvalidInput):
            workspace.read_page(path)


@pytest.mark.parametrize(
    "path",
    ["../roles.md", "a/../../x.md", "/etc/passwd.md", "a\\b.md", "a\0.md", ".git/x.md", "a/.GIT/b.md", "x.txt", "", "a//b.md",
     "./a.md", ".hidden.md", "a/\n.md", "\ud800.md", "x" * 300 + ".md", ".knowhow/a.md", "roles.yml", "people"],
)  # fmt: skip
def test_a_path_that_cannot_be_a_page_is_invalid_input(workspace: Workspace, path: str) -> None:
    for use in (workspace.read_page, workspace.page_file, workspace.repo_path):
        with pytest.raises(InvalidInput) as caught:
            use(path)
        str(caught.value).encode()
    assert not workspace.is_page_path(path)


def test_a_page_that_is_missing_is_not_found(workspace: Workspace) -> None:
    for path in ("ops/nothing.md", "index.md/x.md"):
        with pytest.raises(NotFound):
            workspace.read_page(path)
    (workspace.docs_dir / "folder.md").mkdir()
    with pytest.raises(NotFound):
        workspace.read_page("folder.md")
    assert workspace.stat("ops/nothing.md") is None


def test_a_page_of_20_mb_is_refused_and_the_others_are_still_listed(workspace: Workspace) -> None:
    (workspace.docs_dir / "huge.md").write_bytes(b"x\n" * 10_000_000)
    with pytest.raises(InvalidInput, match="too large"):
        workspace.read_page("huge.md")
    assert "huge.md" in workspace.page_paths()
    assert [page.path for page in workspace.pages()] == ["index.md", "ops/backups.md", "people/leave.md", "people/pay.md"]
    assert [path for path, _ in workspace.unreadable()] == ["huge.md"]


def test_bytes_that_are_no_utf8_are_read_and_given_back(workspace: Workspace) -> None:
    data = b"# Caf\xe9\r\n\x00\xff no line end"
    (workspace.docs_dir / "latin.md").write_bytes(data)
    assert workspace.read_page("latin.md").text.encode("utf-8", "surrogateescape") == data


def test_names_in_roles_yml_are_taken_as_typed_as_on_the_pages(workspace: Workspace) -> None:
    (workspace.root / "roles.yml").write_text("no: {title: 1.10, holder: 007}\n12:30: {holder: yes, deputy: ~}\nvacant:\n")
    roles = [(role.name, role.title, role.holder, role.deputy) for role in workspace.roles]
    assert roles == [("no", "1.10", "007", ""), ("12:30", "12:30", "yes", ""), ("vacant", "Vacant", "", "")]


def test_roles_are_read_again_when_the_file_changes(workspace: Workspace) -> None:
    assert workspace.roles.get("ops-lead").holder == "ben"
    assert [role.name for role in workspace.roles if role.vacant] == ["delivery-lead"]
    (workspace.root / "roles.yml").write_text("roles:\n- {name: ops-lead, holder: dan}\n- {name: ops-lead}\n- [x]\n")
    assert workspace.roles.get("ops-lead").holder == "dan"
    assert len(workspace.roles.problems) == 2
    (workspace.root / "roles.yml").write_text("a: [")
    assert len(workspace.roles) == 0
    assert workspace.roles.problems
    (workspace.root / "roles.yml").unlink()
    assert len(workspace.roles) == 0


def test_the_writer_lock_is_reentrant_and_keeps_other_threads_out(workspace: Workspace) -> None:
    order: list[str] = []

    def other() -> None:
        with workspace.lock():
            order.append("other")

    with workspace.lock(), workspace.lock(), Workspace.open(workspace.root).lock():
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "other"]


def test_a_writer_that_waits_too_long_is_told_that_the_workspace_is_busy(tmp_path: Path) -> None:
    first, second = (WriterLock(tmp_path / "lock", timeout_s=0.1) for _ in range(2))
    with first(), pytest.raises(WorkspaceBusy), second():
        pass
    with second():
        pass


def test_listing_follows_what_is_in_the_folder_now(workspace: Workspace) -> None:
    (workspace.docs_dir / "new.md").write_text("# New\n")
    assert "new.md" in workspace.page_paths()
    (workspace.docs_dir / "new.md").unlink()
    assert "new.md" not in workspace.page_paths()


def test_a_changed_exclude_docs_counts_at_once(workspace: Workspace) -> None:
    assert "people/leave.md" in workspace.page_paths()
    text = workspace.mkdocs_yml.read_text()
    workspace.mkdocs_yml.write_text(text + "exclude_docs: |\n  people/\n")
    assert "people/leave.md" not in workspace.page_paths()
    assert not workspace.is_page_path("people/leave.md")
    workspace.mkdocs_yml.write_text("a: [")
    assert "people/leave.md" not in workspace.page_paths()
    workspace.mkdocs_yml.write_text(text)
    assert "people/leave.md" in workspace.page_paths()


@pytest.mark.parametrize("named", ["../outside.yml", "/etc/passwd", "link.yml"])
def test_nothing_outside_the_workspace_is_inherited(root: Path, named: str) -> None:
    (root.parent / "outside.yml").write_text("site_name: Outside\nexclude_docs: |\n  people/\n")
    (root / "link.yml").symlink_to(root.parent / "outside.yml")
    (root / "mkdocs.yml").write_text(f"INHERIT: {named}\ndocs_dir: content\nsite_dir: .knowhow/site\n")
    workspace = Workspace.open(root)
    assert workspace.site_name == "handbook"
    assert "people/leave.md" in workspace.page_paths()


def test_a_file_inside_is_inherited(root: Path) -> None:
    (root / "base.yml").write_text("site_name: Base\nexclude_docs: |\n  people/\n")
    (root / "mkdocs.yml").write_text("INHERIT: base.yml\ndocs_dir: content\nsite_dir: .knowhow/site\n")
    workspace = Workspace.open(root)
    assert (workspace.site_name, "people/leave.md" in workspace.page_paths()) == ("Base", False)


def test_asking_for_pages_that_are_not_there_takes_no_memory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wiki.pages import files

    monkeypatch.setattr(files, "_REMEMBERED", 10)
    known = files.PageFiles(root / "content", root, GitIgnoreSpec.from_lines(["drafts/"]))
    assert [known.excluded(f"{folder}/{number}.md") for number in range(100) for folder in ("drafts", "a")] == [
        True,
        False,
    ] * 100
    assert known._matches is not None
    assert known._matches.cache_info().currsize == 10
