"""A decision heard in an update -> a proposed page for it, with what was said and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

import yaml

from ingest.edit_rules.wording import for_page
from ingest.news import Verdict
from ingest.pieces import stems_of
from ingest.update import Update
from wiki.review import SuggestionDraft, SuggestionEvidence

__all__ = ["decision_pages"]

_LEAD = re.compile(
    r"^\W*(?:(?:so|then|ok(?:ay)?|right|well|and|yes|good|fine)\W+)*(?:(?:it is|it's|that's|we(?:'ve| have)?|they(?:'ve| have)?|the team|everybody)\s+)?(?:now |hereby |then )?"
    r"(?:decision|decided|agreed)\W*(?:is |was |that |to |on )*[:,]?\s*",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:reason(?: for the record)?(?: is)?\s*:|because|since|so that|the reason (?:is|was))\s*(?P<why>[^.!?]{8,300})",
    re.IGNORECASE,
)
_CONFIDENCE = 0.7
_LATER = 6  # statements after a decision in which its reason may be said


def decision_pages(
    update: Update, verdicts: Sequence[Verdict], heard: Collection[int], known: Sequence[str], folder: str
) -> list[SuggestionDraft]:
    """A new page in `folder` for each statement in `heard` (numbers), but for what the titles in `known` have already."""
    found: list[SuggestionDraft] = []
    titles = [stems_of(title) for title in known]
    for number, verdict in enumerate(verdicts):
        if number not in heard:
            continue
        what = for_page(_LEAD.sub("", verdict.statement.text)).rstrip(".!")
        stems = stems_of(what)
        if len(stems) < 3 or any(len(stems & title) > 0.7 * len(stems) for title in titles):
            continue
        titles.append(stems)
        found.append(_draft(update, verdicts, number, what, folder))
    return found


def _draft(update: Update, verdicts: Sequence[Verdict], number: int, what: str, folder: str) -> SuggestionDraft:
    said = verdicts[number].statement
    at = said.at or update.occurred_at or update.received_at
    near = [verdict.statement for verdict in verdicts[max(0, number - _LATER) : number + _LATER + 1]]
    why = next((match for match in map(_REASON.search, (said.text, *(s.text for s in near))) if match), None)
    quotes = [said.quote, *(s.quote for s in near if why is not None and why["why"] in s.text and s.quote != said.quote)]
    front = {
        "title": _title(what),
        "kind": "decision",
        "status": "proposed",
        "decided": at.date(),
        "deciders": [said.author] if said.author else [],
        "reason": _sentence(why["why"]) if why else "",
        "evidence": [{"quote": quote, "update": update.id} for quote in quotes],
    }
    front = {key: value for key, value in front.items() if value}
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=120)
    reason = f"\n## Why\n\n{front['reason']}\n" if "reason" in front else "\n## Why\n\nNot recorded.\n"
    text = f"---\n{head}---\n\n## What we decided\n\n{_sentence(what)}\n{reason}"
    return SuggestionDraft(
        page_path=f"{folder}{at.date()}-{_slug(_title(what))}.md",
        section="",
        action="new_page",
        base_revision="",
        base_text="",
        new_text=text,
        reason=f"A decision without a page: “{_title(what)}”",
        confidence=_CONFIDENCE,
        evidence=tuple(SuggestionEvidence(update=update.id, quote=quote, author=said.author, at=at) for quote in quotes),
    )


def _title(what: str) -> str:
    """The decision in a few words: its first clause."""
    first = re.split(
        r"[,;:.]\s|\s(?:because|since|so that|from \d|from (?:january|february|march|april|may|june|july|august|september|october|november|december))\b",
        what,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    words = first.split()
    return " ".join(words[:12])


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:8]) or "decision"
