"""What the API takes and gives, as pydantic models, and how the layers' records become them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.answering import Answer
from ingest.update import Entry, Update
from wiki.firm import Signal
from wiki.git import Revision
from wiki.pages import Link, Page, due_date, printable
from wiki.review import Flag, ReviewItem, Suggestion, SuggestionEvidence
from wiki.search import Hit, SearchResult

PagePath = Annotated[
    str, Field(description="A page's id: its path relative to docs_dir, with .md", examples=["policies/expenses.md"])
]
Text = Annotated[str, Field(max_length=5_000_000)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HitOut(Model):
    page: PagePath
    title: str
    section: str = Field(description="The section's heading")
    anchor: str
    kind: str
    score: float = Field(description="Orders one list of hits; never compare it between queries")
    snippet: str = Field(description="HTML with <mark> only")
    stale: bool

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        return cls(
            page=hit.page_path,
            title=hit.page_title,
            section=hit.section_title,
            anchor=hit.anchor,
            kind=hit.kind,
            score=hit.score,
            snippet=hit.snippet,
            stale=hit.stale,
        )


class SearchOut(Model):
    hits: list[HitOut]
    total: int = Field(description="How many sections match, for this viewer")
    took_ms: float

    @classmethod
    def of(cls, result: SearchResult) -> SearchOut:
        return cls(hits=[HitOut.of(hit) for hit in result.hits], total=result.total, took_ms=result.took_ms)


class AskIn(Model):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"question": "Who owns the client kickoff?"}})

    question: str = Field(min_length=1, max_length=4000)
    conversation: str | None = Field(None, max_length=64, description="The conversation that this continues")


class CitationOut(Model):
    page: PagePath
    section: str
    anchor: str
    quote: str = Field(description="Verbatim from the section")
    revision: str


class AnswerOut(Model):
    answer: str
    answered: bool = Field(description="False: the pages do not say it")
    citations: list[CitationOut]
    model: str | None = Field(description="The model that wrote it; null: extracted from the pages")
    conversation: str
    took_ms: float
    note: str = Field("", description="What the reader should know about this answer")

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        return cls(
            answer=answer.text,
            answered=answer.answered,
            citations=[
                CitationOut(page=c.page_path, section=c.section, anchor=c.anchor, quote=c.quote, revision=c.revision)
                for c in answer.citations
            ],
            model=answer.model,
            conversation=answer.conversation,
            took_ms=answer.took_ms,
            note=answer.note,
        )


class UpdateIn(Model):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"channel": "chat", "text": "Maya [9:00 AM]: from Monday the deadline for expenses is 45 days"}
        },
    )

    channel: Literal["chat", "email", "meeting", "voice", "document", "note"] | None = Field(
        None, description="What the text is; left out, the text itself tells"
    )
    text: Text = Field(min_length=1)
    author: str | None = Field(None, max_length=200)
    occurred_at: datetime | None = None

    @field_validator("occurred_at")
    @classmethod
    def _possible(cls, at: datetime | None) -> datetime | None:
        """A time without a zone is UTC. The ends of the calendar are no times of news, and cannot be converted."""
        if at is not None and not 1970 <= at.year <= 2200:
            raise ValueError("a time between 1970 and 2200 is needed")
        return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


class AcceptedOut(Model):
    id: str
    status: str
    updates: list[str] = Field(description="All updates that were made of what was sent; `id` is the first")


class EntryOut(Model):
    id: str
    kind: Literal["change", "decision", "blocker", "question", "progress"]
    quote: str = Field(description="Verbatim from the update")
    author: str
    at: datetime | None

    @classmethod
    def of(cls, entry: Entry) -> EntryOut:
        return cls.model_validate(
            {"id": entry.id, "kind": entry.kind, "quote": entry.quote, "author": entry.author, "at": entry.at}
        )


class AsideOut(Model):
    """What came along and is no news: what the program says, a mark of a picture, a reaction, a head or foot of an export."""

    kind: Literal["system", "media", "reaction", "footer"]
    text: str
    author: str
    at: datetime | None


class UpdateOut(Model):
    id: str
    status: Literal["queued", "running", "done", "failed"]
    channel: str
    author: str
    occurred_at: datetime | None
    received_at: datetime
    source_name: str
    text: str
    entries: list[EntryOut]
    suggestions: list[str]
    flags: list[str]
    error: str = ""
    notes: list[str] = Field(default=[], description="What to know about how it was read, as where a date can be read two ways")
    aside: list[AsideOut] = Field(default=[], description="What was left out, in order")

    @classmethod
    def of(cls, update: Update, entries: list[Entry], suggestions: list[str], flags: list[str]) -> UpdateOut:
        return cls.model_validate(
            {
                **{name: getattr(update, name) for name in ("id", "status", "channel", "author", "occurred_at", "received_at")},
                "source_name": update.source_name,
                "text": update.text,
                "entries": [EntryOut.of(e) for e in entries],
                "suggestions": suggestions,
                "flags": flags,
                "error": update.error,
                "notes": list(update.notes),
                "aside": [
                    {"kind": turn.kind, "text": turn.text, "author": turn.author, "at": turn.at}
                    for turn in update.aside
                    if turn.kind != "note"
                ],
            }
        )


class EvidenceOut(Model):
    update: str
    quote: str
    author: str
    at: datetime | None

    @classmethod
    def of(cls, evidence: SuggestionEvidence) -> EvidenceOut:
        return cls(update=evidence.update, quote=evidence.quote, author=evidence.author, at=evidence.at)


class SuggestionOut(Model):
    id: str
    page: PagePath
    section: str = Field(description="The anchor of the section that changes first; empty for the page's top")
    action: Literal["edit", "new_page"]
    base_revision: str
    diff: str = Field(description="Unified, against the page as it is now")
    new_text: str = Field(description="The whole page after the edit")
    reason: str
    confidence: float
    evidence: list[EvidenceOut]
    status: Literal["open", "accepted", "rejected", "superseded"]
    conflict: bool = Field(description="The page changed on the same lines; accept it with an edited text")
    created_at: datetime
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    revision: str = Field("", description="The commit, once accepted")

    @classmethod
    def of(cls, item: ReviewItem) -> SuggestionOut:
        s: Suggestion = item.suggestion
        names = ("id", "section", "action", "base_revision", "new_text", "reason", "confidence", "status")
        more = ("created_at", "decided_at", "decided_by", "decision_reason", "revision")
        return cls.model_validate(
            {
                **{name: getattr(s, name) for name in (*names, *more)},
                "page": s.page_path,
                "new_text": printable(s.new_text),
                "diff": printable(item.diff),
                "conflict": item.conflict,
                "evidence": [EvidenceOut.of(e) for e in s.evidence],
            }
        )


class AcceptIn(Model):
    text: Text | None = Field(None, description="The whole page, where the reviewer edited the suggestion")
    hunks: list[int] | None = Field(None, max_length=10_000, description="Numbers of the accepted hunks of the diff, from 0")
    base_revision: str | None = Field(
        None, pattern="^[0-9a-f]{0,64}$", description="The page's revision that text or hunks were made on"
    )


class RejectIn(Model):
    reason: str = Field(min_length=1, max_length=2000)


class FlagOut(Model):
    id: str
    page: PagePath
    section: str
    kind: str
    since: datetime
    status: str
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, flag: Flag) -> FlagOut:
        return cls(
            id=flag.id,
            page=flag.page_path,
            section=flag.section,
            kind=flag.kind,
            since=flag.since,
            status=flag.status,
            evidence=[EvidenceOut.of(e) for e in flag.evidence],
        )


class PageOut(Model):
    path: PagePath
    title: str
    kind: str
    owner: str
    reviewed: date | None
    visibility: str
    text: str = Field(description="The whole file")
    revision: str = Field(description="The newest commit that touched the page; empty before its first")
    problems: list[str] = Field(description="Front matter that cannot be used, in words")

    @classmethod
    def of(cls, page: Page, revision: str) -> PageOut:
        front = page.front_matter
        return cls(
            path=page.path,
            title=page.title,
            kind=front.kind,
            owner=front.owner,
            reviewed=front.reviewed,
            visibility=front.visibility,
            text=printable(page.text),
            revision=revision,
            problems=list(page.problems),
        )


class PageIn(Model):
    text: Text
    message: str = Field("", max_length=2000, description="What changed and why; kept in git")


class MoveIn(Model):
    to: str = Field(min_length=1, max_length=1000, description="The new page id", examples=["policies/expenses-and-travel.md"])


class SavedOut(Model):
    path: PagePath
    revision: str
    merged: bool = Field(description="The page had moved on and your edit was merged into it")


class RevisionOut(Model):
    revision: str
    author: str
    at: datetime
    message: str
    trailers: dict[str, str]

    @classmethod
    def of(cls, revision: Revision) -> RevisionOut:
        return cls(
            revision=revision.id,
            author=revision.author.name,
            at=revision.at,
            message=revision.message,
            trailers=dict(revision.trailers),
        )


class BacklinkOut(Model):
    page: PagePath
    line: int = Field(description="Line of the file, from 1")
    target: str = Field(description="The link's target as it is written")

    @classmethod
    def of(cls, link: Link) -> BacklinkOut:
        return cls(page=link.page_path, line=link.line + 1, target=link.target_text)


class SignalOut(Model):
    kind: str = Field(description="As docs/formats.md lists them", examples=["review-overdue"])
    page: PagePath
    message: str

    @classmethod
    def of(cls, signal: Signal) -> SignalOut:
        return cls(kind=signal.kind, page=signal.page_path, message=signal.message)


class FreshnessOut(Model):
    page: PagePath
    reviewed: date | None
    due: date | None = Field(description="The last day on which the page counts as reviewed")
    may_confirm: bool = Field(description="Whether the viewer answers for the page")
    signals: list[SignalOut] = Field(description="Why it may no longer be right, the gravest reason first")

    @classmethod
    def of(cls, page: Page, found: list[Signal], *, may_confirm: bool) -> FreshnessOut:
        return cls(
            page=page.path,
            reviewed=page.front_matter.reviewed,
            due=due_date(page.front_matter),
            may_confirm=may_confirm,
            signals=[SignalOut.of(signal) for signal in found],
        )


class ListOf(Model):
    """The shape of every list: `next` is the cursor of the following part, null at the end."""

    next: str | None


class SuggestionList(ListOf):
    items: list[SuggestionOut]


class FlagList(ListOf):
    items: list[FlagOut]


class RevisionList(ListOf):
    items: list[RevisionOut]


class BacklinkList(ListOf):
    items: list[BacklinkOut]


class UpdateList(ListOf):
    items: list[UpdateOut]


def as_json(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json")
