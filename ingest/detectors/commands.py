"""Passwords on a command line: the option that takes one is another for each program, and a port or a file for the next."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.detectors.span import Span
from ingest.detectors.values import is_placeholder

__all__ = ["find_command_passwords"]

_V = r"[\"']?(?P<value>[^\s\"'<>|;&]{4,200})"
# (programs, what stands before the value), the value behind it
_OPTIONS = (
    (r"mysql\w*|mariadb[\w-]*|xtrabackup", r"-p"),
    (r"sshpass|plink|pscp|putty", r"-p[ ]?|-pw[ ]"),
    (r"[\w-]+(?:[ ][\w-]+)?[ ](?:log-?in|auth)", r"-p[ ]|-t[ ]"),
    (r"redis-\w+|valkey-\w+", r"-a[ ]"),
    (r"mongo\w*|cqlsh|influx|impacket-\w+|neo4j\w*|cypher-shell|rabbitmqadmin", r"-p[ ]|-pw[ ]"),
    (r"sqlcmd|bcp|osql|isql|ipmitool", r"-P[ ]?"),
    (r"zip|unzip|7za?|7z\w+|rar|unrar|qpdf|pdftk|exiftool", r"-P[ ]?|-p"),
    (r"curl|wget|https?|xh|httpie|ab|lftp|hurl", r"(?:-u|-a|-A|--user|--auth|--proxy-user)[ =]?[\"']?[^\s:\"']{1,80}:"),
    (r"smbclient|rpcclient|smbmap|net", r"-U[ ]?[\"']?[^\s%\"']{1,80}%"),
    (r"ldap\w+|hydra|evil-winrm|crackmapexec|netexec|nxc", r"-w[ ]|-p[ ]"),
    (r"openssl|keytool|jarsigner", r"pass:|-(?:store|key)pass[ ]|-k[ ]"),
    (r"ssh-keygen", r"-N[ ]"),
    (r"x?freerdp\w*|rdesktop|mstsc", r"/p:|-p[ ]"),
    (r"snmp\w+", r"-[AX][ ]"),
    (r"net", r"user[ ]+\S+[ ]+|use[ ]+[^\n]{0,80}/user:\S+[ ]+|use[ ]+(?:\S+[ ]+)?\\\\\S+[ ]+(?!/)"),
    (r"htpasswd", r"-\w*b\w*[ ]+(?:\S+[ ]+){1,2}"),
    (r"rabbitmqctl", r"(?:add_user|change_password)[ ]+\S+[ ]+"),
    (r"secret-tool|security|cmdkey", r"/pass:|-w[ ]"),
)
_COMMANDS = re.compile(
    r"(?<![\w./-])(?:"
    + "|".join(
        rf"(?:{programs})\b(?:[^\n|;&]|\\\n){{0,200}}?\s(?:{before}){_V.replace('value', f'value{number}')}"
        for number, (programs, before) in enumerate(_OPTIONS)
    )
    + ")"
)
_PIPED = re.compile(
    r"\becho[ ]+(?:-n[ ]+)?[\"']?(?:[\w.-]{1,40}:)?(?P<value>[^\s\"'|]{4,100})[\"']?[ ]*\|[ ]*(?:sudo[ ][^\n|]{0,40}-S\b|(?:sudo[ ])?"
    r"(?:(?:ch)?passwd|kinit)\b|[^\n|]{1,120}--?(?:password-)?stdin\b)"
)
_STATED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:IDENTIFIED|identified)(?:\s+(?i:with)\s+\w+)?\s+(?i:by|as)\s+['\"](?P<value>[^'\"\n]{4,100})['\"]",
        r"(?:WITH|ENCRYPTED|SET|with|encrypted|set)\s+(?i:password)\s*=?\s*(?:PASSWORD\()?'(?P<value>[^'\n]{4,100})'",
        r"ConvertTo-SecureString\s+(?:-String\s+)?['\"](?P<value>[^'\"\n]{4,100})['\"]",
        r"auth\s*=\s*\(\s*[\"'][^\"'\n]{1,80}[\"'],\s*[\"'](?P<value>[^\"'\n]{4,100})[\"']",
        r"WIFI:[^\n]{0,80}?\bP:(?P<value>[^;\n]{4,64});",
    )
)


def find_command_passwords(text: str) -> Iterator[Span]:
    """Spans of kind `password`."""
    for pattern in (_COMMANDS, _PIPED, *_STATED):
        for match in pattern.finditer(text):
            value = match[str(match.lastgroup)]
            if not is_placeholder(value) and not re.fullmatch(r"[\d:]+", value):
                yield Span("password", *match.span(str(match.lastgroup)))
