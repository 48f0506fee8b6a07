"""Slots: the parts of a sentence that change while the sentence stays. Values, addresses, names of people and of things.

They have the shape of `ingest.quantities.Quantity`; the kinds added here are url, email, channel, term (in code marks or quotation marks)
and person, whose `unit` is "".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.quantities import Quantity, quantities

__all__ = ["People", "Slot", "slots_of"]

Slot = Quantity

_URL = re.compile(r"https?://[^\s<>()\[\]]+[^\s<>()\[\].,;:!?\"'*_]")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CHANNEL = re.compile(r"(?<![\w/&#])#[a-zA-Z][\w-]+")
_NAME = re.compile(r"(?<=[a-z,;:(/] )[A-Z][a-zA-Z]{2,}(?: [A-Z][a-z]+)?(?![\w])")
_SUBJECT = re.compile(
    r"(?:^|[.;:,] |\band )([A-Z][a-z]+(?: [A-Z][a-z]+)?)(?= (?:takes? over|is (?:now|the|our|your)|owns|leads|runs|handles|will be|joins|looks after)\b)"
)
_CALENDAR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|May|June|July|August|September|October|November|December|English)"
)
_TERM = re.compile(r"`([^`\n]{2,60})`|[\"“]([^\"“”\n]{2,60})[\"”]")


@dataclass(frozen=True, kw_only=True)
class People:
    """The names by which people and roles are known; `names` in lower case to how they are written."""

    names: dict[str, str]
    titles: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    """Names of people and things that only the texts know; a slot of one has the unit "name", of a role's title "role"."""

    @classmethod
    def of(cls, names: Iterable[str], titles: Iterable[str] = ()) -> People:
        """Full names, their first names, and titles of roles."""
        titles = frozenset(titles)
        known: dict[str, str] = {}
        for name in [*names, *titles]:
            name = name.strip()
            first = name.split(" ")[0]
            if len(name) > 2 and re.fullmatch(r"[^\W\d_][\w'’. -]*", name):
                known.setdefault(name.lower(), name)
                if first != name and len(first) > 2 and first[0].isupper() and " " in name and name.split(" ")[1][:1].isupper():
                    known.setdefault(first.lower(), first)
        return cls(names=known, titles=titles)

    def with_names_in(self, pages: Iterable[str], said: Iterable[str]) -> People:
        """Besides, the words that these texts write with a capital amid a sentence and never without, and who is said to take something on."""
        said = list(said)
        texts = [*pages, *said]
        small = {word for text in texts for word in re.findall(r"(?<![\w])[a-z][a-z'’-]+", text)}
        found = {match[0] for text in texts for match in _NAME.finditer(text)}
        found |= {match[1] for text in said for match in _SUBJECT.finditer(text)}
        fresh = {
            name
            for name in found
            if not {name.lower(), name.split(" ")[0].lower()} & (small | self.names.keys()) and not _CALENDAR.fullmatch(name)
        }
        return replace(self, names=self.names | {name.lower(): name for name in fresh}, others=frozenset(fresh))

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        if not self.names:
            return None
        longest = sorted(self.names, key=len, reverse=True)
        return re.compile(rf"(?<![\w@/.-])(?:{'|'.join(map(re.escape, longest))})(?![\w@/])", re.IGNORECASE)


def slots_of(text: str, people: People, *, spoken: bool = False) -> list[Slot]:
    """The slots in `text`, in order, apart from each other."""
    found: list[Slot] = []
    for kind, pattern in (("url", _URL), ("email", _EMAIL), ("channel", _CHANNEL)):
        found += [_slot(kind, match[0].lower(), match) for match in pattern.finditer(text)]
    for match in _TERM.finditer(text):
        group = 1 if match[1] else 2
        inner = match[group]
        if not any(_overlaps(match.span(), slot) for slot in found) and len(inner.split()) <= 5:
            found.append(
                Slot(
                    kind="term", value=inner.strip().lower(), unit="", text=inner, start=match.start(group), end=match.end(group),
                    number_end=match.end(group),
                )
            )  # fmt: skip
    if people.pattern is not None:
        for match in people.pattern.finditer(text):
            if (spoken or match[0][0].isupper() or " " in match[0]) and not any(
                _overlaps(match.span(), slot) for slot in found
            ):
                written = people.names[match[0].lower()]
                first = written.split(" ")[0]
                unit = "role" if written in people.titles else "name" if written in people.others else ""
                slot = _slot("person", first.lower() if first.lower() in people.names else written.lower(), match)
                found.append(replace(slot, text=match[0] if match[0][0].isupper() else written, unit=unit))
    found += [value for value in quantities(text) if not any(_overlaps((value.start, value.end), slot) for slot in found)]
    return sorted(found, key=lambda slot: slot.start)


def _slot(kind: str, value: str, match: re.Match[str]) -> Slot:
    return Slot(kind=kind, value=value, unit="", text=match[0], start=match.start(), end=match.end(), number_end=match.end())


def _overlaps(span: tuple[int, int], slot: Slot) -> bool:
    return span[0] < slot.end and slot.start < span[1]
