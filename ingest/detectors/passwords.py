"""Passwords, codes and keys that a label gives away: "the wifi password is …", "API key: …", a column named PIN.

Most sentences with "password" in them give none away ("is changed every 90 days", "is stored in the vault"): what follows must
look like a secret, and the looser it hangs on the label, the more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ingest.detectors.labels import ACCESS, CONNECTIVE, LOGIN, NOT_SECRET, OF_WHAT, REVERSED, SPARE, labels
from ingest.detectors.span import Span
from ingest.detectors.values import is_grouped, is_made, is_mixed, is_password, is_phrase, is_placeholder, is_word, trimmed

__all__ = ["find_passwords"]

_WINDOW = 90
_LINKS = 4
_STOP = re.compile(r"\n|[.;?!](?=\s)|[\[\]{}<]|(?<![-=])>")
_DIRECT = re.compile(
    r"[\"'*_`\]]{0,4}(?:[ \t]?\([^()\n]{1,40}\))?[*_]{0,3}[ \t]*(?:(?P<cell>\||</t[dh]>\s*<t[dh][^>]{0,80}>)|"
    r"(?P<beside>,(?=[ ]?[\"']))|:=|=>|->|→|[:=]|>(?=[^<>\n]{4,200}</)|"
    r"[,;]?\s*(?:<[^<>\n]{0,20}>\s*){0,2}[\"']?value[\"']?\s*(?:[:=]|>))\s*(?:[|>]-?\s*\n\s*)?(?:\*{1,3}|__)?[ \t]*",
    re.I,
)
_ANSWER = re.compile(r"[^\n?]{0,60}\?[ \t]*\n+(?:[^\n]{0,60}?[:>\]][ \t]+)?(?=[^\s]{5,60}[ \t]*(?:\n|$))")
_NEXT_LINE = re.compile(r"[^\n.:;=!?|]{1,40}\n(?=[^\s]{6,60}[ \t]*(?:\n|$))")
_SPACE = re.compile(r"(?:[ \t]+\(?|,[ \t]+(?=[^\s,]{6,40},))(?=\S)|[ \t]*\n(?=[^\s;,|]+[ \t]*(?:\n|$))")
_VALUE = re.compile(
    r"[\"“„‘‚«»`'](?P<quoted>[^\n\"”“’‘»«`']{4,80})[\"”“’‘»«`']|(?P<bare>(?:[^\s\"'`“”„‘’«»<>]|[\"'`’](?=\w)){1,200})"
)
_REST = re.compile(r"[^\n\"“”„<>|()]{8,200}")
_GROUPS = re.compile(r"[A-Za-z0-9]{3,8}(?:[ -][A-Za-z0-9]{3,8}){2,9}(?![\w-])")
_NUMBER = re.compile(r"(?P<value>\d{4,8})(?![\w%-]|[.,:]\d)(?!\s*(?:digit|day|char|stellig|zeichen))", re.IGNORECASE)
_CHECK = re.compile(r"(?P<value>\d{3,4})(?![\w%-]|[.,:]\d)")
_CODE = re.compile(r"(?P<value>(?=[^\s]*\d[^\s]*\d)[*#]?[A-Z\d](?:[ -]?[A-Z\d]){2,9}[*#]?)(?![\w%]|[.,:]\d)")
_SPARES = re.compile(
    r"[\s:=*-]*(?P<value>{0}(?:[\s,;]+(?:\d{{1,2}}[.)]\s+|[-*•]\s+)?{0}){{0,24}})(?![\w-])".format(
        r"(?=[a-zA-Z-]{0,9}\d)[a-zA-Z0-9]{4,6}-?[a-zA-Z0-9]{4,6}"
    )
)
_END = re.compile(r"[\"']?[ \t]*(?:$|[\n.,;!)]|for\b|für\b|pour\b|para\b|per\b)")
_FLAG = re.compile(r"(?:^|\s)--?[\w-]*(?:=\w*|[ ]\w+_)?$")
# "key id", "password manager", "clave primaria": about a secret, and none.
_ABOUT = re.compile(
    r"[\s-]*(?:ids?\b|fingerprint|hash|digest|names?\b|type|version|url|path|file|length|count|limit|expir|manager|generator|polic|rules?\b|"
    r"strength|field|verwalt|richtlin|gestionnaire|gestor|primari|for[aá]n|pública|pubblica)|[^\n]*[\"'][^\n]*=$",
    re.IGNORECASE,
)
_WIFI = re.compile(r"wi-?fi|wlan|wpa|ssid|\bnetwork|netzwerk|réseau|\bred\b|\brete\b", re.IGNORECASE)
_FEW_WORDS = re.compile(r"(?:\s+[^\W\d_](?:[^\W\d_]|['’-])*){1,3}[ \t]+(?=[*#A-Z]{0,2}\d)")
_CLAUSE_END = re.compile(r"[ \t]*(?:$|\n|[,;)|]|[-–—(/] ?)|\.(?:\s|$)")
_LOGIN_BEFORE = re.compile(
    rf"(?<![^\W_])(?:{LOGIN})[\"'*_`]*[^\n:=]{{0,30}}[:=|]\s*\S+[^\n]{{0,60}}\n?[^\n]{{0,30}}$", re.IGNORECASE
)
_PAIR = r"[\"']?\s*[/|:]\s*(?P<value>[^\s\"'<>]{4,80})"
_LOGIN_PAIRS = (
    re.compile(
        rf"(?<![\w/.-])(?:{LOGIN}|zugangsdaten|identifiants|cred(?:ential)?s|anmeldung|wi-?fi|wlan|ssid)(?: (?:is|are|ist|sind))?"
        rf"\s*(?:[:=*]+|\bfor [^\n:]{{1,30}}:|\b(?=\s[\w.@+-]+\s*/))\s*[\"']?[\w.@+-]{{2,60}}{_PAIR}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?i:\b(?:log(?:ged|ging)? ?in|sign(?:ed)? in|anmeld\w*|einlogg\w*|connect\w*|inloggen|logga in|logg inn?)\s+(?:with|as|using|mit|als|"
        r"avec|con|met|med|som))\s+[\"']?[a-z0-9][\w.@+-]{1,60}(?:"
        + _PAIR
        + r"|\s+(?:with|and|mit|und|avec|et|con|y|e|met|en|med|och|og)\s+"
        r"(?:(?:password|pw|passwort)\s+)?(?P<said>[^\s\"'<>]{4,80}))"
    ),
)


def find_passwords(text: str) -> Iterator[Span]:
    """Spans of kind `password` and, for keys and tokens, `secret`; they may overlap."""
    table_end = 0
    for label in labels(text):
        name = str(label.lastgroup)
        before = text[max(0, label.start() - 60) : label.start()]
        ordinary = NOT_SECRET.get(name)
        if (ordinary and ordinary.search(before)) or re.search(r"://[^\s\"'<>]*$|[?&][\w.-]*$", before):
            continue
        yield from _behind(text, label.end(), name, before)
        if name not in ("key", "secret") and _END.match(text, label.end()) and (turned := REVERSED.search(before)):
            yield from _before(turned, label.start() - len(before), name)
        if label.start() >= table_end:
            table_end, cells = _column(text, label.start(), label.end(), name)
            yield from cells
    for pattern in _LOGIN_PAIRS:
        for match in pattern.finditer(text):
            group = str(match.lastgroup)
            value = trimmed(match[group])
            if is_password(value, "", named=False):
                yield Span("password", match.start(group), match.start(group) + len(value))


def _before(match: re.Match[str], offset: int, name: str) -> Iterator[Span]:
    value = match["value"]
    if re.fullmatch(r"\d{4,8}", value) if name in ("pin", "code", "check") else is_password(value, "", named=False):
        yield Span("password", offset + match.start("value"), offset + match.end("value"))


def _behind(text: str, at: int, name: str, before: str) -> Iterator[Span]:
    """The secret that stands behind a label which ends at `at`: after a sign, after "is", or right behind it."""
    stop = _STOP.search(text, at, at + _WINDOW)
    end = stop.start() if stop else min(len(text), at + _WINDOW)
    if name in ("key", "code") and _WIFI.search(before.rpartition("\n")[2] + text[at:end]):
        name = "short"
    direct = _DIRECT.match(text, at)
    if direct and (direct["cell"] != "|" or re.search(r"(?:^|\n)[ \t]*\|?[^|\n]*$", before)):
        found = _value(text, direct.end(), name, before, "beside" if direct["beside"] else "sign")
        if found:
            yield found
            return
    for link in islice(CONNECTIVE.finditer(text, at, end), _LINKS):
        gap = text[at : link.start()]
        is_near = (
            not gap.strip(" *_\"'`") or OF_WHAT.fullmatch(gap) or (name == "code" and ":" in link[0] and len(gap.split()) < 4)
        )
        how = "named" if is_near else "loose"
        if how == "loose" and _ABOUT.match(gap + link[0].strip()):
            continue
        found = _value(text, link.end(), name, before, how, gap)
        if found:
            yield found
            return
    flag = _FLAG.search(before) is not None
    for pattern in (_SPACE, _FEW_WORDS) if name == "code" else (_SPACE, _NEXT_LINE, _ANSWER):
        if beside := pattern.match(text, at):
            around = beside[0] if pattern is _FEW_WORDS else before
            found = _value(text, beside.end(), name, around, "sign" if flag else "beside")
            if found:
                yield found
                return


def _value(text: str, at: int, name: str, before: str, how: str, gap: str = "") -> Span | None:
    """The secret that starts at `at`, where it looks like what the label says. `how` is how firmly it hangs on the label: by a
    `sign`, `named` by "is", `loose` behind other words, or `beside` it with nothing between."""
    if name == "licence":
        groups = _GROUPS.match(text, at)
        return Span("secret", *groups.span()) if groups and is_grouped(groups[0]) else None
    if name in ("pin", "check", "code"):
        return _number(text, at, name, before + gap, how)
    match = _VALUE.match(text, at)
    if match is None:
        return None
    quoted = match["quoted"]
    start = match.start("quoted" if quoted is not None else "bare")
    value = quoted if quoted is not None else trimmed(match["bare"])
    if how != "sign" and value.startswith("("):
        return None
    behind = text[start + len(value) : start + len(value) + 12]
    rest = _REST.match(text, start)
    if name == "phrase" and how in ("sign", "named") and rest and is_phrase(words := rest[0].strip(" .,;*`'")):
        return Span("password", start, start + len(words))
    is_key = name in ("key", "secret")
    if how != "loose" or is_key:
        groups = _GROUPS.match(text, start)
        if groups and is_grouped(groups[0]):
            return Span("secret" if is_key else "password", *groups.span())
    if name == "double" and how == "loose" and len(gap.split()) > 2:
        return None
    if is_key:
        given = _is_key(value, name, how, quoted is not None)
    elif quoted is not None and how in ("sign", "named"):
        given = not is_placeholder(value)
    elif how == "beside":
        given = (
            len(value) >= 6
            and is_mixed(value)
            and re.search(r"[a-z]", value) is not None
            and is_password(value, behind, named=False)
        )
    else:
        given = is_password(value, behind, named=how != "loose" and name != "double") or (
            how == "sign" and is_word(value) and _is_certain(text, at, start, start + len(value), name, before)
        )
    return Span("secret" if is_key else "password", start, start + len(value)) if given else None


def _is_key(value: str, name: str, how: str, quoted: bool) -> bool:
    if quoted and how in ("sign", "named"):
        return len(value) >= 8 and is_mixed(value) and " " not in value
    if how in ("sign", "named") and (
        re.fullmatch(r"\d{16,40}", value) or (name == "secret" and len(value) >= 8 and is_mixed(value))
    ):
        return True
    return is_made(value, 12 if how in ("sign", "named") else 16)


def _number(text: str, at: int, name: str, around: str, how: str) -> Span | None:
    if (spare := _SPARES.match(text, at)) and SPARE.search(around):
        return Span("password", *spare.span("value"))
    pattern = {"pin": _NUMBER, "check": _CHECK, "code": _CODE}[name]
    match = pattern.match(text, at)
    if match is None or (name == "code" and (how == "loose" or not ACCESS.search(around))):
        return None
    return Span("password", *match.span("value"))


def _is_certain(text: str, at: int, start: int, end: int, name: str, before: str) -> bool:
    """Nothing else stands in the line, or a user name right before, or an option or a variable is set: then a plain word is a
    password too."""
    if _FLAG.search(before) and (text[at - 1] == "=" or text[end + 1 : end + 2] == "-"):
        return True
    if "\n" in text[at:start] or not (clause := _CLAUSE_END.match(text, end)):
        return False
    is_alone = name != "double" and clause[0].strip("\"') .") == "" and text[end + len(clause[0].rstrip("\n")) :][:1] in "\n"
    return is_alone or _LOGIN_BEFORE.search(text[max(0, at - 160) : at]) is not None


def _column(text: str, start: int, end: int, name: str) -> tuple[int, list[Span]]:
    """The cells below a heading, and where the table ends; tables with |, tabs, semicolons or commas."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, end)
    heading = text[line_start:line_end]
    separator = next((mark for mark in "\t|;," if mark in heading), "") if line_end - line_start <= 500 else ""
    if not separator or line_end == len(text):
        return line_end, []
    column = text.count(separator, line_start, start)
    cell = heading.split(separator)[column].strip(" *_\"'`")
    if len(cell) > 40 or not cell.endswith(text[start:end].strip(" *_")) or re.search(r"[\d:=.]", cell):
        return line_end, []
    count = heading.count(separator)
    cells: list[Span] = []
    at = line_end + 1
    while at < len(text):
        row_end = _line_end(text, at)
        if row_end - at > 2000 or text.count(separator, at, row_end) != count:
            break
        place = at
        for _ in range(column):
            place = text.index(separator, place, row_end) + 1
        while text[place] in " \t" and place < row_end:
            place += 1
        found = _value(text, place, name, heading + text[at:place], "sign")
        if found and found.end <= row_end:
            cells.append(found)
        at = row_end + 1
    return at, cells


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
