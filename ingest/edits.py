"""News + the pages it is about -> suggestions, or a flag where a page is in doubt and no edit is sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.decisions import decision_pages
from ingest.edit_rules.additions import add_what_is_new
from ingest.edit_rules.base import Replacement, Sheet
from ingest.edit_rules.frames import change_frames
from ingest.edit_rules.labelled import change_labelled
from ingest.edit_rules.removals import remove_what_is_gone
from ingest.edit_rules.restatements import put_beside
from ingest.edit_rules.slot_edits import change_slots
from ingest.edit_rules.swaps import swap_things
from ingest.entries import entries_of, read_update
from ingest.matching import PageMatch
from ingest.scene import Embed, Scene
from ingest.slots import People
from ingest.update import Entry, Update
from wiki.pages import DEFAULT_RULES, Page, SectionRules
from wiki.review import FlagDraft, SuggestionDraft, SuggestionEvidence

__all__ = ["apply", "propose_edits"]

RULES = (change_slots, change_labelled, swap_things, change_frames, remove_what_is_gone, add_what_is_new)
_MOST_PAGES = 3
_SURE = 0.66
_PAGE_WEIGHT = 0.4
_PLAIN = 0.5  # how plainly something is said that puts a section in doubt
_FLAG_FIT = 0.42  # how well it fits then; what people say of themselves fits much, and is left out
_BEHIND = 0.15  # an edit that is so much less sure than the best of the same update is left out

_PERSONAL = re.compile(r"\b(?:I|i|my|me|mine|I'm|i'm)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    page: Page
    score: float
    replacements: tuple[Replacement, ...]

    @property
    def confidence(self) -> float:
        return max(r.confidence for r in self.replacements)


def propose_edits(
    update: Update,
    matches: Sequence[PageMatch],
    read_page: Callable[[str], Page | None],
    revision_of: Callable[[str], str],
    people: People,
    embed: Embed,
    rules: SectionRules = DEFAULT_RULES,
    decisions: str = "",
) -> tuple[list[SuggestionDraft], list[FlagDraft]]:
    """Suggestions, the best page first and one a page, and flags. Both [] where nothing changes or no page fits.

    `matches` come best first; a page that `read_page` gives None for is passed over. `rules`: how pages are cut into sections. `decisions`:
    the folder where pages for decisions go, "" where the workspace has none.
    """
    verdicts = read_update(update)
    if not any(verdict.is_news for verdict in verdicts):
        return [], []
    pages = [(match, page) for match in matches if (page := read_page(match.page_path)) is not None]
    if not pages:
        return [], []
    top = pages[0][0].score or 1.0
    entries = entries_of(update, verdicts)
    people = people.with_names_in([page.body for _, page in pages], [verdict.statement.text for verdict in verdicts])
    scene = Scene.of(
        verdicts,
        {number: entry.id for number, entry in entries.items()},
        [Sheet.of(page, rules) for _, page in pages],
        [match.score / top for match, _ in pages],
        people,
        embed,
    )
    found: dict[int, list[Replacement]] = {}
    for rule in RULES:
        for number, replacement in rule(scene):
            if replacement.confidence >= _SURE:
                found.setdefault(number, []).append(replacement)
    heard = {number for number, verdict in enumerate(verdicts) if verdict.kind == "decision"} if decisions else set()
    if not found and not heard:
        for number, replacement in put_beside(scene):
            found.setdefault(number, []).append(replacement)
    edits = [
        _Edit(page=pages[number][1], score=scene.scores[number], replacements=tuple(_apart(kept, pages[number][1].text)))
        for number, kept in found.items()
    ]
    edits = [edit for edit in edits if edit.replacements]
    surest = max((edit.confidence for edit in edits), default=0.0)
    edits = [edit for edit in edits if edit.confidence >= surest - _BEHIND]
    edits.sort(key=lambda edit: -(edit.confidence + _PAGE_WEIGHT * edit.score))
    quotes = {entry.id: _evidence(entry) for entry in entries.values()}
    suggestions = [_draft(edit, quotes, revision_of(edit.page.path)) for edit in edits[:_MOST_PAGES]]
    used = {entry for edit in edits for r in edit.replacements for entry in r.entries}
    unused = {number for number in heard if entries[number].id not in used}
    suggestions += decision_pages(update, verdicts, unused, [page.title for _, page in pages], decisions)
    if suggestions:
        return suggestions, []
    return [], _flags(scene, quotes, pages)


def _flags(scene: Scene, quotes: dict[str, SuggestionEvidence], pages: Sequence[tuple[PageMatch, Page]]) -> list[FlagDraft]:
    """A flag on the section that what was said plainly fits best, where it fits any and says what is not there already.

    That the whole update is about a page counts for much: one sentence alone often fits another as well.
    """
    best: tuple[float, int, str] | None = None
    evidence: dict[str, float] = {}
    for said in scene.said:
        if not said.is_news or said.verdict.strength < _PLAIN or said.number in scene.known or said.entry not in quotes:
            continue
        fits = [
            (scene.fit(said, number, piece), number, piece)
            for number, piece in scene.places("heading", "sentence", "item", "row")
        ]
        if not fits:
            break
        fit, number, piece = max(fits, key=lambda place: place[0] + _PAGE_WEIGHT * scene.scores[place[1]])
        personal = said.verdict.strength < 2 and not said.verdict.statement.spoken and _PERSONAL.search(said.text)
        if personal or fit < _FLAG_FIT or scene.says_so(said, piece):
            continue
        evidence[said.entry] = max(fit, evidence.get(said.entry, 0.0))
        worth = fit + _PAGE_WEIGHT * scene.scores[number]
        if best is None or worth > best[0]:
            best = (worth, number, piece.anchor)
    if best is None:
        return []
    _, number, anchor = best
    surest = sorted(evidence, key=lambda entry: -evidence[entry])[:3]
    return [
        FlagDraft(
            page_path=pages[number][1].path, section=anchor, kind="contradicted", evidence=tuple(quotes[e] for e in surest)
        )
    ]


def apply(text: str, replacements: Sequence[Replacement]) -> str:
    """`text` with the replacements made; every other character stays."""
    pieces: list[str] = []
    position = 0
    for r in sorted(replacements, key=lambda r: (r.start, r.end)):
        pieces += [text[position : r.start], r.text]
        position = r.end
    return "".join([*pieces, text[position:]])


def _apart(found: Sequence[Replacement], text: str) -> list[Replacement]:
    """Replacements that do not overlap: the surer first."""
    kept: list[Replacement] = []
    for r in sorted(found, key=lambda r: -r.confidence):
        overlaps = any((r.start < k.end and k.start < r.end) or (r.start == r.end == k.start == k.end) for k in kept)
        if not overlaps and text[r.start : r.end] != r.text:
            kept.append(r)
    return sorted(kept, key=lambda r: (r.start, r.end))


def _draft(edit: _Edit, quotes: dict[str, SuggestionEvidence], revision: str) -> SuggestionDraft:
    used = dict.fromkeys(entry for r in edit.replacements for entry in r.entries)
    reason = "; ".join(list(dict.fromkeys(r.reason for r in edit.replacements if r.reason))[:4])
    first = max(edit.replacements, key=lambda r: r.confidence)
    return SuggestionDraft(
        page_path=edit.page.path,
        section=first.anchor,
        action="edit",
        base_revision=revision,
        base_text=edit.page.text,
        new_text=apply(edit.page.text, edit.replacements),
        reason=reason[:1].upper() + reason[1:],
        confidence=round(edit.confidence, 2),
        evidence=tuple(quotes[entry] for entry in used if entry in quotes),
    )


def _evidence(entry: Entry) -> SuggestionEvidence:
    return SuggestionEvidence(update=entry.update, quote=entry.quote, author=entry.author, at=entry.at)
