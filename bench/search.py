"""How long a search takes in process: questions as people type them, as-you-type, slips, filters and long texts.

    python -m bench.search --workspace FOLDER --scale 4 [--questions FILE.jsonl] [--json FILE]

The questions are made from the pages themselves (words of a section, in its order) unless a file of them is given.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from bench.common import Report, Timing, arguments, command, open_scaled
from bench.questions import add_questions_option, keystrokes, long_texts, questions, slips
from wiki.access import Audience, everyone_audience
from wiki.search import SectionIndex

__all__ = ["parser", "run"]


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    add_questions_option(made)
    made.add_argument("--runs", type=int, default=200, help="so many questions are searched for")
    return made


def run(options: argparse.Namespace) -> Report:
    workspace = open_scaled(options)
    report = Report(title="Search, in process", workspace=workspace)
    index = SectionIndex(workspace)
    index.refresh()
    asked = questions(workspace, options.runs, options.questions)
    everyone, team = everyone_audience(), Audience(team=True, groups=frozenset({"leadership"}))

    def measure(name: str, texts: Sequence[str], search: Callable[[str], object]) -> None:
        search(texts[0])
        times: list[float] = []
        for text in texts:
            start = time.perf_counter()
            search(text)
            times.append((time.perf_counter() - start) * 1000)
        report.add(name, Timing.of(times))

    measure("a question, 10 hits", asked, lambda text: index.search(text, everyone))
    measure("a question, 40 hits", asked, lambda text: index.search(text, everyone, limit=40))
    measure("a question, for the team and a group", asked, lambda text: index.search(text, team))
    measure("a question, with a filter", asked, lambda text: index.search(f"{text} kind:reference", everyone))
    measure("pages instead of sections", asked, lambda text: index.pages(text, everyone))
    measure("as-you-type, one letter at a time", keystrokes(asked), lambda text: index.search(text, everyone, prefix=True))
    measure("a word with a slip", slips(asked), lambda text: index.search(text, everyone))
    measure("a long text", long_texts(workspace), lambda text: index.similar(text, everyone))
    index.close()
    return report


if __name__ == "__main__":
    command(parser(), run)
