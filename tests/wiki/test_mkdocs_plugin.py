"""The plugin in plain `mkdocs build`, and mkdocs.yml files as they come."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wiki.access import Audience, everyone_audience
from wiki.errors import WorkspaceError
from wiki.git.repository import Repository
from wiki.site.config import load_site_config
from wiki.site.edition import Edition
from wiki.site.live_site import LiveSite, Rendered
from wiki.site.publishing import publish
from wiki.workspace.workspace import Workspace

EVERYONE, TEAM = everyone_audience(), Audience(team=True)
MATERIAL = (
    "site_name: Handbook\nsite_dir: .knowhow/site\ntheme:\n  name: material\n  features: [navigation.tabs, content.tabs.link]\n"
    "  palette: {primary: red}\n  icon: {logo: material/no-such-icon, repo: fontawesome/brands/github}\n"
    "repo_url: https://github.com/a/b\nextra: {analytics: {provider: google}}\n"
    "markdown_extensions: [admonition, attr_list, {toc: {permalink: true}}]\n"
)


def mkdocs_build(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", *args]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})


def pages_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}


@pytest.mark.parametrize("audience", ["team", "everything"])
def test_plain_mkdocs_build_writes_the_pages_that_publish_writes(root: Path, tmp_path: Path, audience: str) -> None:
    (root / "mkdocs.yml").write_text(f"docs_dir: content\n{MATERIAL}plugins: [search, {{knowhow: {{audience: {audience}}}}}]\n")
    (root / "content/ops/latin.md").write_bytes(b"# Caf\xe9\n\nau lait\n")
    (root / "content/ops/broken.md").write_text("---\ntitle: [\n---\nText\n")
    (root / "content/ops/big.md").write_bytes(b"# Big\n" + b"x" * 6_000_000)
    (root / "content/ops/toml.md").write_text('+++\ntitle = "Of another tool"\nhide = ["toc"]\n+++\n\nText.\n')
    (root / "content/ops/typed.md").write_text("---\ntitle: No\ndescription: 1.10\ntags: [007]\n---\nText.\n")
    built = mkdocs_build(root, "--site-dir", str(tmp_path / "built"))
    assert built.returncode == 0, built.stderr
    ws = Workspace.open(root)
    publish(ws, Repository(root), tmp_path / "published", TEAM if audience == "team" else EVERYONE)
    built_pages, published = pages_of(tmp_path / "built"), pages_of(tmp_path / "published")
    assert built_pages.keys() == published.keys()
    for path, data in published.items():
        assert built_pages[path] == data, path
    assert ("people/pay/index.html" in published) == (audience == "everything")
    toml, typed = published["ops/toml/index.html"].decode(), published["ops/typed/index.html"].decode()
    assert "<h1>Of another tool</h1>" in toml
    assert "+++" not in toml
    assert "<h1>No</h1>" in typed
    assert 'content="1.10"' in typed
    index = (tmp_path / "built/search/search_index.json").read_bytes()
    assert index == (tmp_path / "published/search/search_index.json").read_bytes()


def test_the_workspace_can_be_the_folder_of_its_pages(root: Path, tmp_path: Path) -> None:
    for path in (root / "content").iterdir():
        path.rename(root / path.name)
    (root / "content").rmdir()
    (root / "mkdocs.yml").write_text(f"docs_dir: .\n{MATERIAL}plugins: [knowhow]\n")
    (root / "Gemfile").write_text("gem 'jekyll'\n")
    (root / "knowhow.toml").write_text("key = 'hunter2'\n")
    (root / "picture.png").write_bytes(b"png")
    (root / "node_modules").mkdir()
    (root / "node_modules/readme.md").write_text("# A package\n")
    for _ in range(2):  # the second one finds the site of the first
        built = mkdocs_build(root)
        assert built.returncode == 0, built.stderr
    site = root / ".knowhow/site"
    names = {path.name for path in site.iterdir()}
    assert {"index.html", "ops", "people", "picture.png", "404.html", "assets", "search"} <= names
    assert not names & {"mkdocs.yml", "roles.yml", "Gemfile", "knowhow.toml", "node_modules", ".knowhow", ".git", "mkdocs"}
    built_pages = pages_of(site)
    ws = Workspace.open(root)
    live = LiveSite(ws, Repository(root))
    assert len(built_pages) == 4
    for path in built_pages.keys() - {"404.html"}:
        page = live.page(f"/{path}", TEAM)
        assert isinstance(page, Rendered)
        assert page.html == built_pages[path], path
    for url in ("/mkdocs.yml", "/Gemfile", "/knowhow.toml", "/roles.yml", "/.git/config", "/.knowhow/site/index.html"):
        assert live.asset(url, EVERYONE) is None, url
        assert live.page(url, EVERYONE) is None, url
    shutil.rmtree(site)


def test_a_site_folder_inside_the_pages_is_not_published_into_itself(root: Path) -> None:
    for path in (root / "content").iterdir():
        path.rename(root / path.name)
    (root / "mkdocs.yml").write_text("site_name: H\ndocs_dir: .\nplugins: [knowhow]\ntheme: {name: material}\n")
    ws = Workspace.open(root)
    for _ in range(2):
        publish(ws, Repository(root))
    assert (root / "site/index.html").exists()
    assert not (root / "site/site").exists()


def test_without_our_theme_the_plugin_still_keeps_pages_from_those_who_may_not_read_them(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").write_text(
        "site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\ntheme: readthedocs\nplugins: [knowhow]\n"
    )
    built = mkdocs_build(root, "--site-dir", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    assert not (tmp_path / "out/people/pay").exists()
    assert "Backups run hourly" in (tmp_path / "out/ops/backups/index.html").read_text()


FOREIGN = """
site_name: !ENV [SITE, Foreign]
docs_dir: content
site_dir: build
site_url: https://example.org/docs/
strict: true
theme:
  name: mkdocs
  custom_dir: overrides
  locale: de
  highlightjs: true
hooks: [hook.py]
extra_templates: [evil.html]
INHERIT: ../outside.yml
exclude_docs: |
  drafts/
plugins:
  - search: {lang: en}
  - redirects: {redirect_maps: {}}
  - git-revision-date-localized
  - /material/tags
  - privacy
  - no such plugin
markdown_extensions:
  - admonition
  - no_such_extension
  - callouts
  - toc: {permalink: "#", slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji , emoji_generator: !!python/name:material.extensions.emoji.to_svg }
  - pymdownx.superfences: {custom_fences: [{name: x, class: x, format: !!python/object/apply:os.system ["touch HACKED"]}]}
extra:
  homepage: https://example.org
  other: !!python/name:os.system
dev_addr: nonsense
watch: [/nowhere]
unknown_key: 1
"""


def test_a_foreign_mkdocs_yml_runs_no_code_and_stops_nothing(root: Path) -> None:
    (root / "mkdocs.yml").write_text(FOREIGN)
    (root.parent / "outside.yml").write_text("copyright: From outside\n")
    (root / "hook.py").write_text("open('HACKED', 'w')\ndef on_config(config): open('HACKED', 'w')\n")
    (root / "overrides").mkdir()
    (root / "overrides/main.html").write_text("OVERRIDDEN")
    (root / "content/evil.html").write_text("{{ 7 * 7 }}")
    (root / "content/drafts").mkdir()
    (root / "content/drafts/x.md").write_text("# Draft\n")
    ws = Workspace.open(root)
    site = LiveSite(ws, Repository(root))
    page = site.page("/ops/backups/", EVERYONE)
    assert isinstance(page, Rendered)
    text = page.html.decode()
    assert "Backups run hourly." in text
    assert "<title>Backups - Foreign</title>" in text
    assert 'lang="de"' in text
    assert "OVERRIDDEN" not in text
    assert "From outside" not in text
    assert site.page("/drafts/x/", EVERYONE) is None
    assert not list(root.rglob("HACKED"))
    assert not Path("HACKED").exists()
    notes = "\n".join(site.notes(EVERYONE))
    for left_out in (
        *("theme mkdocs", "custom_dir", "hooks", "extra_templates", "INHERIT", "redirects", "git-revision-date-localized"),
        *("privacy", "no such plugin", "no_such_extension", "callouts", "os.system"),
    ):
        assert left_out in notes, left_out
    for used in ("admonition", "slugify", "twemoji", "dev_addr", "search"):
        assert used not in notes, used


def test_a_secret_of_the_environment_does_not_get_into_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHOW_SECRET", "hunter2")
    (root / "mkdocs.yml").write_text("site_name: Handbook\ncopyright: !ENV KNOWHOW_SECRET\ndocs_dir: content\n")
    ws = Workspace.open(root)
    page = LiveSite(ws, Repository(root)).page("/", EVERYONE)
    assert isinstance(page, Rendered)
    assert b"hunter2" not in page.html
    assert any("!ENV" in note for note in load_site_config(ws).notes)


@pytest.mark.parametrize(
    "wrong", ["nav: 3", "use_directory_urls: maybe", "extra: []", "copyright: [a]", "site_url: 7", "not_in_nav: 3"]
)
def test_a_setting_that_mkdocs_refuses_falls_back_to_its_default(root: Path, wrong: str) -> None:
    (root / "mkdocs.yml").write_text(f"site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\n{wrong}\n")
    ws = Workspace.open(root)
    loaded = load_site_config(ws)
    assert any(note.startswith(wrong.split(":")[0]) for note in loaded.notes)
    assert isinstance(LiveSite(ws, Repository(root)).page("/", EVERYONE), Rendered)


def test_a_file_that_is_no_mkdocs_yml_is_refused_with_a_hint(root: Path) -> None:
    ws = Workspace.open(root)
    for text in ("site_name: [", "- a\n- b\n"):
        (root / "mkdocs.yml").write_text(text)
        with pytest.raises(WorkspaceError) as caught:
            load_site_config(ws)
        assert caught.value.hint


PLUGIN = """
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File

class Sample(BasePlugin):
    seen = []
    def on_config(self, config): config.extra["from_plugin"] = "yes"
    def on_files(self, files, config):
        files.append(File.generated(config, "made.md", content="# Made by a plugin"))
        files.append(File.generated(config, "made.txt", content="made"))
        return files
    def on_nav(self, nav, config, files): self.seen.append("nav")
    def on_env(self, env, config, files):
        env.filters["shout"] = str.upper
        return env
    def on_pre_page(self, page, config, files): self.seen.append(page.file.src_uri); return page
    def on_page_markdown(self, markdown, page, config, files): return markdown.replace("hourly", "by a plugin")
    def on_page_content(self, html, page, config, files): return html + "<p>content</p>"
    def on_page_context(self, context, page, config, nav): context["x"] = 1; return context
    def on_post_page(self, output, page, config): return output + "<!-- post -->"
    def on_post_build(self, config):
        import pathlib; pathlib.Path(config.site_dir, "post.txt").write_text("post")

class Failing(BasePlugin):
    def on_files(self, files, config): raise RuntimeError("no luck")

class Brittle(BasePlugin):
    def on_page_markdown(self, markdown, page, config, files):
        if "two weeks" in markdown: raise ValueError("cannot <do> this")
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three plugins installed as distributions install them."""
    folder = tmp_path / "installed"
    info = folder / "sample_plugins-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "sample_plugins.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-plugins\nVersion: 1.0\n")
    names = ("Sample", "Failing", "Brittle")
    (info / "entry_points.txt").write_text("[mkdocs.plugins]\n" + "".join(f"{n.lower()} = sample_plugins:{n}\n" for n in names))
    monkeypatch.syspath_prepend(str(folder))
    from mkdocs import plugins as mkdocs_plugins
    from mkdocs.config.defaults import MkDocsConfig

    monkeypatch.setattr(dict(MkDocsConfig._schema)["plugins"], "installed_plugins", mkdocs_plugins.get_plugins())
    yield
    sys.modules.pop("sample_plugins", None)


@pytest.mark.usefixtures("plugins")
def test_ordinary_plugins_work_live_and_published(root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "mkdocs.yml").write_text(
        "site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\nplugins: [sample, failing, brittle]\n"
    )
    ws = Workspace.open(root)
    repository = Repository(root)
    with caplog.at_level(logging.WARNING):
        site = LiveSite(ws, repository)
        page = site.page("/ops/backups/", EVERYONE)
        broken = site.page("/people/leave/", EVERYONE)
    assert isinstance(page, Rendered)
    assert isinstance(broken, Rendered)
    text = page.html.decode()
    for expected in ("Backups run by a plugin", "<p>content</p>", "<!-- post -->", "Made by a plugin"):
        assert expected in text
    asset = site.asset("/made.txt", EVERYONE)
    assert asset is not None
    assert asset.data == b"made"
    assert "cannot &lt;do&gt; this" in broken.html.decode()
    assert any("failing" in note and "no luck" in note for note in site.notes(EVERYONE))
    publish(ws, repository, tmp_path / "out")
    assert (tmp_path / "out/ops/backups/index.html").read_bytes() == page.html
    assert (tmp_path / "out/post.txt").read_text() == "post"
    assert (tmp_path / "out/made.txt").read_text() == "made"
    (ws.docs_dir / "ops/alerts.md").write_text("# Alerts\n")
    site.refresh(["ops/alerts.md"])
    neighbour = site.page("/ops/backups/", EVERYONE)
    assert isinstance(neighbour, Rendered)
    assert b"Alerts" in neighbour.html


def test_a_page_of_a_plugin_is_a_page_of_the_site(root: Path, plugins: None) -> None:
    (root / "mkdocs.yml").write_text("site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\nplugins: [sample]\n")
    ws = Workspace.open(root)
    page = LiveSite(ws, Repository(root)).page("/made/", EVERYONE)
    assert isinstance(page, Rendered)
    assert b"Made by a plugin" in page.html


def test_an_edition_says_which_pages_it_has(workspace: Workspace, repository: Repository) -> None:
    from wiki.site.catalogue import Catalogue

    edition = Edition(workspace, repository, Catalogue(workspace), TEAM)
    assert dict(edition.pages()) == {
        "index.md": "index.html",
        "ops/backups.md": "ops/backups/index.html",
        "people/leave.md": "people/leave/index.html",
    }


FENCES = "custom_fences: [{name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }]"


@pytest.mark.parametrize(
    "extensions",
    [
        "",
        "markdown_extensions: [pymdownx.superfences]\n",
        "markdown_extensions: [pymdownx.highlight, pymdownx.superfences]\n",
        "markdown_extensions: [{pymdownx.superfences: {custom_fences: []}}]\n",
        f"markdown_extensions: [{{pymdownx.superfences: {{{FENCES}}}}}]\n",
    ],
    ids=["none", "superfences", "highlighted", "no fences", "as Material says"],
)
def test_a_block_of_mermaid_is_a_diagram_whatever_reads_the_fences(root: Path, tmp_path: Path, extensions: str) -> None:
    (root / "mkdocs.yml").write_text(
        f"site_name: H\ndocs_dir: content\ntheme: {{name: material}}\nplugins: [knowhow]\n{extensions}"
    )
    (root / "content/flow.md").write_text("# Flow\n\n```mermaid\ngraph TD; A-->B;\n```\n\n```python\nprint()\n```\n")
    ws = Workspace.open(root)
    publish(ws, Repository(root), tmp_path / "published", TEAM)
    page = (tmp_path / "published/flow/index.html").read_text()
    assert '<pre class="kh-diagram"><code>graph TD; A--&gt;B;' in page
    assert page.count("kh-diagram") == 1
    assert "mermaid.min.js" in page
    assert (tmp_path / "published/assets/javascripts/mermaid/LICENSE.txt").exists()
    assert "mermaid.min.js" not in (tmp_path / "published/index.html").read_text()
    assert mkdocs_build(root, "--site-dir", str(tmp_path / "built")).returncode == 0
    assert (tmp_path / "built/flow/index.html").read_text() == page
