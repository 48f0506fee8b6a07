"""Edits made outside of Knowhow while the server runs: taken up in search and site by themselves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowhow.services import Services
from knowhow.watcher import Watcher
from tests.knowhow.handbook import EXPENSES
from tests.knowhow.processes import until
from wiki.site.live_site import Rendered


@pytest.fixture
def watched(services: Services) -> Iterator[Services]:
    services.site.refresh()
    watcher = Watcher(services)
    watcher.start()
    marker = services.workspace.docs_dir / "marker.md"
    word = 0

    def watches() -> bool:
        nonlocal word
        word += 1
        marker.write_text(f"# Marker\n\nMarker number{word}.\n")
        return bool(found(services, "marker"))

    until(watches, timeout_s=10, what="the first event")
    yield services
    watcher.stop()


def found(services: Services, query: str) -> set[str]:
    return {hit.page_path for hit in services.index.search(query, services.local_admin.audience).hits}


def test_a_page_written_changed_and_deleted_outside(watched: Services) -> None:
    file = watched.workspace.docs_dir / "new.md"
    file.write_text("# New\n\nThe zebra is here.\n")
    until(lambda: found(watched, "zebra") == {"new.md"}, what="the new page")
    replaced = file.with_suffix(".tmp")
    replaced.write_text("# New\n\nThe giraffe is here.\n")
    replaced.replace(file)  # as editors save
    until(lambda: (found(watched, "giraffe"), found(watched, "zebra")) == ({"new.md"}, set()), what="the change")
    file.unlink()
    until(lambda: found(watched, "giraffe") == set(), what="the deletion")


def test_a_folder_moved_and_deleted_outside(watched: Services) -> None:
    folder = watched.workspace.docs_dir / "policies"
    folder.rename(folder.with_name("rules"))
    until(lambda: found(watched, "deadline") == {"rules/expenses.md"}, what="the move of the folder")
    outside = watched.workspace.root / "elsewhere"
    folder.with_name("rules").rename(outside)
    until(lambda: found(watched, "deadline") == set(), what="the folder's leaving")
    outside.rename(folder)
    until(lambda: found(watched, "deadline") == {EXPENSES}, what="the folder's return")
    shutil.rmtree(folder)
    until(lambda: found(watched, "deadline") == set(), what="the folder's deletion")


def test_a_page_with_a_strange_name_does_not_stop_the_watching(watched: Services) -> None:
    docs_dir = watched.workspace.docs_dir
    Path(os.fsdecode(os.fsencode(docs_dir) + b"/caf\xe9.md")).write_text("# Coffee\n")
    (docs_dir / "large.md").write_bytes(b"x" * 6_000_000)
    (docs_dir / "loop.md").symlink_to("loop.md")
    (docs_dir / "loop.png").symlink_to("loop.png")
    (docs_dir / "after.md").write_text("# After\n\nThe zebra is here.\n")
    until(lambda: found(watched, "zebra") == {"after.md"}, what="the page after the strange ones")
    page = watched.site.page("/after/", watched.local_admin.audience)
    assert isinstance(page, Rendered)
    assert b"zebra" in page.html


def test_a_page_that_mkdocs_yml_excludes_leaves_the_search_while_the_server_runs(watched: Services) -> None:
    until(lambda: found(watched, "deadline") == {EXPENSES})
    config = watched.workspace.mkdocs_yml
    config.write_text(config.read_text() + "exclude_docs: |\n  policies/\n")
    until(lambda: found(watched, "deadline") == set())
