"""Hunks: any subset applies, all give the new text, none gives the old one, to the byte."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wiki.pages.patch import apply_hunks, hunks, inline_changes, unified_diff

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
    for before, after in pairwise(found):
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


@given(TEXT, TEXT)
def test_new_lines_stand_where_the_hunk_says(old: str, new: str) -> None:
    lines = [line + "\n" for line in new.split("\n")]
    for hunk in hunks(old, new):
        at = lines[hunk.new_start : hunk.new_start + len(hunk.new_lines)]
        assert [line.rstrip("\n") for line in at] == [line.rstrip("\n") for line in hunk.new_lines]


def test_a_hunk_has_git_s_header() -> None:
    found = hunks("a\nb\nc\n", "a\nB\nC\nc\nd\n")
    assert [hunk.header for hunk in found] == ["@@ -2 +2,2 @@", "@@ -3,0 +5 @@"]


@given(TEXT, TEXT)
def test_the_unified_diff_leads_from_the_old_text_to_the_new(old: str, new: str) -> None:
    place, result = 0, list[str]()
    before = [line + "\n" for line in old.split("\n")[:-1]] + ([last] if (last := old.split("\n")[-1]) else [])
    lines = (diff := unified_diff(old, new, "p.md")).split("\n")[2:-1]
    assert (diff == "") == (old == new)
    for number, line in enumerate(lines):
        open_end = number + 1 < len(lines) and lines[number + 1].startswith("\\")
        if line.startswith("@@"):
            start = int(line.split()[1].split(",")[0][1:])
            start -= "," not in line.split()[1] or not line.split()[1].endswith(",0")
            result += before[place:start]
            place = start
        elif line.startswith("+"):
            result.append(line[1:] + ("" if open_end else "\n"))
        elif line.startswith((" ", "-")):
            assert before[place] == line[1:] + ("" if open_end else "\n")
            result += [before[place]] if line.startswith(" ") else []
            place += 1
    assert "".join(result + before[place:]) == new


def test_long_and_repetitive_texts_are_compared_in_time() -> None:
    old = "same\n" * 20_000
    new = old.replace("same\n", "other\n", 3) + "end\n"
    assert apply_hunks(old, new, range(1_000)) == new
    line = "a b " * 3_000
    parts, _ = inline_changes(line, line.replace("a", "c", 2) + "end")
    assert "".join(text for _, text in parts) == line
