"""Voice memos: recordings to one update of channel voice, a message a spoken segment."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingest.speech import SpeechUnavailable, Transcriber
from ingest.update import Incoming, Message

__all__ = ["is_recording", "keep_recording", "read_recording"]

_ENDINGS = ("ogg", "oga", "opus", "mp3", "m4a", "mp4", "wav", "webm", "flac", "aac", "amr", "3gp", "mka", "wma", "mov")


def is_recording(name: str, data: bytes) -> bool:
    """Whether the content is a sound or video container; for formats without a clear mark, the name's ending decides."""
    if data[:4] in (b"OggS", b"fLaC", b"\x1aE\xdf\xa3") or data[:3] == b"ID3" or data[:5] == b"#!AMR":
        return True
    if (data[:4] == b"RIFF" and data[8:12] == b"WAVE") or (
        data[4:8] == b"ftyp" and data[8:12] not in (b"heic", b"avif", b"mif1")
    ):
        return True
    sync = len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 and data[:2] not in (b"\xff\xfe", b"\xff\xff")
    return sync and name.rsplit(".", 1)[-1].lower() in _ENDINGS


def keep_recording(name: str, data: bytes, *, author: str = "", occurred_at: datetime | None = None) -> Incoming:
    """A recording that is to be kept first and transcribed later: no text yet, its bytes in `recording`."""
    return Incoming(channel="voice", text="", author=author, occurred_at=occurred_at, source_name=name, recording=data)


def read_recording(
    name: str, data: bytes, transcriber: Transcriber | None, *, author: str = "", occurred_at: datetime | None = None
) -> Incoming:
    """Transcribe. Text and messages are empty where nobody speaks. `at` is reckoned from `occurred_at`, its start.

    Raises SpeechUnavailable without a model, InvalidInput for what is no whole recording.
    """
    if transcriber is None:
        raise SpeechUnavailable(
            f"{name} was not transcribed: no speech model is set.",
            hint="Set ingest.speech_model to the folder of a faster-whisper model, then send the recording again.",
        )
    transcript = transcriber.transcribe(data, name=name)
    return Incoming(
        channel="voice",
        text=transcript.text,
        author=author,
        occurred_at=occurred_at,
        source_name=name,
        messages=tuple(
            Message(
                author=author,
                at=occurred_at + timedelta(seconds=segment.start_s) if occurred_at else None,
                text=segment.text,
                start_s=segment.start_s,
            )
            for segment in transcript.segments
        ),
    )
