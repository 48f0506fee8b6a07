"""Updates find the pages they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.entries import find_entries
from ingest.matching import match, match_pages
from ingest.update import Update
from wiki.access import everyone_audience
from wiki.search.index import SectionIndex
from wiki.workspace.workspace import Workspace

PAGES = {
    "expenses.md": (
        "# Expenses\n\nThe deadline for expenses is 30 days.\n\n## Meals\n\nDinner on a trip is paid up to 32 euros.\n"
    ),
    "travel.md": (
        "# Travel\n\nThe limit for travel requests is 300 euros.\n\n## Hotels\n\nHotels are paid up to 140 euros a night.\n"
    ),
    "secret.md": "---\nvisibility: restricted\n---\n\n# Pay bands\n\nA senior designer earns more than a junior one.\n",
}


@pytest.fixture
def index(tmp_path: Path) -> SectionIndex:
    (tmp_path / "mkdocs.yml").write_text("site_name: Firm\ndocs_dir: content\n")
    for path, text in PAGES.items():
        page = tmp_path / "content" / path
        page.parent.mkdir(exist_ok=True)
        page.write_text(text)
    index = SectionIndex(Workspace.open(tmp_path))
    index.refresh()
    return index


def update(text: str) -> Update:
    return Update(id="u1", channel="chat", text=text, received_at=datetime(2026, 11, 22, tzinfo=UTC), content_hash="x")


def test_the_page_that_the_change_is_about_comes_first(index: SectionIndex) -> None:
    news = update("Ana: lunch?\nTom: before that: hotels go up to 160 euros a night from December\nAna: nice")
    pages = match_pages(news, [entry.text for entry in find_entries(news)], index, everyone_audience())
    assert pages[0].page_path == "travel.md"
    assert pages[0].anchors[0] == "hotels"
    assert pages[0].score >= pages[-1].score


def test_a_page_that_the_update_names_is_preferred(index: SectionIndex) -> None:
    news = update("Tom: dinner with a client is fine too now, please add that to the travel page")
    assert (
        match_pages(news, [entry.text for entry in find_entries(news)], index, everyone_audience())[0].page_path == "travel.md"
    )


def test_matching_reads_restricted_pages_too_since_results_are_gated_where_they_are_shown(index: SectionIndex) -> None:
    assert match(update("the senior designer band is changed"), index, everyone_audience())[0].hit.page_path == "secret.md"


def test_an_update_without_a_word_to_go_by_matches_nothing(index: SectionIndex) -> None:
    assert match(update("it is what it is"), index, everyone_audience()) == []
