"""Drawing pages ahead in quiet moments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from knowhow.drawing_ahead import Ahead, Traffic
from knowhow.most_linked import MostLinked
from knowhow.services import Services
from tests.knowhow.handbook import EXPENSES


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


def test_the_pages_that_most_others_link_to_are_drawn_first(
    services: Services, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs_dir, audience = services.workspace.docs_dir, services.local_admin.audience
    (docs_dir / "zoo.md").write_text("# Zoo\n")
    for name in ("a", "b", "c"):
        (docs_dir / f"{name}.md").write_text(f"# {name}\n\n[Zoo](zoo.md), [again](zoo.md) and [none](none.md).\n")
    monkeypatch.setattr("knowhow.drawing_ahead._BUDGET_BYTES", 1)
    ahead.start()
    _until(lambda: ahead.drawn == 1)
    assert services.site.kept("/zoo/", audience) is not None
    assert services.site.kept("/a/", audience) is None


def test_the_count_of_links_is_there_at_the_next_start_and_made_anew_where_it_is_damaged(services: Services) -> None:
    ws = services.workspace
    first = MostLinked(ws)
    assert not first.known
    assert first.count(ws.page_paths(), lambda: True)
    again = MostLinked(ws)
    assert again.known
    assert not again.counted
    assert again.first(["index.md", "people/pay.md", EXPENSES]) == [EXPENSES, "index.md", "people/pay.md"]
    for damage in (b"[[", b"{}", b'[["a"]]', b"[1]", b"\xff"):
        (ws.state_dir / "cache" / "most-linked.json").write_bytes(damage)
        assert not MostLinked(ws).known
    assert not first.count(ws.page_paths(), lambda: False)


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
