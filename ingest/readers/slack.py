"""Slack's messages as its exports hold them: one channel and day as JSON, alone or (see slack_export) in the zip."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.conversation import Source, Turn, conversation
from ingest.readers.rows import at_number, row, rows, text_of
from ingest.readers.text import clean_text
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["Names", "by_thread", "claims", "is_slack", "read", "turns_of", "user_name"]

# What people write; all other subtypes are joins, topics, pins, calls: events, not news.
_SAID = frozenset(
    ("", "thread_broadcast", "me_message", "file_share", "file_comment", "bot_message", "file_mention", "reply_broadcast")
)
_MENTION = re.compile(r"<([^<>\n]{1,2000})>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Ids of people and channels to the names that people see."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

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


def claims(source: Source) -> bool:
    return is_slack(source.data)


def read(source: Source) -> list[Incoming]:
    """One update a thread, and one for the rest; people by the names that their messages carry."""
    said = rows(source.data)
    users = {
        text_of(one.get("user")): user_name({"profile": one["user_profile"]}) for one in said if row(one.get("user_profile"))
    }
    found = by_thread(source, "Slack", turns_of(said, Names(users={who: name for who, name in users.items() if name})))
    if not found:
        raise InvalidInput(f"{source.name or 'It'} holds no messages.", hint="Export a time in which something was written.")
    return found


def is_slack(data: object) -> bool:
    """Whether it is a list of Slack's messages."""
    return any(
        one.get("type") == "message" and re.fullmatch(r"\d{9,}\.\d+", text_of(one.get("ts"))) is not None
        for one in rows(data)[:50]
    )


def turns_of(said: Iterable[dict[str, Any]], names: Names) -> Iterator[Turn]:
    """The messages; `reply_to` is the time stamp of the first message of the thread, also in that message itself."""
    for one in said:
        at = at_number(one.get("ts"))
        if one.get("type", "message") != "message" or at is None:
            continue
        author, text = _author(one, names), names.plain(_text(one)).strip()
        if text_of(one.get("subtype")) not in _SAID or one.get("user") == "USLACKBOT" or one.get("hidden") is True:
            yield Turn(author=author, at=at, text=text, kind="system")
        elif text:
            yield Turn(author=author, at=at, text=text, key=text_of(one.get("ts")), reply_to=text_of(one.get("thread_ts")))
        for file in rows(one.get("files")):
            yield Turn(author=author, at=at, text=text_of(file.get("title"), file.get("name"), "file"), kind="media")


def by_thread(source: Source, name: str, turns: Iterable[Turn]) -> list[Incoming]:
    """Threads with an answer on their own, whatever the day; the rest by day. Groups in which nobody speaks are left out."""
    ordered = sorted(turns, key=lambda turn: turn.at.timestamp() if turn.at is not None else 0.0)
    sizes: dict[str, int] = {}
    for turn in ordered:
        if turn.reply_to:
            sizes[turn.reply_to] = sizes.get(turn.reply_to, 0) + 1
    groups: dict[str, list[Turn]] = {}
    for turn in ordered:
        in_thread = sizes.get(turn.reply_to, 0) > 1
        key = f"thread {turn.reply_to}" if in_thread else f"{turn.at:%Y-%m-%d}"
        groups.setdefault(f"{name} {key}", []).append(turn)
    return [
        conversation(source, group, name=label)
        for label, group in groups.items()
        if any(turn.kind == "said" and turn.text for turn in group)
    ]


def user_name(user: Mapping[str, Any]) -> str:
    """What people see, of a row of users.json."""
    profile = row(user.get("profile"))
    name = text_of(
        profile.get("real_name"), profile.get("display_name"), user.get("real_name"), user.get("name"), user.get("id")
    )
    return name.replace("\n", " ").strip()


def _author(one: Mapping[str, Any], names: Names) -> str:
    known = names.users.get(text_of(one.get("user")))
    profile = row(one.get("user_profile"))
    bot = row(one.get("bot_profile"))
    own = user_name({"profile": profile, "id": one.get("user")}) if profile else ""
    return known or own or text_of(one.get("username"), one.get("user"), bot.get("name"), one.get("bot_id"))


def _text(one: Mapping[str, Any]) -> str:
    """Its text; where that is empty, what its blocks or else its attachments say."""
    if text_of(one.get("text")):
        return text_of(one.get("text"))
    blocks = "\n".join(part for block in rows(one.get("blocks")) if (part := _block(block, 0).strip()))
    if blocks:
        return blocks
    return "\n".join(
        part
        for attached in rows(one.get("attachments"))
        if (
            part := text_of(attached.get("fallback"))
            or "\n".join(map(text_of, (attached.get("title"), attached.get("text")))).strip()
        )
    )


def _block(block: Mapping[str, Any], depth: int) -> str:
    """The words of a block and of what is in it: sections, headers, lists and rich text."""
    kind, text = text_of(block.get("type")), block.get("text")
    if depth > 12:
        return ""
    if kind == "user":
        return f"<@{text_of(block.get('user_id'))}>"
    if kind == "channel":
        return f"<#{text_of(block.get('channel_id'))}>"
    if kind == "broadcast":
        return f"@{text_of(block.get('range'))}"
    if kind == "emoji":
        return f":{text_of(block.get('name'))}:"
    if kind == "link":
        address = text_of(block.get("url"))
        return f"<{address}|{text}>" if isinstance(text, str) and text else f"<{address}>"
    own = text if isinstance(text, str) else _block(row(text), depth + 1) if isinstance(text, dict) else ""
    inner = [_block(one, depth + 1) for key in ("elements", "fields") for one in rows(block.get(key))]
    between = "\n" if kind in ("rich_text", "rich_text_list", "section", "actions") else " " if kind == "context" else ""
    return "\n".join(part for part in (own, between.join(inner)) if part)
