"""The shapes of a line that says who spoke and when, as one table, and the lines between turns that nobody said.

Where several programs write alike, one shape stands for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.clock import DATE, NUMERIC_DATE, TIME
from ingest.people import NAME

__all__ = ["EDITED", "EMOJI", "HEAD", "MEDIA", "SHAPES", "SKIPPED", "WHEN", "Shape"]

WHEN = rf"(?:(?:{DATE},?\s+)?{TIME}|{TIME},?\s+{NUMERIC_DATE})"
_N = rf"(?P<name>{NAME})"
_W = rf"(?P<when>{WHEN})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`pattern` finds name, when and the text on the same line. `below`: the text is on the next lines.

    `loose`: a sentence with a time in it can look so too. `system` is how lines of the program itself begin.
    """

    pattern: re.Pattern[str]
    below: bool = False
    loose: bool = False
    system: re.Pattern[str] | None = None


def _shape(pattern: str, *, below: bool = False, loose: bool = False, system: str = "") -> Shape:
    return Shape(pattern=re.compile(pattern), below=below, loose=loose, system=re.compile(system) if system else None)


# The surest first.
SHAPES: tuple[Shape, ...] = (
    # 12/11/2026, 09:14 - Name: text (WhatsApp, Element); 2026년 11월 24일 오전 9:14, Name : text (KakaoTalk)
    _shape(
        rf"^\u200e?(?P<when>{DATE},?\s+{TIME})(?:\s+[-–—]\s+|,\s+){_N}\s?:\s?(?P<text>.*)$",
        system=rf"^{DATE},?\s+{TIME}(?:\s+[-–—]\s|,\s|$)",
    ),
    # [12/11/2026, 09:14:33] Name: text (WhatsApp, Skype), [09:14] Name: text (Matrix), [9:14 AM] Name: text (Teams)
    _shape(rf"^\u200e?[\[(]\s?{_W}\s?[\])]\s*{_N}\s?:(?:\s|$)(?P<text>.*)$", system=rf"^\[\s?{WHEN}\s?\]\s*[^\W\d_]"),
    # [Name] [오전 9:14] text (KakaoTalk)
    _shape(rf"^\[{_N}\]\s*\[{_W}\]\s?(?P<text>.*)$"),
    # [09:14] <name> text, 09:14 <name> text (IRC)
    _shape(rf"^\[?{_W}\]?\s+<(?:[@%~& ]|\+(?!\d))?(?P<name>[^>\n]{{1,40}})>\s?(?P<text>.*)$"),
    # Name [9:00 AM]: text
    _shape(rf"^{_N}\s*[\[(]{_W}[\])]\s*:?\s?(?P<text>.*)$"),
    # Name: [00:03] text
    _shape(rf"^{_N}:\s*[\[(]{_W}[\])]\s?(?P<text>.*)$"),
    # [9:14 AM] Name, the text on the next lines (Teams)
    _shape(rf"^\[{_W}\]\s*{_N}\s?:?(?P<text>)$", below=True),
    # [Name] 09:14:33, the text on the next lines (Zoom)
    _shape(rf"^\[{_N}\]\s+{_W}(?P<text>)$", below=True),
    # Name, [24.11.2026 09:14], the text on the next lines (Telegram)
    _shape(rf"^{_N},\s\[{_W}\]:?(?P<text>)$", below=True),
    # Name 9:00 AM, Name — Today at 9:00 AM, Name, 9:00 AM, Edited, Name  APP  9:00 AM; the text on the next lines (Slack, Teams,
    # Discord, Google Chat, Otter)
    _shape(
        rf"^{_N}(?:\s+(?:APP|BOT|App|Bot))?(?:\s*[—–•·|]\s*|\s*,\s+|\s+-\s+|\s+){_W}(?:,?\s+\(?(?i:edited)\)?)?(?P<text>)\s*$",
        below=True,
        loose=True,
    ),
    # 09:14<tab>Name<tab>text (LINE)
    _shape(rf"^{_W}\t(?P<name>[^\t\n]{{1,60}})\t(?P<text>.*)$", system=rf"^{WHEN}\t"),
    # 09:14:03 From Name to Everyone: text (Zoom), 00:01:02 Name: text, 09:14 - Name: text
    _shape(rf"^{_W}\s+(?:[-–—|]\s+)?(?:From\s+)?{_N}(?:\s+to\s+Everyone)?\s*:(?:\s(?P<text>.*)|(?P<none>)$)", loose=True),
    # 09:14 name | text (WeeChat's window)
    _shape(rf"^{_W}\s+[@+%~&]?{_N}\s*[|│]\s(?P<text>.*)$", loose=True),
    # Name, 24 Nov 2026, 9:14 AM: text
    _shape(rf"^{_N}(?:,\s+|\s+[-–—]\s+|\s+){_W}\s?:\s(?P<text>.+)$", loose=True),
    # 00:03 - Name, 0:03 | Name; the text on the next lines
    _shape(rf"^[\[@]?{_W}\]?\s+[-–—|]\s+{_N}(?P<text>)$", below=True, loose=True),
    # <name> text
    _shape(r"^<[@+%~& ]?(?P<name>[^\W_][^>\n]{0,39})>\s(?P<text>.*)$"),
)

EMOJI = "[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]"

# Threads, reactions, edits and separators, as they are copied along
SKIPPED = re.compile(
    r"^(?:\(edited\)|edited|new|neu|image|\d+ (?:repl(?:y|ies)|antwort(?:en)?|réponses?|respuestas?|risposte?)|last reply .*|"
    r"letzte antwort .*|view thread|also sent to the channel|pinned by .*|replied to a thread:?.*|:[\w+-]+:\s*\d*|\+?\d+|"
    r"[—–-]{2,}.*[—–-]{2,}|={4,}|.{1,60} has context menu|begin reference, .*|exported \d+ message\(s\)|.{1,60} sent the following messages? at .*|view .{1,60} profile.*|\{[a-z]+\}|"
    rf"(?:{EMOJI}+\s*\(?\d+\)?\s*)+|(?:like|heart|laugh|surprised|sad|angry)\s\d+|.{{1,40}}님이 (?:들어왔습니다|나갔습니다).*)$",
    re.IGNORECASE,
)
# What stands above the first turn of an export
HEAD = re.compile(
    r"^(?:\[LINE\] .*|(?:Saved on|Chat history)\b.*|保存日時.*|[儲储]存日期.*|저장한 날짜.*|.*카카오톡 대화|={4,}|(?:Guild|Channel|Topic|After|Before): .*|"
    r"[-—–=\s]*)$"
)
MEDIA = re.compile(
    r"^\[?(?:Photos?|Stickers?|Video|Album|Voice message|写真|スタンプ|動画|アルバム|ボイスメッセージ|사진(?: \d+장)?|이모티콘|동영상|图片|圖片|貼圖|照片|影片|动画表情)\]$|"
    r"^(?:사진(?: \d+장)?|이모티콘|동영상)$"
)
EDITED = re.compile(
    r"\s*\((?:edited|bearbeitet|modifié|editado|modificato|bewerkt|redigeret|redigerad|redigert|muokattu|edytowane|upraveno|"
    r"düzenlendi|изменено|編集済み|편집됨|已编辑|已編輯)\)\s*$",
    re.IGNORECASE,
)
