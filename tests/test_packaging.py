"""The wheel carries all that Knowhow needs: what `pip install` gives works in a folder that knows nothing of the repository."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("wiki", "assistant", "ingest", "knowhow")


def run(*command: object, cwd: Path) -> str:
    """In an environment like a fresh shell's; gives what was printed."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8"}
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    return next(folder.glob("knowhow-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new virtual environment with the wheel in it, which takes the libraries alone from this one's."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")  # .pth files found there are not read
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder / "bin/python", "install", "--quiet"]
    run(*pip, "--no-deps", "--no-index", "--no-compile", "--ignore-installed", wheel, cwd=folder.parent)
    return folder / "bin"


def test_the_wheel_holds_every_file_of_the_packages_and_what_stands_beside_them(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    tracked = [path for path in listed if (ROOT / path).is_file()]
    expected = {path for path in tracked if path.startswith(tuple(f"{name}/" for name in PACKAGES))}
    expected |= {
        f"wiki/_starter/{path}" for path in tracked if path.startswith("content/") or path in ("mkdocs.yml", "roles.yml")
    }
    expected |= {path.replace("site/", "wiki/_site/", 1) for path in tracked if path.startswith("site/")}
    expected.add("knowhow/_docs/errors.md")
    assert expected - held == set()
    assert {path.split("/")[0] for path in held} == {*PACKAGES, "knowhow-0.1.0.dist-info"}


def test_an_installed_knowhow_makes_and_serves_a_handbook_anywhere(installed: Path, tmp_path: Path) -> None:
    where = "import wiki, assistant, ingest, knowhow, sys; print(*(m.__file__ for m in (wiki, assistant, ingest, knowhow)))"
    assert run(installed / "python", "-c", where, cwd=tmp_path).count(str(installed.parent)) == len(PACKAGES)
    run(installed / "knowhow", "init", "handbook", cwd=tmp_path)
    started = {path.relative_to(ROOT / "content") for path in (ROOT / "content").rglob("*.md")}
    assert {path.relative_to(tmp_path / "handbook/content") for path in (tmp_path / "handbook").rglob("*.md")} == started
    assert "onboarding" in run(installed / "knowhow", "search", "client onboarding", cwd=tmp_path / "handbook")
    with serving(installed, tmp_path / "handbook") as get:
        page = get("/")
        for asset in set(re.findall(r'(?:href|src)="((?!https?:|data:|#)[^"#?]+\.(?:css|js|svg|png))', page)):
            assert get("/" + asset.removeprefix("./").removeprefix("/")), asset
        assert '<h2 id="' in get("/docs/errors")
        assert "/app/own/app.css" in get("/app/ask")
        assert ".kh-suggestion" in get("/app/own/app.css")
        assert '"hits":[{' in get("/api/v1/search?q=weekly+report").replace(" ", "")
    assert "Traceback" not in (tmp_path / "log").read_text()
    run(installed / "python", "-m", "mkdocs", "build", "--quiet", cwd=tmp_path / "handbook")
    assert (tmp_path / "handbook/.knowhow/site/index.html").is_file()


@contextmanager
def serving(installed: Path, workspace: Path) -> Iterator[Callable[[str], str]]:
    """`knowhow serve` in the workspace; gives a function from a path to the body found there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    def get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
            return str(response.read().decode())

    env = {"PATH": os.environ["PATH"], "HOME": str(workspace.parent)}
    command = [str(installed / "knowhow"), "serve", "--port", str(port)]
    with (
        (workspace.parent / "log").open("w") as log,
        subprocess.Popen(command, cwd=workspace, env=env, stdout=log, stderr=log) as server,
    ):
        try:
            deadline = time.monotonic() + 60
            while True:
                assert server.poll() is None, (workspace.parent / "log").read_text()
                try:
                    get("/readyz")
                except (urllib.error.URLError, OSError):
                    assert time.monotonic() < deadline, (workspace.parent / "log").read_text()
                    time.sleep(0.1)
                else:
                    break
            yield get
        finally:
            server.terminate()
            server.wait(20)
