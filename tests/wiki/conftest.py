"""Fixtures of all wiki tests: a small workspace with history, in real git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wiki.access import Level, Viewer
from wiki.git.repository import Repository
from wiki.workspace.workspace import Workspace

Git = Callable[..., str]

PAGES = {
    "index.md": "# Handbook\n\nStart with [backups](ops/backups.md) or [leave](people/leave.md).\n",
    "ops/backups.md": (
        "---\ntitle: Backups\nkind: procedure\nowner: ops-lead\nvisibility: public\n---\n\n# Backups\n\n"
        "What we keep and for how long.\n\n## Schedule\n\nBackups run hourly.\nThey are kept for 30 days.\n\n"
        "## Restore\n\nAsk the [ops lead](../people/leave.md).\n"
    ),
    "people/leave.md": "---\ntitle: Leave\nkind: policy\n---\n\n# Leave\n\nTell your lead two weeks ahead.\n",
    "people/pay.md": "---\ntitle: Pay\nvisibility: restricted\ngroups: [leadership]\n---\n\n# Pay\n\nRaises are decided in March.\n",
}
ROLES = "ops-lead: {title: Ops lead, holder: ben, deputy: cleo}\ndelivery-lead: {title: Delivery lead}\n"


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """git as on a machine where nobody has set a name, a branch or a hook."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs git in `tmp_path/handbook` (or `cwd=`) as Ann, on 2026-10-01; gives what it printed, stripped."""

    def run(*args: str, cwd: Path | None = None) -> str:
        who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgSign=false"]
        dates = {"GIT_AUTHOR_DATE": "2026-10-01T09:00:00Z", "GIT_COMMITTER_DATE": "2026-10-01T09:00:00Z"}
        done = subprocess.run(
            ["git", *who, *args],
            cwd=cwd or tmp_path / "handbook",
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | dates,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def root(tmp_path: Path, git: Git) -> Path:
    """A folder with the pages above, committed by Ann on branch main."""
    root = tmp_path / "handbook"
    for path, text in PAGES.items():
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    (root / "mkdocs.yml").write_text("site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\n")
    (root / "roles.yml").write_text(ROLES)
    git("init", "--quiet", "--initial-branch=main", cwd=root)
    git("add", ".")
    git("commit", "--quiet", "--message=Write the first pages")
    return root


@pytest.fixture
def workspace(root: Path) -> Workspace:
    return Workspace.open(root)


@pytest.fixture
def repository(workspace: Workspace) -> Repository:
    return Repository(workspace.root)


def _viewer(handle: str, level: Level, *groups: str) -> Viewer:
    return Viewer(handle=handle, name=handle.capitalize(), email=f"{handle}@example.org", level=level, groups=frozenset(groups))


@pytest.fixture
def admin() -> Viewer:
    return _viewer("ada", Level.ADMIN)


@pytest.fixture
def editor() -> Viewer:
    return _viewer("eve", Level.EDITOR)


@pytest.fixture
def leader() -> Viewer:
    """An editor in the group leadership."""
    return _viewer("lea", Level.EDITOR, "leadership")


@pytest.fixture
def contributor() -> Viewer:
    return _viewer("cem", Level.CONTRIBUTOR)


@pytest.fixture
def reader() -> Viewer:
    return _viewer("ron", Level.READER)
