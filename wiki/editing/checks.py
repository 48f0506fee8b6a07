"""Checks of the pages: one small rule each, a function from what is known to findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wiki.pages.links import Link, LinkGraph
from wiki.pages.template_tags import template_tags
from wiki.workspace.loader import load_mkdocs_yml
from wiki.workspace.workspace import Workspace

__all__ = ["Cause", "Finding", "by_cause", "check_workspace"]

_DETAIL = re.compile(r"(?<=not valid YAML): .*(?=\. Until)|(?<=number) \d+| \(line \d+\)", re.DOTALL)
_FILLS_IN = re.compile(r"macros|jinja|liquid", re.IGNORECASE)  # plugins
_HIDES = "counts as restricted."  # how a problem ends that keeps the page from its readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found. `line` is 1-based, 0 where it is about the whole page; `rule` is stable.

    `cause` says what is wrong in the same words for all findings that are mended in the same way.
    """

    page_path: str
    line: int
    rule: str
    message: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The findings of one rule with one cause, by page and line."""

    rule: str
    cause: str
    findings: tuple[Finding, ...]

    def examples(self, most: int) -> list[tuple[Finding, int]]:
        """The first findings of the messages that come most often, at most `most`, and how often each message comes.

        Where all say the same, the first findings, each standing for itself.
        """
        times = Counter(finding.message for finding in self.findings)
        if len(times) == 1:
            return [(finding, 1) for finding in self.findings[:most]]
        first = {finding.message: finding for finding in reversed(self.findings)}
        return [(first[message], count) for message, count in sorted(times.items(), key=lambda item: -item[1])[:most]]


def check_workspace(workspace: Workspace) -> list[Finding]:
    """All findings of all rules, by page and line."""
    found = [finding for rule in RULES for finding in rule(workspace)]
    return sorted(found, key=lambda f: (f.page_path, f.line, f.rule, f.message))


def by_cause(findings: Iterable[Finding]) -> list[Cause]:
    """The findings by what is wrong, the worst first: what keeps a page from its readers, front matter that cannot be used, links that
    lead nowhere, tags that nothing fills in; then what is found most often.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.cause), []).append(finding)
    causes = [Cause(rule=rule, cause=cause, findings=tuple(found)) for (rule, cause), found in groups.items()]
    return sorted(causes, key=lambda cause: (_severity(cause), -len(cause.findings), cause.cause))


def _severity(cause: Cause) -> tuple[int, bool]:
    return _WORST_FIRST.index(cause.rule), not cause.cause.endswith(_HIDES)


def _unreadable(workspace: Workspace) -> Iterator[Finding]:
    for page_path, reason in workspace.unreadable():
        yield Finding(page_path=page_path, line=0, rule="unreadable-page", message=reason, cause=reason)


def _front_matter(workspace: Workspace) -> Iterator[Finding]:
    for page in workspace.pages():
        for problem in page.problems:
            message = " ".join(problem.split())
            cause = _DETAIL.sub("", message)
            yield Finding(page_path=page.path, line=1, rule="front-matter", message=message, cause=cause)


def _links(workspace: Workspace) -> Iterator[Finding]:
    graph = LinkGraph.build(workspace.pages(), rules=workspace.section_rules, docs_folder=workspace.docs_folder)
    for link in graph.broken():
        hint = f" Did you mean {link.suggestion}?" if link.suggestion else ""
        yield Finding(
            page_path=link.page_path,
            line=link.line + 1,
            rule="broken-link",
            message=f"{link.reason}{hint}",
            cause=_why_broken(link),
        )


def _why_broken(link: Link) -> str:
    if link.target_page is not None:
        return "Links to headings that are not there."
    if link.suggestion:
        return "Links to pages that are somewhere else, it seems."
    if link.target_text.startswith("/"):
        return "Links from the root (/…) to pages that are not there."
    return "Links to pages that are not there."


def _template_tags(workspace: Workspace) -> Iterator[Finding]:
    """Once a page; none where a plugin fills them in."""
    plugins = load_mkdocs_yml(workspace.mkdocs_yml, None, []).get("plugins")
    if _FILLS_IN.search(" ".join(map(str, plugins or ()))):
        return
    for page in workspace.pages():
        if tags := template_tags(page):
            names = list(dict.fromkeys(tag.name for tag in tags))
            named = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
            yield Finding(
                page_path=page.path,
                line=tags[0].line + 1,
                rule="template-tag",
                message=f"Shown as they are: {named}.",
                cause="Tags of Liquid or Jinja, which nothing fills in here: they are shown as they are.",
            )


RULES: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_unreadable, _front_matter, _links, _template_tags)
_WORST_FIRST = ("unreadable-page", "front-matter", "broken-link", "template-tag")
