"""Documents (docx, pdf, pptx, xlsx, OpenDocument, rtf, html) to Markdown, in a bounded process that is kept warm."""

from __future__ import annotations

import atexit
import re
from datetime import datetime

from ingest.readers.limits import Limits
from ingest.readers.text import clean_text, read_plain
from ingest.readers.worker import ConversionFailed, ConversionTimedOut, Workers
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["read_document", "to_markdown"]

_workers = Workers()
atexit.register(_workers.close)


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
    try:
        found = _workers.convert(ending, data, memory_bytes=limits.document_memory_bytes, timeout_s=limits.document_timeout_s)
    except ConversionTimedOut as error:
        raise InvalidInput(
            f"{name} took longer than {limits.document_timeout_s:.0f} s to read.", hint="Send the part that matters."
        ) from error
    except ConversionFailed as error:
        if "Password" in str(error) or "encrypted" in str(error):
            raise InvalidInput(f"{name} is protected by a password.", hint="Send it without one.") from error
        raise InvalidInput(
            f"{name} could not be read as {ending}; is it whole?", hint="Open it, save it anew, and send that."
        ) from error
    text = clean_text(found)
    return re.sub(r"(?<=\|) (?:NaN|Unnamed: \d+) (?=\|)", "  ", text) if ending == "xlsx" else text  # empty cells
