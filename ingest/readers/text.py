"""Plain text: bytes to clean text, and what kind of text it is."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser

from ingest.messages import Message, has_turns, noted_messages_of
from ingest.readers.limits import Limits, check_length
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["channel_of", "clean_text", "decode_text", "html_to_text", "pasted_text", "read_plain"]

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean_text(text: str) -> str:
    """`text` as it can be stored anywhere: line ends as \\n, without control characters or halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _UNWANTED.sub("", text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))


def decode_text(data: bytes, name: str = "The file") -> str:
    """Clean text of bytes in UTF-8, UTF-16 or an older encoding. Raises InvalidInput for what is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return clean_text(data[len(mark) :].decode(encoding, "replace"))
    if b"\x00" not in data:
        try:
            return clean_text(data.decode("utf-8"))
        except UnicodeDecodeError:
            if not _is_binary(data):
                return clean_text(data.decode(_older_encoding(data), "replace"))
    raise InvalidInput(
        f"{name} is of a kind that is not read.",
        hint="Send text, Markdown, a mail (.eml, .mbox), a transcript (.vtt, .srt), docx, pdf, pptx, xlsx, html, a zip "
        "or a recording.",
    )


def read_plain(
    channel: str,
    text: str,
    *,
    author: str = "",
    occurred_at: datetime | None = None,
    source_name: str = "",
    date_order: str = "auto",
    limits: Limits | None = None,
) -> Incoming:
    """One update of a text as it stands. Raises InvalidInput for an empty or too long one."""
    text = pasted_text(text)
    check_length(source_name or "The text", text, (limits or Limits()).max_text_chars)
    author = clean_text(author).strip()
    messages, note = noted_messages_of(text, channel, author=author, occurred_at=occurred_at, order=date_order)
    return Incoming(
        channel=channel,
        text=text,
        author=author,
        occurred_at=occurred_at,
        source_name=clean_text(source_name),
        messages=messages,
        aside=(Message(text=note, kind="note"),) if note else (),
    )


def pasted_text(text: str) -> str:
    """The clean text of what was pasted. Raises InvalidInput for an empty one."""
    text = clean_text(text).strip("\n")
    if not text.strip():
        raise InvalidInput("There is no text in this update.", hint="Paste what was said, or send a file with text in it.")
    return text


def channel_of(text: str) -> str:
    """chat, meeting or document: what a text file looks like."""
    shape = has_turns(text)
    return {"timed": "chat", "named": "meeting"}.get(shape, "document")


def html_to_text(html: str) -> str:
    """The readable text of HTML, a line a block, links as "words (address)"; scripts and styles left out."""
    parser = _TextParser()
    parser.feed(html)
    parser.close()
    text = "".join(parser.pieces)
    text = re.sub(r"[ \t\xa0]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{2,}(?=- )", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


_BLOCKS = frozenset(
    ("p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article")
)
_HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript"))


class _TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._link = ""
        self._link_from = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "blockquote":
            self._quoted += 1
            self.pieces.append("\n> ")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n> " if self._quoted else "\n\n" if tag == "p" else "\n")
        elif tag == "td":
            self.pieces.append(" ")
        elif tag == "a":
            self._link, self._link_from = dict(attrs).get("href") or "", len(self.pieces)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
            self.pieces.append("\n")
        elif tag in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"):
            self.pieces.append("\n> " if self._quoted else "\n")
        elif tag == "a":
            words = "".join(self.pieces[self._link_from :]).strip()
            if self._link.startswith(("http://", "https://")) and words and words.rstrip("/") != self._link.rstrip("/"):
                self.pieces.append(f" ({self._link})")
            self._link = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _is_binary(data: bytes) -> bool:
    sample = data[:20_000]
    return sum(1 for byte in sample if byte < 32 and byte not in (9, 10, 12, 13, 27)) > len(sample) * 0.02


def _older_encoding(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:50_000], cp_exclusion=["utf_16", "utf_32", "utf_7"]).best()
    return best.encoding if best is not None else "cp1252"
