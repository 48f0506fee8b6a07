"""How fast a running server is: views, searches, 8 readers at once, and how soon a save or an accepted suggestion is seen.

    python -m bench.over_http --workspace FOLDER --pages 843 [--questions FILE.jsonl] [--json FILE]

A real server in a process of its own, asked over loopback on kept connections.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from contextlib import closing
from urllib.parse import quote

from bench.client import API, Client
from bench.common import Report, Timing, arguments, command, open_scaled, sync_ms
from bench.load import requests_per_second
from bench.questions import add_questions_option, keystrokes, questions
from bench.saves import marks, put, until_found, until_seen
from bench.server import serving
from wiki.database import Database, sqlite_url
from wiki.review import SuggestionDraft, SuggestionEvidence, SuggestionStore
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

_CLIENTS = 8
_PAUSE_S = 0.05  # as between two people's saves
_QUIET_S = 15  # at most, for the server to draw pages ahead


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--views", type=int, default=300, help="so many different pages are viewed")
    made.add_argument("--runs", type=int, default=200, help="so many questions are searched for")
    made.add_argument("--saves", type=int, default=30, help="so many saves, and half as many accepted suggestions")
    made.add_argument("--seconds", type=float, default=5, help="how long 8 clients read")
    add_questions_option(made)
    return made


def run(options: argparse.Namespace) -> Report:
    ws = open_scaled(options)
    report = Report(title="Server, over HTTP", workspace=ws)
    all_paths = ws.page_paths()
    chosen = random.Random(1).sample(all_paths, min(2 * options.views, len(all_paths)))
    paths, later = chosen[::2], chosen[1::2]
    asked = questions(ws, options.runs, options.questions)
    start = time.perf_counter()
    with serving(ws.root) as base:
        report.add("start until ready", time.perf_counter() - start, "s")
        with closing(Client(base)) as client:
            url_of = {path: client.url_of(path) for path in paths}
            _views(client, list(url_of.values()), report)
            _searches(client, asked, report)
        time.sleep(min(_QUIET_S, 1 + 0.01 * len(all_paths)))
        with closing(Client(base)) as client:  # the server closes a connection that nobody used for a while
            _first_views(client, later, report)
        rate = requests_per_second(base, list(url_of.values()), clients=_CLIENTS, seconds=options.seconds)
        report.add(f"views with {_CLIENTS} clients at once", rate, "views/s")
        with closing(Client(base)) as client:
            _saves(client, ws, url_of, options.saves, report)
            _accepts(client, ws, url_of, options.saves // 2, report)
    return report


def _views(client: Client, urls: Sequence[str], report: Report) -> None:
    client.get("/not-there/", expect=404)  # the first answer of a thread loads what later ones share
    first = [client.get(url) for url in urls]
    report.add("first view of a page, right after start", Timing.of(reply.took_ms for reply in first))
    report.add("view of a page, again", Timing.of(client.get(url).took_ms for url in urls))
    known = [{"If-None-Match": reply.headers["ETag"]} for reply in first]
    unchanged = (client.send("GET", url, headers=sent, expect=304) for url, sent in zip(urls, known, strict=True))
    report.add("view of a page that the browser has", Timing.of(reply.took_ms for reply in unchanged))
    report.add("a page", sum(len(reply.body) for reply in first) / len(first) / 1000, "kB")


def _first_views(client: Client, paths: Sequence[str], report: Report) -> None:
    urls = [client.url_of(path) for path in paths]
    report.add("first view after a quiet moment", Timing.of(client.get(url).took_ms for url in urls))


def _searches(client: Client, asked: Sequence[str], report: Report) -> None:
    client.get(f"{API}/search", q=asked[0])
    report.add("search, 10 hits", Timing.of(client.get(f"{API}/search", q=text).took_ms for text in asked))
    typed = keystrokes(asked)
    report.add(
        "search as you type, 8 hits",
        Timing.of(client.get(f"{API}/search", q=text, prefix="true", limit=8).took_ms for text in typed),
    )


def _saves(client: Client, ws: Workspace, url_of: dict[str, str], saves: int, report: Report) -> None:
    saved: list[float] = []
    shown: list[float] = []
    found: list[float] = []
    disk: list[float] = []
    for number, (page_path, word) in enumerate(marks(url_of, saves)):
        page = client.get(f"{API}/pages/{quote(page_path)}")
        text = page.json()["text"]
        start = time.perf_counter()
        reply = put(client, page_path, f"{text}\n{word}\n", page.headers["ETag"])
        saved.append((time.perf_counter() - start) * 1000)
        until_seen(client, url_of[page_path], word)
        shown.append((time.perf_counter() - start) * 1000)
        until_found(client, page_path, word)
        found.append((time.perf_counter() - start) * 1000)
        time.sleep(_PAUSE_S)
        put(client, page_path, text, reply)
        time.sleep(_PAUSE_S)
        disk.append(sync_ms(ws.state_dir, 3))
        if number == 0:  # the first warms up
            saved, shown, found = [], [], []
    report.add("the disk, for a small file, meanwhile", Timing.of(disk))
    report.add("save of a page", Timing.of(saved))
    report.add("save until the page shows it", Timing.of(shown))
    report.add("save until page and search show it", Timing.of(found))


def _accepts(client: Client, ws: Workspace, url_of: dict[str, str], accepts: int, report: Report) -> None:
    """Suggestions are put into the server's database by another process, as a second machine would; accepting is the server's."""
    database = Database(sqlite_url(ws.state_dir / "knowhow.db"))
    store = SuggestionStore(database)
    found: list[float] = []
    for page_path, word in marks(url_of, accepts):
        page = client.get(f"{API}/pages/{quote(page_path)}").json()
        draft = SuggestionDraft(
            page_path=page_path,
            section="",
            action="edit",
            base_revision=page["revision"],
            base_text=page["text"],
            new_text=f"{page['text']}\n{word}\n",
            reason="A benchmark.",
            confidence=0.9,
            evidence=(SuggestionEvidence(update="benchmark", quote=word),),
        )
        suggestion = store.propose(draft)
        start = time.perf_counter()
        revision = client.send("POST", f"{API}/suggestions/{suggestion.id}/accept", {}).json()["revision"]
        until_seen(client, url_of[page_path], word)
        until_found(client, page_path, word)
        found.append((time.perf_counter() - start) * 1000)
        time.sleep(_PAUSE_S)
        put(client, page_path, page["text"], revision)
        time.sleep(_PAUSE_S)
    database.close()
    report.add("accept until page and search show it", Timing.of(found))


if __name__ == "__main__":
    command(parser(), run)
