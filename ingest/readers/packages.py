"""Documents that are zips: of Office, OpenDocument, and Apple's Pages, Numbers and Keynote."""

from __future__ import annotations

from ingest.readers.archive import Archive
from wiki.errors import InvalidInput

__all__ = ["document_in"]

_OFFICE = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_APPLE = {"pages": "Pages", "numbers": "Numbers", "key": "Keynote"}


def document_in(archive: Archive, data: bytes) -> tuple[str, bytes] | None:
    """The format (one of convert.FORMATS) and the bytes of the document that a zip is; None for a zip of files.

    Raises InvalidInput for a document of a kind that is not read.
    """
    for prefix, ending in _OFFICE.items():
        if "[Content_Types].xml" in archive.names and any(part.startswith(prefix) for part in archive.names):
            return ending, data
    if "mimetype" in archive.names and archive.read("mimetype").startswith(_OPEN_DOCUMENT):
        return "odf", data
    if archive.names[:1] == ("mimetype",):
        raise InvalidInput(
            f"{archive.name} is a document of a kind that is not read.", hint="Save it as PDF or Word, and send that."
        )
    if any(
        (part.startswith("Index/") and part.endswith(".iwa")) or part.endswith("BuildVersionHistory.plist")
        for part in archive.names
    ):
        return _of_apple(archive)
    return None


def _of_apple(archive: Archive) -> tuple[str, bytes]:
    """Pages, Numbers and Keynote keep their text where only they find it; some put a PDF of it beside."""
    preview = next((part for part in archive.names if part.lower().endswith("preview.pdf")), None)
    if preview is not None:
        return "pdf", archive.read(preview)
    program = _APPLE.get(archive.name.rsplit(".", 1)[-1].lower(), "Pages, Numbers or Keynote")
    raise InvalidInput(
        f"{archive.name} is in a format that only {program} can open.",
        hint="Open it there, choose File, Export To, PDF or Word (Excel, PowerPoint), and send that.",
    )
