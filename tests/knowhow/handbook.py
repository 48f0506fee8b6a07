"""The handbook of the application's tests, and what is done with it more than once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from knowhow.services import Services
from wiki.access import Level, Viewer
from wiki.editing.writing import page_revision
from wiki.review.suggestion import Suggestion, SuggestionDraft, SuggestionEvidence

__all__ = [
    "BASE",
    "EXPENSES",
    "LEADER",
    "PAGES",
    "READER",
    "ROLES",
    "commits",
    "events_of",
    "git",
    "propose",
    "viewer",
]

BASE = "http://127.0.0.1:8080"
EXPENSES = "policies/expenses.md"
PAGES = {
    "index.md": "# Handbook\n\nStart with [expenses](policies/expenses.md) or [backups](ops/backups.md).\n",
    EXPENSES: (
        "---\ntitle: Expenses\nkind: policy\nowner: finance-lead\nreviewed: 2026-10-02\nvisibility: public\ntags: [money]\n---\n\n"
        "# Expenses\n\nWhat the firm pays back.\n\n## Deadline\n\nHand in expenses within 30 days of the purchase.\n\n"
        "## Travel\n\nTravel requests above 500 euros need the finance lead's approval.\n\n"
        "## Questions\n\nAsk the finance lead.\n"
    ),
    "ops/backups.md": (
        "---\ntitle: Backups\nkind: procedure\nowner: ops-lead\n---\n\n# Backups\n\nWhat we keep and for how long.\n\n"
        "## Schedule\n\nBackups of the file server run hourly.\nThey are kept for ninety days.\n"
    ),
    "people/pay.md": (
        "---\ntitle: Pay\nvisibility: restricted\ngroups: [leadership]\n---\n\n# Pay\n\nRaises are decided in March.\n"
    ),
}
ROLES = "finance-lead: {title: Finance lead, holder: fay}\nops-lead: {title: Ops lead, holder: ben, deputy: cleo}\n"


def viewer(handle: str, level: Level, *groups: str) -> Viewer:
    return Viewer(handle=handle, name=handle.capitalize(), email=f"{handle}@example.org", level=level, groups=frozenset(groups))


READER = viewer("ron", Level.READER)
LEADER = viewer("lea", Level.EDITOR, "leadership")


def propose(
    services: Services, page_path: str, old: str, new: str, *, update: str = "01UPDATE", reason: str = "It changed."
) -> Suggestion:
    """A suggestion to write `new` for `old` on a page, or, where `old` is "", a new page."""
    if old:
        base = services.workspace.read_page(page_path).text
        assert old in base
        text, revision = base.replace(old, new), page_revision(services.workspace, services.repository, page_path)
    else:
        base, text, revision = "", new, ""
    evidence = (SuggestionEvidence(update=update, quote=new.strip()[:80], author="Maya"),)
    draft = SuggestionDraft(
        page_path=page_path,
        section="deadline",
        action="edit" if old else "new_page",
        base_revision=revision,
        base_text=base,
        new_text=text,
        reason=reason,
        confidence=0.75,
        evidence=evidence,
    )
    return services.suggestions.propose(draft)


def git(root: Path, *args: str) -> str:
    """What git prints, stripped."""
    return subprocess.run(["git", *args], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def commits(root: Path, path: str) -> list[str]:
    """The whole messages of the commits that touched a page, newest first."""
    return [m.strip() for m in git(root, "log", "--format=%B%x00", "--", f"content/{path}").split("\0") if m.strip()]


def events_of(body: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream, as (name, data)."""
    found = []
    for frame in body.strip().split("\n\n"):
        name, data = frame.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found
