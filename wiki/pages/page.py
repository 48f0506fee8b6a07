"""A page: one Markdown file with YAML front matter, read into typed data without changing a byte of it."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from wiki.git.blob import blob_id
from wiki.markup.front_matter import KINDS, VISIBILITIES, Evidence, FrontMatter, Handoff, read_front_matter
from wiki.markup.plain import plain_text

__all__ = [
    "KINDS",
    "VISIBILITIES",
    "Evidence",
    "FrontMatter",
    "Handoff",
    "Page",
    "has_undecoded",
    "line_end",
    "parse_page",
    "parse_text",
    "printable",
    "split_lines",
]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_LINE_END = re.compile(r"\r\n|\n|\r")
_UNDECODED = re.compile("[\udc80-\udcff]")
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_HASH_TITLE = re.compile(r"\s*(?:\A|(?<=[\r\n]))#(?!#)((?:\\.|[^\\#\r\n]|#+(?=[^#\r\n]))*?)#*(?:[\r\n]|\Z)")
_SETEXT_TITLE = re.compile(r"\s*(?:\A|(?<=[\r\n]))([^\r\n]*)(?:\r\n|\n|\r)=+ *(?:[\r\n]|\Z)")
_ATTRIBUTES = re.compile(r"\s+\{:?\s*[^{}]*\}\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it stands in the working tree.

    `path` is its id: `/`-separated, relative to docs_dir, with `.md`. `text` is the whole file as str (undecodable bytes as
    surrogate escapes, so that `text.encode("utf-8", "surrogateescape")` gives the file back). `body` is what follows the
    front matter; it starts at line `body_line` (0-based) of `text`. `problems` are sentences about front matter that could
    not be used.
    """

    path: str
    text: str
    front_matter: FrontMatter
    body: str
    body_line: int
    blob: str
    problems: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title shown everywhere: front matter, else the level-1 heading that opens the body, else the file's name.

        As MkDocs has it, with two differences for the reader's sake: a comment before the heading does not hide it, and a
        folder's `index.md` without a heading is named after its folder.
        """
        return printable(self.front_matter.title or _opening_heading(self.body) or _title_from_path(self.path))

    @property
    def visibility(self) -> str:
        return self.front_matter.visibility

    @property
    def groups(self) -> tuple[str, ...]:
        return self.front_matter.groups


def printable(text: str) -> str:
    """Text that can be sent on: each undecodable byte as U+FFFD."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def has_undecoded(text: str) -> bool:
    """Whether the text holds bytes of a file that are no UTF-8 (as surrogate escapes)."""
    return not text.isascii() and _UNDECODED.search(text) is not None


def parse_text(path: str, text: str) -> Page:
    """`parse_page` for a text that is no file yet, or no more."""
    return parse_page(path, text.encode("utf-8", "surrogateescape"))


def parse_page(path: str, data: bytes) -> Page:
    """Read a page from its bytes; never raises: what cannot be used becomes one of `Page.problems`.

    Front matter that is broken, or in UTF-16, could have said `visibility: restricted`, so such a page counts as restricted.
    """
    text = data.decode("utf-8", "surrogateescape")
    front_matter, body_start, problems = read_front_matter(text)
    if "\r" in text[:body_start]:
        body_line = len(_LINE_END.findall(text, 0, body_start))
    else:
        body_line = text.count("\n", 0, body_start)
    if has_undecoded(text):
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # its front matter is not seen
            front_matter = replace(front_matter, visibility="restricted")
        mend = f"`knowhow page convert {path}` converts it"
        problems = (*problems, f"The file is not valid UTF-8; the bytes that are not are shown as �. {mend}.")
    return Page(
        path=path,
        text=text,
        front_matter=front_matter,
        body=text[body_start:] if body_start else text,
        body_line=body_line,
        blob=blob_id(data),
        problems=problems,
    )


def split_lines(text: str) -> list[str]:
    r"""The lines of a page with their line ends. Lines end with \n, \r\n or \r, as MkDocs reads files.

    `str.splitlines` also splits at form feeds and Unicode separators, which Markdown does not: use this with line numbers.
    """
    if "\r" not in text:
        lines = text.split("\n")
        last = lines.pop()
        return [line + "\n" for line in lines] + ([last] if last else [])
    return _LINE.findall(text)


def line_end(text: str) -> str:
    r"""The line end that `text` uses, by its first line; "\n" where it has none."""
    match = _LINE_END.search(text)
    return match[0] if match else "\n"


def _opening_heading(body: str) -> str:
    """The text of the level-1 heading that opens `body`, comments aside; "" where it opens with something else."""
    start = 1 if body.startswith("\ufeff") else 0
    if start:
        body = body[1:]
    if "<!--" in body[:2000]:
        while match := _COMMENT.match(body):
            body = body[match.end() :].lstrip()
    if match := _HASH_TITLE.match(body) or _SETEXT_TITLE.match(body):
        raw = match[1].strip()
        return plain_text(_ATTRIBUTES.sub("", raw) if raw.endswith("}") else raw).strip()
    return ""


def _title_from_path(path: str) -> str:
    pure = PurePosixPath(path)
    name = pure.stem
    if name.lower() in ("index", "readme"):
        if str(pure.parent) == ".":
            return "Home"
        name = pure.parent.name
    title = name.replace("-", " ").replace("_", " ")
    return title.capitalize() if title.lower() == title else title
