"""Whether a value looks like a secret, or stands in for one, or is something else altogether."""

from __future__ import annotations

import re

from ingest.detectors.labels import STATES

__all__ = ["is_grouped", "is_made", "is_mixed", "is_password", "is_phrase", "is_placeholder", "is_word", "trimmed"]

_PLACEHOLDER = re.compile(
    r"[<\[{]|\$[({]|\$(?:[A-Z][A-Z_0-9]*|[a-z_]+)$|\$\w+(?:->|\.|\[)|%[A-Z_]+%|\*\*|\.\.\.|…|!(?:\w|-)+$|(?:op|vault|file|ref\+\w+|arn|keyring|env|secret)://?|"
    r"ENC\[|os\.(?:environ|getenv)|process\.env|(?:env|var|secrets?|config|self|this|args|data|settings)\.\w|"
    r"(?i:your|my|dein|ihr|votre|mon|tu|mi|il|la-mia|jouw|sua)[-_ ]|(?i:example|changeme|change[-_ ]me|placeholder|dummy|todo|tbd|n/a)"
)
_STAND_IN = re.compile(r"(?-i:%(?:\.[\d*])?l?[sdux]\b)|%\(\w+\)|x{5}|\*{3}|\.{3}|…|•{2}|#{4}", re.IGNORECASE)
_NAMED = re.compile(r"pass(?:word|wort|phrase|code)|kennwort|secret|token|api[-_]?key|credential", re.IGNORECASE)
_ADDRESS = re.compile(
    r"https?://|www\.|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$|[#@](?:[^\W\d]|-)+$|:\w+:|(?:~|\.{0,2})/[\w./-]+$|[\w-]+\(", re.I
)
_TECHNICAL = re.compile(
    r"(?:base(?:32|64)|sha-?\d{1,3}|md5|utf-?8|argon2\w*|bcrypt|scrypt|pbkdf2|aes-?\d*|wpa\d?(?:-\w+)?|oauth2?|saml2?|[m2]fa|http/\d|ipv[46]|"
    r"v?\d+(?:\.\d+)+\w*|\d{1,4}[-–+]?(?:st|nd|rd|th|h|am|pm|min|d|x)|\d+[-–][^\W\d_]+|(?:sha\d*|md5)[:-]\S+|\w+\.(?:[a-z]{2,4}|md5|mp3|mp4|7z))",
    re.IGNORECASE,
)
_TICKET = re.compile(r"(?:[A-Z]{1,5}[-_ ]?\d[\d-]*|[A-Z]+\d+-[a-z]+)")
_UNIT = re.compile(
    r"\s*(?:char|day|week|month|year|digit|letter|time|people|user|zeichen|tage|stellen|caract|jours|días|tekens|tecken|tegn|znak|%|€)",
    re.I,
)
_GROUPED = re.compile(r"[A-Z0-9]{3,8}(?:[ -][A-Z0-9]{3,8}){2,9}|[a-z0-9]{4,6}(?:-[a-z0-9]{4,6}){2,9}")
_LETTERED = re.compile(r"[a-z]{4}(?: [a-z]{4}){3}")
_WORDS = """
the and for you your this that with from have has had will must should please ask see not are was were been who what when where
which into never always only der die das den dem und für mit von bitte ist sind nicht wird muss beim les des une pour avec est
dans vous los las una por con para het een van voor niet att och som det det ikke inte
"""
_SENTENCE = frozenset(_WORDS.split())


def is_mixed(value: str) -> bool:
    """Digits and letters, as made by a machine: no plain word or dotted name."""
    return re.search(r"\d", value) is not None and re.search(r"[^\W\d_]", value) is not None and not is_placeholder(value)


def is_made(value: str, length: int) -> bool:
    """A key or token without a prefix of its own: mixed, long, and no chain of words and numbers (2026-05-14-minutes, a.b2.c)."""
    if len(value) < length or not is_mixed(value) or _ADDRESS.match(value) or _TECHNICAL.fullmatch(value):
        return False
    if "://" in value:
        return False
    return any(re.search(r"\d[^\W\d_]|[^\W\d_]\d", part) for part in re.split(r"[-_./:+]", value) if len(part) > 4)


def is_grouped(value: str) -> bool:
    """A licence or recovery key in groups: FX2Q9-11KQL-D4403."""
    return (_GROUPED.fullmatch(value) is not None and re.search(r"\d", value) is not None) or _LETTERED.fullmatch(
        value
    ) is not None


def is_phrase(value: str) -> bool:
    """Words of a passphrase, and no sentence."""
    said = value.split()
    return 4 <= len(said) <= 24 and all(re.fullmatch(r"[^\W\d_A-Z]{3,10}", word) and word not in _SENTENCE for word in said)


def is_password(value: str, behind: str, *, named: bool) -> bool:
    """Has a digit and letters, a sign or a capital inside. `behind` is what follows it; `named` is whether the label stands right
    before it: then digits alone will do."""
    if len(value) < 4 or is_placeholder(value) or _ADDRESS.match(value) or _TECHNICAL.fullmatch(value):
        return False
    if value.isdigit():
        return named and _UNIT.match(behind) is None
    if re.search(r"\d", value):
        return re.search(r"[^\W\d_]", value) is not None and (named or _TICKET.fullmatch(value) is None)
    return re.search(r"[!@#$%^&*_+=~|\\]", value.strip("!*_~`")) is not None or re.search(r"[a-z][A-Z]", value) is not None


def is_word(value: str) -> bool:
    """A plain word that may be a password where everything around says so."""
    return (
        len(value) >= 4
        and value.rstrip("!?.").casefold() not in STATES | _SENTENCE
        and value[0] not in "-/"
        and not value.isupper()
        and not is_placeholder(value)
        and not _ADDRESS.match(value)
    )


def is_placeholder(value: str) -> bool:
    """What stands in for a secret in instructions: <password>, ${TOKEN}, xxxx, ****, your_password."""
    return (
        len(set(value.casefold())) <= 2
        or _PLACEHOLDER.match(value) is not None
        or _STAND_IN.search(value) is not None
        or value.casefold() in STATES | {"pass", "pw", "pwd", "user"}
        or (re.search(r"\d", value) is None and (_NAMED.search(value) is not None or (value.isupper() and "_" in value)))
    )


def trimmed(value: str) -> str:
    """Without the sentence's own mark at the end; an exclamation or question mark may be the password's."""
    return value if value[-1:] in "!?" else value.rstrip(".,;:)]}|*`")
