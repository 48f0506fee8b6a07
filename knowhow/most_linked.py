"""Which pages most others link to: those are opened first. Counting reads every page, so the last count is kept for the next start."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Sequence

from wiki.errors import WikiError
from wiki.files import write_atomically
from wiki.pages import pages_meant
from wiki.workspace import Workspace

__all__ = ["MostLinked"]

log = logging.getLogger(__name__)

_KEPT = 2000


class MostLinked:
    """The order of a workspace's pages by how many others link to them. Not thread-safe."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.state_dir / "cache" / "most-linked.json"
        self._counts: Counter[str] = self._recall()
        self.counted = False
        """Whether `count` went through all pages; before, the order is that of the last run."""

    @property
    def known(self) -> bool:
        """Whether there is any order yet."""
        return self.counted or bool(self._counts)

    def first(self, page_paths: Sequence[str]) -> list[str]:
        """These pages, those that most others link to first; the others stay in their order."""
        return sorted(page_paths, key=lambda path: -self._counts[path])

    def count(self, page_paths: Sequence[str], go_on: Callable[[], bool]) -> bool:
        """Count the links of these pages and keep that. `go_on` is asked before each page is read; False where it said no."""
        counts: Counter[str] = Counter()
        for path in page_paths:
            if not go_on():
                return False
            try:
                counts.update(pages_meant(self._workspace.read_page(path), self._workspace.docs_folder))
            except WikiError:
                continue  # gone meanwhile, or not to be read: it links to nothing
        known = set(page_paths)
        self._counts = Counter({path: number for path, number in counts.items() if path in known})
        self.counted = True
        self._remember()
        return True

    def _recall(self) -> Counter[str]:
        try:
            rows = json.loads(self._store.read_bytes())
            return Counter({str(path): int(number) for path, number in rows})
        except (OSError, ValueError, TypeError):
            return Counter()  # missing or damaged: it is counted again

    def _remember(self) -> None:
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._store, json.dumps(self._counts.most_common(_KEPT)).encode(), durable=False)
        except OSError as error:
            log.info("Which pages are linked most is not kept: %s", error)
