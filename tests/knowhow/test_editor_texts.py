"""Conflicts taken apart and put together; what a new page begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowhow.ui.conflict import Conflict, put_together, split_merged
from knowhow.ui.new_page import first_text, page_name
from wiki.git.merging import merge
from wiki.pages import KINDS, parse_text

BASE = "# One\n\nalpha\n\nTwo\n=======\n\nbeta\n\nomega\n"


def test_a_merge_comes_apart_into_conflicts_and_text_and_back(tmp_path: Path) -> None:
    mine = BASE.replace("alpha", "alpha, mine").replace("Two\n=======\n", "Two, mine\n=======\n")
    theirs = (
        BASE.replace("alpha", "alpha, theirs").replace("Two\n=======\n", "Zwei\n=======\n").replace("omega", "omega, theirs")
    )
    merged = merge(tmp_path, base=BASE, ours=mine, theirs=theirs)
    parts = split_merged(merged.text, base=BASE, theirs=theirs)
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    assert [(c.mine, c.base, c.theirs) for c in conflicts] == [
        ("alpha, mine\n", "alpha\n", "alpha, theirs\n"),
        ("Two, mine\n", "Two\n", "Zwei\n"),
    ]
    assert put_together(parts, ["mine", "mine"]) == mine.replace("omega", "omega, theirs")
    assert put_together(parts, ["theirs", "theirs"]) == theirs
    assert "alpha, mine\nalpha, theirs\n" in put_together(parts, ["both", "mine"])


def test_a_heading_underlined_like_a_marker_is_not_cut(tmp_path: Path) -> None:
    base, mine, theirs = "Two\n=======\n", "Zwei\n=======\nx\n", "Deux\n=======\ny\n"
    merged = merge(tmp_path, base=base, ours=mine, theirs=theirs)
    parts = split_merged(merged.text, base=base, theirs=theirs)
    assert put_together(parts, ["mine"] * 9) == mine
    assert put_together(parts, ["theirs"] * 9) == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_page_of_each_kind_begins_without_a_problem(kind: str) -> None:
    for title in ("Who pays?", "a: b # c", 'He said "no"', "007", "Größe"):
        page = parse_text("x.md", first_text("x.md", title, kind))
        assert (page.title, page.front_matter.kind, page.problems) == (title, kind, ())


def test_a_file_is_named_by_the_words_of_its_title() -> None:
    assert page_name("Bikes & helmets: who pays?") == "bikes-helmets-who-pays"
    assert page_name("  Größe der Räume ") == "größe-der-räume"
    assert page_name("Client's files") == "clients-files"
    assert page_name("?!") == ""
