"""What a mail itself says: its text without the quoted reply, the signature and the small print."""

from __future__ import annotations

import re

__all__ = ["own_text", "without_sign_off"]

# "On Mon, 3 Nov 2026 at 10:00, Ana <ana@x.org> wrote:", also over two lines, and in some other languages.
_WHO_WHEN = r"\s[^\n]{2,160}(?:\n[^\n]{0,120})?"
_REPLY_LEAD = re.compile(
    rf"^(?:On{_WHO_WHEN}\swrote:|Am{_WHO_WHEN}\sschrieb\b[^\n]{{0,80}}:|Le{_WHO_WHEN}\sa écrit\s?:|El{_WHO_WHEN}\sescribió:|"
    rf"Il{_WHO_WHEN}\sha scritto:|Op{_WHO_WHEN}\sschreef\b[^\n]{{0,80}}:|Em{_WHO_WHEN}\sescreveu:|"
    rf"Den{_WHO_WHEN}\sskrev\b[^\n]{{0,80}}:)[ \t]*$",
    re.MULTILINE,
)
_FORWARD = re.compile(
    r"^(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original)\s*-{2,}|_{10,})\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^-{2,}\s*(?:Forwarded message|Weitergeleitete Nachricht|Begin forwarded message)\b.*$", re.MULTILINE | re.I
)
_HEADER_BLOCK = re.compile(
    r"^\*?(?:From|Von|De)\s?:\*?\s.{1,200}\n(?:\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|To|An|À|Para|Cc|Subject|"
    r"Betreff|Objet|Asunto)"
    r"\s?:\*?\s?.{0,300}\n?){2,6}",
    re.MULTILINE,
)
_SENT_FROM = re.compile(r"^(?:Sent from my|Von meinem|Gesendet von|Envoyé de mon|Get Outlook for)\b.*$", re.MULTILINE)
_SMALL_PRINT = re.compile(
    r"^[^\n]{0,60}(?:this (?:e-?mail|message)(?: and any (?:attachments?|files))?[^\n]{0,80}(?:confidential|intended "
    r"(?:only|solely)|privileged)|"
    r"diese e-?mail enthält vertrauliche|confidentiality notice|to unsubscribe\b).*\Z",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
_SIGN_OFF = re.compile(
    r"^(?:(?:with\s+)?(?:kind|best|warm|many|all the)\s+)?(?:regards|wishes|best|thanks|thank you|cheers|sincerely|"
    r"yours|thx|love|"
    r"greetings|mit freundlichen grüßen|viele grüße|beste grüße|lg|mfg|cordialement|saludos)\b[^.?]{0,30}$",
    re.IGNORECASE,
)


def own_text(body: str) -> str:
    """What the writer of this mail wrote: a reply's quotes, signature and small print cut off; a bare forward kept whole."""
    text = body.replace("\r\n", "\n")
    forwarded = _FORWARDED.search(text)
    cut = len(text)
    for pattern in (_REPLY_LEAD, _FORWARD, _HEADER_BLOCK):
        match = pattern.search(text, 0, forwarded.start() if forwarded is not None else cut)
        if match is not None and text[: match.start()].strip():
            cut = min(cut, match.start())
    text = text[:cut]
    if forwarded is None:
        text = _signature_cut(text)
    lines = [line for line in text.split("\n") if not line.startswith(">")]
    text = _SENT_FROM.sub("", _SMALL_PRINT.sub("", "\n".join(lines)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def without_sign_off(lines: list[str]) -> tuple[list[str], str]:
    """The lines before "Best,\\nAmy", and "Amy"; all lines and "" where nobody signs."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    for back in range(1, min(7, len(lines)) + 1):
        index = len(lines) - back
        line = lines[index].strip()
        if index and (line == "--" or _SIGN_OFF.match(line)):
            rest = [name.strip(" ,.") for name in lines[index + 1 :] if name.strip()]
            return lines[:index], rest[0] if rest and _is_first_name(rest[0]) else ""
    if len(lines) >= 3 and not lines[-2].strip() and _is_first_name(lines[-1].strip()):
        return lines[:-2], lines[-1].strip()
    return lines, ""


def _signature_cut(text: str) -> str:
    """Without what follows the signature mark, which is "-- " alone on a line."""
    match = re.search(r"^--[ \xa0]?$", text, re.MULTILINE)
    return text[: match.start()] if match is not None and text[: match.start()].strip() else text


def _is_first_name(line: str) -> bool:
    words = line.split()
    return 1 <= len(words) <= 3 and all(word[0].isupper() and word.rstrip(".").replace("-", "").isalpha() for word in words)
