"""Pages: front matter in every shape, and edits that leave every other byte alone."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.git.blob import blob_id
from wiki.pages.page import (
    Evidence,
    Handoff,
    Page,
    parse_page,
    split_lines,
)

PROCESS = """\
---
title: Client onboarding   # shown in the menu
kind: process
owner: "delivery-lead"
reviewed: 2026-10-02
review_every: 90d

# who may see it
visibility: restricted
groups: [leadership, finance]
tags:
  - clients
  - start
trigger: A signed contract
handoffs:
  - {from: sales, to: delivery-lead, moves: the contract, owner: sales, done: the folder is shared}
  - from: delivery-lead
    to: team
custom: {a: [1, 2]}
---
# Client onboarding

Text.
"""


def read(text: str, path: str = "page.md") -> Page:
    return parse_page(path, text.encode("utf-8", "surrogateescape"))


def front(yaml: str) -> Page:
    return read(f"---\n{yaml}\n---\nBody\n")


def test_front_matter_becomes_typed_data() -> None:
    page = read(PROCESS)
    matter = page.front_matter
    assert (matter.title, matter.kind, matter.owner) == ("Client onboarding", "process", "delivery-lead")
    assert matter.reviewed == date(2026, 10, 2)
    assert matter.review_every == timedelta(days=90)
    assert (page.visibility, page.groups) == ("restricted", ("leadership", "finance"))
    assert matter.handoffs == (
        Handoff(from_role="sales", to_role="delivery-lead", moves="the contract", owner="sales", done="the folder is shared"),
        Handoff(from_role="delivery-lead", to_role="team"),
    )
    assert matter.extra == {"custom": {"a": ["1", "2"]}}
    assert page.problems == ()
    assert page.body.startswith("# Client onboarding")
    assert split_lines(page.text)[page.body_line] == "# Client onboarding\n"


def test_a_decision_names_its_evidence_and_what_it_supersedes() -> None:
    matter = front(
        "kind: decision\ndecided: '2026-01-31'\nevidence: [{quote: We go, update: u1}, Right]\nsupersedes: old.md"
    ).front_matter
    assert matter.decided == date(2026, 1, 31)
    assert matter.evidence == (Evidence(quote="We go", update="u1"), Evidence(quote="Right"))
    assert matter.supersedes == ("old.md",)
    assert front("supersedes: [a.md, b.md]").front_matter.supersedes == ("a.md", "b.md")


@pytest.mark.parametrize(
    ("written", "days"), [("90d", 90), ("12w", 84), ("6m", 180), ("1y", 365), ("2 weeks", 14), ("'90d'", 90)]
)
def test_durations_are_read(written: str, days: int) -> None:
    assert front(f"review_every: {written}").front_matter.review_every == timedelta(days=days)


@pytest.mark.parametrize(
    "written",
    ["No", "yes", "On", "1.10", "12:30", "007", "0815", "0x1F", "1e3", "1_000", "+49", ".5", "2026-10-02", "Null", "=", "<<"],
)
def test_what_a_field_holds_as_text_is_what_was_typed(written: str) -> None:
    page = front(
        f"title: {written}\nowner: {written}\ntags:\n  - {written}\nclients: [{written}, x]\n"
        f"handoffs:\n  - {{from: {written}, to: x}}\n  - from: x\n    moves: [{written}, more]\nother: {{a: [{written}]}}"
    )
    matter = page.front_matter
    assert page.problems == ()
    assert (page.title, matter.owner, matter.tags, matter.clients) == (written, written, (written,), (written, "x"))
    assert matter.handoffs == (Handoff(from_role=written, to_role="x"), Handoff(from_role="x", moves=f"{written}; more"))
    assert matter.extra == {"other": {"a": [written]}}


def test_keys_are_what_was_typed() -> None:
    assert front("no: a\n1.10: b\n007: {on: c}").front_matter.extra == {"no": "a", "1.10": "b", "007": {"on": "c"}}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_an_empty_value_and_yamls_word_for_it_are_nothing(written: str) -> None:
    page = read(f"---\ntitle: {written}\nowner: {written}\ntags: {written}\nreviewed: {written}\n---\n# Leave\n")
    assert (page.title, page.front_matter.owner, page.front_matter.tags, page.problems) == ("Leave", "", (), ())


@pytest.mark.parametrize("written", ["2026-10-02", "'2026-10-02'", "2026-10-02 10:00:00 -0500", "2026-10-02T23:30:00Z"])
def test_dates_are_read_whatever_time_of_day_they_have(written: str) -> None:
    assert front(f"reviewed: {written}").front_matter.reviewed == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("yaml", "key"),
    [
        ("kind: recipe", "kind"),
        ("reviewed: soon", "reviewed"),
        ("reviewed: 2026-13-45", "reviewed"),
        ("review_every: 90", "review_every"),
        ("title: [a, b]", "title"),
        ("tags: [{a: 1}, ok]", "tags"),
        ("handoffs: [work]", "handoffs"),
        ("handoffs: [{from: {a: b}}]", "handoffs"),
        ("visibility: secret", "visibility"),
        ("visibility:", "visibility"),
    ],
)
def test_a_value_that_does_not_fit_is_a_problem_and_the_default_is_used(yaml: str, key: str) -> None:
    page = front(yaml)
    assert len(page.problems) == 1
    assert page.problems[0].startswith(f"Front matter, {key}")
    assert page.front_matter.kind == "reference"
    assert page.front_matter.reviewed is None


@pytest.mark.parametrize(
    "text",
    [
        "---\nvisibility: secret\n---\n",
        "---\nvisibility:\n---\n",
        "---\nvisibility: [team]\n---\n",
        "---\nVisibility: restricted\n---\n",
        "---\nvisibility: RESTRICTED\n---",
        "---\r\nvisibility: restricted\r\n---\r\ntext",
        "---\rvisibility: restricted\r---\rtext",
        "\ufeff---\nvisibility: restricted\n---\n",
        "---\nvisibility: restricted\n...\ntext",
        "---\nvisibility: restricted\nnever closed",
        "---\nvisibility:restricted\n---\n",
        "---\ntitle: a: b: c\n---\n",
        "---\n\ttitle: x\n---\n",
        "---\na: *b\n---\n",
        "---\na: !!python/object:os.system x\n---\n",
        "---\nx: '\x00'\n---\n",
        "visibility: restricted\n\n# Title\n",
        "---\na: " + "[" * 20_000 + "\n---\n",
        "---\na: " + "x" * 70_000 + "\n---\n",
        "---\n" + "- " * 30_000 + "\n---\n",
        "---\n" + "- ?\t" * 15_000 + "\n---\n",
        "---\n"
        + "".join(f"a{n}: &a{n} {{<<: [{', '.join(f'*a{n - 1}' for _ in range(9))}]}}\n" for n in range(1, 9))
        + "---\n",
    ],
)
def test_a_page_that_may_be_meant_as_restricted_counts_as_restricted(text: str) -> None:
    assert read(text).visibility == "restricted"


@pytest.mark.parametrize(
    "text", ["", "text", "---\n---\ntext", "---\n\n---\ntext", "---\ntitle: x\n---\n", "---\nwords\n\n---\nmore", "\x00"]
)
def test_a_page_that_says_nothing_of_visibility_is_for_the_team(text: str) -> None:
    page = read(text)
    assert (page.visibility, page.problems) == ("team", ())


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("title: Onboarding: the first week", 'title: "Onboarding: the first week"'),
        ("owner: Ratio:", 'owner: "Ratio:"'),
        ("owner: @maya", 'owner: "@maya"'),
        ("title: *All hands*", 'title: "*All hands*"'),
        ("title: %done", 'title: "%done"'),
        ("title: `make` it", 'title: "`make` it"'),
        ("title: [Draft] Leave", 'title: "[Draft] Leave"'),
        ("title: [Draft", 'title: "[Draft"'),
        ("title: {{ name }}", 'title: "{{ name }}"'),
        ("title: !Important", 'title: "!Important"'),
        ("title: - Leave -", 'title: "- Leave -"'),
        ("title: > 500 euros", 'title: "> 500 euros"'),
        ('title: "Leave" in short', "title: '\"Leave\" in short'"),
        ('title: He said: "go"', "title: 'He said: \"go\"'"),
        ("title: 'tis", 'title: "\'tis"'),
        ("tags: [@maya, leave]", 'tags: ["@maya", leave]'),
        ("handoffs: [{from: @sales, to: x}]", 'handoffs: [{from: "@sales", to: x}]'),
    ],
)
def test_a_value_that_needs_quotes_is_named_and_shown_in_them(written: str, mended: str) -> None:
    page = front(f"kind: policy\n{written}\nreview_every: 90d")
    assert (page.visibility, page.front_matter.kind, len(page.problems)) == ("restricted", "reference", 1)
    assert f"Put the value in line 3 in quotes: `{mended}`." in page.problems[0]
    assert front(f"kind: policy\n{mended}\nreview_every: 90d").front_matter.kind == "policy"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_slip_in_a_list_is_named_by_its_own_line(newline: str) -> None:
    lines = ["---", "tags:", "  - fine", "  - @maya", "  - also: fine: not", "---", "Body"]
    (problem,) = read(newline.join(lines)).problems
    assert 'Put the value in line 4 in quotes: `- "@maya"`.' in problem


def test_quotes_are_not_proposed_where_they_would_not_help() -> None:
    (problem,) = front("title: x\n\towner: y").problems
    assert "quotes" not in problem


def test_a_word_that_yaml_takes_for_a_mark_is_named() -> None:
    page = front("title: &Team lunch\nkind: policy")
    assert page.front_matter.kind == "policy"
    assert 'Put the value in line 2 in quotes: `title: "&Team lunch"`.' in page.problems[0]
    assert front("a: &x [b]\ntags: *x").problems == ()


TOML = """\
+++
title = "Client onboarding"
kind = "process"
owner = "007"
reviewed = 2026-10-02
review_every = "90d"
visibility = "restricted"
groups = ["leadership"]
tags = ["a", 2, 1.10, true, 12:30:00]

[[handoffs]]
from = "sales"
moves = ["contract", "folder"]

[params]
weight = 3
+++
# Heading

Text.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_toml_front_matter_becomes_typed_data_as_well(newline: str) -> None:
    page = read("\ufeff" + TOML.replace("\n", newline))
    matter = page.front_matter
    assert page.problems == ()
    assert (page.title, matter.kind, matter.owner) == ("Client onboarding", "process", "007")
    assert (matter.reviewed, matter.review_every) == (date(2026, 10, 2), timedelta(days=90))
    assert (page.visibility, page.groups) == ("restricted", ("leadership",))
    assert matter.tags == ("a", "2", "1.10", "true", "12:30:00")
    assert matter.handoffs == (Handoff(from_role="sales", moves="contract; folder"),)
    assert matter.extra == {"params": {"weight": 3}}
    assert page.body == "# Heading\n\nText.\n".replace("\n", newline)
    assert split_lines(page.text)[page.body_line].startswith("# Heading")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("+++\ntags = []\ntitle = Leave\n+++\nText", "(line 3)"),
        ('+++\ntitle = "Leave"\nText', 'opened with "+++" and never closed'),
        ("+++\na = " + "[" * 1900 + "\n+++\n", "not valid TOML"),
        ("+++\n" + "a." * 30_000 + "a = 1\n+++\n", "dots"),
        ('+++\nvisibility = "secret"\n+++\n', "visibility"),
    ],
)
def test_toml_that_cannot_be_used_counts_as_restricted(text: str, says: str) -> None:
    page = read(text)
    assert page.visibility == "restricted"
    assert says in page.problems[0]


@pytest.mark.parametrize("text", ["+++\nJust words.\n+++\nMore.", "+++ a = 1\n+++\n", "\n+++\na = 1\n+++\n"])
def test_plus_signs_around_words_are_text(text: str) -> None:
    page = read(text)
    assert (page.body, page.problems, page.visibility) == (text, (), "team")


def test_a_value_that_contains_itself_or_explodes_is_left_out() -> None:
    bomb = "\n".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 9))
    page = front(f"loop: &l [*l]\nb0: &b0 [x]\n{bomb}\ntags: [fine]")
    assert page.front_matter.tags == ("fine",)
    assert "loop" not in page.front_matter.extra
    assert "b8" not in page.front_matter.extra
    assert page.front_matter.extra["b1"] == [["x"]] * 9


def test_front_matter_of_other_tools_is_kept() -> None:
    page = front(
        "layout: post\nquestions:\n  - tts\nredirect_from: [/a/]\ntags: {a: b}\ncategories: 3\ndate: 2020-01-01 10:00:00 -0500"
    )
    assert page.front_matter.extra["questions"] == ["tts"]
    assert set(page.front_matter.extra) == {"layout", "questions", "redirect_from", "categories", "date"}
    assert page.front_matter.tags == ()
    assert front("tags: a, b").front_matter.tags == ("a", "b")
    assert front("tags: [2024, yes, a]").front_matter.tags == ("2024", "yes", "a")


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("a/client-brief.md", "Text\n\n# Later\n", "Client brief"),
        ("a/b.md", "# First *thing* `x` ##\n", "First thing x"),
        ("a/b.md", "\n\nName here\n=========\n", "Name here"),
        ("a/b.md", "<!-- note -->\n# After a comment {#x}\n", "After a comment"),
        ("a/b.md", "---\ntitle: 2024\n---\n# Other\n", "2024"),
        ("a/b.md", "---\ntitle:\n---\n# Other\n", "Other"),
        ("a/b.md", "## Second level\n", "B"),
        ("a/b.md", "    # code\n", "B"),
        ("index.md", "Text", "Home"),
        ("README.md", "Text", "Home"),
        ("client-work/index.md", "Text", "Client work"),
        ("MixedCase_name.md", "Text", "MixedCase name"),
        ("a.md", "\ufeff# With a mark\r\n", "With a mark"),
    ],
)
def test_the_title_is_what_a_reader_expects(path: str, text: str, title: str) -> None:
    assert read(text, path).title == title


def test_the_blob_id_is_git_s_own(tmp_path: Path) -> None:
    data = PROCESS.encode()
    (tmp_path / "f").write_bytes(data)
    said = subprocess.run(["git", "hash-object", "f"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert blob_id(data) == said.strip() == parse_page("p.md", data).blob


@given(
    st.binary(max_size=300)
    | st.text(alphabet="-ab: \n\r\t[]{}&*#'\"\ufeff\x00", max_size=80).map(lambda t: ("---\n" + t).encode())
)
def test_reading_any_bytes_never_fails_and_gives_them_back(data: bytes) -> None:
    page = parse_page("any.md", data)
    assert page.text.encode("utf-8", "surrogateescape") == data
    assert "".join(split_lines(page.text)) == page.text
    assert page.text.endswith(page.body)
    if page.body:
        assert "".join(split_lines(page.text)[page.body_line :]).removeprefix("\ufeff") == page.body.removeprefix("\ufeff")
    assert isinstance(page.title, str)


KEYS = st.sampled_from(["title", "owner", "tags", "reviewed", "handoffs", "new_key", "on"])
SCALARS = (
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
    | st.sampled_from(["a\nb", "yes", "12", "2026-01-01", "# x", "a: b", " x ", "|", "- a", "é", "a # b", "'", '"'])
    | st.integers(-1000, 1000)
    | st.booleans()
    | st.none()
    | st.dates(min_value=date(1900, 1, 1))
)
VALUES = (
    SCALARS | st.lists(SCALARS, max_size=3) | st.lists(st.dictionaries(st.sampled_from(["from", "to"]), SCALARS), max_size=2)
)
OTHER_LINES = [
    "title: 'Quoted  '   # comment",
    "owner: a",
    "owner:    # nobody yet",
    "tags:\n  - a\n  # inside\n  - b",
    "tags: [a,   b] # flow",
    "tags:\n- a\n- b",
    "reviewed:   2026-10-02",
    "handoffs:\n  - {from: a, to: b}\n  - from: c\n    to: d # x",
    "note: |\n  two\n\n  lines",
    'long: "a\n  b"',
    "unknown: {a: 1}",
]
