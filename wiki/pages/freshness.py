"""When a page must be looked at again by its owner."""

from __future__ import annotations

from datetime import date

from wiki.pages.page import FrontMatter

__all__ = ["due_date", "overdue"]


def due_date(front_matter: FrontMatter) -> date | None:
    """The last day on which the page counts as reviewed; None where it has no `reviewed` or no `review_every`."""
    if front_matter.reviewed is None or front_matter.review_every is None:
        return None
    try:
        return front_matter.reviewed + front_matter.review_every
    except OverflowError:  # reviewed once, good for ever
        return None


def overdue(front_matter: FrontMatter, today: date) -> bool:
    """Whether the page's review was due before `today`. A page that promises no reviews is never overdue."""
    due = due_date(front_matter)
    return due is not None and due < today
