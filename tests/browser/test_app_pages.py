"""The app's pages one by one: editing, conflicts, rejecting, searching, and the phone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


DOCUMENT = "() => { const c = document.querySelector('.cm-content'); return (c.cmTile ?? c.cmView).view.state.doc.toString() }"


def _replace_text(page: Page, old: str, new: str) -> None:
    """Change the editor's text by selecting all and pasting the whole; the editor draws only the lines in sight."""
    page.locator(".cm-content").first.click()
    text = page.evaluate(DOCUMENT)
    assert old in text
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text.replace(old, new))


def test_an_edit_is_saved_as_a_commit_and_seen_at_once(page: Page, root: Path) -> None:
    page.goto("/policies/time-off/")
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit: Time off")
    text = (root / "content/policies/time-off.md").read_text(encoding="utf-8")
    first = re.search(r"^[A-Z].*$", text.split("---", 2)[2], re.MULTILINE)
    assert first
    _replace_text(page, first[0], first[0] + " Rest is part of the work.")
    page.get_by_label("What changed").fill("Say why")
    page.get_by_test_id("save").click()
    page.wait_for_url("**/policies/time-off/")
    expect(page.locator("article")).to_contain_text("Rest is part of the work.")
    log = subprocess.run(["git", "log", "-1", "--format=%an|%s"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert log.strip() == "Noor Haddad|Say why"
    after = (root / "content/policies/time-off.md").read_text(encoding="utf-8")
    assert after == text.replace(first[0], first[0] + " Rest is part of the work.")


def test_two_people_on_the_same_line_see_both_sides(page: Page, server: str) -> None:
    path = "policies/security.md"
    before = page.request.get(f"/api/v1/pages/{path}").json()
    line = next(row for row in before["text"].split("---", 2)[2].splitlines() if row and row[0].isupper())
    page.goto(f"/app/edit/{path}")
    _replace_text(page, line, "My side of this line.")
    meanwhile = page.request.put(
        f"/api/v1/pages/{path}",
        data={"text": before["text"].replace(line, "Their side of this line.")},
        headers={"If-Match": before["revision"]},
    )
    assert meanwhile.ok
    page.get_by_test_id("save").click()
    expect(page.get_by_role("alert")).to_contain_text("Noor Haddad changed the same lines while you were writing")
    sides = page.locator(".kh-side")
    expect(sides.nth(0)).to_contain_text("My side of this line.")
    expect(sides.nth(1)).to_contain_text("Noor Haddad, saved meanwhile")
    expect(sides.nth(1)).to_contain_text("Their side of this line.")
    assert "<<<<<<<" not in page.content()
    page.get_by_role("button", name="Take both").click()
    page.get_by_test_id("settled").click()
    expect(page.get_by_test_id("state")).to_contain_text("Not saved yet")
    page.get_by_test_id("save").click()
    page.wait_for_url("**/policies/security/")
    text = page.request.get(f"/api/v1/pages/{path}").json()["text"]
    assert "My side of this line.\nTheir side of this line.\n" in text


def test_search_groups_hits_by_page_and_filters_by_kind(page: Page) -> None:
    page.goto("/app/search?q=invoice")
    expect(page.locator(".kh-hit mark").first).to_be_visible()
    titles = page.locator(".kh-card .kh-title").all_inner_texts()
    assert len(titles) == len(set(titles)) > 1


@pytest.mark.parametrize("size", ["phone"], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/policies/expenses/",
        "/app/ask",
        "/app/review",
        "/app/inbox",
        "/app/edit/policies/expenses.md",
        "/app/search?q=invoice",
    ],
)
def test_nothing_is_wider_than_a_phone(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_that_is_not_there_says_so(page: Page) -> None:
    for path in ("/app/review/none", "/app/history/none.md"):
        page.goto(path)
        expect(page.get_by_text("There is no").first).to_be_visible()


def test_a_page_with_windows_line_ends_keeps_them_and_every_letter(page: Page, root: Path) -> None:
    path = root / "content" / "reference" / "windows.md"
    path.write_bytes(b"---\r\ntitle: Windows\r\n---\r\n\r\nalpha\r\nbeta\r\ngamma\r\n")
    page.goto("/app/edit/reference/windows.md")
    page.locator(".cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("delta")
    expect(page.get_by_label("Preview")).to_contain_text("delta")
    page.get_by_test_id("save").click()
    page.wait_for_url("**/reference/windows/")
    assert path.read_bytes() == b"---\r\ntitle: Windows\r\n---\r\n\r\nalpha\r\nbeta\r\ngamma\r\ndelta"
