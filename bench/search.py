"""How long a search takes in process: questions as people type them, as-you-type, slips, filters and long texts.

    python -m bench.search --workspace FOLDER --scale 4 [--questions FILE.jsonl] [--json FILE]

The questions are made from the pages themselves (words of a section, in its order) unless a file of them is given.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.common import Report, Timing, arguments, open_scaled
from wiki.access import Audience, everyone_audience
from wiki.index import SectionIndex
from wiki.section import split_sections
from wiki.text import words
from wiki.workspace import Workspace

ASKED = ("how do I {}?", "who can {}", "{}", "what about {} in this case?", "is it ok to {}")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--questions", type=Path, help='a file with one {"question": ...} a line')
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    workspace = open_scaled(options)
    report = Report(title="Search, in process", workspace=workspace, packages=("tantivy",))
    index = SectionIndex(workspace)
    index.refresh()
    questions = _questions(workspace, options)
    everyone, team = everyone_audience(), Audience(team=True, groups=frozenset({"leadership"}))

    def measure(name: str, texts: Sequence[str], search: Callable[[str], object]) -> None:
        search(texts[0])
        times: list[float] = []
        for text in texts:
            start = time.perf_counter()
            search(text)
            times.append((time.perf_counter() - start) * 1000)
        report.add(name, Timing.of(times))

    measure("a question, 10 hits", questions, lambda text: index.search(text, everyone))
    measure("a question, 40 hits", questions, lambda text: index.search(text, everyone, limit=40))
    measure("a question, for the team and a group", questions, lambda text: index.search(text, team))
    measure("a question, with a filter", questions, lambda text: index.search(f"{text} kind:reference", everyone))
    measure("pages instead of sections", questions, lambda text: index.pages(text, everyone))
    measure("as-you-type, one letter at a time", _keystrokes(questions), lambda text: index.search(text, everyone, prefix=True))
    measure("a word with a slip", _slips(questions), lambda text: index.search(text, everyone))
    measure("a long text", _long_texts(workspace), lambda text: index.similar(text, everyone))
    index.close()
    report.show(options.json)


def _questions(workspace: Workspace, options: object) -> list[str]:
    runs: int = options.runs  # type: ignore[attr-defined]
    file: Path | None = options.questions  # type: ignore[attr-defined]
    if file is not None:
        asked = [str(json.loads(line)["question"]) for line in file.read_text("utf-8").splitlines() if line.strip()]
        return [asked[number % len(asked)] for number in range(runs)]
    chance = random.Random(1)
    paths = chance.sample(workspace.page_paths(), k=min(runs, len(workspace.page_paths())))
    made: list[str] = []
    while len(made) < runs:
        for section in split_sections(workspace.read_page(paths[len(made) % len(paths)]))[:1]:
            said = words(section.text)[:400] or ["nothing"]
            start = chance.randrange(len(said))
            made.append(chance.choice(ASKED).format(" ".join(said[start : start + chance.randint(3, 9)])))
    return made


def _keystrokes(questions: Sequence[str]) -> list[str]:
    return [question[:length] for question in questions[:20] for length in range(2, min(30, len(question)))]


def _slips(questions: Sequence[str]) -> list[str]:
    """The longest word of each question, with two letters swapped."""
    longest = [max(words(question) or ["nothing"], key=len) for question in questions]
    return [f"{word[:2]}{word[3:4]}{word[2:3]}{word[4:]}" for word in longest]


def _long_texts(workspace: Workspace) -> list[str]:
    chance = random.Random(2)
    paths = workspace.page_paths()
    return [" ".join(words(workspace.read_page(path).body)[:300]) for path in chance.sample(paths, k=min(50, len(paths)))]


if __name__ == "__main__":
    main()
