"""What each rule of updates is worth: the evaluation sets scored in process with all rules, and with each left out in turn.

    python -m bench.rules [18f] [starter] [FOLDER ...]

The sets are those of `bench.evaluation`; locked halves are left out. A line gives, for each file, the percentages page@1, place, edit and
alarm, as the head of `bench/score.py` says. Nothing is stored.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.evaluation import SETS, workspace_of
from bench.score import is_gold, percent, read, right_edit, same_page, touches
from ingest import edits
from ingest.edit_rules.restatements import put_beside
from ingest.pipeline import draft_results, match_entries
from ingest.readers import read_text
from ingest.store import UpdateStore
from knowhow.services import Services, opened
from wiki.database import Database, sqlite_url
from wiki.migrations import migrate
from wiki.review import SuggestionDraft


def drafts(services: Services, updates: UpdateStore, row: dict[str, Any]) -> tuple[list[SuggestionDraft], list[str]]:
    """The suggestions that an update would lead to, and the pages of suggestions and flags in their order."""
    suggestions: list[SuggestionDraft] = []
    pages: list[str] = []
    parts = replace(services.pipeline, updates=updates, model=None)
    for incoming in read_text(row["channel"], row["text"]):
        update, _ = updates.add(incoming)
        found = draft_results(update.id, match_entries(update.id, parts), parts)
        suggestions += found.suggestions
        pages += [draft.page_path for draft in found.suggestions] + [flag.page_path for flag in found.flags]
    return suggestions, pages


def scored(services: Services, updates: UpdateStore, rows: Sequence[dict[str, Any]]) -> str:
    yes, no = {"page": 0, "place": 0, "edit": 0}, 0
    changing = [row for row in rows if row["kind"] != "none"]
    for row in rows:
        suggestions, pages = drafts(services, updates, row)
        if row["kind"] == "none":
            no += bool(suggestions)
            continue
        pairs = [(draft, gold) for draft in suggestions for gold in row["gold"] if same_page(gold["page"], draft.page_path)]
        yes["page"] += bool(pages) and is_gold(pages[0], row["gold"])
        yes["place"] += any(touches(_diff(draft), gold["old"]) for draft, gold in pairs)
        yes["edit"] += any(right_edit(draft.new_text, gold) for draft, gold in pairs)
    figures = [percent(count, len(changing)) for count in yes.values()] + [percent(no, len(rows) - len(changing))]
    return " / ".join(f"{figure:.0f}" for figure in figures)


def _diff(draft: SuggestionDraft) -> str:
    return "\n".join(difflib.unified_diff(draft.base_text.splitlines(), draft.new_text.splitlines(), lineterm="", n=3))


@contextmanager
def without(rule: object) -> Iterator[None]:
    """Leave one rule out, that of the last resort among them."""
    with patch.object(edits, "RULES", tuple(kept for kept in edits.RULES if kept is not rule)), ExitStack() as stack:
        if rule is put_beside:
            stack.enter_context(patch.object(edits, "put_beside", lambda _: []))
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["18f", "starter"])
    folders = [SETS / name if (SETS / name).is_dir() else Path(name) for name in parser.parse_args().sets]
    with ExitStack() as stack:
        work = []
        for folder in folders:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            services = stack.enter_context(opened(workspace_of(folder, scratch / "handbook")))
            services.index.refresh()
            if services.vectors is not None:
                services.vectors.refresh()
                services.vectors.wait()
            database = Database(sqlite_url(scratch / "updates.db"))
            migrate(database)
            stack.callback(database.close)
            updates = UpdateStore(database, scratch / "updates")
            files = [
                file for file in sorted(folder.glob("*.jsonl")) if "questions" not in file.name and "locked" not in file.name
            ]
            work += [(f"{folder.name} {file.stem}", services, updates, read(str(file))) for file in files]
        print(" | ".join(name for name, *_ in work))
        for rule in (None, *edits.RULES, put_beside):
            with without(rule):
                figures = " | ".join(scored(services, updates, rows) for _, services, updates, rows in work)
            print(f"{'all rules' if rule is None else f'without {rule.__name__}'}: {figures}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
