"""Real Knowhow processes for tests: a server that can be killed, and scripts that kill themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import httpx

from bench.server import free_port

__all__ = ["Server", "run_python", "until"]


def until(condition: Callable[[], bool], *, timeout_s: float = 30.0, what: str = "it") -> None:
    """Wait for a condition; an AssertionError if it does not come true in time."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {timeout_s:.0f} s"
        time.sleep(0.02)


def run_python(script: str, *args: object) -> subprocess.CompletedProcess[str]:
    """Run a script with the project importable; exit status -9 is a SIGKILL."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


class Server:
    """`knowhow serve` on a workspace, as a context manager; ready on entry, stopped at the end. What it logs is kept in `log`."""

    def __init__(self, root: Path, **env: str) -> None:
        self.root = root
        self.log = root.parent / "server.log"
        self._env = {**os.environ, **env}
        self._start()

    def _start(self) -> None:
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "knowhow", "serve", "-w", str(self.root), "--port", str(port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self._env, stdout=log, stderr=log)
        self.client = httpx.Client(base_url=self.base, timeout=60)
        until(self._ready, timeout_s=60, what="the server's start")

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.client.close()
        self.process.kill()
        self.process.wait(30)

    def restart(self) -> None:
        self._start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
