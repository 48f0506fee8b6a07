"""One section edited for one statement: words of it replaced, checked by code, and looked at again by the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.chain.asking import Asker, as_data
from ingest.chain.checks import made_up
from ingest.chain.desk import excerpt, shown
from ingest.chain.hearing import Heard
from wiki.pages import Page, Section

if TYPE_CHECKING:
    from ingest.chain.forms import SectionEdit

__all__ = ["Change", "edit_section", "problem_with"]

_REPLY_TOKENS, _LOOK_TOKENS = 700, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`new_text` in the place of `old_text`, which stands in the section once."""

    old_text: str
    new_text: str
    reason: str


def edit_section(heard: Heard, page: Page, section: Section, asker: Asker) -> Change | str | None:
    """The change of the section; None where it needs none; a sentence why where no edit stands up to the checks."""
    from ingest.chain.forms import SectionEdit

    whole = shown(section.text)
    text = excerpt(whole, heard.text, asker.room("edit", _REPLY_TOKENS, whole) - len(heard.told))
    known = f"{page.title} {' '.join(section.heading_path)} {heard.told}"
    replied = asker.ask(
        "edit",
        {"title": page.title, "heading": section.title, "section": as_data(text), "news": as_data(heard.told)},
        SectionEdit,
        lambda edit: problem_with(edit, whole, known),
    )
    edit = replied.usable
    if edit is None:
        return replied.problem
    if not edit.changes_page:
        return None
    change = Change(old_text=edit.old_text, new_text=edit.new_text, reason=edit.reason.strip().rstrip("."))
    return change if _stands(heard, whole, change, asker) else "the edited section does not say what was said, or says more."


def problem_with(edit: SectionEdit, section_text: str, said: str) -> str:
    """What makes the edit unusable, as a sentence for the model; "" where it can be used."""
    if not edit.changes_page:
        return ""
    if not edit.old_text.strip() or section_text.count(edit.old_text) != 1:
        return "old_text must be copied from the section character by character, and occur in it once."
    if edit.old_text == edit.new_text:
        return "new_text is the same as old_text; answer with changes_page false if nothing changes."
    if len(edit.old_text) > 0.7 * len(section_text) > 700:
        return "old_text is nearly the whole section; replace only what changes."
    if invented := made_up(edit.new_text, section_text, said):
        return f"new_text has {', '.join(invented[:5])}, which is neither in the update nor in the section."
    return ""


def _stands(heard: Heard, section_text: str, change: Change, asker: Asker) -> bool:
    """Whether the model, shown the section before and after, finds in it what was said and nothing more."""
    from ingest.chain.forms import Look

    around = (
        asker.room("look", _LOOK_TOKENS, section_text) - len(heard.told) - len(change.old_text) - len(change.new_text)
    ) // 4
    before, _, after = section_text.partition(change.old_text)
    head, tail = before[-max(200, around) :] if around < len(before) else before, after[: max(200, around)]
    values = {
        "news": as_data(heard.told),
        "before": as_data(f"{head}{change.old_text}{tail}".strip()),
        "after": as_data(f"{head}{change.new_text}{tail}".strip()),
    }
    look = asker.ask("look", values, Look).usable
    return look is not None and look.says_it and look.nothing_more
