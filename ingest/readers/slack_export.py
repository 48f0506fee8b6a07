"""A Slack export: a zip with a folder a channel and in it one JSON file a day, and lists of people and channels beside them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from ingest.readers.archive import Archive
from ingest.readers.conversation import Source, Turn
from ingest.readers.limits import Limits
from ingest.readers.rows import rows, text_of
from ingest.readers.slack import Names, by_thread, is_slack, turns_of, user_name
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["is_slack_export", "read_slack_export"]

_DAY_FILE = re.compile(r"(?:^|/)(?P<path>(?:[^/]+/)*?(?P<channel>[^/]+))/(?P<day>\d{4}-\d{2}-\d{2})\.json$")
_PEOPLE = frozenset(("users.json", "org_users.json"))
_CHANNELS = frozenset(("channels.json", "groups.json", "mpims.json", "dms.json"))


def is_slack_export(archive: Archive) -> bool:
    """By its days and lists of people and channels; where lists are missing, as in some exports, by what a day holds."""
    days = [name for name in archive.names if _DAY_FILE.search(name)]
    if {name.rsplit("/", 1)[-1] for name in archive.names} & (_PEOPLE | _CHANNELS):
        return bool(days)
    try:
        return any(is_slack(json.loads(archive.read(name))) for name in days[:3])
    except (ValueError, RecursionError):
        return False


def read_slack_export(archive: Archive, limits: Limits) -> list[Incoming]:
    """One update a thread and one a channel and day for the rest, by time.

    Names stand for ids; joins and the like are kept aside. Times are UTC.
    Days whose JSON is damaged raise InvalidInput: half an export is no export.
    """
    names, source = _names(archive), Source(name=archive.name, text="", limits=limits)
    channels: dict[str, list[Turn]] = {}
    labels: dict[str, str] = {}
    for file_name in sorted(archive.names):
        match = _DAY_FILE.search(file_name)
        if match is not None:
            turns = turns_of(rows(_json(archive, file_name)), names)
            # Two workspaces of one organisation may have a channel of the same name: threads are told apart by the folder.
            channels.setdefault(match["path"], []).extend(turns)
            labels[match["path"]] = f"Slack #{match['channel']}"
    found: list[Incoming] = []
    for path, turns_there in channels.items():
        found += by_thread(source, labels[path], turns_there)
        if len(found) > limits.max_parts:
            raise InvalidInput(
                f"{archive.name} holds more than {limits.max_parts:,} days and threads.", hint="Export a shorter time."
            )
    if not found:
        raise InvalidInput(f"{archive.name} holds no messages.", hint="Export a time in which something was written.")
    return sorted(found, key=lambda update: update.occurred_at or datetime.min.replace(tzinfo=UTC))


def _names(archive: Archive) -> Names:
    users: dict[str, str] = {}
    channels: dict[str, str] = {}
    for file_name in archive.names:
        base = file_name.rsplit("/", 1)[-1]
        if base in _PEOPLE:
            users.update((text_of(user.get("id")), user_name(user)) for user in rows(_json(archive, file_name)))
        elif base in _CHANNELS:
            channels.update((text_of(one.get("id")), text_of(one.get("name"))) for one in rows(_json(archive, file_name)))
    return Names(users=users, channels=channels)


def _json(archive: Archive, file_name: str) -> object:
    try:
        return json.loads(archive.read(file_name))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{file_name} in {archive.name} is damaged.", hint="Export the workspace again.") from error
