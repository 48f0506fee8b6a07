"""git as a process, the journal around a commit, and history. The one place that runs git."""

from __future__ import annotations

from wiki.git.repository import Repository, Revision

__all__ = ["Repository", "Revision"]
