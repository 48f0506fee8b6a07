"""Voice memos to text, through faster-whisper and a model that lies on this machine: nothing is ever fetched."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wiki.errors import InvalidInput, WikiError

__all__ = ["Segment", "SpeechUnavailable", "Transcriber", "Transcript"]


class SpeechUnavailable(WikiError):
    """No speech model is set, or the one that is set cannot be loaded. The recording is kept by whoever calls."""

    code: ClassVar[str] = "speech-unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of speech, about a sentence; seconds from the start of the recording."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said. `text` is "" and `segments` empty where nobody speaks; `language` as ISO 639-1."""

    text: str
    segments: tuple[Segment, ...]
    language: str
    duration_s: float


class Transcriber:
    """One speech model, loaded at the first recording and kept. One recording at a time: others wait their turn."""

    def __init__(
        self, model: str | Path | None, *, language: str | None = None, threads: int = 0, max_duration_s: float = 4 * 3600
    ) -> None:
        """`model` is a folder in CTranslate2's format, or a model's name that is already in the local cache; None for none.

        `language` (ISO 639-1) is found out by the model where it is None. `threads` 0 leaves the choice to the engine.
        """
        self.model = str(model) if model else None
        self._language = language
        self._threads = threads
        self._max_duration_s = max_duration_s
        self._loaded: Any = None
        self._lock = threading.Lock()

    def check(self) -> None:
        """Load the model now. Raises SpeechUnavailable, saying what to do, where there is none."""
        with self._lock:
            self._engine()

    def transcribe(self, audio: bytes | Path, *, name: str = "recording") -> Transcript:
        """The words of a recording in any format that FFmpeg's libraries read; `name` is for messages.

        Raises SpeechUnavailable without a model, InvalidInput for what is no recording or is longer than allowed.
        """
        with self._lock:
            engine = self._engine()
            samples = self._decoded(audio, name)
            # Segments come lazily: they are all taken here, under the lock. No VAD: Whisper's own test for silence is enough,
            # and a cut at a quiet word costs more than it saves on memos of minutes.
            found, info = engine.transcribe(
                samples, language=self._language, vad_filter=False, condition_on_previous_text=False
            )
            segments = tuple(
                Segment(text=segment.text, start_s=float(segment.start), end_s=float(segment.end)) for segment in found
            )
        return Transcript(
            text="".join(segment.text for segment in segments).strip(),
            segments=tuple(
                Segment(text=segment.text.strip(), start_s=segment.start_s, end_s=segment.end_s)
                for segment in segments
                if segment.text.strip()
            ),
            language=str(info.language),
            duration_s=float(info.duration),
        )

    def _engine(self) -> Any:
        if self._loaded is not None:
            return self._loaded
        if self.model is None:
            raise SpeechUnavailable(
                "No speech model is set, so the recording was not transcribed; it is kept.",
                hint="Set ingest.speech_model to the folder of a faster-whisper model, then run the update again.",
            )
        from faster_whisper import WhisperModel

        try:
            self._loaded = WhisperModel(
                self.model, device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True
            )
        except (OSError, RuntimeError, ValueError) as error:  # huggingface_hub, ctranslate2, tokenizers: all mean "cannot load"
            raise SpeechUnavailable(
                f"The speech model {self.model} could not be loaded; the recording is kept.",
                hint="Set ingest.speech_model to a folder with model.bin, config.json and tokenizer.json: nothing is "
                "downloaded.",
            ) from error
        return self._loaded

    def _decoded(self, audio: bytes | Path, name: str) -> Any:
        from av.error import FFmpegError
        from faster_whisper import decode_audio

        try:
            samples = decode_audio(io.BytesIO(audio) if isinstance(audio, bytes) else str(audio), sampling_rate=16_000)
        except (FFmpegError, OSError, ValueError, IndexError, EOFError) as error:
            raise InvalidInput(
                f"{name} could not be read as a recording.",
                hint="Send it as ogg, opus, mp3, m4a, wav, webm or flac; is it whole?",
            ) from error
        if len(samples) > self._max_duration_s * 16_000:
            raise InvalidInput(f"{name} is longer than {self._max_duration_s / 3600:.0f} hours.", hint="Cut it into parts.")
        return samples
