"""How mails are wrapped, encoded and stored."""

from __future__ import annotations

import base64
import quopri
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.readers import read_file
from ingest.readers.charsets import guess_encoding
from wiki.errors import InvalidInput

HEAD = (
    "From: Aoife Byrne <aoife@example.org>\nTo: all@example.org\nSubject: Re: Expenses\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
)
NEWS = "The deadline for expenses is now 45 days instead of 30."


def said(data: bytes, name: str = "m.eml") -> list[tuple[str, str]]:
    return [(message.author, message.text) for incoming in read_file(name, data) for message in incoming.messages]


def html(body: str) -> bytes:
    return f"{HEAD}Content-Type: text/html; charset=utf-8\n\n<html><head><style>x</style></head><body>{body}</body></html>".encode()


QUOTED_HTML = {
    "gmail": '<div dir="ltr">{news}<div class="gmail_signature">Aoife</div></div><br><div class="gmail_quote"><div dir="ltr" '
    'class="gmail_attr">On Mon, 23 Nov 2026 at 10:00, Tom &lt;<a href="mailto:t@example.org">t@example.org</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote"><div dir="ltr">old<br>older</div></blockquote></div>',
    "gmail in a language of no table": '<div dir="ltr">{news}</div><div class="gmail_quote"><div class="gmail_attr">Dydd Llun 23 Tach '
    "2026 10:00 Tom</div><blockquote>old</blockquote></div>",
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{news}</p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style='
    '"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Von:</b> Tom Reid &lt;t@example.org'
    "&gt; <br><b>Gesendet:</b> Montag, 23. November 2026 10:00<br><b>An:</b> Aoife<br><b>Betreff:</b> AW: Frist</p></div></div><p "
    'class="MsoNormal">old</p></div>',
    "outlook on the web": '<div>{news}</div><div id="appendonsend"></div><hr tabindex="-1" style="width:98%"><div id="divRplyFwdMsg"><font>'
    "<b>De :</b> Tom &lt;t@example.org&gt;<br><b>Envoyé :</b> lundi 23 novembre 2026 10:00<br><b>À :</b> Aoife<br><b>Objet :</b> x"
    "</font><div>&nbsp;</div></div><div>old</div>",
    "apple": '<div>{news}</div><div><br><blockquote type="cite"><div>On 23 Nov 2026, at 10:00, Tom &lt;t@example.org&gt; wrote:</div><br>'
    "<div>old</div></blockquote></div>",
    "thunderbird": '<p>{news}</p><div class="moz-cite-prefix">Il 23/11/2026 10:00, Tom ha scritto:<br></div><blockquote type="cite" '
    'cite="mid:1"><p>old</p></blockquote><pre class="moz-signature">-- \nAoife</pre>',
    "yahoo": '<div>{news}</div><div class="yahoo_quoted"><div>On Monday, November 23, 2026 at 10:00:00 AM GMT, Tom &lt;t@example.org&gt; '
    "wrote:</div><div><br></div><div>old</div></div>",
    "gmx": "<div>{news}</div><div name=quote><div><b>Gesendet:</b>&nbsp;Montag, 23. November 2026 um 10:00 Uhr<br/><b>Von:</b>&nbsp;"
    "&quot;Tom&quot; &lt;t@example.org&gt;<br/><b>An:</b>&nbsp;Aoife<br/><b>Betreff:</b>&nbsp;x</div><div>old</div></div>",
    "proton": '<div>{news}</div><div class="protonmail_signature_block">Sent with Proton</div><div class="protonmail_quote">On Monday, '
    "November 23rd, 2026 at 10:00 AM, Tom &lt;t@example.org&gt; wrote:<br><blockquote>old</blockquote></div>",
}


@pytest.mark.parametrize("program", QUOTED_HTML)
def test_a_reply_in_html_is_its_new_words(program: str) -> None:
    assert said(html(QUOTED_HTML[program].replace("{news}", NEWS))) == [("Aoife Byrne", NEWS)]


def test_answers_between_quotes_in_html_are_kept() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, 23 Nov 2026 at 10:00, Tom wrote:</div><blockquote>old</blockquote></div>'
        f"<div>{NEWS}</div><blockquote class=gmail_quote>older</blockquote><div>Hotels too.</div>"
    )
    assert said(html(body)) == [("Aoife Byrne", f"{NEWS}\n\nHotels too.")]


def test_a_forward_in_html_is_its_writers() -> None:
    body = (
        '<div dir="ltr">FYI<br><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: '
        "<strong>Tom Reid</strong> <span>&lt;t@example.org&gt;</span><br>Date: Mon, 23 Nov 2026 at 10:00<br>Subject: x<br>To: Aoife<br>"
        f"</div><br><br><div>{NEWS}</div></div></div>"
    )
    assert said(html(body)) == [("Aoife Byrne", "FYI"), ("Tom Reid", NEWS)]


def test_a_forward_of_apple_mail_in_html_is_its_writers() -> None:
    body = (
        'Add this please.<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><span><b>From: </b></span><span>'
        "Tom Reid &lt;t@example.org&gt;<br></span></div><div><span><b>Subject: </b></span><span>Limit<br></span></div><div><b>Date: </b>23 "
        f"November 2026 at 10:00:00 GMT<br></div><div><b>To: </b>Aoife<br></div><br><div><div>{NEWS}</div></div></blockquote></div>"
    )
    assert said(html(body)) == [("Aoife Byrne", "Add this please."), ("Tom Reid", NEWS)]


def test_a_forward_of_outlook_and_thunderbird_in_html_is_its_writers() -> None:
    outlook = (
        "<div class=WordSection1><p class=MsoNormal>Bitte ins Wiki.</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Viele Grüße</p><p "
        "class=MsoNormal>Aoife Byrne</p><p class=MsoNormal>Kestrel Row GmbH | +49 30 123456</p><div><div style='border:none;border-top:solid"
        " #E1E1E1 1.0pt'><p class=MsoNormal><b>Von:</b> Tom Reid &lt;t@example.org&gt; <br><b>Gesendet:</b> Montag, 23. November 2026 10:00"
        f"<br><b>An:</b> Aoife<br><b>Betreff:</b> Grenze</p></div></div><p class=MsoNormal>{NEWS}</p></div>"
    )
    thunderbird = (
        '<p>Bitte ins Wiki.</p><div class="moz-forward-container"><br>-------- Weitergeleitete Nachricht --------<table class="'
        'moz-email-headers-table"><tr><th>Betreff: </th><td>Grenze</td></tr><tr><th>Datum: </th><td>Mon, 23 Nov 2026 10:00:00 +0000</td></tr>'
        f"<tr><th>Von: </th><td>Tom Reid &lt;t@example.org&gt;</td></tr></table><br><p>{NEWS}</p></div>"
    )
    for body in (outlook, thunderbird):
        data = html(body).replace(b"Subject: Re: Expenses", b"Subject: WG: Grenze")
        assert said(data) == [("Aoife Byrne", "Bitte ins Wiki."), ("Tom Reid", NEWS)]


def test_a_table_in_html_keeps_its_rows() -> None:
    body = "<p>New limits:</p><table><tr><th>What</th><th>Limit</th></tr><tr><td><p>Hotel</p></td><td><p>150 euros</p></td></tr></table>"
    assert said(html(body)) == [("Aoife Byrne", "New limits:\n\nWhat | Limit\nHotel | 150 euros")]


def test_html_that_is_hidden_or_indented_is_no_quote() -> None:
    body = f'<div style="display:none">preview</div><blockquote style="margin:0 0 0 40px;border:none">{NEWS}</blockquote>'
    assert said(html(body)) == [("Aoife Byrne", NEWS)]


def test_the_html_is_read_where_the_plain_part_only_points_to_it() -> None:
    data = (
        f"{HEAD}Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease view in HTML.\n--b\n"
        f"Content-Type: text/html\n\n<p>{NEWS}</p><p>{'It counts for everybody who travels. ' * 5}</p>\n--b--\n"
    )
    assert NEWS in said(data.encode())[0][1]


def test_a_footer_that_a_list_adds_does_not_hide_an_html_mail() -> None:
    data = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>{NEWS}</p>\n--b\nContent-Type: text/plain"
        "\n\n_______________________________________________\nTeam mailing list\nteam@example.org\nhttps://example.org/list\n--b--\n"
    )
    assert said(data.encode()) == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "The limit is now 400 € — not “300”."),
        ("us-ascii", "cp1252", "Les frais sont dus sous 45 jours, déjà validé à 400 €."),
        ("iso-8859-1", "utf-8", "Die Frist für Spesen beträgt 45 Tage."),
        ("utf-8", "cp1252", "El límite será de 400 € el año próximo."),
        ("", "cp1252", "Från och med 1 december är gränsen 400 kronor."),
        ("", "cp1250", "Limit wynosi teraz 400 zł, proszę pamiętać o wnioskach."),
        ("", "cp1251", "Срок подачи расходов теперь 45 дней вместо 30."),
        ("", "koi8-r", "Срок подачи расходов теперь 45 дней вместо 30."),
        ("", "cp1254", "Masraflar için süre artık 45 gün, değişiklik şimdi geçerli."),
        ("shift_jis", "cp932", "経費の締め切りは①45日②です。"),
        ("", "cp932", "経費の締め切りは30日から45日に変わりました。"),
        ("", "euc_jp", "経費の締め切りは30日から45日に変わりました。"),
        ("", "iso2022_jp", "経費の締め切りは30日から45日に変わりました。"),
        ("gb2312", "gb18030", "报销期限现在是45天，朱镕基。"),
        ("", "gb18030", "报销期限现在是45天，而不是30天。"),
        ("", "big5", "報銷期限現在是45天，而不是30天。"),
        ("ks_c_5601-1987", "cp949", "경비 제출 기한은 이제 45일입니다."),
        ("", "cp949", "경비 제출 기한은 이제 30일이 아니라 45일입니다."),
        ("x-unknown", "utf-8", "Die Frist für Spesen beträgt 45 Tage."),
        ("base64", "utf-8", "Die Frist für Spesen beträgt 45 Tage."),
    ],
)
def test_letters_are_right_whatever_the_label_says(label: str, encoding: str, text: str) -> None:
    kind = f"Content-Type: text/plain; charset={label}\n" if label else ""
    for transfer, payload in (
        ("base64", base64.encodebytes(text.encode(encoding))),
        ("quoted-printable", quopri.encodestring(text.encode(encoding))),
        ("8bit", text.encode(encoding)),
    ):
        data = f"{HEAD}{kind}Content-Transfer-Encoding: {transfer}\n\n".encode() + payload
        assert said(data) == [("Aoife Byrne", text)], transfer


def test_a_long_text_of_another_encoding_is_measured() -> None:
    assert guess_encoding("Το όριο για τα ταξίδια είναι τώρα 400 ευρώ αντί για 300.".encode("cp1253")) == "cp1253"
    assert guess_encoding(b"plain") == "utf-8"


def test_bare_bytes_and_damaged_words_in_headers_are_read() -> None:
    raw = "From: Zoë Brück <z@example.org>\nSubject: Neue Frist für Spesen\nMessage-ID: <1@x>\n\n45 Tage\n"
    for encoding in ("utf-8", "cp1252"):
        [incoming] = read_file("m.eml", raw.encode(encoding))
        assert incoming.author == "Zoë Brück"
        assert incoming.text == "Subject: Neue Frist für Spesen\n\n45 Tage"
    word = "=?iso-8859-1?Q?400_=80_=97_Zo=EB?="
    [incoming] = read_file(
        "m.eml", f"From: {word} <z@example.org>\nSubject: {word} =?utf-8?q?x\nMessage-ID: <1@x>\n\nx\n".encode()
    )
    assert incoming.author == "400 € — Zoë"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("quoted-printable", "F=C3=BCr alle 45 Tage=\n statt 30.=ZZ =", "Für alle 45 Tage statt 30.=ZZ ="),
        ("", "F=C3=BCr alle=20\nbetr=C3=A4gt die Frist 45 Tage=\n statt 30.", "Für alle\nbeträgt die Frist 45 Tage statt 30."),
        ("base64", base64.b64encode("Für alle 45 Tage statt 30.!".encode()).decode()[:-1], "Für alle 45 Tage statt 30."),
        ("quoted-printable", "F=C3=BCr alle: 400 =E2=82=", "Für alle: 400"),
        ("quoted-printable", "F=3DC3=3DBCr alle 400 Euro=3D20=\n\nund mehr=3D20\n", "Für alle 400 Euro"),
        ("8bit", "Die Frist fÃ¼r alle betrÃ¤gt 45 Tage â€“ immer.", "Die Frist für alle beträgt 45 Tage – immer."),
        ("base64", "Die Frist für alle beträgt 45 Tage.", "Die Frist für alle beträgt 45 Tage."),
        ("base64", "!" + base64.b64encode("Für alle 45 Tage.".encode()).decode() + "\n--\nnot base64 ~", "Für alle 45 Tage."),
    ],
)
def test_a_damaged_transfer_encoding_loses_no_more_than_it_must(head: str, body: str, text: str) -> None:
    transfer = f"Content-Transfer-Encoding: {head}\n" if head else ""
    [(_, found)] = said(f"{HEAD}Content-Type: text/plain; charset=utf-8\n{transfer}\n{body}".encode())
    assert found.startswith(text.rstrip("= "))
    assert "=C3" not in found


def test_a_byte_lost_on_the_way_does_not_bend_the_other_letters() -> None:
    text = "Für alle Büros beträgt die Frist ab Dezember höchstens fünfundvierzig Tage.".encode().replace("ö".encode(), b"\xb6")
    [(_, found)] = said(f"{HEAD}Content-Type: text/plain; charset=utf-8\n\n".encode() + text)
    assert found == "Für alle Büros beträgt die Frist ab Dezember h\ufffdchstens fünfundvierzig Tage."


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=other", "multipart/alternative"])
def test_a_mail_that_names_a_wrong_boundary_is_cut_where_it_really_parts(kind: str) -> None:
    body = f"--real\nContent-Type: text/plain\n\n{NEWS}\n--real\nContent-Type: text/x\nContent-Disposition: attachment\n\nx\n--real--\n"
    found = read_file("m.eml", f"{HEAD}Content-Type: {kind}\n\n{body}".encode())
    assert [incoming.text for incoming in found] == [f"Subject: Re: Expenses\n\n{NEWS}", "x"]
    assert said(f"{HEAD}Content-Type: {kind}\n\n{NEWS}".encode()) == [("Aoife Byrne", NEWS)]


def test_a_line_that_starts_with_from_is_text_where_no_headers_follow() -> None:
    first = (
        f"From aoife@example.org Mon Nov 23 10:00:00 2026\n{HEAD}\nNews:\n\nFrom 1 December 2026\nthe limit is 400 euros.\n\n"
    )
    second = "From - Tue Nov 24 10:00:00 2026\nX-Mozilla-Status: 0001\nFrom: Tom <t@example.org>\nSubject: Re: x\nMessage-ID: <2@x>\n\nFine.\n"
    assert said((first + second).encode(), "all.mbox") == [
        ("Aoife Byrne", "News:\n\nFrom 1 December 2026\nthe limit is 400 euros."),
        ("Tom", "Fine."),
    ]


@pytest.mark.parametrize("count", ["{size}", "9999", "{size}       "])
def test_a_file_of_apple_mail_is_its_mail(count: str) -> None:
    mail = f"{HEAD}Date: Tue, 24 Nov 2026 09:12:33 +0000\n\n{NEWS}\n".encode()
    plist = b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>flags</key><integer>1</integer></dict></plist>\n'
    data = f"{count.format(size=len(mail))}\n".encode() + mail + plist
    [incoming] = read_file("1.emlx", data)
    assert incoming.text == f"Subject: Re: Expenses\n\n{NEWS}"
    assert incoming.occurred_at == datetime(2026, 11, 24, 9, 12, 33, tzinfo=UTC)


INVITATION = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20261130T093000Z\nSUMMARY:Team meeting\n"
    f"DESCRIPTION:{NEWS}\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.mark.parametrize("attached", ["", "Content-Disposition: attachment; filename=invite.ics\n"])
def test_an_invitation_beside_its_text_counts_once(attached: str) -> None:
    data = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{NEWS}\n--b\nContent-Type: text/calendar; "
        f"method=REQUEST\n{attached}\n{INVITATION}\n--b--\n"
    )
    assert said(data.encode()) == [("Aoife Byrne", NEWS)]


def test_a_calendar_that_somebody_attached_is_read_unless_the_text_says_it() -> None:
    events = INVITATION.replace("METHOD:REQUEST", "METHOD:PUBLISH").replace("Team meeting", "Office closed")
    data = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{{text}}\n--b\nContent-Type: text/calendar"
        f"\nContent-Disposition: attachment; filename=days.ics\n\n{events}\n--b--\n"
    )
    assert [incoming.source_name for incoming in read_file("m.eml", data.format(text="See attached.").encode())] == [
        "1@x",
        "days.ics",
    ]
    assert len(read_file("m.eml", data.format(text="Office closed on 30 November.").encode())) == 1


@pytest.mark.parametrize("subject", ["", "Invitation: Team meeting"])
def test_an_invitation_without_text_is_read_from_the_calendar(subject: str) -> None:
    data = f"{HEAD.replace('Re: Expenses', subject)}Content-Type: text/calendar; method=REQUEST\n\n{INVITATION}"
    [incoming] = read_file("m.eml", data.encode())
    assert incoming.text == f"# Team meeting\n\n- When: Monday 30 November 2026, 09:30 (UTC)\n\n{NEWS}"


def test_winmail_dat_is_refused_in_plain_words() -> None:
    wrapping = b"\x78\x9f\x3e\x22" + bytes(range(200))
    with pytest.raises(InvalidInput, match="only Outlook can open") as caught:
        read_file("winmail.dat", wrapping)
    assert "plain text" in caught.value.hint
    part = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{{text}}\n--b\nContent-Type: application/"
        f"ms-tnef\nContent-Disposition: attachment; filename=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.b64encode(wrapping).decode()}\n--b--\n"
    )
    assert said(part.format(text=NEWS).encode()) == [("Aoife Byrne", NEWS)]
    with pytest.raises(InvalidInput, match="only Outlook can open"):
        read_file("m.eml", part.format(text="").encode())


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("key")
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/k.pem -out {folder}/c.pem -days 2 -subj /CN=x"
    if subprocess.run(command.split(), capture_output=True, check=False).returncode:
        pytest.skip("no openssl on this machine")
    return folder


@pytest.mark.parametrize("options", ["", "-nodetach", "-nodetach -stream"])
def test_a_signed_mail_is_read_and_its_signature_is_no_attachment(key: Path, options: str) -> None:
    inner = f"Content-Type: text/plain; charset=utf-8\n\n{NEWS}\n".encode()
    command = f"openssl smime -sign -signer {key}/c.pem -inkey {key}/k.pem {options}".split()
    signed = subprocess.run(command, input=inner, capture_output=True, check=True).stdout
    data = HEAD.replace("MIME-Version: 1.0\n", "").encode() + signed
    assert said(data) == [("Aoife Byrne", NEWS)]
    assert len(read_file("m.eml", data)) == 1


def test_an_encrypted_mail_is_refused_in_plain_words(key: Path) -> None:
    command = f"openssl smime -encrypt -aes128 {key}/c.pem".split()
    sealed = subprocess.run(command, input=b"x", capture_output=True, check=True).stdout
    with pytest.raises(InvalidInput, match="encrypted") as caught:
        read_file("m.eml", HEAD.replace("MIME-Version: 1.0\n", "").encode() + sealed)
    assert "send its text" in caught.value.hint


def test_a_text_signed_with_pgp_is_its_text() -> None:
    body = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{NEWS}\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n"
        "-----END PGP SIGNATURE-----\n"
    )
    assert said(f"{HEAD}\n{body}".encode()) == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    ("sender", "author"),
    [("'Tom Reid' via Team <team@example.org>", "Tom Reid"), ('"Tom Reid (Finance)" <t@example.org>', "Tom Reid (Finance)")],
)
def test_the_name_of_a_writer_is_without_the_way_it_came(sender: str, author: str) -> None:
    [incoming] = read_file("m.eml", f"From: {sender}\nSubject: Re: x\nMessage-ID: <1@x>\n\n{NEWS}\n".encode())
    assert incoming.author == author
