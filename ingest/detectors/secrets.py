"""Keys, tokens and private keys that their shape or their place in an address gives away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.detectors.span import Span
from ingest.detectors.values import is_made, is_mixed, is_placeholder

__all__ = ["find_secrets"]

# How the tokens of vendors begin, and what follows at least: hexadecimal (h), capitals and digits (c), letters and digits (a),
# also with - and _ (w).
_VENDORS = r"""
github_pat_ w22     gh[pousr]_ a36      glpat- w20          gl(?:dt|rt|cbt|ptt|ft|soat|imt|agent)- w20      ATBB a28
sk-(?:proj|ant|or|svcacct|admin)- w20   sk- a32             xai- w40            gsk_ a40            r8_ a30
hf_ a30             pplx- a32           nvapi- w40          AIza w30            ya29\. w20          GOCSPX- w20
(?:sk|rk|pk)_(?:live|test)_ a16         whsec_ a24          sq0(?:atp|csp)- w22 shp(?:at|ca|pa|ss|tka)_ h32
xapp-\d- w20        xox[abceoprs]- w10  xoxe\.xox[bp]- w20  rzp_(?:live|test)_ a14                  FLWSECK(?:_TEST)?- a12
npm_ a36            pypi- w50           rubygems_ h40       do[opr]_v1_ h60     dckr_[po]at_ w20    (?:AKIA|ASIA|ABIA|ACCA) c16
A3T[A-Z0-9] c16     ABSK w80            LTAI a16            AGE-SECRET-KEY-1 c50                    [A-Za-z0-9]{14}\.atlasv1\. w40
atlasv1\. w40       hv[sbr]\. w24       AT[AC]TT3 w30       lin_(?:api|oauth)_ a32                  ntn_ a30
secret_ a40         fig[do]_ w30        pat-[a-z]{2}\d- w30 PMAK- w40           dapi h32            sntry[su]_ w40
glsa_ w30           glc_ w30            dp\.(?:pt|st|ct|sa|scim|audit)\. a32    NRAK- c27           NRII- w30
ph[cx]_ a30         sbp_ h40            sb_secret_ w20      nfp_ a30            fo1_ w40            fm2_ w40
rnd_ a24            pul- h40            pscale_(?:tkn|pw|oauth)_ w30            tskey-[a-z]+- w20   ops_ w80
key- h32            xkeysib- w60        (?:AC|SK) h32              SG\. w20            EZ[AT]K a50         EAAA w56         shippo_(?:live|test)_ h40
dt0c01\. w20        apify_api_ a30      CFPAT- w40          mlsn\. h60          duffel_(?:test|live)_ w40
"""
_ALPHABETS = {"h": "[a-fA-F0-9]", "c": "[A-Z0-9]", "a": "[A-Za-z0-9]", "w": r"[\w.+/=-]"}
_SHAPES = re.findall(r"(\S+) ([hcaw])(\d+)", _VENDORS)
_TOKENS = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"{begin}{_ALPHABETS[alphabet]}{{{length},}}" for begin, alphabet, length in _SHAPES)
    + r"|\d{8,10}:[\w-]{35}|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}|[0-9a-f]{32}-us\d{1,2}|eyJ[\w-]{8,}\.(?:eyJ[\w-]{8,}\.[\w-]*|[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}))"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:.{0,20000}?-----END (?:[A-Z0-9]+ ){0,3}PRIVATE "
    r"KEY(?: BLOCK)?-----"
    r"|[^\n]*(?:\n[A-Za-z0-9+/=: -]{16,})*)|PuTTY-User-Key-File-\d:.{0,20000}?Private-MAC: [0-9a-f]+",
    re.DOTALL,
)
_PARAMETER = re.compile(
    r"[?&#;](?:sig|signature|X-Amz-(?:Signature|Security-Token)|(?:[a-z]{1,12}[_-])?(?:token|secret|key)|apikey|auth|code|hmac|jwt|sid|"
    r"session(?:_?id)?|otp)=(?P<value>[\w%.~+/=-]{16,})",
    re.IGNORECASE,
)
_PASSWORD_PARAMETER = re.compile(r"[?&;](?:password|passwd|pwd|pass|pw)=(?P<value>[^\s&#\"'<>]{4,})", re.IGNORECASE)
_OTP = re.compile(r"otpauth://[^\s\"'<>]{0,300}?[?&]secret=(?P<value>[A-Za-z2-7]{16,})", re.IGNORECASE)
_LOGIN = re.compile(r"://[^\s/:@\"'<>]{0,100}:(?P<value>[^\s/\"'<>]{2,200})@(?=[\w\[$])")
_LOGIN_TOKEN = re.compile(r"://(?P<value>[\w.~%-]{16,255})@(?=\w)")
_HEADER = re.compile(
    r"\b(?:Bearer|Token|ApiKey|Basic)\s+(?P<value>[\w.~+/-]{20,}={0,2})|"
    r"Authorization[\"']?\s*[:=]\s*[\"']?(?:\w+\s+)?(?P<whole>[\w.~+/:-]{12,}={0,2})",
    re.IGNORECASE,
)
_SESSION = r"sid|sso|auth|jwt|csrf\w*|xsrf\w*|remember\w*"
_COOKIE = re.compile(rf"(?:sess(?:ion)?(?:[_-]?id)?|(?<![^\W_])(?:{_SESSION}))=(?P<value>[\w%.~+/=-]{{16,}})", re.IGNORECASE)
_COOKIES = re.compile(r"\bcookie[\"']?: [^\n]+", re.IGNORECASE)
_COOKIE_VALUE = re.compile(r"=(?P<value>[\w%.~+/=-]{20,})")
# An address that anybody may post to: on a host for hooks, or behind /webhooks/, /bot123456:… or /key/.
_HOOK = re.compile(
    r"://(?:[^\s/\"'<>]{0,60}?\bhooks?\.[^\s/]{1,80}/|[^\s\"'<>?]{0,150}?/(?:(?:incoming)?(?:web)?hooks?(?:b2)?/|key/|bot(?=\d{6})))"
    r"(?P<value>[^\s\"'<>)]{16,400})",
    re.IGNORECASE,
)


def find_secrets(text: str) -> Iterator[Span]:
    """Spans of kind `private key` and `secret`; they may overlap."""
    for match in _PRIVATE_KEY.finditer(text):
        yield Span("private key", *match.span())
    for match in _OTP.finditer(text):
        yield Span("secret", *match.span("value"))
    for match in _TOKENS.finditer(text):
        yield from _mixed(text, *match.span(), prefixed=True)
    for match in _PARAMETER.finditer(text):
        if is_made(match["value"], 16):
            yield Span("secret", *match.span("value"))
    for pattern in (_HEADER, _COOKIE, _LOGIN_TOKEN):
        for match in pattern.finditer(text):
            yield from _mixed(text, *match.span(match.lastgroup or 0))
    for pattern in (_LOGIN, _PASSWORD_PARAMETER):
        for match in pattern.finditer(text):
            if not is_placeholder(match["value"]):
                yield Span("secret", *match.span("value"))
    for line in _COOKIES.finditer(text):
        for match in _COOKIE_VALUE.finditer(text, *line.span()):
            yield from _mixed(text, *match.span("value"))
    for match in _HOOK.finditer(text):
        if any(is_made(part, 8) for part in re.split(r"[/?&=]", match["value"])):
            yield Span("secret", *match.span("value"))


def _mixed(text: str, start: int, end: int, *, prefixed: bool = False) -> Iterator[Span]:
    value = text[start:end]
    is_token = is_mixed(value) or (prefixed and re.search(r"[a-z][A-Z][^_]*[a-z][A-Z]", value) and not is_placeholder(value))
    if is_token and not _is_link_part(value, text[max(0, start - 200) : end]):
        yield Span("secret", start, end)


def _is_link_part(value: str, piece: str) -> bool:
    """A signed token in the path of a link is the link itself (tracking, short links), no key to anything."""
    return value.startswith("eyJ") and re.search(r"://[^\s?#]{0,200}/" + re.escape(value), piece) is not None
