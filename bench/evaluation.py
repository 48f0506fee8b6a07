"""Serve the handbooks of the evaluation sets, and score search, answers and updates over HTTP, half by half.

    python -m bench.evaluation [18f] [starter] [FOLDER ...]

`bench/sets` holds the sets: 18F's handbook (public domain, adopted) and the starter, whose halves were written blind, one to work with
and one to score with only. Another FOLDER holds `handbook.tar.gz`, `questions.jsonl` and `updates.jsonl`. What each figure means stands
at the head of `bench/score.py`. No model is used unless KNOWHOW_ASSISTANT_MODEL names one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.score import read, score_ask, score_search, score_updates
from bench.server import serving
from wiki.workspace import adopt, create_workspace

SETS = Path(__file__).parent / "sets"


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a set's handbook with the system's tar, which refuses names that lead out of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "--extract", "--gzip", "--file", str(archive), "--directory", str(folder)], check=True)


def wait_for_embeddings(base: str) -> None:
    """Wait until the vectors of all pages are made, where there is an embedding model."""
    end = time.monotonic() + 1800
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{base}/readyz", timeout=10) as response:
            progress = json.load(response).get("embeddings")
        if progress is None or 0 < progress["pages"] == progress["done"]:
            return
        time.sleep(0.5)
    raise SystemExit("The vectors were not made within half an hour: `knowhow doctor` says whether the embedding model works.")


def workspace_of(folder: Path, scratch: Path) -> Path:
    """A workspace with the handbook of a set: unpacked and adopted, or the starter's where the set has none of its own."""
    if (folder / "handbook.tar.gz").exists():
        unpack(folder / "handbook.tar.gz", scratch)
        return adopt(scratch).workspace.root
    return create_workspace(scratch).root


def score(base: str, folder: Path, *, verbose: bool) -> dict[str, dict[str, Any]]:
    """File of the set -> its figures, prefixed by what was scored."""
    figures: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        rows = read(str(file))
        if "questions" in file.name:
            figures[f"search {file.stem}"] = score_search(base, rows)
            figures[f"ask {file.stem}"] = score_ask(base, rows, verbose)
        else:
            figures[f"updates {file.stem}"] = score_updates(base, rows, verbose)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["18f", "starter"])
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--verbose", action="store_true", help="one line a question or update")
    args = parser.parse_args()
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name in args.sets:
        folder = SETS / name if (SETS / name).is_dir() else Path(name)
        if not list(folder.glob("*.jsonl")):
            print(f"No evaluation set in {folder}: it needs questions.jsonl or updates.jsonl.", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory() as scratch, serving(workspace_of(folder, Path(scratch) / "handbook")) as base:
            wait_for_embeddings(base)
            found[folder.name] = score(base, folder, verbose=args.verbose)
        for part, row in found[folder.name].items():
            print(f"{folder.name} {part}: " + "  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if args.json:
        Path(args.json).write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
