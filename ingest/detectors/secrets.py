"""Keys, tokens, private keys, and passwords said in words.

The shapes of tokens come from detect-secrets. Its plugins are asked directly, string by string: its scanning functions keep
settings in a process-wide cache and can verify a token over the network, and neither is wanted here. Its entropy and keyword
plugins are left out: they are made for source code, and in prose they take document ids, hashes and long words for secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ingest.detectors.span import Span

__all__ = ["find_secrets"]

# (module, class) of detect_secrets.plugins whose matches are tokens by their shape alone
_PLUGINS = (
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("cloudant", "CloudantDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("jwt", "JwtTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)

# Tokens with a prefix of their own that detect-secrets 1.5 does not know yet.
_TOKENS = re.compile(
    r"(?<![\w-])(?:"
    r"github_pat_\w{22,}|gh[pousr]_\w{36,}|glpat-[\w-]{20,}|sk-(?:proj|ant|or|svcacct|admin)-[\w-]{20,}|sk-[A-Za-z0-9]{32,}|"
    r"(?:sk|rk|pk)_(?:live|test)_\w{16,}|whsec_\w{24,}|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|hf_[A-Za-z0-9]{30,}|"
    r"npm_[A-Za-z0-9]{36}|dop_v1_[a-f0-9]{64}|xapp-\d-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|"
    r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}|AGE-SECRET-KEY-1[0-9A-Z]{50,}|atlasv1\.[\w-]{40,}|hvs\.[\w-]{24,}|"
    r"ATATT3[\w=-]{30,}|lin_api_\w{32,}|pat-[a-z]{2}\d-[0-9a-f-]{36}|SG\.[\w-]{22}\.[\w-]{43}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r")"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:.{0,20000}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|[^\n]*(?:\n[A-Za-z0-9+/=: -]{16,})*)",
    re.DOTALL,
)
_SIGNED_URL = re.compile(
    r"[?&](?:sig|signature|X-Amz-Signature|access_token|api_?key|token|client_secret)=(?P<value>[\w%.~+/=-]{16,})", re.I
)
_BEARER = re.compile(r"\b(?:Bearer|Basic|Token)\s+(?P<value>[\w.~+/-]{20,}={0,2})")

_PASSWORD_WORD = r"(?:pass(?:word|wort|phrase|code|wd)s?|pwd|pw|kennwort|mot de passe|contraseña|wachtwoord|hasło)"
_KEY_WORD = r"(?:api|auth|access|secret|client|private|encryption|signing|license|licence|service|account|bot|webhook)[ _-]?(?:key|token|secret)s?"
_TOKEN_WORD = r"(?:token|secret|credentials?)"
_LINK = r"(?:\s+(?:for|to|of|on|zum|für|pour)\s+[^\n.:=;]{1,40}?)?\s*(?:\s(?:is|are|was|now|again|still|will be|ist|lautet|est|es)\b(?:\s+(?:now|still|again|jetzt))?\s*:?|[:=]+|->|→)\s*"
_VALUE = r"(?P<quote>[\"'`“‘«]?)(?P<value>[^\s\"'`“”‘’«»<>]{1,200})"
_SAID = re.compile(rf"(?<![^\W_])(?P<word>{_PASSWORD_WORD}|{_KEY_WORD}|{_TOKEN_WORD}){_LINK}{_VALUE}", re.IGNORECASE)
_PIN = re.compile(
    r"\b(?:PIN|pin code|Pin)(?: number)?(?: for [^\n.:]{1,30}?)?(?:\s+is(?: now)?|\s*[:=])\s*(?P<value>\d{4,8})\b(?!\s*(?:digit|day|char|%))"
)
_LOGIN = re.compile(
    r"\b(?:login|user(?:name)?|account)\s*[:=]?\s+\S{1,60}?\s*[/,|]\s*(?:pw|pass(?:word)?)\s*[:=]?\s+(?P<value>\S{4,80})", re.I
)
_UNIT = re.compile(
    r"\s*(?:characters?|chars?|days?|weeks?|months?|years?|digits?|letters?|times|people|users|zeichen|tage)\b", re.I
)


def find_secrets(text: str) -> Iterator[Span]:
    """Spans of kind `private key`, `secret` and `password`; they may overlap."""
    for match in _PRIVATE_KEY.finditer(text):
        yield Span("private key", *match.span())
    for pattern in (_TOKENS, _SIGNED_URL, _BEARER):
        for match in pattern.finditer(text):
            value = match.span("value") if "value" in pattern.groupindex else match.span()
            if _mixed(text[slice(*value)]):
                yield Span("secret", *value)
    yield from _known_tokens(text)
    yield from _said(text)


def _known_tokens(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        if len(line) > 8 and re.search(r"[\w-]{16}|://", line):
            for plugin in _plugins():
                for value in plugin.analyze_string(line[:5000]):
                    value = value if isinstance(value, str) else ""
                    at = line.find(value) if len(value) >= 4 and not _placeholder(value) else -1
                    while at >= 0:
                        yield Span("secret", start + at, start + at + len(value))
                        at = line.find(value, at + len(value))
        start += len(line)


def _said(text: str) -> Iterator[Span]:
    """Passwords and keys that a sentence gives away: "the wifi password is …", "API key: …"."""
    for match in _SAID.finditer(text):
        start, end = match.span("value")
        if not match["quote"]:
            end -= len(match["value"]) - len(match["value"].rstrip(".,;:!?)")) if match["value"][-1] not in "!?" else 0
        value = text[start:end]
        is_password = re.fullmatch(_PASSWORD_WORD, match["word"], re.IGNORECASE) is not None
        if _gives_away(value, text, end, quoted=bool(match["quote"]), password=is_password):
            yield Span("password" if is_password else "secret", start, end)
    for pattern in (_PIN, _LOGIN):
        for match in pattern.finditer(text):
            if not _placeholder(match["value"]):
                yield Span("password", *match.span("value"))


def _gives_away(value: str, text: str, end: int, *, quoted: bool, password: bool) -> bool:
    if len(value) < 4 or _placeholder(value) or re.match(r"(?:https?://|www\.|\S+@\S+\.\S+$|#|@|:\w+:)", value):
        return False
    if not password:  # "the token is …": only what looks made by a machine
        return len(value) >= 12 and _mixed(value) and not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", value)
    if value.isdigit():
        return not _UNIT.match(text, end)
    if re.search(r"\d", value):
        return re.search(r"[^\W\d_]", value) is not None and not re.fullmatch(r"\d+[-–](?:day|month|year|char)\w*", value, re.I)
    if re.search(r"[!@#$%^&*_+=~|\\]", value.rstrip("!")):
        return True
    return quoted or re.search(r"[a-z][A-Z]", value) is not None


def _mixed(value: str) -> bool:
    """Digits and letters, as made by a machine: no plain word or dotted name."""
    return re.search(r"\d", value) is not None and re.search(r"[^\W\d_]", value) is not None and not _placeholder(value)


def _placeholder(value: str) -> bool:
    """What stands in for a secret in instructions: <password>, ${TOKEN}, xxxx, ****, your_password."""
    return (
        len(set(value.casefold())) <= 2
        or re.match(r"[<\[{$%*]|x{4}|your[-_]|my[-_]|example|changeme|\.\.\.", value, re.IGNORECASE) is not None
        or (value.isupper() and "_" in value and not re.search(r"\d", value))
    )


@cache
def _plugins() -> tuple[Any, ...]:
    from importlib import import_module

    return tuple(getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in _PLUGINS)
