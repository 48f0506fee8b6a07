"""What a model's text may not have: names, numbers, addresses and links of its own making."""

from __future__ import annotations

import re

from ingest.spoken import written

__all__ = ["made_up"]

_FACT = re.compile(
    r"https?://\S+[^\s.,;)\]]|[\w.+-]+@[\w-]+\.[\w.-]+\w|[#@][\w-]+|\d[\d.,:/]*\d|\d|(?<![.!?:\n-] )(?<!^)\b[A-Z][\w'’-]+"
)
_MARKER = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+", re.MULTILINE)


def made_up(text: str, *known: str) -> list[str]:
    """The facts in `text` that stand in none of the `known` texts, as written or as spoken. The numbers of a list's items are none."""
    text = _MARKER.sub("", text)
    texts = [form for one in known for form in (one, written(one))]
    whole = _folded(" ".join(texts))
    known_facts = set().union(*map(_facts, texts))
    return [fact for fact in sorted(_facts(text) - known_facts) if fact[0].isdigit() or _folded(fact) not in whole]


def _facts(text: str) -> set[str]:
    return {match.group().lower().rstrip(".,") for match in _FACT.finditer(text)}


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
