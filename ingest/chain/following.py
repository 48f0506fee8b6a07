"""From the update to its suggestions and flags, statement by statement; what the model cannot settle becomes a flag with the quote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.chat import ChatModel, ModelError, available
from ingest.chain.asking import Asker, OutOfCalls, prompt
from ingest.chain.choosing import candidates, choose
from ingest.chain.desk import Desk
from ingest.chain.editing import Change, edit_section
from ingest.chain.hearing import Heard, hear
from ingest.decisions import decision_pages
from ingest.matching import SimilarSections
from ingest.news import Verdict
from ingest.statements import Statement
from ingest.update import Entry, Update, entry_id
from wiki.access import Audience
from wiki.pages import DEFAULT_RULES, Page, SectionRules
from wiki.review import FlagDraft, SuggestionDraft, SuggestionEvidence
from wiki.search import Hit

__all__ = ["Followed", "follow_update"]

log = logging.getLogger(__name__)

_CONFIDENCE = 0.8
_MOST_FLAGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What an update leads to; `entries` are its statements, `calls` how often the model was asked."""

    entries: tuple[Entry, ...]
    suggestions: tuple[SuggestionDraft, ...]
    flags: tuple[FlagDraft, ...]
    calls: int


@dataclass(slots=True, kw_only=True)
class _Results:
    """By page: the changes made, each with the statement behind it. By section: the statements that no edit could be made of."""

    changes: dict[str, list[tuple[Heard, str, Change]]] = field(default_factory=dict)
    doubts: dict[tuple[str, str], list[Heard]] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)


def follow_update(
    update: Update,
    model: ChatModel,
    index: SimilarSections,
    audience: Audience,
    read_page: Callable[[str], Page | None],
    revision_of: Callable[[str], str],
    rules: SectionRules = DEFAULT_RULES,
    decisions: str = "",
) -> Followed | None:
    """What the model makes of the update; None where it is not there or fails on the way: the rules do all of it then.

    `read_page`, `rules` and `decisions` are as in `ingest.edits.propose_edits`.
    """
    if not available(model):
        return None
    asker, desk, results = Asker(model), Desk(read_page, revision_of, rules), _Results()
    try:
        heard = hear(update, asker)
        _edit_pages(heard, index, audience, desk, asker, results)
    except ModelError as error:
        log.warning("The model failed after %d calls, the rules go on: %s", asker.calls, error)
        return None
    log.info("Update %s took %d calls of %s.", update.id, asker.calls, model.name)
    mark = f"model {model.name}, prompt v{prompt('edit').version}"
    suggestions = [_suggestion(update, desk, path, made, mark) for path, made in results.changes.items()]
    flags = [
        FlagDraft(
            page_path=path, section=anchor, kind="contradicted", evidence=tuple(_evidence(update, one) for one in doubted)
        )
        for (path, anchor), doubted in results.doubts.items()
    ]
    settled = {one.quote for made in results.changes.values() for one, _, _ in made}
    return Followed(
        entries=_entries(update, heard),
        suggestions=(*suggestions, *_decisions(update, heard, settled, results.titles, decisions)),
        flags=tuple(flags[:_MOST_FLAGS]),
        calls=asker.calls,
    )


def _edit_pages(
    heard: Sequence[Heard], index: SimilarSections, audience: Audience, desk: Desk, asker: Asker, results: _Results
) -> None:
    for number, one in enumerate(heard):
        if not one.is_news:
            continue
        hits = candidates(one, index, audience)
        results.titles.update(hit.page_title for hit in hits)
        chosen: list[Hit] = []
        try:
            chosen = choose(one, hits, desk, asker)
            while chosen:
                _edit(one, chosen[0], desk, asker, results)
                chosen.pop(0)
        except OutOfCalls:
            for hit in chosen:
                results.doubts.setdefault((hit.page_path, hit.anchor), []).append(one)
            log.warning("%d calls were not enough: %d statements are left.", asker.calls, len(heard) - number - 1)
            return


def _edit(one: Heard, hit: Hit, desk: Desk, asker: Asker, results: _Results) -> None:
    place = desk.section(hit.page_path, hit.anchor)
    if place is None:  # gone by an edit before
        return
    page, section = place
    change = edit_section(one, page, section, asker)
    if change is None:
        return
    if isinstance(change, Change) and desk.put(page, section, change.old_text, change.new_text):
        results.changes.setdefault(page.path, []).append((one, section.anchor, change))
        return
    if isinstance(change, str):
        log.info("No edit of %s stands: %s", section.id, change)
    results.doubts.setdefault((page.path, section.anchor), []).append(one)


def _suggestion(
    update: Update, desk: Desk, page_path: str, made: Sequence[tuple[Heard, str, Change]], mark: str
) -> SuggestionDraft:
    edited = desk.edited[page_path]
    reason = "; ".join(dict.fromkeys(change.reason or "the update changes it" for _, _, change in made))
    return SuggestionDraft(
        page_path=page_path,
        section=made[0][1],
        action="edit",
        base_revision=edited.revision,
        base_text=edited.base.text,
        new_text=edited.page.text,
        reason=f"{reason[:1].upper()}{reason[1:]} ({mark})",
        confidence=_CONFIDENCE,
        evidence=tuple(dict.fromkeys(_evidence(update, one) for one, _, _ in made)),
    )


def _decisions(
    update: Update, heard: Sequence[Heard], settled: set[str], titles: set[str], folder: str
) -> list[SuggestionDraft]:
    """A page for each decision that no page took up, where the workspace has a folder for them."""
    if not folder:
        return []
    verdicts = [
        Verdict(statement=Statement(text=one.text, quote=one.quote, author=one.author, at=one.at), kind=one.kind)
        for one in heard
    ]
    left = {n for n, one in enumerate(heard) if one.kind == "decision" and one.decided and one.quote not in settled}
    return decision_pages(update, verdicts, left, sorted(titles), folder)


def _entries(update: Update, heard: Sequence[Heard]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            id=entry_id(update.id, number),
            update=update.id,
            kind=one.kind,
            quote=one.quote,
            author=one.author,
            at=one.at,
            text=one.text,
        )
        for number, one in enumerate(heard)
    )


def _evidence(update: Update, one: Heard) -> SuggestionEvidence:
    return SuggestionEvidence(update=update.id, quote=one.quote, author=one.author, at=one.at)
