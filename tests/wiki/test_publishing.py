"""The static export: the bytes of the live site, whole or not at all, and nothing for the wrong eyes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from bench.evaluation import unpack
from wiki.access import Audience, everyone_audience
from wiki.errors import InvalidInput, StorageError
from wiki.git.repository import Repository
from wiki.site.publishing import LiveSite, Rendered, publish
from wiki.workspace.workspace import Workspace

EVERYONE, TEAM, PUBLIC = everyone_audience(), Audience(team=True), Audience()
HANDBOOK = Path(__file__).parents[2] / "bench" / "sets" / "18f" / "handbook.tar.gz"


def all_bytes(folder: Path) -> bytes:
    return b"\n".join(path.as_posix().encode() + b"\n" + path.read_bytes() for path in folder.rglob("*") if path.is_file())


def assert_live_is_published(ws: Workspace, repository: Repository, target: Path, audience: Audience) -> int:
    """Every page, and every file a page of the export loads."""
    site = LiveSite(ws, repository)
    pages = sorted(path.relative_to(target).as_posix() for path in target.rglob("*.html") if path.name != "404.html")
    for path in pages:
        live = site.page(f"/{path}", audience)
        assert isinstance(live, Rendered), path
        assert live.html == (target / path).read_bytes(), path
    assert site.not_found(audience).html == (target / "404.html").read_bytes()
    for path in (p.relative_to(target).as_posix() for p in (target / "assets").rglob("*") if p.is_file()):
        asset = site.asset(f"/{path}", audience)
        assert asset is not None, path
        assert asset.path is not None
        assert asset.path.read_bytes() == (target / path).read_bytes()
    return len(pages)


@pytest.mark.parametrize("audience", [EVERYONE, TEAM, PUBLIC], ids=["everyone", "team", "public"])
def test_published_pages_are_the_live_ones(
    workspace: Workspace, repository: Repository, tmp_path: Path, audience: Audience
) -> None:
    (workspace.docs_dir / "ops/plan.png").write_bytes(b"\x89PNG")
    (workspace.docs_dir / "ops/broken.md").write_text("---\ntitle: [\n---\ntext\n")
    result = publish(workspace, repository, tmp_path / "out", audience)
    found = assert_live_is_published(workspace, repository, tmp_path / "out", audience)
    assert found == result.pages == {EVERYONE: 5, TEAM: 3, PUBLIC: 1}[audience]
    assert (tmp_path / "out/ops/plan.png").exists() == (audience != PUBLIC)
    assert not list(tmp_path.glob(".out*"))


def test_the_evaluation_handbook_is_published_as_it_is_live(tmp_path: Path, git) -> None:
    if not HANDBOOK.exists():
        pytest.skip(
            f"the evaluation handbook is not at {HANDBOOK}: live and published pages of a foreign handbook are NOT compared"
        )
    root = tmp_path / "hb"
    root.mkdir()
    unpack(HANDBOOK, root)
    (root / "mkdocs.yml").write_text(
        "site_name: 18F\ndocs_dir: .\nsite_dir: .knowhow/site\ntheme: {name: material}\nplugins: [knowhow]\n"
    )
    git("init", "-q", cwd=root)
    git("add", "-A", cwd=root)
    git("commit", "-q", "-m", "All", cwd=root)
    ws = Workspace.open(root)
    repository = Repository(root)
    result = publish(ws, repository)
    assert result.target == root / ".knowhow/site"
    assert assert_live_is_published(ws, repository, result.target, EVERYONE) == result.pages == len(ws.page_paths())
    assert not (result.target / "mkdocs.yml").exists()
    assert b"cannot be shown" not in all_bytes(result.target)
    assert git("status", "--porcelain", cwd=root) == ""


def test_a_restricted_page_is_nowhere_in_the_teams_export(workspace: Workspace, repository: Repository, tmp_path: Path) -> None:
    (workspace.docs_dir / "people/leave.md").write_text("# Leave\n\nAbout money, ask [your lead](pay.md).\n")
    (workspace.docs_dir / "index.md").write_text('# Handbook\n\n<a href="people/pay/">More</a>\n')
    secrets = (b"Raises are decided", b"pay.md", b">Pay<", b'"Pay"', b"people/pay")
    publish(workspace, repository, tmp_path / "everyone", EVERYONE)
    publish(workspace, repository, tmp_path / "team", TEAM)
    everyone, team = all_bytes(tmp_path / "everyone"), all_bytes(tmp_path / "team")
    for secret in secrets:
        assert secret in everyone, secret
        assert secret not in team, secret
    assert b"About money" in team


def test_the_search_index_holds_what_the_readers_may_see(workspace: Workspace, repository: Repository, tmp_path: Path) -> None:
    publish(workspace, repository, tmp_path / "team", TEAM)
    index = json.loads((tmp_path / "team/search/search_index.json").read_text())
    pages = {row[0]: row for row in index["pages"]}
    assert set(pages) == {"", "ops/backups/", "people/leave/"}
    _, title, kind, sections = pages["ops/backups/"]
    assert (title, kind) == ("Backups", "procedure")
    assert ["schedule", "Schedule", "Backups run hourly. They are kept for 30 days."] in sections


def test_nothing_on_a_page_is_fetched_from_another_host(workspace: Workspace, repository: Repository, tmp_path: Path) -> None:
    workspace.mkdocs_yml.write_text(
        "site_name: Handbook\ndocs_dir: content\nsite_url: https://handbook.example.org/\nrepo_url: https://github.com/a/b\n"
        "edit_uri: edit/main/\nsite_dir: .knowhow/site\n"
        "theme: {name: material, logo: 'https://x.example/l.png', favicon: '//x.example/f.ico', font: {text: Inter},"
        " features: [content.code.annotate]}\n"
        "extra_css: ['https://x.example/a.css', a.css]\nextra_javascript: ['https://x.example/mathjax.js', {path: '//x.example/b.mjs'}]\n"
        "extra: {analytics: {provider: google, property: G-1}, consent: {title: t}, version: {provider: mike},"
        " polyfills: ['https://x.example/p.js']}\n"
        "plugins: [search, {privacy: {}}, {social: {}}, knowhow]\n"
        "markdown_extensions:\n  - pymdownx.superfences:\n      custom_fences: [{name: mermaid, class: mermaid,"
        " format: !!python/name:pymdownx.superfences.fence_code_format }]\n"
    )
    (workspace.docs_dir / "ops/diagram.md").write_text(
        '# D\n\n```mermaid\ngraph LR\n```\n\n<div class="mermaid">graph TD</div>\n'
    )
    workspace = Workspace.open(workspace.root)
    publish(workspace, repository, tmp_path / "out")
    loads = re.compile(
        rb"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data)=["']?(?:https?:)?//""", re.I
    )
    links = re.compile(rb"""<link\b(?![^>]*rel="canonical")[^>]*href=["']?(?:https?:)?//""", re.I)
    for path in (tmp_path / "out").rglob("*.html"):
        html = path.read_bytes()
        assert not loads.search(html), path
        assert not links.search(html), path
        for word in (b"fonts.g", b"unpkg", b"googletagmanager", b"md-source", b'class="mermaid"', b"x.example"):
            assert word not in html, (path, word)
        assert b"script-src 'self';" in html
    assert b"graph LR" in (tmp_path / "out/ops/diagram/index.html").read_bytes()
    for path in [*(tmp_path / "out").rglob("*.css"), *(tmp_path / "out").rglob("*.js")]:
        if "material" not in path.name and path.name != "mermaid.min.js" and not re.search(r"\.[0-9a-f]{8}\.min\.", path.name):
            assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text()), path
    for path in (tmp_path / "out").rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text()), path


def test_the_target_must_be_new_empty_or_an_earlier_export(
    workspace: Workspace, repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    for target in (tmp_path / "mine", workspace.root, workspace.docs_dir, workspace.root.parent, workspace.state_dir):
        with pytest.raises(InvalidInput):
            publish(workspace, repository, target)
    assert (tmp_path / "mine/thesis.txt").exists()
    (tmp_path / "empty").mkdir()
    publish(workspace, repository, tmp_path / "empty")
    (workspace.docs_dir / "people/leave.md").unlink()
    publish(workspace, repository, tmp_path / "empty")
    assert not (tmp_path / "empty/people/leave").exists()


def test_a_full_disk_leaves_the_site_that_was_there(
    workspace: Workspace, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        shutil.which("mount")
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("a small tmpfs cannot be mounted here: a full disk is NOT tested")
    try:
        publish(workspace, repository, disk / "out")
        before = all_bytes(disk / "out")
        (workspace.docs_dir / "ops/backups.md").write_text("# Other\n")
        (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - 200_000))
        with pytest.raises(StorageError, match="cannot be written"):
            publish(workspace, repository, disk / "out")
        assert all_bytes(disk / "out") == before
        assert sorted(path.name for path in disk.iterdir()) == ["filler", "out"]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_kill_leaves_a_whole_site_and_the_next_export_clears_up(
    workspace: Workspace, repository: Repository, tmp_path: Path
) -> None:
    for number in range(150):
        (workspace.docs_dir / f"page-{number}.md").write_text(f"# Page {number}\n\nold\n")
    target = tmp_path / "out"
    publish(workspace, repository, target)
    for number in range(150):
        (workspace.docs_dir / f"page-{number}.md").write_text(f"# Page {number}\n\nnew\n")
    code = (
        "import sys; from pathlib import Path; from wiki.site.publishing import publish; from wiki.workspace.workspace import Workspace\n"
        "from wiki.git.repository import Repository; ws = Workspace.open(sys.argv[1])\n"
        "publish(ws, Repository(ws.root), Path(sys.argv[2]), progress=lambda n, of: print(n, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(workspace.root), str(target)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 40:
                break
        os.kill(process.pid, signal.SIGKILL)
    assert len(list(tmp_path.glob(".out.*.partial"))) == 1
    assert all("old" in (target / f"page-{n}/index.html").read_text() for n in range(150))
    publish(workspace, repository, target)
    assert all("new" in (target / f"page-{n}/index.html").read_text() for n in range(150))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["handbook", "out"]


def test_a_site_moved_aside_by_an_export_that_was_killed_is_put_back(
    workspace: Workspace, repository: Repository, tmp_path: Path
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    publish(workspace, repository, tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / f".out.{dead.pid}-0.old")
    (workspace.mkdocs_yml).write_text("site_name: [\n")
    with pytest.raises(Exception, match="YAML"):
        publish(workspace, repository, tmp_path / "out")
    assert (tmp_path / "out/index.html").exists()


def test_progress_is_told_page_by_page(workspace: Workspace, repository: Repository, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    publish(workspace, repository, tmp_path / "out", EVERYONE, progress=lambda number, of: told.append((number, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_page_for_unknown_addresses_is_drawn_for_where_the_site_is(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").write_text("site_name: H\ndocs_dir: content\nsite_url: https://example.org/docs/\n")
    ws = Workspace.open(root)
    publish(ws, Repository(root), tmp_path / "out")
    assert 'href="/docs/assets/stylesheets/tokens.css"' in (tmp_path / "out/404.html").read_text()
    assert b'href="/assets/stylesheets/tokens.css"' in LiveSite(ws, Repository(root)).not_found(TEAM).html


@pytest.mark.parametrize("directory_urls", [True, False])
def test_links_lead_to_files_of_the_export(root: Path, tmp_path: Path, directory_urls: bool) -> None:
    with (root / "mkdocs.yml").open("a") as file:
        file.write(f"use_directory_urls: {str(directory_urls).lower()}\n")
    ws = Workspace.open(root)
    (ws.docs_dir / "people/ünï cödé.md").write_text("# Odd name\n\n[home](../index.md) [b](../ops/backups.md#schedule)\n")
    out = tmp_path / "out"
    publish(ws, Repository(root), out)
    checked = 0
    for page in out.rglob("*.html"):
        if page.name == "404.html":
            continue
        for target in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text()):
            if target.startswith(("http", "data:", "mailto:")) or "/app/" in target:
                continue
            path = page.parent / unquote(target)
            path = path / "index.html" if target.endswith("/") or target in (".", "..") else path
            assert path.exists(), (page, target)
            checked += 1
    assert checked > 60
    site, started = LiveSite(ws, Repository(root)), time.monotonic()
    for path in ws.page_paths():
        url = site.url_of(path, EVERYONE)
        assert url is not None
        assert isinstance(site.page(f"/{unquote(url)}", EVERYONE), Rendered)
    assert time.monotonic() - started < 30
