"""The text of a mail that is HTML: quotes with ">" before them, rows of tables on one line, signatures that say so left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = ["mail_html_to_text"]

_HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg", "select", "button"))
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"))
_BLOCKS = _PARAGRAPHS | {
    "div",
    "li",
    "tr",
    "section",
    "article",
    "blockquote",
    "header",
    "footer",
    "main",
    "center",
    "dt",
    "dd",
    "body",
}
_SIGNATURE = re.compile(
    r"gmail_signature|moz-signature|protonmail_signature|applemailsignature|ms-outlook-mobile-signature|"
    r"(?:^|\s)(?:x_)*signature(?:$|\s)|mail-signature|email-signature|tutanota_signature|zmail_signature|mail_android_signature",
    re.IGNORECASE,
)
_LEAD = re.compile(r"gmail_attr|moz-cite-prefix|moz-email-headers-table|ms-outlook-mobile-reference", re.IGNORECASE)
_NOT_SHOWN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.I
)
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w:-]{0,30})((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_LOOSE_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]{1,60}+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]++)))?""")
_LONGEST_TAG = 10_000
_MOST_CELLS = 60  # of a row that is one line
_CELL = " | "
_MAX_QUOTES = 20
_MAX_OPEN = 2_000


def mail_html_to_text(page: str) -> str:
    """Readable text; links as "words (address)"."""
    text = _text_of(page, signatures=False)
    return text if text.strip() else _text_of(page, signatures=True)


def _text_of(page: str, *, signatures: bool) -> str:
    reader = _MailReader(signatures=signatures)
    for tag, attributes, text in _pieces(page):
        if not tag:
            reader.data(html.unescape(text))
        elif tag.startswith("/"):
            reader.end(tag[1:])
        else:
            reader.start(tag, attributes)
    return reader.text()


def _pieces(page: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Tags ("p", "/p") with their attributes, and the text between them.

    The standard library's parser takes minutes over quotes and comments that are never closed; this one goes on where a tag
    makes no sense. Comments, declarations and what is in scripts are passed over.
    """
    at = 0
    while at < len(page):
        start = page.find("<", at)
        if start < 0:
            yield "", {}, page[at:]
            return
        if start > at:
            yield "", {}, page[at:start]
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            at = len(page) if end < 0 else end + 3
            continue
        match = _TAG.match(page, start) or _LOOSE_TAG.match(page, start)
        if match is None:
            if page[start + 1 : start + 2] in ("!", "?"):
                end = page.find(">", start)
                at = len(page) if end < 0 else end + 1
            else:
                yield "", {}, "<"
                at = start + 1
            continue
        at = match.end()
        name = match[2].lower()
        yield f"{match[1]}{name}", {} if match[1] else _attributes(match[3]), ""
        if name in ("script", "style") and not match[1]:
            closing = re.compile(rf"</{name}", re.IGNORECASE).search(page, at)
            at = closing.start() if closing is not None else len(page)


def _attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(written[:_LONGEST_TAG])
    return {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in found}


class _MailReader:
    """Lines of text from the tags and words of a page."""

    def __init__(self, *, signatures: bool) -> None:
        self._signatures = signatures
        self._open: list[tuple[str, str]] = []  # tag, and what it stands for: "quote", "hidden", "lead" or ""
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = self._hidden = 0
        self._numbers: list[int] = []  # of the items in each open list; 0 in one without numbers
        self._lead_from = -1
        self._link = ""
        self._link_words: list[str] = []
        self._cells = 0
        self._row_from = -1  # the line where the open row of a table begins

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag in _BLOCKS or tag in ("br", "hr"):
            self._block(tag, values)
        if tag == "br" or tag in _VOID:
            return
        if tag in ("td", "th"):
            self._cell()
        elif tag == "tr":
            self._row_from, self._cells = len(self._lines), 0
        elif tag == "li":
            number = self._numbers[-1] if self._numbers else 0
            self._line.append(f"{number}. " if number else "- ")
            if number:
                self._numbers[-1] += 1
        elif tag in ("ul", "ol"):
            self._numbers.append(1 if tag == "ol" else 0)
        elif tag == "a" and not self._hidden:
            self._link, self._link_words = values.get("href", ""), []
        if len(self._open) < _MAX_OPEN:
            self._open.append((tag, self._meaning(tag, values)))

    def end(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        if not any(name == tag for name, _ in self._open[-60:]):
            return  # nothing that it could end is open
        if tag == "tr":
            self._row_from = -1
        if tag in _BLOCKS:
            self._end_line()
        while self._open:
            name, meaning = self._open.pop()
            self._closed(meaning)
            if name in ("ul", "ol") and self._numbers:
                self._numbers.pop()
            if name == tag:
                break
        if tag in _PARAGRAPHS and tag != "p":
            self._empty_line()

    def data(self, data: str) -> None:
        if self._hidden:
            return
        if self._open and self._open[-1][0] == "pre":
            first, *others = data.split("\n")
            self._line.append(first)
            for line in others:
                self._end_line(keep=True)
                self._line.append(line)
            return
        said = re.sub(r"[\s\xa0]+", " ", data)
        self._line.append(said)
        self._link_words.append(said)

    def _meaning(self, tag: str, values: dict[str, str]) -> str:
        marks = f"{values.get('class', '')} {values.get('id', '')} {values.get('data-smartmail', '')}".strip()
        style = values.get("style", "")
        if tag in _HIDDEN or _NOT_SHOWN.search(style) or (not self._signatures and _SIGNATURE.search(marks)):
            self._hidden += 1
            return "hidden"
        if tag == "blockquote" and not ("40px" in style and not marks and "type" not in values and "cite" not in values):
            self._quotes += 1
            return "quote"
        if tag == "div" and _LEAD.search(marks) and self._lead_from < 0:
            self._lead_from = len(self._lines)
            return "lead"
        return ""

    def _closed(self, meaning: str) -> None:
        if meaning == "hidden":
            self._hidden -= 1
        elif meaning == "quote":
            self._end_line()
            self._quotes -= 1
        elif meaning == "lead":
            self._end_line()
            lead = self._lines[self._lead_from :]
            if not any("---" in line or re.match(r"[^<>]{2,30}:\s", line) for line in lead):
                # it leads in a quote, in whatever language
                self._lines[self._lead_from :] = [f"> {line}" for line in lead if line]
            self._lead_from = -1

    def _block(self, tag: str, values: dict[str, str]) -> None:
        if tag == "br":
            self._end_line(keep=True)
            return
        self._end_line()
        tight = tag == "p" and "mso" in values.get("class", "").lower()
        tight = tight or (tag in ("ul", "ol") and bool(self._lines) and not self._numbers)
        if tag == "hr" or (tag in _PARAGRAPHS and not tight):
            self._empty_line()

    def _cell(self) -> None:
        """The next cell goes on in the row's line where the cells before it took no more than that."""
        self._cells += 1
        if self._cells > _MOST_CELLS:
            self._end_line()
            self._cells, self._row_from = 0, len(self._lines)
        so_far = [line for line in self._lines[self._row_from :] if line.strip()] if self._row_from >= 0 else []
        if not "".join(self._line).strip() and len(so_far) == 1 and len(so_far[0]) <= 200:
            del self._lines[self._row_from :]
            self._line = [re.sub(r"^>+ ?", "", so_far[0])]
        said = "".join(self._line).strip()
        if self._row_from >= 0 and said and len(self._lines) == self._row_from:
            self._line.append(" " if said.endswith((":", "|")) else _CELL)

    def _end_line(self, *, keep: bool = False) -> None:
        """End the line; an empty one stays only where it was asked for."""
        if not self._line and not keep:
            return
        line = re.sub(r"[ \t]+", " ", "".join(self._line)).strip()
        if line.endswith(_CELL.strip()) and self._row_from >= 0:
            return  # the cell that follows begins with a block
        line = line.strip("| ") if line.strip("|- ") == "" else line
        self._line.clear()
        if line or keep:
            prefix = ">" * min(self._quotes, _MAX_QUOTES)
            self._lines.append(f"{prefix} {line}".rstrip() if prefix else line)

    def _empty_line(self) -> None:
        if len(self._lines) == self._row_from:
            return  # a paragraph at the top of a row's first cell
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(">" * min(self._quotes, _MAX_QUOTES))

    def _end_link(self) -> None:
        words = "".join(self._link_words).strip()
        link = self._link
        self._link = ""
        if link.startswith(("http://", "https://")) and words and words.rstrip("/") != link.rstrip("/") and not self._hidden:
            self._line.append(f" ({link})")
