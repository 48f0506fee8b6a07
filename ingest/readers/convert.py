"""Turns one document into Markdown in a process of its own: `python -m ingest.readers.convert docx <memory_bytes>`.

The document comes on standard input, Markdown leaves on standard output. Documents from outside can make a parser hang,
take all memory or crash; here that ends this process only. Network and other programs are out of its reach.
"""

from __future__ import annotations

import contextlib
import io
import sys

__all__ = ["FORMATS", "main"]

FORMATS = {
    "docx": "DocxConverter",
    "pdf": "PdfConverter",
    "pptx": "PptxConverter",
    "xlsx": "XlsxConverter",
    "html": "HtmlConverter",
    "csv": "CsvConverter",
}
_REFUSED = frozenset(("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"))


def main(arguments: list[str]) -> int:
    """Exit status 0 with the Markdown, 1 where the document cannot be read (why is the last line on standard error)."""
    ending, memory_bytes = arguments[0], int(arguments[1])
    _bound_memory(memory_bytes)
    from markitdown import StreamInfo, converters

    sys.addaudithook(_refuse)
    converter = getattr(converters, FORMATS[ending])()
    try:
        data = io.BytesIO(sys.stdin.buffer.read())
        markdown = converter.convert(data, StreamInfo(extension=f".{ending}", charset="utf-8")).markdown
    except Exception as error:  # a parser of foreign files raises anything; the parent turns it into one message
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    sys.stdout.buffer.write(markdown.encode("utf-8", "replace"))
    return 0


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
