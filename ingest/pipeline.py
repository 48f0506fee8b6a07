"""The way of an update, step by step: transcribed and redacted, read, matched, drafted, stored.

Each step is a plain function of the update's id and the parts; what it gives can be pickled. A job runner may run each as a
step of its own: ids of entries, suggestions and flags are made from the update's id, so that a step that runs again does
nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from assistant.chat import ChatModel
from ingest.chain import follow_update
from ingest.edits import propose_edits
from ingest.entries import find_entries, read_update
from ingest.intake import Intake
from ingest.matching import PageMatch, SimilarSections, match_pages
from ingest.readers import read_recording
from ingest.scene import Embed, without_model
from ingest.slots import People
from ingest.speech import Transcriber
from ingest.statements import messages_in
from ingest.store import UpdateStore
from ingest.update import Entry
from wiki.access import Audience, everyone_audience
from wiki.editing import page_revision
from wiki.errors import InvalidInput, NotFound, WikiError
from wiki.git import Repository
from wiki.pages import Page
from wiki.review import FlagDraft, FlagStore, SuggestionDraft, SuggestionStore
from wiki.workspace import Workspace

__all__ = [
    "Drafts",
    "Outcome",
    "Pipeline",
    "draft_results",
    "extract_entries",
    "match_entries",
    "redact_update",
    "run",
    "store_results",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """The parts that the steps work with. `audience` is what matching reads: everything, since no viewer asked for it."""

    workspace: Workspace
    repository: Repository
    index: SimilarSections
    updates: UpdateStore
    suggestions: SuggestionStore
    flags: FlagStore
    intake: Intake
    transcriber: Transcriber | None = None
    model: ChatModel | None = None
    embed: Embed = without_model
    audience: Audience = field(default_factory=everyone_audience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What an update would lead to, not stored yet; the best first."""

    suggestions: tuple[SuggestionDraft, ...] = ()
    flags: tuple[FlagDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an update: ids, the best first; `error` is "" unless `status` is "failed"."""

    update: str
    status: str
    suggestions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    error: str = ""


Step = Callable[..., Any]
"""How a step is run: `step(name, function, *args)` gives what `function(*args)` gives, at once or as a durable step."""


def run(update_id: str, parts: Pipeline, *, step: Step | None = None) -> Outcome:
    """All steps in order. What a person can mend never rises: the update is failed then, and its error says what to do.

    Raises NotFound where there is no such update; a bug rises after the update was marked failed.
    """
    step = step or _at_once
    parts.updates.set_status(update_id, "running")
    try:
        step("redact", redact_update, update_id, parts)
        step("extract", extract_entries, update_id, parts)
        matches = step("match", match_entries, update_id, parts)
        drafts = step("draft", draft_results, update_id, matches, parts)
        outcome = cast(Outcome, step("store", store_results, update_id, drafts, parts))
        parts.updates.set_status(update_id, outcome.status)  # said again: a step that ran before a kill is not run again
        return outcome
    except WikiError as error:
        message = f"{error.message} {error.hint}".strip()
        log.warning("Update %s failed: %s", update_id, message)
        parts.updates.set_status(update_id, "failed", message)
        return Outcome(update=update_id, status="failed", error=message)
    except Exception:
        log.exception("Update %s failed", update_id)
        parts.updates.set_status(update_id, "failed", "Something went wrong inside Knowhow; its log says what.")
        raise


def redact_update(update_id: str, parts: Pipeline) -> None:
    """Make sure that the update's text is there and redacted: a pasted text is from the start, a recording is transcribed.

    Raises SpeechUnavailable where no speech model is set; the recording stays kept.
    """
    update = parts.updates.get(update_id)
    path = parts.updates.file(update_id)
    if path is None:
        return
    if update.text:  # a run that died here had the text already
        parts.updates.drop_file(update_id)
        return
    spoken = read_recording(
        path.name, path.read_bytes(), parts.transcriber, author=update.author, occurred_at=update.occurred_at
    )
    clean = parts.intake.redacted(spoken)
    parts.updates.set_text(update_id, clean.text, clean.messages)
    if clean.text:
        parts.updates.drop_file(update_id)  # what was said is kept redacted; the voice is not


def extract_entries(update_id: str, parts: Pipeline) -> list[Entry]:
    """The update's entries, kept in the place of those of an earlier run."""
    return parts.updates.save_entries(update_id, find_entries(parts.updates.get(update_id)))


def match_entries(update_id: str, parts: Pipeline) -> list[PageMatch]:
    """The pages that the update's changes are about, best first; [] where it changes nothing."""
    update = parts.updates.get(update_id)
    news = [verdict.statement.text for verdict in read_update(update) if verdict.is_news]
    return match_pages(update, news, parts.index, parts.audience) if news else []


def draft_results(update_id: str, matches: Sequence[PageMatch], parts: Pipeline) -> Drafts:
    """Suggestions and flags, on the pages as they stand now: by the model where there is one, else by rule for these matches.

    The statements that the model found take the place of the entries found by rule.
    """

    def read_page(page_path: str) -> Page | None:
        try:
            return parts.workspace.read_page(page_path)
        except (NotFound, InvalidInput):  # gone, or too large, since it was indexed
            return None

    def revision_of(page_path: str) -> str:
        return page_revision(parts.workspace, parts.repository, page_path)

    update, rules = parts.updates.get(update_id), parts.workspace.section_rules
    decisions = _decisions_folder(parts.workspace)
    if parts.model is not None:
        followed = follow_update(update, parts.model, parts.index, parts.audience, read_page, revision_of, rules, decisions)
        if followed is not None:
            parts.updates.save_entries(update_id, followed.entries)
            return Drafts(suggestions=followed.suggestions, flags=followed.flags)
    roles = parts.workspace.roles
    people = People.of(
        [name for role in roles for name in (role.holder, role.deputy)] + [message.author for message in messages_in(update)],
        [role.title for role in roles],
    )
    suggestions, flags = propose_edits(update, matches, read_page, revision_of, people, parts.embed, rules, decisions)
    return Drafts(suggestions=tuple(suggestions), flags=tuple(flags))


def _decisions_folder(workspace: Workspace) -> str:
    """The folder of pages for decisions, with its `/`; "" where the workspace has none of that name."""
    folders = (path.rpartition("/")[0] for path in workspace.page_paths())
    return next((f"{folder}/" for folder in folders if folder.rpartition("/")[2].lower() == "decisions"), "")


def store_results(update_id: str, drafts: Drafts, parts: Pipeline) -> Outcome:
    """Store what was drafted under ids made from the update's, and mark the update done. A second run finds them there."""
    suggestions: list[str] = []
    for number, draft in enumerate(drafts.suggestions, start=1):
        suggestions.append(parts.suggestions.propose(draft, id=f"{update_id}-s{number}").id)
        parts.updates.add_result(update_id, "suggestion", suggestions[-1])
    flags: list[str] = []
    for number, flag in enumerate(drafts.flags, start=1):
        flags.append(parts.flags.raise_flag(flag, id=f"{update_id}-f{number}").id)
        parts.updates.add_result(update_id, "flag", flags[-1])
    parts.updates.set_status(update_id, "done")
    return Outcome(update=update_id, status="done", suggestions=tuple(suggestions), flags=tuple(flags))


def _at_once(_name: str, function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)
