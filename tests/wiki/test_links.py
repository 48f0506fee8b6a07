"""Links: where they lead, which are broken, and that moving pages breaks none."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiki.access import Viewer
from wiki.editing import SharedLinks
from wiki.pages.links import Link, LinkGraph, links_of, rewrite_links
from wiki.pages.page import Page, parse_page
from wiki.workspace.workspace import Workspace


def page(path: str, text: str) -> Page:
    return parse_page(path, text.encode("utf-8", "surrogateescape"))


def one_link(path: str, text: str, known: set[str], anchors: Mapping[str, set[str]] | None = None) -> Link:
    links = links_of(page(path, text), known, None if anchors is None else lambda p: anchors[p])
    assert len(links) == 1, links
    return links[0]


KNOWN = {"index.md", "a/one.md", "a/two.md", "a/index.md", "b/three.md", "my page.md"}


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("[x](two.md)", "a/two.md"),
        ("[x](./two.md)", "a/two.md"),
        ("[x](../b/three.md#part)", "b/three.md"),
        ('[x](two.md "Title (here)")', "a/two.md"),
        ("[x](<two.md>)", "a/two.md"),
        ("[x](../my%20page.md)", "my page.md"),
        ("[x](../my page.md)", "my page.md"),
        ("[x](../two/)", "a/two.md"),
        ("[x](../../b/three/#p)", "b/three.md"),
        ("[x](..)", "a/index.md"),
        ("[x](../../)", "index.md"),
        ("[x](/b/three/)", "b/three.md"),
        ("[x](/b/three.md)", "b/three.md"),
        ("[x](/)", "index.md"),
        ("[x](../two/index.html)", "a/two.md"),
        ("[x](#here)", "a/one.md"),
        ("[x][r]\n\n[r]: two.md 'Title'", "a/two.md"),
        ('<a class="c" href="../two/">x</a>', "a/two.md"),
        ("<a href=../../b/three/>x</a>", "b/three.md"),
        ("[a [b] `c](d)` e](two.md)", "a/two.md"),
        ("- item\n\n    [x](two.md)", "a/two.md"),
        ("`some code` and [x](two.md)", "a/two.md"),
        ("Text\n\n<!-- a note --> [x](two.md)\n\n    code", "a/two.md"),
    ],
)
def test_a_link_leads_to_its_page(written: str, target: str) -> None:
    link = one_link("a/one.md", written, KNOWN)
    assert (link.target_page, link.broken) == (target, False)


@pytest.mark.parametrize(
    "written",
    [
        "`[x](two.md)`",
        "```\n[x](two.md)\n```",
        "    [x](two.md)",
        "<!-- [x](two.md) -->",
        "\\[x\\](two.md)",
        "[x](https://example.org/two.md)",
        "[x](mailto:a@b.org)",
        "[x](//example.org)",
        "[x]({{ site.base }}/two.md)",
        "[x]()",
        "<https://example.org>",
        "<pre><a href='../two/'>x</a></pre>",
        "word](two.md)",
        "[x]\n\n](two.md)",
        "[^1]: two.md",
    ],
)
def test_code_comments_and_outside_addresses_are_no_links(written: str) -> None:
    assert links_of(page("a/one.md", written), KNOWN) == []


def test_an_image_with_a_link_around_it_is_two_links() -> None:
    links = links_of(page("a/one.md", "[![alt](img.png)](two.md)"), KNOWN, files={"a/img.png"})
    assert [(link.target_text, link.broken) for link in links] == [("img.png", False), ("two.md", False)]
    assert links_of(page("a/one.md", "![x](gone.png)"), KNOWN, files=set())[0].reason == "There is no file a/gone.png."


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [
        ("[x](tow.md)", "two.md"),
        ("[x](three.md#p)", "../b/three.md#p"),
        ("[x](two/)", "../two/"),
        ("[x](/b/thre/)", "/b/three/"),
        ("[x](zzzzzzzzzzz.md)", ""),
    ],
)
def test_a_link_to_no_page_is_broken_and_a_near_one_suggested(written: str, suggestion: str) -> None:
    link = one_link("a/one.md", written, KNOWN)
    assert (link.target_page, link.broken, link.suggestion) == (None, True, suggestion)
    assert link.reason.startswith("There is no page ")


def test_a_link_to_no_anchor_is_broken_and_a_near_one_suggested() -> None:
    anchors = {"a/two.md": {"set-up", "pay"}}
    link = one_link("a/one.md", "Line\n\n[x](two.md#setup)", KNOWN, anchors)
    assert (link.target_page, link.anchor, link.broken, link.suggestion, link.line) == (
        "a/two.md",
        "setup",
        True,
        "two.md#set-up",
        2,
    )
    assert not one_link("a/one.md", "[x](two.md#pay)", KNOWN, anchors).broken


def test_lines_count_from_the_file_s_first_also_behind_front_matter() -> None:
    text = "---\r\ntitle: x\r\n---\r\n\r\n[x](two.md)\r\n"
    assert one_link("a/one.md", text, KNOWN).line == 4


def test_the_graph_follows_pages_that_come_change_and_go() -> None:
    one, two = page("one.md", "# One\n\n[x](two.md#part)\n"), page("two.md", "# Two\n\n## Part\n\n[back](one.md)\n")
    graph = LinkGraph.build([one])
    assert [link.reason for link in graph.broken()] == ["There is no page two.md."]
    graph.update(two)
    assert graph.broken() == []
    assert [link.page_path for link in graph.backlinks("two.md")] == ["one.md"]
    graph.update(page("two.md", "# Two\n\n## Other\n"))
    assert [link.anchor for link in graph.broken("one.md")] == ["part"]
    assert graph.backlinks("one.md") == []
    graph.remove("two.md")
    graph.remove("two.md")
    assert graph.links("two.md") == []
    assert len(graph.broken()) == 1


@pytest.mark.parametrize(
    ("path", "text", "moves", "after"),
    [
        ("a/one.md", "[x](two.md#p) [y](three.md)", {"a/two.md": "b/new.md"}, "[x](../b/new.md#p) [y](three.md)"),
        ("a/one.md", "[x](two.md) ![i](i.png) [s](#p)", {"a/one.md": "one.md"}, "[x](a/two.md) ![i](a/i.png) [s](#p)"),
        ("a/one.md", "[x](../two/) [z](../four)", {"a/two.md": "b/new.md"}, "[x](../../b/new/) [z](../four)"),
        ("a/one.md", "[x](../two/)", {"a/one.md": "c/d/one.md"}, "[x](../../../a/two/)"),
        ("a/one.md", "[x](/a/two/) [y](/a/two.md)", {"a/two.md": "b.md"}, "[x](/b/) [y](/b.md)"),
        ("a/one.md", "[x](one.md#p)", {"a/one.md": "b/uno.md"}, "[x](uno.md#p)"),
        ("a/one.md", "[x](two.md)", {"a/two.md": "a/two words.md"}, "[x](two%20words.md)"),
        ("a/one.md", "[x](./two.md 'T')\r\n", {"a/two.md": "a/2.md"}, "[x](./2.md 'T')\r\n"),
        ("a/one.md", "[r]: two.md\n`[x](two.md)`", {"a/two.md": "a/2.md"}, "[r]: 2.md\n`[x](two.md)`"),
        ("a/one.md", '<a href="../two/?q=1#p">', {"a/two.md": "2.md"}, '<a href="../../2/?q=1#p">'),
        ("a/one.md", '<img src="../i.png">', {"a/one.md": "one.md"}, '<img src="../a/i.png">'),
        ("a/one.md", "[x](two.md)", {"a/one.md": "b/one.md", "a/two.md": "b/two.md"}, "[x](two.md)"),
        ("a/one.md", "[x](https://x.org/two.md)", {"a/two.md": "b.md"}, "[x](https://x.org/two.md)"),
        ("a/one.md", "[x](../)", {"a/index.md": "b/index.md"}, "[x](../../b/)"),
    ],
)
def test_moves_rewrite_targets_and_nothing_else(path: str, text: str, moves: dict[str, str], after: str) -> None:
    assert rewrite_links(page(path, text), moves) == after


PATHS = ["index.md", "one.md", "a/index.md", "a/two.md", "a/b/three.md", "c d/four (4).md", "c d/é.md"]


def written_target(source: str, target: str, style: str) -> str:
    from urllib.parse import quote

    if style == "absolute":
        return quote("/" + target)
    return quote(posixpath.relpath(target, posixpath.dirname(source) or ".")) + ("#top" if style == "anchor" else "")


@settings(max_examples=150)
@given(
    edges=st.lists(
        st.tuples(st.sampled_from(PATHS), st.sampled_from(PATHS), st.sampled_from(["plain", "anchor", "absolute"])), max_size=12
    ),
    moved=st.dictionaries(
        st.sampled_from(PATHS), st.sampled_from(["new.md", "a/new.md", "x/y/z.md", "c d/n w.md"]), max_size=3
    ),
)
def test_after_any_move_every_link_leads_where_it_led(edges: list[tuple[str, str, str]], moved: dict[str, str]) -> None:
    moves = {old: f"{posixpath.splitext(new)[0]}{number}.md" for number, (old, new) in enumerate(moved.items())}
    texts = dict.fromkeys(PATHS, "# Top\n")
    for source, target, style in edges:
        texts[source] += f"\nSee [that]({written_target(source, target, style)}).\n"
    pages = [page(path, text) for path, text in texts.items()]
    before = LinkGraph.build(pages)
    after = LinkGraph.build(page(moves.get(p.path, p.path), rewrite_links(p, moves)) for p in pages)
    for p in pages:
        old, new = before.links(p.path), after.links(moves.get(p.path, p.path))
        assert [link.target_page for link in new] == [moves.get(str(link.target_page), link.target_page) for link in old]
        assert not any(link.broken for link in new)


@given(st.text(alphabet="[](){}<>#/.`\\ \n\r\tabmd!\"':=hrefé", max_size=80))
def test_reading_links_never_fails_and_an_empty_move_changes_nothing(text: str) -> None:
    noise = page("a/x.md", text)
    for link in links_of(noise, KNOWN, lambda _: set(), files=set()):
        assert link.target_text in text
    assert rewrite_links(noise, {}) == text
    rewrite_links(noise, {"a/x.md": "b/c/x.md"})


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("[x](/docs/a/two.md#part)", "a/two.md"),
        ("[x](/docs/a/two)", "a/two.md"),
        ("[x](/docs/b/three/)", "b/three.md"),
        ("[x](/docs/)", "index.md"),
        ("[x](/docs)", "index.md"),
        ("[x](/a/two.md)", "a/two.md"),
        ("[x](/docs/own.md)", "docs/own.md"),
        ("[x](docs/a/two.md)", None),
        ("[x](/docsa/two.md)", None),
    ],
)
def test_a_link_from_the_root_leads_through_the_folder_of_the_pages_as_on_github(written: str, target: str | None) -> None:
    links = links_of(page("b/three.md", written), KNOWN | {"docs/own.md"}, docs_folder="docs")
    assert [link.target_page for link in links] == [target]
    assert links[0].broken == (target is None)


def test_a_link_through_the_folder_of_the_pages_follows_a_move() -> None:
    text = "[x](/docs/a/two.md#p) [y](/a/two.md) [z](/docs/a/two/) ![i](/docs/i.png)"
    assert rewrite_links(page("b/three.md", text), {"a/two.md": "c/new.md"}, "docs") == (
        "[x](/docs/c/new.md#p) [y](/c/new.md) [z](/docs/c/new/) ![i](/docs/i.png)"
    )


def test_a_suggestion_costs_the_same_on_many_pages() -> None:
    from time import process_time

    pages = [
        f"{folder}/{word}-{number}.md" for folder in ("a", "b") for word in ("invoice", "contract") for number in range(4000)
    ]
    known = {*pages, "people/parental-leave.md", "a/backup-schedule.md", "zoo/index.md"}
    text = "".join(f"[x](contracts-{number}.md) [y](no-such-thing.md)\n" for number in range(200))
    near = links_of(page("a/one.md", text), known)
    assert near[0].suggestion == "contract-0.md"
    assert near[1].suggestion == ""
    wrong = "[x](parental-leaves.md) [y](backup_schedule.md) [z](../zo/index.md) [u](../people/backup-schedule.md)"
    found = [link.suggestion for link in links_of(page("a/two.md", wrong), known)]
    assert found == ["../people/parental-leave.md", "backup-schedule.md", "../zoo/index.md", "backup-schedule.md"]
    graph = LinkGraph.build([page("a/one.md", text), *(page(path, "") for path in known)])
    graph.broken()
    started = process_time()
    assert len(graph.broken()) == 400
    assert process_time() - started < 0.5  # 1.9 s where every page is compared, 0.02 s else


def test_backlinks_look_for_no_suggestions(monkeypatch: pytest.MonkeyPatch) -> None:
    from wiki.pages import near_names

    graph = LinkGraph.build([page("b.md", "# B"), page("a.md", "[x](gone.md) [y](b.md) [z](b.md#bb)")])
    asked: list[str] = []
    monkeypatch.setattr(near_names.process, "extractOne", lambda wanted, *args, **more: asked.append(wanted))
    assert [(link.target_text, link.broken) for link in graph.backlinks("b.md")] == [("b.md", False), ("b.md#bb", True)]
    assert asked == []


def test_a_page_that_changes_while_the_graph_is_built_has_its_new_links(
    workspace: Workspace, reader: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    links, pages = SharedLinks(workspace), Workspace.pages

    def slow(ws: Workspace) -> Iterator[Page]:
        yield from list(pages(ws))
        (ws.docs_dir / "ops/backups.md").write_text("No link any more\n")
        (ws.docs_dir / "new.md").write_text("[x](people/leave.md)\n")
        links.refresh(["ops/backups.md", "new.md"])

    monkeypatch.setattr(Workspace, "pages", slow)
    assert [link.page_path for link in links.backlinks(reader, "people/leave.md")] == ["index.md", "new.md"]
