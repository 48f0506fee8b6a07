"""Searching: what is found, in what order, by whom, and how it is shown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wiki.access import Audience, everyone_audience
from wiki.pages.freshness import overdue
from wiki.pages.page import parse_page
from wiki.search.index import SectionIndex
from wiki.workspace.workspace import Workspace

ALL = everyone_audience()
PUBLIC, TEAM = Audience(), Audience(team=True)

PAGES = {
    "leave.md": "---\ntitle: Annual leave\nkind: policy\nowner: People-Lead\ntags: [Time off, People]\nvisibility: public\n---\n"
    "Everybody has 25 days a year.\n\n## Carrying days over\n\nFive unused days may be carried over to March.\n\n"
    "## Asking for leave\n\nAsk your lead in the calendar, two weeks ahead.\n",
    "expenses.md": "---\ntitle: Expenses\nkind: procedure\nowner: finance-manager\ntags: [Money]\n---\n"
    "# Expenses\n\nHand receipts in within 30 days.\n\n## Limits\n\nA hotel may cost 120 a night & no more than <b>that</b>.\n",
    "pay.md": "---\ntitle: Salaries\nkind: policy\nowner: ceo\nvisibility: restricted\ngroups: [leadership]\n---\n"
    "Xylophone bonuses are decided in March.\n",
    "accounts.md": "---\ntitle: Accounts\nkind: procedure\nreviewed: 2020-01-01\nreview_every: 90d\n---\n"
    "# Accounts\n\n## Passwords\n\nChange your password every year. A password has 16 letters.\n\n## Leaving\n\n"
    "The account of a person who leaves is closed on the last day.\n",
    "travel.md": "# Travel\n\nBook the train first. Flights need a reason.\n\n## Hotels\n\nThe hotel is booked by the office.\n",
}

Maker = Callable[[dict[str, str]], SectionIndex]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Maker]:
    """Makes the index of a workspace with these pages."""
    opened: list[SectionIndex] = []

    def build(pages: dict[str, str], language: str = "en") -> SectionIndex:
        root = tmp_path / f"workspace{len(opened)}"
        for name, text in pages.items():
            path = root / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (root / "mkdocs.yml").write_text("site_name: Test\ndocs_dir: content\n")
        index = SectionIndex(Workspace.open(root), language=language)
        index.refresh()
        opened.append(index)
        return index

    yield build
    for index in opened:
        index.close()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SectionIndex]:
    """The pages above."""
    root = tmp_path_factory.mktemp("handbook")
    (root / "content").mkdir()
    for name, text in PAGES.items():
        (root / "content" / name).write_text(text)
    (root / "mkdocs.yml").write_text("site_name: Test\ndocs_dir: content\n")
    made = SectionIndex(Workspace.open(root))
    made.refresh()
    yield made
    made.close()


def found(index: SectionIndex, query: str, audience: Audience = ALL, **options: object) -> list[str]:
    result = index.search(query, audience, **options)  # type: ignore[arg-type]
    return [f"{hit.page_path}#{hit.anchor}" for hit in result.hits]


def test_a_question_finds_the_section_that_answers_it(index: SectionIndex) -> None:
    hit = index.search("How many days can I carry over?", ALL).hits[0]
    assert (hit.page_path, hit.anchor, hit.section_title) == ("leave.md", "carrying-days-over", "Carrying days over")
    assert hit.heading_path == ("Annual leave", "Carrying days over")
    assert hit.text.startswith("## Carrying days over")
    lines = PAGES["leave.md"].splitlines(keepends=True)
    assert "".join(lines[hit.start_line : hit.end_line]) == hit.text


def test_hits_of_one_page_are_sections_and_the_total_counts_sections(index: SectionIndex) -> None:
    result = index.search("hotel", ALL, limit=1)
    assert len(result.hits) == 1
    assert result.total == 2
    assert {*found(index, "hotel")} == {"expenses.md#limits", "travel.md#hotels"}


def test_pages_come_page_by_page_in_order_of_their_best_section(make: Maker) -> None:
    index = make({"a.md": "# A\n\nhotel\n\n## One\n\nhotel hotel\n", "b.md": "# B\n\nhotel beside many other words here\n"})
    pages = index.pages("hotel", ALL)
    assert [page.page_path for page in pages] == ["a.md", "b.md"]
    assert len(pages[0].sections) == 2
    assert pages[0].score == pages[0].sections[0].score >= pages[0].sections[1].score
    assert len(index.pages("hotel", ALL, limit=1)) == 1


def test_results_can_be_paged_through_without_loss_or_repetition(make: Maker) -> None:
    index = make({f"p{n:03}.md": f"# Page {n}\n\nhotel number {n} {'word ' * (n % 7)}\n" for n in range(130)})
    whole = found(index, "hotel", limit=130)
    assert len(set(whole)) == 130
    assert [hit for start in range(0, 130, 13) for hit in found(index, "hotel", limit=13, offset=start)] == whole


NASTY = [
    "",
    " ",
    '"',
    '"""',
    'leave "',
    "AND OR NOT",
    "+leave -days",
    "title:leave",
    "kind:",
    "kind:nothing",
    'tag:"',
    "leave^2~3*?",
    "[a TO b]",
    "((((",
    "leave\0days",
    "\ud800",
    "🌴 leave 🌴",
    "x" * 10_000,
    "leave " * 3_000,
    "/(.*)+$/",
    "\\",
    "ß İ ﬁ",
    "!" * 10_000,
    '"' + "a " * 5_000 + '"',
]


@pytest.mark.parametrize("query", NASTY)
def test_no_text_is_an_error(index: SectionIndex, query: str) -> None:
    for prefix in (False, True):
        result = index.search(query, ALL, prefix=prefix)
        assert result.total >= len(result.hits)
    index.pages(query, TEAM)
    index.similar(query, PUBLIC)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60), prefix=st.booleans())
@example(query='kind:"', prefix=True)
def test_no_text_is_an_error_whatever_it_is(index: SectionIndex, query: str, prefix: bool) -> None:
    result = index.search(query, ALL, prefix=prefix)
    assert all(result.hits[i].score >= result.hits[i + 1].score for i in range(len(result.hits) - 1))


def test_nothing_asked_finds_nothing(index: SectionIndex) -> None:
    assert index.search("", ALL).total == 0
    assert index.search("leave", ALL, limit=0).hits == []


def test_a_query_of_stop_words_only_still_finds_them(make: Maker) -> None:
    index = make({"who.md": "# Who we are\n\nUs.\n", "other.md": "# Other\n\nNothing here.\n"})
    assert found(index, "who are we") == ["who.md#who-we-are"]


def test_a_phrase_in_quotes_must_occur_word_for_word(make: Maker) -> None:
    index = make({"a.md": "# A\n\nThe terms of the lease are fixed.\n", "b.md": "# B\n\nThe lease. Of terms the talk is.\n"})
    assert found(index, '"terms of the lease"') == ["a.md#a"]
    assert found(index, "“terms of the lease”") == ["a.md#a"]
    assert len(found(index, "terms of the lease")) == 2


def test_a_single_word_in_quotes_is_not_stemmed(make: Maker) -> None:
    index = make({"a.md": "# A\n\nBilling is monthly.\n", "b.md": "# B\n\nA bill is sent.\n"})
    assert found(index, '"bill"') == ["b.md#b"]
    assert len(found(index, "bill")) == 2


def test_filters_in_the_text_and_as_arguments_narrow_alike(index: SectionIndex) -> None:
    assert {path.split("#")[0] for path in found(index, "leave kind:policy")} == {"leave.md"}
    assert found(index, "leave", kind=["policy"]) == found(index, "leave kind:policy") == found(index, "KIND:Policy leave")
    assert {path.split("#")[0] for path in found(index, "days owner:people-lead")} == {"leave.md"}
    assert {path.split("#")[0] for path in found(index, 'days tag:"time off"')} == {"leave.md"}
    assert found(index, "days", kind=["procedure"], owner=["people-lead"]) == []
    assert {p.split("#")[0] for p in found(index, "days kind:policy kind:procedure", TEAM)} == {
        "leave.md",
        "expenses.md",
        "accounts.md",
    }


def test_a_filter_alone_lists_what_it_lets_through(index: SectionIndex) -> None:
    assert index.search("kind:policy", ALL).total == 4
    assert index.search("", TEAM, kind=["policy"]).total == 3


def test_what_the_audience_may_not_read_is_neither_found_nor_counted(index: SectionIndex) -> None:
    leadership = Audience(team=True, groups=frozenset({"leadership"}))
    for query in ("xylophone", "bonuses decided", "kind:policy xylophone", '"xylophone bonuses"', "owner:ceo", "xylop"):
        for prefix in (False, True):
            assert index.search(query, TEAM, prefix=prefix).total == 0
            assert index.search(query, PUBLIC, prefix=prefix).total == 0
        assert index.search(query, leadership, prefix=True).total == 1
    assert index.section("pay.md", "", TEAM) is None
    assert [hit.page_path for hit in index.similar("Xylophone bonuses in March", TEAM)] == ["leave.md"]
    assert {hit.page_path for hit in index.search("march days", PUBLIC).hits} == {"leave.md"}


def test_a_word_on_hidden_pages_only_is_corrected_as_if_it_were_not_there(make: Maker) -> None:
    shown = "# Shown\n\nThe xylophones are tuned.\n"
    hidden = "---\nvisibility: restricted\ngroups: [board]\n---\n\n# Hidden\n\nxylophonez xylophonez\n"
    without, with_hidden = make({"shown.md": shown}), make({"shown.md": shown, "hidden.md": hidden})
    assert found(without, "xylophonez", TEAM) == found(with_hidden, "xylophonez", TEAM) == ["shown.md#shown"]


def test_a_restricted_page_without_groups_is_for_nobody_but_admins(make: Maker) -> None:
    index = make({"a.md": "---\nvisibility: restricted\n---\n\n# Secret\n\nzebra\n"})
    assert found(index, "zebra", Audience(team=True, groups=frozenset({"a"}))) == []
    assert found(index, "zebra") == ["a.md#secret"]


def test_the_last_word_may_be_unfinished(index: SectionIndex) -> None:
    assert found(index, "passw", prefix=True)[0] == "accounts.md#passwords"
    assert found(index, "hand rec", prefix=True)[0] == "expenses.md#expenses"
    assert found(index, "passw ", prefix=True) == []
    assert found(index, "passw") == []


def test_the_finished_word_comes_before_what_it_begins(make: Maker) -> None:
    index = make(
        {
            "long.md": "# Long\n\nA testament of many words here.\n",
            "short.md": "# Short\n\nA test of many words here.\n",
        }
    )
    assert found(index, "test", prefix=True) == ["short.md#short", "long.md#long"]


@pytest.mark.parametrize("typed", ["pasword", "passwrod", "passsword", "pass word pasword", "pAssvord"])
def test_a_slip_is_forgiven(index: SectionIndex, typed: str) -> None:
    assert found(index, typed)[0] == "accounts.md#passwords"


def test_an_unfinished_word_may_hold_a_slip_too(index: SectionIndex) -> None:
    assert found(index, "paswo", prefix=True)[0] == "accounts.md#passwords"


def test_short_words_and_numbers_are_taken_as_they_are(make: Maker) -> None:
    index = make({"a.md": "# A\n\nThe cat has room 4021.\n"})
    assert found(index, "cut") == []
    assert found(index, "4022") == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(repeats=st.integers(1, 40), filler=st.integers(0, 200), near=st.sampled_from(["contrasd", "contrazt", "kontrast"]))
def test_a_word_as_typed_always_outranks_words_near_it(
    tmp_path_factory: pytest.TempPathFactory, repeats: int, filler: int, near: str
) -> None:
    """The page with the word says it once among filler; the other is short and full of the near word."""
    root = tmp_path_factory.mktemp("near")
    (root / "content").mkdir()
    (root / "mkdocs.yml").write_text("site_name: Test\ndocs_dir: content\n")
    (root / "content" / "exact.md").write_text("# One\n\n" + "filler " * filler + "contrast\n")
    (root / "content" / "near.md").write_text(f"# {near}\n\n" + f"{near} " * repeats + "\n")
    index = SectionIndex(Workspace.open(root))
    index.refresh()
    try:
        result = [hit.page_path for hit in index.search("contrast", ALL).hits]
        assert result[0] == "exact.md"
        assert result[1:] in ([], ["near.md"])
    finally:
        index.close()


def test_near_words_follow_below_when_little_is_found(make: Maker) -> None:
    index = make({"typo.md": "# Typo\n\nYou will recieve it.\n", "right.md": "# Right\n\nYou receive it. Receive it.\n"})
    result = index.search("recieve", ALL)
    assert [hit.page_path for hit in result.hits] == ["typo.md", "right.md"]
    assert result.total == 2
    assert result.hits[0].score > result.hits[1].score


def test_words_of_one_meaning_find_each_other_below_the_word_itself(make: Maker) -> None:
    index = make({"cv.md": "# Applying\n\nSend a resume.\n", "word.md": "# Applying too\n\nSend a CV and some other things.\n"})
    assert found(index, "cv") == ["word.md#applying-too", "cv.md#applying"]


def test_snippets_hold_marks_and_nothing_else(index: SectionIndex) -> None:
    snippet = index.search("night hotel cost", ALL).hits[0].snippet
    assert "<mark>hotel</mark>" in snippet
    assert "<mark>night</mark> &amp; no more" in snippet
    assert not re.findall(r"<(?!/?mark>)", snippet)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.sampled_from(list("<>&\"'/=abcmark \x02\x03é\n")), min_size=1, max_size=80))
def test_no_text_of_a_page_gets_through_a_snippet_as_html(text: str) -> None:
    from wiki.search.snippets import snippet

    whole = f"{text} mark {text}"
    made = snippet(whole, {"mark": 1.0, "a": 1.0})
    plain = made.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert ">" not in plain
    assert made.count("<mark>") == made.count("</mark>") >= 1
    assert html.unescape(plain).split() == whole.replace("\x02", "").replace("\x03", "").split()


def test_stemmed_synonymous_and_mistyped_matches_are_marked(index: SectionIndex) -> None:
    assert "<mark>receipts</mark>" in index.search("receipt", ALL).hits[0].snippet
    assert "<mark>password</mark>" in index.search("pasword", ALL).hits[0].snippet
    assert "<mark>Hand receipts</mark> in" in index.search("hand recei", ALL, prefix=True).hits[0].snippet


def test_a_snippet_shows_the_best_place_of_a_long_section(make: Maker) -> None:
    text = "Nothing to see here at all. " * 60 + "The zebra is fed at noon by the keeper. " + "And so it goes on and on. " * 60
    index = make({"zoo.md": f"# Zoo\n\n{text}\n"})
    snippet = index.search("when is the zebra fed", ALL).hits[0].snippet
    assert "<mark>zebra</mark> is <mark>fed</mark> at noon" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(re.sub("<[^>]+>", "", snippet)) < 260


def test_a_page_whose_review_is_overdue_is_stale(index: SectionIndex) -> None:
    assert index.search("password", ALL).hits[0].stale
    assert not index.search("carry over", ALL).hits[0].stale


def test_overdue_starts_the_day_after_the_last() -> None:
    page = parse_page("a.md", b"---\nreviewed: 2026-01-01\nreview_every: 30d\n---\n")
    last = date(2026, 1, 1) + timedelta(days=30)
    assert not overdue(page.front_matter, last)
    assert overdue(page.front_matter, last + timedelta(days=1))
    assert not overdue(parse_page("a.md", b"# No promise\n").front_matter, last)


def test_a_section_is_found_by_its_address(index: SectionIndex) -> None:
    hit = index.section("expenses.md", "limits", ALL)
    assert hit is not None
    assert hit.section_title == "Limits"
    assert index.section("leave.md", "", PUBLIC) is not None
    assert index.section("expenses.md", "limits", PUBLIC) is None
    assert index.section("expenses.md", "nowhere", ALL) is None


def test_a_long_text_finds_what_it_is_about(index: SectionIndex) -> None:
    mail = (
        "Hi all,\n\nhope you had a good weekend! As discussed with the office yesterday: from next month on everybody has to "
        "hand their receipts in within 45 days, not 30 any more. Thanks for your patience with the tool, and see you on Friday.\n\nBo"
    )
    assert index.similar(mail, ALL)[0].page_path == "expenses.md"
    assert all(hit.page_path == "leave.md" for hit in index.similar(mail, PUBLIC))


def test_a_title_counts_without_drowning_the_section_that_answers(make: Maker) -> None:
    index = make(
        {
            "leave.md": "# Leave\n\nAll about leave.\n\n## Contacts\n\nAsk the people lead.\n",
            "new.md": "# New starters\n\n## First days\n\nAs a new parent you may take parental leave for six months.\n",
        }
    )
    assert found(index, "parental leave months")[0] == "new.md#first-days"
    assert found(index, "leave")[0] == "leave.md#leave"


def test_words_above_a_section_and_in_its_front_matter_help_to_find_it(make: Maker) -> None:
    index = make(
        {
            "a.md": "---\ntitle: Berlin\ntags: [zeppelin]\n---\n\n## Parking\n\nBehind the house.\n",
            "b.md": "---\ntitle: Paris\n---\n\n## Parking\n\nBehind the house.\n",
        }
    )
    assert found(index, "parking paris")[0] == "b.md#parking"
    assert found(index, "parking berlin")[0] == "a.md#parking"
    assert found(index, "parking zeppelin")[0] == "a.md#parking"


def test_german_pages_are_stemmed_in_german(make: Maker) -> None:
    index = make({"r.md": "# Rechnungen\n\nDie Rechnungen werden monatlich geprüft.\n"}, "de")  # type: ignore[call-arg]
    assert found(index, "Wie wird eine Rechnung geprueft") == ["r.md#rechnungen"]
    assert "<mark>geprüft</mark>" in index.search("geprüft", ALL).hits[0].snippet


@pytest.mark.parametrize(
    "line", ["aliases: [zebra]", "alias: zebra", "tags: [zebra, x]", "keywords: [a, zebra]", "aliases: zebra crossing"]
)
def test_a_page_is_found_by_its_other_names(workspace: Workspace, line: str) -> None:
    (workspace.docs_dir / "ops/signs.md").write_text(
        f"---\ntitle: Signs\n{line}\n---\n\n# Signs\n\nWhere they stand.\n\n## More\n\nx\n"
    )
    index = SectionIndex(workspace)
    index.refresh()
    found = index.search("zebra", Audience(team=True))
    assert [(hit.page_path, hit.section_title) for hit in found.hits] == [("ops/signs.md", "Signs")]
    index.close()


def test_a_score_says_nothing_of_pages_that_the_viewer_may_not_read(workspace: Workspace) -> None:
    index = SectionIndex(workspace)
    index.refresh()
    before = [(hit.page_path, hit.score) for hit in index.search("backups", Audience()).hits]
    for number in range(20):
        (workspace.docs_dir / f"people/pay-{number}.md").write_text(
            f"---\nvisibility: restricted\ngroups: [leadership]\n---\n\n# Pay {number}\n\nBackups of the pay list, number {number}.\n"
        )
    index.refresh()
    after = index.search("backups", Audience())
    assert before[0][1] == after.hits[0].score == 1.0
    assert [path for path, _ in before] == [hit.page_path for hit in after.hits]
    index.close()
