"""Hunks: any subset applies, all give the new text, none gives the old one, to the byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wiki.patch import apply_hunks, hunks, inline_changes, unified_diff

LINE = st.sampled_from(["a\n", "b\n", "c\n", "a\r\n", "\n", "\u2028x\n", "é\n", "\x0cform\n"])
TEXT = st.builds(lambda lines, last: "".join(lines) + last, st.lists(LINE, max_size=12), st.sampled_from(["", "a", "end"]))


@given(TEXT, TEXT)
def test_all_hunks_give_the_new_text_and_none_the_old(old: str, new: str) -> None:
    found = hunks(old, new)
    assert apply_hunks(old, new, [h.index for h in found]) == new
    assert apply_hunks(old, new, []) == old


@given(TEXT, TEXT, st.sets(st.integers(0, 12)))
def test_accepting_in_two_steps_is_accepting_at_once(old: str, new: str, first: set[int]) -> None:
    half = apply_hunks(old, new, first)
    assert apply_hunks(half, new, range(100)) == new


@given(TEXT, TEXT)
def test_hunks_are_in_order_and_apart(old: str, new: str) -> None:
    found = hunks(old, new)
    for before, after in zip(found, found[1:], strict=False):
        assert before.old_end < after.old_start
    assert [h.index for h in found] == list(range(len(found)))
    assert all(h.old_lines != h.new_lines for h in found)


@given(st.text(st.sampled_from("ab c1,.é"), max_size=30), st.text(st.sampled_from("ab c1,.é"), max_size=30))
def test_inline_parts_join_to_their_lines(old: str, new: str) -> None:
    parts_old, parts_new = inline_changes(old, new)
    assert "".join(text for _, text in parts_old) == old
    assert "".join(text for _, text in parts_new) == new


def test_a_changed_number_is_the_only_word_marked() -> None:
    old, new = inline_changes("within 30 days.\n", "within 45 days.\n")
    assert [text for changed, text in old if changed] == ["30"]
    assert [text for changed, text in new if changed] == ["45"]


def test_git_applies_the_unified_diff(tmp_path: Path) -> None:
    cases = [
        ("a\nb\nc\nd\ne\n", "a\nB\nc\nd\ne"),
        ("", "x\n"),
        ("x\r\ny\r\n", "x\r\nz\r\n"),
        ("a\nb", "a\nb\nc\n"),
        ("a\n" * 30, "a\n" * 14 + "q\n" + "a\n" * 16),
    ]
    for old, new in cases:
        (tmp_path / "page.md").write_bytes(old.encode())
        diff = unified_diff(old, new, "page.md")
        subprocess.run(["git", "apply", "--unidiff-zero", "-"], input=diff.encode(), cwd=tmp_path, check=True)
        assert (tmp_path / "page.md").read_bytes() == new.encode()


def test_the_same_text_has_no_diff() -> None:
    assert unified_diff("a\n", "a\n", "page.md") == ""
    assert hunks("a\n", "a\n") == []
