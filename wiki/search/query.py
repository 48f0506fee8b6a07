"""Free text as somebody types it -> words, phrases and filters. Any string is a query; none is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wiki.search.analysis import folded, stem
from wiki.search.signs import joined_words
from wiki.search.text import is_stop_word

__all__ = ["FILTERS", "ParsedQuery", "parse_query"]

FILTERS = ("kind", "owner", "tag")

_LONGEST_TEXT = 4_000  # characters; whoever pastes more gets a search for its beginning
_MOST_WORDS = 60

_FILTER = re.compile(r"(?<!\S)(kind|owner|tag):(?:\"([^\"]*)\"|([^\s\"]+))", re.IGNORECASE)
_MINUS = re.compile(r"(?<!\S)-[^\W\d_]\S*")  # what somebody does not want is not looked for
_PHRASE = re.compile(r"\"([^\"]+)\"")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\0": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """`words` are folded but not stemmed, each once, in order, stop words left out unless there is nothing else.

    `phrases` hold the words between quotes, stop words included. `filters` maps a filter to the values named for it, of
    which any will do. `unfinished` is the last word if the text ends with it, else "". `stems` is the whole text outside
    quotes and filters, stemmed, for finding fixed phrases in it.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unfinished: str = ""
    stems: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.words or self.phrases or self.filters)


def parse_query(text: str, *, language: str = "en") -> ParsedQuery:
    """What a search text asks for. Quotes without a partner, operators and other signs are just not words."""
    text = text[:_LONGEST_TEXT].translate(_CURLY)
    filters: dict[str, tuple[str, ...]] = {}
    for match in _FILTER.finditer(text):
        if value := (match[2] or match[3] or "").strip().casefold():
            name = match[1].lower()
            filters[name] = (*filters.get(name, ()), value)
    rest = _MINUS.sub(" ", _FILTER.sub(" ", text))
    phrases = [tuple(folded(match[1])) for match in _PHRASE.finditer(rest)]
    loose = _PHRASE.sub(" ", rest)
    typed = folded(loose)[: 4 * _MOST_WORDS]
    signed = [word for joined in joined_words(loose) for word in folded(joined)]
    unfinished = typed[-1] if typed and loose[-1:].isalnum() else ""
    telling = [word for word in typed if not is_stop_word(word, language)]
    if not telling and not any(phrases) and not signed:
        telling = typed
    telling = [*telling, *signed]
    return ParsedQuery(
        words=tuple(dict.fromkeys(telling))[:_MOST_WORDS],
        phrases=tuple(phrase for phrase in phrases if phrase),
        filters=filters,
        unfinished=unfinished,
        stems=tuple(stem(word, language) for word in typed),
    )
