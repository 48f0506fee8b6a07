"""Line ends: a page keeps its own, whatever a browser sends.

A text area turns every line end into LF and a form into CRLF, so what arrives says nothing about what its author wanted.
"""

from __future__ import annotations

from difflib import SequenceMatcher

__all__ = ["as_lf", "like"]

_MAX_ALIGNED_LINES = 4000


def as_lf(text: str) -> str:
    """The text with LF for each CRLF; a CR of its own stays."""
    return text.replace("\r\n", "\n")


def like(text: str, model: str) -> str:
    """`text` with the line ends of `model`. Where `model` mixes them, each line that both have keeps its own, and new lines
    take the more frequent one. A final line end is never added or taken away."""
    text = as_lf(text)
    crlf = model.count("\r\n")
    if crlf == 0:
        return text
    lf = model.count("\n") - crlf
    if lf and crlf + lf <= _MAX_ALIGNED_LINES:
        return _aligned(text, model, "\r\n" if crlf > lf else "\n")
    return text.replace("\n", "\r\n") if crlf > lf else text


def _aligned(text: str, model: str, usual: str) -> str:
    lines = text.split("\n")
    before = model.split("\n")  # each but the last ended in LF; those that ended in CRLF still have their CR
    ends = [usual] * len(lines)
    matcher = SequenceMatcher(a=[line.removesuffix("\r") for line in before], b=lines, autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            if block.a + offset < len(before) - 1:
                ends[block.b + offset] = "\r\n" if before[block.a + offset].endswith("\r") else "\n"
    return "".join(line + end for line, end in zip(lines[:-1], ends[:-1], strict=True)) + lines[-1]
