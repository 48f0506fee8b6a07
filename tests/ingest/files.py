"""Files for the reader tests, made here: archives and documents small enough to read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["UPDATES", "docx", "office", "pdf", "pdf_pages", "slack_export", "zip_of"]

UPDATES = Path(__file__).parent.parent / "fixtures" / "updates"


def zip_of(files: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def slack_export() -> bytes:
    users = [
        {"id": "U1", "name": "maya", "profile": {"real_name": "Maya Chen", "display_name": "maya"}},
        {"id": "U2", "name": "tom", "profile": {"real_name": "", "display_name": "Tom"}},
    ]
    day_one = [
        {
            "type": "message",
            "subtype": "channel_join",
            "user": "U2",
            "text": "<@U2> has joined the channel",
            "ts": "1794474000.000100",
        },
        {
            "type": "message",
            "user": "U1",
            "text": "The hotline is now <tel:+4930901820|+49 30 901820> &amp; email",
            "ts": "1794474060.000100",
        },
        {
            "type": "message",
            "user": "U1",
            "text": "New template: <https://example.org/t|the template>, see <#C1|general> cc <@U2> <!here>",
            "ts": "1794474120.000200",
            "thread_ts": "1794474120.000200",
            "reply_count": 1,
        },
        {"type": "message", "subtype": "bot_message", "username": "Deploy", "text": "green", "ts": "1794474180.000100"},
        {
            "type": "message",
            "user": "U9",
            "user_profile": {"real_name": "Guest"},
            "text": "two\nlines",
            "ts": "1794474240.000100",
        },
        {"type": "message", "user": "U1", "text": "", "ts": "1794474300.000100", "files": [{"name": "x.png"}]},
    ]
    day_two = [
        {"type": "message", "user": "U2", "text": "thanks <@U1>", "ts": "1794560400.000100", "thread_ts": "1794474120.000200"},
        {"type": "message", "user": "U2", "text": "morning", "ts": "1794560460.000100"},
    ]
    return zip_of(
        {
            "channels.json": json.dumps([{"id": "C1", "name": "general"}]),
            "users.json": json.dumps(users),
            "general/2026-11-12.json": json.dumps(day_one),
            "general/2026-11-13.json": json.dumps(day_two),
        }
    )


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zip_of(
        {
            "[Content_Types].xml": '<?xml version="1.0"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{relations}">'
            f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
        }
    )


def pdf(text: str) -> bytes:
    """One page with one line."""
    return pdf_pages([[text]])


def pdf_pages(pages: list[list[str]]) -> bytes:
    """A page for each list of lines."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        stream = f"BT /F1 12 Tf 72 720 Td 14 TL {' '.join(f'({line}) Tj T*' for line in lines)} ET".encode()
        kids.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def office(ending: str) -> bytes:
    """A sheet or a slide that says "Travel limit: 500 euros"."""
    buffer = io.BytesIO()
    if ending == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["what", "limit"])
        sheet.append(["Travel limit", "500 euros"])
        book.save(buffer)
    else:
        from pptx import Presentation

        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        title = slide.shapes.title
        assert title is not None
        title.text = "Travel limit: 500 euros"
        deck.save(buffer)
    return buffer.getvalue()
