"""What a mail itself says: its writer's new words and the mails it forwards, without quotes, signatures and small print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.mailfooters import without_footers
from ingest.mailquotes import Forwarded, split_mail
from ingest.mailwords import any_of, plain, words

__all__ = ["MailText", "Said", "own_text", "read_mail_text", "without_sign_off"]

_CONTACT = re.compile(
    r"https?://|www\.|[\w.+-]@[\w-]|\+?\d[\d\s()/.-]{6,}\d|(?:^|\s)[TMFEWPA]\s?[:.]\s|\s[|·•]\s|(?:^|\W)(?:gmbh|ltd|llc|inc|plc|s\.?a\.?|"
    r"b\.?v\.?|a/s|ab|oy|s\.?r\.?l|sp\. z o\.o|s\.r\.o|a\.s|株式会社|有限公司|주식회사)(?:\W|$)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:\S+\s+){4,}\S+[.!?]$|[。！？]$")
_RULE = re.compile(r"^\s*[-_=*~–—]{2,}[-_=*~–—\s]*$")
_POSTSCRIPT = re.compile(r"^(?:P\.? ?S\.?|PPS|NB|N\.B\.|P\.D\.|Пс|P\.-S\.)\s?[:.\-–]?\s", re.IGNORECASE)
_LONGEST_SIGNATURE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person said in a mail; `author` and `when` are "" for its own writer."""

    author: str = ""
    when: str = ""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """`text` is what is worth keeping, lines as they stood; `said` the turns in it; `signed` the name below the writer's words."""

    text: str
    said: tuple[Said, ...]
    signed: str = ""


def read_mail_text(body: str, *, subject: str = "", author: str = "", notice: bool = False) -> MailText:
    """The words of a mail's writer, then each mail that it forwards by its own author.

    `subject` tells forwards from replies. `notice` is for a mail that a program wrote in the name of `author`.
    """
    split = split_mail(body.replace("\r\n", "\n"), subject)
    own = "\n\n".join(_texts(split.chunks, notice=notice))
    if notice:
        own = _without_lead(own, author)
    own = _without_contact_lines(own, author)
    lines, signed = without_sign_off(own.split("\n"))
    own_words = "\n".join(lines).strip()
    said = [Said(text=own_words)] if own_words else []
    kept = [own] if own else []
    for mail in split.forwarded:
        text, turn = _forwarded(mail)
        if turn is not None:
            kept.append(text)
            said.append(turn)
    return MailText(text="\n\n".join(kept).strip(), said=tuple(said), signed=signed)


def own_text(body: str) -> str:
    """What the writer of this mail wrote, and what was forwarded with it: quotes, signature and small print cut off."""
    return read_mail_text(body).text


def without_sign_off(lines: list[str]) -> tuple[list[str], str]:
    """The lines before "Best,\\nAmy", and "Amy"; all lines and "" where nobody signs. A postscript is kept."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    for back in range(1, min(_LONGEST_SIGNATURE, len(lines)) + 1):
        index = len(lines) - back
        line = lines[index].strip()
        if index and (line == "--" or _is_greeting(line) or _is_free_greeting(lines, index)):
            rest = [name.strip(" ,.") for name in lines[index + 1 :] if name.strip()]
            named = bool(rest) and _is_first_name(rest[0])
            if not named and not _may_be_signature(lines[index + 1 :]):
                continue
            above = lines[:index]
            while above and (not above[-1].strip() or _is_greeting(above[-1])):
                above.pop()
            return [*above, *_postscript(lines[index + 1 :])], rest[0] if named else ""
    if len(lines) >= 3 and not lines[-2].strip() and _is_first_name(lines[-1].strip()):
        return lines[:-2], lines[-1].strip()
    return lines, ""


def _may_be_signature(lines: list[str]) -> bool:
    """Whether lines below a greeting that begin with no name are a signature still, and no news that follows some thanks."""
    said = [line.strip() for line in lines if line.strip()]
    contacts = [line for line in said if _CONTACT.search(line)]
    others = [line for line in said if not _CONTACT.search(line)]
    if any(_SENTENCE.search(line) or line.endswith((":", "：")) for line in others):
        return False
    return bool(contacts) or (len(said) <= 3 and not any(re.search(r"\d", line) for line in said))


def _texts(chunks: list[str] | tuple[str, ...], *, notice: bool = False) -> list[str]:
    return [text for chunk in chunks if (text := without_footers(chunk, notice=notice))]


def _forwarded(mail: Forwarded) -> tuple[str, Said | None]:
    text = _without_contact_lines("\n\n".join(_texts(mail.chunks)), mail.author)
    lines, signed = without_sign_off(text.split("\n"))
    said = "\n".join(lines).strip()
    if not said:
        return "", None
    return f"{mail.heading.strip()}\n\n{text}", Said(author=mail.author or signed, when=mail.when, text=said)


def _without_lead(text: str, author: str) -> str:
    """Without "Tom Reid commented on KR-12:", the first line of what a program sends in his name."""
    first, _, rest = text.partition("\n")
    said = plain(first)
    if not rest.strip() or len(first) > 160 or re.search(r"[.!?]$", said):
        return text
    names = plain(author).split()
    tells = any_of("notices", "verbs").search(said) is not None
    named = bool(names) and names[0] in said
    ends = first.rstrip().endswith((":", "："))
    return rest.strip() if (ends and named) or (tells and (named or ends or not rest.split("\n", 1)[0].strip())) else text


def _without_contact_lines(text: str, author: str) -> str:
    """Without the writer's name and the lines of a signature below it that nothing marks as one."""
    lines = text.split("\n")
    names = [name for name in re.split(r"[\s,@.]+", plain(author)) if len(name) > 1]
    for index in range(max(1, len(lines) - _LONGEST_SIGNATURE), len(lines)):
        before = lines[index - 1]
        ruled = _RULE.match(before) is not None
        below = [line for line in lines[index + 1 :] if line.strip()]
        if before.strip() and not ruled and not _is_greeting(before):
            continue
        if not _is_signed(lines[index], names) and not _signs_for_others(lines, index):
            continue
        contacts = [line for line in [lines[index], *below] if _CONTACT.search(line)]
        bare = not below and not _is_first_name(lines[index].strip()) and _is_only_name(lines[index], names)
        if any(len(line) > 120 or (_SENTENCE.search(line) and not _CONTACT.search(line)) for line in below):
            continue
        above = lines[:index]
        while above and (not above[-1].strip() or _RULE.match(above[-1])):
            above.pop()
        greeted = bool(above) and _is_greeting(above[-1])
        if ruled or bare or (contacts and (len(contacts) * 3 >= len(below) + 1 or greeted)):
            name = re.split(r"\s[|·•–-]\s|,\s", lines[index])[0].strip()
            return "\n".join([*above, *([name] if greeted else []), *_postscript(lines[index + 1 :])]).strip()
    return text


def _signs_for_others(lines: list[str], index: int) -> bool:
    """Whether somebody signs a mail that comes from a shared address: a whole name, and how to reach him at the very end."""
    name = lines[index].strip()
    above = next((line.strip() for line in reversed(lines[:index]) if line.strip()), "")
    below = [line for line in lines[index + 1 :] if line.strip()]
    reached = any(re.search(r"\+?\d[\d\s()/.-]{6,}\d|[\w.+-]@[\w-]", line) for line in below)
    return (
        len(name.split()) >= 2
        and _is_first_name(name)
        and reached
        and 2 <= len(below) <= 6
        and bool(re.search(r"[.!?。]$", above))
    )


def _is_signed(line: str, names: list[str]) -> bool:
    """Whether the line begins with the writer's name (or, in a script without spaces, with half of it)."""
    said = plain(line).strip("-–—/~*> ")
    if not names or not said or len(said) > 90 or _SENTENCE.search(line):
        return False
    first_words = re.split(r"[\s,.|]+", said)[:3]
    return _is_only_name(line, names) or any(name in first_words for name in names)


def _is_only_name(line: str, names: list[str]) -> bool:
    said = plain(line).strip("-–—/~*>., ")
    half = not said.isascii() and len(said) >= 2 and any(name.startswith(said) or name.endswith(said) for name in names)
    return half or (bool(said) and all(word in names for word in said.split()))


def _postscript(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if _POSTSCRIPT.match(line.strip()):
            return ["", *lines[index:]]
    return []


def _is_greeting(line: str) -> bool:
    said = plain(line).rstrip(".,!;:。，、！ ")
    if not said or len(said) > 60 or said.endswith("?"):
        return False
    if said in words("sign_off", "phrases"):
        return True
    # "Best regards Amy", "Viele Grüße, Maya Löwe"
    for phrase in words("sign_off", "phrases"):
        if len(phrase) > 2 and said.startswith((f"{phrase} ", f"{phrase},")):
            rest = line.strip()[len(phrase) :].strip(" ,.!")
            first, *others = plain(rest).split() or [""]
            return len(rest) <= 30 and (_is_first_name(rest) or (first in _AFTER_GREETING and len(others) <= 2))
    return False


def _is_free_greeting(lines: list[str], index: int) -> bool:
    """ "Thanks for a great week," in a paragraph of its own, with nothing but a name below."""
    line, below = lines[index].strip(), [line.strip() for line in lines[index + 1 :] if line.strip()]
    alone = not lines[index - 1].strip() and len(below) == 1 and _is_first_name(below[0])
    return alone and len(line) <= 60 and line.endswith((",", "，", "、"))


_AFTER_GREETING = frozenset(("to", "for", "und", "and", "from", "aus", "all", "team", "allen", "a", "und"))


def _is_first_name(line: str) -> bool:
    found = line.split()
    return 1 <= len(found) <= 3 and all(word[0].isupper() and word.rstrip(".").replace("-", "").isalpha() for word in found)
