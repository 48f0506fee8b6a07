"""Dates and clocks of many languages, and which number of a date is the month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.clock import parse_at
from ingest.date_order import date_order

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("2026. 11. 24. 오후 3:17", "2026-11-24 15:17"),
        ("2026. 11. 24. 오전 12:05", "2026-11-24 00:05"),
        ("2026/11/24 下午3:17", "2026-11-24 15:17"),
        ("2026年11月24日 午後3:17", "2026-11-24 15:17"),
        ("24.11.26, 09:14", "2026-11-24 09:14"),
        ("24. 11. 2026 9:14", "2026-11-24 09:14"),
        ("24.11.2026 klo 9.14", "2026-11-24 09:14"),
        ("24/11/26, 9:14 p. m.", "2026-11-24 21:14"),
        ("24/11/26, 3:17 μ.μ.", "2026-11-24 15:17"),
        ("24/11/26, 9:14 π.μ.", "2026-11-24 09:14"),
        ("٢٤/١١/٢٠٢٦، ٩:١٤ م", "2026-11-24 21:14"),
        ("24/11/2569 09:14", "2026-11-24 09:14"),
        ("09:14, 24.11.2026", "2026-11-24 09:14"),
        ("9:14 AM, 11/24/2026", "2026-11-24 09:14"),
        ("09.14.33, 24.11.26", "2026-11-24 09:14"),
        ("Tuesday, November 24, 2026 at 9:14:33 AM UTC", "2026-11-24 09:14"),
        ("24 de noviembre de 2026, 9:14", "2026-11-24 09:14"),
        ("mar. 24 nov. 2026 à 09:14", "2026-11-24 09:14"),
        ("Di., 24. Nov., 09:14", "2026-11-24 09:14"),
        ("11月24日 9:14", "2026-11-24 09:14"),
        ("gestern, 09:14", "2026-11-25 09:14"),
        ("Heute um 09:14", "2026-11-26 09:14"),
        ("9 h 14", "2026-11-26 09:14"),
        ("2026年11月24日火曜日 9時14分33秒 UTC", "2026-11-24 09:14"),
        ("2026년 11월 24일 오후 9시 14분 33초", "2026-11-24 21:14"),
        ("Dienstag, 24. November 2026 um 09:14:33 UTC", "2026-11-24 09:14"),
        ("mardi 24 novembre 2026 à 09:14:33 UTC", "2026-11-24 09:14"),
        ("martes, 24 de noviembre de 2026, 9:14:33 p. m. UTC", "2026-11-24 21:14"),
        ("вторник, 24 ноября 2026 г., 09:14:33", "2026-11-24 09:14"),
        ("24 listopada 2026 09:14", "2026-11-24 09:14"),
        ("24 Kasım 2026 Salı 09:14", "2026-11-24 09:14"),
    ],
)
def test_dates_and_clocks_of_many_languages_are_understood(when: str, at: str) -> None:
    assert f"{parse_at(when, NOW):%Y-%m-%d %H:%M}" == at


@pytest.mark.parametrize(
    ("whens", "month_first"),
    [
        (["05/06/26, 9:14 AM", "05/13/26, 9:14 AM"], True),
        (["13/05/26, 9:14 AM", "05/06/26, 9:14 AM"], False),
        (["03/04/26, 09:14", "02/05/26, 09:14"], False),  # the other way it would go back in time
        (["04/03/26, 09:14", "05/02/26, 09:14"], True),
        (["05.06.26, 09:14"], False),
        (["2026-05-06, 09:14"], False),
        (["06/06/26, 09:14"], False),
    ],
)
def test_what_can_be_told_about_day_and_month_needs_no_note(whens: list[str], month_first: bool) -> None:
    order = date_order(whens)
    assert (order.month_first, order.note) == (month_first, "")


@pytest.mark.parametrize(
    ("whens", "month_first"),
    [
        (["5/6/26, 9:14 AM"], True),
        (["05/06/26, 9:14 am"], False),
        (["5/6/26, 9:14 a. m."], False),
        (["05/06/26, 09:14"], False),
        (["05/06/26, 09:14", "06/06/26, 09:14"], False),
        (["05/06/26, 09:14", "05/07/26, 09:14"], True),
    ],
)
def test_what_cannot_be_told_is_guessed_with_a_note_unless_it_is_set(whens: list[str], month_first: bool) -> None:
    guess = date_order(whens)
    assert guess.month_first is month_first
    assert "cannot be told apart" in guess.note
    for setting in ("day", "month"):
        assert date_order(whens, setting=setting).month_first is (setting == "month")
        assert date_order(whens, setting=setting).note == ""


def test_a_chat_does_not_lie_after_the_day_on_which_it_was_sent_in() -> None:
    assert date_order(["11/12/26, 09:14"], occurred_at=NOW).month_first
    assert not date_order(["12/11/26, 09:14"], occurred_at=NOW).month_first
