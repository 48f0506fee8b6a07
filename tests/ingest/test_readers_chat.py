"""Chats: pasted, exported from Slack, exported from WhatsApp."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.readers import Limits, read_file, read_text
from tests.ingest.files import UPDATES, slack_export, zip_of
from wiki.errors import InvalidInput


def test_a_pasted_chat_is_one_update_kept_as_it_was_pasted() -> None:
    [incoming] = read_text("chat", "Lena [1:10 PM]: one doc now\r\nEdwin [1:15 PM]: :100:", "Lena")
    assert incoming.text == "Lena [1:10 PM]: one doc now\nEdwin [1:15 PM]: :100:"
    assert [(m.author, m.text) for m in incoming.messages] == [("Lena", "one doc now"), ("Edwin", ":100:")]


@pytest.mark.parametrize(
    ("channel", "text", "why"), [("fax", "hi", "fax"), ("chat", " \n\t", "no text"), ("chat", "a" * 101, "longer")]
)
def test_a_text_that_is_no_update_is_refused_with_a_hint(channel: str, text: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as caught:
        read_text(channel, text, limits=Limits(max_text_chars=100))
    assert caught.value.hint


def test_a_slack_export_is_an_update_a_thread_and_one_a_day_with_names_for_ids() -> None:
    updates = read_file("export.zip", slack_export())
    assert [update.source_name for update in updates] == [
        "Slack #general 2026-11-12",
        "Slack #general thread 1794474120.000200",
        "Slack #general 2026-11-13",
    ]
    day, thread, next_day = updates
    assert day.text.splitlines() == [
        "Maya Chen [09:01]: The hotline is now +49 30 901820 (+4930901820) & email",
        "Deploy [09:03]: green",
        "Guest [09:04]: two",
        "lines",
    ]
    assert [(m.author, m.text) for m in thread.messages] == [
        ("Maya Chen", "New template: the template (https://example.org/t), see #general cc @Tom @here"),
        ("Tom", "thanks @Maya Chen"),
    ]
    assert thread.occurred_at == datetime(2026, 11, 12, 9, 2, 0, 200, tzinfo=UTC)
    assert next_day.author == "Tom"
    assert all(update.channel == "chat" for update in updates)


def test_a_slack_export_with_a_damaged_day_is_refused() -> None:
    broken = zip_of({"users.json": "[]", "channels.json": "[]", "general/2026-11-12.json": '[{"type": '})
    with pytest.raises(InvalidInput, match=r"2026-11-12\.json"):
        read_file("export.zip", broken)


@pytest.mark.parametrize(
    "rows", [[1, None, "x"], {"a": 1}, [{"type": "message", "user": ["x"], "text": {"a": 1}, "ts": "nan"}], []]
)
def test_odd_rows_in_a_slack_export_are_left_out(rows: object) -> None:
    odd = zip_of({"users.json": json.dumps(rows), "general/2026-11-12.json": json.dumps(rows)})
    with pytest.raises(InvalidInput, match="no messages"):
        read_file("export.zip", odd)


def test_a_slack_export_of_too_many_days_is_refused() -> None:
    with pytest.raises(InvalidInput, match="more than 2"):
        read_file("export.zip", slack_export(), limits=Limits(max_parts=2))


def test_a_whatsapp_export_of_an_iphone_is_an_update_a_day_without_system_lines() -> None:
    berlin = timezone(timedelta(hours=1))
    first, second = read_file(
        "chat.txt", (UPDATES / "whatsapp-ios.txt").read_bytes(), occurred_at=datetime(2026, 11, 14, tzinfo=berlin)
    )
    assert [(m.author, m.text) for m in first.messages] == [
        ("Maya", "Ab Montag gilt:\nSpesen binnen 45 Tagen"),
        ("Tom", "ok 👍"),
    ]
    assert first.occurred_at == datetime(2026, 11, 12, 8, 15, 2, tzinfo=UTC)
    assert second.text == "Maya [08:01]: Danke"
    assert second.author == "Maya"


def test_a_whatsapp_export_of_android_reads_american_dates_and_leaves_media_out() -> None:
    [day] = read_file("WhatsApp Chat with Office.txt", (UPDATES / "whatsapp-android.txt").read_bytes())
    assert [(m.author, m.text) for m in day.messages] == [
        ("Maya", "The hotline is now +49 30 901820\nit works from Monday: promise"),
        ("Tom", "the new form"),
    ]
    assert day.occurred_at == datetime(2026, 11, 12, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("13/11/2026, 09:14 - Maya: x", "2026-11-13 09:14"),
        ("13.11.26, 09:14 - Maya: x", "2026-11-13 09:14"),
        ("11/13/26, 9:14 PM - Maya: x", "2026-11-13 21:14"),
        ("2026-11-13 09:14 - Maya: x", "2026-11-13 09:14"),
        ("13-11-2026 09:14 - Maya: x", "2026-11-13 09:14"),
        ("13/11/2026 09:14 p. m. - Maya: x", "2026-11-13 21:14"),
        ("13/11/26 à 09:14 - Maya: x", "2026-11-13 09:14"),
        ("[13.11.26, 09:14:33] Maya: x", "2026-11-13 09:14"),
        ("[2026-11-13, 9:14:33\u202fAM] ~\u202fMaya: x", "2026-11-13 09:14"),
    ],
)
def test_whatsapp_dates_of_several_languages_are_understood(line: str, at: str) -> None:
    [update] = read_file("_chat.txt", f"{line}\n{line.replace('Maya: x', 'Tom: y')}\n".encode())
    assert [(m.author, f"{m.at:%Y-%m-%d %H:%M}") for m in update.messages] == [("Maya", at), ("Tom", at)]


def test_a_whatsapp_zip_is_named_after_the_archive_and_its_pictures_are_left_out() -> None:
    data = zip_of({"_chat.txt": "[13.11.26, 09:14:33] Maya: x\n", "0001-PHOTO.jpg": b"\xff\xd8\xff\xe0" + b"\x00" * 50})
    [update] = read_file("WhatsApp Chat - Office.zip", data)
    assert update.source_name == "WhatsApp Chat - Office 2026-11-13"


def test_a_text_file_with_a_chat_or_speakers_in_it_is_told_by_its_shape() -> None:
    assert read_file("log.txt", b"[09:00] <maya> 45 days\n[09:01] <tom> ok\n")[0].channel == "chat"
    assert read_file("call.txt", b"Maya: hello\nTom: hi\nMaya: 45 days now\nTom: good\n")[0].channel == "meeting"
    assert read_file("plan.md", b"# Plan\n\nOwner: Maya\n\nThe plan is to move.\n")[0].channel == "document"
    assert read_file("log.txt", b"[09:00] <maya> 45 days\n[09:01] <tom> ok\n", channel="note")[0].channel == "note"
