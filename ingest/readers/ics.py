"""Calendar files (.ics, RFC 5545) to readable text: what, when, where, and what is said about it.

Read line by line, so that a file that is cut off or bent still gives its whole events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from ingest.mailfooters import without_footers
from ingest.readers.charsets import decode_labelled
from ingest.readers.limits import Limits
from ingest.readers.mailhtml import mail_html_to_text
from ingest.readers.text import read_plain
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["is_calendar", "read_calendar"]

_LINE = re.compile(r"^([A-Za-z0-9-]{1,60})((?:;[^:;\"]{1,60}=(?:\"[^\"]*\"|[^:;\"]*)(?:,\"[^\"]*\")*)*):(.*)$", re.DOTALL)
_PARAMETER = re.compile(r";([^=;:\"]+)=(\"[^\"]*\"|[^:;\"]*)")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_DURATION = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_KINDS = ("VEVENT", "VTODO", "VJOURNAL")
_REPEATS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}


@dataclass(slots=True)
class _Event:
    values: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Moment:
    day: date
    clock: str = ""  # "09:30"; "" for a whole day
    zone: str = ""

    def __str__(self) -> str:
        said = f"{self.day:%A} {self.day.day} {self.day:%B %Y}"
        return f"{said}, {self.clock}" if self.clock else said


def is_calendar(data: bytes) -> bool:
    return data[:300].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR")


def read_calendar(
    name: str,
    data: bytes,
    *,
    author: str = "",
    occurred_at: datetime | None = None,
    limits: Limits | None = None,
) -> Incoming:
    """One update with each event's title, time, place and description. `author` is the organizer where there is only one.

    Raises InvalidInput where there are no events.
    """
    text = decode_labelled(data, None)
    cancelled = re.search(r"(?im)^METHOD:CANCEL\s*$", text) is not None
    events = [event for event in _events(text) if _title(event) or _said(event, "DESCRIPTION")]
    if not events:
        raise InvalidInput(f"{name} holds no events.", hint="Export the calendar again, or send what it says as text.")
    organizers = {who for event in events if (who := _organizer(event))}
    written = [at for event in events if (at := _written_at(event)) is not None]
    return read_plain(
        "document",
        "\n\n".join(_described(event, cancelled) for event in events),
        author=organizers.pop() if len(organizers) == 1 else author,
        occurred_at=max(written) if written else occurred_at,
        source_name=name,
        limits=limits,
    )


def _events(text: str) -> Iterator[_Event]:
    """Events, tasks and notes; alarms and time zones inside and beside them are passed over."""
    event: _Event | None = None
    inside: list[str] = []
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        match = _LINE.match(line.rstrip("\r"))
        if match is None:
            continue
        key, value = match[1].upper(), match[3]
        if key == "BEGIN":
            if event is not None:
                inside.append(value.strip().upper())
            elif value.strip().upper() in _KINDS:
                event, inside = _Event(), []
        elif key == "END":
            if event is not None and not inside:
                yield event
                event = None
            elif inside:
                inside.pop()
        elif event is not None and not inside and key not in event.values:
            event.values[key] = value
            event.parameters[key] = {found[1].upper(): found[2].strip('"') for found in _PARAMETER.finditer(match[2])}
    if event is not None and "SUMMARY" in event.values:
        yield event  # cut off before its end


def _described(event: _Event, cancelled: bool) -> str:
    title = _title(event) or "Event"
    if cancelled or event.values.get("STATUS", "").strip().upper() == "CANCELLED":
        title = f"Cancelled: {title}"
    lines = [f"# {title}"]
    facts = [("When", _when(event)), ("Repeats", _repeats(event)), ("Where", _said(event, "LOCATION"))]
    lines += ["", *(f"- {label}: {said}" for label, said in facts if said)]
    description = _said(event, "DESCRIPTION")
    if re.match(r"\s*<(?:html|div|p|br|span|b)\b", description, re.IGNORECASE) or re.search(
        r"</?(?:p|br|div)\s?/?>", description
    ):
        description = mail_html_to_text(description)
    description = without_footers(description)  # how to join the call
    if description:
        lines += ["", description]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _title(event: _Event) -> str:
    return " ".join(_said(event, "SUMMARY").split())


def _said(event: _Event, key: str) -> str:
    """A text value without its escapes."""
    plain = re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], event.values.get(key, ""))
    return plain.strip()


def _when(event: _Event) -> str:
    start = _moment(event, "DTSTART")
    if start is None:
        due = _moment(event, "DUE")
        return f"due {due}" if due is not None else ""
    end = _moment(event, "DTEND") or _after(start, event.values.get("DURATION", ""))
    if end is not None and not end.clock:
        end = _Moment(end.day - timedelta(days=1)) if end.day > start.day else None  # a whole day ends before the next
    zone = f" ({start.zone})" if start.zone else ""
    if end is None or end == start:
        return f"{start}{zone}"
    return f"{start} to {end.clock if end.day == start.day and end.clock else end}{zone}"


def _moment(event: _Event, key: str) -> _Moment | None:
    match = _STAMP.match(event.values.get(key, "").strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    if match[4] is None:
        return _Moment(day)
    return _Moment(day, f"{match[4]}:{match[5]}", "UTC" if match[7] else event.parameters[key].get("TZID", ""))


def _after(start: _Moment, duration: str) -> _Moment | None:
    match = _DURATION.match(duration.strip())
    if match is None or not any(match.groups()) or not start.clock:
        return None
    weeks, days, hours, minutes, seconds = (min(int(part or 0), 9_999) for part in match.groups())
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    hour, minute = map(int, start.clock.split(":"))
    try:
        ends = datetime(start.day.year, start.day.month, start.day.day, hour, minute, tzinfo=UTC) + span
    except (ValueError, OverflowError):
        return None
    return _Moment(ends.date(), f"{ends:%H:%M}", start.zone)


def _repeats(event: _Event) -> str:
    rule = dict(part.split("=", 1) for part in event.values.get("RRULE", "").upper().split(";") if "=" in part)
    unit = _REPEATS.get(rule.get("FREQ", "").strip())
    if unit is None:
        return ""
    every = rule.get("INTERVAL", "1").strip()
    said = f"every {unit}" if every == "1" or not every.isdigit() else f"every {every} {unit}s"
    days = [_DAYS[day[-2:]] for day in rule.get("BYDAY", "").strip().split(",") if day[-2:] in _DAYS]
    if days:
        said += f" on {', '.join(days)}"
    until = _STAMP.match(rule.get("UNTIL", "").strip())
    if until is not None:
        said += f" until {until[1]}-{until[2]}-{until[3]}"
    elif rule.get("COUNT", "").strip().isdigit():
        said += f", {rule['COUNT'].strip()} times"
    return said


def _organizer(event: _Event) -> str:
    name = event.parameters.get("ORGANIZER", {}).get("CN", "").strip()
    return name or re.sub(r"(?i)^mailto:", "", event.values.get("ORGANIZER", "")).strip()


def _written_at(event: _Event) -> datetime | None:
    for key in ("LAST-MODIFIED", "DTSTAMP", "CREATED"):
        match = _STAMP.match(event.values.get(key, "").strip())
        if match is not None and match[4] is not None:
            try:
                year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            except ValueError:
                continue
    return None
