"""The map of handoffs: what every process page says about who passes what to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wiki.access import Audience
from wiki.firm.known import Firm, FirmPage
from wiki.pages.page import Handoff
from wiki.workspace.roles import Roles

__all__ = ["HandoffRow", "drawing", "handoff_map", "handoff_rows", "role_names", "role_title", "roles_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRow:
    """One handoff. `number` counts on its page, from 1; `line` is 1-based. The `…_title`s are names as a person would say them."""

    page_path: str
    page_title: str
    number: int
    line: int
    handoff: Handoff
    from_title: str
    to_title: str
    owner_title: str


def handoff_map(firm: Firm, audience: Audience) -> list[HandoffRow]:
    """The handoffs of every process that the audience may read, by page and in the page's order."""
    return [row for page in firm.readable(audience).values() for row in handoff_rows(page, firm.roles)]


def handoff_rows(page: FirmPage, roles: Roles) -> Iterator[HandoffRow]:
    """The handoffs of one page; none where it is no process."""
    if page.front_matter.kind != "process":
        return
    for number, (handoff, line) in enumerate(zip(page.front_matter.handoffs, page.handoff_lines, strict=True), 1):
        yield HandoffRow(
            page_path=page.path,
            page_title=page.title,
            number=number,
            line=line,
            handoff=handoff,
            from_title=role_title(roles, handoff.from_role),
            to_title=role_title(roles, handoff.to_role),
            owner_title=role_title(roles, handoff.owner),
        )


def role_names(written: str) -> list[str]:
    """The roles that a field of a handoff names: one, or several with commas or semicolons."""
    return [name for part in written.replace(";", ",").split(",") if (name := part.strip())]


def roles_of(handoff: Handoff) -> list[str]:
    """The roles of a handoff: who passes it on, who receives it, who owns it."""
    return [name for written in (handoff.from_role, handoff.to_role, handoff.owner) for name in role_names(written)]


def role_title(roles: Roles, written: str) -> str:
    """Roles by their titles; what is no role stays as it is written."""
    return ", ".join(role.title if (role := roles.get(name)) else name for name in role_names(written))


def drawing(handoffs: Iterable[Handoff], roles: Roles) -> str:
    """The handoffs as a Mermaid flow chart: a box for each role, an arrow for each handoff with its number and what moves.

    Labels are in quotes with every mark that Mermaid could read in them as a character code, so that no text becomes syntax.
    """
    boxes: dict[str, str] = {}
    arrows: list[str] = []
    for number, handoff in enumerate(handoffs, 1):
        ends = [
            boxes.setdefault(title or "?", f"r{len(boxes)}")
            for title in (role_title(roles, handoff.from_role), role_title(roles, handoff.to_role))
        ]
        moves = _label(f"{number}. {handoff.moves or '?'}")
        arrows.append(f'  {ends[0]} -->|"{moves}"| {ends[1]}')
    return "\n".join(["flowchart LR", *(f'  {box}["{_label(title)}"]' for title, box in boxes.items()), *arrows])


def _label(text: str) -> str:
    words = " ".join(text.split())
    words = words if len(words) <= 60 else f"{words[:59].rstrip()}…"
    return "".join(char if char.isalnum() or char in " .,-…'" else f"#{ord(char)};" for char in words)
