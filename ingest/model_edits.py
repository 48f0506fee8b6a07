"""Edits by a language model: one section and the update in, one checked replacement out.

The model is asked only about sections that match an update which says that something changed. Its reply is used only where the
old text stands in the section word by word and the new text has no name, number or link of its own making; a reply that fails
is sent back once with what was wrong. What then is left is the rules'.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.chat import ChatMessage, ChatModel, ModelError, available
from ingest.edit_rules.base import Replacement
from ingest.matching import PageMatch
from ingest.spoken import written
from ingest.update import Update
from wiki.pages import DEFAULT_RULES, Page, Section, SectionRules, split_sections

if TYPE_CHECKING:
    from ingest.model_reply import SectionEdit

__all__ = ["ask_model", "problem_with"]

log = logging.getLogger(__name__)

_SECTIONS = 3
_TIMEOUT_S = 60.0
_CONFIDENCE = 0.8
_MOST_CHARACTERS = 6000


def ask_model(
    update: Update,
    news: Mapping[str, str],
    pages: Sequence[tuple[PageMatch, Page]],
    model: ChatModel,
    rules: SectionRules = DEFAULT_RULES,
) -> dict[int, list[Replacement]]:
    """Page number -> the model's replacements on it, for the best sections; {} without a working model. `news`: entry id -> text."""
    if not available(model):
        return {}
    found: dict[int, list[Replacement]] = {}
    for number, section in _sections(pages, rules):
        page = pages[number][1]
        try:
            edit = _edit(update, news, page, section, model)
        except ModelError as error:
            log.warning("The model gave no edit, the rules go on: %s", error)
            return found
        if edit is not None:
            found.setdefault(number, []).append(_replacement(page, section, edit, news))
    return found


def problem_with(edit: SectionEdit, section_text: str, update_text: str) -> str:
    """What makes the edit unusable, as a sentence for the model; "" where it can be used."""
    if not edit.changes_page:
        return ""
    if not edit.old_text.strip() or section_text.count(edit.old_text) != 1:
        return "old_text must be copied from the section character by character, and occur in it once."
    if edit.old_text == edit.new_text:
        return "new_text is the same as old_text; answer with changes_page false if nothing changes."
    if len(edit.old_text) > 0.7 * len(section_text) > 700:
        return "old_text is nearly the whole section; replace only what changes."
    made_up = sorted(_facts(edit.new_text) - _facts(section_text) - _facts(update_text) - _facts(written(update_text)))
    known = _folded(section_text + " " + update_text + " " + written(update_text))
    made_up = [fact for fact in made_up if _folded(fact).strip() not in known]
    if made_up:
        return f"new_text has {', '.join(made_up[:5])}, which is neither in the update nor in the section."
    return ""


def _edit(update: Update, news: Mapping[str, str], page: Page, section: Section, model: ChatModel) -> SectionEdit | None:
    from pydantic import ValidationError

    from ingest.model_reply import SectionEdit

    text = section.text[:_MOST_CHARACTERS]
    request = _prompt("edit_request.md")
    for name, value in (
        ("title", page.title),
        ("heading", section.title),
        ("section", _data(text)),
        ("update", _data(update.text[:_MOST_CHARACTERS])),
        ("statements", "\n".join(f"- {_data(text)}" for text in news.values())),
    ):
        request = request.replace("{" + name + "}", value, 1)
    messages = [ChatMessage(role="system", content=_prompt("edit.md")), ChatMessage(role="user", content=request)]
    for last in (False, True):
        reply = model.complete(messages, schema=SectionEdit.model_json_schema(), timeout_s=_TIMEOUT_S)
        try:
            edit = SectionEdit.model_validate_json(_json(reply))
            problem = problem_with(edit, text, update.text)
        except ValidationError as error:
            problem = f"it does not fit the form ({error.errors()[0]['msg']})."
            edit = None
        if edit is not None and not problem:
            return edit if edit.changes_page else None
        log.info("The model's edit of %s cannot be used: %s", section.id, problem)
        if not last:
            retry = _prompt("edit_retry.md").replace("{problem}", problem)
            messages += [ChatMessage(role="assistant", content=reply), ChatMessage(role="user", content=retry)]
    return None


def _sections(pages: Sequence[tuple[PageMatch, Page]], rules: SectionRules) -> list[tuple[int, Section]]:
    """The sections to ask about: the best two of the best page, then the best of the next."""
    found: list[tuple[int, Section]] = []
    for rank, (match, page) in enumerate(pages[:_SECTIONS]):
        by_anchor = {section.anchor: section for section in split_sections(page, rules)}
        best = [by_anchor[anchor] for anchor in match.anchors if anchor in by_anchor]
        found += [(rank, section) for section in best[: 2 if rank == 0 else 1]]
    return found[:_SECTIONS]


def _replacement(page: Page, section: Section, edit: SectionEdit, news: Mapping[str, str]) -> Replacement:
    lines = page.text.splitlines(keepends=True)
    offset = sum(len(line) for line in lines[: section.start_line])
    start = page.text.index(edit.old_text, offset)
    return Replacement(
        start=start,
        end=start + len(edit.old_text),
        text=edit.new_text,
        confidence=_CONFIDENCE,
        reason=edit.reason.strip().rstrip(".") or "the update changes it",
        rule="model",
        anchor=section.anchor,
        entries=tuple(news),
    )


_TAG = re.compile(r"</?\s*(?:section|update)\s*>", re.IGNORECASE)
_FACT = re.compile(
    r"https?://\S+[^\s.,;)\]]|[\w.+-]+@[\w-]+\.[\w.-]+\w|[#@][\w-]+|\d[\d.,:/]*\d|\d|(?<![.!?:\n-] )(?<!^)\b[A-Z][\w'’-]+"
)


def _facts(text: str) -> set[str]:
    """Numbers, addresses and names in a text: what an edit may not make up."""
    return {match.group().lower().rstrip(".,") for match in _FACT.finditer(text)}


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _json(reply: str) -> str:
    match = re.search(r"\{.*\}", reply, re.DOTALL)
    return match[0] if match else reply


def _data(text: str) -> str:
    """Text that cannot close the tags it stands in."""
    return _TAG.sub(lambda match: match[0].replace("<", "‹").replace(">", "›"), text)


@lru_cache(maxsize=8)
def _prompt(name: str) -> str:
    return (files("ingest") / "prompts" / name).read_text(encoding="utf-8")
