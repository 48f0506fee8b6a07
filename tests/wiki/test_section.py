"""Sections: their anchors are MkDocs' own, whatever the page is made of."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import markdown
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wiki.markup.github import extensions_of
from wiki.markup.hard_text import too_hard
from wiki.pages.page import parse_page, split_lines
from wiki.pages.section import DEFAULT_RULES, Section, SectionRules, anchors_of, plain_text, split_sections

WORKSPACE = SectionRules(
    extensions=(
        *("toc", "tables", "fenced_code", "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html"),
        *("pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences", "pymdownx.tasklist"),
    ),
    extension_configs={"toc": {"permalink": True}, "pymdownx.highlight": {"anchor_linenums": True}},
)
STRANGER = SectionRules(extensions=("toc", "tables", "fenced_code", "pymdownx.blocks.admonition", "sane_lists", "smarty"))
GITHUB = SectionRules.from_config(extensions_of({}))
RULES = {
    "MkDocs' default": DEFAULT_RULES,
    "as GitHub shows it": GITHUB,
    "the starter workspace": WORKSPACE,
    "extensions nobody knows": STRANGER,
}
STARTER = Path(__file__).parents[2] / "content"


def sections(text: str, rules: SectionRules = DEFAULT_RULES) -> list[Section]:
    return split_sections(parse_page("a/page.md", text.encode()), rules)


def rendered_anchors(body: str, rules: SectionRules) -> list[str]:
    """The anchors of the headings in the HTML that MkDocs would write for this body."""
    md: Any = markdown.Markdown(extensions=list(rules.extensions), extension_configs=dict(rules.extension_configs))
    md.convert(body.replace("\r\n", "\n").replace("\r", "\n"))

    def walk(tokens: list[dict[str, Any]]) -> Iterator[str]:
        for token in tokens:
            yield token["id"]
            yield from walk(token["children"])

    return list(walk(md.toc_tokens))


def assert_same_anchors(body: str, rules: SectionRules) -> None:
    found = rules.headings(body)
    assert sorted(heading.anchor for heading in found) == sorted(rendered_anchors(body, rules)), body
    assert [heading.line for heading in found] == sorted(heading.line for heading in found)


# Without `<?`: Python-Markdown doubles text behind one that is not closed.
PIECES = [
    *("# One", "## Two", "## Two", "### Three ###", "#Four", "####### Seven", "#", "# \\# escaped", "# ends\\", "## A #5 B"),
    *("Setext", "===", "---", "--", "Text here", "a | b", "--|--", "|a|", "|-|", "- item", "* item", "1. item", "- # In list"),
    *(
        "    # indented",
        "    text",
        "        # deep",
        "  # two spaces",
        "> quote",
        "> # In quote",
        "> ---",
        ">",
        "- - -",
        "***",
    ),
    *("```", "```python", "~~~", "````", "    ```", "``` foo bar", "<div>", "</div>", "<b>bold</b> text", "<!-- note -->"),
    *(
        "<!--",
        "-->",
        "<h2>Raw</h2>",
        '<div markdown="1">',
        "<details><summary>x</summary>",
        "<br>",
        '<a name="x"></a>',
        "a < b",
    ),
    *("[ref]: http://x.org", "## [ref][ref] *em* `code` [l](u)", "## [ref]", "[^1]: note", "Word[^1]", "*[HTML]: Hyper"),
    *("## Named {#own}", "{: #para }", "## HTML &amp; <em>x</em> ![alt](i.png)", "## Café – “quotes”", "## _1", "## "),
    *('!!! note "T"', "??? tip", ": definition", "    - nested", "    > q", "\t# tab", "{% include x.html %}", "## {{ x }} y"),
    *(
        "- a\n- b\n===",
        "    ---",
        "=== ",
        "# a | b",
        "</p>",
        "<p>para",
        "<script>",
        "</script>",
        "&nbsp;",
        " ",
        "",
    ),
]
CODE_UNDERLINED = re.compile(r"^(?:```|~~~).*\n(?:=+|-+) *$", re.MULTILINE)  # superfences: the code becomes a heading's text
DOCUMENTS = st.lists(st.sampled_from([*PIECES, *[""] * 30]), max_size=12).map("\n".join)


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(body=DOCUMENTS)
def test_anchors_are_those_of_a_rendering(rules: SectionRules, body: str) -> None:
    assume(not CODE_UNDERLINED.search(body))
    assert_same_anchors(body, rules)


@pytest.mark.parametrize("rules", [DEFAULT_RULES, GITHUB], ids=["MkDocs' default", "as GitHub shows it"])
@settings(max_examples=300, deadline=None, derandomize=True)
@given(body=st.text(alphabet="#-=> *ab\n\n`<!{}[]():|1.~\\\t&;_é", max_size=60))
def test_anchors_of_noise_are_those_of_a_rendering(rules: SectionRules, body: str) -> None:
    assert_same_anchors(body, rules)


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
def test_anchors_of_the_starter_handbook_are_those_of_a_rendering(rules: SectionRules) -> None:
    for path in sorted(STARTER.rglob("*.md")):
        page = parse_page(path.relative_to(STARTER).as_posix(), path.read_bytes())
        assert [s.anchor for s in split_sections(page, rules) if s.level] == rendered_anchors(page.body, rules), path


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    body=DOCUMENTS,
    front=st.sampled_from(["", "---\ntitle: T\n---\n", "---\nno: end\n", "\ufeff"]),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_sections_together_are_the_body(body: str, front: str, ending: str) -> None:
    page = parse_page("p.md", (front + body).replace("\n", ending).encode())
    found = split_sections(page, WORKSPACE)
    lines = split_lines(page.text)
    assert "".join(s.text for s in found).strip("\ufeff \r\n") == page.body.strip("\ufeff \r\n")
    for section, following in zip(found, [*found[1:], None], strict=False):
        assert section.text == "".join(lines[section.start_line : section.end_line])
        assert section.end_line == (following.start_line if following else len(lines))


def test_a_section_knows_its_place() -> None:
    text = "---\ntitle: Travel\n---\n\nBefore you go.\n\n## Book\n\nCall.\n\n### By train\n\nOnline.\n\n## Pay `now`\n"
    found = sections(text)
    assert [(s.anchor, s.title, s.level, s.heading_path) for s in found] == [
        ("", "Travel", 0, ("Travel",)),
        ("book", "Book", 2, ("Travel", "Book")),
        ("by-train", "By train", 3, ("Travel", "Book", "By train")),
        ("pay-now", "Pay now", 2, ("Travel", "Pay now")),
    ]
    assert found[2].id == "a/page.md#by-train"
    assert found[2].text == "### By train\n\nOnline.\n\n"
    assert (found[2].start_line, found[2].end_line) == (10, 14)


def test_the_page_s_own_heading_is_not_repeated_in_the_path() -> None:
    assert [s.heading_path for s in sections("# Page\n\n## Part\n")] == [("Page",), ("Page", "Part")]


@pytest.mark.parametrize("text", ["", "\n\n", "---\ntitle: x\n---\n", "---\ntitle: x\n---\n\n  \n"])
def test_a_body_without_text_has_no_sections(text: str) -> None:
    assert sections(text) == []


def test_a_slugify_of_the_workspace_is_used() -> None:
    rules = SectionRules(extension_configs={"toc": {"slugify": lambda text, _: text.upper(), "baselevel": 2}})
    assert [(s.anchor, s.level) for s in sections("# Über uns\n\n# Über uns\n", rules)] == [("ÜBER UNS", 2), ("ÜBER UNS_1", 2)]


def test_rules_are_read_from_a_workspace_s_file() -> None:
    rules = SectionRules.from_config(["attr_list", {"toc": {"separator": "_"}}, {"no.such.extension": {"a": 1}}, "smarty", 7])
    assert list(rules.extensions) == ["toc", "tables", "fenced_code", "attr_list", "smarty"]
    assert [s.anchor for s in sections("# Two words\n\n## Named {#own}\n", rules)] == ["two_words", "own"]
    assert SectionRules.from_config(None).extensions == DEFAULT_RULES.extensions
    assert SectionRules.from_config({"admonition": None}).extensions[-1] == "admonition"


def test_an_extension_that_fails_leaves_a_page_of_one_section(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(markdown.extensions.Extension):
        def extendMarkdown(self, md: markdown.Markdown) -> None:
            md.preprocessors.register(Failing(md), "failing", 1)

    class Failing(markdown.preprocessors.Preprocessor):
        def run(self, lines: list[str]) -> list[str]:
            raise RuntimeError("broken")

    with caplog.at_level(logging.ERROR):
        found = sections("# A\n\n# B\n", SectionRules(extensions=(Broken(),)))
    assert [s.anchor for s in found] == [""]
    assert "could not be rendered" in caplog.text


def test_anchors_of_a_page_include_ids_in_html_and_attribute_lists() -> None:
    text = "# One\n\n<a name=\"old\"></a> <span id='two'>x</span>\n\nText\n{: #para .c }\n"
    assert anchors_of(parse_page("p.md", text.encode()), WORKSPACE) == {"one", "old", "two", "para"}


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("**bold** _em_ ***both*** ~~gone~~ `a_b*c`", "bold em both gone a_b*c"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("**Note**: x", "Note: x"),
        ('[text](http://x/(y) "t") [ref][r] [bare] ![alt](i.png)', "text ref [bare] alt"),
        ("[![badge](i.svg)](u)", "badge"),
        ("<b>bold</b> a<br>b <https://x.y/a_b> <me@x.org>", "bold a b https://x.y/a_b me@x.org"),
        ("a<!-- no -->b &amp; &eacute; `&amp;`", "ab & é &amp;"),
        ("{% include alert.html %}Hi {{ site.x }}!", "Hi !"),
        ("| a | b\\|c |\n|---|---|\n| 1 | 2 |", "a | b|c\n\n1 | 2"),
        ("- [x] done\n1. one\n> quote\n* # head", "done\none\nquote\nhead"),
        ("# Title ##\n\n## Named {#id}\n\nText\n====", "Title\n\nNamed\n\nText\n"),
        ("```py\n# *kept* _as_ it is\n```\nafter", "\n# *kept* _as_ it is\n\nafter"),
        ('!!! note "Careful"\n    Text', '"Careful"\nText'),
        ("[x]: http://y\nText[^1]\n[^1]: Note", "\nText\nNote"),
        ("\\*literal\\* C# a\\_b", "*literal* C# a_b"),
        ("<script>alert(1)</script>Text", "Text"),
        ("", ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(written: str, seen: str) -> None:
    assert plain_text(written) == seen


@given(st.text(alphabet="*_`[]()<>!{}%#|-\\\n ab&;\x02\x030~", max_size=80))
def test_plain_text_never_fails_and_keeps_letters(text: str) -> None:
    plain = plain_text(text)
    assert "\x02" not in plain
    assert plain.count("\n") <= text.count("\n") + text.count("&")


@pytest.mark.parametrize(
    "piece", ["[", "*a", "<", "`", "_a", "{%", "<!--", "[a](", "**a", "<a ", "``a`", "<script>", "\n```a\n"]
)
def test_hostile_text_does_not_take_long(piece: str) -> None:
    text = piece * (6_000 // len(piece))
    assert isinstance(plain_text(text), str)
    page = f"# A\n\n{text}\n"
    assert sections(page)[0].anchor == ("" if too_hard(page) else "a")
