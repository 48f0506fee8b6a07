"""What the assistant says: an answer, what it rests on, and the events of a streamed one."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Answer", "Citation", "Cited", "Done", "Event", "Token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Words of a page that an answer rests on. `section` is the heading ("" before the first), `quote` is verbatim as a reader
    sees the page, `revision` the page's last commit. `stale`: the page is overdue for review."""

    page_path: str
    page_title: str
    section: str
    anchor: str
    quote: str
    revision: str
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to a question. `[1]` in `text` is the first of `citations`.

    `model` names the model that wrote it, None where it was put together from the pages' own sentences. `missing` says, where
    it was not answered, what is missing and who owns the nearest page. `note` is for the reader: why a model did not answer.
    """

    text: str
    answered: bool
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    conversation: str = ""
    took_ms: float = 0.0
    missing: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text; already checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The next citation; the text before it names it by its place, from [1]."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Done:
    """The last event. `answer.text` stands: where a model failed half-way it differs from the pieces sent, and replaces them."""

    answer: Answer


Event = Token | Cited | Done
