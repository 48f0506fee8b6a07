"""Made-up conversations in sixteen languages and the writing of many programs are read back as they were; nothing else is raised."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import read_file, read_text
from ingest.readers.conversation import Source
from ingest.readers.formats import FORMATS as READERS
from tests.ingest.conversations import CLOCKS, FORMATS, made_up
from tests.ingest.files import UPDATES
from wiki.errors import InvalidInput

_COUNTS = (3, 9, 24, 60)


@pytest.mark.parametrize("program", FORMATS)
def test_a_conversation_is_read_back_with_its_authors_minutes_and_texts(program: str) -> None:
    wanted = right = 0
    for number, (language, clock) in enumerate(CLOCKS.items()):
        lines = made_up(number * 100 + len(program), _COUNTS[(number + len(program)) % len(_COUNTS)])
        data = FORMATS[program](lines, clock).encode()
        sent_in = lines[0].at.replace(hour=23)
        found = [
            (message.author, message.at.replace(second=0) if message.at else None, message.text)
            for update in read_file("chat.txt", data, occurred_at=sent_in)
            for message in update.messages
        ]
        said = [(line.author, line.at, line.text) for line in lines]
        assert not set(found) - set(said), f"{program} in {language}: nobody said that"
        wanted += len(said)
        right += sum(1 for one in said if one in found)
    assert right >= wanted * 0.995, f"{right} of {wanted}"


_HEADS = [path.read_text("utf-8")[:300] for path in sorted(UPDATES.iterdir()) if path.suffix in (".txt", ".md", ".srt", ".vtt")]
_JSON = [path.read_text("utf-8") for path in sorted(UPDATES.iterdir()) if path.suffix in (".json", ".jsonl")]
_LINES = st.sampled_from([line for head in _HEADS for line in head.split("\n") if line.strip()])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(_LINES, st.text(max_size=30), st.text("0123456789:.,[]()<>-/ \tAPM\u200e", max_size=30)), max_size=12),
    st.sampled_from(["", "chat", "meeting"]),
)
def test_no_reader_of_text_raises_anything_but_errors_for_people(lines: list[str], channel: str) -> None:
    source = Source.of(Source(name="x.txt", text="\n".join(lines), channel=channel))
    for reader in READERS:
        if reader.claims(source):
            with contextlib.suppress(InvalidInput):
                assert reader.read(source)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("2026-11-24T09:00:00Z"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "messages",
                    "message",
                    "text",
                    "type",
                    "ts",
                    "date",
                    "date_unixtime",
                    "from",
                    "author",
                    "content",
                    "timestamp",
                    "creator",
                    "created_date",
                    "post",
                    "user",
                    "msg",
                    "u",
                    "blocks",
                    "attachments",
                    "elements",
                    "replies",
                    "create_at",
                    "channel",
                    "id",
                    "name",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(_VALUES)
def test_no_reader_of_json_raises_anything_but_errors_for_people(data: object) -> None:
    source = Source(name="x.json", text="", data=data)
    for reader in READERS:
        if reader.claims(source):
            with contextlib.suppress(InvalidInput):
                assert reader.read(source)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_HEADS + _JSON), st.integers(0, 400), st.text(max_size=12), st.sampled_from(["chat", "meeting", "note"]))
def test_a_damaged_conversation_is_read_or_refused(text: str, place: int, garbage: str, channel: str) -> None:
    damaged = text[:place] + garbage + text[place + len(garbage) :]
    for read in (lambda: read_file("x.txt", damaged.encode("utf-8", "replace")), lambda: read_text(channel, damaged)):
        with contextlib.suppress(InvalidInput):
            assert read()


def test_an_export_of_forty_thousand_lines_is_read_in_two_seconds() -> None:
    lines = [
        f"{n // 1440 % 28 + 1:02}.11.26, {n // 60 % 24:02}:{n % 60:02} - Lena: from Monday the limit is 45 days, see https://example.org"
        for n in range(40_000)
    ]
    start = time.process_time()
    updates = read_file("chat.txt", "\n".join(lines).encode())
    assert time.process_time() - start < 2.0
    assert sum(len(update.messages) for update in updates) == 40_000


_LONG = {
    "one message of many lines": "24.11.26, 09:14 - Lena: x\n" + "24 and more: words 10:30\n" * 40_000,
    "one long line": "24.11.26, 09:14 - Lena: " + "word 10:30 " * 90_000,
    "IRC": "[09:14] <lena> x\n" + "and more words\n" * 60_000,
    "names and times": "Lena Moss  9:14 AM\nx\n" * 40_000,
    "times alone": "09:14\n" * 60_000,
    "open brackets": "[" * 300_000,
    "brackets": "[09:14] " * 60_000,
    "transcript": "Team sync - Transcript\n\n" + "Lena: yes\n\n00:01:00\n\n" * 20_000,
    "captions": "WEBVTT\n\n"
    + "".join(f"00:{n // 60 % 60:02}:{n % 60:02}.000 --> 00:59:59.000\nword {n}\n\n" for n in range(20_000)),
    "spaces": "Lena Moss" + " " * 300_000 + "9:14",
    "names": "Lena Moss\n" * 60_000,
}


@pytest.mark.parametrize("shape", _LONG)
def test_the_time_that_reading_takes_grows_with_the_text_alone(shape: str) -> None:
    text = _LONG[shape]
    took_s = []
    for part in (text[: len(text) // 4], text):
        start = time.process_time()
        read_text("chat", part, occurred_at=datetime(2026, 11, 24, tzinfo=UTC))
        took_s.append(time.process_time() - start)
    assert took_s[1] < 1.0 or took_s[1] < took_s[0] * 9, took_s
