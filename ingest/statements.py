"""Update -> statements: sentences of what people wrote, clauses of what they said, each with its verbatim quote.

Written text is cut at ends of sentences and lines of lists. Speech without punctuation is cut where a clause starts: after a
filler, before a connective with its own subject. What was spoken as words (numbers, "dot", "hashtag", spelled letters) is
resolved in `Statement.text`; `Statement.quote` stays as it was said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ingest.spoken import written
from ingest.update import Message, Update, messages_of

__all__ = ["Statement", "is_speech", "messages_in", "statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing said. `quote` is verbatim from the update; `text` is it in one line, with spoken forms written out.

    `message` counts the update's messages from 0; `item`: a line of a list; `question`: it asks; `heading`: a mail's subject.
    """

    text: str
    quote: str
    author: str = ""
    at: datetime | None = None
    message: int = 0
    item: bool = False
    question: bool = False
    heading: bool = False
    spoken: bool = False


_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|st|no|nr|fig|al|inc|ltd|co|corp|dept|approx|ca|"
    r"cf|u\.s|u\.k|a\.m|p\.m|resp)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*(?:\s+:[\w+-]+:)*\s+(?=\S)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+(?=\S)")
_TOKEN = re.compile(r"\S+")
_FILLER = frozenset(["um", "uh", "er", "erm", "hmm", "uhm"])
_OPENERS = frozenset(["so", "okay", "ok", "hey", "yeah", "but", "because", "also", "anyway", "oh", "plus", "well"])
_SUBJECTS = frozenset(
    [
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "it",
        "it's",
        "that's",
        "there's",
        "there",
        "you're",
        "they're",
        "we're",
        "i'm",
        "he's",
        "she's",
        "these",
        "this",
        "that",
    ]
)
_JOINERS = frozenset(["and", "then", "now", "if", "when", "from", "as", "please"])


def statements(update: Update) -> list[Statement]:
    """The statements of `update`, in its order."""
    found: list[Statement] = []
    spoken = is_speech(update)
    messages = messages_in(update)
    for number, message in enumerate(messages):
        heading = update.channel == "email" and number == 0 and len(messages) > 1 and _is_subject(message.text, update.text)
        spans = _spoken_spans(message.text) if spoken else _written_spans(message.text)
        for start, end, item in spans:
            quote = _verbatim(message.text[start:end].strip(), update.text)
            if not re.search(r"\w", quote):
                continue
            text = re.sub(r"\s+", " ", quote).strip()
            found.append(
                Statement(
                    text=written(text) if update.channel == "voice" else text,
                    quote=quote,
                    author=message.author,
                    at=message.at,
                    message=number,
                    item=item,
                    question=text.rstrip("\"')”’ ").endswith("?") or (spoken and bool(_SPOKEN_QUESTION.match(text))),
                    heading=heading,
                    spoken=spoken,
                )
            )
    return found


def _is_subject(said: str, whole: str) -> bool:
    """Whether this is the subject that the mail begins with."""
    return any(line.partition(":")[2].strip() == said for line in whole.split("\n", 8)[:8])


def messages_in(update: Update) -> tuple[Message, ...]:
    """The update's messages, found in its text where the reader kept none."""
    if update.messages:
        return update.messages
    return messages_of(update.text, update.channel, author=update.author, occurred_at=update.occurred_at)


def is_speech(update: Update) -> bool:
    """Whether the text is dictated: a voice memo, or a long text with hardly a full stop."""
    words = len(update.text.split())
    stops = len(re.findall(r"[.!?](?:\s|$)", update.text))
    return update.channel == "voice" and stops * 30 < words


_SPOKEN_QUESTION = re.compile(
    r"(?:(?:um|uh|so|okay|hey|and) )*(?:(?:who|what|where|when|why|how)(?:'s| (?:do|does|did|"
    r"is|are|can|could|should|would|was|will))\b|"
    r"who (?:knows?|owns?|approves?|has|handles)\b|(?:does|do|is|are|can|could|should|would) (?:i|"
    r"you|we|they|he|she|it|anyone|anybody|someone|the)\b)"
)


def _verbatim(quote: str, whole: str) -> str:
    """`quote` as it stands in `whole`: its longest line where a reader joined lines that are apart there."""
    if quote in whole:
        return quote
    lines = [line.strip() for line in quote.splitlines() if line.strip() and line.strip() in whole]
    return max(lines, key=len, default="")


def _written_spans(text: str) -> list[tuple[int, int, bool]]:
    """(start, end, is a list's line) of each sentence. Lines of a hard-wrapped paragraph are read as one."""
    spans: list[tuple[int, int, bool]] = []
    for start, end, item in _blocks(text):
        begin = start
        for match in _END.finditer(text, start, end):
            if _ABBREVIATION.search(text[begin : match.start()].rstrip("\"')]”’ ")):
                continue
            spans.append((begin, match.end(), item))
            begin = match.end()
        spans.append((begin, end, item))
    return spans


def _blocks(text: str) -> list[tuple[int, int, bool]]:
    blocks: list[tuple[int, int, bool]] = []
    position, wrapped = 0, False
    for line in text.splitlines(keepends=True):
        start, end = position, position + len(line.rstrip())
        position += len(line)
        if not line.strip():
            wrapped = False
            continue
        marker = _ITEM.match(line)
        if marker:
            blocks.append((start + marker.end(), end, True))
        elif wrapped and blocks:
            blocks[-1] = (blocks[-1][0], end, blocks[-1][2])
        else:
            blocks.append((start, end, False))
        wrapped = len(line.rstrip()) >= 60
    return blocks


def _spoken_spans(text: str) -> list[tuple[int, int, bool]]:
    """Clauses of at least four words, cut where the next one starts."""
    tokens = [(m.group().lower().strip(".,!?"), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    spans: list[tuple[int, int, bool]] = []
    begin = 0
    for i, (word, _, _) in enumerate(tokens):
        ended = i > 0 and text[tokens[i - 1][2] - 1] in ".!?"
        if ended or (i - begin >= 5 and len(tokens) - i >= 3 and _starts_clause(tokens, i, word)):
            spans.append((tokens[begin][1], tokens[i - 1][2], False))
            begin = i
    if tokens:
        spans.append((tokens[begin][1], tokens[-1][2], False))
    return spans


def _starts_clause(tokens: list[tuple[str, int, int]], i: int, word: str) -> bool:
    before = tokens[i - 1][0]
    after = tokens[i + 1][0] if i + 1 < len(tokens) else ""
    if before in _FILLER or before in _OPENERS or before in _JOINERS:
        return False
    if word in _FILLER or word in _OPENERS:
        return True
    return word in _JOINERS and (after in _SUBJECTS or after in _FILLER or after in _OPENERS)
