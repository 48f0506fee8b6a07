"""The words that mail programs put around quoted and forwarded mails, in many languages, from `mail_words.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

__all__ = [
    "any_of",
    "glued_headers",
    "header_kind",
    "header_line",
    "is_forward_subject",
    "is_reply_subject",
    "mark_kind",
    "plain",
    "whole_words",
    "words",
]

_HEADER_LINE = re.compile(r"^[*_\s]{0,6}([^\W\d_][^:：\n<>@]{0,28}?)[*_\s]{0,6}[:：][*_]{0,3}[ \t\xa0\u3000]*(.*)$")
_MARK = re.compile(r"^\s*[-‐‑–—_=*]{2,}\s{0,3}(\S[^\n]{2,80}?)\s{0,3}(?:[-‐‑–—_=*]{2,}\s*)?:?$")
_PREFIX = re.compile(r"^\s*([^\W\d_][^:：\[\]()]{0,30}?)\s?(?:\[\d+\]|\(\d+\))?\s?[:：]")


@cache
def words(table: str, key: str) -> tuple[str, ...]:
    """The words of one list, as `plain` writes them."""
    return tuple(plain(word) for word in _tables()[table][key])


def plain(text: str) -> str:
    """`text` as it is compared: one form of letters, spaces and quotes, without case."""
    folded = unicodedata.normalize("NFKC", text).replace("\u200e", "").replace("\u200f", "").replace("’", "'")
    return " ".join(folded.casefold().replace("i̇", "i").split())


@cache
def whole_words(table: str, key: str) -> re.Pattern[str]:
    """Any word of the list, as a whole word, in text that `plain` made."""
    return re.compile(rf"(?<!\w)(?:{_alternatives(words(table, key))})(?!\w)")


@cache
def any_of(table: str, key: str) -> re.Pattern[str]:
    """Any word of the list, also inside others (as stems, or in scripts without spaces)."""
    return re.compile(_alternatives(words(table, key)))


def header_line(line: str) -> tuple[str, str] | None:
    """What kind of header line this is ("from", "date", "to", "subject", "other") and its value; None for another line."""
    match = _HEADER_LINE.match(line)
    if match is None:
        return None
    kind = header_kind(match[1])
    return (kind, match[2].strip().strip("*").strip()) if kind else None


def header_kind(name: str) -> str:
    return _header_kinds().get(plain(name), "")


@cache
def glued_headers() -> re.Pattern[str]:
    """Where the name of a header begins, also amid a line; names of one letter apart."""
    names = [name for kind in ("from", "date", "to", "subject") for name in _tables()["headers"][kind] if len(name) > 1]
    return re.compile(rf"(?=(?:{_alternatives(tuple(names))})\s?:\s)")


def mark_kind(line: str) -> str:
    """ "forwarded" or "original" for a line such as "---- Forwarded message ----", "other" for other words in dashes, else ""."""
    if len(line) > 200 or not line.strip():
        return ""
    match = _MARK.match(line)
    said = plain(match[1] if match is not None else line).rstrip(":. ")
    for kind in ("forwarded", "original"):
        marks = words("marks", kind)
        if said in _mark_set(kind) or (match is not None and said.startswith(marks)):
            return kind if match is not None or line.rstrip().endswith((":", "：")) else ""
    return "other" if match is not None else ""


def is_forward_subject(subject: str, *, language_answers_vs: bool = False) -> bool:
    """Whether the first prefix is that of a forward ("Fwd:", "WG:", "TR:"). In Finnish "VS:" answers."""
    prefix = _prefix(subject)
    if prefix == "vs" and language_answers_vs:
        return False
    return prefix in words("subjects", "forward")


def is_reply_subject(subject: str) -> bool:
    """Whether the subject says that the mail answers or forwards another."""
    prefix = _prefix(subject)
    return prefix in words("subjects", "reply") or prefix in words("subjects", "forward")


def _prefix(subject: str) -> str:
    match = _PREFIX.match(re.sub(r"^\s*\[[^\]]{1,60}\]\s*", "", subject))
    return plain(match[1]) if match is not None else ""


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("ingest") / "mail_words.toml").read_text(encoding="utf-8"))


@cache
def _mark_set(kind: str) -> frozenset[str]:
    return frozenset(words("marks", kind))


@cache
def _header_kinds() -> dict[str, str]:
    return {word: kind for kind in ("other", "to", "subject", "date", "from") for word in words("headers", kind)}


def _alternatives(found: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))
