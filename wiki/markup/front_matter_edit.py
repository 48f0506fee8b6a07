"""Changing one key of a page's front matter, with every other byte of the page as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from wiki.errors import InvalidInput
from wiki.markup.front_matter import Block, YamlLoader, find_front_matter, header_values, load_yaml
from wiki.markup.front_matter_values import duration_text

__all__ = ["remove_front_matter", "set_front_matter"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_LINE_END = re.compile(r"\r\n|\n|\r")
_MEND_HINT = "Open the page's text and mend the lines between the two --- first."


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: lists indented under their key, text of several lines as a block, no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text.strip("\n") else None)


_Dumper.add_representer(str, _text_node)


def set_front_matter(text: str, key: str, value: object) -> str:
    """`text` with `key` of its front matter set to `value`: added at the end, or changed where it stands.

    Comments, the order and quoting of the other keys, line ends and the body stay byte for byte. A page without front
    matter gets one. `value` is text, a number, a truth value, a date, a duration (written as days: `90d`), None, or a
    list or mapping of them. Raises InvalidInput where the front matter there is cannot be read, or the value not be written.
    """
    value = _plain(value)
    block = find_front_matter(text)
    if block is None:
        return _added(text, {key: value})
    if block.header:
        return _added(text[block.end :], {**header_values(text[: block.end]), key.lower(): value}, like=text)
    before = _mapping(text, block)
    if before is None:
        return _added(text, {key: value})
    after = _replaced(text, block, key, value) if key in before else _appended(text, block, key, value)
    _check(after, {**before, key: value})
    return after


def remove_front_matter(text: str, key: str) -> str:
    """`text` without `key` in its front matter; with its last key the front matter and its comments go. InvalidInput as above."""
    block = find_front_matter(text)
    if block is None:
        return text
    if block.header:
        values = header_values(text[: block.end])
        if values.pop(key.lower(), None) is None:
            return text
        return _added(text[block.end :], values, like=text) if values else text[block.end :]
    before = _mapping(text, block)
    if not before or key not in before:
        return text
    source = text[block.start : block.end]
    lines: list[str] = _LINE.findall(source)
    start, _, end = _key_lines(lines, key)
    if len(before) == 1:
        body = text[block.body_start :]
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return mark + _LINE_END.sub("", body, count=1) if _LINE_END.match(body) else mark + body
    after = text[: block.start] + "".join(lines[:start] + lines[end:]) + text[block.end :]
    _check(after, {k: v for k, v in before.items() if k != key})
    return after


def _added(body: str, values: Mapping[str, Any], *, like: str | None = None) -> str:
    """`body` with new front matter before it, in the line ends of `like`."""
    mark = "\ufeff" if body.startswith("\ufeff") else ""
    source = body if like is None else like
    ending = match[0] if (match := _LINE_END.search(source)) else "\n"
    block = f"---\n{''.join(_dumped(k, v) for k, v in values.items())}---\n"
    gap = "\n" if body.removeprefix(mark) else ""
    return mark + (block + gap).replace("\n", ending) + body.removeprefix(mark)


def _mapping(text: str, block: Block) -> dict[Any, Any] | None:
    """What the front matter says; None where what stands between the rules is no front matter but text."""
    source = text[block.start : block.end]
    try:
        raw = load_yaml(source)
    except ValueError as error:
        raise InvalidInput(str(error), hint=_MEND_HINT) from error
    if isinstance(raw, dict):
        return raw
    return {} if raw is None and not source.strip() else None


def _appended(text: str, block: Block, key: str, value: object) -> str:
    source = text[block.start : block.end]
    if source.lstrip().startswith("{"):
        raise InvalidInput("The front matter is written in braces; a key cannot be added to it.", hint=_MEND_HINT)
    ending = _ending(text)
    return text[: block.end] + _dumped(key, value).replace("\n", ending) + text[block.end :]


def _replaced(text: str, block: Block, key: str, value: object) -> str:
    source = text[block.start : block.end]
    lines: list[str] = _LINE.findall(source)
    start, (name, node), end = _key_lines(lines, key)
    ending = _ending(text)
    as_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    written = _dumped("k", value, as_block=as_block)[2:]  # " value\n", or "\n  - a\n"
    first = lines[start]
    colon = first.index(":", name.end_mark.column)
    head, comment = first[: colon + 1], ""
    if node.start_mark.line == node.end_mark.line == start or _is_empty(node):
        rest = first[node.end_mark.column :] if node.start_mark.line == start and not _is_empty(node) else first[colon + 1 :]
        if match := re.match(r"[ \t]+#[^\r\n]*", rest):
            comment = match[0]
    elif match := re.match(r"[ \t]+#[^\r\n]*", first[colon + 1 :]):
        comment = match[0]
    opening, newline, more = written.partition("\n")
    new = head + opening + comment + newline + more
    return text[: block.start] + "".join(lines[:start]) + new.replace("\n", ending) + "".join(lines[end:]) + text[block.end :]


def _key_lines(lines: list[str], key: str) -> tuple[int, tuple[yaml.Node, yaml.Node], int]:
    """The first line of `key`, its nodes, and the line after its value; comments at the margin belong to what follows."""
    # Marks count characters and lines of what the loader was given, so line ends and surrogates must not shift them.
    normal = "".join(_LINE_END.sub("\n", line) for line in lines)
    normal = re.sub("[\ud800-\udfff]", "\ufffd", normal)
    root = yaml.compose(normal, YamlLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise InvalidInput("The front matter is written in braces; one key of it cannot be changed.", hint=_MEND_HINT)
    keys = [pair[0] for pair in root.value]
    found = [number for number, pair in enumerate(root.value) if pair[0].value == key]
    if len(found) != 1:
        raise InvalidInput(f"The front matter does not have {key} exactly once.", hint=_MEND_HINT)
    start = keys[found[0]].start_mark.line
    end = keys[found[0] + 1].start_mark.line if found[0] + 1 < len(keys) else len(lines)
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith(("#", "---", "...", "%"))):
        end -= 1
    return start, root.value[found[0]], end


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index


def _check(text: str, expected: Mapping[Any, Any]) -> None:
    """Raise InvalidInput unless the front matter of `text` now says `expected`: no edit may change another key."""
    block = find_front_matter(text)
    found = _mapping(text, block) if block and not block.header else None
    if found != expected and repr(found) != repr(dict(expected)):
        raise InvalidInput("This key is tied to others in the front matter and cannot be changed alone.", hint=_MEND_HINT)


def _dumped(key: str, value: object, *, as_block: bool = False) -> str:
    try:
        dumped: str = yaml.dump(
            {key: value},
            Dumper=_Dumper,
            default_flow_style=False if as_block else None,
            allow_unicode=True,
            sort_keys=False,
            width=1_000_000,
        )
    except yaml.YAMLError as error:
        raise InvalidInput(
            f"The value of {key} cannot be written as YAML.", hint="Use text, numbers, dates and lists."
        ) from error
    if dumped.startswith("{"):  # default_flow_style None puts a mapping of scalars on one line in braces
        return _dumped(key, value, as_block=True)
    return dumped


def _ending(text: str) -> str:
    match = _LINE_END.search(text)
    return match[0] if match else "\n"


def _plain(value: object) -> object:
    """`value` in the types that YAML has."""
    if isinstance(value, timedelta):
        return duration_text(value)
    if value is None or isinstance(value, (str, bool, int, float, date)):
        return value
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    raise InvalidInput(f"Front matter cannot hold a {type(value).__name__}.", hint="Use text, numbers, dates and lists.")
