"""The answer that a model writes: passages into the prompt, claims out, each checked before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answer import Citation, Cited, Token
from assistant.chat import ChatMessage, ChatModel
from assistant.citations import Claim, ClaimReader, Support, check
from assistant.prompts import prompt
from assistant.retrieval import Part, Passage
from wiki.search import sentences

__all__ = ["NOT_FOUND", "Written", "citation_of", "messages_for"]

NOT_FOUND = "NOT_FOUND"

_CHARS_A_TOKEN = 3  # a low guess, so that the prompt fits in any language
_REPLY_TOKENS = 900
_LONGEST_PASSAGE_CHARS = 3000


@dataclass(slots=True, kw_only=True)
class Written:
    """An answer while it is being written: `text` and `citations` hold what was checked and passed on so far."""

    passages: Sequence[Passage]
    language: str
    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    removed: int = 0
    _leads: list[Claim] = field(default_factory=list)
    _not_found: bool = False

    @property
    def answered(self) -> bool:
        return bool(self.citations) and not self._not_found

    def events(self, tokens: Iterator[str]) -> Iterator[Token | Cited]:
        """Claims that stand, as they are completed. Sentences without support are left out. Raises what `tokens` raises."""
        reader = ClaimReader()
        for token in tokens:
            for claim in reader.feed(token):
                yield from self._passed(claim)
        for claim in reader.end():
            yield from self._passed(claim)

    def _passed(self, claim: Claim) -> Iterator[Token | Cited]:
        if NOT_FOUND in claim.text:
            self._not_found = not self.citations
            return
        if self._not_found:
            return
        if claim.lead_in and not claim.numbers:
            self._leads.append(claim)
            return
        support = check(claim, self.passages, self.language)
        if not support:
            self.removed += 1
            self._leads.clear()
            return
        for lead in self._leads:
            yield self._say(lead, "")
        self._leads.clear()
        known = len(self.citations)
        cited = [self._citation(s) for s in support]
        self.citations += [c for c in dict.fromkeys(cited) if c not in self.citations]
        yield self._say(claim, "".join(f"[{self.citations.index(c) + 1}]" for c in dict.fromkeys(cited)))
        yield from map(Cited, self.citations[known:])

    def _say(self, claim: Claim, marks: str) -> Token:
        text = _marked(claim.text, marks) + (claim.end or "")
        self.text += text
        return Token(text)

    def _citation(self, support: Support) -> Citation:
        passage = next(p for p in self.passages if p.number == support.number)
        return citation_of(passage, support.quote)


def citation_of(passage: Passage, quote: str) -> Citation:
    """The citation of words of a passage, with the section they stand in."""
    part = next((p for p in passage.parts if _holds(p, quote)), passage.parts[0])
    return Citation(
        page_path=passage.page_path,
        page_title=passage.page_title,
        section=part.section_title,
        anchor=part.anchor,
        quote=quote,
        revision=passage.revision,
        stale=passage.stale,
    )


def messages_for(question: str, passages: Sequence[Passage], model: ChatModel) -> tuple[list[ChatMessage], list[Passage]]:
    """The prompt, and the passages that fitted into it. It holds nothing but the question and these passages."""
    room = max(1000, (model.context_tokens - _REPLY_TOKENS) * _CHARS_A_TOKEN - len(prompt("answer")) - len(question))
    shown: list[Passage] = []
    texts: list[str] = []
    for passage in passages:
        text = _as_data(passage)
        if shown and len(text) > room:
            break
        room -= len(text)
        texts.append(text)
        shown.append(passage)
    body = "\n\n".join(texts)
    return [
        ChatMessage(role="system", content=prompt("answer")),
        ChatMessage(role="user", content=f"<passages>\n{body}\n</passages>\n\nQuestion: {question}"),
    ], shown


def _as_data(passage: Passage) -> str:
    titles = dict.fromkeys([passage.page_title, *passage.heading_path, passage.section_title])
    text = passage.text[:_LONGEST_PASSAGE_CHARS].strip()
    # A page cannot end the block of passages by writing its mark.
    text = text.replace("</passages", "< /passages").replace("<passages", "< passages")
    return f"[{passage.number}] {' > '.join(title for title in titles if title)}\n{text}"


def _marked(text: str, marks: str) -> str:
    """The citation marks before the full stop that ends a sentence."""
    if not marks:
        return text
    body = text.rstrip(".!?")
    return f"{body} {marks}{text[len(body) :]}" if len(text) - len(body) == 1 else f"{text} {marks}"


def _holds(part: Part, quote: str) -> bool:
    return " ".join(quote.split()) in " ".join(" ".join(sentences(part.text)).split())
