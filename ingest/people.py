"""Who speaks: what before a colon or a time is a person's name, and what is a label."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["NAME", "clean_name", "is_handle", "is_name", "is_role", "looks_like_name", "own_name"]

# A name as chats write it, telephone numbers and a leading emoji included (no groups, to be used inside other patterns).
NAME = r"(?:[^\W_]|[+~@(\u202a-\u202e\U0001f300-\U0001faff\u2600-\u27bf])[^\n\t:：<>\[\]|]{0,58}?"

# Words that stand before a colon and are not people.
_LABELS = frozenset(
    word
    for line in (
        "actions action address after agenda also answer attendees background because before blocker blockers cc "
        "change changes",
        "channel closed contact context date dates deadline decided decision decisions done due edit effective email example",
        "examples fax first friday from fyi goal headline hint how https http important info item items january february march",
        "april may june july august september october november december last link links location mail meeting mobile monday",
        "ms name new next no note notes notice now office old only open option options outcome owner participants phone please",
        "plus present problem ps question questions re reason reminder reply result risk risks saturday second sent situation",
        "solution source status step steps subject sum summary sunday task tasks team tel third thursday time tip "
        "title to today",
        "todo tomorrow topic topics tuesday update updates url warning wednesday what when where which who why workaround yes",
    )
    for word in line.split()
)
_PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "los",
        "of",
        "ter",
        "ten",
        "the",
        "van",
        "von",
        "y",
        "zu",
    ]
)
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Slack's status beside a name, as a code or as an emoji
_STATUS = re.compile("(?:\\s*(?::[a-z0-9_+'-]{2,40}:|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]))+$")
_SENTENCE = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bSt)(?<!\bJr)(?<!\bMrs)(?<!\bProf)(?<!\b[A-Z])[.!?]\s")
_OWN = frozenset(
    [
        "me",
        "you",
        "ich",
        "du",
        "sie",
        "moi",
        "vous",
        "toi",
        "yo",
        "tú",
        "io",
        "tu",
        "eu",
        "você",
        "ik",
        "jij",
        "jag",
        "jeg",
        "minä",
        "sinä",
        "ja",
        "ty",
        "я",
        "вы",
        "ben",
        "siz",
        "我",
        "你",
        "自分",
        "나",
    ]
)


@lru_cache(maxsize=2048)
def clean_name(name: str) -> str:
    """Without marks of direction, the tilde of unknown numbers, emphasis, and a status behind it."""
    name = re.sub(r"^~\s*", "", _DIRECTION.sub("", name).strip(" \u00a0\u202f*,"))
    return (_STATUS.sub("", name) or name).strip()


def own_name(name: str, author: str) -> str:
    """The sender's name where the program wrote "Me" or "You" for it."""
    return author if author and name.casefold() in _OWN else name


def is_name(name: str) -> bool:
    """Whether it can be a name where a time beside it says that somebody speaks."""
    return bool(name.strip()) and len(name.split()) <= 6 and not re.search(r"https?$", name) and not _SENTENCE.search(name)


def is_role(name: str) -> bool:
    """ "Project lead", "Host"."""
    words = name.split()
    return (
        1 <= len(words) <= 3 and words[0][0].isupper() and words[0].casefold() not in _LABELS and all(map(str.isalpha, words))
    )


def is_handle(name: str) -> bool:
    return " " not in name and name.casefold() not in _LABELS and not name.isdigit() and "/" not in name


def looks_like_name(name: str) -> bool:
    """Up to four words with capitals ("Ana de Souza", "Speaker 2", "Dr. Wu"), none of them a label as in "Note:"."""
    words = name.split()
    if not 1 <= len(words) <= 4 or not _is_capital(words[0]) or words[0].casefold().strip("*_") in _LABELS:
        return False
    return all(
        _is_capital(word) or word.casefold() in _PARTICLES or (i > 0 and (word.isdigit() or word[0] == "("))
        for i, word in enumerate(words)
    )


def _is_capital(word: str) -> bool:
    """Scripts without capitals count as such."""
    return word[0].isalpha() and not word[0].islower()
