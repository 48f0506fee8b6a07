"""A change as a reader sees it."""

from __future__ import annotations

from knowhow.ui.changes import changes_between, marked_html, now_says
from wiki.pages import DEFAULT_RULES

PAGE = """---
title: Expenses
---

# Expenses

Hand in **receipts** within 30 days,
or [ask](../ask.md).

## Limits

| What | Up to |
| --- | --- |
| Lunch | 18 euros |
| Dinner | 30 euros |

- bring it
- keep it for 2 years

```
30 days
```
"""


def _only(new: str) -> tuple[str, str, str]:
    [change] = changes_between("a.md", PAGE, new, DEFAULT_RULES)
    return change.heading, change.before, change.after


def test_a_paragraph_is_shown_whole_with_the_words_marked() -> None:
    heading, before, after = _only(PAGE.replace("within 30", "within 45"))
    assert heading == ""
    assert "<strong>receipts</strong> within <del>30</del> days," in before
    assert "within <ins>45</ins> days," in after
    assert "ask</a>" in after


def test_a_table_row_is_shown_under_its_head_and_nothing_else_of_the_table() -> None:
    heading, before, after = _only(PAGE.replace("18 euros", "22 euros"))
    assert heading == "Limits"
    assert "<th>What</th>" in after
    assert "<ins>22</ins> euros" in after
    assert "Dinner" not in before + after


def test_a_list_item_is_shown_alone() -> None:
    _, before, after = _only(PAGE.replace("2 years", "3 years"))
    assert "keep it for <del>2</del> years" in before
    assert "bring it" not in before + after


def test_what_was_not_there_before_has_no_before() -> None:
    _, before, after = _only(PAGE.replace("## Limits\n", "## Limits\n\nThey hold for everybody.\n"))
    assert before == ""
    assert after.replace("</ins> <ins>", " ") == "<p><ins>They hold for everybody.</ins></p>"


def test_code_and_front_matter_are_shown_as_lines() -> None:
    assert _only(PAGE.replace("```\n30", "```\n45")) == ("Limits", "", "")
    assert _only(PAGE.replace("title: Expenses", "title: Costs")) == ("Facts about the page", "", "")


def test_marks_never_break_a_tag() -> None:
    assert marked_html("<p>a <b>c</b></p>", "<p>a <i>c d</i></p>") == (
        "<p>a <b>c</b></p>",
        "<p>a <i>c<ins> d</ins></i></p>",
    )


def test_what_a_page_says_now_is_its_first_new_line() -> None:
    assert now_says(PAGE, PAGE.replace("18 euros", "22 euros")) == "Lunch | 22 euros"
    assert now_says(PAGE, PAGE.replace("- bring it\n", "")) == ""
    assert now_says("It is so. We pay 3. Or not.\n", "It is so. We pay 4. Or not.\n") == "We pay 4."
