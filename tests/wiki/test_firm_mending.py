"""A gap is filled with one line, and no other byte of the page changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wiki.planted_gaps import PAGES
from wiki.errors import InvalidInput
from wiki.firm.gaps import GAP_KINDS
from wiki.firm.mending import KEY_OF_GAP, filled
from wiki.pages.page import parse_text

LIST = "---\r\nkind: process\r\nhandoffs:\r\n  - from: a\r\n    to: b\r\n# between\r\n  -   moves: c\r\n---\r\nText\r\n"


def test_a_line_is_put_under_the_first_of_its_handoff() -> None:
    assert filled(parse_text("x.md", LIST), "done", "It works", number=1) == LIST.replace(
        "from: a\r\n", 'from: a\r\n    done: "It works"\r\n'
    )
    assert filled(parse_text("x.md", LIST), "to", "tech-lead", number=2) == LIST.replace(
        "moves: c\r\n", "moves: c\r\n      to: tech-lead\r\n"
    )


def test_a_key_of_the_page_itself_comes_last() -> None:
    assert filled(parse_text("x.md", LIST), "trigger", "A call") == LIST.replace(
        "moves: c\r\n", 'moves: c\r\ntrigger: "A call"\r\n'
    )


@given(value=st.text(min_size=1).filter(lambda text: text.split() and text.isprintable()))
def test_whatever_is_typed_is_read_back_as_it_was_typed(value: str) -> None:
    page = parse_text("x.md", filled(parse_text("x.md", LIST), "done", value, number=2))
    assert page.front_matter.handoffs[1].done == " ".join(value.split())
    assert page.front_matter.handoffs[0] == parse_text("x.md", LIST).front_matter.handoffs[0]


@pytest.mark.parametrize("value", ["no", "12:30", "2026-01-01", "~", "a: b", "- x", "#", "'", "{a}", "null", "Ärger & Co"])
def test_a_value_that_yaml_would_take_for_something_else_is_quoted(value: str) -> None:
    text = filled(parse_text("x.md", LIST), "done", value, number=1)
    assert f"done: {json.dumps(value, ensure_ascii=False)}\r\n" in text


@pytest.mark.parametrize(
    ("text", "key", "number"),
    [
        ("---\nhandoffs:\n  - {from: a, to: b}\n---\n", "done", 1),
        ("---\nhandoffs: [{from: a}]\n---\n", "done", 1),
        (LIST, "from", 1),  # it is there already
        (LIST, "done", 3),
        (LIST, "nonsense", 1),
        (LIST, "nonsense", 0),
        ("# No front matter\n", "trigger", 0),
        ("+++\nkind = 'process'\n+++\n", "trigger", 0),
    ],
)
def test_what_cannot_be_filled_with_one_line_is_refused(text: str, key: str, number: int) -> None:
    with pytest.raises(InvalidInput):
        filled(parse_text("x.md", text), key, "value", number=number)


def test_nothing_is_no_value() -> None:
    with pytest.raises(InvalidInput, match="nothing to write"):
        filled(parse_text("x.md", LIST), "done", " \n ", number=1)


def test_the_gaps_of_the_planted_firm_that_one_line_fills_can_be_filled() -> None:
    assert KEY_OF_GAP.keys() <= GAP_KINDS.keys()
    page = parse_text("build/index.md", PAGES["build/index.md"])
    after = parse_text("build/index.md", filled(page, "done", "Yes", number=2))
    assert after.front_matter.handoffs[1].done == "Yes"
    assert after.body == page.body
