"""Redaction: what must not be stored or seen by a model is masked before either can happen.

Masked unless told otherwise: keys, tokens, private keys and passwords, payment cards, bank accounts (IBAN), national ids, and
the workspace's own patterns. Mail addresses and telephone numbers are work content ("the hotline is now …") and masked only
when asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.detectors.commands import find_command_passwords
from ingest.detectors.identity import find_cards, find_emails, find_ibans, find_national_ids, find_phones
from ingest.detectors.passwords import find_passwords
from ingest.detectors.patterns import check_patterns, find_patterns
from ingest.detectors.secrets import find_secrets
from ingest.detectors.span import Span
from ingest.update import Incoming, Message

__all__ = ["ALL_KINDS", "DEFAULT_KINDS", "Redacted", "Span", "check_patterns", "redact", "redact_incoming"]

DEFAULT_KINDS = frozenset(("private key", "secret", "password", "card number", "bank account", "national id"))
ALL_KINDS = DEFAULT_KINDS | {"phone number", "email address"}

_MASK = re.compile(r"\[(?:[^\[\]\n]{1,60} )removed\]")
_MAX_PASSES = 4
_SHORTEST_SHARED = 6  # a four-digit PIN may be a year elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The masked text; `found` has kind and place of each mask in it, in order, and never the value."""

    text: str
    found: tuple[Span, ...] = ()


def redact(
    text: str,
    patterns: Sequence[str] | Mapping[str, str] = (),
    *,
    kinds: frozenset[str] = DEFAULT_KINDS,
    region: str | None = None,
) -> Redacted:
    """Mask what is found as `[card number removed]`; redacting twice gives the same text.

    `patterns` are the workspace's own regular expressions, or names mapped to them (`[<name> removed]`). `kinds` is a part of
    ALL_KINDS. `region` ("DE") is for telephone numbers without a country code.
    Raises InvalidInput for a pattern that does not parse or takes too long: then nothing may be stored.
    """
    return _redacted(text, lambda piece: _spans(piece, patterns, kinds, region))


def _redacted(text: str, find: Callable[[str], Iterable[Span]]) -> Redacted:
    found: list[Span] = []
    for _ in range(_MAX_PASSES):  # a mask can part digits that looked like one long number
        spans = _clear(find(text), [match.span() for match in _MASK.finditer(text)])
        if not spans:
            break
        text, found = _masked(text, spans, found)
    return Redacted(text=text, found=tuple(found))


def redact_incoming(
    incoming: Incoming,
    patterns: Sequence[str] | Mapping[str, str] = (),
    *,
    kinds: frozenset[str] = DEFAULT_KINDS,
    region: str | None = None,
) -> tuple[Incoming, tuple[Span, ...]]:
    """The update as it may be stored: text, turns, author and source masked; the spans are those of the text.

    A value found in one place is masked in all: what a question in one turn gives away in the next is masked in both.
    """
    values: dict[str, str] = {}
    for whole in (incoming.text, *(turn.text for turn in (*incoming.messages, *incoming.aside))):
        for span in _spans(whole, patterns, kinds, region):
            if span.end - span.start >= _SHORTEST_SHARED:
                values[whole[span.start : span.end]] = span.kind

    def find(text: str) -> Iterator[Span]:
        yield from _spans(text, patterns, kinds, region)
        for value, kind in values.items():
            at = text.find(value)
            while at >= 0:
                yield Span(kind, at, at + len(value))
                at = text.find(value, at + len(value))

    def message(turn: Message) -> Message:
        return replace(turn, author=_redacted(turn.author, find).text, text=_redacted(turn.text, find).text)

    text = _redacted(incoming.text, find)
    masked = replace(
        incoming,
        text=text.text,
        author=_redacted(incoming.author, find).text,
        source_name=_redacted(incoming.source_name, find).text,
        messages=tuple(message(turn) for turn in incoming.messages),
        aside=tuple(message(turn) for turn in incoming.aside),
    )
    return masked, text.found


def _spans(text: str, patterns: Sequence[str] | Mapping[str, str], kinds: frozenset[str], region: str | None) -> Iterator[Span]:
    yield from (
        span for find in (find_secrets, find_passwords, find_command_passwords) for span in find(text) if span.kind in kinds
    )
    if "card number" in kinds:
        yield from find_cards(text)
    if "bank account" in kinds:
        yield from find_ibans(text)
    if "national id" in kinds:
        yield from find_national_ids(text)
    if "phone number" in kinds:
        yield from find_phones(text, region)
    if "email address" in kinds:
        yield from find_emails(text)
    yield from find_patterns(text, patterns)


def _clear(spans: Iterable[Span], masks: list[tuple[int, int]]) -> list[Span]:
    """In order and apart: of overlapping spans the one that starts first, or is longer, grown to the end of the others."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if any(start < span.end and span.start < end for start, end in masks):
            continue
        if kept and span.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return kept


def _masked(text: str, spans: list[Span], before: list[Span]) -> tuple[str, list[Span]]:
    """`text` with `spans` masked, and all masks' places in it; `before` are those of earlier passes."""
    pieces: list[str] = []
    placed: list[Span] = []
    length = taken = 0
    todo = sorted([(span, True) for span in spans] + [(span, False) for span in before], key=lambda item: item[0].start)
    for span, is_new in todo:
        mask = f"[{span.kind} removed]" if is_new else text[span.start : span.end]
        pieces += [text[taken : span.start], mask]
        start = length + span.start - taken
        length = start + len(mask)
        taken = span.end
        placed.append(Span(span.kind, start, length))
    return "".join([*pieces, text[taken:]]), placed
