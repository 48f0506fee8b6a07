"""A Slack export: a zip of channels.json, users.json and a folder a channel with one JSON file a day."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ingest.readers.archive import Archive
from ingest.readers.limits import Limits
from ingest.readers.text import clean_text
from ingest.update import Incoming, Message
from wiki.errors import InvalidInput

__all__ = ["is_slack_export", "read_slack_export"]

# What people write; all other subtypes are joins, topics, pins, calls: events, not news.
_SAID = frozenset(("", "thread_broadcast", "me_message", "file_share", "file_comment", "bot_message", "file_mention"))
_DAY_FILE = re.compile(r"(?:^|/)(?P<channel>[^/]+)/(?P<day>\d{4}-\d{2}-\d{2})\.json$")
_MENTION = re.compile(r"<([^<>\n]{1,2000})>")


def is_slack_export(names: tuple[str, ...]) -> bool:
    bases = {name.rsplit("/", 1)[-1] for name in names}
    return "users.json" in bases and any(_DAY_FILE.search(name) for name in names)


def read_slack_export(archive: Archive, limits: Limits) -> list[Incoming]:
    """One update a thread and one a channel and day for the rest, by time.

    Names stand for ids; joins and the like are left out.
    Times are UTC. Days whose JSON is damaged raise InvalidInput: half an export is no export.
    """
    names = _Names(archive)
    updates: list[Incoming] = []
    by_channel: dict[str, list[_Said]] = {}
    for file_name in sorted(archive.names):
        match = _DAY_FILE.search(file_name)
        if match is not None:
            by_channel.setdefault(match["channel"], []).extend(_said(_json(archive, file_name), names))
    for channel, said in by_channel.items():
        for source, turns in _grouped(channel, said):
            updates.append(_update(source, turns))
            if len(updates) > limits.max_parts:
                raise InvalidInput(
                    f"{archive.name} holds more than {limits.max_parts:,} days and threads.", hint="Export a shorter time."
                )
    if not updates:
        raise InvalidInput(f"{archive.name} holds no messages.", hint="Export a time in which something was written.")
    return sorted(updates, key=lambda update: update.occurred_at or datetime.min.replace(tzinfo=UTC))


class _Said(NamedTuple):
    at: datetime
    author: str
    text: str
    thread: str  # the time stamp of the first message of its thread; "" outside threads


class _Names:
    """Ids to the names that people see."""

    def __init__(self, archive: Archive) -> None:
        self.users: dict[str, str] = {}
        self.channels: dict[str, str] = {}
        for file_name in archive.names:
            base = file_name.rsplit("/", 1)[-1]
            if base == "users.json":
                self.users.update((str(user.get("id")), _user_name(user)) for user in _rows(_json(archive, file_name)))
            elif base in ("channels.json", "groups.json", "mpims.json"):
                self.channels.update(
                    (str(row.get("id")), str(row.get("name") or "")) for row in _rows(_json(archive, file_name))
                )

    def plain(self, text: str) -> str:
        """Slack's markup as people see it: mentions by name, links with their address, entities as characters."""
        return clean_text(html.unescape(_MENTION.sub(self._mention, text)))

    def _mention(self, match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return f"@{label or self.users.get(target[1:], target[1:])}"
        if target.startswith("#"):
            return f"#{label or self.channels.get(target[1:], target[1:])}"
        if target.startswith("!"):
            return label if label else f"@{target[1:].split('^')[0]}"
        target = target.removeprefix("mailto:").removeprefix("tel:")
        return target if not label or label in target else f"{label} ({target})"


def _said(rows: object, names: _Names) -> Iterator[_Said]:
    for row in _rows(rows):
        at = _time(row.get("ts"))
        if row.get("type", "message") != "message" or str(row.get("subtype") or "") not in _SAID or at is None:
            continue
        text = names.plain(str(row.get("text") or "")).strip()
        if not text:
            continue
        thread = str(row.get("thread_ts") or "")
        yield _Said(at, _author(row, names), text, thread)


def _author(row: Mapping[str, Any], names: _Names) -> str:
    known = names.users.get(str(row.get("user") or ""))
    if known:
        return known
    profile = row.get("user_profile")
    if isinstance(profile, dict):
        return _user_name({"profile": profile, "id": row.get("user")})
    return clean_text(str(row.get("username") or row.get("user") or row.get("bot_id") or ""))


def _user_name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    candidates = (
        profile.get("real_name"),
        profile.get("display_name"),
        user.get("real_name"),
        user.get("name"),
        user.get("id"),
    )
    return clean_text(next((str(name) for name in candidates if name), "")).replace("\n", " ").strip()


def _grouped(channel: str, said: list[_Said]) -> Iterator[tuple[str, list[_Said]]]:
    """Threads with an answer on their own, whatever the day; the rest by day."""
    sizes: dict[str, int] = {}
    for turn in said:
        if turn.thread:
            sizes[turn.thread] = sizes.get(turn.thread, 0) + 1
    groups: dict[str, list[_Said]] = {}
    for turn in sorted(said, key=lambda turn: turn.at):
        in_thread = sizes.get(turn.thread, 0) > 1
        key = f"thread {turn.thread}" if in_thread else f"{turn.at:%Y-%m-%d}"
        groups.setdefault(f"#{channel} {key}", []).append(turn)
    yield from groups.items()


def _update(source: str, turns: list[_Said]) -> Incoming:
    authors = {turn.author for turn in turns}
    return Incoming(
        channel="chat",
        text="\n".join(f"{turn.author} [{turn.at:%H:%M}]: {turn.text}" for turn in turns),
        author=authors.pop() if len(authors) == 1 else "",
        occurred_at=turns[0].at,
        source_name=f"Slack {source}",
        messages=tuple(Message(author=turn.author, at=turn.at, text=turn.text) for turn in turns),
    )


def _json(archive: Archive, file_name: str) -> object:
    try:
        return json.loads(archive.read(file_name))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file_name} in {archive.name} is damaged.", hint="Export the workspace again.") from error


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _time(stamp: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(stamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
