"""Payment cards, bank accounts, national ids, telephone numbers and mail addresses: numbers that name a person or their
money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from ingest.detectors.span import Span, url_spans

__all__ = ["find_cards", "find_emails", "find_ibans", "find_national_ids", "find_phones"]

_RUN = re.compile(r"(?<![\w.,/#=-])\d(?:[ \u00a0-]?\d){12,40}(?![\w])")
_GROUP = re.compile(r"\d+")
# First digits and lengths of the brands in use: without them one number in ten would pass for a card.
_BRANDS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|"
    r"6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|67)\d{12,17}"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])")


class _Scheme(NamedTuple):
    """A national number: its written shape, stdnum's check, and, where the shape is common, the words that must stand near."""

    shape: re.Pattern[str]
    module: str
    near: re.Pattern[str] | None = None


def _near(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})", re.IGNORECASE)


_ID_WORDS = r"social security|national id|ssn|tax id|personal (?:number|id)|identity (?:number|card)|passport|insurance number"
_SCHEMES = (
    _Scheme(re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), "us.ssn"),
    _Scheme(re.compile(r"(?<![\w-])\d{3} ?\d{2} ?\d{4}(?![\w-])"), "us.ssn", _near(r"social security|\bssn\b")),
    _Scheme(re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?!\w)", re.I), "it.codicefiscale"),
    _Scheme(re.compile(r"(?<!\w)(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z](?!\w)"), "es.dni"),
    _Scheme(re.compile(r"(?<!\w)[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z](?!\w)"), "es.nie"),
    _Scheme(re.compile(r"(?<!\w)[12][ .]?\d{2}[ .]?[01]\d[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}(?!\w)"), "fr.nir"),
    _Scheme(re.compile(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d{2}(?!\w|\.\w)"), "ch.ssn"),
    _Scheme(re.compile(r"(?<![\w.])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\w|\.\w)"), "be.nn"),
    _Scheme(re.compile(r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])"), "se.personnummer"),
    _Scheme(re.compile(r"(?<![\w-])\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![\w-])"), "fi.hetu"),
    _Scheme(re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w|\.\w)"), "br.cpf"),
    _Scheme(re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d(?!\w)"), "mx.curp"),
    _Scheme(re.compile(r"(?<![\w-])\d{6}-?\d{4}(?![\w-])"), "dk.cpr", _near(rf"\bcpr\b|{_ID_WORDS}")),
    _Scheme(
        re.compile(r"(?<!\w)\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?!\w)"), "de.idnr", _near(rf"steuer|idnr|\btin\b|{_ID_WORDS}")
    ),
    _Scheme(re.compile(r"(?<!\w)\d{11}(?!\w)"), "pl.pesel", _near(rf"pesel|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<!\w)\d{6} ?\d{5}(?!\w)"), "no.fodselsnummer", _near(rf"f[øo]dselsnummer|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<![\w/])\d{6}/\d{3,4}(?![\w/])"), "cz.rc"),
    _Scheme(re.compile(r"(?<!\w)\d{11}(?!\w)"), "tr.tckimlik", _near(rf"kimlik|tckn|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<!\w)\d{3} ?\d{3} ?\d{3}(?!\w)"), "pt.nif", _near(rf"\bnif\b|contribuinte|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<!\w)\d{9}(?!\w)"), "nl.bsn", _near(rf"\bbsn\b|burgerservice|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<!\w)\d{4} ?\d{6}(?!\w)"), "at.vnr", _near(rf"\bsvnr\b|sozialversicherung|{_ID_WORDS}")),
    _Scheme(re.compile(r"(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)"), "gb.nhs", _near(r"\bnhs\b")),
    _Scheme(re.compile(r"(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{3}(?!\w)"), "ca.sin", _near(r"\bsin\b|social insurance")),
    _Scheme(re.compile(r"(?<!\w)\d{3} ?\d{3} ?\d{2,3}(?!\w)"), "au.tfn", _near(r"\btfn\b|tax file")),
    _Scheme(re.compile(r"(?<!\w)\d{4} ?\d{4} ?\d{4}(?!\w)"), "in_.aadhaar", _near(r"aa?dhaar|\buid(?:ai)?\b")),
)
_DIGITS = re.compile(r"\d(?:[^\d\n]{0,10}\d){5,}")  # six digits near each other: every number of a person has them
_AROUND = 20  # letters before and behind them
# No check digit, but a shape of its own: the British national insurance number.
_NINO = re.compile(r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")


def find_cards(text: str) -> Iterator[Span]:
    """Payment card numbers by brand and Luhn's check, also beside other groups of digits (a date, a security code)."""
    if _RUN.search(text) is None:
        return
    luhn = _stdnum("luhn")
    urls = url_spans(text)
    for run in _RUN.finditer(text):
        if any(start <= run.start() < end for start, end in urls):
            continue
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        first = 0
        while first < len(groups):
            last = _card_end(text, groups, first, luhn)
            if last:
                yield Span("card number", groups[first][0], groups[last - 1][1])
            first = last or first + 1


def _card_end(text: str, groups: list[tuple[int, int]], first: int, luhn: Any) -> int:
    """The group after the last one of the longest card number that starts at group `first`; 0 where none does."""
    digits, found = "", 0
    for last, (start, end) in enumerate(groups[first:], first + 1):
        digits += text[start:end]
        if len(digits) > 19:
            break
        if len(digits) >= 13 and _BRANDS.fullmatch(digits) and len(set(digits)) > 1 and luhn.is_valid(digits):
            found = last
    return found


def find_ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        start, end = match.span()
        while end - start >= 15:
            if _stdnum("iban").is_valid(re.sub(r"[^A-Za-z0-9]", "", text[start:end]).upper()):
                yield Span("bank account", start, end)
                break
            end = start + max(text[start:end].rfind(separator) for separator in (" ", "\u00a0", "-"))


def find_national_ids(text: str) -> Iterator[Span]:
    """National ids whose shape and check digits make them sure, or that are named as such within 60 characters before."""
    for digits in _DIGITS.finditer(text):
        place = max(0, digits.start() - _AROUND), digits.end() + _AROUND
        for scheme in _SCHEMES:
            for match in scheme.shape.finditer(text, *place):
                before = text[max(0, match.start() - 60) : match.start()]
                if scheme.near is not None and scheme.near.search(before) is None:
                    continue
                if _stdnum(scheme.module).is_valid(match[0].upper()):
                    yield Span("national id", *match.span())
        for match in _NINO.finditer(text, *place):
            yield Span("national id", *match.span())


def find_phones(text: str, region: str | None) -> Iterator[Span]:
    """Telephone numbers; those without a country code are read as in `region` ("DE"), or left alone where it is None."""
    import phonenumbers

    for match in phonenumbers.PhoneNumberMatcher(text, region):
        yield Span("phone number", match.start, match.end)


def find_emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield Span("email address", *match.span())


@cache
def _stdnum(module: str) -> Any:
    return import_module(f"stdnum.{module}")
