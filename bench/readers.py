"""Reading long conversations: an export of WhatsApp, a pasted chat, a log, a transcript and an export as JSON.

    python -m bench.readers [--lines 40000] [--json FILE]

Each is one text of so many lines, made up here; nothing is stored.
"""

from __future__ import annotations

import argparse
import json

from bench.common import Report, arguments, command, open_scaled, timed
from ingest.readers import Limits, read_text

__all__ = ["parser", "run"]

_LIMITS = Limits(max_text_chars=20_000_000)  # a pasted chat without days is one update
_SAID = (
    "ok",
    "from Monday the deadline for expenses is 45 days instead of 30, see https://forms.example/new",
    "at 10:30 we meet; the plan: first the budget, then 3 offers",
    "<Media omitted>",
)


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--lines", type=int, default=40_000, help="so many lines in each text")
    return made


def run(options: argparse.Namespace) -> Report:
    report = Report(title=f"Reading conversations of {options.lines:,} lines", workspace=open_scaled(options))
    for name, text in _texts(options.lines).items():
        report.add(name, timed(lambda text=text: read_text("chat", text, limits=_LIMITS), 3))  # type: ignore[misc]
    return report


def _texts(lines: int) -> dict[str, str]:
    said = [
        (("Ana", "Tom Reid", "+49 30 901820")[i % 3], i // 1440 % 28 + 1, i % 24, i % 60, _SAID[i % 4]) for i in range(lines)
    ]
    rows = [
        {"type": "message", "date": f"2026-11-{day:02}T{hour:02}:{minute:02}:00", "from": who, "text": text}
        for who, day, hour, minute, text in said
    ]
    return {
        "WhatsApp, Android": "\n".join(f"{d:02}.11.26, {h:02}:{m:02} - {who}: {text}" for who, d, h, m, text in said),
        "WhatsApp, iPhone": "\n".join(f"[{d:02}/11/2026, {h:02}:{m:02}:33] {who}: {text}" for who, d, h, m, text in said),
        "pasted, a name above": "\n".join(f"{who}  {h:02}:{m:02}\n{text}" for who, _, h, m, text in said[: lines // 2]),
        "pasted, a name beside": "\n".join(f"[{h:02}:{m:02}] {who}: {text}" for who, _, h, m, text in said),
        "IRC": "\n".join(f"[{h:02}:{m:02}] <{who}> {text}" for who, _, h, m, text in said),
        "captions": "WEBVTT\n\n"
        + "\n\n".join(
            f"{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}.000 --> {i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}.900\n{text}"
            for i, (_, _, _, _, text) in enumerate(said[: lines // 3])
        ),
        "Telegram, JSON": json.dumps({"name": "Office", "messages": rows}),
    }


if __name__ == "__main__":
    command(parser(), run)
