"""The editor: what is typed is never lost, and a new page begins from its name, kind and folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import free_port
from tests.browser.test_app_pages import DOCUMENT
from wiki.workspace import create_workspace

pytestmark = pytest.mark.browser


def _type(page: Page, words: str) -> None:
    page.locator(".cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)
    expect(page.get_by_test_id("state")).to_contain_text("kept in this browser")


def _text(page: Page) -> str:
    return str(page.evaluate(DOCUMENT))


def test_text_of_a_closed_tab_is_offered_back_once(page: Page) -> None:
    page.goto("/app/edit/policies/travel.md")
    _type(page, "Trains first.")
    page.close(run_before_unload=False)
    tab = page.context.new_page()
    tab.goto("/app/edit/policies/travel.md")
    expect(tab.get_by_text("You wrote something here that was not saved")).to_be_visible()
    assert "Trains first." not in _text(tab)
    tab.get_by_role("button", name="Bring it back").click()
    tab.wait_for_function(f"({DOCUMENT})().includes('Trains first.')")
    tab.get_by_test_id("save").click()
    tab.wait_for_url("**/policies/travel/")
    expect(tab.locator("article")).to_contain_text("Trains first.")
    tab.goto("/app/edit/policies/travel.md")
    expect(tab.get_by_test_id("state")).to_be_attached()
    tab.wait_for_timeout(600)
    expect(tab.locator("#kh-draft")).to_be_hidden()


def test_a_draft_that_is_discarded_is_gone(page: Page) -> None:
    page.goto("/app/edit/policies/time-off.md")
    _type(page, "Never mind.")
    page.close(run_before_unload=False)
    tab = page.context.new_page()
    tab.goto("/app/edit/policies/time-off.md")
    tab.get_by_role("button", name="Discard it").click()
    expect(tab.locator("#kh-draft")).to_be_hidden()
    assert tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('knowhow.draft:')).length") == 0


def test_a_draft_is_merged_with_what_was_saved_since(page: Page) -> None:
    path = "policies/pay-bands.md"
    page.goto(f"/app/edit/{path}")
    _type(page, "\nThe last line is mine.\n")
    page.close(run_before_unload=False)
    tab = page.context.new_page()
    before = tab.request.get(f"/api/v1/pages/{path}").json()
    changed = before["text"].replace("title: Pay bands", "title: Bands of pay")
    assert tab.request.put(f"/api/v1/pages/{path}", data={"text": changed}, headers={"If-Match": before["revision"]}).ok
    tab.goto(f"/app/edit/{path}")
    tab.get_by_role("button", name="Bring it back").click()
    tab.wait_for_function(f"({DOCUMENT})().includes('The last line is mine.')")
    tab.get_by_test_id("save").click()
    tab.wait_for_url("**/policies/pay-bands/")
    after = tab.request.get(f"/api/v1/pages/{path}").json()["text"]
    assert "title: Bands of pay" in after
    assert "The last line is mine." in after


def test_leaving_with_unsaved_text_asks_and_without_does_not(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/app/edit/policies/expenses.md")
    page.locator(".cm-content").first.click()
    page.goto("/")
    assert asked == []
    page.goto("/app/edit/policies/expenses.md")
    _type(page, "Half a thought")
    page.goto("/")
    assert asked == ["beforeunload"]


def test_a_second_tab_on_the_same_page_is_told_of_the_first(page: Page) -> None:
    page.goto("/app/edit/reference/tools.md")
    _type(page, "Unsaved here.")
    other = page.context.new_page()
    other.goto("/app/edit/reference/tools.md")
    expect(other.get_by_text("being edited in another tab")).to_be_visible()
    expect(other.locator("#kh-draft")).to_be_hidden()


def test_a_server_that_dies_and_comes_back_costs_no_text(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "handbook"
    create_workspace(root)
    port = free_port()
    base = f"http://127.0.0.1:{port}"

    def serve() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "knowhow", "serve", "--workspace", str(root), "--port", str(port)]
        return subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL)

    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.set_default_timeout(60_000)
    server = serve()
    try:
        for _ in range(300):
            try:
                if page.request.get("/readyz").ok:
                    break
            except Exception:  # not listening yet
                page.wait_for_timeout(200)
        page.goto("/app/edit/policies/travel.md")
        _type(page, "Written before the crash.")
        server.send_signal(signal.SIGKILL)
        server.wait()
        expect(page.get_by_role("alert")).to_contain_text("The connection to the server is lost")
        page.keyboard.insert_text(" And after it.")
        page.get_by_test_id("save").click()
        expect(page.get_by_test_id("state")).to_contain_text("Your text is kept in this browser")
        page.evaluate("window.khBefore = true")
        server = serve()
        page.wait_for_function("!window.khBefore")
        page.wait_for_function(f"({DOCUMENT})().includes('Written before the crash. And after it.')")
        page.wait_for_function("window.socket && window.socket.connected && window.did_handshake")
        expect(page.get_by_test_id("state")).to_contain_text("kept in this browser", timeout=60_000)
        page.get_by_test_id("save").click()
        page.wait_for_url("**/policies/travel/")
        assert "Written before the crash. And after it." in (root / "content/policies/travel.md").read_text(encoding="utf-8")
    finally:
        context.close()
        server.kill()
        server.wait()


def test_a_new_page_is_made_from_name_kind_and_folder(page: Page, root: Path) -> None:
    page.goto("/policies/expenses/")
    page.get_by_role("link", name="New page").click()
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("Give it a name first")).to_be_visible()
    page.get_by_label("Name").fill("Bikes & helmets: who pays?")
    expect(page.get_by_text("It will be policies/bikes-helmets-who-pays.md")).to_be_visible()
    page.get_by_label("Kind").click()
    page.get_by_role("option", name="Policy").click()
    page.get_by_role("button", name="Write it").click()
    page.wait_for_url("**/app/edit/policies/bikes-helmets-who-pays.md**")
    expect(page.get_by_role("heading", level=1)).to_have_text("New page: Bikes & helmets: who pays?")
    _type(page, "We pay for the helmet.\n")
    page.get_by_test_id("save").click()
    page.wait_for_url("**/policies/bikes-helmets-who-pays/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bikes & helmets: who pays?")
    text = (root / "content/policies/bikes-helmets-who-pays.md").read_text(encoding="utf-8")
    assert text.startswith('---\ntitle: "Bikes & helmets: who pays?"\nkind: policy\n')


def test_an_address_that_leads_nowhere_offers_to_write_that_page(page: Page) -> None:
    missing = page.request.get("/policies/coffee-machine/")
    assert missing.status == 404
    page.route("**/policies/coffee-machine/", lambda route: route.fulfill(body=missing.text(), content_type="text/html"))
    page.goto("/policies/coffee-machine/")
    expect(page.get_by_role("link", name="Ask", exact=True)).to_have_attribute("href", "/app/ask")
    page.get_by_role("link", name="Write this page").click()
    expect(page.get_by_label("Name")).to_have_value("Coffee machine")
    expect(page.get_by_text("It will be policies/coffee-machine.md")).to_be_visible()
