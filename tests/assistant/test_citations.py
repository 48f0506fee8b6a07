"""Claims read off a token stream, and the check of each against the passage it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Claim, ClaimReader, check, is_verbatim
from assistant.retrieval import Part, Passage

BACKUPS = "## Schedule\n\nBackups run **hourly**. The full copy is made every Sunday at 02:00 and kept for [90 days](x.md).\n"
LEAVE = "## Annual leave\n\nEvery employee has 28 days of annual leave. Contractors have no annual leave. Dana Okafor decides on exceptions.\n"


def passage(number: int, text: str, title: str) -> Passage:
    return Passage(
        number=number,
        page_path=f"{title.lower()}.md",
        page_title=title,
        section_title=text.splitlines()[0].lstrip("# "),
        anchor="a",
        text=text,
        score=1.0,
        revision="abc1",
        stale=False,
        heading_path=(title,),
        start_line=0,
        end_line=3,
        parts=(Part(section_title=text.splitlines()[0].lstrip("# "), anchor="a", text=text),),
    )


PASSAGES = [passage(1, BACKUPS, "Backups"), passage(2, LEAVE, "Leave")]


def read(tokens: list[str]) -> list[tuple[str, tuple[int, ...]]]:
    reader = ClaimReader()
    claims = [claim for token in tokens for claim in reader.feed(token)] + reader.end()
    return [(claim.text, claim.numbers) for claim in claims]


@pytest.mark.parametrize(
    ("tokens", "claims"),
    [
        (["Backups run hourly [1]."], [("Backups run hourly.", (1,))]),
        (
            ["Backups run", " hourly [", "1", "]. They", " are kept [2]."],
            [("Backups run hourly.", (1,)), ("They are kept.", (2,))],
        ),
        (["Backups run hourly. [1] They are kept. [2]"], [("Backups run hourly.", (1,)), ("They are kept.", (2,))]),
        (["Kept for 90 days [1, 2][3]."], [("Kept for 90 days.", (1, 2, 3))]),
        (["Kept [1-3]."], [("Kept.", (1, 2, 3))]),
        (["Kept [^1] and 【2】."], [("Kept and.", (1, 2))]),
        (["Kept [1](#ops)."], [("Kept.", (1,))]),
        (["See [the page](x.md). It helps [1]."], [("See [the page](x.md).", ()), ("It helps.", (1,))]),
        (
            ["Do this:\n", "1. Open it [1].\n2. Close it [1]."],
            [("Do this:", ()), ("1. Open it.", (1,)), ("2. Close it.", (1,))],
        ),
        (["It takes 3.5 days, e.g. Monday to Dr. Smith [1]."], [("It takes 3.5 days, e.g. Monday to Dr. Smith.", (1,))]),
        (["No citation here. Nor", " here."], [("No citation here.", ()), ("Nor here.", ())]),
        ([], []),
        (["  \n "], []),
    ],
)
def test_claims_and_their_numbers_are_read_wherever_tokens_break(
    tokens: list[str], claims: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert read(tokens) == claims


@given(st.data())
def test_where_tokens_break_changes_nothing(data: st.DataObject) -> None:
    text = "Yes. Backups run hourly [1]. Do:\n\n- Open it [1, 2].\n- Ask ops@example.com. [2] At 9.30 a.m. it ends [1-2]!\nDone [1]"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    tokens = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(tokens) == read([text])


def holds(text: str, *numbers: int) -> bool:
    return bool(check(Claim(text=text, numbers=numbers), PASSAGES, "en"))


def test_a_sentence_that_stands_in_its_passage_is_supported_by_verbatim_words() -> None:
    (support,) = check(Claim(text="The full copy is kept for 90 days.", numbers=(1,)), PASSAGES, "en")
    assert support.number == 1
    assert support.quote == "The full copy is made every Sunday at 02:00 and kept for 90 days."
    assert is_verbatim(support.quote, BACKUPS)


def test_a_sentence_that_names_no_passage_is_held_against_all() -> None:
    (support,) = check(Claim(text="Contractors have no annual leave."), PASSAGES, "en")
    assert support.number == 2


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The full copy is kept for 60 days.", 1),  # another number
        ("The full copy is kept for 90 weeks.", 1),  # another unit
        ("Every employee has 28 days of annual leave.", 1),  # stands in the other passage
        ("Priya Nair decides on exceptions.", 2),  # another name
        ("Exceptions are decided by Priya Nair.", 2),
        ("Ask boss@example.com about annual leave exceptions.", 2),  # an address that is not there
        ("Annual leave exceptions: see https://evil.example/x.", 2),
        ("Backups do not run hourly.", 1),  # says no where the page says yes
        ("Contractors have annual leave.", 2),  # says yes where the page says no
        ("Employees get free lunch and a gym.", 2),  # nothing of it
        ("Backups run hourly.", 7),  # a passage that was never given
    ],
)
def test_what_does_not_stand_in_the_passage_has_no_support(sentence: str, number: int) -> None:
    assert not holds(sentence, number)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Backups run hourly.", 1),
        ("Hourly backups are run.", 1),
        ("Employees have 28 days of annual leave.", 2),
        ("Dana Okafor decides on exceptions.", 2),
        ("Contractors do not have annual leave.", 2),
        ("The full copy is made on Sunday at 02:00.", 1),
    ],
)
def test_honest_rewording_is_supported(sentence: str, number: int) -> None:
    assert holds(sentence, number)


def test_a_sentence_from_two_passages_cites_both() -> None:
    claim = Claim(text="Backups run hourly and every employee has 28 days of annual leave.", numbers=(1, 2))
    assert {s.number for s in check(claim, PASSAGES, "en")} == {1, 2}


def test_an_empty_quote_is_not_verbatim() -> None:
    assert not is_verbatim(" ", BACKUPS)
    assert not is_verbatim("Backups run daily.", BACKUPS)
