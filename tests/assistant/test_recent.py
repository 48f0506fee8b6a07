"""What was made of texts is made once while they are asked about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.embeddings import EmbeddingsUnavailable
from assistant.recent import Recent


def test_each_text_is_made_once_and_the_least_recent_goes_first() -> None:
    made: list[str] = []

    def make(texts: Sequence[str]) -> list[str]:
        made.extend(texts)
        return [text.upper() for text in texts]

    recent: Recent[str] = Recent(2)
    assert recent.of(["a", "b", "a"], make) == ["A", "B", "A"]
    assert made == ["a", "b"]
    assert recent.of(["a", "c"], make) == ["A", "C"]
    assert recent.of(["b"], make) == ["B"]
    assert made == ["a", "b", "c", "b"]


def test_what_cannot_be_made_raises_and_leaves_nothing() -> None:
    def fail(_: Sequence[str]) -> list[str]:
        raise EmbeddingsUnavailable("gone")

    recent: Recent[str] = Recent(2)
    with pytest.raises(EmbeddingsUnavailable, match="gone"):
        recent.of(["a"], fail)
    assert recent.of(["a"], list) == ["a"]
