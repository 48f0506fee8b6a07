"""Readers that take as little time as they can, so that a server and not its measuring is at its limit: plain sockets, in processes of their own."""

from __future__ import annotations

import multiprocessing
import random
import re
import selectors
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

__all__ = ["fetch", "one_reader_ms", "requests_per_second"]

_PROCESSES = 2
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD = 4096


def one_reader_ms(base: str, urls: Sequence[str], *, gzip: bool = False) -> list[float]:
    """Milliseconds of each of these GETs, one after the other on one connection."""
    times = []
    with closing(_Connection(base)) as connection:
        for request in _requests(base, urls, gzip=gzip):
            start = time.perf_counter()
            connection.send(request)
            while not connection.receive():
                pass
            times.append((time.perf_counter() - start) * 1000)
    return times


def requests_per_second(base: str, urls: Sequence[str], *, clients: int, seconds: float, gzip: bool = False) -> float:
    """What `clients` connections get answered together, each asking for the next page as soon as it has one."""
    shares = [clients // _PROCESSES + (number < clients % _PROCESSES) for number in range(_PROCESSES)]
    with ProcessPoolExecutor(_PROCESSES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.2] * _PROCESSES))  # both are there before the first begins
        runs = [pool.submit(_read, base, list(urls), share, seconds, gzip=gzip, seed=share) for share in shares]
        return sum(run.result() for run in runs)


def fetch(base: str, url: str, *, gzip: bool = False) -> tuple[bytes, bytes]:
    """(head, body) of a page, as they come over the line."""
    with closing(_Connection(base)) as connection:
        connection.send(_requests(base, [url], gzip=gzip)[0])
        while not connection.receive():
            pass
        return connection.answer()


def _read(base: str, urls: list[str], clients: int, seconds: float, *, gzip: bool, seed: int) -> float:
    chance = random.Random(seed)
    requests = _requests(base, urls, gzip=gzip)
    chance.shuffle(requests)
    connections = [_Connection(base) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(connections):
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(requests[number % len(requests)])
        done, start = 0, time.perf_counter()
        while (now := time.perf_counter()) - start < seconds:
            for key, _ in selector.select(1):
                if key.data.receive():
                    done += 1
                    key.data.send(requests[(done + clients) % len(requests)])
    for connection in connections:
        connection.close()
    return done / (now - start)


def _requests(base: str, urls: Sequence[str], *, gzip: bool) -> list[bytes]:
    more = "Accept-Encoding: gzip, deflate\r\n" if gzip else ""
    return [f"GET {url} HTTP/1.1\r\nHost: {urlsplit(base).netloc}\r\n{more}\r\n".encode() for url in urls]


class _Connection:
    """One kept connection, one request at a time."""

    def __init__(self, base: str) -> None:
        address = urlsplit(base)
        self.socket = socket.create_connection((address.hostname or "127.0.0.1", address.port or 80), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(4_000_000)
        self._view = memoryview(self._buffer)
        self._filled = self._expected = self._body_at = 0

    def send(self, request: bytes) -> None:
        self._filled = self._expected = 0
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what is there; whether the answer is complete. Ends the benchmark for another answer than 200."""
        got = self.socket.recv_into(self._view[self._filled :])
        if not got:
            raise SystemExit("The server closed a connection.")
        self._filled += got
        if not self._expected:
            head = bytes(self._view[: min(self._filled, _HEAD)])
            end = head.find(b"\r\n\r\n")
            if end < 0:
                return False
            length = _LENGTH.search(head, 0, end + 2)
            if not head.startswith(b"HTTP/1.1 200") or length is None:
                raise SystemExit(f"The answer is not the page: {head[:300]!r}")
            self._body_at, self._expected = end + 4, end + 4 + int(length[1])
        return self._filled >= self._expected

    def answer(self) -> tuple[bytes, bytes]:
        return bytes(self._view[: self._body_at]), bytes(self._view[self._body_at : self._expected])

    def close(self) -> None:
        self.socket.close()
