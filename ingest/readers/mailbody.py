"""The text of a mail: which of its parts is read, and its bytes as letters."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email.message import Message as Mail

from ingest.readers.charsets import decode_labelled
from ingest.readers.mailhtml import mail_html_to_text

__all__ = ["body_of", "decoded_bytes"]

_MAX_DEPTH = 30
_MAX_HTML_CHARS = 1_500_000
_ENCODED = re.compile(r"=(?:20|3D|09|0A)?\r?\n|=(?:3D|20|C[23]=[89AB][0-9A-F]|E2=80=|[EF][0-9A-F](?=[a-z ]))")
_TAGS = re.compile(r"\s*(?:<!doctype html|<html\b|<(?:div|p|table|body|span|font|br)\b[^>]{0,300}>)", re.IGNORECASE)
_ARMOUR = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+: [^\n]*\n)*\n(.*?)^-----BEGIN PGP SIGNATURE-----.*\Z", re.S | re.M
)


def body_of(mail: Mail) -> str:
    """The plain text, or the HTML as text where that says more; "" for a mail that is only attachments."""
    text = _text_in(mail, 0).strip("\n")
    signed = _ARMOUR.search(text)
    return re.sub(r"(?m)^- (?=-)", "", signed[1]) if signed is not None else text


def decoded_bytes(part: Mail) -> bytes:
    """The bytes of a part; damaged base64 up to where it is sound."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return b""
    if str(part.get("Content-Transfer-Encoding") or "").strip().lower() == "base64":
        raw = str(part.get_payload()).encode("utf-8", "surrogateescape").strip()
        if b" " in raw.split(b"\n", 1)[0].strip():
            return raw  # words, whatever the header says
        if any(part.defects):
            return _sound_base64(raw) or payload
    return payload


def _sound_base64(raw: bytes) -> bytes:
    """What can be decoded, up to a line that is none of it (lists add their footers below)."""
    pieces: list[bytes] = []
    for line in raw.splitlines():
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", line)
        if line.strip() and (len(letters) * 10 < len(line.strip(b"= ")) * 8 or b" " in line.strip()):
            break
        pieces.append(letters)
    sound = b"".join(pieces)
    try:
        return base64.b64decode(sound[: len(sound) // 4 * 4])
    except (binascii.Error, ValueError):
        return b""


def _text_in(part: Mail, depth: int) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        if part.get_content_maintype() != "multipart" or depth > _MAX_DEPTH:
            return ""
        children = [child for child in payload if isinstance(child, Mail)][:200]
        if part.get_content_type() == "multipart/alternative":
            return _fuller(children, depth)
        texts = [_text_in(child, depth + 1).strip("\n") for child in children]
        return "\n\n".join(text for text in texts if text.strip())
    kind = part.get_content_type()
    if kind not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment" or part.get_filename():
        return ""
    text = _text(part)
    if kind == "text/html" or (_TAGS.match(text) and re.search(r"</(?:p|div|html|table|span|body)>", text, re.IGNORECASE)):
        return mail_html_to_text(text[:_MAX_HTML_CHARS])
    return text


def _fuller(children: list[Mail], depth: int) -> str:
    """The plain alternative; the other where that is empty or only says that there is another."""
    plain = "\n".join(_text_in(child, depth + 1) for child in children if child.get_content_type() == "text/plain")
    if len(plain.strip()) >= 300:
        return plain
    other = [_text_in(child, depth + 1) for child in children if child.get_content_type() != "text/plain"]
    best = max(other, key=len, default="")
    return best if not plain.strip() or len(best.strip()) > 6 * len(plain.strip()) else plain


def _text(part: Mail) -> str:
    charset = part.get_content_charset()
    text = decode_labelled(decoded_bytes(part), charset)
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding != "base64" and len(_ENCODED.findall(text[:20_000])) >= 2:
        # Quoted-printable that no header tells of, or that was encoded twice.
        text = decode_labelled(quopri.decodestring(text.encode("utf-8")), charset)
    if str(part.get_param("format", "")).lower() == "flowed":
        # A mail program broke lines and left a space at their end (RFC 3676): joined again, the signature mark apart.
        joined = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
        return re.sub(r"(?m)(?<=\S)(?<!^--) \n(?=[^\s>])", joined, text)
    return text
