"""One frame around the site and the app: colours, header, contrast, landmarks, and nothing that jumps."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PATHS = [
    "/",
    "/policies/expenses/",
    "/app/ask?q=deadline+for+expenses",
    "/app/review",
    "/app/inbox",
    "/app/new",
    "/app/edit/policies/expenses.md",
    "/app/history/policies/expenses.md",
    "/app/search?q=invoice",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def suggestion(server: str, browser: Browser) -> str:
    """Something under Review and in the Inbox, so that their pages are not empty."""
    context = browser.new_context(base_url=server)
    made = context.request.post(
        "/api/v1/updates",
        data={"text": "Maya [9:00 AM]: from Monday the deadline for expenses is 45 days\nTom [9:01 AM]: why?"},
    ).json()
    for _ in range(300):
        if (found := context.request.get(f"/api/v1/updates/{made['id']}").json())["status"] == "done":
            break
        context.new_page().wait_for_timeout(100)
    context.close()
    return str(found["suggestions"][0])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_usable_by_everybody(browser: Browser, server: str, suggestion: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    found = []
    for path in [*PATHS, f"/app/review/{suggestion}"]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(800)
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found += [(path, violation["id"], node["html"][:120]) for node in violation["nodes"]]
    context.close()
    assert found == []


def test_dark_chosen_on_the_site_is_dark_in_the_app_and_back(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.locator("label[for^=__palette]:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.goto("/app/ask")
    expect(page.locator("html")).to_have_attribute("data-md-color-scheme", "slate")
    expect(page.locator("body")).to_have_class(re.compile(r"\bbody--dark\b"))
    page.get_by_role("button", name="Light mode").click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bbody--light\b"))
    page.goto("/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


def test_the_app_has_the_sites_header_at_the_same_place(page: Page) -> None:
    boxes = []
    for path in ("/", "/app/inbox"):
        page.goto(path)
        page.wait_for_timeout(600)
        place = page.get_by_role("link", name="Inbox", exact=True)
        style = place.evaluate("e => { const s = getComputedStyle(e); return [s.fontSize, s.fontFamily, s.fontWeight] }")
        box, search = place.bounding_box(), page.get_by_label("Search the handbook").bounding_box()
        assert box
        assert search
        boxes.append((round(box["x"]), round(box["y"]), style, round(search["x"]), round(search["width"])))
    assert boxes[0][2] == boxes[1][2]
    assert abs(boxes[0][0] - boxes[1][0]) <= 2
    assert abs(boxes[0][1] - boxes[1][1]) <= 2
    assert abs(boxes[0][3] - boxes[1][3]) <= 6


def test_the_header_searches_as_one_types_in_the_app_too(page: Page) -> None:
    page.goto("/app/inbox")
    expect(page.get_by_label("Paste a chat, a mail or notes")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("client kickof")
    page.get_by_role("option").filter(has_text="kickoff").first.click()
    expect(page).to_have_url(re.compile("kickoff"))


@pytest.mark.parametrize("path", ["/policies/expenses/", "/app/ask"])
def test_the_number_that_waits_moves_nothing_when_it_comes(page: Page, suggestion: str, path: str) -> None:
    assert suggestion
    page.add_init_script(
        "window.khShift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) khShift += e.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(path)
    expect(page.locator("[data-kh-review-count]")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("khShift") < 0.02


def test_no_reader_is_shown_a_commit(page: Page) -> None:
    revision = page.request.get("/api/v1/pages/policies/expenses.md").json()["revision"]
    for path in ("/policies/expenses/", "/app/history/policies/expenses.md"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(300)
        assert revision[:7] not in page.locator("body").inner_text()


def test_every_page_names_its_language_and_has_one_main(page: Page) -> None:
    for path in PATHS:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert (page.locator("html").get_attribute("lang") or "").startswith("en")
        assert page.locator("main, [role=main]").count() == 1
