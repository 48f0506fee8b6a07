"""The whole journey in a real browser: read, search, ask, bring in news, review, accept; then the page, search and git say so."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SPEECH

pytestmark = pytest.mark.browser

DEADLINE = "The deadline for expenses is {} days."


def _log(root: Path, *args: str) -> str:
    return subprocess.run(["git", "log", *args], cwd=root, capture_output=True, text=True, check=True).stdout


def test_from_a_recording_and_a_chat_to_the_changed_pages(page: Page, root: Path) -> None:
    # Read
    page.goto("/")
    page.get_by_role("link", name="Expenses").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Expenses")
    expect(page.locator("article")).to_contain_text(DEADLINE.format(30))
    expect(page.locator("article")).to_contain_text("Finance manager")

    # Search, as you type
    page.keyboard.press("/")
    page.keyboard.type("client kickof")
    hit = page.get_by_role("option").filter(has_text="kickoff").first
    expect(hit).to_be_visible()

    # Ask
    page.goto("/app/ask")
    page.get_by_label("Your question").fill("What is the deadline for expenses?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_test_id("answer")).to_contain_text("30 days")
    expect(page.locator(".kh-citation a").first).to_have_attribute("href", re.compile(r"^/policies/expenses/"))

    # Bring in a recording: "From Monday the deadline for expenses is forty five days."
    page.goto("/app/inbox")
    page.locator("input[type=file]").set_input_files(SPEECH / "memos" / "change-deadline.ogg")
    recording = page.locator("[data-update]").filter(has_text="change-deadline.ogg")
    expect(recording.locator("summary").first).to_have_text("1 line read: 1 suggestion")
    recording.locator("summary").first.click()
    expect(recording.get_by_text("the deadline for expenses is forty five days").first).to_be_visible()
    # … and a pasted chat
    page.get_by_label("Paste a chat, a mail or notes").fill(
        "Maya [9:00 AM]: morning!\nMaya [9:01 AM]: from now on the limit for travel requests is 500 euros"
    )
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("link", name="Travel").first).to_be_visible()

    # Review the recording's suggestion and accept it
    page.locator("[data-update]").get_by_role("link", name="Expenses").first.click()
    expect(page.get_by_text("the deadline for expenses is forty five days").first).to_be_visible()
    expect(page.locator(".kh-before")).to_contain_text(DEADLINE.format(30))
    expect(page.locator(".kh-after ins")).to_have_text("45")
    started = time.monotonic()
    page.get_by_test_id("accept").click()
    page.get_by_role("link", name="See the page").click()
    page.wait_for_url("**/policies/expenses/**")
    expect(page.locator("article")).to_contain_text(DEADLINE.format(45))
    assert time.monotonic() - started < 5, "the accepted edit took too long to be seen"
    expect(page.locator("article")).not_to_contain_text(DEADLINE.format(30))

    # Search says so
    found = page.request.get("/api/v1/search", params={"q": "deadline for expenses"}).json()
    assert "45" in found["hits"][0]["snippet"]

    # git says so: under the person's name, with the suggestion and its update
    log = _log(
        root,
        "-1",
        "--format=%an <%ae>%n%(trailers:key=Suggestion,valueonly)%(trailers:key=Update,valueonly)",
        "--",
        "content/policies/expenses.md",
    )
    author, suggestion, update = [line for line in log.splitlines() if line]
    assert author == "Noor Haddad <noor@kestrelrow.example>"
    assert page.request.get(f"/api/v1/suggestions/{suggestion}").json()["status"] == "accepted"
    assert page.request.get(f"/api/v1/updates/{update}").json()["channel"] == "voice"

    # The page's history shows it, too
    page.goto("/app/history/policies/expenses.md")
    expect(page.get_by_text("Noor Haddad").first).to_be_visible()
    page.get_by_role("button", name="What changed").first.click()
    expect(page.locator(".kh-added")).to_contain_text(DEADLINE.format(45))
