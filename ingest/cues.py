"""What English says when something has changed, and when it has not: cues of change, and what takes their force away.

A cue is worth 1 (it is said of changes and of little else) or one half (two of them are needed). A veto takes a statement
out: it asks, wonders, proposes, confirms, reminds, or tells of something that is over tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "change_score",
    "is_blocker",
    "is_confirmation",
    "is_decision",
    "is_order_to_machine",
    "is_passing",
    "is_progress",
    "is_undecided",
    "is_wish",
]

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_NOUN = (
    r"(?:lead|owner|manager|director|head|contact|person|address|link|url|number|phone|e-?mail|"
    r"inbox|mailbox|channel|form|template|"
    r"name|title|limit|deadline|date|dates|time|rate|fee|price|threshold|budget|process|procedure|"
    r"policy|rule|site|page|tool|system|version|"
    r"location|office|schedule|calendar|step|requirement|option|default|setting|command|flag|"
    r"key|team|vendor|provider|account|repo(?:sitory)?|board|list|guide|line|code|room|floor|"
    r"hours|course|doc|document|folder|path|command|domain)"
)


def _all(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


_STRONG = (
    r"\bno longer\b|\bnot any ?more\b|(?:n't|\bnot|\bnever|\bnobody|\bno one|\bno \w+|\bwithout)\b[^.?!]{0,80}\bany "
    r"?more\b|\bno more\b(?! than)",
    r"\binstead of\b|\bin place of\b|\binstead\b",
    r"\breplac(?:e|es|ed|ing)\b|\bsupersed(?:e|es|ed|ing)\b",
    r"\bswitch(?:ed|es|ing)?\b[^.?!]{0,40}\b(?:to|over|from)\b|\bmigrat(?:ed|es|ing)\b",
    r"\b(?:has|have|had|is|are|was|were|been|'s|'ve|'re|just|we|they|it)\s+(?:all |just |now |"
    r"finally |been |being )*(?:moved|moving)\b|\bmoved (?:over |back |on )?(?:to|from|into|"
    r"under)\b|\bmoves (?:to|from|into|under)\b|\bthe move\b|\bmove (?:the|our|all|it)\b[^.?!]{0,50}\bto\b",
    r"\brenam(?:e|es|ed|ing)\b|\bis (?:now )?called\b|\bnew name\b|\bgoes by\b|\brebrand(?:ed|ing)?\b",
    r"\bas of (?!yet|right now)\S|\beffective\b|\bfrom now on\b|\bgoing forward\b|\bfrom here on\b|\buntil further notice\b",
    rf"\b(?:starting|beginning|from|since|after|with)\s+(?:on\s+|the\s+|this\s+|next\s+)*(?:{_DAY}|"
    rf"{_MONTH}|week|month|quarter|year|first|1st|today|tomorrow|now|monday)\b",
    r"\b(?:went|goes?|going|gone|up|down|raised?|raises|increas(?:ed?|es|ing)|lower(?:ed|s)?|"
    r"reduced?|extend(?:ed|s)?|shorten(?:ed|s)?|cut|bump(?:ed|s)?|chang(?:ed?|es|ing)|dropp?(?:ed|"
    r"s)?)\b[^.?!]{0,60}\bto\s+(?:\S+\s+){0,2}?[$€£]?\d",
    r"\bchang(?:ed|es|ing) (?:from|to)\b|\bchange (?:it|that|this|the|our|all)\b[^.?!]{0,50}\bto\b|\bfrom \S+ to \S*\d",
    r"\b(?:take|takes|took|taken|taking) over\b|\btakes? (?:it|that|this|them) over\b|\bstep(?:s|"
    r"ped|ping)? (?:down|in|up)\b|\broll(?:ed|ing|s) off\b|\bhand(?:s|ed|ing) (?:it |this |"
    r"that )?(?:over|off)\b|\bsucceed(?:s|ed)\b|\bcom(?:es?|ing) off\b|\bfilling in (?:for|"
    r"as)\b|\bacting\b",
    r"\b(?:left|leaves|leaving) (?:the )?(?:team|company|firm|guild|group|agency|board|us|tts|"
    r"in \w+)\b|\b(?:retired|resigned)\b|\bis out\b(?! (?:sick|today|tomorrow|of|until|on|this|"
    r"next|for))",
    r"\bdo(?:es)?n't (?:do|use|need|have to|take|offer|handle|accept|process|allow|require|"
    r"work with|run)\b[^.?!]{0,60}\b(?:now|since|these days)\b",
    r"\b(?:is|are|was|were|been|being|'s|got|gets|get) (?:now |being |all |finally |officially |"
    r"hereby )?(?:retired|deprecated|discontinued|removed|dropped|abolished|scrapped|eliminated|"
    r"decommissioned|dissolved|merged|split|sunset|shut(?:ting)? (?:down|off)|phased out|turned off|"
    r"dead|gone|history|obsolete|defunct)\b",
    r"\bwe(?:'ve| have)? (?:finally |now |just |also )*(?:retired|deprecated|discontinued|removed|"
    r"dropped|abolished|scrapped|merged|split|closed|replaced|raised|lowered|reduced|changed|"
    r"switched|introduced|moved)\b",
    r"\bthat(?:'s| is| has|'ll be)? (?:the change|over|changed|different|new|gone|dead|history|"
    r"no more|not how)\b|\bwhat(?:'s| is) (?:gone|new|different|changed|changing)\b",
    r"^\W*(?:okay |ok |so |then |right )*(?:decided|agreed)\b[,:]|\bused to be\b|\bpreviously\b|\bformerly\b|"
    r"\bthe old (?:\w+ ){0,3}(?:is|was|page|link|"
    r"form|address|number|site|one|name|title|channel|template|version|ones|copies|doc)\b|\bold (?:copies|"
    r"links?|ones?)\b",
    r"\(it was\b|\bwas (?:\S+ ){1,3}(?:before|until now|so far)\b|\bup from\b|\bdown from\b|"
    r"\bso far\b[^.?!]{0,60}\b(?:but|now|from)\b",
    rf"\bnew {_NOUN}s?\b(?! (?:for|of) (?:my|our) (?:house|flat|car))|\bnew \w+ {_NOUN}\b",
    r"\bout of date\b|\boutdated\b|\bis wrong\b|\bstill (?:says|lists?|mentions?|shows|points?|"
    r"names|has the old|links?)\b|\bdoes(?:n't| not) (?:say|mention|list|match|cover|exist)\b",
    r"\b(?:please|pls|plz|can (?:we|you|someone|somebody)|could (?:we|you|someone|somebody)|"
    r"kindly|we should|you should|need to|needs to|let's|i'd|i'll|should)\s+(?:also |just |"
    r"all |now |then )*(?:add|updat\w+|chang\w+|remov\w+|drop|replac\w+|delet\w+|tak\w+ out|"
    r"strike|cut|correct|rewrite|rename|insert|put (?:that|this|it|in)|mention|note (?:that|"
    r"in)|list|swap|stop (?:telling|using|sending|pointing|asking|saying|recommending|linking))\b",
    r"^(?:\W*(?:so|and|also|okay|ok|then|um|uh|please)\W+)*(?:add|remove|delete|drop|replace|"
    r"update|rename|insert)\s+(?:a|an|the|our|all|that|this|one|any|it|to|in)\b",
    r"\b(?:bullet|paragraph|sentence|step|line|note|row|item|entry|section)\b[^.?!]{0,60}\b(?:add|"
    r"added|missing|where we|to the (?:page|list|handbook|docs?|wiki|guide|checklist))\b|\b(?:add|"
    r"adding|remove|removing|drop|delete)\b[^.?!]{0,40}\b(?:step|bullet|paragraph|sentence|"
    r"line|row|item|entry|section)\b",
    r"\b(?:handbook|page|pages|wiki|docs?|documentation|guide|guidance|instructions?|checklist|"
    r"onboarding doc|list)\b[^.?!]{0,50}\b(?:says?|lists?|mentions?|needs?|should|is wrong|"
    r"out of date|outdated|missing|has|have)\b[^.?!]{0,40}\b(?:wrong|old|updat\w+|add\w*|missing|"
    r"chang\w+|fix\w*|instead|not true|no longer|any ?more|say|read|remov\w+)\b",
    r"\bshould (?:now |really |instead )?(?:say|read|be that one|point to|link to|go to the|"
    r"be called|list|name)\b|\bjust say\b",
    r"\bwe(?:'ve| have)? (?:all |now |finally |just |also )*(?:decided|agreed)\b|\b(?:it (?:was|"
    r"is|has been)|it's|it's been|was|been) (?:decided|agreed)\b|\bdecision (?:is|was|from)\b|"
    r"\bdecided to\b|\bagreed (?:to|that|on)\b|\bthe decision\b[^.?!]{0,30}\b(?:is|was)\b",
    r"\bnow (?:owned|run|led|managed|handled|called|named|requires?|needs?|goes|lives?|has|"
    r"have to|belongs?|uses?|costs?|includes?|offers?|covers?|allows?|means|takes?|works?|open|"
    r"closed|available|possible|mandatory|optional|required|done|part|with|in|at|on|under|the)\b",
    r"\b(?:is|are|'s|'re|goes|go|gets?|has|have|needs?|takes?|works?|sits|lives?|can|must|may|"
    r"will|use|uses|do|does|you|we|they|it|team) (?:(?!right|just|for|by|until|to)\w+ ){0,3}?now\b(?! (?:and "
    r"then|that|until))|\bnow (?:also |only )?(?:you|we|they|it|he|she|there|everyone|everybody|"
    r"all|can|must|have|has|is|are)\b",
    r"(?<!right )(?<!for )(?<!just )(?<!by )(?<!until )(?<!till )(?<!bye )\bnow\b\s*(?:[.,;:!)]|$)",
    r"\b(?:you|people|everyone|everybody|they|we|staff|employees|contractors|managers|supervisors|"
    r"teams?) (?:now )?(?:also )?(?:can|may) (?:now|also)\b|\bon top of\b",
    r"\bthere(?:'s| is| are) now\b",
    r"\bis(?:n't| not) (?:a|an|the|on|in|one of|our|allowed|supported|possible|available|approved|"
    r"accepted)\b[^.?!]{0,60}\b(?:thing|option|list|job|any ?more|place|so we|so you)\b|\bnot ours\b|"
    r"\bwe're off\b|\bwe are off\b",
    r"\b(?:don't|do not|never|stop) (?:send|use|using|sending|email|emailing|write|writing|"
    r"file|filing|post|posting|go|book|booking|put|telling)\b[^.?!]{0,80}\b(?:use|send|go|post|"
    r"file|write|instead|but|it's|any ?more|to)\b",
    r"\bonly (?:applies|counts|until|for)\b[^.?!]{0,30}\bnow\b|\bnow only\b|\bwill (?:now|no longer|"
    r"be replaced|replace|move|become|change|be called|be renamed)\b|\bbecomes?\b|\bbecame\b",
    r"\b(?:is|are|has been|have been|was|were) (?:raised|increased|lowered|reduced|extended|"
    r"shortened|changed|renamed|moved|replaced|updated|closed|transferred|reassigned|appointed|"
    r"promoted)\b|\bis (?:taking|moving|leaving|changing|closing|ending)\b",
    r"\bmust (?:now|from)\b|\b(?:you|we|they|everybody|everyone) (?:have|has) to\b[^.?!]{0,80}\b(?:now|"
    r"before|first|within)\b|\bstarting (?:next|this|in|on|from|now|today|tomorrow)\b|\bthe (?:new|"
    r"current) one is\b",
    r"\b(?:people|folks|everyone|they|everybody|new hires?|customers?|clients?|users?) keeps? asking\b|"
    r"\bkeep(?:s)? (?:getting|being) asked\b|\banswered this\b|\bwrite (?:it|this|that) down\b|"
    r"\bget (?:it|this|that|them) into\b|\bbelongs? (?:after|in|on|under|next to|before)\b|"
    r"\bput (?:that|this|it) (?:in|right|at|on|under|next|where)\b|\bdocument (?:this|that|"
    r"it)\b",
    r"\btake (?:me|us|him|her|them|\w+) off\b|\bis the right (?:\w+ )?(?:contact|person|place|"
    r"channel|form|link|address|one)\b|\bshouldn't (?:be )?(?:suggest|us|recommend|link|point|"
    r"send|tell|ask|offer)(?:ing|e)?\b|\bcurrent version\b|\bis ancient\b",
    r"\b(?:don't|do not|never|stop|no need to) (?:ask|request|contact|ping|call|hand|share|"
    r"link|dm|message|order|submit|fill|mail)\w*\b",
    r"\b(?:one|an(?:other)?|an extra|an additional) (?:more|further|extra|additional|other) (?:thing|"
    r"step|item|requirement|form|document|question|field)\b|\barchived\b|\b(?:and I|we|I) (?:are|"
    r"am|'m|'re) done\b|\bsame (?:goes )?for \w+ and me\b",
)
_WEAK = (
    r"\bnow\b",
    r"\bnew\b",
    r"\bchang(?:e|es|ed|ing)\b",
    r"\bupdat(?:e|ed|es)\b",
    r"\bmoved?\b",
    r"\bany ?more\b",
    r"\bheads[- ]up\b",
    r"\bfyi\b|\bnote that\b|\bquick note\b|\btip\b",
    r"\bmust\b|\bhas to\b|\bhave to\b|\bneed(?:s)? to\b|\brequire[sd]?\b",
    r"\bonly\b",
    r"\b(?:leadership|legal|security|finance|hr|it|ops|operations|management)\b[^.?!]{0,20}\b(?:says?|"
    r"said|told|confirmed|wants?|asked|approved)\b",
    r"\b(?:can't|cannot|not allowed|not approved)\b",
    r"\bclosed\b|\bgone\b|\bout\b",
    r"\blonger\b|\bshorter\b",
    r"\bput\b|\badd\b|\bmention\b",
)
_UNDECIDED = _all(
    (
        r"\bmight\b|\bmaybe\b|\bperhaps\b|\bpossibly\b|\bprobably\b",
        r"\b(?:thinking|talking|talks?|wondering|discussing|discussion|debating|looking|toying|"
        r"considering|exploring|pondering)\b(?: (?:about|into|at|of|with|whether|over|around))?(?! to\b)\b[^.?!]*\b(?:about|"
        r"whether|into|if|over|mov|chang|switch|dropp|rais|it)",
        r"\bconsidering\b|\bproposal\b|\bpropos(?:e|es|ed|ing)\b|\bsuggest(?:ion|ed|ing)?\b(?! box)|"
        r"\bidea\b|\bwish(?:es|ed|ing)?\b(?! list)|\bbrainstorm",
        r"\bnot (?:yet )?(?:decided|final|finali[sz]ed|official|agreed|settled|clear|sure|confirmed|"
        r"set)\b|\bundecided\b|\bto be (?:decided|determined|confirmed)\b|\btb[dac]\b|\bno decision\b|"
        r"\b(?:haven't|hasn't|have not|has not|didn't|did not) (?:been )?(?:decided?|agreed?|settled?|"
        r"heard|finali[sz]ed)\b",
        r"\bnothing(?:\'s|’s| is| has been| was)? (?:been |yet )?(?:decided|agreed|final|fixed|"
        r"settled)\b|\bnote to (?:self|myself)\b|\breminder to myself\b|\bwhat if\b|\bif it were up to me\b|"
        r"\bwould be (?:nice|great|good|better|cool)\b|\bwould love\b|\bi(?:'d| would) (?:rather|"
        r"prefer|love|vote|argue)\b|\blet's (?:see|wait|talk|think|discuss|revisit|park|not)\b|"
        r"\bwe'll see\b|\bwait and see\b",
        r"\b(?:could|should|shall) (?:we|i|they|it)\b|\bdo we want\b|\bdon't know (?:yet|if|whether|"
        r"when)\b|\bno idea\b|\bopen question\b|\bpending\b|\bstill (?:open|unclear|under|in draft|"
        r"being|deciding|waiting|looking|discussing|thinking|talking)\b|\bdraft\b[^.?!]{0,20}\bproposal\b",
        r"\b(?:rejected|declined|voted down|turned down|shot down|said no|ruled out|decided against|"
        r"not happening|off the table|withdrawn|postponed|on hold|parked|shelved)\b|\bdecided not to (?:change|"
        r"move|switch|do (?:it|that|anything))\b|\bnot going to (?:change|happen|move|do)\b|\bwon't (?:change|"
        r"happen)\b",
        r"\bhop(?:e|ing|efully)\b|\bplan(?:s|ning)? to\b|\bwould like to\b(?! (?:inform|announce|"
        r"let you))|\bask(?:ed|ing)? (?:whether|if)\b|\bin (?:the|an ideal) (?:future|world)\b|"
        r"\bsome ?day\b|\beventually\b|\brumou?rs?\b|\bapparently\b|\bif (?:they|leadership|legal|"
        r"finance) (?:agree|approve|say)",
    )
)
_CONFIRM = _all(
    (
        r"\bdid you know\b|\b(?:week|month|day)\'s tip\b|\btip of the (?:day|week|month)\b|\b(?:it|"
        r"they|that|this) stays?\b|\bno (?:rename|change|move|switch|renaming)\b|\bunchanged\b|"
        r"\bnothing (?:\w+ ){0,2}(?:changes|changed|changing|is changing|has changed|new)\b|\bno changes?\b|"
        r"\b(?:hasn't|haven't|has not|didn't|did not|doesn't|does not|don't|won't|will not|not) chang(?:e|"
        r"ed|ing)\b",
        r"\b(?:stays?|stayed|staying|remains?|keeps?) (?:as (?:it|they) (?:is|are)|as is|the same|"
        r"put|where|in place|valid|how|on|exactly)\b|\b(?:stays?|remains?)\b\s*[,.;]|\b(?:stays?|"
        r"remains?)$|\bleave (?:it|that|this) (?:as|alone|there)\b|\bleave that line\b",
        r"\bsame as (?:before|always|ever|last|usual)\b|\bas before\b|\blike before\b|\bas (?:always|"
        r"usual|ever)\b|\bthe same\b(?! (?:applies|goes|way|for|channel|form|day|time|page|place|"
        r"decision))",
        r"\bis still\b|\bare still\b|\bstill (?:the|a|an|is|are|applies|true|valid|right|correct|"
        r"stands|works|holds|due|fine|need|have|get|go|use|no|at|in|on|with|\w+)\s*(?:\.|,|!|$)|"
        r"^(?:\W*(?:yes|yep|yeah|yup|no|nope|correct|right)\W+)*still\b",
        r"\bjust confirm(?:ing|ed)?\b|\bcan confirm\b|\bconfirmed that\b[^.?!]*\bstill\b|\bthat's (?:still )?(?:correct|"
        r"right|true)\b|\b(?:is|are) (?:still )?(?:right|correct|up to date|accurate)\b|\byes,? (?:still|"
        r"same|it is|that's)\b",
        r"\bkeep (?:using|doing|sending|posting|on|it|that|going)\b|\bcontinue(?:s)? to\b",
        r"\bremind(?:er|ers|ing)?\b|\bdon't forget\b|\bremember (?:to|that|,)|\bas a refresher\b|"
        r"\bper the handbook\b|\bas (?:the|our) (?:handbook|page|guide|docs?) says?\b",
        r"\bfalse alarm\b|\bnever ?mind\b|\bscratch that\b|\bignore (?:that|me|my)\b|\bmy (?:mistake|bad)\b",
    )
)
_PASSING = _all(
    (
        r"\bout (?:sick|today|tomorrow|of (?:the )?office|until|on (?:vacation|leave|pto)|this (?:week|"
        r"afternoon|morning)|next week|for (?:the|a|an|two|\d))\b|\bout of office\b|\booo\b|\b(?:back|"
        r"returning?) (?:on |at |in |by )?(?:monday|tuesday|wednesday|thursday|friday|tomorrow|"
        r"soon|next|after|later)\b",
        r"\b(?:on|taking|take|took) (?:vacation|pto|holiday|parental leave|a sick day|the day off|"
        r"friday off|monday off|leave (?:until|from|next|this))\b|\bauto(?:matic)?[- ]?reply\b|"
        r"\bsick (?:today|kid|kids|child)\b|\b(?:to|at) the (?:dentist|doctor)|\b(?:dentist|"
        r"doctor)'?s? appointment\b|for the dentist\b|\b(?:works?|working|up|back) again\b",
        r"\b(?:just|only) (?:for )?(?:today|tomorrow|this (?:week|once|time|sprint|friday|month)|"
        r"now)\b|\b(?:today|tomorrow|this week|this time|this once|this sprint) only\b|\bfor (?:one|"
        r"this|the next|a few|a couple of) (?:sprint|week|days?|hours?|minutes|time)\b|\bone[- ]off\b|"
        r"\btemporar(?:y|ily)\b(?! (?:password|pin|code|badge|employee|staff|appointment|duty|access|"
        r"account))|\bthis time (?:only|around)\b|\bfor the (?:day|afternoon|morning|time being)\b",
        r"\b(?:is|are|was|were|went|goes|be|been|'s|seems?) (?:\w+ )?(?:down|offline|slow|broken|"
        r"unreachable|acting up|back up|back online|up again|flaky)\b(?! (?:to|from|for good))|"
        r"\boutage\b|\bback (?:up|online|to normal)\b|\bincident\b|\brestart(?:ed|ing)? (?:the )?(?:server|"
        r"router|laptop|it)\b|\bmaintenance (?:window|tonight|on)\b",
        r"\b(?:room|meeting|call|lunch|standup|stand-up|sync|demo|retro|party|drinks?|dinner|breakfast|"
        r"coffee|training|session|class|appointment|review|workshop|interview|game|picnic|offsite|"
        r"all-hands|1:1|one-on-one)\b[^.?!]{0,40}\b(?:moved|moves|moving|is|starts?|pushed|postponed|"
        r"cancel+ed|in|at|rescheduled|over)\b[^.?!]{0,40}\b(?:today|tomorrow|tonight|noon|o'clock|"
        r"at \d|\d ?[ap]m|lobby|taken|booked|this (?:week|afternoon|morning|evening|time)|(?<!from )(?<!starting )next (?:week|"
        r"time)|room)\b",
        r"\b(?:congrat\w*|happy birthday|kudos|well done|welcome aboard|farewell|cheers to)\b|\brunning late\b|"
        r"\b(?:i'll|i will|i'm|we're|he's|she's) (?:be )?(?:a (?:bit|little) )?late\b|\bat the (?:airport|"
        r"station|doctor'?s?|dentist)\b|\b(?:my|his|her) (?:cat|dog|kid|kids|son|daughter|car|bike|"
        r"flight|train|dentist|mic|microphone)\b|\bthe weather\b|\bcoffee machine\b|\blunch\b",
    )
)
_BLOCKER = _all(
    (
        r"\bblocked (?:on|by|because|until|from)\b|\bis blocked\b|\bi'm blocked\b|\bblocker\b|\bblocking (?:me|us|the)\b",
        r"\b(?:still )?waiting (?:for|on) (?!the bus|lunch|coffee)\S+|\bstuck (?:on|at|with|because|until|waiting)\b",
        r"\b(?:we|i|they) (?:cannot|can't|can not) [^.?!]{0,60}\buntil\b|\bheld up (?:by|because)\b",
    )
)
_DECISION = _all(
    (
        r"\b(?:we|they|leadership|the (?:team|board|partners|group)|management)(?:'ve| have| has)? (?:all |"
        r"now |finally |just |also )*(?:decided|agreed)\b",
        r"\b(?:it (?:was|is|has been)|it's|it's been|was|been) (?:decided|agreed)\b|\b(?:the )?decision (?:is|"
        r"was)\b|\bdecided (?:to|that|on)\b|\bagreed (?:to|that|on)\b",
    )
)
_PROGRESS = _all(
    (
        r"\b(?:i|we|he|she|they|[A-Z][a-z]+)(?:'ve| have| has|'s)? (?:just )?(?:finished|completed|"
        r"sent|shipped|delivered|wrapped up|closed out|published|merged)\b",
        r"\b(?:i'll|i will|i'm going to|we'll|we will) (?:\w+ ){0,3}(?:send|share|finish|do|write|"
        r"call|check|ask|look|post|bring|start|prepare|review|let you know|get back)\b|\balmost done\b|"
        r"\bon track\b|\bis done\b",
    )
)
_WISH = _all(
    (
        r"\bi(?:'d| would) like (?:us|you|everyone) to\b",
        r"\bsay (?:they|you|people|that)\b[^.?!]{0,40}\bshould\b|\bsay they should\b|\bwe want people to\b",
    )
)
_ORDER = _all(
    (
        r"\b(?:ignore|disregard|forget|override) (?:all |any |every |your |the |these |those )*(?:previous|"
        r"prior|above|earlier|other|existing|system|safety)?\s*(?:instructions?|rules|prompts?|"
        r"guidelines|directions)\b",
        r"\byou are (?:now )?(?:an? |the )?(?:ai|assistant|language model|llm|chatbot|bot)\b|\b(?:system|"
        r"developer) (?:prompt|message)\b|^\s*(?:system|assistant)\s*:",
        r"\b(?:accept|approve) (?:this|the|all|every) (?:suggestions?|edits?) (?:automatically|"
        r"without)\b|\breply with (?:json|only)\b",
    )
)
_STRONG_RES = tuple(re.compile(p, re.IGNORECASE) for p in _STRONG)
_WEAK_RES = tuple(re.compile(p, re.IGNORECASE) for p in _WEAK)


@lru_cache(maxsize=4096)
def change_score(text: str) -> float:
    """How much `text` speaks of a change: 1 and more for a sure cue, one half for each weak one. Vetoes are asked apart."""
    strong = sum(1.0 for p in _STRONG_RES if p.search(text))
    weak = sum(0.5 for p in _WEAK_RES if p.search(text))
    return strong + weak if strong or weak >= 1.5 else 0.0


def is_undecided(text: str) -> bool:
    """Whether it is a thought, a plan, a proposal or a refused one."""
    return bool(_UNDECIDED.search(text))


def is_confirmation(text: str) -> bool:
    """Whether it says that something stays as it is, or reminds of it."""
    return bool(_CONFIRM.search(text))


def is_passing(text: str) -> bool:
    """Whether it tells of something that is over soon: an absence, an outage, a room for today, a birthday."""
    return bool(_PASSING.search(text))


def is_blocker(text: str) -> bool:
    return bool(_BLOCKER.search(text))


def is_decision(text: str) -> bool:
    return bool(_DECISION.search(text))


def is_progress(text: str) -> bool:
    return bool(_PROGRESS.search(text))


def is_order_to_machine(text: str) -> bool:
    """Whether it speaks to whoever reads it by machine: such words are no news."""
    return bool(_ORDER.search(text))


def is_wish(text: str) -> bool:
    """Whether it asks for words to be added to what people are told."""
    return bool(_WISH.search(text))
