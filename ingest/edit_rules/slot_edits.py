"""A slot changed: the page says "within three working days", the update says two.

For each slot that the news gives, the slots of the same kind in the pages' pieces are weighed: how well the piece fits what was said,
whether the update names the old one, whether the words right around both are the same. A piece that has the new one already needs
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.edit_rules.base import Replacement
from ingest.pieces import Piece, stems_of
from ingest.quantities import rewritten
from ingest.scene import Said, Scene
from ingest.slots import Slot

__all__ = ["change_slots"]

_FEW = r"(?:(?:the|a|an|at|on|just|only|about|by|in|around|all|usual|old|current|previous|every|our|to|with|of|called)\s+){0,3}"
_OLD_BEFORE = re.compile(
    r"(?:\bfrom|\binstead of|\bnot|n't|\bwas|\bwere|\bused to be|\bpreviously|\bformerly|\brather than|\bno longer|\bold|\bup from|\bdown from|"
    rf"\breplac(?:es|ing|ed)|\bin place of|\bforget|\bsays?|\bno more)\s+{_FEW}[\"'“`(]?$",
    re.IGNORECASE,
)
_OLD_AFTER = re.compile(
    r"^[\"'”`)]?\s*(?:\w+\s+){0,3}(?:(?:we|it|they|the page|that) (?:\w+ )?(?:says?|said|had|have|used|wrote)|was|were|so far|until now|"
    r"any ?more|before\b(?! the)|is (?:gone|over|out)|are (?:gone|over|out))",
    re.IGNORECASE,
)
_WHEN_BEFORE = re.compile(
    r"(?:\bfrom|\bstarting|\bas of|\beffective|\bbeginning|\bsince|\bafter|\blast|\bthis|\bnext|\bback|\bof)\s+"
    r"(?:on\s+|the\s+|next\s+|this\s+|with\s+)*$",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"^(?:'s|\s)\s*(?:has (?:now )?agreed to |now |will |is going to |also )*(?:tak(?:es?|ing) (?:\w+ )?(?:over|on)|owns?|leads?|runs?|handles?|manages?|"
    r"looks? after|joins?|sits? in|is now|is the|is our|is your|is responsible|will be|becomes?|does|do|signs?|approves?|answers?|keeps?|who)\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:hand(?:ed|ing|s)?|pass(?:ed|es|ing)?|giv(?:e|es|en|ing)|goes?|go|runs?|use|using|via|through|on|joins?|ask|tell|call|mail|write|send|contact|see|by|is|with|report)\b[^.,;]{0,40}$",
    re.IGNORECASE,
)
_SURE_KINDS = frozenset(("money", "duration", "percent", "date", "url", "email", "channel", "version"))
_LEAST_FIT, _LEAST_PLAIN_FIT, _LEAST_DECIDED_FIT = 0.4, 0.5, 0.5
_LEAST_EXACT_FIT = 0.12  # for an address or a name in quotes that the update says was
_AS_OLD = 0.35  # what it counts that the update gives the old one as what was
_LEAST_WORTH = 0.6
_ADDRESSES = ("url", "email", "channel")
_EXACT = (*_ADDRESSES, "term")  # what is one and the same wherever it stands
_MEASURES = ("duration", "money", "percent", "ordinal")  # what a bare number may stand for


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    said: Said
    new: Slot
    page: int
    piece: Piece
    old: Slot
    worth: float
    named: float


def change_slots(scene: Scene) -> list[tuple[int, Replacement]]:
    """(page number, replacement) pairs; [] where the pages say so already or nothing is sure."""
    mentioned = [(said, slot, _is_old(said, slot)) for said in scene.said for slot in said.slots]
    chosen: dict[tuple[int, int], _Pair] = {}
    for said in scene.said:
        if not said.is_news or said.verdict.strength < 0:
            continue
        for new in said.slots:
            if _is_old(said, new) or not _holds(said, new):
                continue
            pairs = sorted(_pairs(scene, said, new, mentioned), key=lambda pair: -pair.worth)
            if not pairs:
                continue
            if _same(pairs[0].old, new):
                scene.known.add(said.number)
                continue
            for pair in _alike(pairs):
                key = (pair.page, pair.piece.start + pair.old.start)
                kept = chosen.get(key)
                if kept is None or pair.worth + 0.25 * (kept.said.number < said.number) > kept.worth:
                    chosen[key] = pair
    best = max((pair.worth for pair in chosen.values()), default=0.0)
    sure = [pair for pair in chosen.values() if pair.worth >= max(_LEAST_WORTH, 0.7 * best)]
    found = [(pair.page, _replacement(pair)) for pair in sure]
    return found + [(pair.page, target) for pair in sure if (target := _link_target(pair)) is not None]


def _is_old(said: Said, slot: Slot) -> bool:
    """Whether what was said names the slot as what was."""
    if said.verdict.statement.question:
        return False
    before, after = said.text[: slot.start], said.text[slot.end :]
    if re.search(r"\bfrom\s+(?:\w+\s+){0,2}$", before, re.IGNORECASE) and slot.kind in ("weekday", "date", "time", "duration"):
        return bool(re.match(r"\s*(?:\w+\s+){0,3}(?:to|until)\b", after)) and not _in_range(said.text, said.slots, slot)
    return bool(_OLD_BEFORE.search(before) or (_OLD_AFTER.match(after) and slot.kind != "person"))


def _holds(said: Said, slot: Slot) -> bool:
    """Whether a slot is what holds from now on, and not when it begins, nor a person who is only spoken of."""
    before, after = said.text[: slot.start], said.text[slot.end :]
    if re.search(r"\bstill (?:\w+ )?$", before):
        return False
    if slot.kind in ("weekday", "date") and _WHEN_BEFORE.search(before):
        return _in_range(said.text, said.slots, slot)
    if slot.kind == "duration" and re.search(r"\d-[a-z]", slot.text):
        return False  # "a 4-day week" is no time that something takes
    if slot.kind == "person":
        if re.search(r"\bas (?:the |our |a )?$", before, re.IGNORECASE):
            return False
        return bool(_TAKES.match(after) or (said.verdict.strength >= 1 and _GIVEN.search(before)))
    return True


def _pairs(scene: Scene, said: Said, new: Slot, mentioned: Sequence[tuple[Said, Slot, bool]]) -> Iterator[_Pair]:
    place = _range_place(said.text, said.slots, new)
    given = [
        slot
        for other, slot, as_old in mentioned
        if as_old and other is said and slot is not new and (slot.kind == new.kind or (slot.kind == "count" and not slot.unit))
    ]
    for page, sheet in enumerate(scene.sheets):
        if new.kind in _EXACT and new.value in sheet.text.lower():
            continue
        for piece in sheet.pieces:
            if piece.kind == "title" or (piece.kind == "heading" and new.kind not in _EXACT):
                continue
            there = scene.slots(piece)
            same = [slot for slot in there if _comparable(slot, new)]
            if not same or (
                new.kind in ("person", "term", "count", "ordinal")
                and any(_same(slot, new) for slot in there)
                and piece.kind != "row"
            ):
                continue
            fit = scene.fit(said, page, piece)
            if fit < (_LEAST_EXACT_FIT if new.kind in _EXACT else _LEAST_FIT):
                continue
            people = {slot.value for slot in there if slot.kind == "person"}
            for old in same:
                if place is not None and (here := _range_place(piece.text, there, old)) is not None and here != place:
                    continue
                if given and not _same(old, new) and not any(_mentions(slot, old) for slot in given):
                    continue  # another value than the one that is said to have held
                named = 0.0 if _same(old, new) else _named(said, old, new, mentioned)
                local = _local(said.text, new, piece.text, old)
                if new.kind in _ADDRESSES:
                    local = max(local, _link_words(said, piece.text, old))
                if fit < _LEAST_FIT and named < _AS_OLD:
                    continue
                if not named and sheet.page.front_matter.kind == "decision":
                    continue  # it records what was decided then
                if not named and not _fits_unnamed(said, new, old, fit, local, len(people)):
                    continue
                unit = bool(new.unit) and old.unit == new.unit
                worth = fit + named + 0.2 * local + 0.1 * unit + 0.1 * min(1.0, said.verdict.strength)
                yield _Pair(said=said, new=_as_there(new, old), page=page, piece=piece, old=old, worth=worth, named=named)


def _fits_unnamed(said: Said, new: Slot, old: Slot, fit: float, local: float, people: int) -> bool:
    """Whether a slot that the update does not mention may be what changed: it must say more plainly what it is about."""
    if new.kind in ("term", "ordinal") or (said.verdict.kind == "decision" and fit < _LEAST_DECIDED_FIT):
        return False
    if said.verdict.strength < 0.5 and (fit < _LEAST_PLAIN_FIT or re.search(r"\b(?:I|i|me|my|I'm|i'm)\b", said.text)):
        return False
    if new.kind == "person":
        return people == 1 and fit >= 0.45 and new.unit != "name"
    if new.kind == "date":
        return said.verdict.strength >= 1 and (local >= 0.5 or fit > 0.6)
    if new.kind in ("weekday", "time"):
        return said.verdict.strength >= 1 and (local > 0 or fit > 0.6)
    if new.kind in _ADDRESSES:
        return said.verdict.strength >= 1 and (local > 0 or fit >= 0.5)
    return old.unit == new.unit and bool(new.unit or local > 0) and (fit >= _LEAST_PLAIN_FIT or local >= 0.5)


def _comparable(old: Slot, new: Slot) -> bool:
    if old.kind != new.kind:
        return new.kind == "count" and not new.unit and old.kind in _MEASURES
    if new.kind == "person":
        return (old.unit == "role") == (new.unit == "role")
    return old.unit == new.unit or not new.unit or not old.unit or new.kind in ("duration", "count")


def _named(said: Said, old: Slot, new: Slot, mentioned: Sequence[tuple[Said, Slot, bool]]) -> float:
    """What it counts that the update has the page's old slot: as what was, or only somewhere."""
    best = 0.0
    for other, slot, as_old in mentioned:
        if slot is new or not _mentions(slot, old) or (other is said and not as_old and old.kind != "person"):
            continue
        if as_old and abs(other.number - said.number) <= 4:
            return _AS_OLD
        if old.kind == "person" and abs(other.number - said.number) <= 2 and _TAKES.match(said.text[new.end :]):
            best = 0.25
        bare = new.kind == "count" and not new.unit and said.verdict.strength < 0.5
        if old.kind in _SURE_KINDS and not bare and (slot.unit or old.kind == "date" or not slot.text.isalpha()):
            best = 0.2
    return best


def _mentions(slot: Slot, old: Slot) -> bool:
    if slot.kind == "ordinal" and old.kind == "date":
        return bool(re.match(rf"{slot.value}\b|\w+ {slot.value}\b", old.value))
    if slot.kind == old.kind:
        return _same(slot, old) and (slot.unit == old.unit or not slot.unit or not old.unit)
    return slot.value == old.value and slot.kind == "count" and not slot.unit and old.kind in _MEASURES


def _same(one: Slot, other: Slot) -> bool:
    if one.kind == "time" == other.kind:
        return _minutes(one) == _minutes(other) or (
            (_vague(one) or _vague(other)) and (_minutes(one) - _minutes(other)) % 720 == 0
        )
    return one.value == other.value and (one.unit == other.unit or not one.unit or not other.unit)


def _minutes(slot: Slot) -> int:
    hour, _, minute = slot.value.partition(":")
    return int(hour) * 60 + int(minute or 0) if hour.isdigit() else 0


def _vague(slot: Slot) -> bool:
    """Whether a time of day may be before or after noon: "at 2:30"."""
    return slot.kind == "time" and _minutes(slot) < 720 and not re.search(r"[ap]\.?m|^0", slot.text, re.IGNORECASE)


def _as_there(new: Slot, old: Slot) -> Slot:
    """The new slot with what it takes over from the page's: a bare number its unit, a time its half of the day and its form."""
    if new.kind == "time" and old.kind == "time":
        minutes = _minutes(new) + (720 if _vague(new) and _minutes(new) < 480 and _minutes(old) >= 720 else 0)
        return replace(new, value=f"{minutes // 60:02d}:{minutes % 60:02d}", text=_clock(minutes, old.text))
    if new.unit or new.kind != "count" or old.kind == "count":
        return new
    rest = old.text[old.number_end - old.start :] if old.kind == "duration" else ""
    return Slot(
        kind=old.kind,
        value=new.value,
        unit=old.unit,
        text=new.text + rest,
        start=new.start,
        end=new.end,
        number_end=new.number_end,
    )


def _clock(minutes: int, like: str) -> str:
    hour, minute = divmod(minutes, 60)
    half = re.search(r"\s?[ap]\.?m\b\.?", like, re.IGNORECASE)
    if half is None:
        return f"{hour:02d}:{minute:02d}" if re.match(r"0\d|1\d|2\d", like) and ":" in like else f"{hour}:{minute:02d}"
    mark = re.sub("[ap]", "p" if hour >= 12 else "a", half[0], count=1, flags=re.IGNORECASE)
    return (
        f"{(hour - 1) % 12 + 1}{f':{minute:02d}' if minute or ':' in like else ''}{mark.upper() if half[0].isupper() else mark}"
    )


def _in_range(text: str, slots: Sequence[Slot], slot: Slot) -> bool:
    return _range_place(text, slots, slot) is not None


def _range_place(text: str, slots: Sequence[Slot], slot: Slot) -> int | None:
    """0 for the beginning and 1 for the end of a span ("9:30 to 11:30"), None for what is neither."""
    for one, other in pairwise(slots):
        between = text[one.end : other.start]
        if one.kind == other.kind in ("time", "date", "weekday", "duration", "money") and re.fullmatch(
            r"\s*(?:to|until|till|-|–)\s*", between
        ):
            if slot.start == one.start:
                return 0
            if slot.start == other.start:
                return 1
    return None


def _local(said: str, new: Slot, page: str, old: Slot) -> float:
    """How much the words right around both slots have in common, 0 to 1."""
    one = stems_of(said[max(0, new.start - 45) : new.start] + " " + said[new.end : new.end + 35])
    other = stems_of(page[max(0, old.start - 45) : old.start] + " " + page[old.end : old.end + 35])
    return min(1.0, len(one & other) / 2) if one and other else 0.0


def _link_words(said: Said, page: str, old: Slot) -> float:
    """How much of a link's text was said, 0 to 1."""
    text = re.search(r"\[([^\]\n]+)\]\($", page[: old.start])
    stems = stems_of(text[1]) if text else frozenset()
    return len(stems & said.around_stems) / len(stems) if stems else 0.0


def _alike(pairs: list[_Pair]) -> list[_Pair]:
    """The best pair, and where else the same is said of the same thing; [] where two slots fit alike."""
    best = pairs[0]
    rival = next((pair for pair in pairs[1:] if not _same(pair.old, best.old)), None)
    if rival is not None and rival.worth > best.worth - 0.03 and rival.page == best.page:
        return []
    floor = 0.75 if best.named else 0.88
    return [
        pair
        for pair in pairs
        if pair is best or (_same(pair.old, best.old) and pair.worth >= (0.65 if _beside(pair, best) else floor) * best.worth)
    ]


def _beside(pair: _Pair, best: _Pair) -> bool:
    return pair.page == best.page and pair.piece.anchor == best.piece.anchor


def _link_target(pair: _Pair) -> Replacement | None:
    """The end of the link behind a channel's name, where that is the name again."""
    if pair.old.kind != "channel":
        return None
    rest = pair.piece.text[pair.old.end :]
    target = re.match(rf"\]\([^)\s]*/({re.escape(pair.old.value[1:])})\)", rest, re.IGNORECASE)
    if target is None:
        return None
    start = pair.piece.start + pair.old.end
    return replace(
        _replacement(pair), start=start + target.start(1), end=start + target.end(1), text=pair.new.value[1:], reason=""
    )


def _replacement(pair: _Pair) -> Replacement:
    text = rewritten(pair.old, pair.new)
    return Replacement(
        start=pair.piece.start + pair.old.start,
        end=pair.piece.start + pair.old.end,
        text=text,
        confidence=round(min(0.95, 0.3 + 0.5 * pair.worth), 3),
        reason=f"{' '.join(pair.old.text.split())} is now {text}",
        rule="slot",
        anchor=pair.piece.anchor,
        entries=pair.said.entries,
    )
