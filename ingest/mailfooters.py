"""What is below (or above) the words of a mail and nobody wrote: signature, disclaimer, list footer, "Sent from my iPhone"."""

from __future__ import annotations

import re
from functools import cache

from ingest.mailwords import any_of, plain, whole_words, words

__all__ = ["without_footers"]

_MARK = re.compile(r"^\s?(?:--|—|–)[ \xa0]*$")
_RULE = re.compile(r"^\s*[-_=*~–—]{2,}\s*$")
_UNDERSCORES = re.compile(r"^\s*[_=\-]{20,}\s*$")
_ADDRESS = re.compile(r"https?://|www\.|mailto:|\w@\w")
_OUTLOOK = re.compile(r"(?:^|\W)outlook(?:$|\W).{0,60}(?:ios|android|aka\.ms)|(?:ios|android)\W.{0,40}outlook", re.IGNORECASE)
_LABELS = re.compile(r"^[^.!?]{2,40}(?:\s[•|·]\s[^.!?]{2,40}){1,6}$")
_LINK_LINE = re.compile(r"^[^.!?\n]{2,60}[:\s]\s?[(<\[]?https?://\S+[)>\]]?$|^[(<\[]?https?://\S+[)>\]]?$")
_LONGEST_TAIL = 40


def without_footers(text: str, *, notice: bool = False) -> str:
    """`text` without them. `notice` is for mails that a program wrote: lines that are only a link go too."""
    lines = _without_banner(text.split("\n"))
    lines = _to_signature_mark(lines)
    lines = lines[: _small_print_from(lines)]
    lines = [line for index, line in enumerate(lines) if not _is_sent_from(line, last=len(lines) - index <= 12)]
    if notice:
        lines = [line for line in lines if not _LINK_LINE.match(line.strip()) and not _LABELS.match(line.strip())]
    while lines and (not lines[-1].strip() or _RULE.match(lines[-1])):
        lines = lines[:-1]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _without_banner(lines: list[str]) -> list[str]:
    """Without the warning about mails from outside that a firm's server puts on top."""
    banner = any_of("small_print", "banners")
    for start, end in _paragraphs(lines)[:3]:
        if end - start <= 6 and banner.search(plain(" ".join(lines[start:end]))[:120]):
            stop = end
            if not any(banner.search(plain(line)) for line in lines[start + 1 : end]) and re.search(r"[.\])]$", lines[start]):
                stop = start + 1
            return [*lines[:start], *lines[stop:]]
    return lines


def _to_signature_mark(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if _MARK.match(line) and any(above.strip() for above in lines[:index]):
            return lines[:index]
    return lines


def _small_print_from(lines: list[str]) -> int:
    """The number of the line where small print begins; all lines where there is none."""
    below = [0] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        below[index] = below[index + 1] + bool(lines[index].strip())
    begins = words("small_print", "begins")
    starts = dict(_paragraphs(lines))
    for index, line in enumerate(lines):
        if below[index] > _LONGEST_TAIL or not line.strip():
            continue
        said = plain(line[:300]).lstrip("*_ >|-")
        if said.startswith(begins) or _leaves_list(said, below[index]):
            return index
        if (
            _UNDERSCORES.match(line)
            and below[index] <= 16
            and any_of("small_print", "below_rule").search(plain(" ".join(lines[index:])))
        ):
            return index
        if index in starts and _is_disclaimer(lines[index : starts[index]]):
            return index + _before_disclaimer(lines[index : starts[index]])
    return len(lines)


def _leaves_list(said: str, lines_below: int) -> bool:
    if len(said) > 240 or lines_below > 10:
        return False
    match = any_of("small_print", "unsubscribe").search(said)
    if match is None:
        return False
    return (
        len(said) <= 40 or (match.start() <= 12 and (_ADDRESS.search(said) is not None or len(said) <= 120)) or "http" in said
    )


def _is_disclaimer(lines: list[str]) -> bool:
    said = plain(" ".join(lines))
    if len(said) < 15:
        return False
    return (
        any_of("small_print", "mail").search(said) is not None
        and any_of("small_print", "confidential").search(said) is not None
        and any_of("small_print", "recipient").search(said) is not None
        and (whole_words("small_print", "this").search(said) is not None or re.search("[぀-ヿ一-鿿가-힯]", said) is not None)
    )


def _before_disclaimer(lines: list[str]) -> int:
    """How many lines stand above a disclaimer that follows them without an empty line."""
    for index, line in enumerate(lines):
        said = plain(line)
        if any(any_of("small_print", key).search(said) for key in ("mail", "confidential", "recipient")):
            return index
    return 0


def _is_sent_from(line: str, *, last: bool) -> bool:
    said = line.strip().strip("*_ ")
    if not last or not 5 <= len(said) <= 160:
        return False
    if _OUTLOOK.search(said) and not re.search(r"[.!?]\s*$", said):
        return True
    said = plain(re.sub(r"[<(\[]?https?://\S+", "", said))
    if len(said) > 90:
        return False
    sent = any_of("small_print", "sent").search(said)
    device = _device().search(said)
    if sent is None or device is None or len(said.split()) > 14:
        return False
    spaced = re.search("[぀-ヿ一-鿿가-힯]", said) is None
    if spaced and said.endswith(".") and sent.start() == 0 and len(said.split()) > 6:
        return False  # "Sent the iPhone to Tom yesterday evening."
    return not spaced or sent.start() == 0 or len(said.rstrip(". ")) - sent.end() <= 3


@cache
def _device() -> re.Pattern[str]:
    """A device's or program's name, also with the ending that it takes in a sentence ("iPhonesta")."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, words('small_print', 'devices')))})")


def _paragraphs(lines: list[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for index, line in enumerate([*lines, ""]):
        if line.strip() and start is None:
            start = index
        elif not line.strip() and start is not None:
            found.append((start, index))
            start = None
    return found
