"""Markdown without its marks: what a reader sees, for search, titles and quotes."""

from __future__ import annotations

import html
import re

__all__ = ["plain_text"]

_CONTROL = re.compile("[\x00\x02\x03]")
_STASHED = re.compile("\x02(\\d+)\x03")
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n`]*\n(.*?)(?:^[ \t>]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.{0,50000}?</\1\s*>", re.DOTALL | re.IGNORECASE)

# What a line may begin with, besides its text.
_LINE_START = re.compile(
    r"""[ \t>]*+
    (?:
        (?:[-*+]|\d{1,3}[.)])[ \t]++(?:\[[ xX]\][ \t]++)?(?P<item>\#{1,6}[ \t]++)?
      | (?P<heading>\#{1,6})[ \t]*+
      | (?:!!!|\?\?\?\+?|===)[ \t]++(?:[\w -]*(?="))?
      | :[ \t]{1,3}
      | \[\^[^\[\]]+\]:[ \t]*+
    )?""",
    re.VERBOSE,
)
_RULE = re.compile(r"[ \t>]*(?:=+|\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*+\|?|(?:[-*_][ \t]*){3,}+)[ \t]*\Z")
_DEFINITION = re.compile(r" {0,3}(?:\[(?!\^)[^\[\]]+\]:[ \t]*\S|\*\[[^\[\]]+\]:)")
_HEADING_END = re.compile(r"(?:(?<!\S)|[ \t]+)#*[ \t]*\Z")
_ATTRIBUTES = re.compile(r"[ \t]+\{:?[ ]*[#.:][^{}\n]*\}[ \t]*\Z")
_CELL_GAP = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")

_TEXT = r"(?:[^\[\]\\]++|\\.|\[(?:[^\[\]\\]++|\\.|\[[^\[\]]*+\])*+\])*+"
_TARGET = (
    r"[ \t]*\n?[ \t]*(?:<[^<>\n]*>|(?:[^\s()\\]++|\\.|\((?:[^\s()]++|\([^\s()]*+\))*+\))*+)"
    r"""(?:\s+(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?\s*"""
)
_SPECIAL = re.compile(r"`+|[<{\\\[]")
_TOKEN = re.compile(
    rf"""(?P<ticks>`++)(?P<code>[^`](?:.{{0,5000}}?[^`])?)(?P=ticks)(?!`)
    | \\(?P<escaped>[\\`*_{{}}\[\]()>\#+.!|<~-])
    | \[(?P<text>{_TEXT})\](?:\({_TARGET}\)|[ ]?\[[^\[\]\n]*\])(?:\{{:?[^{{}}\n]*\}})?
    | \[\^[^\[\]\s]+\](?!:)
    | <(?P<auto>(?:https?|ftp|mailto):[^\s<>]+|[^\s<>@/]+@[^\s<>@]+\.[^\s<>@]+)>
    | </?(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*|/)?>
    | <!--.{{0,20000}}?-->
    | \{{(?:%.{{0,2000}}?%|\{{.{{0,2000}}?\}}|\#.{{0,2000}}?\#)\}}""",
    re.DOTALL | re.VERBOSE,
)
_BLOCK_TAG_NAMES = "br p div td th tr li ul ol dl dt dd table section article details summary hr h1 h2 h3 h4 h5 h6"
_BLOCK_TAGS = frozenset(_BLOCK_TAG_NAMES.split())

# Emphasis never crosses a blank line and never begins or ends inside a number or (single marks) a word: 2*3*4, snake_case.
_RUN = r"(?:[^\n]|\n(?!\s*\n)){0,600}?"
_STRONG_EM = re.compile(rf"\*\*\*(?<![\d*]\*\*\*)(?=[^\s*])({_RUN}[^\s*])\*\*\*(?![\d*])")
_STRONG = re.compile(rf"\*\*(?<![\d*]\*\*)(?=[^\s*]|\*[^\s*])({_RUN}[^\s])\*\*(?![\d*])")
_EM = re.compile(rf"\*(?<![\w*]\*)(?=[^\s*])({_RUN}[^\s*])\*(?![\w*])")
_UNDERSCORES = tuple(
    re.compile(rf"{marks}(?<![\w]{marks})(?=[^\s_])({_RUN}[^\s_]){marks}(?!\w)") for marks in ("___", "__", "_")
)
_STRIKE = re.compile(rf"~~(?<!~~~)(?=[^\s~])({_RUN}[^\s~])~~(?!~)")


def plain_text(markdown: str) -> str:
    """Markdown without its marks, line for line: what a reader sees.

    Links become their text, images their alternative text; HTML tags, comments, Liquid tags, definitions of references and
    attribute lists are left out; cells of a table are joined by ` | `. Code keeps every character. Never raises.
    """
    if markdown.isalnum():
        return markdown
    text = _CONTROL.sub("", markdown)
    stash: list[str] = []
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(lambda m: "\n" + _keep(stash, m[2]), text)
    if "<" in text:
        text = _HIDDEN.sub(lambda m: "\n" * m[0].count("\n"), text)
    text = _tokens(text, stash)
    text = "\n".join([_line(line) for line in text.split("\n")])
    text = _without_emphasis(text)
    if "&" in text:
        text = html.unescape(text)
    while "\x02" in text:  # an escaped mark inside a link's text is kept twice
        text = _STASHED.sub(lambda m: stash[int(m[1])], text)
    return text


def _tokens(text: str, stash: list[str]) -> str:
    """`text` with its inline constructs replaced; what must stay as it is goes to `stash`."""
    done: list[str] = []
    end = 0
    for special in _SPECIAL.finditer(text):
        start = special.start()
        if start < end or (match := _TOKEN.match(text, start)) is None:
            continue
        image = match["text"] is not None and start > end and text[start - 1] == "!"
        done.append(text[end : start - image])
        done.append(_token(match, stash))
        end = match.end()
    done.append(text[end:])
    return "".join(done)


def _token(match: re.Match[str], stash: list[str]) -> str:
    if (code := match["code"]) is not None:
        return _keep(stash, code.strip())
    if (text := match["text"]) is not None:
        return _tokens(text, stash)
    if (escaped := match["escaped"]) is not None:
        return _keep(stash, escaped)
    if (auto := match["auto"]) is not None:
        return _keep(stash, auto.removeprefix("mailto:"))
    newlines = "\n" * match[0].count("\n")
    if (tag := match["tag"]) is not None and not newlines:
        return " " if tag.lower() in _BLOCK_TAGS else ""
    return newlines


def _line(line: str) -> str:
    """One line without what marks it as heading, list item, quote, table row or definition."""
    bare = line.strip()
    if not bare:
        return ""
    first = bare[0]
    if first in "-=*_|:>" and _RULE.match(line):
        return ""
    if first in "[*" and _DEFINITION.match(line):
        return ""
    if first == "|":
        bare = bare[1:]
        if bare.endswith("|") and not bare.endswith("\\|"):
            bare = bare[:-1]
        return _CELL_GAP.sub(" | ", bare.strip())
    if first in "#>-*+!?=:[" or first.isdigit():
        match = _LINE_START.match(line)
        if match:
            bare = line[match.end() :].strip()
            if match["heading"] or match["item"]:
                bare = _HEADING_END.sub("", _ATTRIBUTES.sub("", bare))
    return _ATTRIBUTES.sub("", bare) if bare.endswith("}") else bare


def _without_emphasis(text: str) -> str:
    if "*" in text:
        if "**" in text:
            text = _STRONG.sub(r"\1", _STRONG_EM.sub(r"\1", text))
        text = _EM.sub(r"\1", text)
    if "_" in text:
        for pattern in _UNDERSCORES:
            text = pattern.sub(r"\1", text)
    if "~~" in text:
        text = _STRIKE.sub(r"\1", text)
    return text


def _keep(stash: list[str], text: str) -> str:
    stash.append(text)
    return f"\x02{len(stash) - 1}\x03"
