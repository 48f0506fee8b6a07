"""Names whose letters are encoded in the other of Unicode's two forms: the page is found all the same."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, unquote

import pytest

from tests.wiki.conftest import Git
from tests.wiki.test_mkdocs_plugin import EVERYONE, TEAM, mkdocs_build
from wiki.access import Viewer
from wiki.editing import (
    SharedLinks,
    check_workspace,
    delete_page,
    move_page,
    page_history,
    revision_texts,
    save_page,
    view_page,
)
from wiki.errors import InvalidInput
from wiki.git.repository import Repository
from wiki.pages.normal_form import Names, on_disk
from wiki.pages.page import parse_text
from wiki.site.live_site import LiveSite, Redirect, Rendered
from wiki.site.publishing import publish
from wiki.workspace.workspace import Workspace

NAME = "\u00dcber uns/\u00c4nderung.md"
FORMS = [("NFD", "NFC"), ("NFC", "NFD")]


@pytest.fixture(params=FORMS, ids=["decomposed-file", "composed-file"])
def names(request: pytest.FixtureRequest, root: Path, git: Git) -> tuple[str, str]:
    """(the page's path on the disk, the same in the other form, as the pages write it)."""
    there, written = (normalize(form, NAME) for form in request.param)
    file = root / "content" / there
    file.parent.mkdir()
    file.write_text("# What changes\n\nText, and [home](../index.md).\n")
    (root / "content/links.md").write_text(
        f"# Links\n\n[one](<{written}>), [two]({quote(written)}#what-changes), "
        f'<a href="../{quote(written.removesuffix(".md"))}/">three</a>\n'
    )
    git("add", ".")
    git("commit", "--quiet", "--message=Add pages")
    return there, written


@pytest.fixture
def ws(names: tuple[str, str], root: Path) -> Workspace:
    return Workspace.open(root)


def test_a_page_is_read_by_its_name_in_either_form(
    ws: Workspace, names: tuple[str, str], repository: Repository, admin: Viewer
) -> None:
    there, written = names
    opened = view_page(ws, repository, admin, written)
    assert opened.page.path == there
    assert [r.message for r in page_history(ws, repository, admin, written)] == ["Add pages"]
    saved = save_page(ws, repository, admin, written, "# New\n", base_revision=opened.revision, message="")
    assert (saved.page_path, saved.changed) == (there, True)
    assert revision_texts(ws, repository, admin, written, saved.revision) == (opened.page.text, "# New\n")
    assert ws.page_paths().count(there) == 1
    assert written not in ws.page_paths()
    delete_page(ws, repository, admin, written)
    assert there not in ws.page_paths()


def test_there_is_no_second_page_of_the_same_name(
    ws: Workspace, names: tuple[str, str], repository: Repository, admin: Viewer
) -> None:
    _, written = names
    with pytest.raises(InvalidInput, match="only in the encoding of its letters"):
        save_page(ws, repository, admin, written, "# New\n", base_revision=None, message="")
    with pytest.raises(InvalidInput, match="only in the encoding of its letters"):
        move_page(ws, repository, admin, "people/leave.md", written)


def test_a_new_page_comes_into_the_folder_that_is_there(
    ws: Workspace, names: tuple[str, str], repository: Repository, admin: Viewer
) -> None:
    folder, typed = (name.partition("/")[0] for name in names)
    saved = save_page(ws, repository, admin, f"{typed}/new/\u00e4.md", "# New\n", base_revision=None, message="")
    assert saved.page_path == f"{folder}/new/\u00e4.md"
    moved = move_page(ws, repository, admin, "people/leave.md", f"{typed}/leave.md")
    assert moved.page_path == f"{folder}/leave.md"
    assert len(list(ws.docs_dir.glob("*ber uns"))) == 1


def test_links_in_the_other_form_are_sound_and_lead_there(ws: Workspace, names: tuple[str, str], admin: Viewer) -> None:
    there, written = names
    assert [f for f in check_workspace(ws) if f.page_path == "links.md"] == []
    links = SharedLinks(ws)
    assert [link.target_page for link in links.backlinks(admin, there)] == [there] * 3
    assert links.backlinks(admin, written) == links.backlinks(admin, there)


def test_a_move_rewrites_links_in_the_other_form(
    ws: Workspace, names: tuple[str, str], repository: Repository, admin: Viewer, root: Path, git: Git
) -> None:
    there, written = names
    (root / "mkdocs.yml").write_text(
        f"site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\nnav:\n  - index.md\n  - News: {written}\n"
    )
    git("commit", "--quiet", "--all", "--message=Navigate")
    move_page(ws, repository, admin, written, "ops/changes.md")
    text = ws.read_page("links.md").text
    assert text.count("ops/changes") == 3
    assert "- News: ops/changes.md" in (root / "mkdocs.yml").read_text()
    assert there not in ws.page_paths()


def test_a_page_may_change_the_form_of_its_own_name(
    ws: Workspace, names: tuple[str, str], repository: Repository, admin: Viewer
) -> None:
    there, written = names
    live, links = LiveSite(ws, repository), SharedLinks(ws)
    ws.on_change += [live.refresh, links.refresh]
    assert isinstance(live.page(f"/{written.removesuffix('.md')}/", TEAM), Rendered)
    to = f"{there.partition('/')[0]}/{written.partition('/')[2]}"
    move_page(ws, repository, admin, there, to)
    assert to in ws.page_paths()
    assert there not in ws.page_paths()
    rendered = live.page(f"/{to.removesuffix('.md')}/", TEAM)
    assert isinstance(rendered, Rendered)
    assert rendered.page_path == to
    assert len(links.backlinks(admin, to)) == 3


def test_the_sites_lead_there_live_published_and_built(
    ws: Workspace, names: tuple[str, str], repository: Repository, root: Path, tmp_path: Path
) -> None:
    there, written = names
    live = LiveSite(ws, repository)
    for address in (there, written):
        page = live.page(f"/{address.removesuffix('.md')}/", TEAM)
        assert isinstance(page, Rendered)
        assert page.page_path == there
        redirect = live.page(f"/{address}", TEAM)
        assert isinstance(redirect, Redirect)
        assert unquote(redirect.url) == there.removesuffix(".md") + "/"
    publish(ws, repository, tmp_path / "published", EVERYONE)
    (root / "mkdocs.yml").write_text("site_name: Handbook\ndocs_dir: content\nplugins: [knowhow]\nsite_dir: .knowhow/site\n")
    built = mkdocs_build(root, "--strict", "--site-dir", str(tmp_path / "built"))
    assert (built.returncode, built.stderr) == (0, "")
    html = live.page("/links/", TEAM)
    assert isinstance(html, Rendered)
    pages = [html.html.decode(), *((tmp_path / site / "links/index.html").read_text() for site in ("published", "built"))]
    for page_html in pages:
        assert page_html.count(f'href="../{quote(there.removesuffix(".md"))}/') >= 2


def test_a_link_in_the_other_form_to_a_hidden_page_is_only_its_text(
    ws: Workspace, names: tuple[str, str], repository: Repository, root: Path
) -> None:
    there, _ = names
    (root / "content" / there).write_text("---\nvisibility: restricted\n---\n# What changes\n")
    page = LiveSite(Workspace.open(root), repository).page("/links/", TEAM)
    assert isinstance(page, Rendered)
    assert page.html.count(b'class="kh-hidden-link"') == 3


def test_a_name_that_is_there_as_written_comes_first() -> None:
    composed, decomposed = "\u00e4.md", "a\u0308.md"
    names = Names([decomposed, composed])
    assert names.find(composed, {composed, decomposed}) == composed
    assert names.find(decomposed, {composed, decomposed}) == decomposed
    names.discard(decomposed)
    assert names.find(decomposed, set()) is None


@pytest.mark.parametrize("path", ["", "\u00e4", "no/\u00e4.md", "../\u00e4.md", "\ud800.md", "\u00e4\0.md", "//\u00e4"])
def test_a_name_that_is_nowhere_stays_as_it_is(tmp_path: Path, path: str) -> None:
    assert on_disk(tmp_path, path) == path


def test_text_is_not_touched() -> None:
    text = "# A\u0308\n\n[a](a\u0308.md)\n"
    assert parse_text("x.md", text).text == text
