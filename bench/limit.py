"""How near the limit: side by side in one run, a kept page against a bare ASGI application that returns the same bytes, and a
save until it is seen against a plain `git commit` of one file on the same disk.

    python -m bench.limit --workspace FOLDER --pages 843 [--json FILE]

Both servers run at the same time and are asked in turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bench.bare import serving_bare, write_answers
from bench.client import API, Client
from bench.common import Report, Timing, arguments, command, open_scaled, sync_ms
from bench.load import fetch, one_reader_ms, requests_per_second
from bench.saves import marks, put, until_found, until_seen
from bench.server import serving
from wiki.pages import pages_meant
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

_CLIENTS = 8
_PAUSE_S = 0.05  # as between two people's saves
_START = "/"
_SETTLED_S = 2  # after the start, until somebody comes
_OPENED = 20


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--views", type=int, default=100, help="so many different pages are viewed")
    made.add_argument("--rounds", type=int, default=5, help="so often each server is asked, in turns")
    made.add_argument("--seconds", type=float, default=2, help="how long 8 clients read in each round")
    made.add_argument("--saves", type=int, default=30, help="so many saves, and as many commits")
    return made


def run(options: argparse.Namespace) -> Report:
    ws = open_scaled(options)
    report = Report(title="Near the limit", workspace=ws)
    paths = random.Random(1).sample(ws.page_paths(), min(options.views, len(ws.page_paths())))
    with tempfile.TemporaryDirectory(dir=ws.root.parent) as scratch, serving(ws.root) as base:
        time.sleep(_SETTLED_S)
        with closing(Client(base)) as client:
            _opened_first(client, ws, report)
            url_of = {path: client.url_of(path) for path in paths}
        urls = [_START, *url_of.values()]
        for gzip in (False, True):
            _views(base, urls, Path(scratch), options, report, gzip=gzip)
        _saves(base, ws, url_of, Path(scratch), options.saves, report)
    return report


def _opened_first(client: Client, ws: Workspace, report: Report) -> None:
    """The first views after the start of the pages that most others link to: those are opened first."""
    counts = Counter(meant for page in ws.pages() for meant in pages_meant(page))
    linked = sorted(ws.page_paths(), key=lambda path: -counts[path])[:_OPENED]
    urls = [client.url_of(path) for path in linked]
    report.add(
        f"first view of a much linked page, {_SETTLED_S} s after start", Timing.of(client.get(url).took_ms for url in urls)
    )


def _views(base: str, urls: Sequence[str], scratch: Path, options: argparse.Namespace, report: Report, *, gzip: bool) -> None:
    for url in urls:
        fetch(base, url, gzip=gzip)  # drawn, and asked for once, from here on
    answers = {url: fetch(base, url, gzip=gzip) for url in urls}
    if gzip and not all(b"content-encoding: gzip" in head for head, _ in answers.values()):
        return  # this server does not compress
    write_answers(file := scratch / "answers.json", answers)
    ours: list[float] = []
    bare: list[float] = []
    rates: list[tuple[float, float]] = []
    with serving_bare(file) as bare_base:
        for _ in range(options.rounds):
            ours += one_reader_ms(base, urls, gzip=gzip)
            bare += one_reader_ms(bare_base, urls, gzip=gzip)
            rate, bare_rate = (
                requests_per_second(server, urls, clients=_CLIENTS, seconds=options.seconds, gzip=gzip)
                for server in (base, bare_base)
            )
            rates.append((rate, bare_rate))
    rate, bare_rate = (statistics.median(column) for column in zip(*rates, strict=True))
    kind = "compressed page" if gzip else "page"
    report.add(f"a {kind}", statistics.mean(len(body) for _, body in answers.values()) / 1000, "kB")
    report.add(f"kept {kind}, 1 client", Timing.of(ours))
    report.add(f"bare application, same {kind}, 1 client", Timing.of(bare))
    report.add(f"kept {kind} against bare, 1 client", statistics.median(ours) / statistics.median(bare), "times")
    report.add(f"kept {kind}, {_CLIENTS} clients", rate, "requests/s")
    report.add(f"bare application, same {kind}, {_CLIENTS} clients", bare_rate, "requests/s")
    report.add(f"bare against kept {kind}, {_CLIENTS} clients", bare_rate / rate, "times")


def _saves(base: str, ws: Workspace, url_of: dict[str, str], scratch: Path, saves: int, report: Report) -> None:
    copy = _plain_copy(ws, scratch / "plain")
    seen: list[float] = []
    committed: list[float] = []
    disk: list[float] = []
    with closing(Client(base)) as client:
        for page_path, word in marks(url_of, saves):
            page = client.get(f"{API}/pages/{quote(page_path)}")
            text = page.json()["text"]
            start = time.perf_counter()
            revision = put(client, page_path, f"{text}\n{word}\n", page.headers["ETag"])
            until_seen(client, url_of[page_path], word)
            until_found(client, page_path, word)
            seen.append((time.perf_counter() - start) * 1000)
            time.sleep(_PAUSE_S)
            put(client, page_path, text, revision)
            time.sleep(_PAUSE_S)
            committed.append(_commit(copy, ws.repo_path(page_path), word))
            time.sleep(_PAUSE_S)
            disk.append(sync_ms(ws.state_dir, 3))
    seen, committed = seen[1:], committed[1:]  # the first warms up
    report.add("the disk, for a small file, meanwhile", Timing.of(disk))
    report.add("save until page and search show it", Timing.of(seen))
    report.add("git commit of one file", Timing.of(committed))
    report.add("save against git commit", statistics.median(seen) / statistics.median(committed), "times")


def _plain_copy(ws: Workspace, target: Path) -> Path:
    """The same pages in a repository that nothing else looks at."""
    shutil.copytree(ws.root, target, ignore=shutil.ignore_patterns(".knowhow"))
    return target


def _commit(repository: Path, path: str, word: str) -> float:
    """Milliseconds of writing one file and committing it, flushed to the disk as a save is."""
    start = time.perf_counter()
    with (repository / path).open("a") as file:
        file.write(f"\n{word}\n")
    options = ("core.fsync=committed,reference", "user.name=Benchmark", "user.email=bench@example.org", "gc.auto=0")
    given = [word for option in options for word in ("-c", option)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *given, "commit", "-q", "-m", "Edit", "--", path], cwd=repository, env=environment, check=True)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    command(parser(), run)
