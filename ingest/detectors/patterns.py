"""The workspace's own patterns, held to a time: one that runs away is refused, not left to hang the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import regex

from ingest.detectors.span import Span
from wiki.errors import InvalidInput

__all__ = ["check_patterns", "find_patterns"]

_MAX_LENGTH = 500
_PROBE_S = 0.25
_SEARCH_S = 1.0
_PROBES = tuple(
    repeated * count + end
    for repeated, count in (("a", 2000), ("1", 2000), ("ab1 ", 500), (" ", 2000), ("a-", 1000), ("a.", 1000), ("\n", 500))
    for end in ("!", "!\x01")
)


def check_patterns(patterns: Sequence[str] | Mapping[str, str]) -> None:
    """Raise InvalidInput, naming the pattern, for one that does not parse, matches nothing at all or takes too long."""
    for _name, pattern in _named(patterns):
        _compiled(pattern)


def find_patterns(text: str, patterns: Sequence[str] | Mapping[str, str]) -> Iterator[Span]:
    """Spans of kind "text", or of the pattern's name where `patterns` maps names to patterns.

    Raises InvalidInput as `check_patterns` does, and for a pattern that takes longer than a second on this text.
    """
    for name, pattern in _named(patterns):
        try:
            for match in _compiled(pattern).finditer(text, timeout=_SEARCH_S):
                if match.end() > match.start():
                    yield Span(name, *match.span())
        except TimeoutError as error:
            raise _too_slow(pattern) from error


def _named(patterns: Sequence[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    if isinstance(patterns, Mapping):
        return list(patterns.items())
    return [("text", pattern) for pattern in patterns]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str]:
    if len(pattern) > _MAX_LENGTH:
        raise InvalidInput(
            f"The redaction pattern {pattern[:40]!r}… is longer than {_MAX_LENGTH} characters.", hint="Split it into several."
        )
    try:
        compiled = regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError) as error:
        raise InvalidInput(
            f"The redaction pattern {pattern!r} does not parse: {error}.", hint="Correct it in ingest.redaction_patterns."
        ) from error
    try:
        for probe in _PROBES:
            compiled.search(probe, timeout=_PROBE_S)
    except TimeoutError as error:
        raise _too_slow(pattern) from error
    if compiled.fullmatch("") is not None:
        raise InvalidInput(
            f"The redaction pattern {pattern!r} matches nothing at all.", hint="Make it match at least one character."
        )
    return compiled


def _too_slow(pattern: str) -> InvalidInput:
    return InvalidInput(
        f"The redaction pattern {pattern!r} takes too long.", hint="Avoid one repetition inside another, such as (a+)+."
    )
