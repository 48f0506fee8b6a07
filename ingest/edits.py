"""Entries and the pages they match -> proposed edits, or flags where a page is contradicted and nobody said what is right.

The rules run on the best pages; what they find is put together to one edit a page, applied only where it is sure enough. A rule
that knows the old words (a name, an address, a value) may change further pages; a rule that only finds what is alike may not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.chat import ChatModel
from ingest.edit_rules.addresses import change_addresses
from ingest.edit_rules.base import Passage, Replacement, Rule, Sheet
from ingest.edit_rules.frames import change_endings
from ingest.edit_rules.names import change_names
from ingest.edit_rules.removals import remove_what_is_gone
from ingest.edit_rules.renames import rename
from ingest.edit_rules.restatements import add_what_is_new, restate
from ingest.edit_rules.steps import change_steps
from ingest.edit_rules.swaps import swap_words
from ingest.edit_rules.values import change_values
from ingest.matching import PageMatch
from ingest.model_edits import ask_model
from ingest.passages import merged, passages_of, without
from ingest.update import Entry, Update
from wiki.pages import DEFAULT_RULES, Page, SectionRules
from wiki.review import FlagDraft, SuggestionDraft, SuggestionEvidence

__all__ = ["PageEdit", "apply", "edit_page", "propose_edits"]

EXACT: tuple[Rule, ...] = (
    rename,
    change_addresses,
    change_names,
    change_steps,
    change_values,
    swap_words,
    change_endings,
    remove_what_is_gone,
)
LOOSE: tuple[Rule, ...] = (restate, add_what_is_new)
_MOST_PAGES = 3
_SURE = 0.5  # what a replacement on the best page needs
_SURE_ELSEWHERE = 0.8  # and on the pages after it
_LOOSE_PAGES = 4
_LOOSE_FLOOR = 0.75  # how well a page must match, against the best, for the rules of last resort
_FAR = 0.5  # what a page loses in confidence that does not match at all
_EVIDENCE = 0.35  # what a sure replacement counts against how well a page matches, for the order of pages
_HOME = 0.4  # and for the page that an entry belongs to
_LOOSE_HOME = 0.8  # the same for the rules of last resort
_SPREADING = frozenset(("rename", "address", "swap"))
_FLAG_FLOOR = 0.35  # how well the best page must match to be flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEdit:
    """What to replace on one page, apart from each other and in order; `confidence` is that of the best."""

    page: Page
    replacements: tuple[Replacement, ...]

    @property
    def confidence(self) -> float:
        return max((r.confidence for r in self.replacements), default=0.0)

    @property
    def text(self) -> str:
        return apply(self.page.text, self.replacements)


def propose_edits(
    update: Update,
    entries: Sequence[Entry],
    matches: Sequence[PageMatch],
    read_page: Callable[[str], Page | None],
    revision_of: Callable[[str], str],
    model: ChatModel | None = None,
    rules: SectionRules = DEFAULT_RULES,
) -> tuple[list[SuggestionDraft], list[FlagDraft]]:
    """Suggestions, the best page first and one a page, and flags. Both [] where nothing changes or no page fits.

    `matches` come best first; a page that `read_page` gives None for is passed over. With a model, its edits stand before the
    rules', which do what it left. `rules`: how the workspace's pages are cut into sections.
    """
    changes = [e for e in entries if e.kind in ("change", "decision")]
    passages = passages_of(update, changes)
    if not passages or not matches:
        return [], []
    pages = [(match, page) for match in matches if (page := read_page(match.page_path)) is not None]
    if not pages:
        return [], []
    edits = _edits(passages, pages, rules)
    if model is not None:
        edits = _with_model(edits, ask_model(update, merged(passages), pages, model, rules))
    suggestions = [_draft(update, changes, edit, revision_of(edit.page.path)) for edit in edits]
    if suggestions:
        return suggestions, []
    best, page = pages[0]
    if best.score < _FLAG_FLOOR:
        return [], []
    section = best.anchors[0] if best.anchors else ""
    evidence = tuple(_evidence(update, e) for e in changes[:3])
    return [], [FlagDraft(page_path=page.path, section=section, kind="contradicted", evidence=evidence)]


def edit_page(passages: Sequence[Passage], page: Page) -> PageEdit:
    """What the rules would replace on this page, were it the only one."""
    edits = _edits(passages, [(PageMatch(page_path=page.path, score=1.0, anchors=()), page)])
    return edits[0] if edits else PageEdit(page=page, replacements=())


def apply(text: str, replacements: Sequence[Replacement]) -> str:
    """`text` with the replacements made; every other character stays."""
    pieces: list[str] = []
    position = 0
    for r in sorted(replacements, key=lambda r: (r.start, r.end)):
        pieces += [text[position : r.start], r.text]
        position = r.end
    return "".join([*pieces, text[position:]])


def _edits(
    passages: Sequence[Passage], pages: Sequence[tuple[PageMatch, Page]], rules: SectionRules = DEFAULT_RULES
) -> list[PageEdit]:
    """The edits of the rules, best page first, at most _MOST_PAGES."""
    whole = merged(passages)
    sheets = [Sheet.of(page, rules) for _, page in pages]
    top = max(match.score for match, _ in pages) or 1.0
    scores = [match.score / top for match, _ in pages]
    exact = [
        [r for rule in EXACT for r in rule(whole, sheet) if r.confidence - _FAR * (1 - score) >= _SURE]
        for sheet, score in zip(sheets, scores, strict=True)
    ]
    kept = _each_at_home(exact, scores, sheets)
    done = {entry for found in kept for r in found for entry in r.entries}
    for passage in passages:
        rest = without(passage, done)
        if rest is not None and (home := _loose_home(rest, sheets, scores)) is not None:
            number, found = home
            kept[number] = [*kept[number], *found]
    order = sorted(
        (i for i in range(len(pages)) if kept[i]),
        key=lambda i: (-(scores[i] + _EVIDENCE * max(r.confidence for r in kept[i])), i),
    )
    edits = [PageEdit(page=pages[i][1], replacements=tuple(_apart(kept[i], pages[i][1].text))) for i in order]
    return [edit for edit in edits if edit.replacements and edit.text != edit.page.text][:_MOST_PAGES]


def _each_at_home(
    found: Sequence[Sequence[Replacement]], scores: Sequence[float], sheets: Sequence[Sheet]
) -> list[list[Replacement]]:
    """For each entry, its replacements on the one page where they fit best, and the same words replaced where else they stand.

    A new name or address goes for every page that has the old one.
    """
    best: dict[str, tuple[float, int]] = {}
    for i, replacements in enumerate(found):
        for r in replacements:
            worth = r.confidence + _HOME * scores[i]
            for entry in r.entries:
                if entry not in best or worth > best[entry][0] + 1e-9:
                    best[entry] = (worth, i)
    homes = {entry: i for entry, (_, i) in best.items()}
    at_home = {
        (r.rule, sheets[i].text[r.start : r.end], r.text)
        for i, replacements in enumerate(found)
        for r in replacements
        if r.rule in _SPREADING and any(homes[e] == i for e in r.entries)
    }
    return [
        [
            r
            for r in replacements
            if any(homes[entry] == i for entry in r.entries)
            or (r.confidence >= _SURE_ELSEWHERE and (r.rule, sheets[i].text[r.start : r.end], r.text) in at_home)
        ]
        for i, replacements in enumerate(found)
    ]


def _loose_home(passage: Passage, sheets: Sequence[Sheet], scores: Sequence[float]) -> tuple[int, list[Replacement]] | None:
    """The page that a rule of last resort fits best, and what it replaces there; how well the page matches counts for more."""
    for rule in LOOSE:
        fits = []
        for i, sheet in enumerate(sheets[:_LOOSE_PAGES]):
            if scores[i] < _LOOSE_FLOOR:
                continue
            hits = [r for r in rule(passage, sheet) if r.confidence >= _SURE - 0.1]
            if hits:
                fits.append((max(r.confidence for r in hits) + _LOOSE_HOME * scores[i], -i, hits))
        if fits:
            _, number, hits = max(fits, key=lambda fit: fit[:2])
            return -number, hits
    return None


def _with_model(edits: Sequence[PageEdit], asked: Mapping[str, tuple[Page, list[Replacement]]]) -> list[PageEdit]:
    """The model's edits first; on other pages, and elsewhere on the same one, what the exact rules are sure of."""
    if not any(replacements for _, replacements in asked.values()):
        return list(edits)
    by_rules = {edit.page.path: edit for edit in edits}
    found: list[PageEdit] = []
    for path, (page, replacements) in asked.items():
        if not replacements:
            continue
        sure = [r for r in by_rules[path].replacements if r.confidence >= _SURE_ELSEWHERE] if path in by_rules else []
        taken = {entry for r in replacements for entry in r.entries}
        kept = [r for r in sure if not taken & set(r.entries)]
        found.append(PageEdit(page=page, replacements=tuple(_apart([*replacements, *kept], page.text))))
    for edit in edits:
        sure_ones = tuple(r for r in edit.replacements if r.confidence >= _SURE_ELSEWHERE)
        if edit.page.path not in {e.page.path for e in found} and sure_ones and len(found) < _MOST_PAGES:
            found.append(PageEdit(page=edit.page, replacements=sure_ones))
    return found


def _apart(found: Sequence[Replacement], text: str) -> list[Replacement]:
    """Replacements that do not overlap: the surer first, those of the exact rules before the others."""
    kept: list[Replacement] = []
    for r in sorted(found, key=lambda r: -r.confidence):
        overlaps = any((r.start < k.end and k.start < r.end) or (r.start == r.end == k.start == k.end) for k in kept)
        if not overlaps and text[r.start : r.end] != r.text:
            kept.append(r)
    return sorted(kept, key=lambda r: (r.start, r.end))


def _draft(update: Update, entries: Sequence[Entry], edit: PageEdit, revision: str) -> SuggestionDraft:
    used = {entry for r in edit.replacements for entry in r.entries}
    evidence = tuple(_evidence(update, e) for e in entries if e.id in used) or tuple(_evidence(update, e) for e in entries[:3])
    reasons = list(dict.fromkeys(r.reason for r in edit.replacements if r.reason))
    reason = "; ".join(reasons[:4])
    first = max(edit.replacements, key=lambda r: r.confidence)
    return SuggestionDraft(
        page_path=edit.page.path,
        section=first.anchor,
        action="edit",
        base_revision=revision,
        base_text=edit.page.text,
        new_text=edit.text,
        reason=reason[:1].upper() + reason[1:],
        confidence=round(edit.confidence, 2),
        evidence=evidence,
    )


def _evidence(update: Update, entry: Entry) -> SuggestionEvidence:
    return SuggestionEvidence(update=update.id, quote=entry.quote, author=entry.author, at=entry.at)
