"""Outside edits: a thread that watches the pages' folder and brings index and site up to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from watchfiles import watch

from knowhow.services import Services

__all__ = ["Watcher"]

log = logging.getLogger(__name__)


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
        docs_dir = self._services.workspace.docs_dir
        for changes in watch(docs_dir, stop_event=self._stop, debounce=300, step=50, rust_timeout=1000, raise_interrupt=False):
            paths = sorted({path.removeprefix(f"{docs_dir}/") for _, path in changes if path.endswith(".md")})
            try:
                if paths:
                    self._services.pages_changed(paths)
                    if self._then is not None:
                        self._then()
            except Exception:
                log.exception("Pages edited outside could not be taken up: %s", ", ".join(paths[:10]))
