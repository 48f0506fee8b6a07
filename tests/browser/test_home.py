"""The first page lives: what waits, what changed, decisions, blockers, then the firm's own text. Folders without a page list theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_first_page_says_what_is_going_on_before_the_firms_own_text(page: Page) -> None:
    made = page.request.post(
        "/api/v1/updates", data={"text": "Maya [9:00 AM]: from Monday the deadline for expenses is 45 days"}
    ).json()
    while page.request.get(f"/api/v1/updates/{made['id']}").json()["status"] != "done":
        page.wait_for_timeout(100)
    page.add_init_script(
        "window.khShift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) khShift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/")
    waits = page.get_by_role("region", name="Waits for you")
    expect(waits.get_by_role("link", name="1 suggestion")).to_have_attribute("href", page.url + "app/review")
    expect(page.get_by_role("region", name="Latest decisions").get_by_role("link").first).to_be_visible()
    expect(page.get_by_role("region", name="Open blockers").get_by_role("link").first).to_be_visible()
    assert page.evaluate("khShift") < 0.02
    above = page.get_by_role("region", name="Open blockers").bounding_box()
    below = page.get_by_role("heading", level=2, name="How work flows").bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    text = page.request.get("/api/v1/pages/policies/travel.md").json()
    changed = {"text": text["text"] + "\nBy train.\n"}
    assert page.request.put("/api/v1/pages/policies/travel.md", data=changed, headers={"If-Match": text["revision"]}).ok
    page.reload()
    expect(page.get_by_role("region", name="Changed this week").get_by_role("link").first).to_have_text("Travel")


def test_a_folder_without_a_page_lists_its_pages(page: Page) -> None:
    page.goto("/policies/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Policies")
    page.locator("article").get_by_role("link", name="Travel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Travel")
    page.goto("/policies/")
    page.get_by_role("link", name="Write its page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New page: Policies")
