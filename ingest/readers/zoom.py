"""Zoom's saved chat, in the three layouts that its versions write, and in the languages of its window."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.clock import DATE, TIME, offset_of
from ingest.people import clean_name
from ingest.readers.conversation import Source, Turn, at_offset, conversation
from ingest.update import Incoming

__all__ = ["claims", "read"]

_FROM = r"(?:From|Von|De|Da|Van|Från|Fra|Od|От|Kimden)"
_TO = r"(?:to|To|an|An|à|À|a|A|para|Para|aan|till|til|do|для)"
_TIME = rf"(?P<when>(?:{DATE},?\s+)?{TIME})"
_HEADS = (
    # 09:14:33<tab> From Maya Ito to Everyone:, the text on the next lines, or on the same
    re.compile(rf"^{_TIME}\s+{_FROM}\s+(?P<name>[^\n:]{{1,80}}?)\s+{_TO}\s+(?P<to>[^\n:]{{1,80}}?)\s*:\s*(?P<text>.*)$"),
    # From Maya Ito to Everyone 10:55 AM
    re.compile(rf"^{_FROM}\s+(?P<name>[^\n:]{{1,80}}?)\s+{_TO}\s+(?P<to>[^\n:]{{1,80}}?)\s*:?\s+{_TIME}(?P<text>)$"),
    # 09:12:34<tab> From  Maya Ito : text
    re.compile(rf"^{_TIME}\s+{_FROM}\s+(?P<name>[^\n:]{{1,80}}?)\s*(?P<to>):\s*(?P<text>.*)$"),
)
_PRIVATE = re.compile(r"\([^()]{3,40}\)\s*$")
_EVERYONE = re.compile(
    r"^(?:everyone|all|alle|tous|tout le monde|todos|tutti|iedereen|alla|wszyscy|все|herkes|全員|所有人|모두)\b", re.I
)
_REACTION = re.compile(
    r"^(?:Reacted to|Removed an? .{1,20} reaction from|Hat auf|A réagi à|Reaccionó a|Ha reagito a|Reagiu a)\s?[\"“«„].*$",
    re.DOTALL,
)
_REPLY = re.compile(
    r"^(?:Replying to|Antwort auf|Antworten auf|Réponse à|En réponse à|En respuesta a|Respondiendo a|In risposta a|Respondendo a)\s?"
    r"[\"“«„](?P<words>.*?)(?:\.{3}|…)?[\"”»“]\s*$",
    re.DOTALL,
)
_QUOTED_LINES = 4


@dataclass(slots=True)
class _Found:
    when: str
    name: str
    to: str
    lines: list[str] = field(default_factory=list)


def claims(source: Source) -> bool:
    first = next((line for line in source.lines[:5] if line.strip()), "")
    return _match(first) is not None


def read(source: Source) -> list[Incoming]:
    """One update. Reactions are kept aside; words between two people are kept nowhere.

    Times are of the day of the sender's time; those of a recording's chat ("00:12:34") count from its start.
    """
    found = [one for one in _found(source.lines) if not _is_private(one.to)]
    offsets = [offset_of(one.when) for one in found]
    counted = bool(found) and found[0].when.startswith("00:") and all(offset is not None for offset in offsets)
    to_time, note = source.clock([one.when for one in found])
    turns: list[Turn] = []
    for number, one in enumerate(found):
        start_s = offsets[number] if counted else None
        at = at_offset(source.occurred_at, start_s) if counted else to_time(one.when)
        said, answers = _said(one.lines)
        turns.append(
            Turn(
                author=clean_name(one.name),
                at=at,
                text=said,
                start_s=start_s,
                key=str(number),
                reply_to=_answered(answers, turns),
                kind="reaction" if _REACTION.match(said) else "said",
            )
        )
    return [conversation(source, turns, note=note)]


def _match(line: str) -> re.Match[str] | None:
    return next((match for head in _HEADS if (match := head.match(line)) is not None), None)


def _found(lines: Sequence[str]) -> Iterator[_Found]:
    current: _Found | None = None
    for line in lines:
        head = _match(line)
        if head is not None:
            if current is not None:
                yield current
            current = _Found(head["when"], head["name"], head["to"], [head["text"]])
        elif current is not None:
            current.lines.append(line.removeprefix("\t"))
    if current is not None:
        yield current


def _is_private(to: str) -> bool:
    return _PRIVATE.search(to) is not None and not _EVERYONE.match(to)


def _said(lines: Sequence[str]) -> tuple[str, str]:
    """The text, and the first words of what it answers."""
    kept = [line for line in lines if line.strip()]
    for count in range(1, min(len(kept), _QUOTED_LINES) + 1):
        reply = _REPLY.match("\n".join(kept[:count]).strip())
        if reply is not None:
            return "\n".join(kept[count:]).strip(), reply["words"]
    return "\n".join(lines).strip(), ""


def _answered(words: str, turns: Sequence[Turn]) -> str:
    """The last turn that begins with these words."""
    return next((turn.key for turn in reversed(turns) if words and turn.text.startswith(words)), "")
