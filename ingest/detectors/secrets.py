"""Keys, tokens and private keys.

The shapes of tokens come from detect-secrets. Its plugins are asked directly, string by string: its scanning functions keep
settings in a process-wide cache and can verify a token over the network, and neither is wanted here. Its entropy and keyword
plugins are left out: they are made for source code, and in prose they take document ids, hashes and long words for secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ingest.detectors.passwords import is_mixed, is_placeholder
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
    r"ATATT3[\w=-]{30,}|lin_api_\w{32,}|pat-[a-z]{2}\d-[0-9a-f-]{36}|SG\.[\w-]{22}\.[\w-]{43}|"
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
    r")"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:.{0,20000}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE "
    r"KEY(?: BLOCK)?-----"
    r"|[^\n]*(?:\n[A-Za-z0-9+/=: -]{16,})*)",
    re.DOTALL,
)
_SIGNED_URL = re.compile(
    r"[?&](?:sig|signature|X-Amz-Signature|access_token|api_?key|token|client_secret)=(?P<value>[\w%.~+/=-]{16,})"
    r"|[?&](?:password|passwd|pwd)=(?P<password>[^\s&#\"'<>]{4,})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(?:Bearer|Basic|Token)\s+(?P<value>[\w.~+/-]{20,}={0,2})")

_TOKEN_LIKE = re.compile(r"[\w-]{16}|://")
_PIECE = 4000
_OVERLAP = 400


def find_secrets(text: str) -> Iterator[Span]:
    """Spans of kind `private key` and `secret`; they may overlap."""
    for match in _PRIVATE_KEY.finditer(text):
        yield Span("private key", *match.span())
    for pattern in (_TOKENS, _SIGNED_URL, _BEARER):
        for match in pattern.finditer(text):
            value = match.span(match.lastgroup) if match.lastgroup else match.span()
            if is_mixed(text[slice(*value)]) and not _is_link_part(match[0], text[max(0, match.start() - 200) : match.end()]):
                yield Span("secret", *value)
    yield from _known_tokens(text)


def _known_tokens(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        if len(line) > 8 and _TOKEN_LIKE.search(line):
            for offset in range(0, len(line), _PIECE - _OVERLAP):  # some of the plugins' patterns are slow on long lines
                yield from _in_piece(line[offset : offset + _PIECE], start + offset)
        start += len(line)


def _in_piece(piece: str, start: int) -> Iterator[Span]:
    for plugin in _plugins():
        for value in plugin.analyze_string(piece):
            if not isinstance(value, str) or len(value) < 4 or is_placeholder(value) or _is_link_part(value, piece):
                continue
            at = piece.find(value)
            while at >= 0:
                yield Span("secret", start + at, start + at + len(value))
                at = piece.find(value, at + len(value))


def _is_link_part(value: str, piece: str) -> bool:
    """A signed token in the path of a link is the link itself (tracking, short links), no key to anything."""
    return value.startswith("eyJ") and re.search(r"://[^\s?#]{0,200}/" + re.escape(value), piece) is not None


@cache
def _plugins() -> tuple[Any, ...]:
    from importlib import import_module

    return tuple(getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in _PLUGINS)
