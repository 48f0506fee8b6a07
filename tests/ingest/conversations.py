"""Conversations made up for the reader tests, and how programs would write them in a dozen languages."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["CLOCKS", "FORMATS", "Line", "made_up"]

NAMES = (
    "Lena Moss",
    "Omar Dahl",
    "Ana de Souza",
    "+353 87 555 0142",
    "Dr. Wu",
    "李娜",
    "Юлия Котова",
    "Jean-Luc Dupré",
    "omar_d",
    "김민수",
    "محمد علي",
    "Pat O'Brien",
)
TEXTS = (
    "ok",
    "45",
    "no: not before Monday",
    "at 10:30 we meet, at 11:15 we stop",
    "10:30 is fine for me",
    "see https://example.org:8080/a?b=1:2#c",
    "ok 👍🏽 🎉",
    "first line\nsecond line: with a colon\n- and an item\n- and another",
    "שלום, הפגישה ב-10:30",
    "مرحبا، الاجتماع غدا",
    "Re: the form",
    "Note: the form moved",
    "the limit is 500 euros (not 300)",
    "it moved from 24/11/2026 to 1.12.2026, 09:00",
    "use `a: b` in [brackets]",
    "a\n\nb after an empty line",
    "“Quoted”: yes, she said so",
    "全部都好：没问题",
    "does 3:1 hold?",
    "1) one\n2) two",
    "Thanks!",
    "Thursday",
    "the plan:\n10:30 Standup: bring the list\n12:00 lunch",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How one language's phones write a day and a time of day."""

    day: Callable[[datetime], str]
    time: Callable[[datetime], str]
    joined: str = ", "

    def both(self, at: datetime) -> str:
        return f"{self.day(at)}{self.joined}{self.time(at)}"


def made_up(seed: int, count: int) -> list[Line]:
    """A conversation whose day and month can be told apart; two minutes are never the same."""
    chance = random.Random(seed)
    at = datetime(2026, chance.randint(1, 12), chance.randint(13, 25), chance.randint(5, 12), chance.randint(0, 59), tzinfo=UTC)
    names = chance.sample(NAMES, 3)
    lines: list[Line] = []
    for _ in range(count):
        lines.append(Line(author=chance.choice(names), at=at, text=chance.choice(TEXTS)))
        at += timedelta(minutes=chance.randint(1, 9))
    return lines


def _half(at: datetime, before: str, after: str, gap: str = " ", *, leads: bool = False) -> str:
    half, clock = (before if at.hour < 12 else after), f"{(at.hour - 1) % 12 + 1}:{at.minute:02}"
    return f"{half}{gap}{clock}" if leads else f"{clock}{gap}{half}"


CLOCKS: dict[str, Clock] = {
    "en-US": Clock(day=lambda d: f"{d.month}/{d.day}/{d:%y}", time=lambda d: _half(d, "AM", "PM", "\u202f")),
    "en-GB": Clock(day=lambda d: f"{d:%d/%m/%Y}", time=lambda d: f"{d:%H:%M}"),
    "en-IN": Clock(day=lambda d: f"{d:%d/%m/%y}", time=lambda d: _half(d, "am", "pm", "\u202f")),
    "de": Clock(day=lambda d: f"{d:%d.%m.%y}", time=lambda d: f"{d:%H:%M}"),
    "fr": Clock(day=lambda d: f"{d:%d/%m/%Y}", time=lambda d: f"{d:%H:%M}", joined=" à "),
    "es-MX": Clock(day=lambda d: f"{d.day}/{d.month}/{d:%y}", time=lambda d: _half(d, "a. m.", "p. m.", "\u202f")),
    "pt-BR": Clock(day=lambda d: f"{d:%d/%m/%Y}", time=lambda d: f"{d:%H:%M}", joined=" "),
    "nl": Clock(day=lambda d: f"{d:%d-%m-%Y}", time=lambda d: f"{d:%H:%M}", joined=" "),
    "sv": Clock(day=lambda d: f"{d:%Y-%m-%d}", time=lambda d: f"{d:%H:%M}", joined=" "),
    "fi": Clock(day=lambda d: f"{d.day}.{d.month}.{d.year}", time=lambda d: f"{d.hour}.{d.minute:02}", joined=" klo "),
    "cs": Clock(day=lambda d: f"{d.day}. {d.month}. {d.year}", time=lambda d: f"{d.hour}:{d.minute:02}", joined=" "),
    "tr": Clock(day=lambda d: f"{d:%d.%m.%Y}", time=lambda d: f"{d:%H:%M}", joined=" "),
    "el": Clock(day=lambda d: f"{d.day}/{d.month}/{d:%y}", time=lambda d: _half(d, "π.μ.", "μ.μ.")),
    "ko": Clock(
        day=lambda d: f"{d.year}. {d.month}. {d.day}.", time=lambda d: _half(d, "오전", "오후", leads=True), joined=" "
    ),
    "zh-TW": Clock(
        day=lambda d: f"{d.year}/{d.month}/{d.day}", time=lambda d: _half(d, "上午", "下午", "", leads=True), joined=" "
    ),
    "ja": Clock(day=lambda d: f"{d.year}/{d:%m/%d}", time=lambda d: f"{d.hour}:{d.minute:02}", joined=" "),
}


def _below(head: Callable[[Line, Clock], str]) -> Callable[[Sequence[Line], Clock], str]:
    return lambda lines, clock: "\n".join(f"{head(line, clock)}\n{line.text}" for line in lines)


def _beside(head: Callable[[Line, Clock], str]) -> Callable[[Sequence[Line], Clock], str]:
    return lambda lines, clock: "\n".join(f"{head(line, clock)}{line.text}" for line in lines)


def _telegram(lines: Sequence[Line], _clock: Clock) -> str:
    rows = [
        {"id": n, "type": "message", "date_unixtime": str(int(x.at.timestamp())), "from": x.author, "text": [x.text, ""]}
        for n, x in enumerate(lines)
    ]
    return json.dumps({"name": "Money", "type": "private_group", "messages": rows})


def _discord(lines: Sequence[Line], _clock: Clock) -> str:
    rows = [
        {"id": str(n), "type": "Default", "timestamp": x.at.isoformat(), "content": x.text, "author": {"name": x.author}}
        for n, x in enumerate(lines)
    ]
    return json.dumps({"channel": {"name": "money"}, "messages": rows})


def _slack(lines: Sequence[Line], _clock: Clock) -> str:
    rows = [
        {
            "type": "message",
            "ts": f"{x.at.timestamp():.6f}",
            "user": f"U{NAMES.index(x.author)}",
            "text": x.text,
            "user_profile": {"real_name": x.author},
        }
        for x in lines
    ]
    return json.dumps(rows)


def _mattermost(lines: Sequence[Line], _clock: Clock) -> str:
    rows = [
        {
            "type": "post",
            "post": {"channel": "m", "user": x.author, "message": x.text, "create_at": int(x.at.timestamp() * 1000)},
        }
        for x in lines
    ]
    return "\n".join(json.dumps(row) for row in rows)


def _vtt(lines: Sequence[Line], _clock: Clock) -> str:
    began = lines[0].at
    cues = []
    for number, line in enumerate(lines):
        start = line.at - began
        stamp = f"{start}.000".rjust(11, "0")
        cues.append(f"{number + 1}\n{stamp} --> {stamp[:-3]}900\n<v {line.author}>{line.text}</v>\n")
    return "WEBVTT\n\n" + "\n".join(cues)


FORMATS: dict[str, Callable[[Sequence[Line], Clock], str]] = {
    "WhatsApp, Android": _beside(lambda x, c: f"{c.both(x.at)} - {x.author}: "),
    "WhatsApp, iPhone": _beside(lambda x, c: f"[{c.both(x.at)}] {x.author}: "),
    "WhatsApp, web": _beside(lambda x, c: f"[{c.time(x.at)}, {c.day(x.at)}] {x.author}: "),
    "Telegram": _below(lambda x, c: f"{x.author}, [{c.both(x.at)}]"),
    "Teams": _below(lambda x, c: f"[{c.both(x.at)}] {x.author}"),
    "Slack": _below(lambda x, c: f"{x.author}  {c.time(x.at)}"),
    "Discord": _below(lambda x, c: f"{x.author} — {c.both(x.at)}"),
    "Google Chat": _below(lambda x, c: f"{x.author}, {c.both(x.at)}"),
    "name (time)": _beside(lambda x, c: f"{x.author} ({c.time(x.at)}): "),
    "name [time]": _beside(lambda x, c: f"{x.author} [{c.time(x.at)}]: "),
    "time name": _beside(lambda x, c: f"{c.time(x.at)} {x.author}: "),
    "Zoom": _below(lambda x, _: f"{x.at:%H:%M:%S}\t From {x.author} to Everyone:"),
    "IRC": _beside(lambda x, _: f"[{x.at:%H:%M}] <{x.author}> "),
    "LINE": _beside(lambda x, c: f"{c.time(x.at)}\t{x.author}\t"),
    "Telegram, JSON": _telegram,
    "Discord, JSON": _discord,
    "Slack, JSON": _slack,
    "Mattermost, JSON": _mattermost,
}
