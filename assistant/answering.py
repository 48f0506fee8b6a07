"""Questions in, cited answers out: by the model when there is one, else in the pages' own words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Answer, Citation, Cited, Done, Event, Token
from assistant.chat import ChatModel, ModelError
from assistant.conversation import ConversationStore, new_conversation, rewritten, whole_question
from assistant.extractive import Extract, extract
from assistant.meaning import Meaning
from assistant.retrieval import Passage, Sections, joined, numbered
from assistant.written import Written, citation_of, messages_for
from wiki.access import Viewer
from wiki.database import Database
from wiki.errors import InvalidInput

__all__ = ["Answer", "Asker", "Citation", "Cited", "Done", "Event", "Mode", "Token"]

Mode = Literal["auto", "off", "required"]

NOT_IN_HANDBOOK = "This is not in the handbook."
_LONGEST_QUESTION = 2000  # characters
_PROMPT_PASSAGES = 8


@dataclass(slots=True, kw_only=True)
class _Draft:
    """An answer before it is kept."""

    text: str = ""
    answered: bool = False
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    note: str = ""


class Asker:
    """Answers questions from the pages that the viewer may read. Thread-safe.

    `mode`: "auto" asks the model and falls back to extraction when it fails; "off" never asks it; "required" raises ModelError
    instead of falling back. `revision_of` and `owner_of` give a page's last commit and who answers for it, "" for none. `search`
    finds the sections (by default the index itself does), `meaning` compares them with the question.
    """

    def __init__(
        self,
        index: Sections,
        database: Database,
        *,
        model: ChatModel | None = None,
        mode: Mode = "auto",
        revision_of: Callable[[str], str] = lambda _: "",
        owner_of: Callable[[str], str] = lambda _: "",
        search: Sections | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        self.conversations = ConversationStore(database)
        self.model = model
        self.mode: Mode = mode
        self._index, self._search, self._meaning = index, search, meaning
        self._revision_of = revision_of
        self._owner_of = owner_of

    def ask(self, question: str, viewer: Viewer, *, conversation: str | None = None) -> Answer:
        """The answer, kept in the conversation (a new one unless given).

        Raises InvalidInput for an empty or overlong question, NotFound for a conversation that is not this viewer's, and
        ModelError in mode "required" only.
        """
        for event in self.stream(question, viewer, conversation=conversation):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: str, viewer: Viewer, *, conversation: str | None = None) -> Iterator[Event]:
        """The answer as it is made: Token and Cited, then one Done. Raises like `ask`, before the first event unless the model
        fails half-way in mode "required"."""
        started = time.perf_counter()
        question = question.strip()
        if not question:
            raise InvalidInput("The question is empty.", hint="Type a question.")
        if len(question) > _LONGEST_QUESTION:
            raise InvalidInput(
                f"The question is longer than {_LONGEST_QUESTION} characters.", hint="Ask for one thing at a time."
            )
        earlier = self.conversations.questions(conversation, viewer) if conversation else []
        draft = _Draft()
        model = self._usable(draft)
        whole = whole_question(question, earlier, self._index.language)
        if model and earlier:
            try:
                whole = rewritten(question, earlier, model)
            except ModelError as error:
                self._give_up(model, error, draft)
                model = None
        said_last = question if whole != question and whole.endswith(question) else ""
        found = self._extract(whole, viewer, said_last)
        if model and found.nearest:
            try:
                yield from self._written(whole, found.nearest, model, draft)
            except ModelError as error:
                self._give_up(model, error, draft)
                model = None
        if model is None:
            yield from _extracted(found, draft)
        missing = "" if draft.answered else self._missing(found)
        if not draft.answered:
            draft.text = f"{NOT_IN_HANDBOOK} {missing}".strip()
            yield Token(draft.text)
        answer = Answer(
            text=_with_stale_mark(draft.text, draft.citations),
            answered=draft.answered,
            citations=draft.citations,
            model=model.name if model else None,
            conversation=conversation or new_conversation(),
            missing=missing,
            note=draft.note,
            took_ms=round(1000 * (time.perf_counter() - started), 3),
        )
        self.conversations.keep(answer.conversation, viewer, text=question, whole=whole, answer=answer)
        yield Done(answer)

    def _extract(self, text: str, viewer: Viewer, said_last: str = "") -> Extract:
        return extract(
            text,
            self._index,
            viewer.audience,
            search=self._search,
            meaning=self._meaning,
            said_last=said_last,
            revision_of=self._revision_of,
        )

    def _usable(self, draft: _Draft) -> ChatModel | None:
        """The model if this question goes to it; why not stands in the draft's note."""
        if self.mode == "off" or (self.model is None and self.mode == "auto"):
            return None
        if self.model is None:
            raise ModelError(
                "A language model is required and none is configured.", hint="Set assistant.host and assistant.model."
            )
        problem = self.model.problem()
        if problem:
            self._give_up(self.model, problem, draft)
            return None
        return self.model

    def _give_up(self, model: ChatModel, error: ModelError, draft: _Draft) -> None:
        """Go on with the pages' own words, or not at all. What the model has said so far is taken back."""
        if self.mode == "required":
            raise error
        draft.text, draft.citations, draft.answered = "", (), False
        draft.note = f"{model.name} did not answer, so these are the handbook's own words. {error.message}"

    def _written(self, question: str, nearest: Sequence[Passage], model: ChatModel, draft: _Draft) -> Iterator[Event]:
        messages, passages = messages_for(question, numbered(joined(nearest[:_PROMPT_PASSAGES])), model)
        written = Written(passages=passages, language=self._index.language)
        first = True
        for event in written.events(model.stream(messages)):
            if first and (mark := _stale_mark(written.citations)):
                yield Token(mark)
            first = False
            yield event
        draft.text, draft.citations, draft.answered = written.text.strip(), tuple(written.citations), written.answered
        if written.removed:
            count = "One sentence" if written.removed == 1 else f"{written.removed} sentences"
            draft.note = f"{count} of {model.name} had no support in the pages and was left out."

    def _missing(self, found: Extract) -> str:
        """What is missing and whom to ask."""
        parts = []
        if found.unknown:
            parts.append(f"Nothing was found about {_listed([f'“{word}”' for word in found.unknown])}.")
        if found.nearest:
            nearest = found.nearest[0]
            owner = self._owner_of(nearest.page_path)
            parts.append(f"The nearest page is “{nearest.page_title}”" + (f"; ask its owner, {owner}." if owner else "."))
        return " ".join(parts)


def _extracted(found: Extract, draft: _Draft) -> Iterator[Event]:
    draft.answered = found.answered
    draft.citations = tuple(citation_of(quote.source.passage, quote.text) for quote in found.quotes)
    draft.text = found.text if found.answered else ""
    if not found.answered:
        draft.citations = ()
        return
    yield Token(_with_stale_mark(draft.text, draft.citations))
    yield from map(Cited, draft.citations)


def _stale_mark(citations: Sequence[Citation]) -> str:
    titles = list(dict.fromkeys(f"“{c.page_title}”" for c in citations if c.stale))
    if not titles:
        return ""
    return f"Overdue for review: {_listed(titles)}. What follows may no longer be right.\n\n"


def _with_stale_mark(text: str, citations: Sequence[Citation]) -> str:
    return _stale_mark(citations) + text


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
