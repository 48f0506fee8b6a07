"""What people might type: questions, half-typed words, slips and long texts, made from the pages or read from a file."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

from wiki.pages import split_sections
from wiki.search import words
from wiki.workspace import Workspace

__all__ = ["add_questions_option", "keystrokes", "long_texts", "questions", "slips"]

ASKED = ("how do I {}?", "who can {}", "{}", "what about {} in this case?", "is it ok to {}")


def add_questions_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--questions", type=Path, help='a file with one {"question": ...} a line, to search for those')


def questions(workspace: Workspace, number: int, file: Path | None) -> list[str]:
    """`number` questions: of the file, in turn, else words of the sections of random pages, in their order."""
    if file is not None:
        asked = [str(json.loads(line)["question"]) for line in file.read_text("utf-8").splitlines() if line.strip()]
        return [asked[i % len(asked)] for i in range(number)]
    chance = random.Random(1)
    paths = chance.sample(workspace.page_paths(), k=min(number, len(workspace.page_paths())))
    made: list[str] = []
    while len(made) < number:
        for section in split_sections(workspace.read_page(paths[len(made) % len(paths)]))[:1]:
            said = words(section.text)[:400] or ["nothing"]
            start = chance.randrange(len(said))
            made.append(chance.choice(ASKED).format(" ".join(said[start : start + chance.randint(3, 9)])))
    return made


def keystrokes(asked: Sequence[str]) -> list[str]:
    """The first questions as they stand after each letter."""
    return [question[:length] for question in asked[:20] for length in range(2, min(30, len(question)))]


def slips(asked: Sequence[str]) -> list[str]:
    """The longest word of each question, with two letters swapped."""
    longest = [max(words(question) or ["nothing"], key=len) for question in asked]
    return [f"{word[:2]}{word[3:4]}{word[2:3]}{word[4:]}" for word in longest]


def long_texts(workspace: Workspace) -> list[str]:
    chance = random.Random(2)
    paths = workspace.page_paths()
    return [" ".join(words(workspace.read_page(path).body)[:300]) for path in chance.sample(paths, k=min(50, len(paths)))]
