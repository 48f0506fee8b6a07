"""Where a page's links stand in its text, and which pages a link's target can mean."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import quote, unquote

from wiki.pages.page import Page

__all__ = ["Target", "Written", "find_targets", "parse_target", "relative_target", "url_folder", "without_code"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_FENCE = re.compile(
    r"^[ \t>]*(`{3,}|~{3,})[^\r\n`]*(?:\r\n|\n|\r).*?(?:^[ \t>]*\1[`~]*[ \t]*(?=[\r\n]|\Z)|\Z)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"(?<!\\)(`++)((?:(?!\n[ \t]*\r?\n).){1,5000}?)(?<!`)\1(?!`)", re.DOTALL)
_CODE_ELEMENT = re.compile(r"<(pre|code|script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_INDENTED = re.compile(r"(?:(?:\A|(?<=\n))[ \t]*\r?\n|\A)((?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\r?\n)+)")
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+\.|:)[ \t]|^[ \t]*(?:!!!|\?\?\?|===|\[\^)", re.MULTILINE)
_NOT_LINE_END = re.compile(r"[^\r\n]")

_INLINE = re.compile(r"(?<!\\)\]\(")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\r\n]+\]:[ \t]*(?:\r?\n[ \t]*)?(?:<([^<>\r\n]*)>|(\S+))", re.MULTILINE)
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(r"\s(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_TITLE = re.compile(r"\s+(?:\"[^\"]*\"|'[^']*')\s*\Z")
_BLANK = re.compile(r"(?:\n|\r(?!\n))[ \t]*[\r\n]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_TEMPLATE = re.compile(r"\{\{|\{%")
_PARTS = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\Z")
_UNSAFE = re.compile(r"[\s()<>\"'%?#\\]")


@dataclass(frozen=True, slots=True)
class Written:
    """A link's target as it is written: text[start:end] of the page's text, in line `line` (0-based). `html`: in a tag."""

    start: int
    end: int
    line: int
    text: str
    html: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A target taken apart. `pages` are the pages it can mean, the likeliest first; () where it names a file or nothing.

    `form` is "page" (a path with .md), "url" (a folder as in the site's addresses), "file" (found from the page's folder),
    "address" (a file, found from the page's address) or "self" (an anchor alone).
    `suffix` is the query and anchor as written. `path` is unquoted. `root` is the folder of the pages where the path begins with it.
    """

    form: str
    path: str
    pages: tuple[str, ...]
    anchor: str
    suffix: str
    root: str = ""


def find_targets(page: Page) -> list[Written]:
    """The targets of all links and images in a page's body, in order: inline, reference definitions, `href` and `src`.

    Code and comments hold none. External targets are among them.
    """
    body = page.body
    if not any(mark in body for mark in ("](", "]:", "<")):
        return []
    masked = without_code(body)
    spans = sorted({*_inline(masked), *_definitions(masked), *_attributes(masked)})
    if not spans:
        return []
    base = len(page.text) - len(body)
    starts = [0, *(match.end() for match in _LINE_END.finditer(body))]
    return [
        Written(base + start, base + end, page.body_line + bisect_right(starts, start) - 1, body[start:end], html)
        for start, end, html in spans
    ]


def parse_target(page_path: str, written: Written, docs_folder: str = "") -> Target | None:
    """What a written target means on this page; None for one that leaves the workspace or that a template fills in.

    `docs_folder` is docs_dir as seen from the workspace: `/docs/a.md` means `a.md` where it is `docs`, as on GitHub.
    """
    target = _parsed(page_path, written, docs_folder)
    if target is None or not target.root:
        return target
    as_on_a_site = _parsed(page_path, written, "")  # a folder of that name among the pages
    return replace(target, pages=(*target.pages, *(as_on_a_site.pages if as_on_a_site else ())))


def _parsed(page_path: str, written: Written, docs_folder: str) -> Target | None:
    text = unescape(written.text) if written.html else written.text
    text = text.strip()
    if not text or _SCHEME.match(text) or _TEMPLATE.search(text) or text.startswith("\\"):
        return None
    match = _PARTS.match(text)
    if match is None:
        return None
    path, suffix = unquote(match[1]), (match[2] or "") + (match[3] or "")
    anchor = unquote((match[3] or "")[1:])
    if not path:
        return Target(form="self", path="", pages=(page_path,), anchor=anchor, suffix=suffix)
    root = docs_folder if docs_folder and f"{path}/".startswith(f"/{docs_folder}/") else ""
    inside = path[len(root) + 1 :] or "/" if root else path
    ending = _ENDING.search(inside)
    folder = "" if path.startswith("/") else posixpath.dirname(page_path)
    if ending and ending[0].lower() in (".md", ".markdown"):
        return Target(form="page", path=path, pages=(_joined(folder, inside),), anchor=anchor, suffix=suffix, root=root)
    if ending and ending[0].lower() not in (".html", ".htm"):
        return Target(form="file", path=path, pages=(), anchor=anchor, suffix=suffix, root=root)
    base = "" if path.startswith("/") else url_folder(page_path)
    address = _joined(base, inside[: ending.start()] if ending else inside)
    while address.startswith("../") or address == "..":
        address = address[3:]  # a browser stops at the root
    if ending and posixpath.basename(address) == "index":
        address = posixpath.dirname(address)
    return Target(form="url", path=path, pages=tuple(_pages_at(address)), anchor=anchor, suffix=suffix, root=root)


def relative_target(target: Target, written: Written, old_page: str, new_page: str, new_target: str | None) -> str:
    """The target text for a link that stood on `old_page` and now stands on `new_page`.

    `new_target` is the page it shall mean; None keeps what it means (a file, or a page that is not known). Absolute targets
    stay absolute, percent-encoding, a leading `./` and a closing `/` stay as they were.
    """
    path = target.path
    if target.form == "url":
        address = url_folder(new_target) if new_target else _joined(url_folder(old_page), path)
        start = url_folder(new_page)
        ending = _ENDING.search(path)
        closing = "/" if path.endswith("/") else ending[0] if ending else ""
    elif target.form == "address":
        address = _joined(url_folder(old_page), path)
        start = url_folder(new_page)
        closing = ""
    else:
        address = new_target or _joined(posixpath.dirname(old_page), path)
        start = posixpath.dirname(new_page)
        closing = ""
    if path.startswith("/"):
        top = f"/{target.root}/" if target.root else "/"
        new = f"{top}{address}{closing}" if address else top
    else:
        new = posixpath.relpath(address or ".", start or ".")
        if (path.startswith("./") and not new.startswith(".")) or ":" in new.split("/")[0]:
            new = f"./{new}"
        new += closing
    if new == path:
        return written.text
    encoded = "%" in written.text
    new = quote(new, safe="/~!$&*+,;=:@") if encoded else _UNSAFE.sub(lambda match: quote(match[0], safe=""), new)
    return new + target.suffix


def url_folder(page_path: str) -> str:
    """The folder that a page's address is, without slashes at its ends: `a/b.md` and `a/b/index.md` -> `a/b`."""
    stem = posixpath.splitext(page_path)[0]
    folder, name = posixpath.split(stem)
    return folder if name in ("index", "README") else stem


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    return "" if joined == "." else joined


def _pages_at(address: str) -> Iterator[str]:
    if address:
        yield f"{address}.md"
        yield f"{address}/index.md"
        yield f"{address}/README.md"
    else:
        yield "index.md"
        yield "README.md"


def without_code(body: str) -> str:
    """`body` with code and comments blotted out, character for character."""

    def blank(match: re.Match[str]) -> str:
        return _NOT_LINE_END.sub(" ", match[0])

    def blot(match: re.Match[str]) -> str:  # not with spaces: they would make a line that begins so look like indented code
        return _NOT_LINE_END.sub("\0", match[0])

    if "```" in body or "~~~" in body:
        body = _FENCE.sub(blank, body)
    if "<!--" in body:
        body = _COMMENT.sub(blot, body)
    if "`" in body:
        body = _CODE.sub(blot, body)
    if "</" in body:
        body = _CODE_ELEMENT.sub(blot, body)
    if ("\n    " in body or "\n\t" in body or body.startswith(("    ", "\t"))) and not _LIST_ITEM.search(body):
        body = _INDENTED.sub(blank, body)
    return body


def _inline(masked: str) -> Iterator[tuple[int, int, bool]]:
    for opening in _INLINE.finditer(masked):
        bracket = masked.rfind("[", max(0, opening.start() - 2000), opening.start())
        if bracket < 0 or _BLANK.search(masked, bracket, opening.start()):
            continue
        start = opening.end()
        end, depth = start, 1
        limit = min(len(masked), start + 2000)
        while end < limit and depth:
            char = masked[end]
            if char == "\\":
                end += 1
            elif char in "()":
                depth += 1 if char == "(" else -1
            end += 1
        if depth:
            continue
        inside = masked[start : end - 1]
        if _BLANK.search(inside):
            continue
        start += len(inside) - len(inside.lstrip())
        inside = inside.strip()
        if inside.startswith("<") and ">" in inside:
            yield start + 1, start + inside.index(">"), False
        else:
            if title := _TITLE.search(inside):
                inside = inside[: title.start()]
            if inside:
                yield start, start + len(inside), False


def _definitions(masked: str) -> Iterator[tuple[int, int, bool]]:
    if "]:" in masked:
        for match in _DEFINITION.finditer(masked):
            yield (*match.span(1 if match[1] is not None else 2), False)


def _attributes(masked: str) -> Iterator[tuple[int, int, bool]]:
    if "href" in masked.lower() or "src" in masked.lower():
        for tag in _TAG.finditer(masked):
            for match in _ATTRIBUTE.finditer(masked, tag.start(), tag.end()):
                yield (*match.span(match.lastindex or 0), True)
