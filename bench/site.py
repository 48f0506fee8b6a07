"""How fast the live site is, in process: start, first view, kept view, and what a change of a page costs.

python -m bench.site --workspace FOLDER --pages 16000 [--json FILE]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from urllib.parse import unquote

from bench.common import Report, Timing, arguments, command, open_scaled
from wiki.access import everyone_audience
from wiki.git import Repository
from wiki.site import LiveSite, Rendered
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

_EVERYONE = everyone_audience()


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--views", type=int, default=400, help="so many different pages are viewed")
    return made


def run(options: argparse.Namespace) -> Report:
    ws = open_scaled(options)
    report = Report(title="Live site, in process", workspace=ws)
    history = Repository(ws.root)
    for path in ws.page_paths()[:1]:
        history.last_change(ws.repo_path(path))  # git's log is read once per repository, not per site

    start = time.perf_counter()
    site = LiveSite(ws, history)
    site.page("/", _EVERYONE)
    report.add("start, to the first page", (time.perf_counter() - start) * 1000)

    paths = ws.page_paths()
    sample = random.Random(1).sample(paths, min(options.views, len(paths)))
    urls = [f"/{unquote(site.url_of(path, _EVERYONE) or '')}" for path in sample]
    report.add("view of a page, rendered", Timing.of(_view(site, url) for url in urls))
    report.add("view of a page, kept", Timing.of(_view(site, url) for url in urls))
    for name, times in _changes(ws, site, sample).items():
        report.add(name, Timing.of(times))
    report.add("memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    return report


def _view(site: LiveSite, url: str) -> float:
    start = time.perf_counter()
    page = site.page(url, _EVERYONE)
    taken = (time.perf_counter() - start) * 1000
    if not isinstance(page, Rendered):
        raise SystemExit(f"{url} gives {page}.")
    return taken


def _changes(ws: Workspace, site: LiveSite, sample: list[str]) -> dict[str, list[float]]:
    """Milliseconds of refresh() by what changed, and of the next view of the page; the pages are put back."""
    figures: dict[str, list[float]] = {}

    def measure(name: str, path: str) -> None:
        start = time.perf_counter()
        site.refresh([path])
        figures.setdefault(f"refresh after {name}", []).append((time.perf_counter() - start) * 1000)

    for number, path in enumerate(sample[:30]):
        file = ws.page_file(path)
        before = file.read_bytes()
        try:
            file.write_bytes(before + b"\nOne more line.\n")
            measure("a change of text", path)
            figures.setdefault("view after a change of text", []).append(
                _view(site, f"/{unquote(site.url_of(path, _EVERYONE) or '')}")
            )
            file.write_bytes(b"---\ntitle: Another title %d\n---\n" % number + before)
            measure("a new title", path)
            figures.setdefault("view after a new title", []).append(
                _view(site, f"/{unquote(site.url_of(path, _EVERYONE) or '')}")
            )
        finally:
            file.write_bytes(before)
        site.refresh([path])
        new = f"{os.path.dirname(path)}/bench-new-page.md".lstrip("/")  # noqa: PTH120 - a page path
        file = ws.page_file(new)
        try:
            file.write_text("# A page that was not there\n")
            measure("a new page", new)
        finally:
            file.unlink()
        measure("a page taken away", new)
        deep = "bench-new-folder/page.md"
        file = ws.page_file(deep)
        if number < 5:
            file.parent.mkdir()
            try:
                file.write_text("# A page in a new folder\n")
                measure("the first page of a folder", deep)
            finally:
                file.unlink()
                file.parent.rmdir()
            site.refresh([deep])
    return figures


if __name__ == "__main__":
    command(parser(), run)
