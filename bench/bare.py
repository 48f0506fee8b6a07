"""The least that a server in Python can do: an ASGI application that looks bytes up by path, under the same uvicorn.

`python -m bench.bare PORT FILE` serves what `write_answers` put into the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bench.load import fetch
from bench.server import free_port

__all__ = ["serving_bare", "write_answers"]


def write_answers(file: Path, answers: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Keep (head, body) by quoted URL. uvicorn adds its own `date` and `server` again, as it does for any application."""
    rows = {}
    for url, (head, body) in answers.items():
        lines = (line.partition(": ") for line in head.decode("latin-1").strip().split("\r\n")[1:])
        headers = [[name, value] for name, _, value in lines if name not in ("date", "server")]
        rows[unquote(url)] = {"headers": headers, "body": b64encode(body).decode()}
    file.write_text(json.dumps(rows))


@contextmanager
def serving_bare(file: Path) -> Iterator[str]:
    """The application in a process of its own; gives its base URL."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "bench.bare", str(port), str(file)]) as process:
        try:
            _wait(base)
            yield base
        finally:
            process.kill()


def _wait(base: str) -> None:
    for _ in range(200):
        try:
            fetch(base, "/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The bare application did not start.")


def main() -> None:
    import uvicorn

    rows = json.loads(Path(sys.argv[2]).read_bytes())
    answers = {
        path: ([(name.encode(), value.encode("latin-1")) for name, value in row["headers"]], b64decode(row["body"]))
        for path, row in rows.items()
    }

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers, body = answers[scope["path"]]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(application, port=int(sys.argv[1]), log_level="error", access_log=False, lifespan="off")


if __name__ == "__main__":
    main()
