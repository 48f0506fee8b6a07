"""How long an answer takes in process, without a model: found and put together, and kept in the database.

    python -m bench.ask --workspace FOLDER --scale 4 [--questions FILE.jsonl] [--json FILE]

The questions are made from the headings of the pages, and a fifth of them ask for what no page holds, unless a file is given.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path

from assistant.answering import Asker
from assistant.extractive import extract
from bench.common import Report, Timing, arguments, open_scaled
from wiki.access import Level, Viewer, everyone_audience
from wiki.database import Database, metadata, sqlite_url
from wiki.index import SectionIndex
from wiki.section import split_sections
from wiki.workspace import Workspace

ASKED = (
    "how do I {}?",
    "who decides about {}?",
    "what about {}?",
    "when is {} due?",
    "how many days for {} and the zeppelin licence?",
)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--questions", type=Path, help='a file with one {"question": ...} a line')
    parser.add_argument("--runs", type=int, default=100)
    options = parser.parse_args()
    workspace = open_scaled(options)
    questions = _questions(workspace, options.questions, options.runs)
    report = Report(title="Ask, in process, without a model", workspace=workspace, packages=("tantivy", "sqlalchemy"))
    index = SectionIndex(workspace)
    index.refresh()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "ask.db"))
        metadata.create_all(database.engine)
        asker = Asker(index, database, mode="off")
        viewer = Viewer(handle="bench", name="Bench", email="", level=Level.ADMIN)
        asker.ask(questions[0], viewer)  # a first question reads the thesaurus
        extracting, asking, answered = [], [], 0
        for question in questions:
            started = time.perf_counter()
            answered += extract(question, index, everyone_audience()).answered
            extracting.append(1000 * (time.perf_counter() - started))
            started = time.perf_counter()
            asker.ask(question, viewer)
            asking.append(1000 * (time.perf_counter() - started))
        report.add("extraction", Timing.of(extracting))
        report.add("ask, kept in the database", Timing.of(asking))
        report.add("answered", 100 * answered / len(questions), "%")
        database.close()
    index.close()
    report.show(options.json)


def _questions(workspace: Workspace, file: Path | None, runs: int) -> list[str]:
    if file is not None:
        asked = [str(json.loads(line)["question"]) for line in file.read_text("utf-8").splitlines() if line.strip()]
        return [asked[number % len(asked)] for number in range(runs)]
    chance = random.Random(1)
    paths = chance.choices(workspace.page_paths(), k=runs)
    titles = [chance.choice(split_sections(workspace.read_page(path)) or [None]) for path in paths]
    return [ASKED[i % len(ASKED)].format(section.title.lower() if section else "it") for i, section in enumerate(titles)]


if __name__ == "__main__":
    main()
