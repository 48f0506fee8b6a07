"""What an update says, by a model: statements with their verbatim quotes, each checked against the words it rests on."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.chat import ModelError
from ingest.chain.asking import Asker, as_data
from ingest.chain.checks import made_up
from ingest.chain.windows import Window, windows_of
from ingest.entries import read_update
from ingest.update import Update

if TYPE_CHECKING:
    from ingest.chain.forms import Statements

__all__ = ["Heard", "hear"]

log = logging.getLogger(__name__)

_REPLY_TOKENS = 1200
_NAME_WORDS = range(1, 5)
_MOST_CALLS = 16  # of an update's calls; what is left of it then is read by rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing said. `quote` is verbatim from the update; `text` says it in one sentence that needs no other.

    `kind` is one of ENTRY_KINDS; `decided` says that it holds; `when` is the day from which, as it was said, "" where it was not.
    """

    quote: str
    text: str
    kind: str
    decided: bool
    author: str = ""
    at: datetime | None = None
    when: str = ""

    @property
    def is_news(self) -> bool:
        return self.decided and self.kind in ("change", "decision")

    @property
    def told(self) -> str:
        """How the next questions tell it: the sentence, the words themselves, and from when it holds."""
        lines = [self.text, f"In the words of {self.author or 'the sender'}: “{self.quote}”"]
        return "\n".join([*lines, *([f"Since when: {self.when}"] if self.when else [])])


def hear(update: Update, asker: Asker) -> list[Heard]:
    """The statements of the update, in its order. A piece of it that the model cannot read is read by rule.

    Raises ModelError where the model fails, or can read no piece at all.
    """
    windows = windows_of(update, asker.room("statements", _REPLY_TOKENS, update.text))
    found: list[Heard] = []
    read = 0
    for number, window in enumerate(windows):
        heard = _by_model(update, window, asker) if asker.calls < _MOST_CALLS else None
        if heard is None:
            log.info("Piece %d of %d of update %s is read by rule.", number + 1, len(windows), update.id)
        else:
            read += 1
        found = _joined(found, _by_rule(update, window) if heard is None else heard)
    if windows and not read:
        raise ModelError(
            f"{asker.model.name} did not keep to the form it was given.", hint="Choose a larger model in assistant.model."
        )
    return found


def _by_model(update: Update, window: Window, asker: Asker) -> list[Heard] | None:
    """None where the model does not keep to the form."""
    from ingest.chain.forms import Statements

    replied = asker.ask("statements", {"update": as_data(window.text)}, Statements, lambda said: _problem(said, window))
    return _heard(replied.reply, window, update) if replied.reply is not None else None


def _problem(said: Statements, window: Window) -> str:
    missing = [one.quote for one in said.statements if one.kind != "none" and not _found(one.quote, window)]
    if missing:
        return f"these quotes are not in the text character by character: {'; '.join(f'“{q[:80]}”' for q in missing[:3])}."
    for one in said.statements:
        if invented := made_up(one.sentence, window.text):
            return f"a sentence has {', '.join(invented[:5])}, which is not in the text."
    return ""


def _heard(said: Statements, window: Window, update: Update) -> list[Heard]:
    """The statements that stand: those with a quote of one message; a sentence that makes something up gives way to the quote."""
    found: list[Heard] = []
    for one in said.statements:
        place = _found(one.quote, window) if one.kind != "none" else None
        if place is None or place[1] not in update.text:
            continue
        number, quote = place
        message = window.messages[number]
        sentence = " ".join(one.sentence.split())
        found.append(
            Heard(
                quote=quote,
                text=sentence if sentence and not made_up(sentence, window.text) else " ".join(quote.split()),
                kind=one.kind,
                decided=one.decided,
                author=message.author or (one.who if len(one.who.split()) in _NAME_WORDS and one.who in window.text else ""),
                at=message.at or update.occurred_at,
                when=one.when if one.when.strip() and one.when in window.text else "",
            )
        )
    return found


def _found(quote: str, window: Window) -> tuple[int, str] | None:
    """(number of the message, the quote as it stands there): line ends, spaces and capitals may differ, nothing else."""
    words = quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    for number, message in enumerate(window.messages):
        if match := pattern.search(message.text):
            return number, match[0]
    return None


def _by_rule(update: Update, window: Window) -> list[Heard]:
    kinds = {"news": "change", "": "none"}
    verdicts = read_update(replace(update, messages=window.messages))
    return [
        Heard(
            quote=verdict.statement.quote,
            text=verdict.statement.text,
            kind=kinds.get(verdict.kind, verdict.kind),
            decided=verdict.kind in ("news", "decision"),
            author=verdict.statement.author,
            at=verdict.statement.at or update.occurred_at,
        )
        for verdict in verdicts
        if verdict.kind and (verdict.kind != "news" or verdict.strength >= 1)
    ]


def _joined(before: Sequence[Heard], now: Sequence[Heard]) -> list[Heard]:
    """Both, without what was heard twice because windows overlap; what the later window says of it counts."""
    kept = list(before)
    for one in now:
        same = next((n for n, other in enumerate(kept) if one.quote in other.quote or other.quote in one.quote), None)
        if same is None:
            kept.append(one)
        elif kept[same].kind == one.kind:
            kept[same] = one
        elif one.quote != kept[same].quote:
            kept.append(one)
        else:
            kept[same] = one
    return kept
