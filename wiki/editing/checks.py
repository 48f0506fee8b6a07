"""Checks of the pages: one small rule each, a function from what is known to findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wiki.editing.shared_links import link_graph
from wiki.errors import InvalidInput
from wiki.pages.files import check_page_path
from wiki.pages.names import MOST_CHARACTERS, difference, folded, unportable
from wiki.pages.page import Page, split_lines
from wiki.workspace.workspace import Workspace

__all__ = ["Finding", "check_workspace"]

_LINE_NAMED = re.compile(r"value in line (\d+)"), re.compile(r"\(line (\d+)\)")
_KEY_NAMED = re.compile(r"Front matter, ([^:]+):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found. `line` is 1-based, 0 where it is about the whole page; `rule` is stable."""

    page_path: str
    line: int
    rule: str
    message: str


def check_workspace(workspace: Workspace) -> list[Finding]:
    """All findings of all rules, by page and line."""
    found = [finding for rule in RULES for finding in rule(workspace)]
    return sorted(found, key=lambda f: (f.page_path, f.line, f.rule, f.message))


def _unreadable(workspace: Workspace) -> Iterator[Finding]:
    for page_path, reason in workspace.unreadable():
        yield Finding(page_path=page_path, line=0, rule="unreadable-page", message=reason)


def _front_matter(workspace: Workspace) -> Iterator[Finding]:
    for page in workspace.pages():
        for problem in page.problems if workspace.alias_of(page.path) is None else ():
            line = _line_of(page, problem)
            yield Finding(page_path=page.path, line=line, rule="front-matter", message=" ".join(problem.split()))


def _links(workspace: Workspace) -> Iterator[Finding]:
    for link in link_graph(workspace).broken():
        hint = f" Did you mean {link.suggestion}?" if link.suggestion else ""
        yield Finding(page_path=link.page_path, line=link.line + 1, rule="broken-link", message=f"{link.reason}{hint}")


def _line_of(page: Page, problem: str) -> int:
    """The line that a sentence about front matter names, or that of the key it names; else the first."""
    for pattern in _LINE_NAMED:
        if named := pattern.search(problem):
            return int(named[1])
    if key := _KEY_NAMED.match(problem):
        top = "".join(split_lines(page.text)[: page.body_line])
        if found := re.search(rf"^[ \t]*{re.escape(key[1])}[ \t]*[:=]", top, re.MULTILINE | re.IGNORECASE):
            return top.count("\n", 0, found.start()) + 1
    return 1


def _names(workspace: Workspace) -> Iterator[Finding]:
    seen: dict[tuple[str, str], list[str]] = {}  # by folder and folded name: the names as they are written
    for page_path in workspace.page_paths():
        try:
            check_page_path(page_path)
        except InvalidInput as error:  # it is no page for anybody
            yield Finding(page_path=page_path, line=0, rule="name", message=f"{error.message} {error.hint}")
            continue
        if problem := unportable(page_path):
            yield Finding(page_path=page_path, line=0, rule="name", message=f"The name {problem}.")
        if len(page_path) > MOST_CHARACTERS:
            too_long = f"The path is longer than {MOST_CHARACTERS} characters, which Windows may not take."
            yield Finding(page_path=page_path, line=0, rule="name", message=too_long)
        folder = ""
        for part in page_path.split("/"):
            alike = seen.setdefault((folder, folded(part)), [])
            if part not in alike:
                if alike:
                    twins = f"{folder}{part} and {folder}{alike[0]} are one on Windows and macOS"
                    message = f"{twins}: they differ only in {difference(part, alike[0])}."
                    yield Finding(page_path=page_path, line=0, rule="name", message=message)
                alike.append(part)
            folder += f"{part}/"


RULES: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_unreadable, _names, _front_matter, _links)
