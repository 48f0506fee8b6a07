"""Two edits of the same lines, side by side with the names of who made them; a person chooses, and no marker is ever shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from knowhow.ui.diff import draw_words
from knowhow.ui.frame import plain_button

__all__ = ["Conflict", "Part", "draw_conflicts", "put_together", "split_merged"]

# As wiki.git.merging labels them.
_OURS, _BASE, _MIDDLE, _END = "<<<<<<< your edit", "||||||| before", "=======", ">>>>>>> in the wiki"

CHOICES = {"mine": "Take this one", "theirs": "Take this one", "both": "Take both, one after the other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Lines that both sides changed."""

    mine: str
    base: str
    theirs: str


Part = str | Conflict


def split_merged(merged: str, *, base: str, theirs: str) -> list[Part]:
    """A merge with git's markers as runs of settled text and conflicts. `base` and `theirs` are the whole texts that went into it."""
    parts: list[Part] = []
    plain: list[str] = []
    lines = merged.splitlines(keepends=True)
    place = 0
    while place < len(lines):
        found = _conflict_at(lines, place, base, theirs) if lines[place].rstrip("\r\n") == _OURS else None
        if found is None:
            plain.append(lines[place])
            place += 1
            continue
        if plain:
            parts.append("".join(plain))
            plain = []
        conflict, place = found
        parts.append(conflict)
    if plain:
        parts.append("".join(plain))
    return parts


def put_together(parts: list[Part], choices: list[str]) -> str:
    """The text with each conflict settled as chosen: "mine", "theirs" or "both"."""
    left = iter(choices)
    return "".join(part if isinstance(part, str) else _settled(part, next(left)) for part in parts)


def draw_conflicts(
    parts: list[Part], *, mine: str, theirs: str, on_done: Callable[[str], Awaitable[None]], first: str = "mine"
) -> None:
    """Both sides of every conflict under their names (`mine`, `theirs`), and the button that goes on with what was chosen."""
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    choices = [first] * len(conflicts)
    for number, conflict in enumerate(conflicts):
        with (
            ui.element("section").classes("kh-card kh-conflict").props(f'aria-label="Change {number + 1} of {len(conflicts)}"')
        ):
            _draw_one(conflict, number, choices, {"mine": mine, "theirs": theirs})

    async def done() -> None:
        await on_done(put_together(parts, choices))

    ui.button("Go on with these", on_click=done).props('unelevated no-caps data-testid="settled"').classes("kh-fit")


def _draw_one(conflict: Conflict, number: int, choices: list[str], names: dict[str, str]) -> None:
    buttons: dict[str, ui.element] = {}

    def choose(choice: str) -> None:
        choices[number] = choice
        for name, button in buttons.items():
            button.props(f'aria-pressed="{"true" if name == choice else "false"}"')

    with ui.element("div").classes("kh-sides"):
        for side, text in (("mine", conflict.mine), ("theirs", conflict.theirs)):
            with ui.element("div").classes("kh-side"):
                ui.label(names[side]).classes("kh-title")
                draw_words(conflict.base, text)
                buttons[side] = plain_button(CHOICES[side], partial(choose, side))
    buttons["both"] = plain_button(CHOICES["both"], partial(choose, "both"))
    for button in buttons.values():
        button.classes("kh-choice kh-fit")
    choose(choices[number])


def _settled(conflict: Conflict, choice: str) -> str:
    if choice == "both":
        return _ended(conflict.mine) + conflict.theirs
    return conflict.mine if choice == "mine" else conflict.theirs


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _conflict_at(lines: list[str], place: int, base: str, theirs: str) -> tuple[Conflict, int] | None:
    """The conflict that begins here and the line after it; None where the line only looks like the beginning of one."""
    bare = [line.rstrip("\r\n") for line in lines]
    try:
        before = bare.index(_BASE, place)
        end = bare.index(_END, before)
    except ValueError:
        return None
    for middle in (n for n in range(before + 1, end) if bare[n] == _MIDDLE):  # a heading may be underlined like that, too
        parts = ["".join(lines[a + 1 : b]) for a, b in ((place, before), (before, middle), (middle, end))]
        if parts[1].strip("\n") in base and parts[2].strip("\n") in theirs:
            return Conflict(mine=parts[0], base=parts[1], theirs=parts[2]), end + 1
    return None
