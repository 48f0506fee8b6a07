"""What a model made of texts, kept for those that were asked about last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """At most `most` texts, the least recently asked for going first. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str], make: Callable[[Sequence[str]], Iterable[T]]) -> list[T]:
        """What `make` gives for each text, in the order given; it is asked for those alone that are not kept. Raises what it raises."""
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        fresh = list(dict.fromkeys(text for text in texts if text not in known))
        known |= zip(fresh, make(fresh), strict=True) if fresh else {}
        with self._lock:
            for text in texts:
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return [known[text] for text in texts]
