"""The Inbox: whatever is brought in, it says what became of it; what fails says so and stays."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SHED = "Ola: the bicycle shed has a roof\nBen: fine\nOla: and a lamp\nBen: finer\n"
PASTE = "Paste a chat, a mail or notes"


def _bring_in(page: Page, text: str) -> None:
    page.get_by_label(PASTE).fill(text)
    page.get_by_role("button", name="Bring it in").click()


def test_an_empty_inbox_has_an_example_that_one_click_brings_in(page: Page) -> None:
    page.goto("/app/inbox")
    page.get_by_role("button", name="Try an example").click()
    expect(page.locator(".kh-outcome > summary").first).to_have_text(
        "3 lines read: 1 suggestion, 1 question, 1 changed nothing"
    )
    page.locator(".kh-outcome > summary").first.click()
    expect(page.locator(".kh-entry").filter(has_text="question")).to_contain_text("who signs off a trip abroad?")
    expect(page.locator(".kh-entry").get_by_role("link", name="Expenses")).to_be_visible()
    expect(page.get_by_role("button", name="Try an example")).to_be_hidden()


def test_an_empty_paste_says_what_is_missing_and_leads_back_to_the_box(page: Page) -> None:
    page.goto("/app/inbox")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is nothing to read yet")
    expect(page.get_by_label(PASTE)).to_be_focused()
    page.get_by_label(PASTE).fill("x")
    expect(page.locator("#kh-paste-problem")).to_be_hidden()


def test_a_paste_of_150_kilobytes_is_read(page: Page) -> None:
    line = "Ines [9:{:02d} AM]: build {} of the long evening is green, " + "and so is the one after it, " * 18 + "good night\n"
    text = "".join(line.format(number % 60, number) for number in range(270))
    assert len(text) > 150_000
    page.goto("/app/inbox")
    page.evaluate("text => { document.getElementById('kh-paste').value = text }", text)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".kh-outcome > summary").first).to_contain_text("270 lines read", timeout=90_000)
    expect(page.get_by_label(PASTE)).to_have_value("")


def test_a_text_over_5_megabytes_is_refused_with_its_size_and_stays(page: Page) -> None:
    page.goto("/app/inbox")
    page.evaluate("document.getElementById('kh-paste').value = 'word '.repeat(1_100_000)")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert")).to_contain_text("This text has 5.5 MB; at most 5 MB")
    assert page.evaluate("document.getElementById('kh-paste').value.length") == 5_500_000


def test_a_damaged_file_says_so_beside_one_that_was_read(page: Page) -> None:
    page.goto("/app/inbox")
    page.locator("#kh-files").set_input_files(
        [
            {"name": "minutes.docx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04 damaged"},
            {"name": "news.txt", "mimeType": "text/plain", "buffer": b"Ola: the office is painted\nBen: lovely colour\n"},
        ]
    )
    failed = page.locator(".kh-sending").filter(has_text="minutes.docx")
    expect(failed).to_contain_text("not taken in")
    expect(failed.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("[data-update]").filter(has_text="news.txt").locator("summary").first).to_contain_text("2 lines read")
    failed.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)


def test_a_file_dropped_anywhere_on_the_page_comes_in(page: Page) -> None:
    page.goto("/app/inbox")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["Ola: the plants were watered\\n"], "plants.txt", {type: "text/plain"}));
            document.querySelector("h1").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("[data-update]").filter(has_text="plants.txt").locator("summary").first).to_contain_text("1 line read")


def test_what_a_text_is_shows_without_anybody_choosing(page: Page) -> None:
    page.goto("/app/inbox")
    for text, channel in (
        ("From: Ola <ola@example.org>\nSubject: The lamp\n\nThe lamp in the hall works.\n", "Mail"),
        ("[10:00] Ben: the lift works\n[10:01] Ola: good\n", "Chat"),
        ("The roof is tight.\n", "Note"),
    ):
        _bring_in(page, text)
        expect(page.locator("[data-update] .kh-title").first).to_have_text(channel)


def test_the_same_text_again_is_shown_with_what_became_of_it(page: Page) -> None:
    page.goto("/app/inbox")
    _bring_in(page, SHED)
    expect(page.locator("summary").filter(has_text="4 lines read").first).to_be_visible()
    _bring_in(page, SHED)
    expect(page.get_by_text("This text came in before; this is what became of it.")).to_be_visible()


def test_without_a_server_the_text_stays_and_the_page_says_why(page: Page) -> None:
    page.goto("/app/inbox")
    page.route("**/api/v1/updates", lambda route: route.abort())
    _bring_in(page, "Ola: the parcel is here\n")
    expect(page.get_by_role("alert")).to_contain_text("There is no connection to the server")
    expect(page.get_by_label(PASTE)).to_have_value("Ola: the parcel is here\n")


def test_times_are_the_readers_own(browser: Browser, server: str, page: Page) -> None:
    page.goto("/app/inbox")
    _bring_in(page, "Ola: the clock in the hall is right\n")
    expect(page.locator("[data-update] time").first).to_be_visible()
    for zone in ("Asia/Tokyo", "America/New_York"):
        context = browser.new_context(base_url=server, timezone_id=zone, locale="en-GB")
        tab = context.new_page()
        tab.goto("/app/inbox")
        time = tab.locator("[data-update] time").first
        expect(time).to_have_text(re.compile(r"^today, \d\d:\d\d$"))
        at = datetime.fromisoformat(time.get_attribute("datetime") or "").astimezone(ZoneInfo(zone))
        assert time.inner_text() == f"today, {at:%H:%M}"
        context.close()
