"""OpenDocument, RTF, calendars, tables as text, PDF pages, Apple's files and Notion exports."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.readers import Limits, read_file
from ingest.readers.pdftext import without_page_furniture
from tests.ingest.files import pdf, pdf_pages, zip_of
from wiki.errors import InvalidInput

NEWS = "The deadline for expenses is now 45 days instead of 30."
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odf(body: str, kind: str = "text") -> bytes:
    content = f'<?xml version="1.0"?><office:document-content {SPACES}><office:body><office:{kind}>{body}</office:{kind}></office:body>'
    return zip_of(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"{content}</office:document-content>",
            "styles.xml": "<x/>",
            "META-INF/manifest.xml": "<x/>",
        }
    )


def text_of(name: str, data: bytes) -> str:
    [incoming] = read_file(name, data)
    assert incoming.channel == "document"
    return incoming.text


def test_an_opendocument_text_is_its_headings_paragraphs_lists_and_tables() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region>"
        '</text:tracked-changes><text:h text:outline-level="2">Expenses</text:h><text:p>The deadline<text:s/>is <text:span>45</text:span> '
        "days<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>since May</text:p></text:note-body></text:note>, "
        'see <text:a xlink:href="https://example.org/f">the form</text:a>.<office:annotation><text:p>aside</text:p></office:annotation>'
        "</text:p><text:list><text:list-item><text:p>hotel</text:p><text:list><text:list-item><text:p>train</text:p></text:list-item>"
        "</text:list></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>What</text:p></table:table-cell>"
        '<table:table-cell><text:p>Limit</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/>'
        "</table:table-row><table:table-row><table:table-cell><text:p>Hotel</text:p></table:table-cell><table:table-cell><text:p>150 | day"
        "</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of("a.odt", odf(body)) == (
        "## Expenses\n\nThe deadline is 45 days (since May), see [the form](https://example.org/f).\n\n- hotel\n    - train\n\n"
        "| What | Limit |\n| --- | --- |\n| Hotel | 150 \\| day |"
    )


def test_an_opendocument_sheet_and_a_flat_file_are_read() -> None:
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{a}</text:p></table:table-cell><table:table-cell><text:p>{b}</text:p>"
        "</table:table-cell></table:table-row>"
        for a, b in (("Was", "Grenze"), ("Reise", "500 Euro"))
    )
    rows += '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert text_of("a.ods", odf(f"<table:table>{rows}</table:table>", "spreadsheet")) == (
        "| Was | Grenze |\n| --- | --- |\n| Reise | 500 Euro |"
    )
    flat = f'<?xml version="1.0"?><office:document {SPACES}><office:body><office:text><text:p>{NEWS}</text:p></office:text></office:body>'
    assert text_of("a.fodt", f"{flat}</office:document>".encode()) == NEWS


def test_an_opendocument_whose_xml_grows_without_end_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    data = zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": bomb})
    with pytest.raises(InvalidInput, match="could not be read"):
        read_file("bomb.odt", data)


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Calibri;}}{\*\generator Riched20;}\pard\f0 " + NEWS + r"\par Caf\'e9\par}", f"{NEWS}\nCafé"),
        (r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}}\f0 \'d1\'f0\'ee\'ea 45 \u8364?\par}", "Срок 45 €"),
        (r"{\rtf1\ansi{\info{\author Tom}}{\header Kestrel Row}\pard\trowd\cellx1\cellx2 \intbl What\cell Limit\cell\row Hotel\cell 150\cell\row}",
         "| What | Limit |\n| Hotel | 150 |"),
        (r"{\rtf1\ansi new{\deleted  old}\par{\pntext\'B7\tab}one\par{\pntext\'B7\tab}two\par}", "new\n- one\n- two"),
    ],
)  # fmt: skip
def test_rich_text_is_its_words(rtf: str, text: str) -> None:
    assert text_of("a.rtf", rtf.encode("latin-1")) == text


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
{method}BEGIN:VTIMEZONE
TZID:Europe/Dublin
BEGIN:STANDARD
DTSTART:19701025T020000
END:STANDARD
END:VTIMEZONE
{events}END:VCALENDAR
"""
MEETING = """BEGIN:VEVENT
UID:1
DTSTAMP:20261124T091233Z
DTSTART;TZID=Europe/Dublin:20261130T093000
DTEND;TZID=Europe/Dublin:20261130T100000
SUMMARY:Team meeting\\, weekly
LOCATION:Room 4\\; second floor
DESCRIPTION:From now on at 9:30 instead of 9:45.\\nSame roo
 m as before.
ORGANIZER;CN="Keane, Ruth":mailto:ruth@example.org
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20270329T000000Z
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
"""


def test_a_calendar_is_what_when_where_and_what_for() -> None:
    [incoming] = read_file("a.ics", CALENDAR.format(method="METHOD:REQUEST\n", events=MEETING).encode())
    assert incoming.text == (
        "# Team meeting, weekly\n\n- When: Monday 30 November 2026, 09:30 to 10:00 (Europe/Dublin)\n- Repeats: every 2 weeks on Monday until "
        "2027-03-29\n- Where: Room 4; second floor\n\nFrom now on at 9:30 instead of 9:45.\nSame room as before."
    )
    assert (incoming.author, incoming.occurred_at) == ("Keane, Ruth", datetime(2026, 11, 24, 9, 12, 33, tzinfo=UTC))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102",
            "- When: Thursday 24 December 2026 to Friday 1 January 2027",
        ),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225", "- When: Thursday 24 December 2026"),
        ("DTSTART:20261130T093000Z\nDURATION:PT1H30M", "- When: Monday 30 November 2026, 09:30 to 11:00 (UTC)"),
        (
            "DTSTART:20261130T230000\nDTEND:20261201T010000",
            "- When: Monday 30 November 2026, 23:00 to Tuesday 1 December 2026, 01:00",
        ),
        ("DTSTART:20261399T230000\nRRULE:FREQ=DAILY;COUNT=5", "- Repeats: every day, 5 times"),
    ],
)
def test_times_of_events_are_written_out(lines: str, text: str) -> None:
    data = CALENDAR.format(method="", events=f"BEGIN:VEVENT\nSUMMARY:Geschlossen für alle\n{lines}\nEND:VEVENT\n")
    for encoding in ("utf-8", "cp1252"):
        assert text_of("a.ics", data.replace("\n", "\r\n").encode(encoding)) == f"# Geschlossen für alle\n\n{text}"


def test_a_cancelled_event_says_so_and_a_cut_calendar_gives_what_it_has() -> None:
    assert text_of("a.ics", CALENDAR.format(method="METHOD:CANCEL\n", events=MEETING).encode()).startswith(
        "# Cancelled: Team meeting"
    )
    whole = CALENDAR.format(method="", events=MEETING)
    assert "Same roo" in text_of("a.ics", whole[: whole.index("ORGANIZER")].encode())
    with pytest.raises(InvalidInput, match="no events"):
        read_file("a.ics", CALENDAR.format(method="", events="").encode())


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.csv", "Was;Grenze\nReise;500 Euro\n", "| Was | Grenze |\n| --- | --- |\n| Reise | 500 Euro |"),
        ("a.csv", "Was;Grenze\nReise;500,50\nHotel;120,00\n", "| Was | Grenze |\n| --- | --- |\n| Reise | 500,50 |\n| Hotel | 120,00 |"),
        ("a.tsv", "what\tlimit\nhotel, train\t150\n", "| what | limit |\n| --- | --- |\n| hotel, train | 150 |"),
        ("a.csv", 'sep=,\nwhat,said\nhotel,"up to ""150"",\nno more | less"\n', '| what | said |\n| --- | --- |\n| hotel | up to "150", no more \\| less |'),
        ("a.csv", "Limits 2026\n\nwhat,limit\nhotel,150\n", "Limits 2026\n\n| what | limit |\n| --- | --- |\n| hotel | 150 |"),
        ("a.csv", "2026-11-23,150\n2026-11-24,160\n", "|  |  |\n| --- | --- |\n| 2026-11-23 | 150 |\n| 2026-11-24 | 160 |"),
        ("a.csv", "what|limit|\nhotel|150|\n", "| what | limit |\n| --- | --- |\n| hotel | 150 |"),
        ("a.csv", "one column\nof words, with a comma\nand more\n", "one column\nof words, with a comma\nand more"),
    ],
)  # fmt: skip
def test_a_table_as_text_has_its_columns(name: str, data: str, text: str) -> None:
    assert text_of(name, data.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_as_text_has_its_letters(encoding: str) -> None:
    found = text_of("a.csv", "Straße;Größe\r\nAm Dock;45 m²\r\n".encode(encoding))
    assert found == "| Straße | Größe |\n| --- | --- |\n| Am Dock | 45 m² |"


def test_a_document_of_another_kind_or_with_a_password_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="kind that is not read") as caught:
        read_file("a.epub", zip_of({"mimetype": "application/epub+zip", "a.xhtml": "<html><body>x</body></html>"}))
    assert "PDF or Word" in caught.value.hint
    locked = pdf("x").replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"00" * 32
        + b"> /U <"
        + b"00" * 32
        + b"> >> /ID [<00> <00>]",
    )
    with pytest.raises(InvalidInput, match="protected by a password"):
        read_file("a.pdf", locked)


def test_a_piece_of_a_page_is_a_page_by_its_name() -> None:
    assert text_of("a.html", b"<div><p>The limit is <b>400</b> euros.</p></div>") == "The limit is **400** euros."


def test_how_to_join_a_call_is_no_part_of_an_event() -> None:
    joined = MEETING.replace(
        "m as before.", "m as before.\\n\\n________________________________\\nMicrosoft Teams\\nJoin: https://teams.example/1"
    )
    assert text_of("a.ics", CALENDAR.format(method="", events=joined).encode()).endswith("Same room as before.")


def test_a_page_saved_in_an_older_encoding_has_its_letters() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset={}"></head><body><p>{}</p></body></html>'
    assert text_of("a.html", page.format("iso-8859-1", "Frist für alle – 400 €").encode("cp1252")) == "Frist für alle – 400 €"
    assert text_of("a.htm", page.format("shift_jis", "経費は45日").encode("cp932")) == "経費は45日"


def test_pages_of_a_pdf_are_one_text_without_headers_footers_and_numbers() -> None:
    pages = [
        [
            "Kestrel Row - internal",
            "Expenses",
            "The deadline for ex-",
            "penses is",
            "now 45 days instead of 30.",
            "Page 1 of 3",
        ],
        ["Kestrel Row - internal", "Hotels: up to 150 euros.", "Page 2 of 3"],
        ["Kestrel Row - internal", "End.", "Page 3 of 3"],
    ]
    assert text_of("a.pdf", pdf_pages(pages)) == (
        "Expenses\nThe deadline for expenses is\nnow 45 days instead of 30.\n\nHotels: up to 150 euros.\n\nEnd."
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Seite 1 von 2", "Seite 2 von 2"), ("Page 1 sur 2", "Page 2 sur 2"), ("Página 1 de 2", "Página 2 de 2"), ("Pagina 1 di 2", "Pagina 2 di 2"),
        ("Sida 1 av 2", "Sida 2 av 2"), ("Strona 1 z 2", "Strona 2 z 2"), ("Стр. 1 из 2", "Стр. 2 из 2"), ("1 / 2", "2 / 2"), ("- 1 -", "- 2 -"),
        ("1", "2"), ("第1页", "第2页"), ("Handbook 2026 | 1", "Handbook 2026 | 2"), ("7 | Kestrel Row", "8 | Kestrel Row"), ("p. 1", "p. 2"),
    ],
)  # fmt: skip
def test_page_numbers_are_known_in_many_forms(first: str, second: str) -> None:
    text = f"The limit is 400 euros.\n\n{first}\n\n\fHotels: 150 euros.\n{second}\n\f"
    assert without_page_furniture(text) == "The limit is 400 euros.\n\nHotels: 150 euros."


def test_pages_that_nothing_parts_end_at_their_numbers() -> None:
    text = (
        "Kestrel Row\n\n| What | Limit |\n| --- | --- |\n| Hotel | 150 |\n\nPage 1 of 2\n\nKestrel Row\n\nEnd.\n\nPage 2 of 2"
    )
    assert without_page_furniture(text) == "| What | Limit |\n| --- | --- |\n| Hotel | 150 |\n\nEnd."
    assert without_page_furniture("| What | Limit |\n\n| a | b |") == "| What | Limit |\n\n| a | b |"


def test_what_is_no_page_number_stays_and_cut_words_are_whole() -> None:
    text = "Limit: 400\nHotel: 150\n\fLimit: 500\nHotel: 190\n\f"
    assert without_page_furniture(text) == "Limit: 400\nHotel: 150\n\nLimit: 500\nHotel: 190"
    assert without_page_furniture("Reisekosten-\nabrechnung, Ein-\nund Ausgang, E-\nMail\nund das gilt ab\n\fMontag.") == (
        "Reisekostenabrechnung, Ein-\nund Ausgang, E-\nMail\nund das gilt ab\n\nMontag."
    )
    assert without_page_furniture("the limit\n\fof 400 euros") == "the limit\nof 400 euros"


@pytest.mark.parametrize(("name", "program"), [("a.pages", "Pages"), ("a.numbers", "Numbers"), ("a.key", "Keynote")])
def test_a_file_of_apples_programs_is_refused_with_what_to_do(name: str, program: str) -> None:
    data = zip_of({"Index/Document.iwa": b"\x00\x10", "Metadata/Properties.plist": b"bplist00x", "preview.jpg": b"\xff\xd8"})
    with pytest.raises(InvalidInput, match=f"only {program} can open") as caught:
        read_file(name, data)
    assert "Export" in caught.value.hint
    assert "PDF or Word" in caught.value.hint


def test_a_file_of_apples_programs_with_a_preview_is_read_from_it() -> None:
    data = zip_of({"Index/Document.iwa": b"\x00\x10", "QuickLook/Preview.pdf": pdf("Travel limit: 500 euros")})
    assert text_of("a.pages", data) == "Travel limit: 500 euros"


PAGE_ID = "1234567890abcdef1234567890abcdef"


def test_a_notion_export_is_its_pages_under_their_own_names() -> None:
    inner = zip_of(
        {
            f"Handbook {PAGE_ID}.md": f"# Handbook\n\n{NEWS}\n\n[Limits](Handbook%20{PAGE_ID}/Limits%20{PAGE_ID}.csv)\n",
            f"Handbook {PAGE_ID}/Limits {PAGE_ID}.csv": "Name,Value\nHotel,1\n",
            f"Handbook {PAGE_ID}/Limits {PAGE_ID}_all.csv": "Name,Value\nHotel,150\n",
            f"Handbook {PAGE_ID}/Plan 2026 {PAGE_ID}.md": "# Plan 2026\n\nA plan.\n",
            f"Handbook {PAGE_ID}/pic.png": b"\x89PNG\r\n\x1a\n\x00",
        }
    )
    found = read_file("export.zip", zip_of({f"ExportBlock-{PAGE_ID[:8]}-Part-1.zip": inner}))
    assert [(incoming.source_name, incoming.text) for incoming in found] == [
        ("Handbook.md", f"# Handbook\n\n{NEWS}\n\n[Limits](Handbook/Limits.csv)"),
        ("Limits.csv", "| Name | Value |\n| --- | --- |\n| Hotel | 150 |"),
        ("Plan 2026.md", "# Plan 2026\n\nA plan."),
    ]


def test_archives_in_archives_are_bounded_in_depth_and_in_what_they_unpack_to() -> None:
    one = zip_of({"a.txt": "news"})
    two = zip_of({"inner.zip": one})
    assert read_file("two.zip", two)[0].text == "news"
    with pytest.raises(InvalidInput, match="inside others"):
        read_file("three.zip", zip_of({"two.zip": two}))
    big = zip_of({"a.txt": b"a" * 600_000})
    with pytest.raises(InvalidInput, match="unpacks to too much"):
        read_file("many.zip", zip_of({f"{n}.zip": big for n in range(3)}), limits=Limits(max_zip_bytes=500_000))
    several = zip_of({f"{n}.zip": zip_of({"a.txt": f"{n}" * 300_000}) for n in range(4)})
    assert len(read_file("several.zip", several, limits=Limits(max_zip_bytes=1_000_000))) == 3
