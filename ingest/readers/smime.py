"""What is inside a signed mail whose content travels in the signature itself (smime.p7m, RFC 8551)."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["signed_content"]

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_MAX_DEPTH = 20


def signed_content(data: bytes) -> bytes | None:
    """The bytes that were signed; None where there are none to be had (an encrypted mail). The signature is not checked."""
    try:
        if _SIGNED_DATA not in data[:64]:
            return None
        place = data.find(_DATA, data.find(_SIGNED_DATA) + 11)
        if place < 0:
            return None
        # [0] EXPLICIT around the octets, or around pieces of them
        tag, start, end = _element(data, place + len(_DATA))
        return b"".join(_octets(data, start, end, 0)) if tag == 0xA0 else None
    except (IndexError, ValueError):
        return None


def _octets(data: bytes, start: int, end: int, depth: int) -> Iterator[bytes]:
    while start < end and depth < _MAX_DEPTH:
        tag, inner, stop = _element(data, start)
        if tag == 0:
            return
        if tag == 0x24 or tag == 0xA0:
            yield from _octets(data, inner, stop, depth + 1)
        elif tag == 0x04:
            yield data[inner:stop]
        start = stop if data[start + 1] != 0x80 else stop + 2


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, first byte and end of the element at `at`; one without a length ends at its two zero bytes."""
    tag, length = data[at], data[at + 1]
    if length == 0x80:
        end = at + 2
        while data[end : end + 2] != b"\x00\x00":
            _, _, stop = _element(data, end)
            end = stop + (2 if data[end + 1] == 0x80 else 0)
        return tag, at + 2, end
    if length < 0x80:
        start, size = at + 2, length
    else:
        count = length & 0x7F
        start, size = at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count], "big")
    if size > len(data) - start:
        raise ValueError(f"an element of {size} bytes in {len(data)}")
    return tag, start, start + size
