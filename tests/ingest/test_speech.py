"""Voice memos through the real engine and the small model in tests/fixtures/speech."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.readers import read_file, read_recording
from ingest.speech import SpeechUnavailable, Transcriber
from ingest.store import UpdateStore
from wiki.database import Database, metadata, sqlite_url
from wiki.errors import InvalidInput

SPEECH = Path(__file__).parent.parent / "fixtures" / "speech"
MEMOS = SPEECH / "memos"
TRANSCRIPTS: dict[str, str] = json.loads((MEMOS / "transcripts.json").read_text("utf-8"))
START = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber(SPEECH / "model")


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w ]", "", text.lower()).split()


@pytest.mark.parametrize("memo", TRANSCRIPTS)
def test_every_memo_is_transcribed_word_for_word(transcriber: Transcriber, memo: str) -> None:
    transcript = transcriber.transcribe((MEMOS / memo).read_bytes(), name=memo)
    assert plain(transcript.text) == plain(TRANSCRIPTS[memo])
    assert plain(" ".join(segment.text for segment in transcript.segments)) == plain(TRANSCRIPTS[memo])
    starts = [segment.start_s for segment in transcript.segments]
    assert starts == sorted(starts)
    assert all(segment.end_s <= transcript.duration_s + 0.5 for segment in transcript.segments)
    assert transcript.language == "en"


def test_silence_is_an_empty_text_and_no_error(transcriber: Transcriber) -> None:
    incoming = read_recording("silence.ogg", (MEMOS / "silence.ogg").read_bytes(), transcriber)
    assert (incoming.text, incoming.messages) == ("", ())


def test_a_memo_is_an_update_with_a_message_a_segment(transcriber: Transcriber) -> None:
    data = (MEMOS / "long.ogg").read_bytes()
    [incoming] = read_file("long.ogg", data, transcriber=transcriber, author="Maya", occurred_at=START)
    assert (incoming.channel, incoming.author, incoming.source_name) == ("voice", "Maya", "long.ogg")
    assert len(incoming.messages) == 3
    assert all(message.text in incoming.text and message.author == "Maya" for message in incoming.messages)
    third = incoming.messages[2]
    assert third.start_s is not None
    assert 7 < third.start_s < 9
    assert third.at == START + timedelta(seconds=third.start_s)


def encoded(memo: str, container: str, codec: str, rate: int) -> bytes:
    """A memo in another format, as phones and browsers record."""
    import av

    out = io.BytesIO()
    with av.open(str(MEMOS / memo)) as source, av.open(out, "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 128_000
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size or 1024)
        for frame in source.decode(audio=0):
            frame.pts = None
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        for part in resampler.resample(None):
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(
    ("ending", "container", "codec", "rate"),
    [
        ("mp3", "mp3", "libmp3lame", 16000),
        ("m4a", "ipod", "aac", 16000),
        ("wav", "wav", "pcm_s16le", 44100),
        ("webm", "webm", "libopus", 48000),
        ("flac", "flac", "flac", 16000),
        ("opus", "ogg", "libopus", 48000),
    ],
)
def test_the_formats_of_phones_and_browsers_are_read(
    transcriber: Transcriber, ending: str, container: str, codec: str, rate: int
) -> None:
    data = encoded("change-deadline.ogg", container, codec, rate)
    for name in (f"memo.{ending}", f"memo.{ending}".upper()):
        [incoming] = read_file(name, data, transcriber=transcriber)
        assert "forty five days" in incoming.text


def test_without_a_model_the_way_forward_is_told() -> None:
    data = (MEMOS / "blocker.ogg").read_bytes()
    for transcriber in (None, Transcriber(None)):
        with pytest.raises(SpeechUnavailable) as caught:
            read_recording("blocker.ogg", data, transcriber)
        assert "ingest.speech_model" in caught.value.hint
    with pytest.raises(SpeechUnavailable):
        read_file("blocker.ogg", data)


@pytest.mark.parametrize("model", ["no-such-model-anywhere", "/no/such/folder"])
def test_a_model_that_is_not_here_is_never_fetched(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_arguments: object) -> None:
        raise AssertionError("went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(SpeechUnavailable, match="could not be loaded"):
        Transcriber(model).check()


def test_a_folder_with_a_damaged_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SpeechUnavailable):
        Transcriber(tmp_path).check()


@pytest.mark.parametrize(
    "data", [b"OggS" + b"\x00" * 100, b"RIFF\x00\x00\x00\x00WAVEfmt ", b"ID3", b"\x00\x00\x00\x18ftypM4A "]
)
def test_a_damaged_recording_is_an_error_for_people(transcriber: Transcriber, data: bytes) -> None:
    with pytest.raises(InvalidInput, match="could not be read") as caught:
        read_file("memo.ogg", data, transcriber=transcriber)
    assert caught.value.hint


def test_a_cut_recording_gives_what_is_there_or_an_error_for_people(transcriber: Transcriber) -> None:
    data = (MEMOS / "long.ogg").read_bytes()
    [incoming] = read_file("long.ogg", data[: len(data) // 2], transcriber=transcriber)
    assert plain(incoming.text)[:3] == ["okay", "so", "please"]


def test_a_recording_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidInput, match="longer"):
        Transcriber(SPEECH / "model", max_duration_s=2).transcribe(MEMOS / "long.ogg")


def test_recordings_at_the_same_time_wait_for_each_other_and_come_out_right(transcriber: Transcriber) -> None:
    memos = ["blocker.ogg", "change-owner.ogg", "pause.ogg", "silence.ogg"]
    found: dict[str, str] = {}

    def run(memo: str) -> None:
        found[memo] = transcriber.transcribe(MEMOS / memo).text

    threads = [threading.Thread(target=run, args=(memo,)) for memo in memos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {memo: plain(text) for memo, text in found.items()} == {memo: plain(TRANSCRIPTS[memo]) for memo in memos}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[UpdateStore]:
    database = Database(sqlite_url(tmp_path / "knowhow.db"))
    metadata.create_all(database.engine)
    yield UpdateStore(database, tmp_path / "updates")
    database.close()


def test_a_failed_transcription_loses_nothing_and_can_be_run_again(store: UpdateStore, transcriber: Transcriber) -> None:
    [incoming] = read_file("memo.ogg", (MEMOS / "change-owner.ogg").read_bytes(), keep_recordings=True, author="Tom")
    update, _ = store.add(incoming)
    path = store.file(update.id)
    assert path is not None
    with pytest.raises(SpeechUnavailable) as caught:
        read_recording(path.name, path.read_bytes(), None)
    store.set_status(update.id, "failed", caught.value.message)
    assert store.file(update.id) == path

    read = read_recording(path.name, path.read_bytes(), transcriber, author=update.author)
    filled = store.set_text(update.id, read.text, read.messages)
    assert "owned by Maya instead of Tom" in filled.text
    assert filled.messages == read.messages
