"""Passwords and keys that a sentence gives away: "the wifi password is …", "API key: …".

Most sentences with "password" in them give none away ("is changed every 90 days", "is stored in the vault"): what follows must
look like a password, that is have a digit, a sign or a capital inside, or stand in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.detectors.span import Span

__all__ = ["find_passwords", "is_mixed", "is_placeholder"]

_PASSWORD = r"(?:pass(?:word|wort|phrase|code|wd)s?|pwd|pw|kennwort|mot de passe|contraseña|wachtwoord|hasło)"
_KEY = (
    r"(?:api|auth|access|secret|client|private|encryption|signing|licen[cs]e|service|account|bot|webhook)"
    r"[ _-]?(?:key|token|secret)s?|token|secret|credentials?"
)
_OF_WHAT = r"(?:\s+(?:for|to|of|on|zum|für|pour)\s+[^\n.:=;]{1,40}?)?"
_IS = (
    r"(?:\s+(?:(?:was|is|has been|been|got)\s+)?(?:changed|reset|set|updated|rotated)\s+to\s*:?|"
    r"\s+(?:is|are|was|now|again|still|will be|ist|lautet|est|es)\b(?:\s+(?:now|still|again|jetzt))?\s*:?|\s*(?:[:=]+|->|→))\s*"
)
_VALUE = r"(?:[\"“‘«`'](?P<quoted>[^\n\"”’»`']{4,80})[\"”’»`']|(?P<bare>[^\s\"'`“”‘’«»<>]{1,200}))"
_SAID = re.compile(rf"(?<![^\W_])(?<![?&])(?:(?P<password>{_PASSWORD})|{_KEY}){_OF_WHAT}{_IS}{_VALUE}", re.IGNORECASE)
_DIRECT = re.compile(rf"(?<![^\W_]){_PASSWORD}\s+(?P<value>(?=[^\s]*\d)(?=[^\s]*[a-z])[^\s\"'<>/]{{6,60}})", re.IGNORECASE)
_PIN = re.compile(
    r"\b(?:PIN|Pin)(?: code| number)?(?: for [^\n.:]{1,30}?)?(?:\s+is(?: now)?|"
    r"\s*[:=])\s*(?P<value>\d{4,8})\b(?!\s*(?:digit|day|char|%))"
)
_LOGIN = re.compile(
    r"\b(?:login|user(?:name)?|account)\s*[:=]?\s+\S{1,60}?\s*[/,|]\s*(?:pw|pass(?:word)?)\s*[:=]?\s+(?P<value>\S{4,80})", re.I
)
_UNIT = re.compile(
    r"\s*(?:characters?|chars?|days?|weeks?|months?|years?|digits?|letters?|times|people|users|zeichen|tage)\b", re.I
)
_SPAN_OF_TIME = re.compile(r"\d+[-–](?:day|week|month|year|char|digit|hour|minute)\w*", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.|\S+@\S+\.\S+$|#|@|:\w+:)")


def find_passwords(text: str) -> Iterator[Span]:
    """Spans of kind `password` and, for keys and tokens, `secret`; they may overlap."""
    for match in _SAID.finditer(text):
        kind = "password" if match["password"] else "secret"
        if match["quoted"] is not None:
            if kind == "password" or (len(match["quoted"]) >= 8 and is_mixed(match["quoted"])):
                yield from _unless_placeholder(kind, match["quoted"], match.start("quoted"))
        else:
            value = _trimmed(match["bare"])
            if _gives_away(value, text, match.start("bare") + len(value), password=kind == "password"):
                yield Span(kind, match.start("bare"), match.start("bare") + len(value))
    for match in _DIRECT.finditer(text):
        value = _trimmed(match["value"])
        if len(value) >= 6 and _gives_away(value, text, match.end(), password=True):
            yield Span("password", match.start("value"), match.start("value") + len(value))
    for pattern in (_PIN, _LOGIN):
        for match in pattern.finditer(text):
            yield from _unless_placeholder("password", match["value"], match.start("value"))


def is_mixed(value: str) -> bool:
    """Digits and letters, as made by a machine: no plain word or dotted name."""
    return re.search(r"\d", value) is not None and re.search(r"[^\W\d_]", value) is not None and not is_placeholder(value)


def is_placeholder(value: str) -> bool:
    """What stands in for a secret in instructions: <password>, ${TOKEN}, xxxx, ****, your_password."""
    return (
        len(set(value.casefold())) <= 2
        or re.match(r"[<\[{]|\$[({]|\$[A-Z][A-Z_]*$|%[A-Z_]+%|\*\*|(?i:x{4}|your[-_ ]|my[-_]|example|changeme)|\.\.\.", value)
        is not None
        or (value.isupper() and "_" in value and not re.search(r"\d", value))
    )


def _gives_away(value: str, text: str, end: int, *, password: bool) -> bool:
    if len(value) < 4 or is_placeholder(value) or _ADDRESS.match(value):
        return False
    if not password:  # "the token is …": only what looks made by a machine
        return len(value) >= 12 and is_mixed(value) and not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", value)
    if value.isdigit():
        return not _UNIT.match(text, end)
    if re.search(r"\d", value):
        return re.search(r"[^\W\d_]", value) is not None and not _SPAN_OF_TIME.fullmatch(value)
    return re.search(r"[!@#$%^&*_+=~|\\]", value.rstrip("!")) is not None or re.search(r"[a-z][A-Z]", value) is not None


def _trimmed(value: str) -> str:
    """Without the sentence's own mark at the end; an exclamation or question mark may be the password's."""
    return value if value[-1] in "!?" else value.rstrip(".,;:)")


def _unless_placeholder(kind: str, value: str, start: int) -> Iterator[Span]:
    if not is_placeholder(value):
        yield Span(kind, start, start + len(value))
