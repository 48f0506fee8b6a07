"""Checks of the pages: one small rule each, a function from what is known to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wiki.pages.links import LinkGraph
from wiki.workspace.workspace import Workspace

__all__ = ["Finding", "check_workspace"]


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
        for problem in page.problems:
            yield Finding(page_path=page.path, line=1, rule="front-matter", message=" ".join(problem.split()))


def _links(workspace: Workspace) -> Iterator[Finding]:
    for link in LinkGraph.build(workspace.pages(), rules=workspace.section_rules, docs_folder=workspace.docs_folder).broken():
        hint = f" Did you mean {link.suggestion}?" if link.suggestion else ""
        yield Finding(page_path=link.page_path, line=link.line + 1, rule="broken-link", message=f"{link.reason}{hint}")


RULES: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_unreadable, _front_matter, _links)
