"""Transcripts, documents, archives, and what is no good."""

from __future__ import annotations

import io
import socket
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import Limits, read_file, read_text
from ingest.readers.document import to_markdown
from tests.ingest.files import UPDATES, docx, office, pdf, slack_export, zip_of
from wiki.errors import InvalidInput, WikiError

START = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


def is_for_people(error: WikiError) -> None:
    assert error.message
    assert error.hint


def test_a_vtt_transcript_has_a_message_a_speakers_turn_with_its_time() -> None:
    [call] = read_file("teams-call.vtt", (UPDATES / "teams-call.vtt").read_bytes(), occurred_at=START)
    assert call.channel == "meeting"
    assert [(m.author, m.text, m.start_s) for m in call.messages] == [
        ("Maya Chen", "Morning all. First point, the expenses deadline is forty five days from Monday.", 3.12),
        ("Tom Okafor", "Does that include travel & hotels?", 10.2),
        ("Maya Chen", "Yes, everything.", 12.3),
    ]
    assert call.messages[0].at == START + timedelta(seconds=3.12)
    assert call.text.splitlines()[1] == "Tom Okafor: Does that include travel & hotels?"


def test_an_srt_transcript_joins_cues_to_sentences_and_finds_speakers() -> None:
    [call] = read_file("call.srt", (UPDATES / "call.srt").read_bytes())
    assert [(m.author, m.text, m.start_s) for m in call.messages] == [
        ("", "The new template for the invoice is in the shared folder.", 1.0),
        ("Sofia", "I will tell the team.", 9.5),
    ]


def test_a_transcript_from_a_teams_document_has_its_speakers_on_their_own_lines() -> None:
    text = "0:0:3.120 --> 0:0:6.480\nMaya Chen\nWelcome all.\n\n0:0:7.0 --> 0:0:8.0\nTom\nThe limit\nis 500.\n"
    [call] = read_text("meeting", text)
    assert [(m.author, m.text) for m in call.messages] == [("Maya Chen", "Welcome all."), ("Tom", "The limit is 500.")]


def test_a_pasted_transcript_is_read_as_one_and_rolling_captions_are_taken_once() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nthe deadline is\n\n00:02.000 --> 00:03.000\nthe deadline is\n\n00:03.000 "
        "--> 00:04.000\n45 days."
    )
    [call] = read_text("meeting", text)
    assert [m.text for m in call.messages] == ["the deadline is 45 days."]


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx", "pptx", "html", "csv"])
def test_documents_become_markdown(ending: str) -> None:
    data = {
        "docx": lambda: docx("Travel limit: 500 euros"),
        "pdf": lambda: pdf("Travel limit: 500 euros"),
        "html": lambda: b"<!DOCTYPE html><html><body><p>Travel limit: <b>500 euros</b></p><script>x()</script></body></html>",
        "csv": lambda: b"what,limit\nTravel limit,500 euros\n",
    }.get(ending, lambda: office(ending))()
    [incoming] = read_file(f"limits.{ending}", data, author="Maya", occurred_at=START)
    assert incoming.channel == "document"
    assert "Travel limit" in incoming.text
    assert "500 euros" in incoming.text
    assert "x()" not in incoming.text
    assert (incoming.author, incoming.occurred_at) == ("Maya", START)


def test_a_file_is_known_by_its_content_not_by_its_name() -> None:
    assert "500 euros" in read_file("limits.txt", docx("Travel limit: 500 euros"))[0].text
    assert read_file("notes.docx", b"just text\n")[0].text == "just text"


def test_a_short_text_in_an_old_encoding_has_its_letters() -> None:
    said = "Limit wyjazdów służbowych wynosi teraz 400 złotych."
    assert read_file("limit.txt", said.encode("cp1250"))[0].text == said


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n", "empty"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "old Office"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "kind that is not read"),
        ("program", b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)), "kind that is not read"),
        ("cut.docx", docx("x")[:-40], "no whole zip"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj\n<<", "could not be read as pdf|holds no text"),
        ("broken.docx", zip_of({"[Content_Types].xml": "<x", "word/document.xml": "<x"}), "could not be read as docx"),
        ("scan.pdf", pdf(""), "no text"),
        ("empty.zip", zip_of({}), "nothing"),
        ("pictures.zip", zip_of({"a.png": b"\x89PNG\r\n\x1a\n\x00"}), "kind that is not read"),
        ("nested.zip", zip_of({"in.zip": zip_of({"in.zip": zip_of({"a.txt": "x"})})}), "inside others"),
        ("out.zip", zip_of({"../../etc/passwd": "x"}), "leads out"),
        ("root.zip", zip_of({"/etc/passwd": "x"}), "leads out"),
        ("drive.zip", zip_of({"C:\\x.txt": "x"}), "leads out"),
        ("empty.vtt", b"WEBVTT\n\n", "no spoken lines"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(name: str, data: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as caught:
        read_file(name, data)
    assert caught.value.hint


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zip_of({f"{n}.txt": b"0" * 2_000_000 for n in range(3)})
    assert len(bomb) < 20_000
    with pytest.raises(InvalidInput, match="unpacks to too much"):
        read_file("bomb.zip", bomb)
    with pytest.raises(InvalidInput, match="unpacks to too much"):
        read_file("bomb.docx", zip_of({"[Content_Types].xml": b"0", "word/document.xml": b"0" * 5_000_000}))


def test_a_zip_entry_that_says_less_than_it_holds_is_refused() -> None:
    data = bytearray(zip_of({"a.txt": b"a" * 50}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (5).to_bytes(4, "little")  # the directory's word for the unpacked size
    with pytest.raises(InvalidInput):
        read_file("lies.zip", bytes(data))


def test_too_big_and_too_many_is_refused_by_the_limits_given() -> None:
    with pytest.raises(InvalidInput, match="at most"):
        read_file("a.txt", b"a" * 2_000_000, limits=Limits(max_file_bytes=1_000_000))
    with pytest.raises(InvalidInput, match="holds 3 files"):
        read_file("a.zip", zip_of({f"{n}.txt": "x" for n in range(3)}), limits=Limits(max_zip_files=2))
    with pytest.raises(InvalidInput, match="longer than"):
        read_file("a.txt", b"abc " * 100, limits=Limits(max_text_chars=50))


def test_a_zip_of_mixed_files_is_read_file_by_file() -> None:
    files = {
        "notes/plan.md": "# Plan\n\nThe form moved.",
        "mail.eml": (UPDATES / "team.mbox").read_bytes().split(b"\n", 1)[1].split(b"\nFrom tom")[0],
        "call.srt": (UPDATES / "call.srt").read_bytes(),
        "photo.jpg": b"\xff\xd8\xff\xe0\x00\x00",
        "__MACOSX/._plan.md": b"\x00\x05",
        "memo.ogg": b"OggS\x00",
    }
    found = read_file("all.zip", zip_of(files), keep_recordings=True)
    assert [(i.channel, i.source_name) for i in found] == [
        ("document", "plan.md"),
        ("email", "m1@example.org"),
        ("meeting", "call.srt"),
        ("voice", "memo.ogg"),
    ]


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zip_of({"a.txt": b"secret"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    with pytest.raises(InvalidInput, match="password"):
        read_file("locked.zip", bytes(data))


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(InvalidInput, match="took longer"):
        to_markdown("slow.docx", docx(*["x"] * 20_000), "docx", Limits(document_timeout_s=0.1))


def test_a_document_is_read_without_network_or_other_programs() -> None:
    from ingest.readers.convert import _refuse

    for event in ("socket.connect", "subprocess.Popen"):
        with pytest.raises(PermissionError):
            _refuse(event, ())
    assert socket.socket
    assert subprocess.run


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("für alle".encode("utf-8-sig"), "für alle"),
        ("für alle".encode("utf-16"), "für alle"),
        (b"\xfe\xff" + "für alle".encode("utf-16-be"), "für alle"),
        ("Die Frist für Spesen läuft nächste Woche ab, bitte rückt eure Belege raus.".encode("cp1252"), "rückt eure"),
        (b"one\r\ntwo\rthree\x00"[:-1], "one\ntwo\nthree"),
    ],
)
def test_text_files_in_older_encodings_are_read(data: bytes, text: str) -> None:
    assert text in read_file("a.txt", data)[0].text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.zip", "a.eml", "a.mp3", "a", "a.vtt"]))
def test_arbitrary_bytes_never_raise_anything_but_errors_for_people(data: bytes, name: str) -> None:
    try:
        assert read_file(name, data, keep_recordings=True)
    except WikiError as error:
        is_for_people(error)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        ["WEBVTT\n\n00:01.000 --> 00:02.000\n", "From: a@b.c\nSubject: x\nMIME-Version: 1.0\n", "13.11.26, 09:14 - Maya: ", ""]
    ),
    st.text(max_size=300),
)
def test_arbitrary_text_after_a_good_start_never_raises_anything_but_errors_for_people(head: str, text: str) -> None:
    for channel in ("chat", "email", "meeting"):
        try:
            read_text(channel, head + text)
        except WikiError as error:
            is_for_people(error)
    try:
        for incoming in read_file("a.txt", (head + text).encode("utf-8", "replace"), keep_recordings=True):
            assert "\x00" not in incoming.text
    except WikiError as error:
        is_for_people(error)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=4), st.sampled_from(["slack", "mail", "mbox"]))
def test_a_damaged_export_or_mail_is_read_or_refused(place: int, garbage: bytes, kind: str) -> None:
    whole = {
        "slack": slack_export(),
        "mail": (UPDATES / "reply.eml").read_bytes(),
        "mbox": (UPDATES / "team.mbox").read_bytes(),
    }[kind]
    at = place % len(whole)
    for data in (whole[:at] + garbage + whole[at + len(garbage) :], whole[:at]):
        try:
            read_file("x", data, keep_recordings=True)
        except WikiError as error:
            is_for_people(error)


def test_a_zip_stored_with_an_unknown_method_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    data = bytearray(buffer.getvalue())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.find(mark) + offset] = 99
    with pytest.raises(InvalidInput):
        read_file("odd.zip", bytes(data))
