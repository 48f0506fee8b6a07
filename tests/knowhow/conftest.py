"""Fixtures of the application's tests: a small handbook in real git, its open services, and an HTTP client of its app."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from knowhow.server import create_app
from knowhow.services import Services, open_services
from tests.knowhow.handbook import BASE, PAGES, ROLES


@pytest.fixture(scope="session", autouse=True)
def _machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """git as on a machine where nobody has set a name, a branch or a hook; no setting of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("KNOWHOW_")]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(scope="session")
def template(_machine: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook, made once: pages committed by Ann, the database migrated. Copied for each test."""
    root = tmp_path_factory.mktemp("template") / "handbook"
    for path, text in PAGES.items():
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    (root / "content" / "plan.txt").write_text("A file beside the pages.\n")
    (root / "mkdocs.yml").write_text("site_name: Handbook\ndocs_dir: content\nsite_dir: .knowhow/site\n")
    (root / "knowhow.toml").write_text('[member]\nname = "Mia Meyer"\nemail = "mia@example.org"\n')
    (root / "roles.yml").write_text(ROLES)
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-q", "-m", "Write the first pages"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    services = open_services(root)
    services.index.refresh()
    services.close()
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """A workspace of this test's own."""
    return Path(shutil.copytree(template, tmp_path / "handbook", symlinks=True))


@pytest.fixture
def services(root: Path) -> Iterator[Services]:
    services = open_services(root)
    services.index.refresh()
    yield services
    services.close()


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The app without the web pages and without its lifespan: no job runs by itself."""
    return create_app(services, with_ui=False)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def reading(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of one workspace for all tests of a module that change nothing."""
    services = open_services(Path(shutil.copytree(template, tmp_path_factory.mktemp("reading") / "handbook", symlinks=True)))
    services.index.refresh()
    yield TestClient(create_app(services, with_ui=False), base_url=BASE, raise_server_exceptions=False)
    services.close()
