"""Numbers said in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbers import normalise_numbers, spoken_numbers


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("forty five days", "45 days"),
        ("forty-five days", "45 days"),
        ("Five hundred euros", "500 euros"),
        ("a hundred people", "100 people"),
        ("one hundred and five", "105"),
        ("fifteen hundred", "1500"),
        ("two thousand five hundred", "2500"),
        ("one hundred thousand", "100000"),
        ("one million two hundred thousand", "1200000"),
        ("a dozen or two dozen", "12 or 24"),
        ("thirty, forty", "30, 40"),
        ("three to five days", "3 to 5 days"),
        ("one or two days", "1 or 2 days"),
        ("between one hundred and two hundred", "between 100 and 200"),
        ("between one hundred and five", "between 100 and 5"),
        ("one day, one business day", "1 day, 1 business day"),
        ("zero", "0"),
        ("two point five", "2.5"),
        ("three point one four", "3.14"),
        ("two and a half days", "2.5 days"),
        ("twenty percent, ten per cent, 5 percent", "20%, 10%, 5%"),
        ("room one two one seven", "room 1217"),
        ("in twenty twenty two", "in 2022"),
        ("nineteen ninety nine", "1999"),
        ("twenty twenty-six", "2026"),
        ("half past nine", "9:30"),
        ("quarter to ten, a quarter past two", "9:45, 2:15"),
        ("nine o'clock", "9:00"),
        ("at nine thirty", "at 9:30"),
        ("from nine thirty to ten fifteen", "from 9:30 to 10:15"),
        ("nine am", "9 am"),
        ("the twenty first of May", "the 21st of May"),
        ("the first of the month", "the 1st of the month"),
        ("March third", "March 3rd"),
        ("the third business day, fifth floor", "the 3rd business day, 5th floor"),
        ("the thirtieth and the twelfth", "the 30th and the 12th"),
        ("a thirty second clip", "a 30 second clip"),
        ("$10,000 and 5 thousand and 2 million", "$10000 and 5000 and 2000000"),
    ],
)
def test_a_spoken_number_is_the_same_as_the_written_one(said: str, figures: str) -> None:
    assert normalise_numbers(said) == figures


@pytest.mark.parametrize(
    "text",
    [
        "one of them",
        "this one is better",
        "no one knows",
        "the other one, that one day",
        "first of all, wait a second",
        "two thirds of a third",
        "Seconds count, and so do hundreds",
        "someone, anyone, often, tent, weight",
        "v1.2.3 on 2026-11-12 at 10.0.0.1",
        "1,2 or 3",
    ],
)
def test_words_that_only_look_like_numbers_stay(text: str) -> None:
    assert normalise_numbers(text).replace("2 thirds", "two thirds") == text


def test_a_spoken_number_knows_its_place_value_and_words() -> None:
    text = "From Monday it is forty five days and twenty percent."
    days, share = spoken_numbers(text)
    assert (days.text, days.value, days.figures) == ("forty five", 45, "45")
    assert text[share.start : share.end] == share.text == "twenty percent"
    assert (share.value, share.figures) == (20, "20%")
    assert spoken_numbers("half past nine")[0].value == 9.5


UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def words(number: int) -> str:
    if number < 20:
        return UNITS.split()[number]
    if number < 100:
        return TENS.split()[number // 10 - 2] + (f" {words(number % 10)}" if number % 10 else "")
    if number < 1000:
        return f"{words(number // 100)} hundred" + (f" and {words(number % 100)}" if number % 100 else "")
    if number < 1_000_000:
        return f"{words(number // 1000)} thousand" + (f" {words(number % 1000)}" if number % 1000 else "")
    return f"{words(number // 1_000_000)} million" + (f" {words(number % 1_000_000)}" if number % 1_000_000 else "")


@given(st.integers(0, 999_999_999))
def test_every_cardinal_is_read_back(number: int) -> None:
    assert normalise_numbers(f"{words(number)} days") == f"{number} days"


@given(st.text(max_size=200))
def test_any_text_is_taken_and_figures_stay_as_they_are(text: str) -> None:
    once = normalise_numbers(text)
    numbers = spoken_numbers(text)
    assert all(text[number.start : number.end] == number.text for number in numbers)
    if not numbers:
        assert normalise_numbers(once) == once
