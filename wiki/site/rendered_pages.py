"""Rendered pages, kept until something that they show changes."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import sha256

from wiki.files import Stat, file_stat

__all__ = ["Rendered", "RenderedPages"]

_GZIP_LEVEL = 5  # 0.1 ms for a page of 20 kB; what more takes off is not worth twice the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as UTF-8 HTML, plain and by gzip. `etag` is 32 hex digits, without quotes; the same bytes have the same one."""

    html: bytes
    gzipped: bytes
    etag: str
    page_path: str

    @classmethod
    def of(cls, html: bytes, page_path: str) -> Rendered:
        etag = sha256(html).hexdigest()[:32]
        return cls(html=html, gzipped=gzip.compress(html, _GZIP_LEVEL, mtime=0), etag=etag, page_path=page_path)

    @property
    def size(self) -> int:
        return len(self.html) + len(self.gzipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    stamp: Hashable
    included: tuple[tuple[str, Stat], ...]
    rendered: Rendered


class RenderedPages:
    """The last viewed pages of all editions, by (edition's serial, page path), at most `max_bytes` of them. Thread-safe."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[int, str], _Kept] = OrderedDict()

    def get(self, key: tuple[int, str], stamp: Hashable) -> Rendered | None:
        """What was kept under this stamp, if the files that the page includes are the same as well."""
        with self._guard:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept.move_to_end(key)
        return kept.rendered if all(file_stat(path) == stat for path, stat in kept.included) else None

    def put(self, key: tuple[int, str], stamp: Hashable, rendered: Rendered, included: dict[str, Stat]) -> None:
        with self._guard:
            self._drop(key)
            self._kept[key] = _Kept(stamp=stamp, included=tuple(included.items()), rendered=rendered)
            self._bytes += rendered.size
            while self._bytes > self._max_bytes and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def forget(self, serial: int) -> None:
        """Drop all pages of an edition."""
        with self._guard:
            for key in [key for key in self._kept if key[0] == serial]:
                self._drop(key)

    def _drop(self, key: tuple[int, str]) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= old.rendered.size
