"""The front matter of a page: YAML, as typed data, whatever a person or another tool has written into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import yaml

from wiki.markup.front_matter_values import Values

__all__ = [
    "KINDS",
    "VISIBILITIES",
    "Evidence",
    "FrontMatter",
    "Handoff",
    "YamlLoader",
    "find_front_matter",
    "load_yaml",
    "read_front_matter",
]

KINDS = ("process", "procedure", "decision", "blocker", "policy", "reference")
VISIBILITIES = ("public", "team", "restricted")
MAX_FRONT_MATTER_CHARS = 64 * 1024
MAX_BRACKETS = 2_000  # libyaml takes time with the square of how deep they are
MAX_ALIASES_WITH_MERGE = 12  # merged aliases multiply: twelve of them can at most make a few thousand keys

_BLOCK = re.compile(
    r"\A\ufeff?---[ \t]*(?:\r\n|\n|\r)(?P<yaml>(?:[^\r\n]*(?:\r\n|\n|\r))*?)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)",
)
_OPENED = re.compile(r"\A\ufeff?---[ \t]*(?:\r\n|\n|\r)[A-Za-z_][\w-]*[ \t]*:(?:\s|\Z)")
_HEADER_LINE = re.compile(r"[ ]{0,3}(?P<key>[A-Za-z0-9_-]+):[^\S\r\n]*(?P<value>[^\r\n]*)(?:\r\n|\n|\r|\Z)")
_HEADER_MORE = re.compile(r"(?:[ ]{4}|\t)[^\S\r\n]*(?P<value>[^\r\n]*)(?:\r\n|\n|\r|\Z)")
_BLANK_LINE = re.compile(r"[^\S\r\n]*(?:\r\n|\n|\r)")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A point in a process where work passes from one role to another. Empty strings where the page does not say."""

    from_role: str = ""
    to_role: str = ""
    moves: str = ""
    owner: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a decision rests on: words somebody said and the update they came in with."""

    quote: str
    update: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The front matter's known keys, each with a default; `extra` keeps the others as YAML gave them."""

    title: str = ""
    kind: str = "reference"
    owner: str = ""
    reviewed: date | None = None
    review_every: timedelta | None = None
    visibility: str = "team"
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    # process
    trigger: str = ""
    outcome: str = ""
    handoffs: tuple[Handoff, ...] = ()
    # procedure
    part_of: str = ""
    step: str = ""
    # decision and blocker
    status: str = ""
    decided: date | None = None
    deciders: tuple[str, ...] = ()
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    supersedes: tuple[str, ...] = ()
    raised: date | None = None
    escalate_after: timedelta | None = None
    escalated_to: str = ""
    resolved: date | None = None
    lesson: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Where a text's front matter stands: `yaml` is text[start:end], the body begins at `body_start`.

    `header` is True for `Key: value` lines at the very top without `---` (MultiMarkdown's way, which MkDocs reads too).
    """

    start: int
    end: int
    body_start: int
    header: bool = False


class YamlLoader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML in which a scalar that looks like a date or number but is none (2026-13-45) stays the text it is."""


def _lenient(tag: str) -> None:
    strict = YamlLoader.yaml_constructors[tag]

    def construct(loader: YamlLoader, node: yaml.Node) -> object:
        try:
            return strict(loader, node)
        except (ValueError, OverflowError, IndexError):
            return node.value

    YamlLoader.add_constructor(tag, construct)


for _tag in ("timestamp", "int", "float"):
    _lenient(f"tag:yaml.org,2002:{_tag}")


def find_front_matter(text: str) -> Block | None:
    """Where the front matter of `text` stands; None where it has none, or where it is opened and never closed."""
    if match := _BLOCK.match(text):
        return Block(start=match.start("yaml"), end=match.end("yaml"), body_start=match.end())
    end = _header_end(text)
    return Block(start=0, end=end, body_start=end, header=True) if end else None


def load_yaml(source: str) -> Any:
    """What `source` says, with undecodable bytes as U+FFFD. Raises ValueError with a sentence where it cannot be read."""
    if len(source) > MAX_FRONT_MATTER_CHARS:
        raise ValueError(f"The front matter is longer than {MAX_FRONT_MATTER_CHARS // 1024} KiB and was not read.")
    if source.count("[") + source.count("{") > MAX_BRACKETS:
        raise ValueError(f"The front matter has more than {MAX_BRACKETS} brackets and was not read.")
    if "<<" in source and source.count("*") > MAX_ALIASES_WITH_MERGE:
        raise ValueError(f"The front matter merges more than {MAX_ALIASES_WITH_MERGE} aliases and was not read.")
    if not source.isascii():
        source = _SURROGATE.sub("\ufffd", source)
    try:
        return yaml.load(source, YamlLoader)
    except yaml.MarkedYAMLError as error:
        where = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        raise ValueError(f"The front matter is not valid YAML: {error.problem or error.context}{where}.") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"The front matter is not valid YAML: {reason}.") from error


def read_front_matter(text: str) -> tuple[FrontMatter, int, tuple[str, ...]]:
    """The front matter of `text`, the offset at which the body starts, and sentences about what could not be used.

    Never raises. A page whose front matter cannot be read could have been meant as restricted, so it counts as that.
    """
    block = find_front_matter(text) if text else None
    if block is None:
        if _OPENED.match(text):
            return _restricted(0, 'The front matter is opened with "---" and never closed.')
        return FrontMatter(), 0, ()
    if block.header:
        raw: Any = header_values(text[: block.end])
    else:
        source = text[block.start : block.end]
        try:
            raw = load_yaml(source)
        except ValueError as error:
            return _restricted(block.body_start, str(error))
        if not isinstance(raw, dict):
            if raw is None and not source.strip():
                return FrontMatter(), block.body_start, ()
            if "visibility" in source.lower() or "restricted" in source.lower():
                return _restricted(block.body_start, "The front matter is not a list of keys with values.")
            return FrontMatter(), 0, ()  # text between two rules, as MkDocs has it
    problems: list[str] = []
    return _typed(Values(raw, problems)), block.body_start, tuple(problems)


def header_values(header: str) -> dict[str, str]:
    """The values of `Key: value` lines, keys in lower case, repeated keys and continued lines joined by a space."""
    values: dict[str, str] = {}
    key, position = "", 0
    while position < len(header):
        if match := _HEADER_LINE.match(header, position):
            key, value = match["key"].lower(), match["value"].strip()
            values[key] = f"{values[key]} {value}" if key in values else value
        elif match := _HEADER_MORE.match(header, position):
            values[key] = f"{values[key]} {match['value'].strip()}"
        else:
            break
        position = match.end()
    return values


def _header_end(text: str) -> int:
    """The offset at which `Key: value` lines at the top of `text` end, the blank line after them included; 0 for none."""
    match = _HEADER_LINE.match(text)
    position = 0
    while match and match.end() > position:
        position = match.end()
        match = _HEADER_LINE.match(text, position) or _HEADER_MORE.match(text, position)
    if position and (blank := _BLANK_LINE.match(text, position)):
        position = blank.end()
    return position


def _restricted(body_start: int, problem: str) -> tuple[FrontMatter, int, tuple[str, ...]]:
    return (
        FrontMatter(visibility="restricted"),
        body_start,
        (f"{problem} Until this is mended, the page counts as restricted.",),
    )


def _typed(values: Values) -> FrontMatter:
    return FrontMatter(
        title=values.text("title"),
        kind=values.choice("kind", KINDS, default="reference"),
        owner=values.text("owner"),
        reviewed=values.date("reviewed"),
        review_every=values.duration("review_every"),
        visibility=values.choice("visibility", VISIBILITIES, default="team", otherwise="restricted"),
        groups=values.words("groups"),
        tags=values.words("tags"),
        clients=values.words("clients"),
        trigger=values.text("trigger"),
        outcome=values.text("outcome"),
        handoffs=tuple(
            Handoff(from_role=h["from"], to_role=h["to"], moves=h["moves"], owner=h["owner"], done=h["done"])
            for h in values.records("handoffs", ("from", "to", "moves", "owner", "done"))
        ),
        part_of=values.text("part_of"),
        step=values.text("step"),
        status=values.text("status"),
        decided=values.date("decided"),
        deciders=values.words("deciders"),
        reason=values.text("reason"),
        evidence=tuple(
            Evidence(quote=e["quote"], update=e["update"])
            for e in values.records("evidence", ("quote", "update"), bare="quote")
        ),
        supersedes=values.words("supersedes"),
        raised=values.date("raised"),
        escalate_after=values.duration("escalate_after"),
        escalated_to=values.text("escalated_to"),
        resolved=values.date("resolved"),
        lesson=values.text("lesson"),
        extra=values.rest(),
    )
