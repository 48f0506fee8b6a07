"""git's housekeeping while the server runs."""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from knowhow.tidying import Tidier
from wiki.git.repository import Change, Person, Repository

ANN = Person(name="Ann", email="ann@example.org")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with many packs."""
    for command in (["init", "-q"], ["config", "gc.autoPackLimit", "2"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    repository = Repository(tmp_path)
    for number in range(4):
        add_pack(repository, number)
    return repository


def add_pack(repository: Repository, number: int) -> None:
    change = Change(path_in_repo="page.md", data=b"%d\n" % number)
    repository.commit([change], author=ANN, message="Edit")
    subprocess.run(["git", "repack", "-q"], cwd=repository.root, check=True)


def packs(repository: Repository) -> int:
    return len(list((repository.root / ".git/objects/pack").glob("*.pack")))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_git_packs_its_objects_again_and_again(repository: Repository) -> None:
    assert packs(repository) == 4
    tidier = Tidier(repository, first_s=0.01, every_s=0.2)
    tidier.start()
    try:
        wait_until(lambda: packs(repository) == 1)
        for number in range(4, 8):
            add_pack(repository, number)
        wait_until(lambda: packs(repository) == 1)
    finally:
        tidier.stop()
        tidier._thread.join(30)
    assert not tidier._thread.is_alive()
    assert repository.show(repository.head() or "", "page.md") == b"7\n"


def test_a_failure_is_logged_and_tried_again(repository: Repository, caplog: pytest.LogCaptureFixture) -> None:
    head = repository.root / ".git/HEAD"
    text = head.read_text()
    head.unlink()
    tidier = Tidier(repository, first_s=0.01, every_s=0.1)
    with caplog.at_level(logging.ERROR):
        tidier.start()
        try:
            wait_until(lambda: "git could not tidy up" in caplog.text)
            head.write_text(text)
            wait_until(lambda: packs(repository) == 1)
        finally:
            tidier.stop()
            tidier._thread.join(30)
