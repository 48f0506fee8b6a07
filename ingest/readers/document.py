"""Documents (docx, pdf, pptx, xlsx, html, csv) to Markdown, through markitdown in a bounded process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from datetime import datetime

from ingest.readers.limits import Limits
from ingest.readers.text import clean_text, read_plain
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["read_document", "to_markdown"]

_AT_ONCE = threading.BoundedSemaphore(2)  # each takes a processor and some 200 MB


def read_document(
    name: str,
    data: bytes,
    ending: str,
    *,
    author: str = "",
    occurred_at: datetime | None = None,
    limits: Limits | None = None,
) -> Incoming:
    """One update with the document's text as Markdown. Raises InvalidInput where there is none to be had."""
    limits = limits or Limits()
    text = to_markdown(name, data, ending, limits)
    if not text.strip():
        raise InvalidInput(
            f"{name} holds no text that can be read.", hint="If it is a scan, send its text, or a document made from it by OCR."
        )
    return read_plain("document", text, author=author, occurred_at=occurred_at, source_name=name, limits=limits)


def to_markdown(name: str, data: bytes, ending: str, limits: Limits) -> str:
    """`ending` is one of convert.FORMATS, without the dot. Raises InvalidInput for a damaged or too heavy document."""
    command = [sys.executable, "-W", "ignore", "-m", "ingest.readers.convert", ending, str(limits.document_memory_bytes)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
    try:
        with _AT_ONCE:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=limits.document_timeout_s, env=environment, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise InvalidInput(
            f"{name} took longer than {limits.document_timeout_s:.0f} s to read.", hint="Send the part that matters."
        ) from error
    if done.returncode != 0:
        raise InvalidInput(f"{name} could not be read as {ending}; is it whole?", hint="Open it, save it anew, and send that.")
    text = clean_text(done.stdout.decode("utf-8", "replace"))
    return re.sub(r"(?<=\|) (?:NaN|Unnamed: \d+) (?=\|)", "  ", text) if ending == "xlsx" else text  # empty cells
