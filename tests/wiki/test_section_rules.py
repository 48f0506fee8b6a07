"""A workspace's own Markdown extensions: search, links and the rendered page name a heading by the same anchor."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from wiki.access import everyone_audience
from wiki.editing.checks import check_workspace
from wiki.editing.shared_links import SharedLinks
from wiki.git.repository import Repository
from wiki.pages.section import DEFAULT_RULES, split_sections
from wiki.search.index import SectionIndex
from wiki.site.publishing import LiveSite, Rendered, publish
from wiki.workspace.section_rules import read_section_rules
from wiki.workspace.workspace import Workspace

EVERYONE = everyone_audience()
FILE = "site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\n"
ATTRIBUTES = "markdown_extensions:\n  - attr_list\n"
SLUGS = (
    "markdown_extensions:\n"
    "  - toc: {separator: _, slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: none}}}\n"
    "  - {no_such_extension: {a: 1}}\n  - callouts\n  - pymdownx.superfences\n"
)
PAGE = "ops/backups.md"
TEXT = """\
# Backups

## When they run {#schedule}

Every quarter of an hour.

``` { .yaml title="x" }
## no heading
```

## When they run

Again, as [above](#schedule).
"""


def configure(root: Path, extensions: str, stamp: int = 0) -> None:
    (root / "mkdocs.yml").write_text(FILE + extensions)
    os.utime(root / "mkdocs.yml", ns=(stamp, stamp))


def rendered_ids(ws: Workspace, page_path: str) -> list[str]:
    site = LiveSite(ws, Repository(ws.root))
    page = site.page("/" + str(site.url_of(page_path, EVERYONE)), EVERYONE)
    assert isinstance(page, Rendered)
    return re.findall(r'<h[1-6] id="([^"]*)"', page.html.decode())


def broken(ws: Workspace) -> list[str]:
    return [finding.message for finding in check_workspace(ws) if finding.rule == "broken-link"]


@pytest.mark.parametrize(
    ("extensions", "ids", "sound"),
    [
        (ATTRIBUTES, ["backups", "schedule", "when-they-run"], True),
        ("markdown_extensions: {attr_list: {}}\n", ["backups", "schedule", "when-they-run"], True),
        ("", ["backups", "when-they-run-schedule", "when-they-run"], False),
        (SLUGS, ["Backups", "When_they_run_schedule", "When_they_run"], False),
    ],
)
def test_search_links_and_the_page_agree_on_anchors(
    root: Path, tmp_path: Path, extensions: str, ids: list[str], sound: bool
) -> None:
    configure(root, extensions)
    (root / "content" / PAGE).write_text(TEXT)
    (root / "content/index.md").write_text(f"# Handbook\n\n[When](ops/backups.md#{ids[1]})\n")
    ws = Workspace.open(root)
    assert rendered_ids(ws, PAGE) == ids
    index = SectionIndex(ws)
    index.refresh()
    assert {hit.anchor for hit in index.search("quarter hour", EVERYONE).hits if hit.page_path == PAGE} == {ids[1]}
    assert all(index.section(PAGE, anchor, EVERYONE) for anchor in ids)
    index.close()
    assert (broken(ws) == []) == sound
    assert not any("index.md" in message for message in broken(ws))
    publish(ws, Repository(root), tmp_path / "out")
    rows = json.loads((tmp_path / "out/search/search_index.json").read_text())["pages"]
    assert [anchor for url, _, _, sections in rows if url == "ops/backups/" for anchor, *_ in sections] == ids


def test_the_index_and_the_links_follow_a_change_of_extensions(root: Path) -> None:
    configure(root, "")
    (root / "content" / PAGE).write_text(TEXT)
    ws = Workspace.open(root)
    index, links, other = SectionIndex(ws), SharedLinks(ws), SectionIndex(Workspace.open(root))
    index.refresh()
    assert index.search("quarter", EVERYONE).hits[0].anchor == "when-they-run-schedule"
    before = ws.section_rules
    assert PAGE in links.broken()
    configure(root, ATTRIBUTES, 10**9)
    assert index.search("quarter", EVERYONE).hits[0].anchor == "schedule"
    assert other.search("quarter", EVERYONE).hits[0].anchor == "schedule"
    links.refresh([])
    assert PAGE not in links.broken()
    configure(root, ATTRIBUTES + "extra: {a: 1}\n", 2 * 10**9)
    assert ws.section_rules is not before
    same = ws.section_rules
    generation = index.generation
    assert index.refresh().added == 0
    assert index.generation == generation
    configure(root, "a: [\n", 3 * 10**9)
    assert ws.section_rules is same
    assert index.search("quarter", EVERYONE).hits[0].anchor == "schedule"
    index.close()
    other.close()


def test_the_rules_have_the_same_fingerprint_until_headings_may_change(root: Path) -> None:
    def fingerprint(extensions: str) -> str:
        configure(root, extensions)
        return read_section_rules(root / "mkdocs.yml", root / "content").fingerprint

    emoji = "  - pymdownx.emoji: {emoji_generator: !!python/name:pymdownx.emoji.to_svg }\n"
    assert fingerprint(SLUGS + emoji) == fingerprint(SLUGS + emoji)
    assert fingerprint("markdown_extensions: []\n") == DEFAULT_RULES.fingerprint != fingerprint("")
    different = {fingerprint(SLUGS.replace("none", case)) for case in ("none", "lower", "fold")}
    assert len(different | {fingerprint(""), fingerprint(ATTRIBUTES), fingerprint(SLUGS + emoji)}) == 6


def test_snippets_come_from_the_workspace_only(root: Path) -> None:
    (root.parent / "outside.md").write_text("## Again\n")
    (root / "inside.md").write_text("## Again\n")
    configure(
        root, "markdown_extensions:\n  - pymdownx.snippets: {check_paths: true, base_path: [!relative $config_dir, '..']}\n"
    )
    ws = Workspace.open(root)
    for name, anchor in (("inside.md", "again_1"), ("outside.md", "again"), ("missing.md", "again")):
        (root / "content/index.md").write_text(f'# Start\n\n--8<-- "{name}"\n\n## Again\n')
        assert [s.anchor for s in split_sections(ws.read_page("index.md"), ws.section_rules)] == ["start", anchor], name
        assert [i for i in rendered_ids(ws, "index.md") if i][-1] == anchor
