"""What is in a mail's text beside its writer's own words: quotes, which are left out, and forwarded mails, which are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ingest.mailwords import any_of, glued_headers, header_line, is_forward_subject, mark_kind, plain, whole_words, words

__all__ = ["Forwarded", "Split", "split_mail"]

_MAX_DEPTH = 12
_UNDERSCORES = re.compile(r"^\s*[_\-]{20,}\s*$")
_DATED = re.compile(r"\d{1,2}[:.h]\d{2}|(?:19|20)\d{2}|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d\s?[月월]")
_DAY = re.compile(r"(?:19|20)\d{2}|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|\d\s?[月월]")
_GLUED = re.compile(r"^(\s*-{3,}\s{0,3}[^-]{5,60}?\s{0,3}-{3,})\s+(\S.*:.*)$")
_DATED_SENDER = re.compile(r"\d{1,2}[:.]\d{2}.{0,80}<[^<>@\s]{1,64}@[^<>@\s]{1,200}>\s?:$")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,64}")
_LEAD_END = re.compile(r"[:：]\s*$|[>)]\s*$")
_OLD_LETTERS = re.compile(r"^[^\n]{0,200}[>)\]]?[:：]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """One mail inside another: `heading` is its header lines as they stand, `author` and `when` what they say."""

    heading: str
    author: str
    when: str
    subject: str
    chunks: tuple[str, ...]


@dataclass(slots=True)
class Split:
    """A mail's own words, in pieces where quotes stood between them, and the mails that it forwards, outermost first."""

    chunks: list[str] = field(default_factory=list)
    forwarded: list[Forwarded] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Break:
    """Where another mail begins: its first line, its header lines, and what they say."""

    end: int
    heading: tuple[str, ...]
    fields: dict[str, str]
    mark: str
    quoted: bool = False


def split_mail(text: str, subject: str = "") -> Split:
    """Split a mail's text. `subject` tells a forward from a reply where the text does not.

    Words that stand between the quotes of a reply are the writer's own. A forwarded mail is kept with all that it carried
    along under header lines; what it quoted with ">" is not.
    """
    lines = [part for line in text.split("\n") for part in _unglued(line)]
    return _split(lines, subject, inside=False, depth=0)


def _unglued(line: str) -> list[str]:
    """The lines that Yahoo's plain text runs together: "----- Forwarded Message ----- From: TomTo: MayaSubject: Limit"."""
    match = _GLUED.match(line) if len(line) <= 1_000 and "---" in line else None
    if match is None or mark_kind(match[1]) != "forwarded":
        return [line]
    parts = [part for part in glued_headers().split(match[2]) if part.strip()]
    return [match[1], *parts] if len(parts) >= 3 else [line]


def _split(lines: list[str], subject: str, *, inside: bool, depth: int) -> Split:
    found = Split()
    own: list[str] = []

    def close() -> None:
        chunk = "\n".join(own).strip("\n")
        if chunk.strip():
            found.chunks.append(chunk)
        own.clear()

    index = 0
    while index < len(lines):
        line = lines[index]
        if line.startswith(">"):
            close()
            end = _end_of_quote(lines, index)
            if depth < _MAX_DEPTH:
                found.forwarded += _forwarded_in([_unquoted(line) for line in lines[index:end]], subject, depth)
            index = end
            continue
        broken = _break_at(lines, index)
        if broken is None:
            own.append(line)
            index += 1
            continue
        while own and _UNDERSCORES.match(own[-1]):
            own.pop()
        close()
        inner, index, quoted = _inner(lines, broken)
        alone = not found.chunks and not found.forwarded
        if depth < _MAX_DEPTH and _is_forward(broken, subject, inside=inside, alone=alone, quoted=quoted):
            below = _split(inner, broken.fields.get("subject", ""), inside=True, depth=depth + 1)
            found.forwarded.append(
                Forwarded(
                    heading="\n".join(broken.heading),
                    author=_author(broken.fields.get("from", "")),
                    when=broken.fields.get("date", ""),
                    subject=broken.fields.get("subject", ""),
                    chunks=tuple(below.chunks),
                )
            )
            found.forwarded += below.forwarded
    close()
    return found


def _forwarded_in(lines: list[str], subject: str, depth: int) -> list[Forwarded]:
    """The mails in a quote that begins with the mark of a forward (Apple Mail puts the mark inside)."""
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    broken = _break_at(lines, first) if first < len(lines) else None
    if broken is None or not (broken.mark == "forwarded" or (broken.mark != "lead" and is_forward_subject(subject))):
        return []
    return _split(lines[first:], subject, inside=True, depth=depth + 1).forwarded


def _is_forward(broken: _Break, subject: str, *, inside: bool, alone: bool, quoted: bool) -> bool:
    if broken.mark == "lead":
        return alone and not inside and not quoted
    finnish = any(plain(line).startswith(("lähettäjä", "aihe")) for line in broken.heading)
    return inside or alone or broken.mark == "forwarded" or is_forward_subject(subject, language_answers_vs=finnish)


def _inner(lines: list[str], broken: _Break) -> tuple[list[str], int, bool]:
    """The lines of the mail that begins at the break, where the outer one goes on, and whether they stood behind ">"."""
    start = broken.end
    while start < len(lines) and not lines[start].strip():
        start += 1
    if not (broken.quoted or (start < len(lines) and lines[start].startswith(">"))):
        return lines[broken.end :], len(lines), False
    end = _end_of_quote(lines, start)
    return [_unquoted(line) for line in lines[start:end]], end, True


def _end_of_quote(lines: list[str], start: int) -> int:
    """After the last line that starts with ">", blank lines and tails of lines that were wrapped without it included."""
    index = end = start
    while index < len(lines):
        line = lines[index]
        if line.startswith(">"):
            end = index + 1
        elif line.strip() and not (end == index and _is_tail(lines, index)):
            break
        elif line.strip():
            end = index + 1
        index += 1
    return end


def _is_tail(lines: list[str], index: int) -> bool:
    """Whether the line is the rest of the quoted line above it."""
    above, line = lines[index - 1] if index else "", lines[index]
    goes_on = index + 1 >= len(lines) or not lines[index + 1].strip() or lines[index + 1].startswith(">")
    return above.startswith(">") and len(above) >= 64 and len(line) <= 40 and line[0].islower() and goes_on


def _unquoted(line: str) -> str:
    return re.sub(r"^> ?", "", line)


def _break_at(lines: list[str], index: int) -> _Break | None:
    """The mail that begins at this line, if one does."""
    line = lines[index]
    if not line.strip() or len(line) > 400:
        return None
    kind = mark_kind(line)
    if kind or _UNDERSCORES.match(line):
        start = index + 1
        while start < len(lines) and start < index + 4 and not lines[start].strip():
            start += 1
        quoted = start < len(lines) and lines[start].startswith(">")
        window = [_unquoted(line) if quoted else line for line in lines[start : start + 30]]
        block = _block(window, fewest=1 if kind in ("forwarded", "original") else 3)
        if block is not None:
            end, fields = block
            return _Break(start + end, (line, *window[:end]), fields, kind, quoted)
        if kind in ("forwarded", "original"):
            lead = _lead(lines, start) if start < len(lines) else None
            return lead or (_Break(index + 1, (line,), {}, kind) if kind == "original" or line.strip()[0] in "-‐–—_" else None)
        return None
    block = _block(lines[index : index + 30], fewest=3)
    if block is not None:
        end, fields = block
        return _Break(index + end, tuple(lines[index : index + end]), fields, "")
    return _lead(lines, index)


def _block(lines: list[str], *, fewest: int) -> tuple[int, dict[str, str]] | None:
    """Header lines at the top of `lines`: how many lines they take, and their values; None where there are none."""
    fields: dict[str, str] = {}
    last = ""
    end = index = 0
    while index < len(lines) and index < 28:
        line = lines[index]
        header = header_line(line)
        if header is not None and (header[0] == "other" or header[0] not in fields):
            last, fields[header[0]] = header
        elif header is None and fields and line.strip() and _goes_on(line, last, fields):
            fields[last] = f"{fields[last]} {line.strip()}".strip()
        elif line.strip() or not fields or not _another(lines, index, fields):
            break
        index += 1
        end = index if line.strip() else end
    known = {kind for kind in fields if kind != "other"}
    if "from" not in known or len(known) < min(fewest, 3):
        return None
    addressed = _ADDRESS.search(fields["from"] + fields.get("to", "")) is not None
    titled = "subject" in known and ("date" in known or addressed)
    sent = "date" in known and addressed and _DATED.search(fields["date"]) is not None
    if fewest >= 3 and not titled and not sent:
        return None
    return end, fields


def _goes_on(line: str, last: str, fields: dict[str, str]) -> bool:
    """Whether a header's value goes on in this line."""
    if not fields[last]:
        return len(line) <= 200
    return (line[0] in " \t" and last != "subject") or (
        last in ("to", "other") and _ADDRESS.search(line) is not None and len(line) <= 400
    )


def _another(lines: list[str], index: int, fields: dict[str, str]) -> bool:
    """Whether after an empty line another header follows that was not there yet (pages made of paragraphs leave them)."""
    if index + 1 >= len(lines):
        return False
    header = header_line(lines[index + 1])
    return header is not None and (header[0] not in fields if header[0] != "other" else "subject" not in fields)


def _lead(lines: list[str], index: int) -> _Break | None:
    """A line, wrapped over up to three, that leads in a quote: "On …, Tom wrote:"."""
    if not any(_LEAD_END.search(line[-8:]) for line in lines[index : index + 3]):
        return None
    dated_or_followed = _DATED.search(" ".join(lines[index : index + 3])[:1_000]) or any(
        line.startswith(">") for line in lines[index + 1 : index + 6]
    )
    if not dated_or_followed:
        return None
    opens = plain(lines[index]).startswith(_openings())
    for count in (1, 2, 3):
        end = index + count
        part = lines[index:end]
        if len(part) < count or not part[-1].strip() or (count > 1 and part[-1].startswith(">")):
            return None
        if not _LEAD_END.search(part[-1]):
            continue
        together = " ".join(part)
        if len(together) > 400:
            return None
        followed = next((line for line in lines[end : end + 3] if line.strip()), "").startswith(">")
        if not followed and not _DATED.search(together):
            continue
        joined = plain(together)
        dated = _DATED.search(joined) is not None
        said = whole_words("quotes", "wrote").search(joined) or any_of("quotes", "wrote_unspaced").search(joined)
        address = _ADDRESS.search(joined)
        colon = _OLD_LETTERS.match(part[-1]) is not None
        if count > 1 and not (opens or _DATED.search(part[0]) or (address and _ADDRESS.search(part[0]))):
            return None
        whole_date = _DAY.search(joined) is not None
        if whole_date and _DATED_SENDER.search(joined):
            said = said or address
        if (said and colon and dated and (followed or address or (whole_date and (opens or _names_first(joined))))) or (
            followed and ((said and colon) or (address and dated) or (colon and dated and len(joined) <= 120))
        ):
            fields = {"from": _lead_author(" ".join(part)), "date": " ".join(part)}
            return _Break(end, tuple(part), fields, "lead")
    return None


@cache
def _openings() -> tuple[str, ...]:
    return tuple(f"{word} " for word in words("quotes", "opens"))


def _names_first(joined: str) -> bool:
    """Whether what was said ends the line ("Tom, 23 Nov 2026 … yazdı:"), or a date begins it."""
    return bool(re.match(r"[^\n]{0,24}\d", joined)) or bool(re.search(r"\w[)\]]?[:：]$", joined))


def _lead_author(lead: str) -> str:
    match = re.search(r"([^\W\d_][^<>,:;\d\n]{1,60}?)\s*[(<\[]\s*(?:<|mailto:)?[\w.+%-]{1,64}@", lead)
    if match is None:
        return ""
    found = match[1].strip(" ,-\"'").split()
    while len(found) > 1 and not found[0][0].isupper() and found[0] not in ("van", "von", "de", "da", "di", "del", "der", "al"):
        found.pop(0)  # "schrieb Tom Reid", "AM Tom Reid" apart
    return re.sub(r"^(?:Uhr|AM|PM|CET|CEST|GMT|UTC|MEZ|Folgendes)\s+", "", " ".join(found))


def _author(written: str) -> str:
    """The name in a header's value, or the address where there is none."""
    behalf = re.split(
        r"\b(?:on behalf of|im auftrag von|au nom de|en nombre de|per conto di|namens|em nome de)\b", written, flags=re.I
    )
    value = behalf[-1].strip()
    name = re.sub(r"\s*[<\[(]\s*(?:mailto:)?[^<>\[\]()]*@.*$", "", value).strip(" \"'*;,")
    address = _ADDRESS.search(value)
    if not name or ("@" in name and address is not None):
        whole = re.search(r"[\w.+%-]{1,64}@[\w.-]{1,200}", value)
        return whole[0] if whole is not None else name
    return " ".join(name.split())
