"""How much of a question a text says, in whatever words: each word of the question beside the word nearest to it in the text.

Source: Zhang and others (2020), BERTScore: the recall of one text by another, over the vectors that a model gives each word in its
context. "Vacation" is then near "holiday", and "can I" near "may". What was read once is kept, as the same sections are asked
about again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings import EmbeddingsUnavailable, Reader, Reading
from assistant.recent import Recent

__all__ = ["Likeness", "Meaning"]

_KEPT = 2000  # texts, of some 20 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Of a text to a question: `cosine` as wholes; `words` how near the nearest word of the text comes to each word of the
    question, whose `places` in it these are."""

    cosine: float
    words: NDArray[np.float32]
    places: tuple[tuple[int, int], ...]


class Meaning:
    """Compares texts with a question. Thread-safe."""

    def __init__(self, reader: Reader, *, kept: int = _KEPT) -> None:
        self._reader = reader
        self._kept: Recent[Reading] = Recent(kept)

    def compare(self, question: str, texts: Sequence[str], *, start: int = 0) -> list[Likeness]:
        """The likeness of each text, in the order given; none where the model does not work. Words before `start` are read, as
        the others are understood by them, but not looked for."""
        try:
            asked, *read = self._kept.of([question, *texts], self._reader.read)
        except EmbeddingsUnavailable:
            return []
        sought = [i for i, place in enumerate(asked.places) if place[0] >= start]
        words = asked.words[sought].astype(np.float32)
        if not sought:
            return []
        return [
            Likeness(
                cosine=float(reading.vector @ asked.vector),
                words=(words @ reading.words.astype(np.float32).T).max(axis=1, initial=-1.0),
                places=tuple(asked.places[i] for i in sought),
            )
            for reading in read
        ]
