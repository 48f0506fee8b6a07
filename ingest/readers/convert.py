"""Turns documents into Markdown in a process of its own: `python -m ingest.readers.convert <memory_bytes>`.

On standard input come documents, each a line `<format> <size>` and so many bytes; for each, standard output gets a line
`ok <size>` and its Markdown, or `no <size>` and why not, until the input ends; `spent <size>` is the last answer, where the
memory was used up. Documents from outside can make a parser hang, take all memory or crash; here that ends this process
only. Network and other programs are out of its reach.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

__all__ = ["FORMATS", "main"]

_MARKITDOWN = {
    "docx": "DocxConverter",
    "pdf": "PdfConverter",
    "pptx": "PptxConverter",
    "xlsx": "XlsxConverter",
    "html": "HtmlConverter",
}
FORMATS = (*_MARKITDOWN, "odf", "rtf")
_REFUSED = frozenset(("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"))


def main(arguments: list[str]) -> int:
    """Exit status 0 at the end of the input, 1 after a document that used up the memory."""
    _bound_memory(int(arguments[0]))
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a parser prints belongs to no reply
    import markitdown

    gc.freeze()
    sys.addaudithook(_refuse)
    while head := incoming.readline():
        ending, size = head.decode("ascii").split()
        data = incoming.read(int(size))
        if not _reply(outgoing, _converter(ending, markitdown), data):
            return 1
    return 0


def _reply(outgoing: BinaryIO, convert: Callable[[bytes], str], data: bytes) -> bool:
    """Whether this process is still good for another document."""
    sound = True
    try:
        answer, said = "ok", convert(data)
    except (MemoryError, RecursionError) as error:
        answer, said, sound = "spent", type(error).__name__, False
    except Exception as error:  # a parser of foreign files raises anything; the parent turns it into one message
        answer, said = "no", f"{type(error).__name__}: {error}"
    payload = said.encode("utf-8", "replace")
    outgoing.write(f"{answer} {len(payload)}\n".encode())
    outgoing.write(payload)
    outgoing.flush()
    return sound


def _converter(ending: str, markitdown: Any) -> Callable[[bytes], str]:
    if ending == "odf":
        from ingest.readers.odf import odf_to_markdown

        return odf_to_markdown
    if ending == "rtf":
        from ingest.readers.rtf import rtf_to_markdown

        return rtf_to_markdown

    def convert(data: bytes) -> str:
        converter = getattr(markitdown.converters, _MARKITDOWN[ending])()
        info = markitdown.StreamInfo(extension=f".{ending}", charset="utf-8")
        found = str(converter.convert(io.BytesIO(data), info).markdown)
        if ending == "pdf":
            from ingest.readers.pdftext import without_page_furniture

            return without_page_furniture(found)
        return found

    return convert


def _bound_memory(memory_bytes: int) -> None:
    """Where the system knows such bounds (not on Windows; macOS refuses some)."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, _arguments: object) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} is not allowed while a document is read")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
