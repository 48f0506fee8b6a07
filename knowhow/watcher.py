"""Outside edits: a thread that watches the pages' folder and brings index and site up to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from knowhow.services import Services
from wiki.files import file_stat
from wiki.pages import is_markdown

__all__ = ["Watcher"]

log = logging.getLogger(__name__)

PAUSE_S = 1.0


class Watcher:
    """Watches docs_dir while the server runs. Reads see an outside edit at once by themselves; this is for what is derived."""

    def __init__(self, services: Services, *, then: Callable[[], object] | None = None) -> None:
        """`then` is called after changes were taken up, those that Knowhow itself made included."""
        self._services, self._then = services, then
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        docs_dir, mkdocs_yml = self._services.workspace.docs_dir, self._services.workspace.mkdocs_yml
        configured = file_stat(mkdocs_yml)
        while not self._stop.is_set():
            try:
                for changes in watch(
                    docs_dir,
                    stop_event=self._stop,
                    debounce=300,
                    step=50,
                    rust_timeout=1000,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                ):
                    if (stamp := file_stat(mkdocs_yml)) != configured:  # what is a page may be another matter now
                        configured = stamp
                        self._take_up(None)
                        continue
                    self._take_up(_pages_of(docs_dir, {path for _, path in changes}))
            except Exception:  # the watching itself ends where a file's name is no UTF-8, or the folder is gone for a moment
                log.exception("The watching of %s begins anew", docs_dir)
                self._stop.wait(PAUSE_S)
                self._take_up(None)

    def _take_up(self, page_paths: list[str] | None) -> None:
        try:
            if page_paths is None or page_paths:
                self._services.pages_changed(page_paths)
                if self._then is not None:
                    self._then()
        except Exception:
            log.exception("Pages edited outside could not be taken up: %s", ", ".join((page_paths or ["all"])[:10]))


def _pages_of(docs_dir: Path, changed: set[str]) -> list[str] | None:
    """The pages among changed paths; None, for all pages, where a folder came or went: its pages get no event of their own."""
    pages = []
    for path in changed:
        if is_markdown(path):
            pages.append(path.removeprefix(f"{docs_dir}/"))
        elif not Path(path).name.startswith(".") and not Path(path).is_file():
            return None
    return sorted(pages)
