"""What the pages say of the firm as a whole, in the browser: the gaps first, each with a way to mend it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_map_of_handoffs_shows_its_gaps_first_and_leads_to_where_they_are_mended(page: Page) -> None:
    page.goto("/app/handoffs")
    gaps = page.get_by_role("table", name="Gaps")
    expect(gaps).to_contain_text("it does not say when it is done")
    expect(gaps.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("table", name="Billing")).to_contain_text("The list of what can be billed")
    gaps.get_by_role("link", name="Mend").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit: Delivery")


def test_a_process_page_draws_its_handoffs_from_its_front_matter(page: Page) -> None:
    page.goto("/delivery/")
    drawing = page.locator(".kh-handoffs .kh-drawing svg")
    expect(drawing).to_contain_text("Technical lead")
    expect(drawing).to_be_visible()
    expect(page.locator(".kh-handoffs .kh-diagram")).to_be_hidden()


def test_a_gap_is_filled_by_a_suggestion_of_one_line(page: Page) -> None:
    page.goto("/app/handoffs")
    page.get_by_role("table", name="Gaps").get_by_role("link", name="Mend").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fill a gap")
    page.get_by_test_id("value").fill('The build runs: "all green"')
    page.get_by_test_id("suggest").click()
    page.wait_for_url("**/app/review/*")
    expect(page.locator(".kh-added")).to_have_text(re.compile(r'done: "The build runs: .*all green'))


def test_a_role_shows_what_it_passes_on_and_receives(page: Page) -> None:
    page.goto("/app/handoffs?by=role")
    expect(page.get_by_role("heading", name="Support lead (vacant)")).to_be_visible()
    page.get_by_role("table", name="Finance manager").get_by_role("link", name="Finance manager", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handoffs: Finance manager")
    rows = page.get_by_role("table", name="Finance manager").locator("tbody tr")
    expect(rows.filter(has_text="receives")).to_have_count(2)
    expect(rows.filter(has_text="passes on")).to_have_count(2)


def test_the_log_of_decisions_shows_chains_both_ways_and_answers_questions(page: Page) -> None:
    page.goto("/app/decisions")
    log = page.get_by_role("table", name="Decisions")
    expect(log.locator("tbody tr").first).to_contain_text("proposed")
    expect(log).to_contain_text("Took the place of Estimate every task in days")
    expect(log).to_contain_text("Replaced by Estimate in ranges")
    page.get_by_test_id("decided").fill("Did we decide to estimate every task in days?")
    page.get_by_test_id("decided").press("Enter")
    expect(page.get_by_test_id("verdict")).to_contain_text("Changed since. Now: “Estimate in ranges”, decided on 2026-05-11")
    page.goto("/app/decisions?q=Did+we+decide+to+paint+the+roof")
    expect(page.get_by_test_id("verdict")).to_have_text("There is no record of that which you may read.")


def test_a_page_is_confirmed_from_where_it_is_read(page: Page) -> None:
    page.goto("/reference/tools/")
    expect(page.locator(".kh-facts")).to_contain_text("Review overdue")
    page.get_by_role("link", name="Confirm", exact=True).click()
    expect(page.get_by_test_id("signal-review-overdue")).to_contain_text("Its review was due on 2026-08-16.")
    page.get_by_test_id("confirm").click()
    page.wait_for_url("**/reference/tools/")
    expect(page.locator(".kh-facts")).not_to_contain_text("Review overdue")


def test_the_board_of_blockers_is_by_state(page: Page) -> None:
    page.goto("/app/blockers")
    expect(page.get_by_role("table", name="Escalated")).to_contain_text("Account manager")
    expect(page.get_by_role("table", name="Over", exact=True)).to_contain_text("We ask for all texts before the design starts")


def test_health_says_what_waits_and_each_row_leads_to_where_it_is_mended(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Health", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health")
    gaps = page.get_by_role("table", name="Gaps in handoffs")
    expect(gaps.locator("tbody tr")).to_have_count(2)
    unowned = page.get_by_role("table", name="Nobody answers for it")
    expect(unowned).to_contain_text("Nobody is Support lead, the role that owns it.")
    unowned.get_by_role("link", name="Mend").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit: Hand over to support")
    page.goto("/app/health?part=blockers")
    expect(page.get_by_role("table", name="Open blockers").locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("table", name="Gaps in handoffs")).to_have_count(0)
    page.get_by_role("link", name="Handoffs", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handoffs")
