"""Differences drawn for people: removed and added lines, the changed words marked."""

from __future__ import annotations

import html

from nicegui import ui

from wiki.pages import Hunk, hunks, inline_changes, printable

__all__ = ["draw_diff", "draw_hunk", "draw_words"]


def draw_diff(old: str, new: str) -> None:
    """All hunks from `old` to `new`, or a line that says there are none."""
    found = hunks(old, new)
    if not found:
        ui.label("The text is the same.").classes("kh-quiet")
    for hunk in found:
        with ui.element("section").classes("kh-card kh-diff"):
            draw_hunk(hunk)


def draw_hunk(hunk: Hunk) -> None:
    """One hunk. Signs and hidden words say what colours say, for readers who see none."""
    pairs = zip(hunk.old_lines, hunk.new_lines, strict=False) if len(hunk.old_lines) == len(hunk.new_lines) else None
    marked = [inline_changes(old, new) for old, new in pairs] if pairs else None
    rows = []
    for number, line in enumerate(hunk.old_lines):
        rows.append(_row("-", "removed", marked[number][0] if marked else [(False, line)]))
    for number, line in enumerate(hunk.new_lines):
        rows.append(_row("+", "added", marked[number][1] if marked else [(False, line)]))
    ui.html("\n".join(rows), sanitize=False).classes("kh-lines")


def draw_words(old: str, new: str) -> None:
    """The new text alone, with the words marked that the old one has not."""
    _, parts = inline_changes(old, new)
    shown = "".join(
        f"<mark>{html.escape(printable(t))}</mark>" if changed else html.escape(printable(t)) for changed, t in parts
    )
    ui.html(shown or '<em class="kh-quiet">removed</em>', sanitize=False).classes("kh-words")


def _row(sign: str, what: str, parts: list[tuple[bool, str]]) -> str:
    text = "".join(f"<mark>{_shown(part)}</mark>" if changed else _shown(part) for changed, part in parts)
    tag = "del" if sign == "-" else "ins"
    return f'<{tag} class="kh-{what}"><span aria-hidden="true">{sign}</span><span class="kh-sr">{what}: </span>{text}</{tag}>'


def _shown(text: str) -> str:
    return html.escape(printable(text.rstrip("\r\n")))
