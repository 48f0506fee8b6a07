"""What is shown of the place that answers: a few whole sentences, the steps of a list, the one row of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.outline import Block, Unit
from assistant.passage_text import PassageText
from assistant.spans import Span, readable_row

__all__ = ["Quote", "quote_of"]

SHORT_WORDS = 55
"""A paragraph goes on after the sentence that answers, and a list is shown whole, up to so many words: enough to see what the
sentence is about, little enough to be read at a glance."""

PARAGRAPH_WORDS = 75
"""A paragraph up to so long is shown whole: its first sentence says what the others are about."""

STEPS_WORDS = 220
"""The longest run of steps. A procedure that is longer is shown up to here, and said to go on."""

_LEAD_WORDS = 30
_REFERS = re.compile(
    r"(?:it|its|they|their|them|this|that|these|those|he|his|she|her|then|there|otherwise|if not|if so|in that case|both|such|the same)\b"
    r"(?! (?:page|handbook|guide|section|document)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Neighbouring units of a section. `lead` is the sentence that announces them; `score` is that of the span it was made of.
    `goes_on`: the list has more steps than are shown."""

    span: Span
    lead: Unit | None
    units: tuple[Unit, ...]
    goes_on: int = 0

    @property
    def source(self) -> PassageText:
        return self.span.source

    @property
    def text(self) -> str:
        """The words of the page, verbatim as plain text."""
        return " ".join(unit.text for unit in ((self.lead,) if self.lead else ()) + self.units)

    @property
    def steps(self) -> bool:
        return self.span.block.kind == "steps" and len(self.units) > 1

    def readable(self, number: int) -> str:
        """As a reader would write it down, with the citation's number."""
        return f"{_readable(self)} [{number}]"


def quote_of(span: Span) -> Quote:
    """The span with what belongs to it."""
    block, start, end = span.block, span.start, span.end
    if block.kind == "text":
        return _of_text(span)
    if block.kind == "table":
        return Quote(span=span, lead=None, units=span.units)
    whole = end - start > 1 or _words(block.units) <= SHORT_WORDS
    if block.kind == "steps" and end - start == 1:
        whole = False
    if whole:
        start, end = 0, _fitting(block.units, 0, STEPS_WORDS if block.kind == "steps" else 2 * SHORT_WORDS)
    else:
        end = _with_nested(block, start)
    left = len(block.units) - end if whole and block.kind == "steps" else 0
    lead = _lead(span.source, block) if whole or (block.kind != "steps" and start == 0) else None
    return Quote(span=span, lead=lead, units=block.units[start:end], goes_on=left)


def _of_text(span: Span) -> Quote:
    units, start = span.block.units, span.start
    if _words(units) <= PARAGRAPH_WORDS and not units[-1].text.endswith(":"):
        return Quote(span=span, lead=None, units=units)
    if start and _REFERS.match(units[start].text) and _words(units[start - 1 : start + 1]) <= 2 * SHORT_WORDS:
        start -= 1
    end = max(span.end, _fitting(units, start, SHORT_WORDS))
    if units[end - 1].text.endswith(":"):
        following = _following(span.source, span.block) if end == len(units) else None
        if following and end == span.end:
            room = STEPS_WORDS if following.kind == "steps" else 2 * SHORT_WORDS
            shown = _fitting(following.units, 0, room)
            left = len(following.units) - shown if following.kind == "steps" else 0
            listed = replace(span, block=following, start=0, end=shown)
            return Quote(span=listed, lead=units[end - 1], units=following.units[:shown], goes_on=left)
        if end > span.end:
            end -= 1
    return Quote(span=span, lead=None, units=units[start:end])


def _fitting(units: Sequence[Unit], start: int, room: int) -> int:
    """The end of the run from `start` that has at most `room` words; at least one unit."""
    end, words = start + 1, _words(units[start : start + 1])
    while end < len(units) and words + _words(units[end : end + 1]) <= room:
        words += _words(units[end : end + 1])
        end += 1
    return end


def _with_nested(block: Block, start: int) -> int:
    """The end of the item at `start` with the items below it."""
    end = start + 1
    while end < len(block.units) and block.units[end].depth > block.units[start].depth:
        end += 1
    return min(end, _fitting(block.units, start, 2 * SHORT_WORDS))


def _lead(source: PassageText, block: Block) -> Unit | None:
    at = next(number for number, other in enumerate(source.blocks) if other is block)
    before = source.blocks[at - 1].units[-1] if at else None
    return before if before and before.text.endswith(":") and len(before.text.split()) <= _LEAD_WORDS else None


def _following(source: PassageText, block: Block) -> Block | None:
    at = next(number for number, other in enumerate(source.blocks) if other is block)
    after = source.blocks[at + 1] if at + 1 < len(source.blocks) else None
    return after if after and after.kind in ("list", "steps", "code") else None


def _readable(quote: Quote) -> str:
    block = quote.span.block
    if block.kind == "table":
        return "\n".join(readable_row(unit, block.header) for unit in quote.units)
    if len(quote.units) == 1 and not quote.lead:
        return quote.text
    if block.kind == "text":
        return " ".join(unit.text for unit in quote.units)
    shallow = min(unit.depth for unit in quote.units)
    lines = [f"{'   ' * (unit.depth - shallow)}{_mark(unit)}{unit.text}" for unit in quote.units]
    if quote.goes_on:
        lines.append(f"… and {quote.goes_on} more on the page")
    return "\n".join([quote.lead.text, *lines] if quote.lead else lines)


def _mark(unit: Unit) -> str:
    return f"{unit.mark} " if unit.mark[:1].isdigit() else "- " if unit.mark else ""


def _words(units: Sequence[Unit]) -> int:
    return sum(len(unit.text.split()) for unit in units)
