"""The text of a PDF without what its pages repeat: headers, footers and page numbers; words that a line end cut are whole again."""

from __future__ import annotations

import re

__all__ = ["without_page_furniture"]

_PAGE = r"(?:page|pg\.?|p\.|seite|s\.|página|pagina|pág\.?|pag\.?|sida|sid\.?|side|sivu|strona|str\.?|strana|sayfa|стр\.?|страница|ページ|第|页|頁|쪽|페이지)"
_OF = r"(?:of|von|de|di|van|av|af|z|ze|/|из|sur|su|共|中)"
_NUMBERED = re.compile(
    rf"^\W{{0,3}}(?:{_PAGE}\s?\d{{1,4}}(?:\s?{_OF}\s?\d{{1,4}})?|\d{{1,4}}\s?{_OF}\s?\d{{1,4}}|\d{{1,4}}\.?\s?(?:sivu|ページ|页|頁|쪽|페이지))"
    r"\s?(?:ページ|页|頁|쪽|페이지)?\W{0,3}$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^[-–—|\s]{0,4}(\d{1,4})[-–—|\s]{0,4}$")
_CUT = re.compile(r"([^\W\d_])[-‐\xad]\n([^\W\d_]+)")
_KEPT_HYPHEN = frozenset(
    ("und", "oder", "bzw", "sowie", "and", "or", "et", "ou", "och", "og", "eller", "en", "of", "e", "o", "y", "i", "a", "ja")
)
_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")
_ZONE = 3


def without_page_furniture(text: str) -> str:
    """`text` with its pages parted by form feeds, as pdfminer writes it, as one text.

    Without form feeds (markitdown leaves them out of documents with tables) pages end at the lines that number them.
    """
    if "\f" not in text:
        text = "\n".join(f"{line}\f" if _NUMBERED.match(line.strip()) else line for line in text.split("\n"))
    pages = [[line.rstrip() for line in page.split("\n")] for page in text.replace("\r", "").split("\f")]
    pages = [page for page in pages if any(line.strip() for line in page)]
    repeated = _repeated(pages)
    kept = [_without(page, number, repeated) for number, page in enumerate(pages)]
    return _whole_words(_joined([page for page in kept if page.strip()]))


def _zone(page: list[str]) -> list[int]:
    """The numbers of the first and last lines of a page that say something."""
    said = [index for index, line in enumerate(page) if line.strip()]
    return sorted({*said[:_ZONE], *said[-_ZONE:]})


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    """Lines at the edges of pages, as `_shape` writes them, that are the same on many but for a number that counts along."""
    seen: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for number, page in enumerate(pages):
        for index in _zone(page):
            numbers = tuple(int(found) for found in _NUMBER.findall(page[index]))
            seen.setdefault(_shape(page[index]), []).append((number, numbers))
    enough = max(2, -(-len(pages) * 4 // 10))
    return frozenset(shape for shape, found in seen.items() if len({page for page, _ in found}) >= enough and _counts(found))


def _counts(found: list[tuple[int, tuple[int, ...]]]) -> bool:
    """Whether each number of the line stays the same or grows by one with each page."""
    for place in range(len(found[0][1])):
        same = {numbers[place] for _, numbers in found}
        along = {numbers[place] - page for page, numbers in found}
        if len(same) > 1 and len(along) > 1:
            return False
    return True


def _shape(line: str) -> str:
    return _NUMBER.sub("#", " ".join(line.split()))


def _without(page: list[str], number: int, repeated: frozenset[str]) -> str:
    edge = set(_zone(page))
    outermost = {min(edge), max(edge)} if edge else set()
    kept = []
    for index, line in enumerate(page):
        if index in edge:
            bare = _BARE.match(line)
            numbered = _NUMBERED.match(line.strip()) is not None
            if numbered or _shape(line) in repeated or (bare and index in outermost and int(bare[1]) == number + 1):
                continue
        kept.append(line)
    return "\n".join(kept).strip("\n")


def _joined(pages: list[str]) -> str:
    """One text; a sentence that goes on overleaf goes on in the next line."""
    text = ""
    for page in pages:
        goes_on = bool(re.search(r"[^\s.!?:;|]\s*$", text)) and bool(re.match(r"\s*[a-zà-ÿа-я]", page))
        text = f"{text.rstrip()}\n{page.lstrip()}" if goes_on else f"{text}\n\n{page}"
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _whole_words(text: str) -> str:
    def join(match: re.Match[str]) -> str:
        if not match[2][0].islower():
            return match[0].replace("\xad", "")
        return f"{match[1]}-\n{match[2]}" if match[2].lower() in _KEPT_HYPHEN else f"{match[1]}{match[2]}"

    return _CUT.sub(join, text).replace("\xad", "")
