"""Page text and what somebody said -> the page's new text, by rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embeddings import packaged_embedder
from ingest.edit_rules.base import Replacement
from ingest.edits import apply, propose_edits
from ingest.matching import PageMatch
from ingest.quantities import quantities, rewritten
from ingest.scene import Embed
from ingest.slots import People
from ingest.update import Update
from wiki.pages.page import Page, parse_page

FIRM = """---
title: Working here
owner: people-lead   # a comment
---

# Working here

## Expenses

Hand in expenses within 30 days. The deadline for expenses is 30 days.

| What | Up to |
| --- | --- |
| Dinner on a trip | 32 euros |
| Books | 60 euros each |

## Travel

- The limit for travel requests is 300 euros; above it, ask finance.
- Hotels: at most 3 nights. You need a VPN to open the booking site.

## Contacts

- Travel: Matt Ryan (primary)
- Payroll: Ana Ruiz or Bob Stone
- Mail us at travel@firm.example, or ask in [#travel](https://chat.example/archives/travel).

The spare keys are in the cupboard by the door. The template for the invoice is in the accounts folder.

You can sign in with SMS, [Authy](https://authy.example/), or a security key.

See the [expense form](https://forms.example/old-form) and the ticket system.

## New client

1. Write the contract.
2. Create the account.
3. Invite the client to the kickoff.

## Fax

Send it by fax.
"""

DOCS = """# Deploying your docs

## Project pages

Run `mkdocs gh-deploy` from the root of your project. The command needs Python 3.7 or newer.

The default theme is `mkdocs`. Builds are kept for 14 days.

* Check out the branch.
* Build the site.
* Push the branch.

## Community

Maintained by Tom Christie. Ask questions in [the forum](https://forum.example.org/c/mkdocs).
"""


def update(text: str, channel: str = "chat") -> Update:
    return Update(id="u1", channel=channel, text=text, received_at=datetime(2026, 11, 22, tzinfo=UTC), content_hash="x")


EMBED = packaged_embedder().embed
PEOPLE = People.of(["Matt Ryan", "Ana Ruiz", "Bob Stone", "Tom Christie"])


def edited(text: str, page: str = FIRM, channel: str = "chat", *, embed: Embed = EMBED) -> str:
    """What the page becomes if the best suggestion is accepted."""
    match = PageMatch(page_path="page.md", score=1.0, anchors=())
    before = parse_page("page.md", page.encode())
    suggestions, _ = propose_edits(update(text, channel), [match], lambda _: before, lambda _: "abcd", PEOPLE, embed)
    return suggestions[0].new_text if suggestions else before.text


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines that only one of the texts has."""
    one, other = before.splitlines(), after.splitlines()
    return [line for line in one if line not in other], [line for line in other if line not in one]


@pytest.mark.parametrize(
    ("said", "gone", "there"),
    [
        ("From Monday the deadline for expenses is forty five days.", "30 days", "is 45 days"),
        ("Tom: dinner on a trip goes up from 32 to 38 euros", "32 euros", "| Dinner on a trip | 38 euros |"),
        ("The limit for travel requests goes up to five hundred euros.", "300 euros", "is 500 euros; above it"),
        ("Tom: the limit for travel requests is 400 euros now, was 300", "300 euros", "is 400 euros"),
    ],
)
def test_a_value_is_replaced_in_the_pages_own_form(said: str, gone: str, there: str) -> None:
    after = edited(said, channel="voice" if said[0] != "T" or "Tom" not in said else "chat")
    assert there in after
    assert gone not in after


def test_a_value_of_something_else_stays() -> None:
    assert edited("Tom: parking costs 12 euros a day now") == FIRM


@pytest.mark.parametrize(
    ("said", "gone", "there"),
    [
        (
            "Ana: Djemila is the primary travel person now, Matt is going back to finance",
            "Matt Ryan",
            "- Travel: Djemila (primary)",
        ),
        ("Tom: payroll is Chris now, Ana and Bob are both out", "Ana Ruiz or Bob Stone", "- Payroll: Chris"),
    ],
)
def test_a_name_is_replaced_where_the_page_names_who_does_it(said: str, gone: str, there: str) -> None:
    after = edited(said)
    assert there in after
    assert gone not in after


@pytest.mark.parametrize(
    ("said", "gone", "there"),
    [
        (
            "Tom: please write to trips@firm.example from now on, travel@firm.example is closed",
            "travel@firm.example",
            "at trips@firm.example,",
        ),
        ("Tom: our channel is now #trips (it was #travel)", "#travel", "[#trips](https://chat.example/archives/trips)"),
        (
            "Tom: the expense form moved to https://forms.example/new-form",
            "old-form",
            "[expense form](https://forms.example/new-form)",
        ),
        ("Tom: as of Monday the ticket system is called Workboard", "ticket system", "and the Workboard."),
    ],
)
def test_addresses_and_names_of_things_are_replaced_wherever_they_stand(said: str, gone: str, there: str) -> None:
    after = edited(said)
    assert there in after
    assert gone not in after


def test_a_step_joins_its_list_and_the_numbers_count_on() -> None:
    after = edited("Okay so please add a step to check the contract before you create the account.", channel="voice")
    assert (
        "1. Write the contract.\n2. Check the contract.\n3. Create the account.\n4. Invite the client to the kickoff.\n"
        in after
    )


def test_a_step_leaves_its_list_and_the_numbers_count_back() -> None:
    after = edited("Tom: please remove the step where we create the account")
    assert "1. Write the contract.\n2. Invite the client to the kickoff.\n" in after


def test_a_list_that_leaves_the_counting_to_the_reader_keeps_doing_so() -> None:
    page = FIRM.replace("2. Create", "1. Create").replace("3. Invite", "1. Invite")
    after = edited("Tom: please add a step to check the contract before you create the account", page)
    assert "1. Write the contract.\n1. Check the contract.\n1. Create the account.\n" in after


def test_what_is_gone_leaves_an_enumeration() -> None:
    after = edited("Ian: Authy isn't on the list of approved apps, so we can't offer it as an option any more")
    assert "SMS, or a security key" in after
    assert "Authy" not in after


def test_a_whole_section_goes_when_that_is_asked_for() -> None:
    after = edited("Tom: we closed the fax line, please remove the section on fax")
    assert "## Fax" not in after
    assert "by fax" not in after


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("Tom: the spare keys are not in the cupboard by the door any more, they moved to the server room", "server room"),
        ("The new template for the invoice is in the shared folder.", "The template for the invoice is in the shared folder."),
    ],
)
def test_a_sentence_keeps_its_beginning_and_gets_the_new_ending(said: str, there: str) -> None:
    after = edited(said)
    assert there in after
    assert ("cupboard by the door" in after) != ("server room" in there)


@pytest.mark.parametrize(
    ("said", "gone", "there"),
    [
        ("Oleg: mkdocs gh-deploy needs Python 3.9 or newer now", "Python 3.7", "3.9"),
        ("Tom: builds are kept for 30 days now, was 14", "14 days", "30 days"),
        ("Tom: Oleh Prypin takes over from Tom Christie as maintainer", "Tom Christie", "Maintained by Oleh Prypin"),
        (
            "Tom: the forum moved to https://talk.example.org/mkdocs",
            "forum.example.org",
            "[the forum](https://talk.example.org/mkdocs)",
        ),
        (
            "Ana: please add a step to run the link checker before you push the branch",
            "",
            "* Run the link checker.\n* Push the branch.",
        ),
    ],
)
def test_software_docs_are_edited_by_the_same_rules(said: str, gone: str, there: str) -> None:
    after = edited(said, DOCS)
    assert there in after
    assert not gone or gone not in after


def test_every_other_byte_stays() -> None:
    page = FIRM.replace("\n", "\r\n") + "\r\n   trailing \t\r\n"
    after = edited("From Monday the deadline for expenses is forty five days.", page, "voice")
    assert after == page.replace("30 days", "45 days")


def test_an_inserted_line_takes_the_pages_line_end() -> None:
    after = edited("Tom: please add a step to check the contract before you create the account", FIRM.replace("\n", "\r\n"))
    assert "2. Check the contract.\r\n3. Create" in after
    assert "\n" not in after.replace("\r\n", "")


def proposals(text: str, *pages: str) -> tuple[list[str], list[str]]:
    """(pages with a suggestion, pages with a flag), where the first of `pages` matches best."""
    read = {f"p{i}.md": parse_page(f"p{i}.md", page.encode()) for i, page in enumerate(pages)}
    matches = [PageMatch(page_path=path, score=1 - 0.2 * i, anchors=("expenses",)) for i, path in enumerate(read)]
    news = update(text)

    def read_page(path: str) -> Page | None:
        return read.get(path)

    suggestions, flags = propose_edits(news, matches, read_page, lambda _: "abcd", PEOPLE, EMBED)
    assert all(s.base_text == read[s.page_path].text and s.base_revision == "abcd" for s in suggestions)
    assert all(e.quote in text for s in suggestions for e in s.evidence)
    return [s.page_path for s in suggestions], [f.page_path for f in flags]


def test_a_contradiction_without_words_for_the_page_is_a_flag() -> None:
    assert proposals("Tom: the whole expenses thing is out of date, please update it", FIRM) == ([], ["p0.md"])


def test_nothing_comes_of_an_update_that_changes_nothing() -> None:
    assert proposals("Tom: is the deadline still 30 days?\nAna: yes, still 30", FIRM) == ([], [])


def test_a_new_address_goes_to_every_page_that_has_the_old_one() -> None:
    other = "# Trips\n\nQuestions go to travel@firm.example.\n"
    said = "Tom: please write to trips@firm.example from now on, travel@firm.example is closed"
    assert proposals(said, FIRM, other)[0] == ["p0.md", "p1.md"]


def test_each_topic_of_an_update_goes_to_its_own_page() -> None:
    billing = "# Billing\n\nThe template for the invoice is in the accounts folder.\n"
    travel = "# Travel\n\nThe limit for travel requests is 300 euros.\n"
    said = "Tom: The new template for the invoice is in the shared folder. The limit for travel requests goes up to 500 euros."
    assert set(proposals(said, travel, billing)[0]) == {"p0.md", "p1.md"}


def test_a_page_that_is_gone_is_passed_over() -> None:
    news = update("Tom: the deadline for expenses is 45 days now")
    match = PageMatch(page_path="gone.md", score=1.0, anchors=())
    assert propose_edits(news, [match], lambda _: None, lambda _: "", PEOPLE, EMBED) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("30 days", "45 days", "45 days"),
        ("thirty days", "45 days", "45 days"),
        ("three people", "five people", "five people"),
        ("$300", "500 dollars", "$500"),
        ("300 euros", "five hundred euros", "500 euros"),
        ("90%", "80 percent", "80%"),
        ("Thursday", "friday", "Friday"),
        ("33rd floor", "35th floor", "35th floor"),
        ("1 week", "2 weeks", "2 weeks"),
    ],
)
def test_values_are_written_as_the_page_writes_them(old: str, new: str, written: str) -> None:
    assert rewritten(quantities(old)[0], quantities(new)[0]) == written


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 20), st.text(max_size=10)), max_size=4))
def test_applying_replacements_keeps_what_is_not_replaced(text: str, spans: list[tuple[int, int, str]]) -> None:
    replacements, position = [], 0
    for start, length, new in sorted(spans):
        if position <= start and start + length <= len(text):
            replacements.append(Replacement(start=start, end=start + length, text=new, confidence=1.0, reason="", rule="x"))
            position = start + length + 1
    after = apply(text, replacements)
    kept = "".join(
        text[a:b]
        for a, b in zip([0, *(r.end for r in replacements)], [*(r.start for r in replacements), len(text)], strict=True)
    )
    for replacement in replacements:
        assert replacement.text in after
    assert len(after) == len(kept) + sum(len(r.text) for r in replacements)


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet="abc XY.,!?\n-*#|[]()<>0123456789%$€:'\"", max_size=300),
    st.text(alphabet="ab XY.\n-*#|[]()<>012%:", max_size=300),
)
def test_no_text_breaks_the_rules(said: str, page: str) -> None:
    edited("Tom: as of now " + said, page)


@pytest.mark.parametrize(
    "text", ["now, " * 3000, "Now " + " and ".join(["Ana Bell"] * 800) + " take over", 'renamed to "' * 800]
)
@pytest.mark.timeout(20)
def test_an_endless_sentence_does_not_hold_up_the_others(text: str) -> None:
    for channel in ("chat", "voice", "email"):
        edited(text, channel=channel)
