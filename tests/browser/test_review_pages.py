"""Review in a real browser: seen as a reader sees it, decided by keyboard, undone, rejected with a reason."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _bring_in(page: Page, text: str) -> list[str]:
    """An update, done; the ids of its suggestions."""
    made = page.request.post("/api/v1/updates", data={"channel": "chat", "text": text}).json()
    end = time.monotonic() + 30
    while (update := page.request.get(f"/api/v1/updates/{made['id']}").json())["status"] != "done":
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    return list(update["suggestions"])


def _subject(root: Path) -> str:
    command = ["git", "log", "-1", "--format=%s"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def test_a_change_is_accepted_and_undone_by_keyboard(page: Page, root: Path) -> None:
    first, *_ = _bring_in(page, "Maya [9:00 AM]: from Monday the deadline for expenses is 45 days")
    page.goto(f"/app/review/{first}")
    change = page.locator(".kh-change")
    expect(change.locator(".kh-change-heading")).to_have_text("Deadline")
    expect(change.locator(".kh-before del")).to_have_text("30")
    expect(change.locator(".kh-after ins")).to_have_text("45")
    expect(page.get_by_label("What it rests on")).to_contain_text("from Monday the deadline for expenses is 45 days")
    expect(page.locator(".kh-tag").first).to_have_text("sure")
    assert "%" not in page.locator("main .kh-suggestion").inner_text()
    page.keyboard.press("a")
    decided = page.get_by_test_id("decided")
    expect(decided).to_contain_text("Expenses now says “The deadline for expenses is 45 days.")
    assert _subject(root) == "Expenses: 30 days is now 45 days"
    decided.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("decided")).to_contain_text("Expenses is as it was before.")
    assert _subject(root) == "Undo: Expenses: 30 days is now 45 days"
    assert "is 30 days" in (root / "content/policies/expenses.md").read_text(encoding="utf-8")
    page.reload()
    expect(page.locator(".kh-after ins")).to_have_text("45")


def test_a_rejection_asks_why_and_a_closed_suggestion_keeps_its_changes(page: Page) -> None:
    first, *_ = _bring_in(
        page, "Tom [9:00 AM]: we decided to move the weekly report to Friday because clients read it on Monday"
    )
    page.goto(f"/app/review/{first}")
    expect(page.get_by_test_id("accept")).to_be_visible()
    expect(page.get_by_role("button", name="It is not true")).to_be_hidden()
    page.keyboard.press("r")
    page.get_by_label("Reason for the rejection").fill("Clients asked for Thursday")
    page.get_by_role("button", name="Reject with this reason").click()
    expect(page.get_by_test_id("decided")).to_contain_text("Rejected: Clients asked for Thursday")
    page.goto(f"/app/review/{first}")
    expect(page.get_by_test_id("decided")).to_contain_text("Rejected: Clients asked for Thursday")
    expect(page.locator(".kh-after ins")).to_contain_text("Friday")


def test_the_list_goes_by_keyboard_and_takes_all_of_one_update(page: Page, root: Path) -> None:
    made = _bring_in(
        page,
        "Maya [9:00 AM]: from now on the limit for travel requests is 500 euros\n"
        "Tom [9:03 AM]: we decided to move the weekly report to Wednesday",
    )
    assert len(made) == 2
    page.goto("/app/review")
    expect(page.get_by_role("button", name="Accept all 2")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-suggestion]").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-suggestion]").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[data-suggestion]").first).to_be_focused()
    page.get_by_role("button", name="Accept all 2").click()
    expect(page.get_by_text("2 accepted")).to_be_visible()
    for key in made:
        assert page.request.get(f"/api/v1/suggestions/{key}").json()["status"] == "accepted"


def test_after_a_decision_the_next_one_is_one_key_away(page: Page) -> None:
    one = _bring_in(page, "Maya [9:00 AM]: from Monday the deadline for expenses is 50 days")[0]
    two = _bring_in(page, "Maya [9:00 AM]: from now on the limit for travel requests is 700 euros")[0]
    page.goto(f"/app/review/{one}")
    page.get_by_test_id("accept").click()
    expect(page.locator("[data-kh-next]")).to_have_text("Next (1)")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.wait_for_url(f"**/app/review/{two}")
