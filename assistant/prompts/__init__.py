"""The texts sent to a model, as package data."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

__all__ = ["prompt"]


@lru_cache(maxsize=32)
def prompt(name: str) -> str:
    """The text of `name`.md in this package."""
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8").strip()
