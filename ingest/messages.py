"""Turns in plain text: who said what, and when, in the shapes that chats, transcripts and mails are pasted in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.clock import DATE, TIME, aware, offset_of, parse_at, prefers_month_first
from ingest.maildates import parse_mail_date
from ingest.mailtext import read_mail_text
from ingest.mailwords import is_reply_subject

__all__ = ["Message", "has_turns", "mail_messages", "messages_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn. `author` is "" where not known; `at` is aware; `start_s` is seconds from the start of a recording."""

    author: str = ""
    at: datetime | None = None
    text: str
    start_s: float | None = None


_NAME = r"[^\W_][^\n:<>\[\]|]{0,58}?"
_WHEN = rf"(?:{DATE},?\s+)?{TIME}"
_SKIP = re.compile(
    r"^(?:\(edited\)|edited|new|image|\d+ repl(?:y|ies)|last reply .*|view thread|also sent to the channel|pinned by .*|"
    r"replied to a thread:?.*|:[\w+-]+:\s*\d+|\+?\d+|[—–-]{2,}.*[—–-]{2,})$",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*\((?:edited|bearbeitet|modifié)\)\s*$", re.IGNORECASE)

# The shapes of a line that starts a turn, the surest first. One text uses one shape; `text` is what follows on the same line.
_SHAPES: tuple[re.Pattern[str], ...] = (
    # 12/11/2026, 09:14 - Name: text (WhatsApp on Android, Element's export)
    re.compile(rf"^\u200e?(?P<when>{DATE},?\s+{TIME})\s+[-–]\s+(?P<name>{_NAME}):\s?(?P<text>.*)$"),
    # [12/11/2026, 09:14:33] Name: text (WhatsApp on an iPhone), [09:14] Name: text (Matrix), [9:14 AM] Name: text (Teams)
    re.compile(rf"^\u200e?\[(?P<when>{_WHEN})\]\s*(?P<name>{_NAME}):\s?(?P<text>.*)$"),
    # [09:14] <name> text, 09:14 <name> text (IRC)
    re.compile(rf"^\[?(?P<when>{_WHEN})\]?\s+<[@+%~& ]?(?P<name>[^>\n]{{1,40}})>\s?(?P<text>.*)$"),
    # Name [9:00 AM]: text
    re.compile(rf"^(?P<name>{_NAME})\s*[\[(](?P<when>{_WHEN})[\])]\s*:?\s?(?P<text>.*)$"),
    # [9:14 AM] Name, the text on the next lines (Teams)
    re.compile(rf"^\[(?P<when>{_WHEN})\]\s*(?P<name>{_NAME})(?P<text>)$"),
    # Name 9:00 AM, Name — Today at 9:00 AM, Name  APP  9:00 AM; the text on the next lines (Slack, Teams, Discord)
    re.compile(rf"^(?P<name>{_NAME})(?:\s+APP)?(?:\s*[—–]\s*|\s+)(?P<when>{_WHEN})(?P<text>)$"),
    # 09:14:03 From Name to Everyone: text (Zoom's chat), 00:01:02 Name: text
    re.compile(rf"^(?P<when>{_WHEN})\s+(?:From\s+)?(?P<name>{_NAME})(?:\s+to\s+Everyone)?\s*:\s?(?P<text>.*)$"),
    # <name> text
    re.compile(r"^<[@+%~& ]?(?P<name>[^\W_][^>\n]{0,39})>\s(?P<text>.*)$"),
)
_PLAIN = re.compile(rf"^(?:\*\*|__)?(?P<name>{_NAME})(?:\*\*|__)?:(?:\*\*|__)?(?:\s+(?P<text>.*))?$")
_TIME_ALONE = re.compile(rf"^\s*\[?(?P<when>{_WHEN})\]?\s*$")

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
    ("al", "bin", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "la")
)
_PARTICLES |= frozenset(("le", "los", "of", "ter", "ten", "the", "van", "von", "y", "zu"))

_MAIL_HEADER = re.compile(r"^(?P<key>[A-Z][A-Za-z-]{1,20}):[ \t]*(?P<value>.*)$")


def messages_of(text: str, channel: str, *, author: str = "", occurred_at: datetime | None = None) -> tuple[Message, ...]:
    """The turns in `text`, in its order; their texts are verbatim pieces of it (lines of one turn joined by a line end).

    chat and meeting are split at every line that starts a turn; email gives its subject (unless a reply's) and its body,
    without sign-off; everything else is one turn. A time of day without a date takes the date and zone of `occurred_at`;
    without that, `at` is None. `author` stands where the text names nobody. No turns for an empty text.
    """
    occurred_at = aware(occurred_at)
    if channel == "email":
        found = _mail(text, author, occurred_at)
    elif channel in ("chat", "meeting", "voice", "note"):
        found = _turns(text, author, occurred_at, sure_only=channel in ("voice", "note"), meeting=channel == "meeting")
    else:
        found = [Message(author=author, at=occurred_at, text=text.strip())]
    return tuple(message for message in found if message.text.strip())


def has_turns(text: str) -> str:
    """ "timed" for a text made of turns with times (a chat), "named" for one of speaker lines (a transcript), else ""."""
    lines = _joined_headers([line for line in text.splitlines()[:400] if line.strip()])
    shape = _shape_of(lines)
    if shape is not None:
        count = sum(1 for line in lines if (m := shape.match(line)) and _is_name(m["name"]))
        if count >= 2 and (count * 8 >= len(lines)) and shape.match(lines[0]):
            return "timed"
    names = _speakers(lines)
    starts = [name for name in _line_names(lines) if name in names]
    if len(starts) >= 3 and len(starts) * 2 >= len(lines) and len(set(starts)) < len(starts):
        return "named"
    return ""


@dataclass(slots=True)
class _Turn:
    name: str
    when: str
    lines: list[str] = field(default_factory=list)

    def message(self, occurred_at: datetime | None, month_first: bool, offsets: bool) -> Message:
        text = _EDITED.sub("", "\n".join(self.lines).strip()).strip()
        name = re.sub(r"^~\s*", "", self.name.strip("\u200e\u202a\u202c *,"))
        if offsets:
            start_s = offset_of(self.when)
            at = occurred_at + timedelta(seconds=start_s) if occurred_at and start_s is not None else occurred_at
            return Message(author=name, at=at, text=text, start_s=start_s)
        at = parse_at(self.when, occurred_at, month_first=month_first) if self.when else occurred_at
        return Message(author=name, at=at, text=text)


def _turns(text: str, author: str, occurred_at: datetime | None, *, sure_only: bool, meeting: bool) -> list[Message]:
    lines = _joined_headers(text.splitlines())
    turns = [_Turn(author, "")]
    shape = _shape_of(lines)
    if shape is not None:
        for line in lines:
            match = shape.match(line)
            if match is not None and _is_name(match["name"]):
                turns.append(_Turn(match["name"], match["when"] if "when" in shape.groupindex else "", [match["text"]]))
            elif (alone := _TIME_ALONE.match(line)) is not None and len(turns) > 1:
                turns.append(_Turn(turns[-1].name, alone["when"]))  # Slack: another message of the same person
            elif not _SKIP.match(line.strip()):
                turns[-1].lines.append(line)
    elif not sure_only:
        names = _speakers(lines)
        for line in lines:
            match = _PLAIN.match(line)
            if match is not None and match["name"].strip() in names:
                turns.append(_Turn(match["name"], "", [match["text"] or ""]))
            elif not (meeting and _TIME_ALONE.match(line)):
                turns[-1].lines.append(line)
    else:
        turns[0].lines = lines
    month_first = prefers_month_first(turn.when for turn in turns)
    offsets = meeting and _are_offsets([turn.when for turn in turns if turn.when])
    return [turn.message(occurred_at, month_first, offsets and bool(turn.when)) for turn in turns]


def _are_offsets(whens: list[str]) -> bool:
    """Whether the times of a transcript count from its start: the first is within two minutes, and none goes back."""
    offsets = [offset_of(when) for when in whens]
    known = [offset for offset in offsets if offset is not None]
    return bool(known) and len(known) == len(whens) and known[0] <= 120 and known == sorted(known)


def _shape_of(lines: list[str]) -> re.Pattern[str] | None:
    """The shape that most lines have; None where none has one."""
    counts = [sum(1 for line in lines if (m := shape.match(line)) and _is_name(m["name"])) for shape in _SHAPES]
    best = max(counts)
    return _SHAPES[counts.index(best)] if best else None


def _joined_headers(lines: list[str]) -> list[str]:
    """Slack's and Element's two-line headers (a name, then an indented line that is only a time) made one line."""
    joined: list[str] = []
    for line in lines:
        name = joined[-1].strip() if joined else ""
        if name and len(name) <= 60 and _TIME_ALONE.match(line) and _heads(name, line):
            joined[-1] = f"{name} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _heads(name: str, time_line: str) -> bool:
    if time_line[:1].isspace():
        return _looks_like_name(name) or (name.isidentifier() and _is_handle(name))
    return _looks_like_name(name) and re.search(r"[ap]\.?m\b", time_line, re.IGNORECASE) is not None


def _speakers(lines: list[str]) -> frozenset[str]:
    """Names that start lines as `Name: …`: what looks like a name, or comes back as often as a speaker does."""
    seen: dict[str, int] = {}
    for name in _line_names(lines):
        seen[name] = seen.get(name, 0) + 1
    return frozenset(
        name for name, count in seen.items() if _looks_like_name(name) or (count >= 2 and (_is_handle(name) or _is_role(name)))
    )


def _line_names(lines: list[str]) -> Iterator[str]:
    for line in lines:
        match = _PLAIN.match(line)
        if match is not None:
            yield match["name"].strip()


def _is_name(name: str) -> bool:
    return len(name.split()) <= 6 and not re.search(r"https?$|[.!?]\s", name)


def _is_role(name: str) -> bool:
    """ "Project lead", "Host"."""
    words = name.split()
    return (
        1 <= len(words) <= 3 and words[0][0].isupper() and words[0].casefold() not in _LABELS and all(map(str.isalpha, words))
    )


def _is_handle(name: str) -> bool:
    return " " not in name and name.casefold() not in _LABELS and not name.isdigit() and "/" not in name


def _looks_like_name(name: str) -> bool:
    """Up to four words with capitals ("Ana de Souza", "Speaker 2", "Dr. Wu"), none of them a label as in "Note:"."""
    words = name.split()
    if not 1 <= len(words) <= 4 or not words[0][0].isupper() or words[0].casefold().strip("*_") in _LABELS:
        return False
    return all(
        word[0].isupper() or word.casefold() in _PARTICLES or (i > 0 and (word.isdigit() or word[0] == "("))
        for i, word in enumerate(words)
    )


def _mail(text: str, author: str, occurred_at: datetime | None) -> list[Message]:
    lines = text.splitlines()
    headers: dict[str, str] = {}
    while lines and (match := _MAIL_HEADER.match(lines[0])) is not None and match["key"].casefold() in _MAIL_KEYS:
        headers[match["key"].casefold()] = match["value"].strip()
        lines.pop(0)
    who = author or re.sub(r"\s*<[^>]*>", "", headers.get("from", "")).strip('" ')
    return list(mail_messages(headers.get("subject", ""), "\n".join(lines), author=who, occurred_at=occurred_at)[1])


def mail_messages(
    subject: str, body: str, *, author: str = "", occurred_at: datetime | None = None, notice: bool = False
) -> tuple[str, tuple[Message, ...]]:
    """What is worth keeping of a mail's text, and the turns in it: the subject unless a reply's, the writer's words, then
    those of each mail that it forwards, at their own time.

    Times in forwarded mails are read in the zone of `occurred_at`. `notice` is for what a program sends in `author`'s name:
    its subject says nothing new.
    """
    mail = read_mail_text(body, subject=subject, author=author, notice=notice)
    at = occurred_at.astimezone(UTC) if occurred_at is not None else None
    zone = occurred_at.tzinfo if occurred_at is not None else None
    who = author or mail.signed
    found = []
    if subject and not is_reply_subject(subject) and not (notice and mail.said):
        found.append(Message(author=who, at=at, text=subject))
    for said in mail.said:
        if said.author or said.when:
            found.append(Message(author=said.author, at=parse_mail_date(said.when, zone), text=said.text))
        else:
            found.append(Message(author=who, at=at, text=said.text))
    text = f"Subject: {subject}\n\n{mail.text}".strip() if subject else mail.text
    return text, tuple(message for message in found if message.text.strip())


_MAIL_KEYS = frozenset(("subject", "from", "to", "cc", "date", "sent", "reply-to"))
