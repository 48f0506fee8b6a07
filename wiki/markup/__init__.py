"""Markdown as text: front matter, headings and anchors, plain text, line ends."""

from __future__ import annotations

from wiki.markup.line_ends import as_lf, like

__all__ = ["as_lf", "like"]
