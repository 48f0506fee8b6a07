"""A real server on the starter handbook and a real Chromium. Without a browser these tests fail under CI and say elsewhere that they were skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bench.server import serving
from wiki.workspace.workspace import create_workspace

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

SPEECH = Path(__file__).parents[1] / "fixtures" / "speech"


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "No Chromium on this machine: install it with `apt-get install chromium`."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(f"BROWSER TESTS SKIPPED. {message}")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of the starter handbook, in which git knows who sits at the machine."""
    root = tmp_path_factory.mktemp("browser") / "handbook"
    create_workspace(root)
    for key, value in (("user.name", "Noor Haddad"), ("user.email", "noor@kestrelrow.example")):
        subprocess.run(["git", "config", key, value], cwd=root, check=True)
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    """The base URL of a server on `root`, with the tiny speech model and no language model."""
    with serving(root, env={"KNOWHOW_INGEST_SPEECH_MODEL": str(SPEECH / "model")}) as base:
        yield base


@pytest.fixture(params=["desktop"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    sizes = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
    return sizes[request.param]


@pytest.fixture
def page(browser: Browser, server: str, size: dict[str, int]) -> Iterator[Page]:
    """A fresh tab. The test fails if the page asked another host for anything, or logged an error."""
    context: BrowserContext = browser.new_context(viewport=size, base_url=server)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE_MS)
    foreign: list[str] = []
    errors: list[str] = []
    tab.on(
        "request",
        lambda r: (
            foreign.append(r.url) if not r.url.startswith((server, server.replace("http", "ws", 1), "data:", "blob:")) else None
        ),
    )
    tab.on("pageerror", lambda error: errors.append(str(error)))
    # A refusal by the API is the page's to tell, and each such test looks for how it does.
    tab.on(
        "console",
        lambda said: errors.append(said.text) if said.type == "error" and "/api/v1/" not in said.location["url"] else None,
    )
    yield tab
    context.close()
    assert not foreign, f"asked other hosts: {foreign}"
    assert not errors, f"errors in the browser: {errors}"
