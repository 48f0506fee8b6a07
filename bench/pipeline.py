"""From an update to its suggestions and flags, in process, without a model: each step's time and the whole.

    python -m bench.pipeline [--workspace FOLDER] [--scale N] [--updates FILE] [--json FILE]

`--updates` is a JSON-lines file with `channel` and `text`; without it, a handful of everyday updates are run several times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.common import Report, Timing, arguments, command, open_scaled
from ingest import pipeline
from ingest.intake import Intake
from ingest.pipeline import Pipeline
from ingest.store import UpdateStore
from wiki.database import Database, sqlite_url
from wiki.git import Repository
from wiki.migrations import migrate
from wiki.review import FlagStore, SuggestionStore
from wiki.search import SectionIndex
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

_EVERYDAY = (
    ("chat", "Ana: from Monday the deadline for expenses is 45 days\nTom: ok, and lunch?\nAna: at noon"),
    ("chat", "Tom: is the limit still 300 euros?\nAna: yes, still 300"),
    (
        "email",
        "Subject: New form\n\nHi all,\n\nthe travel form moved to https://forms.example/new. Please use it from now on.\n\nBest,\nAna",
    ),
    (
        "voice",
        "um so the client kickoff is now owned by maya instead of tom and uh please add a step to check the contract first",
    ),
    (
        "meeting",
        "Ruth: next, roles. Hana is leaving.\nMaya: who does sales?\nRuth: Elif takes over as sales lead.\nMaya: and the plants?",
    ),
)
_ROUNDS = 12


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--updates", type=Path, help="a JSON-lines file of updates")
    return made


def run(options: argparse.Namespace) -> Report:
    workspace = open_scaled(options)
    report = Report(title="From an update to its suggestions, no model", workspace=workspace)
    with tempfile.TemporaryDirectory() as folder:
        _measure(workspace, _updates(options.updates), Path(folder), report)
    return report


def _updates(path: Path | None) -> list[tuple[str, str]]:
    if path is None:
        # A round's text differs from the others', or it would be the same update.
        return [(channel, f"{text}\n(round {i})") for i in range(_ROUNDS) for channel, text in _EVERYDAY]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(row["channel"], row["text"]) for row in rows]


def _measure(workspace: Workspace, updates: list[tuple[str, str]], folder: Path, report: Report) -> None:
    database = Database(sqlite_url(folder / "bench.db"))
    migrate(database)
    index = SectionIndex(workspace)
    index.refresh()
    store = UpdateStore(database, folder / "updates")
    parts = Pipeline(
        workspace=workspace,
        repository=Repository(workspace.root),
        index=index,
        updates=store,
        suggestions=SuggestionStore(database),
        flags=FlagStore(database, workspace),
        intake=Intake(updates=store),
    )
    times: dict[str, list[float]] = {}
    made = 0
    for number, (channel, text) in enumerate([updates[0], *updates]):
        (update, *_) = parts.intake.take_text(channel, text if number else text + "\n(warm-up)")
        spent: dict[str, list[float]] = {}
        start = time.perf_counter()
        outcome = pipeline.run(update.id, parts, step=_timed_step(spent))
        if number:
            times.setdefault("whole", []).append((time.perf_counter() - start) * 1000)
            made += bool(outcome.suggestions or outcome.flags)
            for name, milliseconds in spent.items():
                times.setdefault(name, []).extend(milliseconds)
    for name, milliseconds in times.items():
        report.add(name, Timing.of(milliseconds))
    report.add("updates that led to something", made, f"of {len(updates)}")
    index.close()
    database.close()


def _timed_step(spent: dict[str, list[float]]) -> Callable[..., Any]:
    def step(name: str, function: Callable[..., Any], *args: Any) -> Any:
        start = time.perf_counter()
        result = function(*args)
        spent.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return result

    return step


if __name__ == "__main__":
    command(parser(), run)
