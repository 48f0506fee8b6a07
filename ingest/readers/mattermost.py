"""Mattermost's bulk export: JSON lines of posts, with the answers inside the post that they answer."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.conversation import Source, Turn, daily
from ingest.readers.rows import at_number, row, rows, text_of
from ingest.update import Incoming

__all__ = ["claims", "read"]

_POSTS = ("post", "direct_post")


def claims(source: Source) -> bool:
    return isinstance(source.data, list) and any(
        one.get("type") in _POSTS and isinstance(one.get(str(one["type"])), dict) for one in rows(source.data)
    )


def read(source: Source) -> list[Incoming]:
    """One update a channel and day, by time; people by their names where the export has them."""
    names = dict(_names(source))
    by_channel: dict[str, list[Turn]] = {}
    for number, one in enumerate(rows(source.data)):
        if one.get("type") not in _POSTS:
            continue
        post = row(one.get(str(one["type"])))
        members = post.get("channel_members")
        channel = text_of(post.get("channel")) or (", ".join(map(str, members)) if isinstance(members, list) else "")
        by_channel.setdefault(channel, []).extend(_turns(post, str(number), names))
    found: list[Incoming] = []
    for channel, turns in by_channel.items():
        if len(by_channel) == 1 or any(turn.kind == "said" and turn.text.strip() for turn in turns):
            turns.sort(key=lambda turn: turn.at.timestamp() if turn.at is not None else 0.0)
            found += daily(source, turns, name=f"Mattermost {channel}".strip())
    return found


def _names(source: Source) -> Iterator[tuple[str, str]]:
    for one in rows(source.data):
        user = row(one.get("user"))
        full = " ".join(part for part in (text_of(user.get("first_name")), text_of(user.get("last_name"))) if part)
        yield text_of(user.get("username")), full or text_of(user.get("nickname"), user.get("username"))


def _turns(post: object, key: str, names: dict[str, str], *, answers: str = "") -> Iterator[Turn]:
    one = row(post)
    user, at, said = text_of(one.get("user")), at_number(one.get("create_at")), text_of(one.get("message"))
    author = names.get(user) or user
    system = text_of(one.get("type")).startswith("system_")
    yield Turn(author=author, at=at, text=said, key=key, reply_to=answers, kind="system" if system else "said")
    for file in rows(one.get("attachments")):
        yield Turn(author=author, at=at, text=text_of(file.get("path"), "file"), kind="media")
    if not answers:
        for number, reply in enumerate(rows(one.get("replies"))):
            yield from _turns(reply, f"{key}.{number}", names, answers=key)
