"""What the pages say of the firm as a whole, in the browser: the gaps first, each with a way to mend it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_map_of_handoffs_shows_its_gaps_first_and_leads_to_where_they_are_mended(page: Page) -> None:
    page.goto("/app/handoffs")
    gaps = page.get_by_role("table", name="Gaps")
    expect(gaps).to_contain_text("it does not say when it is done")
    expect(gaps.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("table", name="Billing")).to_contain_text("The list of what can be billed")
    gaps.get_by_role("link", name="Mend").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit: Delivery")


def test_a_role_shows_what_it_passes_on_and_receives(page: Page) -> None:
    page.goto("/app/handoffs?by=role")
    expect(page.get_by_role("heading", name="Support lead (vacant)")).to_be_visible()
    page.get_by_role("table", name="Finance manager").get_by_role("link", name="Finance manager", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Handoffs: Finance manager")
    rows = page.get_by_role("table", name="Finance manager").locator("tbody tr")
    expect(rows.filter(has_text="receives")).to_have_count(2)
    expect(rows.filter(has_text="passes on")).to_have_count(2)
