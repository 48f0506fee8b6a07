"""Captions: WebVTT, SubRip and SBV, and the documents made of them, with speakers where the tool that wrote them knows who spoke."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.clock import offset_of
from ingest.people import looks_like_name
from ingest.readers.conversation import Source, Turn, at_offset, conversation
from ingest.update import Incoming
from wiki.errors import InvalidInput

__all__ = ["claims", "read"]

_STAMP = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
# [00:00.000 --> 00:05.000] text, as Whisper prints it
_ONE_LINE = re.compile(rf"^\[(?P<start>{_STAMP})\s*-->\s*(?P<end>{_STAMP})\]\s*(?P<text>\S.*)$")
_TIMING = re.compile(rf"^\s*(?P<start>{_STAMP})(?:\s*-->\s*|(?<=\.\d\d\d),)(?P<end>{_STAMP})(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>\n]{1,80})>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[a-z]{1,4}(?:\.[^<>\s]*)?(?:\s[^<>]*)?|\d{1,2}:[\d:.]+)>|\{\\[^{}]*\}", re.IGNORECASE)
_SPEAKER = re.compile(r"^(?:-\s*|>>+\s*)?(?P<name>[^\W\d_][^\n:.?!]{0,40}?)\s*:\s+(?P<text>\S.*)$", re.DOTALL)
# [Lena Moss] text; of two words at least, since "[Music]" is nobody
_BOXED = re.compile(r"^(?:>>+\s*)?[\[(](?P<name>[^\W\d_][^\n\[\]():.?!]{0,40})[\])]\s*:?\s+(?P<text>\S.*)$", re.DOTALL)
_NAME_LINE = re.compile(r"[^\W\d_a-z]\w*\.?(?: [^\W\d_a-z][\w.'-]*){0,3}(?: \([^()]{1,40}\))?")
_NUMBERED = re.compile(r'^\d+ "(?P<name>[^"<>\n]{1,80})"(?: \(\d+\))?$')
_ENDED = re.compile(r"[.?!…][\"')\]]*$")
_PAUSE_S = 4.0


class _Cue(NamedTuple):
    start_s: float
    end_s: float
    speaker: str
    text: str


def claims(source: Source) -> bool:
    """Whether the first line that is neither a head nor a cue's number is a time, an arrow (in SBV a comma) and a time."""
    if re.match(r"WEBVTT(?:[ \t\n]|$)", source.text.lstrip("\ufeff \n")):
        return True
    lines = [line for line in source.lines[:20] if line.strip() and not line.strip().isdigit()]
    return bool(lines) and (_TIMING.match(lines[0]) is not None or _ONE_LINE.match(lines[0]) is not None)


def read(source: Source) -> list[Incoming]:
    """One update of channel meeting. Cues of one speaker in a row are one message; without speakers, cues up to a
    sentence's end.

    `start_s` is the first cue's; `at` is reckoned from the sender's time, the start of the call. Raises InvalidInput without
    any cue.
    """
    turns = [
        Turn(author=speaker or source.author, at=at_offset(source.occurred_at, start_s), text=said, start_s=start_s)
        for start_s, speaker, said in _merged(_cues(source.lines))
    ]
    if not turns:
        raise InvalidInput(
            f"{source.name or 'The transcript'} holds no spoken lines.", hint="Export the transcript again as .vtt or .srt."
        )
    return [conversation(source, turns, channel="meeting", occurred_at=source.occurred_at)]


def _cues(lines: Sequence[str]) -> Iterator[_Cue]:
    blocks = list(_blocks(lines))
    # Teams' own documents: who speaks is the first line of each block.
    named = len(blocks) > 1 and all(len(body) > 1 and _NAME_LINE.fullmatch(body[0]) for _, _, body in blocks)
    for start_s, end_s, body in blocks:
        if named:
            yield _Cue(start_s, end_s, body[0], " ".join(body[1:]))
            continue
        for speaker, said in _voices("\n".join(body)):
            yield _Cue(start_s, end_s, speaker, said)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[float, float, list[str]]]:
    """Start, end and lines of each cue; the head, notes, styles and the cues' own numbers or ids are passed over, but for the
    speaker that Webex writes there.

    In documents every line is a paragraph of its own: where a cue's first line is empty, it goes on to the next cue.
    """
    index = 0
    while index < len(lines):
        timing, whole = _TIMING.match(lines[index]), _ONE_LINE.match(lines[index])
        index += 1
        if whole is not None:
            yield offset_of(whole["start"]) or 0.0, offset_of(whole["end"]) or 0.0, [whole["text"]]
        if timing is None:
            continue
        spaced = index < len(lines) and not lines[index].strip()
        numbered = _NUMBERED.match(lines[index - 2]) if index >= 2 else None
        body: list[str] = [f"<v {numbered['name']}>"] if numbered is not None else []
        while index < len(lines) and (lines[index].strip() or spaced) and not _TIMING.match(lines[index]):
            if lines[index].strip():
                body.append(lines[index].strip())
            index += 1
        if spaced and body and body[-1].isdigit() and index < len(lines):
            body.pop()  # the next cue's number
        if body:
            yield offset_of(timing["start"]) or 0.0, offset_of(timing["end"]) or 0.0, body


def _voices(body: str) -> Iterator[tuple[str, str]]:
    """Speaker and words of each voice in a cue."""
    parts = _VOICE.split(body)
    for speaker, raw in [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]:
        said = html.unescape(_TAG.sub("", raw))
        match = _SPEAKER.match(said) if not speaker else None
        if match is not None and len(match["name"].split()) <= 4 and not match["name"][0].islower():
            speaker, said = match["name"], match["text"]
        elif not speaker and (boxed := _BOXED.match(said)) and " " in boxed["name"] and looks_like_name(boxed["name"]):
            speaker, said = boxed["name"], boxed["text"]
        said = " ".join(said.split())
        if said:
            yield html.unescape(speaker).strip(), said


def _merged(cues: Iterator[_Cue]) -> Iterator[tuple[float, str, str]]:
    """Start, speaker and words of each turn. Lines that rolling captions repeat are taken once."""
    start_s, end_s, speaker = 0.0, 0.0, ""
    said: list[str] = []
    last = ""
    for cue in cues:
        if cue.text == last and not cue.speaker:
            end_s = cue.end_s
            continue
        words = cue.text
        if last and not cue.speaker and len(last) > 12 and words.startswith(last + " "):
            words = words[len(last) + 1 :]
        last = cue.text
        is_whole = bool(said) and _ENDED.search(said[-1]) is not None
        goes_on = cue.speaker == speaker and (speaker or not is_whole) and cue.start_s - end_s < _PAUSE_S
        if said and goes_on:
            said.append(words)
        else:
            if said:
                yield start_s, speaker, " ".join(said)
            start_s, speaker, said = cue.start_s, cue.speaker, [words]
        end_s = cue.end_s
    if said:
        yield start_s, speaker, " ".join(said)
