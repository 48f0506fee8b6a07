"""Text that Markdown would take minutes to read: brackets and tags opened again and again and never closed.

Python-Markdown goes from every `[`, every `](` and every `<a` on to where it is closed, or to the end of the paragraph or page. Thousands
of them unclosed cost the square of their number, and nothing can interrupt it. What it would cost is added up here in one pass.
"""

from __future__ import annotations

import re

__all__ = ["too_hard"]

MAX_STEPS = 3_000_000
"""Characters gone over, at most: about a second. The largest of sixteen public handbooks' pages needs a tenth of it."""

_TOKEN = re.compile(r"\\.|\n[ \t]*\n|\]\(|\[|\]|\(|\)|<[A-Za-z/]|>", re.DOTALL)


def too_hard(text: str) -> bool:
    """Whether reading this text as Markdown would take more than MAX_STEPS steps."""
    if text.count("[") + text.count("](") + text.count("<") < 100:
        return False
    steps = 0
    squares: list[int] = []
    rounds: list[int] = []
    tags: list[int] = []
    for match in _TOKEN.finditer(text):
        token, at = match[0], match.start()
        if token[0] == "\n":
            steps += sum(at - start for start in squares) + sum(at - start for start in rounds)
            squares.clear()
            rounds.clear()
        elif token == "[":
            squares.append(at)
        elif token[0] == "]":
            if squares:
                steps += at - squares.pop()
            if token == "](":
                rounds.append(at)
        elif token == "(":
            if rounds:
                rounds.append(at)
        elif token == ")":
            if rounds:
                steps += at - rounds.pop()
        elif token[0] == "<":
            tags.append(at)
        elif token == ">":
            steps += sum(at - start for start in tags)
            tags.clear()
        if steps > MAX_STEPS:
            return True
    end = len(text)
    steps += sum(end - start for start in (*squares, *rounds, *tags))
    return steps > MAX_STEPS
