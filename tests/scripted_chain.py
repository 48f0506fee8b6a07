"""A model that answers the steps of the chain from an update to edits, each as a test says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ScriptedChain", "statement", "step_of"]

_STEPS = {"statements": "statements", "sections": "choice", "changes_page": "edit", "says_it": "look"}


def step_of(asked: dict[str, Any]) -> str:
    """Which step a request to Ollama belongs to, by the form it asks for."""
    properties = asked["format"]["properties"]
    return next(step for name, step in _STEPS.items() if name in properties)


def statement(quote: str, sentence: str = "", **more: Any) -> dict[str, Any]:
    return {"quote": quote, "sentence": sentence or quote, "kind": "change", "decided": True, "who": "", "when": "", **more}


@dataclass(kw_only=True)
class ScriptedChain:
    """`FakeOllama.always`: the replies of each step in order, the last one again and again. A str is sent as it is.

    A choice is given as the words that a chosen section has: the numbers change with the search. `steps` are those that were asked.
    """

    statements: list[Any]
    choice: list[Any] = field(default_factory=lambda: [{"sections": []}])
    edit: list[Any] = field(default_factory=lambda: [{"changes_page": False}])
    look: list[Any] = field(default_factory=lambda: [{"says_it": True, "nothing_more": True}])
    steps: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __call__(self, asked: dict[str, Any]) -> str:
        step = step_of(asked)
        self.steps.append(step)
        replies = getattr(self, step)
        reply = replies[min(self.asked[step], len(replies) - 1)]
        self.asked[step] += 1
        if isinstance(reply, str) and step == "choice" and not reply.startswith("!"):
            reply = {"sections": _numbers(asked["messages"][1]["content"], reply)}
        if step == "statements" and isinstance(reply, list):
            reply = {"statements": reply}
        return reply.removeprefix("!") if isinstance(reply, str) else json.dumps(reply)


def _numbers(prompt: str, words: str) -> list[int]:
    """The numbers of the sections shown that have these words."""
    blocks = prompt.split("<news>")[0].split("Section ")[1:]
    return [int(block.split(":")[0]) for block in blocks if words in block]
