"""Whether a statement is news: said as something that holds from now on, and not as a question, plan, joke or absence.

What is news is decided by form alone here; what it is news of is decided beside the pages (ingest.scene). Each list below is of words
that English uses for one purpose, whatever the firm does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.statements import Statement

__all__ = ["Verdict", "judged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a statement is.

    `kind` is news, decision, blocker, question, progress, or "" for what leads to nothing, and then `reason` says why. `strength` is how
    plainly it says that something changes: 0 says nothing of it, 1 says so, 2 asks for the page to be changed.
    """

    statement: Statement
    kind: str
    strength: float = 0.0
    reason: str = ""

    @property
    def is_news(self) -> bool:
        """Whether it says that something is, or was decided."""
        return self.kind in ("news", "decision")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_EDITS = r"(?:add|updat\w+|chang\w+|correct\w*|remov\w+|delet\w+|drop\w*|strike|tak\w+|replac\w+|renam\w+|put|insert\w*|mention|note|list|write|fix|swap|edit)"

_CHANGE = _any(
    r"\bnow\b(?! (?:and then|that))",
    r"\bfrom (?:now|here|today|tomorrow|next|the next) ?on\b|\bfrom (?:now|here) on\b|\bgoing forward\b|\bas of\b|\beffective\b|\buntil further notice\b",
    rf"\b(?:from|starting|beginning|as of|since) (?:on |with |the |this |next |last )*(?:{_DAY}|{_MONTH}|today|tomorrow|week|month|quarter|year|\d)",
    r"\bno longer\b|\bany ?more\b|\bno more\b|\bnot (?:needed|necessary|required)\b|\bnobody needs\b",
    r"\binstead\b|\brather than\b|\bin place of\b|\breplac(?:es?|ed|ing)\b",
    r"\b(?:has|have|had|'s|'ve|is|are|was|were|been|be|being|got|we|i|they) (?:all |just |now |finally |also |been |hereby |already )*(?:changed|moved|"
    r"renamed|raised|lowered|increased|reduced|cut|extended|shortened|switched|dropped|removed|retired|closed|cancelled|"
    r"canceled|abolished|scrapped|merged|split|updated|introduced|agreed|decided|approved|okayed|ok'd|archived|discontinued|deprecated|replaced|handed)\b",
    r"\bmoved (?:to|from|into|over)\b|\b(?:moves?|changes?|goes|rises?|drops?|increases?|decreases?|switch(?:es)?) (?:up |down |over |back )?(?:to|from|into)\b",
    r"\btak(?:es?|ing|en) (?:it |this |that )?over\b|\bstep(?:s|ping)? (?:down|in)\b|\bhand(?:s|ing|ed) (?:\w+ ){0,3}(?:over|to|on)\b",
    r"\bnew (?!york|year|zealand|jersey)\w+",
    r"\bused to\b|\bup to now\b|\bso far\b|\bpreviously\b|\bformerly\b|\bthe old\b",
    r"\b(?:is|are) (?:out of date|outdated|wrong|obsolete|gone|over|history)\b|\bstill (?:says?|lists?|shows?|mentions?|has the old)\b",
    r"\b(?:will|must|has to|have to|needs? to) (?:now |also |be )+\w+|\bfrom then on\b|\bmust (?:now|not|be|have|go)\b",
    r"\b(?:archived|decommissioned|rip)\b|\b(?:isn't|aren't|is not|are not) (?:on|in|part of|one of|a|the)\b|\bin future\b|\bsettled on\b|\bis the (?:right|correct|current|new|one)\b|\bfor good\b|\bswitched off\b|\bshut\b",
    r"\bcall(?:ed|ing) (?:it )?off\b|\bit is\b[,.!]?\s*(?:then\b|$|i'll\b)",
    r"\bbecomes?\b|\bis called\b|\bgoes by\b|\bone more\b|\banother\b",
    r"^\W*(?:ok|okay|right|good|fine|alright|so)\s*:|\bdecided\b|\bagreed\b|\bapproved\b|\bthen let's\b|\blet's do it\b|\bit(?:'s| is) settled\b",
)
_REQUEST = _any(
    rf"\b(?:please|pls|kindly|should|let's|must|need to|want(?: \w+)? to) (?:\w+ ){{0,4}}{_EDITS}\b",
    rf"\b(?:could|can|would|will) (?:you|we|someone|somebody|anyone|one of you) (?:\w+ ){{0,3}}{_EDITS}\b",
    rf"^\W*(?:so |and |also |then |okay |ok )*{_EDITS} (?:a|an|the|our|that|this|it|to|in|one)\b",
    rf"\b{_EDITS} (?:it|that|this|them|a line|a step)\b[^.?!]{{0,40}}\b(?:in|into|on|to|from|out of|where) (?:the |our )?"
    r"(?:\w+ ){0,3}(?:page|pages|wiki|handbook|list|guide|docs?|checklist|table|it|says)\b",
    r"\b(?:goes|going|belongs?) (?:into|in|on|onto) (?:the |our )(?:\w+ )?(?:handbook|wiki|page|list|checklist)\b",
    r"\b(?:the|our) (?:\w+ ){0,3}(?:page|handbook|wiki|guide|checklist) (?:should|needs|must|still|says|has|is missing)\b",
)
_UNDECIDED = _any(
    r"\b(?:might|maybe|perhaps|possibly|probably|presumably|apparently|supposedly)\b",
    r"\bwonder(?:ing)?\b|\bbefore deciding\b|\b(?:thinking|talking|discussing|debating|considering|exploring|dreaming|toying|looking) (?:about|of|whether|into|if|at|with)\b|\bi wonder\b",
    r"\bwhat if\b|\bhow about\b|\bwould be (?:nice|great|good|better|cool|fun|lovely)\b|\bwould (?:love|rather|prefer)\b|\bi'd (?:love|vote|rather)\b",
    r"\bnot (?:yet |been )*(?:decided|final|agreed|settled|confirmed|sure|official|clear)\b|\bundecided\b|\btb[dac]\b|\bno decision\b"
    r"|\bto be (?:decided|discussed|confirmed)\b|\bnothing (?:is |has been )?(?:decided|agreed|final)\b",
    r"\b(?:idea|proposal|suggestion|brainstorm\w*|wish|rumou?rs?|draft)\b|\bpropos(?:e|es|ed|ing)\b|\bsuggest(?:s|ed|ing)?\b",
    r"\b(?:should|could|shall) (?:we|i|they)\b|\bdo we want\b|\blet's (?:see|wait|think|talk|discuss|revisit|park|not)\b|\bwe'll see\b",
    r"\b(?:rejected|declined|ruled out|decided against|off the table|on hold|parked|shelved|postponed|voted down|turned down)\b|\bstays? an idea\b",
    r"\bhop(?:e|es|ing|efully)\b|\bplan(?:s|ning)? to\b|\bsome ?day\b|\beventually\b|\bif (?:they|leadership|everyone|the client|finance) (?:agrees?|approves?|says?)\b",
)
_PASSING = _any(
    r"\b(?:just|only) (?:for )?(?:today|tomorrow|tonight|this (?:week|once|time|month|sprint))\b|\b(?:today|tomorrow|this (?:week|time|once)) only\b",
    r"\bthis (?:one )?(?:time|once)\b|\bone[- ]off\b|\bas an exception\b|\bexceptionally\b|\bfor (?:once|now|the time being|the moment)\b|\btemporar(?:y|ily)\b",
    r"\bout (?:sick|today|tomorrow|until|of (?:the )?office|on (?:leave|holiday|vacation))\b|\bon (?:vacation|holiday|leave|pto) (?:until|from|this|next)\b"
    r"|\bback (?:on |in |by |from )?(?:monday|tuesday|wednesday|thursday|friday|tomorrow|soon|next|the office)\b|\b(?:running|is|are|was|were|be|been) (?:\w+ )?late\b|\bsick (?:today|kid|leave today)\b",
    r"\b(?:is|are|was|were|went|be|been|'s) (?:\w+ )?(?:down|offline|slow|broken|unreachable|flaky)\b|\boutage\b|\bup again\b|\bback (?:up|online|to normal)\b",
    r"\b(?:is|are|'s) (?:\w+ ){0,3}(?:moved|cancelled|canceled|postponed|pushed|closed|late|in|at)\b[^.?!]{0,30}\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|week))\b",
    r"\bmoves? to [^.?!]{0,30}\bthis week\b|\bhappy birthday\b|\bcongrat\w*|\bwelcome aboard\b|\bwell done\b|\bkudos\b",
    r"\b(?:my|his|her) (?:cat|dog|kids?|son|daughter|car|bike|train|bus|flight|dentist|mum|mom|dad|neighbou?r|husband|wife)\b",
)
_ELSEWHERE = _any(
    r"\b(?:at|in|with) (?:my|his|her|your|their) (?:old|last|previous|former|ex|other) (?:\w+ )?(?:job|company|firm|employer|place|agency|team)\b",
    r"\b(?:my|his|her) (?:brother|sister|wife|husband|friend|flatmate|cousin|partner|girlfriend|boyfriend)(?:'s)?\b",
    r"^(?!.*\b(?:we|our|us|you|your)\b)(?:\W*(?:and|but|so|now)\b)*\W*(?:they\b|they'|their (?:customers?|clients?|team|office|staff|people|firm)\b|[^.,]*\bat their (?:place|firm|end)\b)",
    r"\bcompetitors?\b|\bin the news\b|\bi read (?:that|about)\b|\bother (?:firms|companies|agencies)\b",
)
_JOKE = _any(
    r"\bha(?:ha)+\b|\blo+l\b|\brofl\b|\bjust kidding\b|\b(?:only |i'm )?joking\b|\bjk\b|(?:^|\s)/s\b|[😂🤣😜😝🤪]|:(?:joy|rofl|laughing|stuck_out_tongue\w*|sweat_smile):",
    r"\bwhat could go wrong\b|^\W*oh sure\b|\byeah,? right\b|^\W*sure,? (?:and|because|why not)\b",
)
_SAME = _any(
    r"\b(?:stays?|stayed|staying|remains?|keeps?) (?:as|the same|put|where|in place|valid|how|exactly|unchanged|like|with)\b|\b(?:it|that|this|rest|they|nothing) stays?\b",
    r"\bunchanged\b|\b(?:same|exactly) as (?:before|always|ever|last|usual)\b|\b(?:as|like) (?:before|always|usual|ever)\b|\bnothing (?:\w+ ){0,2}chang\w+|\bno changes?\b"
    r"|\b(?:hasn't|haven't|has not|didn't|doesn't|does not|don't|won't|not) chang(?:e|ed|ing)\b",
    r"\b(?:is|are|do|does|it's|that's) still\b|\bremind(?:er|ing|s)?\b|\bdon't forget\b|\bremember (?:to|that)\b|\bas (?:the|our) (?:handbook|page|wiki|guide) says\b",
    r"\bjust (?:to )?confirm(?:ing)?\b|\bfalse alarm\b|\bnever ?mind\b|\b(?:scratch|scrap|forget) (?:it|that|what i said)\b|\bignore (?:that|me|my)\b",
)
_BLOCKER = _any(
    r"\b(?:am|is|are|i'm|we're|been|he's|she's) (?:\w+ )?(?:blocked|stuck)\b(?! with)|\bblocked (?:on|by|because)\b|\bblocking (?:me|us|the)\b",
    r"\b(?:still |we're |i'm |are |been )waiting (?:for|on) \w+|\b(?:can't|cannot|can not) (?:\w+ ){1,8}until\b|\bheld up (?:by|because)\b",
)
_DECISION = _any(
    r"\b(?:we|they|management|leadership|the (?:team|board|partners|group))(?:'ve| have| has)? (?:\w+ ){0,2}(?:decided|agreed)\b",
    r"\b(?:it is|it's|is|was|been) (?:hereby |now |then )?(?:decided|agreed)\b|\bdecision\W+(?:is|was|:)|^\W*(?:decision|decided|agreed)\b\s*:?",
)
_PROGRESS = _any(
    r"\b(?:i|we|he|she|they)(?:'ve| have| has)? (?:just )?(?:finished|completed|sent|shipped|delivered|wrapped up|published|merged|booked|ordered|fixed)\b",
    r"\b(?:i'll|i will|we'll|i'm going to) (?:\w+ ){0,3}(?:send|share|finish|do|call|check|ask|look|post|bring|prepare|review|tell|get back)\b",
)
_ORDER = _any(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |every |your |the |these |those )*(?:previous|prior|above|earlier|other|existing|system|safety)"
    r"?\s*(?:instructions?|rules|prompts?|guidelines|directions)\b",
    r"\byou are (?:now )?(?:an? |the )?(?:ai|assistant|language model|llm|chatbot|bot)\b|\b(?:system|developer) (?:prompt|message)\b|^\s*(?:system|assistant)\s*:",
    r"\b(?:accept|approve) (?:this|the|all|every) (?:suggestions?|edits?) (?:automatically|without)\b|\breply with (?:json|only)\b",
)
_WONDER = _any(
    r"\bwonder(?:ing)?\b|\b(?:maybe|perhaps|what if)\b|\bshould (?:we|i)\b|\bdo we want\b|\bi (?:dunno|don't know)\b"
)
_THOUGHT = _any(
    r"\b(?:just|only) (?:a thought|an idea|thinking|a suggestion)\b|\bthinking (?:aloud|out loud)\b|\bmemo to myself\b|\bnobody (?:has )?decided\b",
    r"\b(?:nothing|not) (?:is |has been )?(?:yet )?decided\b|\bno decision\b",
)
_NO = re.compile(r"^\W*(?:no|nope|nah|not any ?more|actually)\b(?=.*\w{3})", re.IGNORECASE)
_YES = re.compile(
    r"^\W*(?:ok(?:ay)?,? |yes,? |right,? |good,? |then |fine,? )*(?:do it|done|agreed|deal|settled|decided|me too|yes please|let's do (?:it|that)|sounds good|works for me|"
    r"perfect|fine (?:by|with) me|go for it|approved|so be it)\b",
    re.IGNORECASE,
)
_REFUSED = _any(r"\b(?:rejected|declined|ruled out|off the table|not|no|never|don't|won't)\b")
_REACH = 6
_SETTLED = 0.75
_STORY = _any(
    r"\b(?:i|we|he|she|they|you|somebody|someone|people) (?:\w+ )?(?:\w{2,}ed|wrote|wanted|meant|knew)\b(?! (?:to|that) (?:look|take|do))",
    r"\b(?:i|me|my|we|he|she|they|somebody|someone|people)\b[^.?!]*\b(?:was|were|had|took|went|said|told|thought|found|got|came|tried|asked|kept|saw|felt|spent|waited|made|did)\b",
    r"\b(?:yesterday|last (?:week|month|year|night|time))\b",
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks?|thank you|thx|ta|best|cheers|regards|kind regards|welcome|morning|bye)\b[^.?!]{0,40}$",
    re.IGNORECASE,
)
_OPINION = _any(
    r"\b(?:amazing|awesome|lovely|terrible|horrible|annoying|gorgeous|delicious|hilarious|hate|fantastic|fun|funny)\b"
)
_VETOES = (
    (_ORDER, "it speaks to a machine"),
    (_JOKE, "it is a joke"),
    (_ELSEWHERE, "it is about others"),
    (_PASSING, "it is over soon"),
    (_UNDECIDED, "it is not decided"),
    (_SAME, "it says that nothing changes"),
    (_OPINION, "it says what somebody likes"),
)


def judged(said: Sequence[Statement]) -> list[Verdict]:
    """A verdict for each statement of one update, in order."""
    found = _denied([_verdict(statement) for statement in said])
    return _without_jokes(_settled(_unsettled(found)))


def _verdict(statement: Statement) -> Verdict:
    text = statement.text
    if _GREETING.match(text):
        return Verdict(statement=statement, kind="", reason="it greets")
    strength = 2.0 if _REQUEST.search(text) else 1.0 if _CHANGE.search(text) else 0.0
    decided = bool(_DECISION.search(text)) and not _THOUGHT.search(text)
    for pattern, reason in _VETOES:
        if pattern.search(text) and not (
            (strength == 2 or decided) and pattern in (_SAME, _UNDECIDED) and not _WONDER.search(text)
        ):
            return Verdict(statement=statement, kind="", reason=reason)
    if statement.question and strength < 2:
        return Verdict(statement=statement, kind="question")
    if _BLOCKER.search(text):
        return Verdict(statement=statement, kind="blocker")
    if decided:
        return Verdict(statement=statement, kind="decision", strength=max(1.0, strength))
    if strength == 0 and _PROGRESS.search(text):
        return Verdict(statement=statement, kind="progress")
    if strength < 2 and _STORY.search(text):
        strength -= 0.5
    return Verdict(statement=statement, kind="news", strength=strength)


def _denied(found: list[Verdict]) -> list[Verdict]:
    """ "No, …" to somebody's question says plainly how things are."""
    answered = list(found)
    for number in range(1, len(found)):
        before, this = found[number - 1], found[number]
        other = before.statement.message != this.statement.message
        if before.kind == "question" and this.kind == "news" and other and _NO.match(this.statement.text):
            answered[number] = replace(this, strength=max(1.0, this.strength))
    return answered


def _unsettled(found: list[Verdict]) -> list[Verdict]:
    """Who calls what they say a thought means all of the message."""
    open_ = [verdict.statement.message for verdict in found if _THOUGHT.search(verdict.statement.text)]
    thoughts = {message - back for message in open_ for back in range(_REACH)}
    return [
        replace(verdict, kind="", reason="it is not decided")
        if verdict.statement.message in thoughts and verdict.is_news and verdict.strength < 2
        else verdict
        for verdict in found
    ]


def _settled(found: list[Verdict]) -> list[Verdict]:
    """What somebody else agrees to right after is no mere proposal: the last few statements before a yes count as said plainly."""
    settled = list(found)
    for number, verdict in enumerate(found):
        if not _YES.match(verdict.statement.text) or not number:
            continue
        for before in range(max(0, number - _REACH), number):
            earlier = settled[before]
            open_ = earlier.reason == "it is not decided" or (earlier.kind == "news" and earlier.strength < _SETTLED)
            if open_ and not _REFUSED.search(earlier.statement.text):
                settled[before] = replace(earlier, kind="news", reason="", strength=_SETTLED)
    return settled


def _without_jokes(found: list[Verdict]) -> list[Verdict]:
    """Where most of what is said in a row is a joke, so is the rest."""
    jokes = sum(verdict.reason == "it is a joke" for verdict in found)
    if jokes * 2 >= len(found) - 1 and jokes > 1:
        return [replace(verdict, kind="", reason="it is a joke") if verdict.is_news else verdict for verdict in found]
    return found
