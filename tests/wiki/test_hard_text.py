"""Pages that Markdown would take minutes to read: they hold up nobody."""

from __future__ import annotations

import time

import pytest

from tests.wiki.conftest import PAGES
from wiki.access import Audience
from wiki.git.repository import Repository
from wiki.markup.hard_text import too_hard
from wiki.pages.page import parse_text
from wiki.pages.preview import render_preview
from wiki.pages.section import split_sections
from wiki.search import SectionIndex
from wiki.site import LiveSite
from wiki.workspace.workspace import Workspace

HARD = {
    "brackets": "[" * 20_000,
    "images": "![" * 10_000,
    "links": "[a](" * 5_000,
    "tags": "<a " * 6_666,
    "footnotes": "[^a" * 6_000,
    "wiki links": "[[" * 8_000,
    "closed at last": "[" * 10_000 + "]" * 10_000,
    "a heading": "# " + "[" * 20_000,
    "words between": "[a word " * 6_000,
    "a list item": "- " + "![x" * 9_000,
    "a table cell": "| a |\n|---|\n| " + "[" * 20_000 + " |",
    "a closing tag": "</a " * 8_000,
}
EASY = {
    "backquotes": "` " * 8_000,
    "stars": "*a " * 7_000,
    "low lines": "_a _" * 5_000,
    "quotes": "> " * 300 + "x",
    "comments": "<!-- x -->\n" * 5_000,
    "many links": "See [one](a.md), [two](b.md) and <b>more</b>.\n\n" * 3_000,
    "a list of links": "- [one](a.md)\n" * 5_000,
}


@pytest.mark.parametrize("name", sorted(HARD))
def test_what_would_take_minutes_is_shown_as_text_at_once(workspace: Workspace, repository: Repository, name: str) -> None:
    text = f"---\ntitle: Trap\n---\n\n# Trap\n\n{HARD[name]}\n"
    (workspace.docs_dir / "trap.md").write_text(text)
    start = time.process_time()
    site = LiveSite(workspace, repository)
    html = site.page("/trap/", Audience(team=True)).html.decode()
    assert '<pre class="kh-plain">' in html
    assert "opens too many brackets" in html
    assert "opens too many" in render_preview(parse_text("trap.md", text))
    assert len(split_sections(parse_text("trap.md", text), workspace.section_rules)) == 1
    index = SectionIndex(workspace)
    index.refresh()
    assert index.search("trap", Audience(team=True)).hits
    index.close()
    assert "Backups run hourly" in site.page("/ops/backups/", Audience(team=True)).html.decode()
    assert time.process_time() - start < 30  # of the processor: minutes without the bound


@pytest.mark.parametrize("name", sorted(EASY))
def test_what_only_looks_so_is_laid_out(name: str) -> None:
    assert not too_hard(EASY[name])
    assert "opens too many" not in render_preview(parse_text("easy.md", EASY[name]))


def test_pages_of_a_handbook_are_far_below_the_bound() -> None:
    assert not any(too_hard(text * 50) for text in PAGES.values())


def test_what_is_nested_too_deeply_is_shown_as_text(workspace: Workspace, repository: Repository) -> None:
    deep = "# Deep\n\n" + "".join("    " * n + "term\n" + "    " * n + ":   below\n\n" for n in range(400))
    (workspace.docs_dir / "deep.md").write_text(deep)
    (workspace.root / "mkdocs.yml").write_text(
        "site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\nmarkdown_extensions: [def_list]\n"
    )
    html = LiveSite(Workspace.open(workspace.root), repository).page("/deep/", Audience(team=True)).html.decode()
    assert "below" in html
    assert "below" in render_preview(parse_text("deep.md", deep))
