"""Filling a gap: one line written into a page's front matter, every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from wiki.errors import InvalidInput
from wiki.firm.known import handoff_lines
from wiki.markup.front_matter_block import find_front_matter
from wiki.pages.page import FrontMatter, Page, line_end, parse_text, split_lines

__all__ = ["KEY_OF_GAP", "filled"]

KEY_OF_GAP: Mapping[str, str] = {
    "no-sender": "from",
    "nobody-receives": "to",
    "nothing-moves": "moves",
    "no-owner": "owner",
    "no-done": "done",
    "no-receipt": "receipt",
    "no-plan-change": "if_plan_changes",
    "no-trigger": "trigger",
    "no-outcome": "outcome",
    "process-without-owner": "owner",
    "procedure-without-process": "part_of",
}
"""The gaps that one line fills, and the key that it sets."""

_FIELD = {"from": "from_role", "to": "to_role"}
_FIRST_KEY = re.compile(r"([ \t]*-[ \t]+)[^\s\[{#'\"&*!|>-]")
_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def filled(page: Page, key: str, value: str, *, number: int = 0) -> str:
    """The page's text with `key` set to `value`, in its handoff `number` (from 1) or, for 0, in the front matter itself.

    Raises InvalidInput for a value of nothing, a handoff that is not there, and front matter that is written in a way in which one line
    cannot be added.
    """
    value = " ".join(value.split())
    if not value:
        raise InvalidInput("There is nothing to write.", hint="Say what is missing.")
    if not 0 <= number <= len(page.front_matter.handoffs):
        raise InvalidInput(f"{page.path} has no handoff {number}.", hint="Reload the page with the gaps.")
    text = _in_handoff(page, key, value, number) if number else _in_front_matter(page, key, value)
    if parse_text(page.path, text).front_matter != _wanted(page.front_matter, key, value, number):
        raise InvalidInput(
            f"The front matter of {page.path} is not written one key a line there.", hint="Edit the page and add it yourself."
        )
    return text


def _wanted(front: FrontMatter, key: str, value: str, number: int) -> FrontMatter | None:
    """What the front matter must say afterwards; None for a key that is none, or that says something already."""
    whole: Any = front.handoffs[number - 1] if number else front
    field = _FIELD.get(key, key) if number else key
    if getattr(whole, field, None) != "":
        return None
    after = replace(whole, **{field: value})
    if not number:
        return cast(FrontMatter, after)
    return replace(front, handoffs=(*front.handoffs[: number - 1], after, *front.handoffs[number:]))


def _in_handoff(page: Page, key: str, value: str, number: int) -> str:
    lines = split_lines(page.text)
    at = handoff_lines(page)[number - 1] - 1
    first = _FIRST_KEY.match(lines[at])
    indent = " " * len(first[1]) if first else ""
    lines.insert(at + 1, f"{indent}{key}: {_yaml(value)}{line_end(page.text)}")
    return "".join(lines)


def _in_front_matter(page: Page, key: str, value: str) -> str:
    block = find_front_matter(page.text)
    if block is None or block.form != "yaml":
        return page.text
    return f"{page.text[: block.end]}{key}: {_yaml(value)}{line_end(page.text)}{page.text[block.end :]}"


def _yaml(value: str) -> str:
    """A value as YAML: as it is where that is a name, else in quotation marks as JSON has them, which YAML reads."""
    plain = _PLAIN.fullmatch(value) and value not in _WORDS_OF_YAML
    return value if plain else json.dumps(value, ensure_ascii=False)
