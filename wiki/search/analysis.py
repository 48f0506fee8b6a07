"""How text becomes terms: one analysis for the index, for queries and for every comparison of texts outside the index.

A word is a run of letters and digits (in Chinese and Japanese, a pair of signs: see wiki.search.signs); it is lower-cased, folded to ASCII (é -> e) and stemmed in the workspace's language.
Stop words are indexed, so that a quoted phrase is found exactly, and left out of free-text queries instead.
"""

from __future__ import annotations

from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from wiki.search.signs import prepared

__all__ = [
    "LANGUAGES",
    "LONGEST_WORD_BYTES",
    "analyze",
    "exact_analyzer",
    "folded",
    "language_name",
    "stem",
    "stop_word_in",
    "text_analyzer",
]

LONGEST_WORD_BYTES = 64  # bytes; a longer run (a key, a long URL part) is not a word anybody types

LANGUAGES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "nb": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""ISO 639-1 code -> the name of its stemmer."""


def language_name(language: str) -> str:
    """The stemmer's name for a language code such as "en" or "pt-BR"; "" for a language without one (no stemming)."""
    return LANGUAGES.get(language.lower().replace("_", "-").split("-")[0], "")


@lru_cache(maxsize=32)
def text_analyzer(language: str) -> TextAnalyzer:
    """Lower-case, ASCII folding and stemming; for prose."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD_BYTES))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    if name := language_name(language):
        builder = builder.filter(Filter.stemmer(name))
    return builder.build()


@lru_cache(maxsize=1)
def exact_analyzer() -> TextAnalyzer:
    """Lower-case and ASCII folding only; for words as they are typed (prefixes, typos)."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD_BYTES))
    return builder.filter(Filter.lowercase()).filter(Filter.ascii_fold()).build()


def analyze(text: str, language: str = "en") -> list[str]:
    """The terms of `text` in order, stop words included: exactly what the index holds for it."""
    return list(text_analyzer(language).analyze(_encodable(text)))


def folded(text: str) -> list[str]:
    """The words of `text` in order, lower-cased and folded but not stemmed."""
    return list(exact_analyzer().analyze(_encodable(text)))


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = "en") -> str:
    """The index term of one word; "" where the index would hold none (no letter or digit in it, or far too long)."""
    terms = analyze(word, language)
    return terms[0] if terms else ""


@lru_cache(maxsize=20_000)
def stop_word_in(word: str, language: str) -> bool:
    """Whether the engine's own list for that language has this lower-case word; False for a language without a list."""
    name = language_name(language)
    if not name:
        return False
    try:
        analyzer = _stop_analyzer(name)
    except ValueError:
        return False
    return not analyzer.analyze(_encodable(word))


@lru_cache(maxsize=32)
def _stop_analyzer(name: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.lowercase()).filter(Filter.stopword(name)).build()


def _encodable(text: str) -> str:
    """`text` prepared, without lone surrogates, which stand for bytes that are no UTF-8 and which the engine refuses."""
    return text if text.isascii() else prepared(text.encode("utf-8", "replace").decode("utf-8"))
