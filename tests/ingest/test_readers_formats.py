"""Conversations as named programs write them: who said what and when, the same from a file and pasted."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.readers import read_file, read_text
from ingest.update import Incoming
from tests.ingest.files import UPDATES, docx, zip_of
from wiki.errors import InvalidInput

# Author, day and time (or the seconds from the start of a call, or nothing where no day is told), text
RIGHT: dict[str, list[tuple[str, str, str]]] = {
    "discord.json": [
        ("Lena Moss", "24.11. 09:12", "The deadline for invoices is now 45 days instead of 30."),
        ("Omar Dahl", "24.11. 09:14", "ok"),
    ],
    "fireflies.md": [
        ("", "24.11. 09:30", "- Expenses: The deadline for invoices is now 45 days instead of 30, decided by Nora."),
    ],
    "google-chat.json": [
        ("Lena Moss", "24.11. 09:14", "The deadline for invoices is now 45 days instead of 30."),
        ("Omar Dahl", "24.11. 09:15", "ok"),
    ],
    "mattermost.jsonl": [
        ("lena", "24.11. 09:12", "The deadline for invoices is now 45 days instead of 30."),
        ("omar", "24.11. 09:14", "ok"),
    ],
    "meet.txt": [
        ("Lena Moss", "0", "Let's start. The budget review is on Wednesday now, not on Tuesday."),
        ("Omar Dahl", "0", "OK."),
        ("Lena Moss", "0", "And please update the page."),
        ("Omar Dahl", "304", "Will do."),
    ],
    "otter.txt": [
        ("Lena Moss", "3", "Let's start. The budget review is on Wednesday now, not on Tuesday."),
        ("Omar Dahl", "12", "OK, and where?"),
        ("Unknown Speaker", "15", "Same room."),
        ("Lena Moss", "3735", "That's it."),
    ],
    "rocketchat.json": [
        ("Lena Moss", "24.11. 09:12", "The deadline for invoices is now 45 days instead of 30."),
    ],
    "slack-day.json": [
        ("Nora Quinn", "24.11. 09:03", "Morning all :wave: the deadline for invoices is now 45 days …"),
        ("Deploybot", "24.11. 09:06", "Build #4411 (https://ci.example/1) passed"),
        ("B9", "24.11. 09:06", "Incident 17 opened: payments down"),
        ("U02BB", "24.11. 09:08", "here's the sheet with a comment: day 2 costs 5€"),
        (
            "Guest Person",
            "24.11. 09:10",
            "@U09QQ call 01 234 5678 (+35312345678) or ap@client.example, team @finance or Nov 24; code:\n```pip install x```",
        ),
        ("U01AA", "24.11. 09:05", "Where should the *travel* form go? > I mean the `old` one"),
        ("U02BB", "24.11. 09:06", "It moved to https://forms.northquay.example/trip"),
        ("Nora Quinn", "24.11. 09:06", "for everybody: the travel form moved, use the link above"),
    ],
    "teams-dated.txt": [
        ("Moss, Lena", "24.11. 09:12", "The deadline for invoices is now 45 days instead of 30."),
        ("Dahl, Omar (External)", "24.11. 09:13", "ok, noted"),
    ],
    "telegram.json": [
        ("Lena Moss", "24.11. 09:12", "The deadline for invoices is now 45 days instead of 30."),
        ("Omar Dahl", "24.11. 09:14", "ok"),
    ],
    "whatsapp-android-da.txt": [
        ("Lena Moss", "24.11. 09:16", "Kontoret åbner 7.30."),
    ],
    "whatsapp-android-de.txt": [
        ("Lena Moss", "24.11. 09:16", "Ab Montag öffnet das Büro um 7:30."),
        ("Omar Dahl", "24.11. 12:06", "gut"),
    ],
    "whatsapp-android-in.txt": [
        ("Lena Moss", "05.06. 09:14", "The office opens at 7:30."),
        ("Omar Dahl", "06.06. 15:17", "ok"),
    ],
    "whatsapp-android-it.txt": [
        ("Lena Moss", "24.11. 09:16", "L'ufficio apre alle 7:30."),
    ],
    "whatsapp-android-ko.txt": [
        ("Lena Moss", "24.11. 09:16", "월요일부터 7:30."),
        ("Omar Dahl", "24.11. 15:17", "ok"),
    ],
    "whatsapp-android-pt.txt": [
        ("Lena Moss", "24.11. 09:16", "O escritório abre às 7:30."),
        ("Omar Dahl", "24.11. 09:19", "vale"),
    ],
    "whatsapp-ios-uk.txt": [
        ("Ife Bello", "24.11. 09:16", "The office opens at 7:30 from Monday."),
        ("+353 87 555 0142", "24.11. 09:17", "and the second thing:\nthe door code stays"),
        ("Omar Dahl", "24.11. 09:18", "ok"),
        ("Omar Dahl", "24.11. 09:20", "look at this"),
        ("Lena Moss", "24.11. 09:23", "@Omar Dahl please note"),
    ],
    "whatsapp-unknown-name.txt": [
        ("Lena Moss", "24.11. 09:14", "morning"),
        ("Ife Bello", "24.11. 09:16", "The office opens at 7:30 from Monday."),
        ("Omar Dahl", "24.11. 09:18", "ok"),
    ],
    "whatsapp-unknown-number.txt": [
        ("Lena Moss", "24.11. 09:14", "The office opens at 7:30 from Monday, not 8:00."),
        ("Omar Dahl", "24.11. 15:17", "ok"),
        ("+353 87 555 0142", "24.11. 15:19", "which door?"),
    ],
    "whatsapp-web-de.txt": [
        ("Lena Moss", "24.11. 09:14", "The office opens at 7:30 from Monday instead of 8:00."),
        ("Omar Dahl", "24.11. 09:15", "ok"),
    ],
    "whatsapp-web-us.txt": [
        ("Lena Moss", "24.11. 09:14", "The office opens at 7:30 from Monday instead of 8:00."),
        ("Omar Dahl", "24.11. 09:15", "ok"),
        ("+353 87 555 0142", "24.11. 09:16", "which door?"),
    ],
    "zoom-chat-12h.txt": [
        ("Lena Moss", "", "The budget review is on Wednesday now."),
        ("Omar Dahl", "", "ok, which room?"),
        ("Me", "", "room 2"),
    ],
    "zoom-chat-old.txt": [
        ("Lena Moss", "", "The budget review is on Wednesday now."),
        ("Omar Dahl", "", "ok, which room?"),
    ],
    "zoom-chat.txt": [
        ("Lena Moss", "754", "The budget review is on Wednesday now."),
        ("Omar Dahl", "770", "ok, which room?"),
    ],
    "zoom-transcript.txt": [
        ("Lena Moss", "0", "The budget review is on Wednesday now."),
        ("Omar Dahl", "7", "Got it."),
    ],
}


def said(updates: list[Incoming]) -> list[tuple[str, str, str]]:
    return [
        (
            message.author,
            f"{message.at:%d.%m. %H:%M}" if message.at else "" if message.start_s is None else f"{message.start_s:g}",
            message.text,
        )
        for update in updates
        for message in update.messages
    ]


def shortened(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [(author, when, text if len(text) < 120 else f"{text[:60]}…") for author, when, text in found]


@pytest.mark.parametrize("name", RIGHT)
def test_an_export_gives_who_said_what_and_when_and_nothing_that_the_program_says(name: str) -> None:
    assert shortened(said(read_file(name, (UPDATES / name).read_bytes()))) == RIGHT[name]


@pytest.mark.parametrize("name", RIGHT)
def test_a_pasted_export_is_read_as_its_file_is(name: str) -> None:
    assert shortened(said(read_text("chat", (UPDATES / name).read_text("utf-8")))) == RIGHT[name]


TEAMS_NEW = (
    "Team sync-20261124_093000-Meeting Recording",
    "November 24, 2026, 9:30AM",
    "12m 10s",
    "**Lena Moss**   0:03</w:t><w:br/><w:t>The budget review is on Wednesday now.",
    "Omar Dahl   0:12</w:t><w:br/><w:t>OK, and where?",
    "Lena Moss stopped transcription",
)
TEAMS_OLD = (
    "00:00:03.120 --&gt; 00:00:05.880",
    "Lena Moss",
    "The budget review is on Wednesday now.",
    "00:00:12.000 --&gt; 00:00:14.000",
    "Omar Dahl",
    "OK, and where?",
)
MEET = (
    "Team sync (2026-11-24 09:30 GMT) - Transcript",
    "Attendees",
    "Lena Moss, Omar Dahl",
    "Transcript",
    "Lena Moss: The budget review is on Wednesday now.",
    "Omar Dahl: OK, and where?",
    "Meeting ended after 00:12:10",
)


@pytest.mark.parametrize(
    ("paragraphs", "starts", "began"),
    [
        (TEAMS_NEW, [3.0, 12.0], datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
        (TEAMS_OLD, [3.12, 12.0], None),
        (MEET, [None, None], datetime(2026, 11, 24, 9, 30, tzinfo=UTC)),
    ],
    ids=["Teams", "Teams, older", "Google Meet"],
)
def test_a_transcript_in_a_word_document_has_its_speakers(
    paragraphs: tuple[str, ...], starts: list[float | None], began: datetime | None
) -> None:
    [call] = read_file("transcript.docx", docx(*paragraphs))
    assert call.channel == "meeting"
    assert call.occurred_at == began
    assert [(m.author, m.text) for m in call.messages] == [
        ("Lena Moss", "The budget review is on Wednesday now."),
        ("Omar Dahl", "OK, and where?"),
    ]
    assert [m.start_s for m in call.messages] == starts
    assert {m.kind for m in call.aside} <= {"footer"}


def test_what_was_not_said_is_kept_aside() -> None:
    [day] = read_file("whatsapp-ios-uk.txt", (UPDATES / "whatsapp-ios-uk.txt").read_bytes())
    aside = [(message.kind, message.text) for message in day.aside]
    assert ("media", "rates.pdf • 2 pages document omitted") in aside
    assert ("system", "This message was deleted.") in aside
    assert all(text not in day.text for _, text in aside)


def test_words_between_two_people_in_a_call_are_kept_nowhere() -> None:
    [chat] = read_file("zoom-chat.txt", (UPDATES / "zoom-chat.txt").read_bytes())
    assert "private" not in repr(chat)
    assert [(m.kind, m.author) for m in chat.aside] == [("reaction", "Nora Quinn")]


def test_an_answer_names_the_message_that_it_answers() -> None:
    for name in ("telegram.json", "discord.json", "google-chat.json", "mattermost.jsonl", "zoom-chat.txt"):
        [update] = read_file(name, (UPDATES / name).read_bytes())
        assert [message.reply_to for message in update.messages] == [None, 0], name


def test_a_zip_in_a_zip_is_read_and_their_sizes_count_together() -> None:
    inner = zip_of({"Handbook.md": "# Handbook\n\nThe deadline is now 45 days.", "rates.csv": "a,b\n1,2\n"})
    found = read_file("export.zip", zip_of({"ExportBlock-Part-1.zip": inner}))
    assert [update.source_name for update in found] == ["Handbook.md", "rates.csv"]


def test_json_that_is_no_chat_is_refused_with_what_to_send() -> None:
    with pytest.raises(InvalidInput, match="no chat") as caught:
        read_file("settings.json", b'{"a": [1, 2], "b": {"c": "d"}}')
    assert "text" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "messenger",
            {
                "participants": [{"name": "Lena Moss"}],
                "messages": [
                    {"sender_name": "Omar Dahl", "timestamp_ms": 1795511653000, "content": "caf\u00c3\u00a9, ok"},
                    {"sender_name": "Lena Moss", "timestamp_ms": 1795511553000, "content": "45 days now"},
                ],
            },
        ),
        (
            "element",
            {
                "messages": [
                    {
                        "type": "m.room.message",
                        "sender": who,
                        "origin_server_ts": at,
                        "content": {"msgtype": "m.text", "body": text},
                    }
                    for who, at, text in (("Lena Moss", 1795511553000, "45 days now"), ("Omar Dahl", 1795511653000, "café, ok"))
                ]
            },
        ),
        (
            "signal",
            [
                {"envelope": {"source": "+353875550142", "sourceName": who, "timestamp": at, "dataMessage": {"message": text}}}
                for who, at, text in (("Lena Moss", 1795511553000, "45 days now"), ("Omar Dahl", 1795511653000, "café, ok"))
            ],
        ),
        (
            "graph",
            {
                "value": [
                    {
                        "messageType": "message",
                        "createdDateTime": at,
                        "from": {"user": {"displayName": who}},
                        "body": {"contentType": "html", "content": f"<p>{text}</p>"},
                    }
                    for who, at, text in (
                        ("Lena Moss", "2026-11-24T09:12:33Z", "45 days now"),
                        ("Omar Dahl", "2026-11-24T09:14:13Z", "café, ok"),
                    )
                ]
            },
        ),
    ],
)
def test_json_of_other_programs_is_read_by_who_when_and_what(name: str, data: object) -> None:
    assert said(read_file(f"{name}.json", json.dumps(data).encode())) == [
        ("Lena Moss", "24.11. 09:12", "45 days now"),
        ("Omar Dahl", "24.11. 09:14", "café, ok"),
    ]
