"""How long the search index takes: building it, opening it, checking all pages, and one changed page.

python -m bench.index --workspace FOLDER --scale 4 [--json FILE]
"""

from __future__ import annotations

import argparse
import shutil
import time

from bench.common import Report, Timing, arguments, command, open_scaled, timed
from wiki.access import everyone_audience
from wiki.search import SectionIndex

__all__ = ["parser", "run"]


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--runs", type=int, default=40, help="changed pages to measure")
    return made


def run(options: argparse.Namespace) -> Report:
    workspace = open_scaled(options)
    report = Report(title="Search index", workspace=workspace)
    shutil.rmtree(workspace.state_dir / "index", ignore_errors=True)

    index = SectionIndex(workspace)
    built = index.refresh()
    report.add("build", built.took_ms / 1000, "s")
    report.add("build, pages a second", built.added / built.took_ms * 1000, "pages/s")
    folder = workspace.state_dir / "index"
    report.add("size on disk", sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, "MB")
    report.add("check all pages, none changed", timed(lambda: index.refresh(), 5))
    index.close()

    start = time.perf_counter()
    index = SectionIndex(workspace)
    index.search("open", everyone_audience())
    report.add("open in a new process and search once", (time.perf_counter() - start) * 1000, "ms")

    refreshed, visible = _changed_pages(index, options.runs)
    report.add("refresh of one changed page", refreshed)
    report.add("the same until a search finds it", visible)
    index.close()
    return report


def _changed_pages(index: SectionIndex, runs: int) -> tuple[Timing, Timing]:
    """Change pages one after the other, with a pause as between two people's saves; each is put back afterwards."""
    workspace = index.workspace
    paths = workspace.page_paths()
    refreshed: list[float] = []
    visible: list[float] = []
    for number in range(runs + 1):
        page_path = paths[number * 7919 % len(paths)]
        file = workspace.page_file(page_path)
        original = file.read_bytes()
        mark = f"benchmarkmark{number}"
        file.write_bytes(original + f"\n{mark}\n".encode())
        start = time.perf_counter()
        index.refresh([page_path])
        middle = time.perf_counter()
        found = index.search(mark, everyone_audience())
        end = time.perf_counter()
        assert found.total == 1, found
        file.write_bytes(original)
        index.refresh([page_path])
        if number:  # the first warms up
            refreshed.append((middle - start) * 1000)
            visible.append((end - start) * 1000)
        time.sleep(0.05)
    return Timing.of(refreshed), Timing.of(visible)


if __name__ == "__main__":
    command(parser(), run)
