"""A stand-in for Ollama that says what a test tells it to, and keeps what it was asked.

Two ways in, the same replies: `handle` for `httpx.MockTransport` (the client libraries above it are the real ones), and
`serve()`, a real HTTP server on a loopback port for tests that start the whole program.

    ollama = FakeOllama()
    ollama.reply("Backups run hourly [1].")
    model = OllamaModel("http://ollama.test", ollama.model, transport=httpx.MockTransport(ollama.handle))
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

__all__ = ["FakeOllama"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scripted:
    """One reply. `pieces` are streamed in order; then the stream ends as `end` says."""

    pieces: tuple[str, ...] = ()
    end: str = "done"  # done, drop (connection lost), stop (ends without the last message)
    raw: bytes | None = None  # a body sent as it is
    status: int = 200
    error: str = ""
    delay_s: float = 0.0  # before the first byte
    pause_s: float = 0.0  # before each piece


@dataclass(slots=True, kw_only=True)
class FakeOllama:
    """Scripted replies, first in first out; `always` answers when none is left. Thread-safe.

    `requests` keeps every body sent to /api/chat; `prompts` the text of each, all its messages together.
    """

    model: str = "test-model"
    pulled: tuple[str, ...] | None = None  # None: just `model`
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    always: Callable[[dict[str, Any]], str] | None = None
    _script: deque[_Scripted] = field(default_factory=deque)

    # What the test says.

    def reply(self, text: str, *, delay_s: float = 0.0) -> None:
        """Answer the next question with `text`, streamed word by word."""
        self.reply_pieces(re.findall(r"\s*\S+|\s+$", text), delay_s=delay_s)

    def reply_pieces(self, pieces: Sequence[str], *, pause_s: float = 0.0, delay_s: float = 0.0) -> None:
        """Answer the next question with exactly these pieces, `pause_s` before each."""
        self._script.append(_Scripted(pieces=tuple(pieces), pause_s=pause_s, delay_s=delay_s))

    def reply_json(self, value: object) -> None:
        """Answer the next question with a JSON text."""
        self._script.append(_Scripted(pieces=(json.dumps(value),)))

    def drop_after(self, text: str) -> None:
        """Say `text`, then lose the connection."""
        self._script.append(_Scripted(pieces=tuple(re.findall(r"\s*\S+", text)), end="drop"))

    def stop_after(self, text: str) -> None:
        """Say `text`, then end the stream without Ollama's last message."""
        self._script.append(_Scripted(pieces=tuple(re.findall(r"\s*\S+", text)), end="stop"))

    def garbage(self, body: bytes = b"<html>not Ollama</html>\n") -> None:
        """Send a body that is not Ollama's protocol."""
        self._script.append(_Scripted(raw=body))

    def fail(self, status: int = 500, error: str = "llama runner process has terminated") -> None:
        self._script.append(_Scripted(status=status, error=error))

    def not_pulled(self) -> None:
        """From now on the model is not there: neither listed nor answering."""
        self.pulled = ()

    @property
    def prompts(self) -> list[str]:
        return ["\n".join(str(m.get("content", "")) for m in r.get("messages", [])) for r in self.requests]

    # As httpx.MockTransport's handler.

    def handle(self, request: httpx.Request) -> httpx.Response:
        status, body = self._answer(request.method, request.url.path, request.read())
        timeout = request.extensions.get("timeout", {}).get("read")
        return httpx.Response(status, stream=_Stream(body, timeout, request))

    # As a server.

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[_Served]:
        """A real server on 127.0.0.1; the object it gives has `.url`."""
        server = _server(self, port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield _Served(url=f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            server.server_close()
            thread.join(timeout=5)

    def _answer(self, method: str, path: str, content: bytes) -> tuple[int, Iterator[bytes]]:
        self.paths.append(path)
        pulled = (self.model,) if self.pulled is None else self.pulled
        if method == "GET" and path == "/api/tags":
            return 200, iter([json.dumps({"models": [{"model": m, "name": m} for m in pulled]}).encode()])
        if method == "GET" and path == "/api/version":
            return 200, iter([b'{"version":"0.99.0"}'])
        if path != "/api/chat":
            return 404, iter([b"404 page not found"])
        asked: dict[str, Any] = json.loads(content)
        self.requests.append(asked)
        if asked.get("model") not in pulled:
            return 404, iter([json.dumps({"error": f"model '{asked.get('model')}' not found"}).encode()])
        if self._script:
            scripted = self._script.popleft()
        elif self.always is not None:
            scripted = _Scripted(pieces=(self.always(asked),))
        else:
            raise AssertionError(f"FakeOllama was asked without a reply in its script: {self.prompts[-1][:300]}")
        if scripted.status != 200:
            return scripted.status, iter([json.dumps({"error": scripted.error}).encode()])
        return 200, _body(scripted, self.model, stream=bool(asked.get("stream", True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Served:
    url: str


class _DroppedError(Exception):
    """The connection is lost at this point of the body."""


def _body(scripted: _Scripted, model: str, *, stream: bool) -> Iterator[bytes]:
    _nap(scripted.delay_s)
    if scripted.raw is not None:
        yield scripted.raw
        return
    if not stream:
        yield _line(model, "".join(scripted.pieces), done=True)
        return
    for piece in scripted.pieces:
        _nap(scripted.pause_s)
        yield _line(model, piece, done=False)
    if scripted.end == "drop":
        raise _DroppedError
    if scripted.end == "done":
        yield _line(model, "", done=True)


def _line(model: str, text: str, *, done: bool) -> bytes:
    message = {
        "model": model,
        "created_at": "2026-11-22T16:00:00Z",
        "message": {"role": "assistant", "content": text},
        "done": done,
    }
    return json.dumps(message | ({"done_reason": "stop"} if done else {})).encode() + b"\n"


def _nap(seconds: float) -> None:
    if seconds:
        time.sleep(seconds)


class _Stream(httpx.SyncByteStream):
    """The body as httpx reads it: a wait longer than the client's time-out, or a lost connection, is raised as httpx would."""

    def __init__(self, body: Iterator[bytes], timeout_s: float | None, request: httpx.Request) -> None:
        self._body, self._timeout_s, self._request = body, timeout_s, request

    def __iter__(self) -> Iterator[bytes]:
        while True:
            started = time.monotonic()
            try:
                piece = next(self._body)
            except StopIteration:
                return
            except _DroppedError:
                raise httpx.RemoteProtocolError("peer closed connection", request=self._request) from None
            if self._timeout_s is not None and time.monotonic() - started > self._timeout_s:
                raise httpx.ReadTimeout("timed out", request=self._request)
            yield piece


def _server(fake: FakeOllama, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._respond()

        def do_POST(self) -> None:
            self._respond()

        def _respond(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = fake._answer(self.command, self.path, content)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-ndjson")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for piece in body:
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
            except (_DroppedError, BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the test reads `requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server
