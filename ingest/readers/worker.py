"""A process that turns documents into Markdown and is kept for the next one, for starting it takes seconds.

It has a bound on memory and a time for each document. One that overruns either, or crashes, is killed, and the next document
gets a new one. After some minutes without work, or many documents, it ends.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time

__all__ = ["ConversionFailed", "ConversionTimedOut", "Workers"]


class ConversionFailed(Exception):
    """The document cannot be read, or took the process down with it."""


class _ProcessEnded(Exception):
    """The process ended before it answered."""


class ConversionTimedOut(Exception):
    """The document took too long."""


class Workers:
    """At most `at_once` processes, made when they are needed (each takes a processor and some 200 MB)."""

    def __init__(self, *, at_once: int = 2, idle_s: float = 300.0, most_documents: int = 200) -> None:
        self._idle_s = idle_s
        self._most_documents = most_documents
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._waiting: list[_Worker] = []
        self._working: list[_Worker] = []
        self._reaper: threading.Timer | None = None

    def convert(self, ending: str, data: bytes, *, memory_bytes: int, timeout_s: float) -> str:
        """The Markdown of a document. Raises ConversionFailed or ConversionTimedOut; the time counts from when its turn comes."""
        with self._turns:
            deadline = time.monotonic() + timeout_s
            while True:
                worker = self._take(memory_bytes)
                was_waiting = worker.documents > 0
                try:
                    return worker.convert(ending, data, timeout_s=max(0.0, deadline - time.monotonic()))
                except _ProcessEnded as error:
                    if not was_waiting:  # one that waited may have been ended from outside: once more in a new one
                        raise ConversionFailed("the process ended") from error
                finally:
                    self._give_back(worker)

    def pids(self) -> list[int]:
        """The ids of the processes there are, at work or waiting."""
        with self._lock:
            return [worker.pid for worker in (*self._waiting, *self._working)]

    def close(self) -> None:
        """End every process that waits for work."""
        with self._lock:
            ended, self._waiting = self._waiting, []
            if self._reaper is not None:
                self._reaper.cancel()
                self._reaper = None
        for worker in ended:
            worker.end()

    def _take(self, memory_bytes: int) -> _Worker:
        stale: list[_Worker] = []
        found: _Worker | None = None
        with self._lock:
            while self._waiting and found is None:
                worker = self._waiting.pop()
                if worker.memory_bytes == memory_bytes and worker.is_alive():
                    found = worker
                else:
                    stale.append(worker)
        for worker in stale:
            worker.end()
        found = found if found is not None else _Worker(memory_bytes)
        with self._lock:
            self._working.append(found)
        return found

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._working.remove(worker)
        if not worker.is_alive() or worker.documents >= self._most_documents:
            worker.end()
            return
        worker.idle_since = time.monotonic()
        with self._lock:
            self._waiting.append(worker)
            self._reap_later()

    def _reap_later(self) -> None:
        if self._reaper is None:
            self._reaper = threading.Timer(self._idle_s, self._reap)
            self._reaper.daemon = True
            self._reaper.start()

    def _reap(self) -> None:
        oldest = time.monotonic() - self._idle_s
        with self._lock:
            self._reaper = None
            ended = [worker for worker in self._waiting if worker.idle_since <= oldest]
            self._waiting = [worker for worker in self._waiting if worker.idle_since > oldest]
            if self._waiting:
                self._reap_later()
        for worker in ended:
            worker.end()


class _Worker:
    """One process; used by one thread at a time."""

    def __init__(self, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.documents = 0
        self.idle_since = 0.0
        self._broken = False
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "ingest.readers.convert", str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return not self._broken and self._process.poll() is None

    def convert(self, ending: str, data: bytes, *, timeout_s: float) -> str:
        self.documents += 1
        overrun = threading.Event()

        def stop() -> None:
            overrun.set()
            self._process.kill()

        timer = threading.Timer(timeout_s, stop)
        timer.daemon = True
        timer.start()
        try:
            answer, said = self._ask(ending, data)
        except (OSError, ValueError) as error:
            self._broken = True
            if overrun.is_set():
                raise ConversionTimedOut from error
            raise _ProcessEnded from error
        finally:
            timer.cancel()
        self._broken = answer == "spent"
        if answer != "ok":
            raise ConversionFailed(said)
        return said

    def _ask(self, ending: str, data: bytes) -> tuple[str, str]:
        """Raises OSError or ValueError where the process ends before it has answered."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{ending} {len(data)}\n".encode())
        stdin.write(data)
        stdin.flush()
        answer, size = stdout.readline().decode("ascii").split()
        payload = stdout.read(int(size))
        if len(payload) < int(size):
            raise ValueError("the answer was cut off")
        return answer, payload.decode("utf-8")

    def end(self) -> None:
        """Kill the process and let go of its pipes."""
        self._broken = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not yet written to a dead process
                    pipe.close()
