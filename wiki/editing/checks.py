"""Checks of the pages: one small rule each, a function from what is known to findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wiki.editing.shared_links import link_graph
from wiki.errors import InvalidInput
from wiki.pages.files import check_page_path
from wiki.pages.links import Link
from wiki.pages.names import MOST_CHARACTERS, difference, folded, unportable
from wiki.pages.page import Page, split_lines
from wiki.pages.template_tags import template_tags
from wiki.workspace.loader import load_mkdocs_yml
from wiki.workspace.workspace import Workspace

__all__ = ["Cause", "Finding", "by_cause", "check_workspace"]

_DETAIL = re.compile(r"(?<=not valid YAML): .*(?=\. Until)|(?<=number) \d+| \(line \d+\)", re.DOTALL)
_FILLS_IN = re.compile(r"macros|jinja|liquid", re.IGNORECASE)  # plugins
_HIDES = "counts as restricted."  # how a problem ends that keeps the page from its readers

_LINE_NAMED = re.compile(r"value in line (\d+)"), re.compile(r"\(line (\d+)\)")
_KEY_NAMED = re.compile(r"Front matter, ([^:]+):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found. `line` is 1-based, 0 where it is about the whole page; `rule` is stable.

    `cause` says what is wrong in the same words for all findings that are mended in the same way. `advice` is good
    to know, and no mistake in the page.
    """

    page_path: str
    line: int
    rule: str
    message: str
    cause: str
    advice: bool = False


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
    lead nowhere, tags that nothing fills in, gaps in handoffs; then what is found most often.
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
        for problem in page.problems if workspace.alias_of(page.path) is None else ():
            message = " ".join(problem.split())
            line = _line_of(page, problem)
            yield Finding(page_path=page.path, line=line, rule="front-matter", message=message, cause=_DETAIL.sub("", message))


def _links(workspace: Workspace) -> Iterator[Finding]:
    for link in link_graph(workspace).broken():
        hint = f" Did you mean {link.suggestion}?" if link.suggestion else ""
        yield Finding(
            page_path=link.page_path,
            line=link.line + 1,
            rule="broken-link",
            message=f"{link.reason}{hint}",
            cause=_why_broken(link),
        )


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
            yield Finding(
                page_path=page_path,
                line=0,
                rule="name",
                message=f"{error.message} {error.hint}",
                cause="Names that are no page's.",
            )
            continue
        if problem := unportable(page_path):
            yield Finding(
                page_path=page_path,
                line=0,
                rule="name",
                message=f"The name {problem}.",
                cause=f"Names that Windows or macOS cannot hold: the name {problem}.",
            )
        if len(page_path) > MOST_CHARACTERS:
            too_long = f"The path is longer than {MOST_CHARACTERS} characters, which Windows may not take."
            yield Finding(page_path=page_path, line=0, rule="name", message=too_long, cause=too_long)
        folder = ""
        for part in page_path.split("/"):
            alike = seen.setdefault((folder, folded(part)), [])
            if part not in alike:
                if alike:
                    twins = f"{folder}{part} and {folder}{alike[0]} are one on Windows and macOS"
                    message = f"{twins}: they differ only in {difference(part, alike[0])}."
                    yield Finding(
                        page_path=page_path,
                        line=0,
                        rule="name",
                        message=message,
                        cause="Names that are one on Windows and macOS.",
                    )
                alike.append(part)
            folder += f"{part}/"


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


RULES: tuple[Callable[[Workspace], Iterator[Finding]], ...] = (_unreadable, _names, _front_matter, _links, _template_tags)
_WORST_FIRST = ("unreadable-page", "name", "front-matter", "broken-link", "template-tag", "gap")
