"""Searches outside plain English words: other scripts, compounds, names with signs in them, normal forms."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable

import pytest

from wiki.access import Audience
from wiki.search import SectionIndex
from wiki.workspace.workspace import Workspace

TEAM = Audience(team=True)
Find = Callable[..., list[str]]


@pytest.fixture
def find(workspace: Workspace) -> Find:
    """find(query, pages, language) -> the paths found, best first, each once."""

    def find(query: str, pages: dict[str, str], language: str = "en", *, prefix: bool = False) -> list[str]:
        for name, text in pages.items():
            (workspace.docs_dir / name).write_text(text)
        index = SectionIndex(workspace, language=language)
        index.refresh()
        hits = index.search(query, TEAM, prefix=prefix).hits
        index.close()
        assert all(before.score >= after.score for before, after in itertools.pairwise(hits))
        return list(dict.fromkeys(hit.page_path for hit in hits))

    return find


CJK = {
    "ja.md": "# 経費の申請\n\n出張の経費は三十日以内にプログラムで申請してください。\n",
    "zh.md": "# 报销\n\n差旅费请在三十天内报销。\n",
}


@pytest.mark.parametrize("language", ["en", "ja", "zh"])
@pytest.mark.parametrize(
    ("query", "page"),
    [("経費", "ja.md"), ("申請", "ja.md"), ("プログラム", "ja.md"), ("报销", "zh.md"), ("差旅费", "zh.md"), ("出張", "ja.md")],
)
def test_a_part_of_a_run_without_spaces_is_found(find: Find, query: str, page: str, language: str) -> None:
    assert find(query, CJK, language)[0] == page


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("de", "Die Reisekostenabrechnung kommt am Ersten.", "Reisekosten"),
        ("de", "Die Reisekostenabrechnung kommt am Ersten.", "Abrechnung"),
        ("de", "Der Urlaubsantrag liegt im Schrank.", "Antrag"),
        ("nl", "De arbeidsovereenkomst wordt getekend.", "overeenkomst"),
        ("sv", "Semesteransökan lämnas till chefen.", "ansökan"),
        ("da", "Ferieansøgningen sendes til lederen.", "ansøgning"),
    ],
)
def test_a_part_of_a_compound_is_found(find: Find, language: str, text: str, query: str) -> None:
    assert find(query, {"a.md": f"# A\n\n{text}\n", "b.md": "# B\n\nxyz\n"}, language)[:1] == ["a.md"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("We run Node.js on it.", "nodejs"),
        ("The ticket is KR-1042.", "KR1042"),
        ("It costs 1,250.00 euros.", "1250"),
        ("It costs 1.250,00 euros.", "1250"),
        ("Ask R&D first.", "rd"),
        ("Take the Wi-Fi cable.", "wifi"),
        ("Eat a \U0001f355 on Friday.", "\U0001f355"),
    ],
)
def test_what_signs_take_apart_is_found_as_one_word(find: Find, text: str, query: str) -> None:
    assert find(query, {"a.md": f"# A\n\n{text}\n"})[:1] == ["a.md"]


@pytest.mark.parametrize(
    ("query", "right", "wrong"),
    [
        ("C++", "Write it in C++ please.", "Vitamin C is in the kitchen. C, again C."),
        ("C#", "Write it in C# please.", "Vitamin C is in the kitchen. C, again C."),
        ("1.2.3", "Install release 1.2.3 now.", "Install release 1.2.30 now. 1 2 3."),
    ],
)
def test_what_was_typed_with_its_signs_comes_first(find: Find, query: str, right: str, wrong: str) -> None:
    assert find(query, {"right.md": f"# R\n\n{right}\n", "wrong.md": f"# W\n\n{wrong}\n"})[0] == "right.md"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_the_same(find: Find, form: str, typed: str) -> None:
    page = {"a.md": unicodedata.normalize(form, "# Ä\n\nDie Kündigungsbestätigung für Français ガイド.\n")}
    for query in ("Kündigungsbestätigung", "Français", "ガイド"):
        assert find(unicodedata.normalize(typed, query), page)[:1] == ["a.md"]


def test_what_was_excluded_is_not_looked_for(find: Find) -> None:
    pages = {"a.md": "# A\n\nThe printer is on a share.\n", "b.md": "# B\n\nThe share is full.\n"}
    assert find("printer -share", pages) == ["a.md"]
    assert find("well-kept share", pages)[:1]


def test_a_slip_is_not_taken_for_a_stop_word(find: Find) -> None:
    assert find("annd", {"a.md": "# A\n\nSalt and pepper and more.\n"}) == []


def test_as_you_type_a_title_that_begins_so_comes_first(find: Find) -> None:
    pages = {
        "tools.md": "# Tools\n\nExpense tool, expense form, expenses app: for expenses and expense lists.\n",
        "expenses.md": "# Expenses\n\nHand them in.\n",
    }
    assert find("expens", pages, prefix=True)[0] == "expenses.md"
    assert find("Expen", pages, prefix=True)[0] == "expenses.md"
