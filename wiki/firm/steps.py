"""The steps of a process: the numbered lines of its page, and where each leads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiki.markup.plain import plain_text
from wiki.pages.link_targets import find_targets, parse_target
from wiki.pages.page import Page, split_lines

__all__ = ["Step", "named", "steps_of"]

_NUMBERED = re.compile(r"(\d{1,3})[.)][ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{2,6}[ \t]+")
_NUMBER = re.compile(r"(?:step[ \t]*)?(\d{1,3})[.)]?", re.IGNORECASE)
_LED_BY_NUMBER = re.compile(r"(?:step[ \t]+)?\d{1,3}[.):]?[ \t]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A numbered line at the left margin, with what is indented under it. `number` counts in its list, from 1.

    `text` is what a reader sees, `words` the same to be compared; `leads_to` are the pages that its links can mean. A heading is a step without a number: 0.
    """

    number: int
    line: int
    text: str
    words: str
    leads_to: tuple[str, ...] = ()


def steps_of(page: Page) -> tuple[Step, ...]:
    """The numbered lines of all lists and the headings, in order; `line` is 1-based in the page's text."""
    starts: list[tuple[int, int, list[str]]] = []
    fence, number, inside = "", 0, False
    for line_number, line in enumerate(split_lines(page.text)[page.body_line :], page.body_line + 1):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1][0]
            elif mark[1][0] == fence:
                fence = ""
            continue
        if fence:
            continue
        if _NUMBERED.match(line):
            number += 1
            starts.append((number, line_number, [line]))
            inside = True
        elif heading := _HEADING.match(line):
            starts.append((0, line_number, [line[heading.end() :]]))
            number, inside = 0, False
        elif line.strip() and inside:
            if line[0] in " \t" or starts[-1][2][-1].strip():
                starts[-1][2].append(line)
            else:
                number, inside = 0, False
        elif inside:
            starts[-1][2].append(line)
    if not starts:
        return ()
    leads = _leads_by_line(page)
    found: list[Step] = []
    for number, line_number, lines in starts:
        text = " ".join(plain_text("".join(lines)).split())
        leads_to = tuple(path for n in range(line_number, line_number + len(lines)) for path in leads.get(n, ()))
        found.append(Step(number=number, line=line_number, text=text, words=_folded(text), leads_to=leads_to))
    return tuple(found)


def named(steps: tuple[Step, ...], name: str) -> list[Step]:
    """The steps that `name` may mean: a number, or the words that a step begins with."""
    if number := _NUMBER.fullmatch(name.strip()):
        return [step for step in steps if step.number == int(number[1])]
    wanted = _folded(plain_text(name))
    found = [step for step in steps if step.words == wanted]
    return found or [step for step in steps if wanted and step.words.startswith(wanted)]


def _folded(text: str) -> str:
    words = "".join(char if char.isalnum() else " " for char in _LED_BY_NUMBER.sub("", text.strip(), count=1))
    return " ".join(words.casefold().split())


def _leads_by_line(page: Page) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for written in find_targets(page):
        target = parse_target(page.path, written)
        if target is not None and target.pages:
            found.setdefault(written.line + 1, []).extend(target.pages)
    return found
