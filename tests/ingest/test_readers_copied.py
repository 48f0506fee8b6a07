"""What the windows of many programs put on the clipboard, and what smaller exports hold: the same two messages each time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.readers import read_file, read_text
from ingest.update import Incoming

SENT = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)  # a Thursday
TEXT = "The limit is 45 days"

# Day and time of the first message; its texts are TEXT and "ok", two minutes later, by Lena Moss and Omar Dahl.
COPIES: dict[str, tuple[str, str]] = {
    "Teams, day above": ("24.11. 09:12", "Lena Moss\n24/11 09:12\nTEXT\nOmar Dahl\n24/11 09:14\nok\n"),
    "Teams, yesterday": ("25.11. 09:12", "[Yesterday 9:12 AM] Lena Moss\nTEXT\n\n[Yesterday 9:14 AM] Omar Dahl\nok\n like 1\n"),
    "Teams, German": ("25.11. 09:12", "[Gestern 09:12] Lena Moss\nTEXT\n[Gestern 09:14] Omar Dahl\nok\n"),
    "Teams, Tuesday": ("24.11. 09:12", "[Tuesday 9:12 AM] Lena Moss\nTEXT\n[Tuesday 9:14 AM] Omar Dahl\nok\n"),
    "Slack, status": (
        "26.11. 09:12",
        "Lena Moss\n:palm_tree:\n  9:12 AM\nTEXT\n:+1:\n2\nNew\nOmar Dahl :house_with_garden:  9:14 AM\nok\n3 replies\n",
    ),
    "Slack, emoji": ("26.11. 09:12", "Lena Moss 🌴  9:12 AM\nTEXT\nOmar Dahl  9:14 AM\nok (edited)"),
    "Slack, day above": ("24.11. 09:12", "Tuesday, November 24th\n\nLena Moss\n  9:12 AM\nTEXT\n\nOmar Dahl\n  9:14 AM\nok"),
    "Discord, web": ("24.11. 09:12", "Lena Moss\n — \n24/11/2026 09:12\nTEXT\nOmar Dahl\n — \n24/11/2026 09:14\nok"),
    "Discord, German": ("25.11. 09:12", "Lena Moss — gestern um 09:12 Uhr\nTEXT\nOmar Dahl — gestern um 09:14 Uhr\nok"),
    "Discord, French": ("26.11. 09:12", "Lena Moss — Aujourd’hui à 09:12\nTEXT\nOmar Dahl — Aujourd’hui à 09:14\nok"),
    "Discord, exporter's text": (
        "24.11. 09:12",
        "==========================\nGuild: North Quay\nChannel: money\n==========================\n\n[24/11/2026 09:12] Lena Moss\n"
        "TEXT\n\n[24/11/2026 09:14] Omar Dahl\nok\n\n{Reactions}\n👍 (2)\n\n==========================\nExported 2 message(s)\n",
    ),
    "Google Chat": ("26.11. 09:12", "Lena Moss\n, \n9:12 AM\nTEXT\nOmar Dahl\n, \n9:14 AM, Edited\nok"),
    "Google Chat, weekday": ("24.11. 09:12", "Lena Moss, Tue 9:12 AM\nTEXT\nOmar Dahl, Tue 9:14 AM\nok"),
    "Signal": ("24.11. 09:12", "[2026-11-24 09:12] Lena Moss: TEXT\n[2026-11-24 09:14] Omar Dahl: ok\n"),
    "Signal, time above": (
        "24.11. 09:12",
        "Lena Moss\nNov 24, 2026, 9:12 AM\nTEXT\n\nOmar Dahl\nNov 24, 2026, 9:14 AM\nok\n",
    ),
    "Signal, one line": ("24.11. 09:12", "Lena Moss, Nov 24, 2026, 9:12 AM: TEXT\nOmar Dahl, Nov 24, 2026, 9:14 AM: ok"),
    "Telegram": (
        "24.11. 09:12",
        "Lena Moss, [24.11.2026 09:12]\nTEXT\n\nOmar Dahl, [24.11.2026 09:14]\n[In reply to Lena]\nok\n",
    ),
    "Telegram, Mac": (
        "24.11. 09:12",
        "Lena Moss, [24 Nov 2026 at 09:12:33]:\nTEXT\n\nOmar Dahl, [24 Nov 2026 at 09:14:33]:\nok\n",
    ),
    "Telegram, page": (
        "24.11. 09:12",
        "Money\n24 November 2026\nLena Moss created group «Money»\nLM\n09:12\nLena Moss\nTEXT\nOD\n09:14\nOmar Dahl\n"
        "In reply to this message\nok\n",
    ),
    "WhatsApp, no brackets": ("24.11. 09:12", "09:12, 24/11/2026 Lena Moss: TEXT\n09:14, 24/11/2026 Omar Dahl: ok\n"),
    "LINE": (
        "24.11. 09:12",
        '[LINE] Chat history in "Money"\nSaved on: 2026/11/25 10:00\n\n2026/11/24(Tue)\n09:12\tLena Moss\tTEXT\n'
        "09:13\tOmar Dahl\t[Photo]\n09:13\t\tNora joined the group.\n09:14\tOmar Dahl\tok\n",
    ),
    "LINE, American": (
        "10.11. 09:12",
        "[LINE] Chat history with Lena\nSaved on: 11/25/2026 10:00\n\nTue, 11/10/2026\n09:12 AM\tLena Moss\tTEXT\n"
        "09:14 AM\tOmar Dahl\tok\n",
    ),
    "LINE, Chinese": (
        "24.11. 09:12",
        "[LINE] 與Lena的聊天記錄\n儲存日期：2026/11/25 10:00\n\n2026/11/24（二）\n上午09:12\tLena Moss\tTEXT\n上午09:14\tOmar Dahl\tok\n",
    ),
    "KakaoTalk": (
        "24.11. 09:12",
        "Money 님과 카카오톡 대화\n저장한 날짜 : 2026-11-25 10:00:00\n\n--------------- 2026년 11월 24일 화요일 ---------------\n"
        "[Lena Moss] [오전 9:12] TEXT\n[Omar Dahl] [오전 9:14] ok\n",
    ),
    "KakaoTalk, phone": (
        "24.11. 09:12",
        "Money 님과 카카오톡 대화\n저장한 날짜 : 2026년 11월 25일 오전 10:00\n\n2026년 11월 24일 화요일\n"
        "2026년 11월 24일 오전 9:12, Lena Moss : TEXT\n2026년 11월 24일 오전 9:14, Omar Dahl : ok\n",
    ),
    "WeChat": ("24.11. 09:12", "Lena Moss 2026/11/24 9:12:33\nTEXT\n\nOmar Dahl 2026/11/24 9:14:33\nok\n"),
    "Skype": ("24.11. 09:12", "[24/11/2026 09:12:33] Lena Moss: TEXT\n[24/11/2026 09:14:33] Omar Dahl: ok\n"),
    "Webex": ("26.11. 09:12", "Lena Moss   9:12 AM\nTEXT\nOmar Dahl   9:14 AM\nok"),
    "Element": ("26.11. 09:12", "Lena Moss\n09:12\nTEXT\nOmar Dahl\n09:14\nok"),
    "Element, export": (
        "24.11. 09:12",
        "Nov 24, 2026, 09:12:33 - Lena Moss: TEXT\nNov 24, 2026, 09:14:33 - Omar Dahl: ok\nNov 24, 2026, 09:15:00 - Nora joined\n",
    ),
    "iMessage": ("24.11. 09:12", "Nov 24, 2026  9:12:33 AM\nLena Moss\nTEXT\n\nNov 24, 2026  9:14:33 AM\nOmar Dahl\nok\n"),
    "irssi": (
        "24.11. 09:12",
        "--- Log opened Tue Nov 24 09:00:00 2026\n09:12 -!- joe [~j@host.example] has joined #money\n09:12 <@Lena Moss> TEXT\n"
        "09:14 < Omar Dahl> ok\n",
    ),
    "WeeChat": (
        "24.11. 09:12",
        "2026-11-24 09:12:33\t@Lena Moss\tTEXT\n2026-11-24 09:14:33\tOmar Dahl\tok\n2026-11-24 09:15:00\t-->\tjoe has joined\n",
    ),
    "HexChat": (
        "24.11. 09:12",
        "**** BEGIN LOGGING AT Tue Nov 24 09:00:00 2026\n\nNov 24 09:12:33 <Lena Moss>\tTEXT\nNov 24 09:14:33 <Omar Dahl>\tok\n",
    ),
    "mIRC": (
        "24.11. 09:12",
        "Session Start: Tue Nov 24 09:00:00 2026\n[09:12] <@Lena Moss> TEXT\n[09:13] *** Joins: joe\n[09:14] <Omar Dahl> ok\n",
    ),
    "Zoom, German": (
        "26.11. 09:12",
        "09:12:34 Von Lena Moss an Alle:\n\tTEXT\n09:13:00 Von Omar Dahl an Lena Moss (Direktnachricht):\n\tgeheim\n"
        "09:14:00 Von Omar Dahl an Alle : ok\n",
    ),
    "Zoom, dated": (
        "24.11. 09:12",
        "2026-11-24 09:12:34 From Lena Moss to Everyone:\n\tTEXT\n2026-11-24 09:14:00 From Omar Dahl to Everyone:\n\tok\n",
    ),
    "Slack, a program": ("26.11. 09:12", "Lena Moss\nAPP  9:12 AM\nTEXT\nOmar Dahl\n  9:14 AM\nok\n"),
    "name: [time]": ("26.11. 09:12", "Lena Moss: [09:12] TEXT\nOmar Dahl: [09:14] ok\n"),
    "Mattermost": ("26.11. 09:12", "Lena Moss\n9:12 AM\nTEXT\nOmar Dahl\n9:14 AM\nok\n"),
    "Discord, a program": ("26.11. 09:12", "Lena Moss\nAPP\n — 9:12 AM\nTEXT\nOmar Dahl\n — 9:14 AM\nok\n"),
    "name (time)": ("26.11. 09:12", "Lena Moss (09:12): TEXT\nOmar Dahl (09:14): ok"),
    "time name": ("26.11. 09:12", "09:12 Lena Moss: TEXT\n09:14 Omar Dahl: ok"),
    "time - name": ("26.11. 09:12", "09:12 - Lena Moss: TEXT\n09:14 - Omar Dahl: ok"),
}

TRANSCRIPTS: dict[str, str] = {
    "Otter": "Team sync\nTue, Nov 24, 2026 9:30AM • 12:10\n\nSUMMARY KEYWORDS\nlimit, offer\n\nSPEAKERS\nLena Moss, Omar Dahl\n\n"
    "Lena Moss  00:03\nTEXT\n\nOmar Dahl  00:12\nok\n\nTranscribed by https://otter.ai\n",
    "Fireflies": "# Team sync\n\nMeeting Date: Nov 24, 2026 09:30 AM\n\n**Lena Moss** 00:03\nTEXT\n\n**Omar Dahl** 00:12\nok\n",
    "Teams": "Team sync\nNovember 24, 2026, 9:30AM\n\nLena Moss   0:03\nTEXT\n\nOmar Dahl   0:12\nok\nOmar Dahl stopped transcription\n",
    "a time, a dash, a name": "Nov 24, 2026 9:30 AM\n00:03 - Lena Moss\nTEXT\n\n00:12 - Omar Dahl\nok\n",
    "brackets": "Team sync, 2026-11-24 09:30\n[00:00:03] Lena Moss: TEXT\n[00:00:12] Omar Dahl: ok\n",
    "Rev": "Team sync, 2026-11-24 09:30\nLena Moss (00:00:03):\nTEXT\n\nOmar Dahl (00:00:12):\nok\n",
    "SBV": "0:00:03.000,0:00:05.880\nLena Moss: TEXT\n\n0:00:12.000,0:00:14.000\nOmar Dahl: ok\n",
    "SubRip, brackets": "1\n00:00:03,000 --> 00:00:05,880\n[Lena Moss] TEXT\n\n2\n00:00:12,000 --> 00:00:14,000\n[Omar Dahl] ok\n",
    "SubRip, chevrons": "1\n00:00:03,000 --> 00:00:05,880\n>> Lena Moss: TEXT\n\n2\n00:00:12,000 --> 00:00:14,000\n>> Omar Dahl: ok\n",
}


def messages(updates: list[Incoming]) -> list[tuple[str, str, str]]:
    return [(m.author, f"{m.at:%d.%m. %H:%M}" if m.at else "", m.text) for update in updates for m in update.messages]


@pytest.mark.parametrize("program", COPIES)
def test_a_chat_is_read_as_its_program_copies_it_pasted_or_as_a_file(program: str) -> None:
    when, text = COPIES[program]
    right = [("Lena Moss", when, TEXT), ("Omar Dahl", when.replace(":12", ":14"), "ok")]
    text = text.replace("TEXT", TEXT)
    assert messages(read_text("chat", text, occurred_at=SENT)) == right
    assert messages(read_file("copy.txt", text.encode(), occurred_at=SENT)) == right


@pytest.mark.parametrize("program", TRANSCRIPTS)
def test_a_transcript_has_its_speakers_and_their_starts(program: str) -> None:
    text = TRANSCRIPTS[program].replace("TEXT", TEXT)
    for updates in (read_text("meeting", text), read_file("call.txt", text.encode())):
        [call] = updates
        assert call.channel == "meeting"
        assert [(m.author, m.start_s, m.text) for m in call.messages] == [("Lena Moss", 3.0, TEXT), ("Omar Dahl", 12.0, "ok")]
        if "2026" in text:
            assert call.occurred_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_the_next_message_of_the_same_person_has_the_day_of_the_one_before() -> None:
    text = "Lena Moss — 24/11/2026 09:12\nfirst\n[09:14]second\n09:15\nthird\nOmar Dahl — 25/11/2026 08:00\nok"
    assert messages(read_text("chat", text, occurred_at=SENT)) == [
        ("Lena Moss", "24.11. 09:12", "first"),
        ("Lena Moss", "24.11. 09:14", "second"),
        ("Lena Moss", "24.11. 09:15", "third"),
        ("Omar Dahl", "25.11. 08:00", "ok"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        ("money-2026-11-24.log", "[09:12] <lena> x\n[09:14] <omar> y\n", "24.11. 09:12"),
        ("GMT20261124-093000_Recording.vtt", "WEBVTT\n\n00:01:05.000 --> 00:01:09.000\nLena: x\n", "24.11. 09:31"),
        ("sync_20261124.txt", "Lena [9:12 AM]: x\nOmar [9:14 AM]: y\n", "24.11. 09:12"),
        ("no-date-20269999.txt", "Lena [9:12 AM]: x\nOmar [9:14 AM]: y\n", ""),
    ],
)
def test_times_of_day_are_of_the_day_in_the_files_name_where_nobody_says_it(name: str, text: str, at: str) -> None:
    assert messages(read_file(name, text.encode()))[0][1] == at
    assert messages(read_file(name, text.encode(), occurred_at=SENT))[0][1].startswith("26.11.")


def test_names_without_capitals_are_names_where_a_program_sets_them_apart() -> None:
    text = "lena moss  9:12 AM\nx\nomar dahl  9:14 AM\nwe start at 9:30\nat about 10:30\n"
    assert messages(read_text("chat", text, occurred_at=SENT)) == [
        ("lena moss", "26.11. 09:12", "x"),
        ("omar dahl", "26.11. 09:14", "we start at 9:30\nat about 10:30"),
    ]
    above = "lena moss\n  9:12 AM\nx\nomar\n  9:14 AM\ny\nlena moss\n  9:15 AM\nz\n"
    assert [author for author, _, _ in messages(read_text("chat", above))] == ["lena moss", "omar", "lena moss"]


def test_the_body_of_a_transcript_is_known_by_its_foot_or_its_times() -> None:
    said = [("Lena Moss", 0.0, "x"), ("Omar Dahl", 304.0, "y")]
    for foot in ("\nMeeting ended after 00:12:10 👋\n", "\n"):
        [call] = read_text("meeting", f"00:00:00\n\nLena Moss: x\n\n00:05:04\n\nOmar Dahl: y\n{foot}")
        assert [(m.author, m.start_s, m.text) for m in call.messages] == said


def test_a_transcript_in_rich_text_is_a_meeting() -> None:
    lines = ("Team sync", "Lena Moss   0:03", "The limit is 45 days.", "Omar Dahl   0:12", "ok", "Lena Moss   0:15", "Good.")
    [incoming] = read_file("sync.rtf", ("{\\rtf1\\ansi " + "\\par\n".join(lines) + "}").encode())
    assert incoming.channel == "meeting"
    assert [(turn.author, turn.start_s) for turn in incoming.messages] == [
        ("Lena Moss", 3),
        ("Omar Dahl", 12),
        ("Lena Moss", 15),
    ]


def test_a_weekday_at_the_end_of_a_message_is_part_of_it() -> None:
    text = "Lena Moss  9:12 AM\nwhen?\nOmar Dahl  9:14 AM\nI can do\nMonday\nLena Moss  9:15 AM\nOn Monday\nthen\nOn Friday\n"
    assert messages(read_text("chat", text, occurred_at=SENT)) == [
        ("Lena Moss", "26.11. 09:12", "when?"),
        ("Omar Dahl", "26.11. 09:14", "I can do\nMonday"),
        ("Lena Moss", "26.11. 09:15", "On Monday\nthen\nOn Friday"),
    ]


def test_emoji_at_the_end_of_a_message_stay() -> None:
    text = "Lena [9:12 AM]: :tada: :tada:\nOmar [9:14 AM]: :plus: thx\nLena [9:15 AM]: 2016"
    assert [said for _, _, said in messages(read_text("chat", text))] == [":tada: :tada:", ":plus: thx", "2016"]


def test_me_is_the_sender() -> None:
    text = "[2026-11-24 09:12] Lena Moss: hello\n[2026-11-24 09:14] Me: ok\n"
    assert messages(read_text("chat", text, "Omar Dahl"))[1][0] == "Omar Dahl"
    assert messages(read_text("chat", "Lena Moss  9:12 AM\nhello\nYou  9:14 AM\nok", "Omar Dahl"))[1][0] == "Omar Dahl"


def test_a_file_of_one_message_is_a_chat() -> None:
    [incoming] = read_file("limit.txt", b"Lena Moss [10:03]: The limit is 45 days\n")
    assert incoming.channel == "chat"
    assert [(turn.author, turn.text) for turn in incoming.messages] == [("Lena Moss", "The limit is 45 days")]
    for text in (b"Lunch (12:30): soup\n", b"Team Lunch (12:30) in the garden\n", b"Lena Moss, 10:03: the limit is 45 days\n"):
        assert read_file("limit.txt", text)[0].channel == "document"


def test_copied_messages_with_days_are_of_the_first_ones_time() -> None:
    [incoming] = read_text(
        "chat", "[11/24/2026 9:12 AM] Moss, Lena\nThe limit is 45 days\n\n[11/24/2026 9:14 AM] Dahl, Omar\nok"
    )
    assert incoming.occurred_at == datetime(2026, 11, 24, 9, 12, tzinfo=UTC)


def test_a_document_with_times_in_it_stays_a_document() -> None:
    agenda = "# Away day\n\nWe meet at noon.\n\n10:30 Standup: bring the list\n\n12:00 Lunch: in the yard\n\nOwner: Lena\n"
    assert [update.channel for update in read_file("away.md", agenda.encode())] == ["document"]
    opening = "Our hours\n\nMonday 9:00\nTuesday 9:00\nFriday 10:00\n\nClosed on 24.12.2026.\n"
    assert [update.channel for update in read_file("hours.txt", opening.encode())] == ["document"]
