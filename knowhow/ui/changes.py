"""What an edit changes, as a reader would see it: each change with the heading above it, rendered before and after, words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from wiki.pages import Hunk, Page, SectionRules, apply_hunks, hunks, inline_changes, parse_text, render_preview, split_sections

__all__ = ["Change", "changes_between", "marked_html", "now_says"]

_TOKEN = re.compile(r"<[^>]*>|&[#\w]+;|\w+|\s+|[^\w\s]")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=\S)")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One hunk. `before` and `after` are safe HTML, "" where there is nothing; both "" where only the lines can be shown."""

    hunk: Hunk
    heading: str
    before: str
    after: str


def changes_between(page_path: str, old: str, new: str, rules: SectionRules) -> list[Change]:
    """Every change from `old` to `new`, in order; numbered as `wiki.pages.hunks` does."""
    old_page, new_page = parse_text(page_path, old), parse_text(page_path, new)
    result = []
    for hunk in hunks(old, new):
        heading = _heading(new_page, hunk.new_start, rules) or _heading(old_page, hunk.old_start, rules)
        before, after = "", ""
        if hunk.old_start >= old_page.body_line and hunk.new_start >= new_page.body_line and not _in_fence(old, hunk.old_start):
            alone = apply_hunks(old, new, [hunk.index])  # the other changes of the same paragraph are shown by themselves
            old_html = _rendered(page_path, _block(old, hunk.old_start, hunk.old_end))
            new_html = _rendered(page_path, _block(alone, hunk.old_start, hunk.old_start + len(hunk.new_lines)))
            before, after = marked_html(old_html, new_html)
        result.append(Change(hunk=hunk, heading=heading, before=before, after=after))
    return result


def marked_html(old: str, new: str) -> tuple[str, str]:
    """Both texts with what only one of them has in `<del>` and `<ins>`, word by word; tags stay as they are."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    before: list[str] = []
    after: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before += a[i1:i2] if tag == "equal" else _wrapped(a[i1:i2], "del")
        after += b[j1:j2] if tag == "equal" else _wrapped(b[j1:j2], "ins")
    return "".join(before), "".join(after)


def now_says(old: str, new: str) -> str:
    """The first sentence that the new text has and the old one has not, shortened; "" where it only lost lines."""
    for hunk in hunks(old, new):
        for number, line in enumerate(hunk.new_lines):
            if line.strip():
                line = _changed_sentence(hunk.old_lines[number] if number < len(hunk.old_lines) else "", line)
                said = re.sub(r"\s+", " ", line.strip().strip("|").strip())
                return said if len(said) <= 140 else said[:138].rsplit(" ", 1)[0] + " …"
    return ""


def _changed_sentence(old: str, new: str) -> str:
    place = 0
    for changed, part in inline_changes(old, new)[1]:
        if changed:
            break
        place += len(part)
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(new)), len(new)]
    return next((new[a:b] for a, b in pairwise(ends) if a <= place < b), new)


def _wrapped(tokens: Sequence[str], tag: str) -> list[str]:
    out: list[str] = []
    run: list[str] = []
    for token in [*tokens, "<>"]:
        if token.startswith("<") and len(token) > 1:
            text = "".join(run)
            if text:
                out.append(f"<{tag}>{text}</{tag}>" if text.strip() else text)
            run = []
            if token != "<>":
                out.append(token)
        else:
            run.append(token)
    return out


def _rendered(page_path: str, markdown: str) -> str:
    return render_preview(parse_text(page_path, "\n" + markdown)) if markdown.strip() else ""


def _heading(page: Page, line: int, rules: SectionRules) -> str:
    """The headings down to the section that holds this line, without the page's own title."""
    if line < page.body_line:
        return "Facts about the page"
    for section in split_sections(page, rules):
        if section.start_line <= line < section.end_line:
            return " › ".join(section.heading_path[1:])
    return ""


def _block(text: str, start: int, end: int) -> str:
    """The paragraph, list items or table rows (with their head) around these lines, and nothing where there are none."""
    lines = text.split("\n")
    if start >= len(lines):
        return ""
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    first, last = start, end
    if start == end and not (start and lines[start - 1].strip() and lines[start].strip()):
        return ""  # lines are put in between two paragraphs: before, there was nothing
    while first > 0 and lines[first - 1].strip() and not _LIST_ITEM.match(lines[first]):
        first -= 1
    while last < len(lines) and lines[last].strip() and not _LIST_ITEM.match(lines[last]):
        last += 1
    block = lines[first:last]
    table = next((n for n, line in enumerate(block) if re.fullmatch(r"[\s|:-]*-[\s|:-]*", line) and "|" in line), None)
    if table is not None and start - first > table:
        head = block[: table + 1]
        return "\n".join([*head, *lines[start:end]])
    return "\n".join(block)


def _in_fence(text: str, line: int) -> bool:
    return sum(bool(_FENCE.match(row)) for row in text.split("\n")[:line]) % 2 == 1
