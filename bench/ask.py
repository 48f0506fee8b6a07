"""How long an answer takes in process, by words alone: found and put together, and kept in the database.

    python -m bench.ask --workspace FOLDER --scale 4 [--questions FILE.jsonl] [--json FILE]

The questions are made from the headings of the pages, and a fifth of them ask for what no page holds, unless a file is given.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from assistant.answering import Asker
from assistant.extractive import extract
from bench.common import Report, Timing, arguments, command, open_scaled
from bench.questions import add_questions_option, questions
from wiki.access import Level, Viewer, everyone_audience
from wiki.database import Database, metadata, sqlite_url
from wiki.pages import split_sections
from wiki.search import SectionIndex
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

ASKED = (
    "how do I {}?",
    "who decides about {}?",
    "what about {}?",
    "when is {} due?",
    "how many days for {} and the zeppelin licence?",
)


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    add_questions_option(made)
    made.add_argument("--runs", type=int, default=100, help="so many questions are asked")
    return made


def run(options: argparse.Namespace) -> Report:
    workspace = open_scaled(options)
    asked = questions(workspace, options.runs, options.questions) if options.questions else _questions(workspace, options.runs)
    report = Report(title="Ask, in process, by words alone", workspace=workspace)
    index = SectionIndex(workspace)
    index.refresh()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "ask.db"))
        metadata.create_all(database.engine)
        asker = Asker(index, database, mode="off")
        viewer = Viewer(handle="bench", name="Bench", email="", level=Level.ADMIN)
        asker.ask(asked[0], viewer)  # a first question reads the thesaurus
        extracting, asking, answered = [], [], 0
        for question in asked:
            started = time.perf_counter()
            answered += extract(question, index, everyone_audience()).answered
            extracting.append(1000 * (time.perf_counter() - started))
            started = time.perf_counter()
            asker.ask(question, viewer)
            asking.append(1000 * (time.perf_counter() - started))
        report.add("extraction", Timing.of(extracting))
        report.add("ask, kept in the database", Timing.of(asking))
        report.add("answered", 100 * answered / len(asked), "%")
        database.close()
    index.close()
    return report


def _questions(workspace: Workspace, runs: int) -> list[str]:
    chance = random.Random(1)
    paths = chance.choices(workspace.page_paths(), k=runs)
    titles = [chance.choice(split_sections(workspace.read_page(path)) or [None]) for path in paths]
    return [ASKED[i % len(ASKED)].format(section.title.lower() if section else "it") for i, section in enumerate(titles)]


if __name__ == "__main__":
    command(parser(), run)
