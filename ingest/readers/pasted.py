"""What a pasted text is, told by the text itself: nobody is asked to choose."""

from __future__ import annotations

import re

from ingest.readers.text import channel_of, clean_text

__all__ = ["pasted_channel"]

_HEAD_CHARS = 2_000
_LOOKED_AT_CHARS = 20_000
_MAIL_HEADER = re.compile(r"^(?:from|to|cc|date|sent|subject|von|an|gesendet|betreff|de|à|objet):[ \t]*\S", re.IGNORECASE)


def pasted_channel(text: str) -> str:
    """email where mail headers open the text, chat or meeting where its lines are turns, else note."""
    text = clean_text(text[:_LOOKED_AT_CHARS]).strip()
    head = text[:_HEAD_CHARS].split("\n\n", 1)[0].splitlines()
    if sum(bool(_MAIL_HEADER.match(line)) for line in head) >= 2:
        return "email"
    found = channel_of(text)
    return "note" if found == "document" else found
