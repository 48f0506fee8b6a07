"""Saving over HTTP, and waiting until what was saved is seen on the page and found by search."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import count
from urllib.parse import quote

from bench.client import API, Client

__all__ = ["marks", "put", "until_found", "until_seen"]


def put(client: Client, page_path: str, text: str, revision: str) -> str:
    """Save a page on a revision, quoted as in its ETag; the new one."""
    reply = client.send("PUT", f"{API}/pages/{quote(page_path)}", {"text": text}, {"If-Match": revision})
    return reply.headers["ETag"]


def marks(page_paths: Iterable[str], number: int) -> Iterator[tuple[str, str]]:
    """`number` + 1 pages, each with a word that no page has."""
    stamp, paths = f"{time.time_ns():x}", list(page_paths)
    for i in range(number + 1):
        yield paths[i % len(paths)], f"benchmark{stamp}x{i}"


def until_seen(client: Client, url: str, word: str) -> None:
    for tries in count():
        if word.encode() in client.get(url).body:
            return
        if tries > 1000:
            raise SystemExit(f"{url} does not show what was saved.")


def until_found(client: Client, page_path: str, word: str) -> None:
    for tries in count():
        if any(hit["page"] == page_path for hit in client.get(f"{API}/search", q=word).json()["hits"]):
            return
        if tries > 1000:
            raise SystemExit(f"Search does not find what was saved on {page_path}.")
