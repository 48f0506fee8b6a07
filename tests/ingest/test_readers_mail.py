"""Mails and mailboxes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from ingest.mailtext import own_text
from ingest.readers import Limits, read_file
from tests.ingest.files import UPDATES, docx
from wiki.errors import InvalidInput

HEAD = "From: Maya <maya@example.org>\nSubject: News\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"


def mail(body: str, head: str = HEAD) -> bytes:
    return f"{head}\n{body}".encode()


def test_a_reply_is_its_own_new_text_with_writer_date_and_id() -> None:
    reply, minutes = read_file("reply.eml", (UPDATES / "reply.eml").read_bytes())
    assert reply.channel == "email"
    assert reply.author == "Maya Löwe"
    assert reply.occurred_at == datetime(2026, 11, 12, 8, 14, tzinfo=UTC)
    assert reply.source_name == "abc.123@mail.example.org"
    assert (
        reply.text == "Subject: Spesen: neue Frist\n\nHi Tom,\n\nexpenses are due within 45 days now, für alle.\n\nBest,\nMaya"
    )
    assert [m.text for m in reply.messages] == [
        "Spesen: neue Frist",
        "Hi Tom,\n\nexpenses are due within 45 days now, für alle.",
    ]
    assert minutes.source_name == "minutes.txt"
    assert minutes.channel == "meeting"
    assert minutes.occurred_at == reply.occurred_at


def test_a_mail_of_html_alone_is_read_as_text_without_its_quotes() -> None:
    [incoming] = read_file("mail.eml", (UPDATES / "newsletter.eml").read_bytes())
    assert incoming.text == (
        "Subject: Office move\n\nWe moved to the 35th floor.\n- badges: room 1217\n- form: here (https://example.org/form)"
    )
    assert incoming.occurred_at == datetime(2026, 11, 13, 21, 0, tzinfo=UTC)


def test_a_mailbox_is_an_update_a_mail() -> None:
    first, second = read_file("team.mbox", (UPDATES / "team.mbox").read_bytes())
    assert first.text.endswith("owned by Maya now.\nFrom Monday on, that is.")
    assert second.text == "Subject: Re: Kickoff owner\n\nGood, I told the client."
    assert [m.text for m in second.messages] == ["Good, I told the client."]
    with pytest.raises(InvalidInput, match="2 mails"):
        read_file("team.mbox", (UPDATES / "team.mbox").read_bytes(), limits=Limits(max_parts=1))


@pytest.mark.parametrize(
    "quote",
    [
        "On Mon, 9 Nov 2026 at 10:00, Tom <t@example.org> wrote:\n> old",
        "Am 09.11.2026 um 10:00 schrieb Tom:\n> old",
        "Le lun. 9 nov. 2026 à 10:00, Tom a écrit :\n> old",
        "-----Original Message-----\nFrom: Tom\nold",
        "________________________________\nFrom: Tom\nSent: Monday\nTo: Maya\nSubject: x\nold",
        "From: Tom <t@example.org>\nSent: Monday, November 9, 2026\nTo: Maya\nSubject: x\n\nold",
        "-- \nMaya | Example GmbH",
        "> old\n> older",
        "Sent from my iPhone",
        "This e-mail and any attachments are confidential and intended only for the addressee.\nDelete it.",
    ],
)
def test_quotes_signatures_and_small_print_are_cut_off(quote: str) -> None:
    assert own_text(f"The limit is 500 euros.\n\n{quote}\n") == "The limit is 500 euros."


def test_a_bare_forward_keeps_what_was_forwarded() -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Tom <t@example.org>\nDate: Mon, 9 Nov 2026\nSubject: x\nTo: "
        "Maya\n\nthe form moved"
    )
    assert "the form moved" in own_text(text)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("Content-Type: text/plain; charset=utf-8\n\nfür", "für"),
        ("Content-Type: text/plain; charset=nonsense\n\nfür", "für"),
        ("Content-Type: text/plain; charset=us-ascii\n\nfür", "für"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nZsO8cg==", "für"),
        ("Content-Type: text/plain; format=flowed\n\none \ntwo\nthree", "one two\nthree"),
    ],
)
def test_encodings_are_read_whatever_their_label_says(part: str, text: str) -> None:
    [incoming] = read_file("m.eml", HEAD.encode() + part.encode())
    assert incoming.text == f"Subject: News\n\n{text}"


def test_a_mail_without_date_name_or_id_is_still_read() -> None:
    [incoming] = read_file("m.eml", b"From: maya@example.org\nSubject: =?x?q?broken\nDate: someday\n\nnews\n")
    assert (incoming.author, incoming.occurred_at, incoming.source_name) == ("maya@example.org", None, "m.eml")


def test_attachments_follow_their_mail_and_what_cannot_be_read_is_left_out() -> None:
    parts = [
        ("application/octet-stream", "plan.docx", docx("The travel limit is 500 euros.")),
        ("image/jpeg", "photo.jpg", b"\xff\xd8\xff\xe0\x00\x00\x00\x00"),
        ("audio/ogg", "memo.ogg", b"OggS\x00\x00"),
    ]
    body = "".join(
        f"--b\nContent-Type: {kind}\nContent-Disposition: attachment; filename={name}\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.b64encode(data).decode()}\n"
        for kind, name, data in parts
    )
    data = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee attached\n{body}--b--\n"
    letter, plan, memo = read_file("m.eml", data.encode(), keep_recordings=True)
    assert letter.text == "Subject: News\n\nsee attached"
    assert plan.text == "The travel limit is 500 euros."
    assert (plan.author, plan.channel) == ("Maya", "document")
    assert (memo.channel, memo.recording, memo.source_name) == ("voice", b"OggS\x00\x00", "memo.ogg")


def test_a_forwarded_mail_inside_a_mail_is_an_update_of_its_own() -> None:
    inner = "From: Tom <t@example.org>\nSubject: Inner\nMessage-ID: <2@x>\n\nthe form moved"
    data = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfyi\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    )
    outer, forwarded = read_file("m.eml", data.encode())
    assert outer.text == "Subject: News\n\nfyi"
    assert (forwarded.author, forwarded.text) == ("Tom", "Subject: Inner\n\nthe form moved")
