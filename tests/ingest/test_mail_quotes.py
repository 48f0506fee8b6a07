"""Replies and forwards of many programs in many languages: whose words are whose."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

import pytest

from ingest.maildates import parse_mail_date
from ingest.messages import mail_messages
from tests.ingest.files import UPDATES

NEWS = "The deadline for expenses is now 45 days instead of 30."
OLD = "From now on the room is closed."
NOTE = "For the wiki please."
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def rows(name: str) -> list[list[str]]:
    lines = (UPDATES / name).read_text(encoding="utf-8").splitlines()
    return [[cell.replace("\\n", "\n") for cell in line.split("\t")] for line in lines]


def said(body: str, subject: str = "Re: Expenses") -> list[tuple[str, str]]:
    _, messages = mail_messages(subject, body, author="Aoife Byrne")
    return [(message.author, message.text) for message in messages]


def dated(body: str, subject: str) -> list[tuple[str, str, datetime | None]]:
    _, messages = mail_messages(subject, body, author="Aoife Byrne")
    return [(message.author, message.text, message.at) for message in messages]


@pytest.mark.parametrize(("language", "program", "lead"), rows("reply_leads.tsv"))
def test_the_line_that_leads_in_a_quote_ends_the_new_words(language: str, program: str, lead: str) -> None:
    assert said(f"{NEWS}\n\n{lead}\n\n> {OLD}\n> Tom\n") == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(("language", "program", "lead"), rows("reply_leads.tsv"))
def test_answers_between_the_quotes_are_new_words(language: str, program: str, lead: str) -> None:
    body = f"{lead}\n> {OLD}\n\n{NEWS}\n\n> Tom\n> Finance\n\nAnd more.\n"
    assert said(body) == [("Aoife Byrne", f"{NEWS}\n\nAnd more.")]


@pytest.mark.parametrize(("language", "program", "block"), rows("reply_headers.tsv"))
def test_header_lines_end_the_new_words_of_a_reply(language: str, program: str, block: str) -> None:
    assert said(f"{NEWS}\n\n{block}\n\n{OLD}\n\nTom\n") == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(("language", "program", "block"), rows("reply_headers.tsv"))
def test_a_forward_under_header_lines_is_its_writers_at_its_time(language: str, program: str, block: str) -> None:
    found = dated(f"{NOTE}\n\n{block}\n\n{OLD}\n\nTom\n", "FW: Expenses")
    assert found == [("Aoife Byrne", NOTE, None), ("Tom Reid", OLD, AT)]


@pytest.mark.parametrize(("language", "program", "mark", "block"), rows("forward_marks.tsv"))
def test_a_forward_under_a_mark_is_its_writers_at_its_time(language: str, program: str, mark: str, block: str) -> None:
    quote = "> " if block.startswith(">") else ""
    body = f"{NOTE}\n\n{mark}\n\n{block}\n{quote.strip()}\n{quote}{OLD}\n"
    assert dated(body, "Fwd: Expenses") == [("Aoife Byrne", NOTE, None), ("Tom Reid", OLD, AT)]
    assert dated(body.removeprefix(NOTE), "Fwd: Expenses") == [("Tom Reid", OLD, AT)]


@pytest.mark.parametrize(
    "prefix", ["FW", "WG", "TR", "RV", "I", "ENC", "VB", "VL", "PD", "İLT", "転送", "转发", "轉寄", "전달"]
)
def test_a_subject_of_a_forward_keeps_what_is_below_the_header_lines(prefix: str) -> None:
    block = "From: Tom Reid <tom@example.org>\nSent: Monday, November 23, 2026 10:00 AM\nTo: Aoife\nSubject: Expenses"
    assert said(f"{NOTE}\n\n{block}\n\n{OLD}", f"{prefix}: Expenses") == [("Aoife Byrne", NOTE), ("Tom Reid", OLD)]


@pytest.mark.parametrize(
    "line",
    [
        "----- Forwarded Message ----- From: Tom Reid <tom@example.org>To: A <a@example.org>Sent: Monday, November 23, 2026 at 10:00:00 AM "
        "GMTSubject: Limit",
        "----- Weitergeleitete Nachricht ----- Von: Tom Reid <tom@example.org>An: A <a@example.org>Gesendet: Montag, 23. November 2026 um "
        "10:00:00 UTCBetreff: Grenze",
        "----- Mensaje reenviado ----- De: Tom Reid <tom@example.org>Para: A <a@example.org>Enviado: lunes, 23 de noviembre de 2026, 10:00:00 "
        "UTCAsunto: Límite",
    ],
)
def test_a_forward_whose_header_lines_run_together_is_its_writers(line: str) -> None:
    assert dated(f" {NOTE}\n   {line}\n {OLD}\n", "Fw: Limit") == [("Aoife Byrne", NOTE, None), ("Tom Reid", OLD, AT)]


SHAPES = {
    "bold": lambda block: "\n".join("*" + line.replace(":", ":*", 1) for line in block.split("\n")),
    "with empty lines": lambda block: block.replace("\n", "\n\n"),
    "with another line end": lambda block: block.replace("\n", "\r\n"),
    "indented": lambda block: "\n".join(f" {line}" for line in block.split("\n")),
    "with a copy list of two lines": lambda block: block.replace("\n", "\nCc: A <a@example.org>; B\n <b@example.org>\n", 1),
    "with a value on the next line": lambda block: block.replace(": ", ":\n", 1),
    "under a line": lambda block: f"{'_' * 32}\n{block}",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("language", "program", "block"), [row for row in rows("reply_headers.tsv") if row[1] == "Outlook"])
def test_header_lines_are_known_in_the_shapes_that_programs_bend_them_to(
    language: str, program: str, block: str, shape: str
) -> None:
    bent = SHAPES[shape](block)
    assert said(f"{NEWS}\n\n{bent}\n\n{OLD}\n", "RE: x") == [("Aoife Byrne", NEWS)]
    assert said(f"{NEWS}\n\n{bent}\n\n{OLD}\n", "FW: x") == [("Aoife Byrne", NEWS), ("Tom Reid", OLD)]


@pytest.mark.parametrize("width", [40, 60, 72])
def test_a_lead_that_was_wrapped_ends_the_new_words(width: int) -> None:
    for _, _, lead in rows("reply_leads.tsv"):
        wrapped = "\n".join(textwrap.wrap(lead, width, break_long_words=False, break_on_hyphens=False))
        assert said(f"{NEWS}\n\n{wrapped}\n\n> {OLD}\n") == [("Aoife Byrne", NEWS)], lead


def test_a_lead_with_an_address_ends_the_new_words_where_the_quote_bears_no_mark() -> None:
    for _, program, lead in rows("reply_leads.tsv"):
        if "@" in lead and program != "mutt":
            assert said(f"{NEWS}\n\n{lead}\n\n{OLD}\n") == [("Aoife Byrne", NEWS)], lead


def test_in_finnish_vs_answers_and_in_danish_it_forwards() -> None:
    finnish = "Lähettäjä: Tom Reid <tom@example.org>\nLähetetty: 23. marraskuuta 2026 10.00\nVastaanottaja: Aoife\nAihe: Kulut"
    danish = "Fra: Tom Reid <tom@example.org>\nSendt: 23. november 2026 10:00\nTil: Aoife\nEmne: Udlæg"
    assert said(f"{NEWS}\n\n{finnish}\n\n{OLD}", "VS: Kulut") == [("Aoife Byrne", NEWS)]
    assert said(f"{NOTE}\n\n{danish}\n\n{OLD}", "VS: Udlæg") == [("Aoife Byrne", NOTE), ("Tom Reid", OLD)]


NESTED = {
    "outlook": (
        "From: Ruth Keane <ruth@example.org>\nSent: Monday, November 23, 2026 10:00 AM\nTo: Aoife\nSubject: FW: Limit\n\nSee below."
        "\n\nRuth\n\nFrom: Tom Reid <tom@example.org>\nSent: Sunday, November 22, 2026 9:00 AM\nTo: Ruth\nSubject: Limit\n\n"
        f"{OLD}\n\nBest regards,\nTom Reid\nFinance\nT: +353 1 234567\n"
    ),
    "gmail": (
        "---------- Forwarded message ---------\nVon: Ruth Keane <ruth@example.org>\nDate: Mo., 23. Nov. 2026 um 10:00 Uhr\n"
        "Subject: Fwd: Limit\nTo: Aoife <aoife@example.org>\n\n\nSee below.\n\n---------- Forwarded message ---------\n"
        "Von: Tom Reid <tom@example.org>\nDate: So., 22. Nov. 2026 um 09:00 Uhr\nSubject: Limit\nTo: Ruth <ruth@example.org>\n\n\n"
        f"{OLD}\n\n-- \nTom\n"
    ),
    "apple": (
        "Début du message transféré :\n\n> De: Ruth Keane <ruth@example.org>\n> Objet: Fwd: Limit\n> Date: 23 novembre 2026 à "
        "10:00:00 UTC\n> À: Aoife <aoife@example.org>\n> \n> See below.\n> \n> Début du message transféré :\n> \n>> De: Tom Reid "
        "<tom@example.org>\n>> Objet: Limit\n>> Date: 22 novembre 2026 à 09:00:00 UTC\n>> À: Ruth <ruth@example.org>\n>> \n"
        f">> {OLD}\n>> \n"
    ),
}


@pytest.mark.parametrize("program", NESTED)
def test_a_forward_of_a_forward_keeps_every_note_by_its_writer(program: str) -> None:
    assert dated(f"{NOTE}\n\n{NESTED[program]}", "Fwd: FW: Limit") == [
        ("Aoife Byrne", NOTE, None),
        ("Ruth Keane", "See below.", AT),
        ("Tom Reid", OLD, datetime(2026, 11, 22, 9, 0, tzinfo=UTC)),
    ]


def test_what_a_forwarded_reply_quoted_is_not_said_again() -> None:
    body = (
        f"{NOTE}\n\n---------- Forwarded message ---------\nFrom: Tom Reid <tom@example.org>\nDate: Mon, Nov 23, 2026 at 10:00 AM\n"
        f"Subject: Re: Limit\nTo: Aoife <aoife@example.org>\n\n{NEWS}\n\nOn Sun, 22 Nov 2026 at 09:00, Ruth <ruth@example.org> "
        f"wrote:\n\n> {OLD}\n"
    )
    assert said(body, "Fwd: Re: Limit") == [("Aoife Byrne", NOTE), ("Tom Reid", NEWS)]


def test_a_thread_below_a_reply_is_all_quote() -> None:
    older = "Von: Ruth Keane <ruth@example.org>\nGesendet: Sonntag, 22. November 2026 09:00\nAn: Tom\nBetreff: Frist\n\nÄlter."
    body = (
        f"{NEWS}\n\nVon: Tom Reid <tom@example.org>\nGesendet: Montag, 23. November 2026 10:00\nAn: Aoife\nBetreff: AW: Frist\n\n"
        f"{OLD}\n\n{older}"
    )
    assert said(body, "AW: Frist") == [("Aoife Byrne", NEWS)]


def test_a_quoted_line_that_was_wrapped_without_its_mark_is_still_a_quote() -> None:
    body = (
        "On Mon, 23 Nov 2026 at 10:00, Tom Reid <tom@example.org> wrote:\n\n> Could you tell me what the deadline for handing in "
        f"the expenses is from\nnow on?\n>\n> Tom\n\n{NEWS}"
    )
    assert said(body) == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    "body",
    [
        "On Monday at 10:00 Tom wrote:\nthe new text of the policy. It says 45 days.",
        "The example in the form is new:\n\nFrom: Berlin\nTo: Paris\nDate: 3 May\n\nPlease use it.",
        "Please send it to:\n\nTo: finance@example.org\nSubject: Expenses\n\nNothing else is read.",
        "Original message boards are gone. Forwarded message lists too:\nuse the channel.",
        "Subject: lines must name the client.",
    ],
)
def test_news_that_looks_a_little_like_a_quote_is_kept(body: str) -> None:
    assert said(body) == [("Aoife Byrne", body)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("mar. 24 nov. 2026 10:00", (2026, 11, 24)),
        ("11/12/26 10:00 AM", (2026, 11, 12)),
        ("12/11/2026 10:00", (2026, 11, 12)),
        ("12.11.26, 10:00", (2026, 11, 12)),
        ("3. toukok. 2026 klo 10.00.00", (2026, 5, 3)),
        ("23 Mayıs 2026 10:00", (2026, 5, 23)),
        ("2026-11-23T10:00:00Z", (2026, 11, 23)),
    ],
)
def test_days_of_header_lines_are_read_in_their_language(written: str, day: tuple[int, int, int]) -> None:
    assert parse_mail_date(written) == datetime(*day, 10, 0, tzinfo=UTC)


def test_a_date_that_cannot_be_told_is_none() -> None:
    for written in ("", "soon", "45. Foo 2026 10:00", "31/02/2026 10:00", "x" * 500, "Mon, 99 Nov 2026 10:00:00 +9999"):
        assert parse_mail_date(written) is None


def test_times_of_a_forward_are_read_in_the_forwarders_zone() -> None:
    body = f"{NOTE}\n\nFrom: Tom Reid <tom@example.org>\nSent: Monday, November 23, 2026 10:00 AM\nTo: A\nSubject: x\n\n{OLD}"
    _, messages = mail_messages("FW: x", body, author="A", occurred_at=datetime.fromisoformat("2026-11-24T09:00:00+02:00"))
    assert [message.at for message in messages] == [
        datetime(2026, 11, 24, 7, tzinfo=UTC),
        datetime(2026, 11, 23, 8, tzinfo=UTC),
    ]
