"""A process page's handoffs, drawn from its front matter: a table, and the same as a flow chart."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import escape

from wiki.firm.handoffs import drawing, role_names, role_title
from wiki.markup.plain import plain_text
from wiki.pages.page import Handoff, Page
from wiki.workspace.roles import Roles

__all__ = ["handoffs_html"]


def handoffs_html(page: Page, roles: Roles) -> str:
    """What stands under the text of a process page; "" where it has no handoffs.

    The table is left out where the page's own text already says everything that moves. The flow chart is hidden until the script
    that draws diagrams takes its text; the table, or the page's own, says the same in words.
    """
    handoffs = page.front_matter.handoffs
    if page.front_matter.kind != "process" or not handoffs:
        return ""
    table = "" if _said(page, handoffs) else f'<h2 id="kh-handoffs">Handoffs</h2>{_table(handoffs, roles)}'
    chart = f'<pre class="kh-diagram" hidden><code>{escape(drawing(handoffs, roles))}</code></pre>'
    return f'<section class="kh-handoffs">{table}{chart}</section>'


def _said(page: Page, handoffs: tuple[Handoff, ...]) -> bool:
    body = _folded(plain_text(page.body))
    return all(_folded(plain_text(handoff.moves)) in body for handoff in handoffs) and any(h.moves for h in handoffs)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _table(handoffs: tuple[Handoff, ...], roles: Roles) -> str:
    columns: list[tuple[str, Callable[[Handoff], str]]] = [
        ("From", lambda h: _role(roles, h.from_role)),
        ("To", lambda h: _role(roles, h.to_role)),
        ("What moves", lambda h: _text(h.moves)),
        ("Who owns it", lambda h: _role(roles, h.owner)),
        ("Done when", lambda h: _text(h.done)),
    ]
    if any(h.receipt for h in handoffs):
        columns.append(("Confirmed by", lambda h: _text(h.receipt)))
    if any(h.if_plan_changes for h in handoffs):
        columns.append(("If the plan changes", lambda h: _role(roles, h.if_plan_changes)))
    head = "".join(f"<th>{name}</th>" for name, _ in columns)
    rows = "".join(f"<tr>{''.join(f'<td>{cell(handoff)}</td>' for _, cell in columns)}</tr>" for handoff in handoffs)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _text(written: str) -> str:
    return str(escape(written)) if written else '<span class="kh-stale">not said</span>'


def _role(roles: Roles, written: str) -> str:
    if not written:
        return '<span class="kh-stale">nobody</span>'
    vacant = any((role := roles.get(name)) is not None and role.vacant for name in role_names(written))
    return str(escape(role_title(roles, written))) + (' <span class="kh-stale">vacant</span>' if vacant else "")
