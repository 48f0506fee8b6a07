"""What is kept of every page to answer for the firm as a whole: its front matter, and the steps of a process."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wiki.access import Audience, may_read
from wiki.errors import WikiError
from wiki.firm.steps import Step, steps_of
from wiki.firm.substance import decided_and_beside
from wiki.pages.page import FrontMatter, Page, split_lines
from wiki.workspace.roles import Roles
from wiki.workspace.workspace import Workspace

__all__ = ["Firm", "FirmPage", "handoff_lines"]

_HANDOFFS = re.compile(r"\s*handoffs\s*:", re.IGNORECASE)
_ITEM = re.compile(r"(\s*)-(?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPage:
    """One page. `steps` are there for a process, `handoff_lines` are the 1-based lines at which its handoffs are written; `text` and
    `beside` are there for a decision, without marks: what was decided, and why and what else its page says.
    """

    path: str
    title: str
    front_matter: FrontMatter
    steps: tuple[Step, ...] = ()
    handoff_lines: tuple[int, ...] = ()
    text: str = ""
    beside: str = ""

    @property
    def visibility(self) -> str:
        return self.front_matter.visibility

    @property
    def groups(self) -> tuple[str, ...]:
        return self.front_matter.groups


class Firm:
    """All pages of a workspace by path, as far as they say how the firm works. Thread-safe.

    Every page is read at the first question, and what changed since at the next one: no save waits for that. A page that is a symlink to
    another is left out: it says nothing of its own.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._asking = threading.Lock()  # held while pages are read
        self._pages: Mapping[str, FirmPage] = {}
        self._guard = threading.Lock()  # held for what is below, for no time to speak of
        self._changed: set[str] | None = None  # since the pages were up to date; None: any page

    @property
    def roles(self) -> Roles:
        return self._workspace.roles

    @property
    def pages(self) -> Mapping[str, FirmPage]:
        """Every page, by path; not to be changed. Only for work that no viewer asked for."""
        with self._asking:
            with self._guard:
                changed, self._changed = self._changed, set()
            if changed is None or changed:
                self._take(self._workspace.page_paths() if changed is None else changed, {} if changed is None else self._pages)
            return self._pages

    def readable(self, audience: Audience) -> dict[str, FirmPage]:
        """The pages that this audience may read, by path."""
        return {path: page for path, page in self.pages.items() if may_read(audience, page)}

    def refresh(self, page_paths: Iterable[str] | None = None) -> None:
        """Take over changes of these pages; None: of all. Waits for nothing."""
        with self._guard:
            if page_paths is None:
                self._changed = None
            elif self._changed is not None:
                self._changed |= set(page_paths)

    def _take(self, page_paths: Iterable[str], before: Mapping[str, FirmPage]) -> None:
        pages = dict(before)
        for path in page_paths:
            known = self._read(path)
            if known is not None:
                pages[path] = known
            else:
                pages.pop(path, None)
        # replaced as one: whoever reads the old ones goes on with them
        self._pages = pages if pages.keys() == before.keys() else dict(sorted(pages.items()))

    def _read(self, path: str) -> FirmPage | None:
        try:
            if self._workspace.alias_of(path) is not None:
                return None
            page = self._workspace.read_page(path)
        except WikiError:  # gone, or not to be read
            return None
        kind = page.front_matter.kind
        text, beside = decided_and_beside(page) if kind == "decision" else ("", "")
        return FirmPage(
            path=path,
            title=page.title,
            front_matter=page.front_matter,
            steps=steps_of(page) if kind == "process" else (),
            handoff_lines=handoff_lines(page) if page.front_matter.handoffs else (),
            text=text,
            beside=beside,
        )


def handoff_lines(page: Page) -> tuple[int, ...]:
    """The line of each handoff where they are written as a list, one under the other; else that of the key, for all of them."""
    lines = split_lines(page.text)[: page.body_line]
    key = next((number for number, line in enumerate(lines) if _HANDOFFS.match(line)), 0)
    indent: str | None = None
    found: list[int] = []
    for number, line in enumerate(lines[key + 1 :], key + 2):
        item = _ITEM.match(line)
        if item and (indent is None or item[1] == indent):
            indent = item[1]
            found.append(number)
        elif not item and line.strip() and not line[0].isspace() and not line.startswith("#"):
            break
    count = len(page.front_matter.handoffs)
    return tuple(found) if len(found) == count else (key + 1,) * count
