"""How many secrets redaction catches, how often it masks for nothing, and how long it takes.

    python -m bench.redaction [FILE.jsonl ...] [--misses] [--json FILE]

A set has one text a line, kept in pieces so that nothing in the file looks like a live secret: `{"id": …, "kind": …, "pieces":
[…], "secret_pieces": […] or null}`. Caught means that neither the secret nor 12 characters of it in a row are left.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.common import Report, arguments, command
from ingest.redaction import redact
from wiki.workspace import Workspace

__all__ = ["OPEN_SET", "Score", "parser", "run", "score"]

OPEN_SET = Path(__file__).with_name("sets") / "redaction.jsonl"
_PIECE = 12
_LONG = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many texts of a set have a secret, how many have none, and by kind those where redaction was wrong."""

    secrets: int
    harmless: int
    missed: Counter[str]
    masked: Counter[str]
    wrong: tuple[str, ...]

    @property
    def caught(self) -> float:
        return 100 * (1 - self.missed.total() / max(1, self.secrets))

    @property
    def masked_for_nothing(self) -> float:
        return 100 * self.masked.total() / max(1, self.harmless)


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "sets", type=Path, nargs="*", default=[OPEN_SET], help="sets of texts (default: the one that comes along)"
    )
    made.add_argument("--misses", action="store_true", help="also print the texts where redaction was wrong")
    return made


def run(options: argparse.Namespace) -> Report:
    report = Report(title="Redaction", workspace=Workspace.open(options.workspace))
    for file in options.sets:
        found = score(file)
        report.add(f"{file.name}: caught", found.caught, f"% of {found.secrets}")
        report.add(f"{file.name}: masked for nothing", found.masked_for_nothing, f"% of {found.harmless}")
        for name, kinds in (("missed", found.missed), ("masked", found.masked)):
            for kind, count in sorted(kinds.items()):
                report.add(f"  {name}, {kind}", count, "texts")
        if options.misses:
            print(*found.wrong, sep="\n")
    pages = "\n".join(report.workspace.read_page(path).text for path in report.workspace.page_paths()[:50]) or "nothing "
    start = time.perf_counter()
    redact((pages * (1 + _LONG // len(pages)))[:_LONG])
    report.add("10 MB of pages", time.perf_counter() - start, "s")
    return report


def score(file: Path) -> Score:
    """What redaction makes of the texts in `file`."""
    secrets = harmless = 0
    missed: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    wrong: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        text = "".join(case["pieces"])
        left = redact(text).text
        if case["secret_pieces"] is None:
            harmless += 1
            failed = masked if left != text else None
        else:
            secrets += 1
            failed = missed if _survives(case["secret_pieces"], left) else None
        if failed is not None:
            failed[case["kind"]] += 1
            wrong.append(f"{case['id']} {case['kind']}: {left!r}")
    return Score(secrets=secrets, harmless=harmless, missed=missed, masked=masked, wrong=tuple(wrong))


def _survives(pieces: Sequence[str], left: str) -> bool:
    secret = "".join(pieces)
    return secret in left or any(secret[at : at + _PIECE] in left for at in range(len(secret) - _PIECE + 1))


if __name__ == "__main__":
    command(parser(), run)
