"""Diagrams of pages, drawn by the script that comes along: nothing is fetched from elsewhere (the `page` fixture sees to that)."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from wiki.git.repository import Repository
from wiki.site.publishing import publish
from wiki.workspace.workspace import Workspace

pytestmark = pytest.mark.browser

TEXT = """# Flow

```mermaid
graph TD
  A[Offer] --> B[Signed contract]
  click A "javascript:alert(1)"
```

## What cannot be drawn

```mermaid
graph TD
  A --> ((
```

## Who talks to whom

```mermaid
sequenceDiagram
  Client->>Delivery lead: <img src=x onerror=alert(1)> asks
```
"""


@pytest.fixture(scope="module")
def drawn_root(root: Path) -> Path:
    (root / "content/flow.md").write_text(TEXT)
    return root


@pytest.fixture(scope="module")
def published(drawn_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a plain file server on the export."""
    target = tmp_path_factory.mktemp("published") / "site"
    publish(Workspace.open(drawn_root), Repository(drawn_root), target)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(target))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def expect_drawn(page: Page) -> None:
    drawings = page.locator(".kh-drawing svg")
    expect(drawings).to_have_count(2)
    expect(drawings.first).to_contain_text("Signed contract")
    expect(drawings.last).to_contain_text("Delivery lead")
    text = page.locator(".kh-diagram")
    expect(text).to_have_count(3)
    expect(text.nth(0)).to_be_hidden()
    expect(text.nth(1)).to_be_visible()
    expect(text.nth(1)).to_contain_text("A --> ((")
    expect(text.nth(2)).to_be_hidden()
    box = drawings.first.bounding_box()
    assert box is not None
    assert box["height"] > 60
    assert page.locator(".kh-drawing img, .kh-drawing [href^=javascript], .kh-drawing [onerror]").count() == 0


def test_diagrams_are_drawn_in_the_live_site_and_one_that_cannot_be_stays_as_its_text(page: Page, drawn_root: Path) -> None:
    page.goto("/flow/")
    expect_drawn(page)
    assert "Not drawn" in (page.locator(".kh-diagram").nth(1).get_attribute("title") or "")


def test_diagrams_follow_the_choice_of_light_or_dark(page: Page, drawn_root: Path) -> None:
    page.goto("/flow/")
    label = page.locator(".kh-drawing svg .nodeLabel").first
    expect(label).to_be_visible()
    light = label.evaluate("node => getComputedStyle(node).color")
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    page.wait_for_function(
        "before => getComputedStyle(document.querySelector('.kh-drawing svg .nodeLabel')).color !== before", arg=light
    )
    expect_drawn(page)


def test_a_page_without_a_diagram_loads_nothing_for_drawing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/policies/expenses/")
    assert asked
    assert not any("mermaid" in url or "diagrams.js" in url for url in asked)


def test_diagrams_are_drawn_in_the_published_site(browser: Browser, published: str) -> None:
    context = browser.new_context()
    tab = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(f"{published}/flow/")
    expect_drawn(tab)
    assert not [url for url in asked if not url.startswith((published, "data:", "blob:"))]
    assert not errors
    context.close()


def test_without_scripts_a_diagram_is_its_text(browser: Browser, published: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{published}/flow/")
    expect(tab.locator(".kh-diagram").first).to_contain_text("A[Offer] --> B[Signed contract]")
    expect(tab.locator(".kh-diagram").first).to_be_visible()
    context.close()
