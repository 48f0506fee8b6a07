"""Drawing pages ahead in quiet moments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from knowhow.drawing_ahead import Ahead, Traffic
from knowhow.services import Services


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def ahead(services: Services, traffic: Traffic) -> Iterator[Ahead]:
    made = Ahead(services, traffic)
    yield made
    made.stop()


def test_all_pages_are_drawn_in_a_quiet_moment_and_again_after_a_change(services: Services, ahead: Ahead) -> None:
    ahead.start()
    _until(lambda: ahead.drawn == len(services.workspace.page_paths()))
    (services.workspace.docs_dir / "added.md").write_text("# Added\n")
    services.pages_changed(["added.md"])
    ahead.changed()
    _until(lambda: ahead.drawn == len(services.workspace.page_paths()))


def test_nothing_is_drawn_while_a_request_is_at_work(services: Services, ahead: Ahead, traffic: Traffic) -> None:
    traffic.begun()
    ahead.start()
    time.sleep(0.5)
    assert ahead.drawn == 0
    traffic.ended()
    _until(lambda: ahead.drawn > 0)


def test_it_stops_at_once_in_the_middle_of_the_pages(ahead: Ahead, traffic: Traffic) -> None:
    traffic.begun()
    ahead.start()
    started = time.monotonic()
    ahead.stop()
    assert time.monotonic() - started < 2


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
