"""Which encoding an old file was written in: never certain, so what it would say is shown before anything is kept."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

__all__ = ["decoded"]

_SAMPLE_BYTES = 100_000
_NEARLY = 0.08  # of charset-normalizer's chaos, 0 to 1: below this difference the commonest encoding wins,
_MUCH = 0.1  # and above this none of the usual ones is right
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")
_BY_LANGUAGE = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), ("cp1250", "iso8859_2", "cp852")),
    **dict.fromkeys(("be", "bg", "mk", "ru", "sr", "uk"), ("cp1251", "koi8_r", "cp866")),
    "el": ("cp1253", "iso8859_7"),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    **dict.fromkeys(("et", "lt", "lv"), ("cp1257",)),
    "vi": ("cp1258",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5"),
}


def decoded(data: bytes, *, language: str = "", encoding: str = "") -> tuple[str, str]:
    """(the text of these bytes, the encoding it was read in), without a byte order mark.

    `language` (`de`, `pl-PL`) decides between encodings that would both do. Raises ValueError where no encoding is found, or
    where the bytes are not in the `encoding` given, which may also be unknown.
    """
    if encoding:
        try:
            name = codecs.lookup(encoding).name
            return data.decode(name).removeprefix("\ufeff"), name
        except LookupError:
            raise ValueError(f"There is no encoding {encoding}") from None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name), name
    for name in _likely(data, language):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue  # right for the start of the file only
    raise ValueError("No encoding is found in which this is text")


def _likely(data: bytes, language: str) -> Iterator[str]:
    """Names of encodings, the likeliest first."""
    yield "utf-8"
    if b"\0" in data:
        yield "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
        return
    from charset_normalizer import from_bytes

    usual = _BY_LANGUAGE.get(language.lower().partition("-")[0], _WESTERN)
    sample = data[:_SAMPLE_BYTES]
    near = from_bytes(sample, cp_isolation=list(usual), threshold=1, preemptive_behaviour=False)
    chaos = {match.encoding: match.chaos for match in near}
    least = min(chaos.values(), default=1.0)
    if least > _MUCH and (best := from_bytes(sample).best()) is not None:
        yield best.encoding
    if chaos.get(usual[0], 1.0) <= least + _NEARLY:
        yield usual[0]
    yield from sorted(chaos, key=lambda name: (chaos[name], usual.index(name)))
