"""Whole handbooks taken over: nothing of theirs changes, every page is drawn, live and published pages are the same bytes.

KNOWHOW_HANDBOOK=/folder runs the check on a copy of that folder, too; KNOWHOW_MKDOCS=/bin/mkdocs names the MkDocs that has
the plugins it needs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from html import unescape
from pathlib import Path

import pytest

from bench.evaluation import unpack
from wiki.access import Audience, everyone_audience, may_read
from wiki.git.repository import Repository
from wiki.pages.section import split_sections
from wiki.search.index import SectionIndex
from wiki.site.publishing import LiveSite, Rendered, publish
from wiki.workspace.adoption import adopt
from wiki.workspace.workspace import Workspace, create_workspace

HANDBOOK = Path(__file__).parents[2] / "bench" / "sets" / "18f" / "handbook.tar.gz"
EVERYONE = everyone_audience()
_TAGS = re.compile(r"<[^>]+>")

# A typical project: theme and hooks of its own, plugins that only its own machine has, slugs of its own making.
PROJECT = {
    "mkdocs.yml": """\
site_name: Ledger
site_url: https://ledger.example.org/docs/
repo_url: https://git.example.org/ledger
theme:
  name: readthedocs
  custom_dir: overrides
  highlightjs: true
  hljs_languages: [yaml]
nav:
  - Home: index.md
  - Guide:
      - guide/index.md
      - Set up: guide/set-up.md
  - Outside: https://example.org/
extra_css: [css/extra.css]
exclude_docs: |
  drafts/
hooks: [docs/hooks.py]
plugins:
  - search
  - ledger-stamp: {text: stamped}
markdown_extensions:
  - toc: {permalink: "#", separator: _, slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}
  - attr_list
  - admonition
  - pymdownx.snippets: {base_path: [!relative $config_dir]}
  - pymdownx.superfences
""",
    "overrides/main.html": '{% extends "base.html" %}{% block footer %}THEIR FOOTER{% endblock %}\n',
    "docs/hooks.py": "def on_page_markdown(markdown, **_):\n    return markdown + '\\nTHEIR HOOK\\n'\n",
    "docs/css/extra.css": "h1 { color: navy }\n",
    "docs/index.md": "# Ledger\r\n\r\nStart with [the guide](guide/index.md).\r\n\r\n## Über uns & Co. {#us}\r\n\r\nWe.",
    "docs/guide/index.md": "---\nauthor: 'Ann'   # as she likes it\nhide: [toc]\n---\n# Guide\n\n## First steps\n\n## First Steps\n\n"
    '--8<-- "NOTICE.md"\n\n## Last: `run --all`\n\n```\n--8<-- "not there"\n```\n',
    "docs/guide/set-up.md": 'Set up\n======\n\n!!! note "Mind"\n    [Back](index.md#first_steps_1)\n\nNext\n----\n\n* one\n',
    "docs/drafts/later.md": "# Later\n",
    "docs/left out.md": "No heading, not in nav. [Home](./index.md#us)\n",
    "NOTICE.md": "## Notice\n\nAll of it.\n",
}
PLUGIN = {
    "ledger_stamp.py": "from mkdocs.config import base, config_options\nfrom mkdocs.plugins import BasePlugin\n\n\n"
    "class Options(base.Config):\n    text = config_options.Type(str)\n\n\n"
    "class Stamp(BasePlugin[Options]):\n    def on_page_content(self, html, **_):\n        return html + self.config.text\n",
    "ledger_stamp-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: ledger-stamp\nVersion: 1\n",
    "ledger_stamp-1.dist-info/entry_points.txt": "[mkdocs.plugins]\nledger-stamp = ledger_stamp:Stamp\n",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def git(folder: Path, *args: str) -> str:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    return subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and not {".git", ".knowhow"} & set(path.parts))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def built(folder: Path, site: Path, path: str = "") -> dict[str, str]:
    """Plain `mkdocs build` of a folder, as its owner runs it; the hashes of what it wrote."""
    mkdocs = os.environ.get("KNOWHOW_MKDOCS", "")
    command = [mkdocs] if mkdocs else [sys.executable, "-m", "mkdocs"]
    env = os.environ | {
        "PYTHONPATH": path,
        "SOURCE_DATE_EPOCH": "1790000000",
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*command, "build", "--quiet", "--site-dir", str(site)],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return hashes(site)


def content_anchors(html: str) -> list[str]:
    """The ids of the headings that Markdown made, in the page's own part."""
    article = html[html.index("<article") : html.index("</article>")]
    return [unescape(anchor) for anchor in re.findall(r'<h[1-6][^>]* id="(?!kh-)([^"]*)"', article)]


def check(source: Path, scratch: Path, *, plugins: str = "") -> Workspace:
    """Adopt `source` in place and hold everything against what it was before. Prints the figures."""
    before = hashes(source)
    history = git(source, "log", "--format=%H %an %s") if (source / ".git").exists() else None
    site_before = built(source, scratch / "before", plugins) if (source / "mkdocs.yml").exists() else None

    adoption = adopt(source)
    ws, repository = adoption.workspace, Repository(adoption.workspace.root)
    now = hashes(source)
    assert {path: now.get(path) for path in before} == before
    assert set(now) - set(before) <= {"mkdocs.yml"}
    assert git(source, "status", "--porcelain") == ""
    after = git(source, "log", "--format=%H %an %s")
    assert history is None or after.endswith(history)
    assert history is None or set(now) - set(before) or after == history

    site = LiveSite(ws, repository)
    pages = ws.page_paths()
    published = publish(ws, repository, scratch / "published", everyone_audience())
    assert published.pages == len(pages) == adoption.page_count
    index = SectionIndex(ws)
    index.refresh()
    took: list[float] = []
    headings = 0
    for path in pages:
        url = site.url_of(path, EVERYONE)
        assert url is not None, path
        start = time.perf_counter()
        page = site.page("/" + unquoted(url), EVERYONE)
        took.append(time.perf_counter() - start)
        assert isinstance(page, Rendered), path
        assert b"This page cannot be shown" not in page.html, path
        written = scratch / "published" / unquoted(url)
        written = written / "index.html" if not url or url.endswith("/") else written
        assert page.html == written.read_bytes(), path
        anchors = [s.anchor for s in split_sections(ws.read_page(path), ws.section_rules) if s.level]
        shown = content_anchors(page.html.decode())
        included = "8<" in ws.read_page(path).body  # its headings are shown, but are not this page's
        assert [anchor for anchor in shown if anchor in anchors or not included] == anchors, path
        assert all(index.section(path, anchor, EVERYONE) for anchor in anchors), path
        headings += len(anchors)
    index.close()

    site_after = built(source, scratch / "after", plugins)
    assert site_before is None or {**site_after, **volatile(site_before)} == {**site_before, **volatile(site_after)}
    team = [page.path for page in ws.pages() if may_read(Audience(team=True), page)]  # whose site plain MkDocs makes
    assert len([path for path in site_after if path.endswith(".html") and path != "404.html"]) >= len(team)
    assert hashes(source) == now
    print(
        f"{len(pages)} pages, {headings} headings, {published.files} other files, {sum(took) / len(took) * 1000:.1f} ms a page"
    )
    print("\n".join(adoption.notes + site.notes(EVERYONE)))
    return ws


def unquoted(url: str) -> str:
    from urllib.parse import unquote

    return unquote(url)


def volatile(site: dict[str, str]) -> dict[str, str]:
    """What names the time of the build."""
    return {path: "" for path in site if path.startswith("sitemap.xml")}


def test_an_evaluation_handbook_without_git_or_mkdocs_yml(tmp_path: Path) -> None:
    if not HANDBOOK.exists():
        pytest.skip(f"NOT CHECKED on a real handbook: there is no {HANDBOOK}")
    unpack(HANDBOOK, tmp_path / "handbook")
    ws = check(tmp_path / "handbook", tmp_path)
    assert len(ws.page_paths()) == 198


def test_the_starter_handbook(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    created = create_workspace(tmp_path / "starter")
    shutil.copytree(created.root, copy, ignore=shutil.ignore_patterns(".git", ".knowhow"))
    built(copy, tmp_path / "without-git")
    check(created.root, tmp_path)


def test_a_mkdocs_project_with_a_history_and_plugins_of_its_own(tmp_path: Path) -> None:
    source = tmp_path / "ledger"
    write(source, {path: text for path, text in PROJECT.items() if "guide" not in path})
    git(tmp_path, "init", "--quiet", str(source))
    git(source, "add", ".")
    git(source, "commit", "--quiet", "--message=Begin")
    write(source, PROJECT)
    git(source, "add", ".")
    git(source, "commit", "--quiet", "--message=Guide them", "--author=Bob <bob@example.org>")
    write(tmp_path / "plugins", PLUGIN)
    ws = check(source, tmp_path, plugins=str(tmp_path / "plugins"))
    assert ws.page_paths() == ["guide/index.md", "guide/set-up.md", "index.md", "left out.md"]
    assert [s.anchor for s in split_sections(ws.read_page("guide/index.md"), ws.section_rules) if s.level] == [
        *("guide", "first_steps", "first_steps_1", "last_run_--all")
    ]
    theirs = (tmp_path / "after/guide/index.html").read_text()
    ours = (tmp_path / "published/guide/index.html").read_text()
    for words in ("THEIR HOOK", "THEIR FOOTER", "stamped"):
        assert words in theirs
        assert words not in ours
    assert "All of it." in theirs
    assert "All of it." in ours


def test_any_handbook_that_is_named(tmp_path: Path) -> None:
    named = os.environ.get("KNOWHOW_HANDBOOK", "")
    if not named:
        pytest.skip("KNOWHOW_HANDBOOK names no folder")
    shutil.copytree(named, tmp_path / "handbook", symlinks=True)
    check(tmp_path / "handbook", tmp_path)
