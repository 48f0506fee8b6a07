"""Conversations kept in the database: what was asked, what was answered, by whom; and follow-ups made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, RowMapping, String, Table, Text, insert, select
from ulid import ULID

from assistant.answer import Answer, Citation
from assistant.chat import ChatMessage, ChatModel
from assistant.prompts import prompt
from wiki.access import Level, Viewer
from wiki.database import Database, UtcDateTime, metadata, utc_now
from wiki.errors import NotFound
from wiki.search import content_stems

__all__ = [
    "Asked",
    "ConversationStore",
    "conversation_table",
    "new_conversation",
    "question_table",
    "rewritten",
    "whole_question",
]

conversation_table = Table(
    "conversation",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("asked_by", String(200), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Index("conversation_asked_by", "asked_by", "started_at"),
)

question_table = Table(
    "question",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("conversation", ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("whole", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("model", String(200)),
    Column("missing", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("took_ms", Float, nullable=False),
    Index("question_conversation", "conversation", "id"),
    Index("question_answered", "answered", "id"),
)

_SAME_OF = re.compile(r"^\s*(?:(?:and|or|but|so) )?(?:what about|how about|what if|same for)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:it|its|that|this|these|those|they|them|their|theirs|he|him|his|she|her|there|ones|instead|else|same)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|do|does|did|can|could|may|might|must|shall|should|will|would|have|has|had|need)\b|'(?:s|m|re)\b",
    re.IGNORECASE,
)
_MOST_STEMS = 4  # of a question that refers to what was said before it
_LONGEST_CARRIED = 300  # characters of earlier questions
_LONGEST_REWRITE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it was kept. `whole` is what was looked up: the question with what a follow-up leaves out."""

    id: str
    conversation: str
    asked_by: str
    at: datetime
    text: str
    whole: str
    answer: Answer


def new_conversation() -> str:
    """An id that nobody can guess. Nothing is kept of a conversation before its first question is."""
    return str(ULID())


class ConversationStore:
    """Who asked what. A conversation belongs to its asker: for anybody else it does not exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def questions(self, conversation: str, viewer: Viewer) -> list[Asked]:
        """What was asked in a conversation, oldest first. Raises NotFound for one of somebody else, or none."""
        with self._database.read() as connection:
            owner = connection.execute(
                select(conversation_table.c.asked_by).where(conversation_table.c.id == conversation)
            ).scalar_one_or_none()
            if owner is None or owner != viewer.handle:
                raise NotFound("There is no such conversation.", hint="Leave the conversation out to start a new one.")
            rows = connection.execute(
                select(question_table)
                .where(question_table.c.conversation == conversation)
                .order_by(question_table.c.at, question_table.c.id)
            ).mappings()
            return [_asked(row) for row in rows]

    def keep(self, conversation: str, viewer: Viewer, *, text: str, whole: str, answer: Answer) -> Asked:
        """Keep a question and its answer, and the conversation if it is new."""
        now = utc_now()
        row = {
            "id": str(ULID()),
            "conversation": conversation,
            "asked_by": viewer.handle,
            "at": now,
            "text": text,
            "whole": whole,
            "answer": answer.text,
            "answered": answer.answered,
            "citations": [asdict(citation) for citation in answer.citations],
            "model": answer.model,
            "missing": answer.missing,
            "note": answer.note,
            "took_ms": answer.took_ms,
        }
        with self._database.begin() as connection:
            known = connection.execute(select(conversation_table.c.id).where(conversation_table.c.id == conversation)).first()
            if known is None:
                connection.execute(insert(conversation_table).values(id=conversation, asked_by=viewer.handle, started_at=now))
            connection.execute(insert(question_table).values(**row))
        return Asked(
            id=str(row["id"]), conversation=conversation, asked_by=viewer.handle, at=now, text=text, whole=whole, answer=answer
        )

    def recent(self, viewer: Viewer, *, limit: int = 50) -> list[Asked]:
        """The viewer's own questions, newest first."""
        query = select(question_table).where(question_table.c.asked_by == viewer.handle)
        return self._listed(query.order_by(question_table.c.at.desc(), question_table.c.id.desc()).limit(limit))

    def unanswered(self, viewer: Viewer, *, limit: int = 50) -> list[Asked]:
        """Questions that the pages did not answer, newest first: everybody's for an editor, else the viewer's own."""
        query = select(question_table).where(question_table.c.answered.is_(False))
        if viewer.level < Level.EDITOR:
            query = query.where(question_table.c.asked_by == viewer.handle)
        return self._listed(query.order_by(question_table.c.at.desc(), question_table.c.id.desc()).limit(limit))

    def _listed(self, query: object) -> list[Asked]:
        with self._database.read() as connection:
            return [_asked(row) for row in connection.execute(query).mappings()]  # type: ignore[call-overload]


def whole_question(text: str, earlier: Sequence[Asked], language: str) -> str:
    """A follow-up with what it leaves out, without a model: the last question is put before one that leans on it."""
    if not earlier or not _leans(text, language):
        return text
    return f"{earlier[-1].whole[-_LONGEST_CARRIED:]} {text}"


def rewritten(text: str, earlier: Sequence[Asked], model: ChatModel) -> str:
    """A follow-up as a question that can be understood alone, by the model. Raises ModelError.

    The model sees the earlier questions, not their answers: what they quoted may since have been closed to this viewer.
    """
    said = "\n".join(f"- {asked.text}" for asked in earlier[-4:])
    reply = model.complete(
        [
            ChatMessage(role="system", content=prompt("rewrite")),
            ChatMessage(role="user", content=f"Earlier questions:\n{said}\n\nLast question:\n{text}"),
        ]
    )
    line = next((line.strip().strip('"') for line in reply.splitlines() if line.strip()), "")
    return line if 0 < len(line) <= _LONGEST_REWRITE and set(content_stems(line)) else text


def _leans(text: str, language: str) -> bool:
    """Whether a question is cut short: a fragment, or one that says "it". One that names its own subject stands alone."""
    stems = len(set(content_stems(text, language)))
    whole = stems > 1 or (stems == 1 and bool(_VERB.search(text)))
    refers = stems <= _MOST_STEMS and bool(_REFERS.search(text))
    return refers or not whole or bool(_SAME_OF.match(text))


def _asked(row: RowMapping) -> Asked:
    answer = Answer(
        text=row["answer"],
        answered=row["answered"],
        citations=tuple(Citation(**citation) for citation in row["citations"]),
        model=row["model"],
        conversation=row["conversation"],
        took_ms=row["took_ms"],
        missing=row["missing"],
        note=row["note"],
    )
    return Asked(
        id=row["id"],
        conversation=row["conversation"],
        asked_by=row["asked_by"],
        at=row["at"],
        text=row["text"],
        whole=row["whole"],
        answer=answer,
    )
