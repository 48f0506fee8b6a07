"""Bytes to text where the label is missing or wrong, as mail programs have written them for decades.

charset-normalizer is right on long texts and often wrong on a short one, which most mails are. So what is sure is tried
first: UTF-8 proves itself, kana and Hangul tell Japanese and Korean, and a Western text holds none but its own letters.
"""

from __future__ import annotations

import codecs
import re

from ingest.readers.text import clean_text
from wiki.errors import InvalidInput

__all__ = ["decode_labelled", "decode_text", "guess_encoding"]

# What labels mean in practice, as browsers have it: the larger set that programs really wrote.
_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "utf8": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso-8859-8", "cp-850": "cp850", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "iso-2022-jp": "iso2022_jp_ext",
    "windows-31j": "cp932", "ansi": "cp1252", "8bit": "", "binary": "", "unknown-8bit": "", "x-unknown": "", "default": "", "none": "",
}  # fmt: skip
_WESTERN = frozenset("äöüßÄÖÜéèêëÉÈÊàâáãåÀÁÂÃÅçÇñÑíìîïÍÌÎóòôõøÓÒÔÕØúùûÚÙÛæÆœŒ€£–—‘’‚“”„…•·°§«»¿¡ºª²½¼´×®©™\xa0")
_CENTRAL = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäĺľôŕőűŐŰöüÖÜßăâîșțşţ€–—‘’‚“”„…•·°§«»\xa0")
_TURKISH = frozenset("ğĞıİşŞçÇöÖüÜâîû€–—‘’“”„…•·°§«»\xa0")
_TWICE = re.compile("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™œ\x9d“”˜¦¢]|â‚¬")
_SHIFTS = re.compile(rb"\x1b\$[@B]")  # of ISO-2022-JP, which is 7-bit
_KANA = re.compile("[぀-ヿ]")
_COMMON_HANGUL = frozenset("이다는에의을를가하고은지로한사기서리도인시일정해그대나자어부수있아게제과으만들없니습합요")
_COMMON_HAN = frozenset(
    "的一是在不了有和人这這大为為上个個国國我以要他时時来來用们們生到作地于出就分对對成会會可主发發年现現天而限期报報销銷请請"
)


def decode_text(data: bytes, name: str = "The file", label: str | None = None) -> str:
    """Clean text of a file in UTF-8, UTF-16 or an older encoding. Raises InvalidInput for what is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return clean_text(data[len(mark) :].decode(encoding, "replace"))
    if b"\x00" in data or _is_binary(data):
        raise InvalidInput(
            f"{name} is of a kind that is not read.",
            hint="Send text, Markdown, a mail (.eml, .mbox), a chat's export, a transcript (.vtt, .srt), docx, odt, rtf, pdf, "
            "pptx, xlsx, html, csv, ics, a zip or a recording.",
        )
    return decode_labelled(data, label)


def decode_labelled(payload: bytes, label: str | None) -> str:
    """Clean text of `payload` by its label; by its bytes where there is none or where it cannot be so."""
    return clean_text(_once(_decoded(payload, label)))


def guess_encoding(data: bytes) -> str:
    """The encoding that `data` is most likely in."""
    sample = data[:50_000]
    if _as_utf8(sample) is not None:
        return "iso2022_jp_ext" if _SHIFTS.search(sample) else "utf-8"
    high = sum(1 for byte in sample if byte >= 0x80)
    if high * 4 < len(sample):
        for encoding, letters in (("cp1252", _WESTERN), ("cp1250", _CENTRAL), ("cp1254", _TURKISH)):
            text = sample.decode(encoding, "replace")
            if all(char < "\x80" or char in letters for char in text):
                return encoding
        return _measured(sample)
    for encoding in ("koi8_r", "cp1251"):
        if _is_cyrillic(sample.decode(encoding, "replace")):
            return encoding
    for encoding in ("cp932", "euc_jp"):
        if _eastern_score(sample, encoding) > 0.2:
            return encoding
    best = max(("cp949", "gb18030", "big5hkscs"), key=lambda encoding: _eastern_score(sample, encoding))
    return best if _eastern_score(sample, best) > 0.05 else _measured(sample)


def _is_cyrillic(text: str) -> bool:
    """Whether what is beyond ASCII is Cyrillic, in words that begin with their only capital."""
    letters = [char for char in text if char >= "\x80"]
    runs = re.findall(r"[^\W\d_]+", text)
    small = sum(1 for run in runs if run[1:] == run[1:].lower())
    cyrillic = sum(1 for char in letters if "\u0400" <= char <= "\u045f")
    return bool(runs) and cyrillic * 20 >= len(letters) * 19 and small * 10 >= len(runs) * 9


def _decoded(payload: bytes, label: str | None) -> str:
    name = (label or "").strip().strip("'\"").lower()
    meant = _MEANT.get(name, name)
    if meant in ("", "cp1252", "utf-8") and _SHIFTS.search(payload[:50_000]):
        meant = "iso2022_jp_ext"
    proven = _as_utf8(payload)
    if proven is not None and (meant in ("", "cp1252", "utf-8") or not _is_known(meant)):
        return proven
    if meant == "cp1252" and name in ("us-ascii", "ascii"):
        meant = ""  # whoever writes other bytes under this label knows no encoding
    if meant and _is_known(meant):
        try:
            return payload.decode(meant)
        except (ValueError, LookupError):
            if meant == "cp1252":
                return payload.decode(meant, "replace")
    return payload.decode(guess_encoding(payload), "replace")


def _eastern_score(sample: bytes, encoding: str) -> float:
    """The part of the characters beyond ASCII that a text in this encoding would hold; -1 where it cannot be one."""
    text = sample.decode(encoding, "ignore")
    if len(text.encode(encoding, "ignore")) < len(sample) - 2:
        return -1.0
    wide = [char for char in text if char >= "\x80"]
    if not wide:
        return -1.0
    if encoding in ("cp932", "euc_jp"):
        expected = sum(1 for char in wide if _KANA.match(char))
    elif encoding == "cp949":
        expected = sum(1 for char in wide if char in _COMMON_HANGUL)
    else:
        expected = sum(1 for char in wide if char in _COMMON_HAN)
    return expected / len(wide)


def _measured(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    likely = [
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8_r",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp932",
        "gb18030",
        "cp949",
    ]
    best = from_bytes(sample, cp_isolation=likely).best()
    return best.encoding if best is not None else "cp1252"


def _as_utf8(payload: bytes) -> str | None:
    """The text of UTF-8, also of one that was cut off or lost a byte on its way; None for another encoding."""
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        text = payload.decode("utf-8", "replace")
        wide = sum(1 for char in text if char >= "\x80")
        lost = text.count("\ufffd")
        return text.rstrip("\ufffd") if wide - lost >= 2 * lost or (wide > lost == 1 and text.endswith("\ufffd")) else None


def _once(text: str) -> str:
    """Text that was taken for Windows-1252 and written as UTF-8 again ("fÃ¼r"), set right."""
    if _TWICE.search(text):
        try:
            return text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _is_binary(data: bytes) -> bool:
    """Whether control characters say so, in what is no UTF-8."""
    sample = data[:20_000]
    if sum(1 for byte in sample if byte < 32 and byte not in (9, 10, 12, 13, 27)) <= len(sample) * 0.02:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except (LookupError, ValueError, TypeError):
        return False
