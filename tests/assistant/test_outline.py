"""Sections as blocks and units, and how quotes of them read."""

from __future__ import annotations

from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.outline import outline
from wiki.search.text import sentences

SECTION = dedent("""\
    ## Lunch

    It is paid. Ask first:

    1. **Open the tool.** It is green.
       - with the [picture](a.md)
    2. Send it.

    | What | Up to |
    | --- | --- |
    | Lunch | 18 euros |
    | [Trips](travel.md) | [Travel](travel.md) |
    """)


def test_a_section_is_its_heading_sentences_steps_and_rows() -> None:
    blocks = outline(SECTION)
    assert [(block.kind, len(block.units)) for block in blocks] == [("text", 1), ("text", 2), ("steps", 3), ("table", 3)]
    steps, table = blocks[2], blocks[3]
    assert [unit.mark for unit in steps.units] == ["1.", "-", "2."]
    assert [unit.depth for unit in steps.units] == [0, 1, 0]
    assert steps.units[0].key == "Open the tool."
    assert table.header == ("What", "Up to")
    assert table.units[1].cells == ("Lunch", "18 euros")


def test_a_row_that_only_leads_elsewhere_is_known_as_one() -> None:
    table = outline(SECTION)[3]
    assert [unit.link_share for unit in table.units[1:]] == [0.0, 1.0]


LINES = st.sampled_from(
    [
        "",
        "Text here. And more.",
        "- item",
        "  - nested",
        "1. step",
        "   goes on",
        "| a | b |",
        "| --- | --- |",
        "```",
        "> said",
        "# H",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_the_units_together_are_the_sentences_of_the_section(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [said for block in outline(text) for unit in block.units for said in unit.sentences] == sentences(text)
