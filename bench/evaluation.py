"""Adopt an evaluation handbook, serve it, and score search, answers and updates over HTTP.

    python -m bench.evaluation [FOLDER]

FOLDER holds `handbook.tar.gz`, `questions.jsonl` and `updates.jsonl`, and `score.py` beside it; by default the set that lies
beside the repository. No model is used unless KNOWHOW_ASSISTANT_MODEL names one.
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

from bench.server import serving
from wiki.workspace import adopt

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "eval" / "18f"


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--verbose", action="store_true", help="one line a question or update")
    args = parser.parse_args()
    score = args.folder.parent / "score.py"
    if not score.exists() or not (args.folder / "handbook.tar.gz").exists():
        print(f"No evaluation set in {args.folder}: it needs handbook.tar.gz, and score.py beside the folder.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "handbook"
        unpack(args.folder / "handbook.tar.gz", source)
        adoption = adopt(source)
        print(f"adopted {adoption.page_count} pages")
        command = [sys.executable, str(score), "", "--questions", str(args.folder / "questions.jsonl")]
        command += ["--updates", str(args.folder / "updates.jsonl")]
        command += (["--json", args.json] if args.json else []) + (["--verbose"] if args.verbose else [])
        with serving(adoption.workspace.root) as base:
            command[2] = base
            wait_for_embeddings(base)
            return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
