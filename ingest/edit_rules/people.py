"""Who does what, as an update says it: who takes something on, who lets go of it, who stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.edit_rules.base import Claim, Passage
from ingest.edit_rules.person_names import names_in

__all__ = ["Handover", "handovers", "leavers", "stayers"]

_SEPARATOR = r"(?:, | and | & | or |, and )"
_WRITTEN = r"[A-Z][\w'’-]+(?: (?:[A-Z][\w'’.-]+|de|van|von|der)){0,3}"
_SPOKEN = r"[A-Za-z][\w'’-]+(?: [A-Z][\w'’-]+)?"
_BE = r"(?i:is|are|'s|’s|will be|becomes?|is going to be)"
_ROLE = r"([\w&./#+-]+(?: [\w&./#+-]+){0,7}?)"
_FROM = r"(?: (?i:from|of|at|over in|in) [\w&. ]{2,30}?)?"
_AFTER = r"(?: (?i:now|for now|for the moment|going forward|from now on|instead))?"
_END = r"(?=[,.;:!?)]| (?i:as|and|so|but|because|since|until|while|from|instead|starting|as of|who|with|now|for)\b|$)"
_DO = (
    r"(?i:lead|own|run|handl|manag|head|cover|coordinat|maintain|look after|oversee|"
    r"approv|chair|organi[sz]|supervis|review)(?i:s|es|ing|ed)?"
)

_GOES = (
    r"(?:'s|’s| (?i:is|are|was|were|has|have|had))?(?: (?i:both|all|also|just|now|finally|since))*"
    r" (?i:done\b|out|leaving|left|gone|moving on|moved on|moving to|going back|stepped down|"
    r"stepping down|steps down|step down|rolled off|rolling off|rolls off|roll off|"
    r"retired|retiring|resigned|off|no longer|comes off|come off|coming off|handed over|"
    r"let go|transferred|not (?:\w+ ){1,6}any ?more|do(?:es)?n't (?:\w+ ){1,8}any ?more)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grammar:
    """The patterns for one way of writing names: with capitals, or as a recogniser of speech gives them.

    In `pairs`, each pattern comes with what its groups are: n = new, o = old, r = role.
    """

    names: str
    pairs: tuple[tuple[re.Pattern[str], str], ...]
    leaves: re.Pattern[str]
    neither: re.Pattern[str]
    stays: re.Pattern[str]


def _grammar(name: str) -> _Grammar:
    ns = rf"({name}(?:{_SEPARATOR}{name}){{0,4}})"
    return _Grammar(
        names=ns,
        pairs=tuple((re.compile(p), groups) for p, groups in _pairs(ns)),
        leaves=re.compile(rf"{ns}{_GOES}(?! (?i:sick|today|tomorrow|of|until|on|this|next|at|loop))"),
        neither=re.compile(rf"(?i:neither|instead of|no longer|replacing|replaces|rather than) {ns}(?: (?i:nor|or) ({name}))?"),
        stays=re.compile(
            rf"{ns}(?:'s|’s)? (?i:is |are )?(?i:staying|stays|stay|remains?|continues?)\b|\b(?i:still) {ns}{_END}"
        ),
    )


def _pairs(ns: str) -> tuple[tuple[str, str], ...]:
    return (
        ((rf"{ns} (?i:takes|take|took|is taking|has taken|will take|taking) over (?i:from|"
        rf"for) {ns} (?i:as) (?:(?i:the|our) )?{_ROLE}{_END}"), "nor"),
        (rf"{ns} (?i:takes|take|took|is taking|has taken|will take|taking) over (?i:from|for) {ns}{_END}", "no"),
        ((rf"{ns} (?i:takes|take|took|is taking|has taken|will take|taking) over(?: (?i:as|"
        rf"for))? {_ROLE}{_FROM} (?i:from|for) {ns}{_END}"), "nro"),
        (rf"{ns} (?i:takes|take|took|is taking|has taken|will take|taking) over(?: (?i:as|for|the))? {_ROLE}{_END}", "nr"),
        ((rf"{_ROLE} (?:{_BE} )?(?i:now |being )?{_DO} (?i:now )?by {ns}{_AFTER} (?i:instead of|"
        rf"not|rather than) {ns}{_END}"), "rno"),
        (rf"{_ROLE} (?:{_BE} )?(?i:now |being )?{_DO} (?i:now )?by {ns}{_AFTER}{_END}", "rn"),
        ((rf"{ns} (?:{_BE} )?(?i:replaces|replacing|replaced|succeeds|succeeded|instead of|"
        rf"in place of|and not|rather than|in for|steps in for|fills in for) {ns}{_END}"), "no"),
        (rf"(?i:replace|swap|change) {ns} (?i:with|for|to|by) {ns}{_END}", "on"),
        (rf"{ns} (?i:is|are|was|were|has been|have been|gets|got) (?i:being )?(?i:replaced|succeeded) by {ns}{_END}", "on"),
        (rf"{_ROLE} (?i:moves|moved|goes|went|passes|passed|is moving|has moved) from {ns} to {ns}{_END}", "ron"),
        (rf"{ns} (?i:hands|handed|is handing|passes|passed) (?i:over )?{_ROLE} (?i:over )?to {ns}{_END}", "orn"),
        ((rf"{ns}{_FROM} {_BE} (?i:now |both |also )*(?i:your|the|our|an?|acting|interim|"
        rf"new|in charge of|responsible for|on|{_DO}) {_ROLE}{_END}"), "nr"),
        (rf"{ns} (?i:now )?{_DO}(?i: now)? {_ROLE}{_AFTER}{_END}", "nr"),
        (rf"(?i:an?|the|our|new|acting|interim) {_ROLE}(?:,| {_BE}(?: (?i:now))?|:) {ns}{_AFTER}{_END}", "rn"),
        (rf"(?:^|[,;] )(?i:so |and |for )?{_ROLE}(?: {_BE}(?: (?i:now))?|'s|:) {ns}{_AFTER}{_END}", "rn"),
        ((rf"(?i:contact|ask|email|ping|write to|talk to|reach out to|goes? to|go to|see|"
        rf"message) {ns} (?i:instead of|not|rather than) {ns}{_END}"), "no"),
        (rf"{ns} (?i:takes|take|took|is taking|are taking|will take|taking) over{_END}", "n"),
        (rf"{ns} (?i:has|have|does|do|owns|own|runs|run) (?i:it|that|this) now", "n"),
        ((rf"(?i:contact|ask|email|ping|write to|talk to|reach out to|message) {ns} (?i:about|"
        rf"for|with|if|when) {_ROLE}{_END}"), "nr"),
    )  # fmt: skip


_GRAMMARS = {False: _grammar(_WRITTEN), True: _grammar(_SPOKEN)}
_AND_I = re.compile(rf"{_GRAMMARS[False].names} and I{_GOES}")
_AND_ME = re.compile(rf"(?i:same for|so (?:am|are|is)) {_GRAMMARS[False].names} and me\b")
_WE_LEAVE = re.compile(rf"\b(?i:we|i)(?:'ve|’ve)?{_GOES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """`new` take on `role`, from `old` where the update says so. Names as said, spoken ones with capitals; `role` may be ""."""

    new: tuple[str, ...]
    old: tuple[str, ...] = ()
    role: str = ""
    claim: Claim


def handovers(passage: Passage) -> list[Handover]:
    """Who takes on what, the clearest way of saying it first; one for each person and claim."""
    found: list[Handover] = []
    for claim in (_without_teams(c) for c in passage.claims):
        seen: set[str] = set()
        paired = False
        for pattern, groups in _GRAMMARS[claim.spoken].pairs:
            for match in pattern.finditer(claim.text):
                parts = dict(zip(groups, match.groups(), strict=False))
                new = names_in(parts.get("n", ""), claim)
                old = names_in(parts.get("o", ""), claim)
                if not new or ("o" in groups and not old) or seen & set(new) or ("o" not in groups and paired):
                    continue
                paired = paired or bool(old)
                seen.update(new)
                found.append(Handover(new=new, old=old, role=parts.get("r", "").strip() or claim.before, claim=claim))
    return found


def leavers(passage: Passage) -> list[str]:
    """Names that the passage says no longer do what they did."""
    names: list[str] = []
    for claim in (_without_teams(c) for c in passage.claims):
        for match in _GRAMMARS[claim.spoken].leaves.finditer(claim.text):
            names += names_in(match[1], claim)
        for match in _GRAMMARS[claim.spoken].neither.finditer(claim.text):
            for part in match.groups():
                names += names_in(part or "", claim)
        for with_me in (*_AND_I.findall(claim.text), *_AND_ME.findall(claim.text)):
            names += [*names_in(with_me, claim), *names_in(claim.author.split(" ")[0], claim)]
        if _WE_LEAVE.search(claim.text):
            names += names_in(claim.author.split()[0], claim) if claim.author else ()
            if re.search(r"\bwe\b", claim.text, re.IGNORECASE):
                asked = re.findall(rf"(?<!^){_GRAMMARS[False].names}", claim.before)
                names += [n for part in asked for n in names_in(part, claim)]
    return list(dict.fromkeys(names))


def stayers(passage: Passage) -> list[str]:
    """Names that the passage says go on with what they do."""
    names = [
        n
        for claim in passage.claims
        for m in _GRAMMARS[claim.spoken].stays.finditer(claim.text)
        for part in m.groups()
        for n in names_in(part or "", claim)
    ]
    return list(dict.fromkeys(names))


def _without_teams(claim: Claim) -> Claim:
    """ "Jia from Design and Ana from Sales" as "Jia and Ana": where people come from is no part of their names."""
    text = re.sub(
        (
            r"\b([A-Z][\w'’-]+) from (?:the )?[A-Z0-9][\w&]*(?: [A-Z][\w&]*)?(?= (?:and|is|"
            r"are|take|takes|has|have|will|now)\b|[,.;]|$)"
        ),
        r"\1",
        claim.text,
    )
    return claim if text == claim.text or claim.spoken else replace(claim, text=text)
