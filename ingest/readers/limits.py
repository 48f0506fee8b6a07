"""How much a reader takes before it refuses: bounds against mistakes and against files made to do harm."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.errors import InvalidInput

__all__ = ["Limits", "check_length", "check_size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes of what is sent and of what it unpacks to; `max_parts` is the number of updates from one file.

    `max_text_chars` bounds one update, `max_export_chars` the text of an export that becomes many.
    """

    max_file_bytes: int = 50_000_000
    max_recording_bytes: int = 500_000_000
    max_text_chars: int = 5_000_000
    max_export_chars: int = 20_000_000
    max_zip_files: int = 20_000
    max_zip_bytes: int = 500_000_000
    max_zip_ratio: int = 200
    max_parts: int = 5_000
    document_timeout_s: float = 60.0
    document_memory_bytes: int = 4_000_000_000


def check_length(name: str, text: str, limit_chars: int) -> None:
    """Raise InvalidInput for a text that is too long."""
    if len(text) > limit_chars:
        raise InvalidInput(f"{name} is longer than {limit_chars:,} characters.", hint="Send it in parts, or only what is news.")


def check_size(name: str, size_bytes: int, limit_bytes: int) -> None:
    """Raise InvalidInput for nothing at all and for too much."""
    if size_bytes == 0:
        raise InvalidInput(f"{name} is empty.", hint="Check the file, then send it again.")
    if size_bytes > limit_bytes:
        raise InvalidInput(
            f"{name} is {size_bytes / 1e6:.0f} MB; at most {limit_bytes / 1e6:.0f} MB are read.",
            hint="Send it in smaller parts.",
        )
