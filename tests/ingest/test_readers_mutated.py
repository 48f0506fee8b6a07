"""Mails and documents that were bent on their way: read or refused in words for people, and soon."""

from __future__ import annotations

import base64
import time
from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.messages import mail_messages
from ingest.readers import read_file
from ingest.readers.mailhtml import mail_html_to_text
from tests.ingest.files import UPDATES
from tests.ingest.test_mail_formats import HEAD, INVITATION, QUOTED_HTML, html
from tests.ingest.test_mail_quotes import NESTED, rows
from tests.ingest.test_readers_documents import CALENDAR, MEETING
from wiki.errors import InvalidInput

LONGEST_S = 2.0


def multipart() -> bytes:
    image = base64.encodebytes(b"\x89PNG" + bytes(200)).decode()
    return (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b1\n\n--b1\nContent-Type: multipart/alternative; boundary=b2\n\n--b2\nContent-Type: "
        "text/plain; charset=iso-8859-1; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\nF=FCr alle =\n45 Tage.\n--b2\n"
        f"Content-Type: text/html; charset=utf-8\n\n{QUOTED_HTML['gmail']}\n--b2--\n--b1\nContent-Type: text/calendar; method=REQUEST\n\n"
        f"{INVITATION}\n--b1\nContent-Type: message/rfc822\n\n{HEAD}\ninner\n--b1\nContent-Type: image/png; name=x.png\n"
        f"Content-Transfer-Encoding: base64\n\n{image}\n--b1--\n"
    ).encode()


SAMPLES: dict[str, bytes] = {
    **{f"html {name}": html(body.replace("{news}", "The limit is 400 euros.")) for name, body in QUOTED_HTML.items()},
    **{f"nested {name}": f"{HEAD}\nFor the wiki.\n\n{body}".encode() for name, body in NESTED.items()},
    **{
        f"lead {number}": f"{HEAD}Content-Type: text/plain; charset=utf-8\n\nNews.\n\n{lead}\n\n> old\n".encode()
        for number, (_, _, lead) in enumerate(rows("reply_leads.tsv")[::9])
    },
    "multipart": multipart(),
    "mbox": (UPDATES / "team.mbox").read_bytes(),
    "emlx": b"200\n" + (UPDATES / "reply.eml").read_bytes() + b'<?xml version="1.0"?><plist><dict/></plist>',
    "calendar": CALENDAR.format(method="METHOD:REQUEST\n", events=MEETING * 2).encode(),
    "table": "Was;Grenze\nReise;\"500\nEuro\"\n".encode("utf-16"),
    "smime": f"{HEAD}Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n".encode()
    + base64.encodebytes(bytes.fromhex("3080" "06092a864886f70d010702" "a080" "3080" "06092a864886f70d010701" "a080" "2480" "0403616263" "0000" "0000")),
}  # fmt: skip

edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "repeat", "drop"]),
        st.integers(0, 10**6),
        st.binary(min_size=1, max_size=6)
        | st.sampled_from([b"\n", b"\n\n", b">", b"=", b"--b1\n", b"From ", b":", b"\xff", b"<!--", b"<blockquote>"]),
    ),
    min_size=1,
    max_size=6,
)


def bent(data: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, extra in changes:
        at = place % max(1, len(data))
        if kind == "flip":
            data = data[:at] + bytes([data[at] ^ (1 << (place % 8))]) + data[at + 1 :] if data else data
        elif kind == "cut":
            data = data[:at]
        elif kind == "insert":
            data = data[:at] + extra + data[at:]
        elif kind == "drop":
            data = data[:at] + data[at + place % 40 :]
        else:
            data = data[:at] + data[at : at + 60] * 20 + data[at:]
    return data


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SAMPLES)), edits)
def test_a_bent_mail_is_read_or_refused_within_two_seconds(sample: str, changes: list[tuple[str, int, bytes]]) -> None:
    data = bent(SAMPLES[sample], changes)
    refused: InvalidInput | None = None
    start = time.monotonic()
    try:
        for incoming in read_file(f"{sample}.csv" if sample == "table" else sample, data, keep_recordings=True):
            incoming.text.encode()
            assert all(message.text.strip() and message.text.encode() for message in incoming.messages)
    except InvalidInput as error:
        refused = error
    assert time.monotonic() - start < LONGEST_S
    assert refused is None or (refused.message and refused.hint)


LINES = [
    "> ",
    "From: a@b.c\n",
    "Von: Tom\n",
    "On 3 Nov 2026 at 10:00, Tom wrote:\n",
    "\n",
    "--\n",
    "----- Original Message -----\n",
    "Begin forwarded message:\n",
    "news\n",
    "Subject: x\n",
    "Date: 3 Nov 2026 10:00\n",
    "______________________________\n",
    "Best,\n",
    "Tom\n",
    "To: x\n",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_the_words_of_a_mail_are_lines_of_it(lines: list[str]) -> None:
    body = "".join(lines)
    for subject in ("Re: x", "Fwd: x", "x"):
        text, messages = mail_messages(subject, body, author="Aoife")
        for message in messages:
            for line in message.text.splitlines():
                assert line.strip() in body or line == subject
                assert line.strip() in text


@pytest.mark.parametrize(
    "pattern",
    ["a b c:\n", "> a\n", ">", "From: a@b.c\n", "-", "- ", "\n", " ", "wrote:", "<", "On 1 2 2026 ", "=\n", "Sent from ", "*", "_" * 40 + "\n", "x@", "1:", "("],
)  # fmt: skip
def test_a_long_mail_of_one_thing_is_read_soon(pattern: str) -> None:
    body = "".join(islice(cycle(pattern), 200_000))
    start = time.monotonic()
    mail_messages("Re: x", body)
    assert time.monotonic() - start < LONGEST_S


@pytest.mark.parametrize(
    "pattern",
    ["<div>", "<blockquote>x", "<!-- ", "<![", "<a x='", "<table><tr><td>", "<td>", "</p>", "&amp;", "<", "<ul><li>", "<p style='", "<?x", "<script>", "<a b=\"", "<p/", "'", "< a"],
)  # fmt: skip
def test_long_html_of_one_thing_is_read_soon(pattern: str) -> None:
    page = "".join(islice(cycle(pattern), 200_000))
    start = time.monotonic()
    mail_html_to_text(page)
    assert time.monotonic() - start < LONGEST_S
