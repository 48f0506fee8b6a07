"""Pages drawn ahead, while nobody asks for anything: a first view is then as quick as a repeated one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from urllib.parse import unquote

from knowhow.most_linked import MostLinked
from knowhow.services import Services
from wiki.site import Rendered

__all__ = ["Ahead", "Traffic"]

log = logging.getLogger(__name__)

_QUIET_S = 0.3
_SETTLED_S = 2.0  # after changes: looking at all pages of a large workspace takes a while itself
_BUDGET_BYTES = 80_000_000  # of HTML, plain and compressed; less than the site keeps, so that drawing ahead pushes nothing out that was viewed


class Traffic:
    """Which requests are at work: written by the event loop, read by other threads."""

    def __init__(self) -> None:
        self._at_work = 0
        self._last = time.monotonic()

    def begun(self) -> None:
        self._at_work += 1

    def ended(self) -> None:
        self._at_work -= 1
        self._last = time.monotonic()

    def quiet_s(self) -> float:
        """Seconds since the last request ended; 0 while one is at work."""
        return 0.0 if self._at_work else time.monotonic() - self._last


class Ahead:
    """A thread that goes through the pages after start and after each change, one page at a time and only in quiet moments.

    The pages that most others link to come first; of a site too large to be kept, they alone are drawn. Pages that are kept
    already cost next to nothing.
    """

    def __init__(self, services: Services, traffic: Traffic) -> None:
        self.drawn = 0
        """Pages gone through since the last change."""
        self._services, self._traffic = services, traffic
        self._most_linked = MostLinked(services.workspace)
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drawing-ahead", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._wake.set()

    def changed(self) -> None:
        """Pages changed: those that show it are drawn again."""
        self._wake.set()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            try:
                self._go_through()
            except Exception:
                log.exception("Pages could not be drawn ahead; they are drawn when asked for")

    def _go_through(self) -> None:
        if self.drawn and not self._wait_until_quiet(_SETTLED_S):
            return
        page_paths = self._services.workspace.page_paths()
        if not self._most_linked.known and not self._most_linked.count(page_paths, self._wait_until_quiet):
            return
        self._draw(self._most_linked.first(page_paths))
        if not self._most_linked.counted:  # in this run, for the next
            self._most_linked.count(page_paths, self._wait_until_quiet)

    def _draw(self, page_paths: Sequence[str]) -> None:
        site, audience, size = self._services.site, self._services.local_admin.audience, 0
        self.drawn = 0
        for page_path in page_paths:
            if not self._wait_until_quiet():
                return
            url = site.url_of(page_path, audience)
            if url is None:
                continue
            path = f"/{unquote(url)}"
            page = site.kept(path, audience) or site.page(path, audience)
            if isinstance(page, Rendered):
                self.drawn += 1
                size += page.size
            if size > _BUDGET_BYTES:
                return

    def _wait_until_quiet(self, quiet_s: float = _QUIET_S) -> bool:
        """False where there is no need to go on: the server stops, or pages changed and all begins again."""
        while not (self._wake.is_set() or self._stop.is_set()):
            missing = quiet_s - self._traffic.quiet_s()
            if missing <= 0:
                return True
            self._stop.wait(missing)
        return False
