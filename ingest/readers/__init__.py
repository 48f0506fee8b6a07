"""Readers: one module a source, from what a person pastes or sends to `Incoming` updates.

Nothing is stored or redacted here.
"""

from ingest.readers.audio import is_recording, read_recording
from ingest.readers.files import read_file, read_text
from ingest.readers.limits import Limits
from ingest.readers.pasted import pasted_channel

__all__ = ["Limits", "is_recording", "pasted_channel", "read_file", "read_recording", "read_text"]
