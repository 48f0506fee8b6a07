"""Pages that differ: texts from a vocabulary, labels, links (some of them broken), pictures, and a past of some thousand commits."""

from __future__ import annotations

import random
import subprocess
import tempfile
from collections.abc import Iterator
from os import getuid
from pathlib import Path

from wiki.workspace import Workspace

__all__ = ["HUB", "LONG_PAST", "varied_workspace"]

HUB = "topics/hub.md"
"""A page to which twenty others lead, each of which has twenty broken links besides."""
LONG_PAST = "topics/long-past.md"
"""A page of sixty revisions, the first ten of them restricted."""

_SUBJECTS = [
    "invoice",
    "contract",
    "backup",
    "leave",
    "laptop",
    "travel",
    "supplier",
    "release",
    "incident",
    "customer",
    "payroll",
    "training",
    "office",
    "vendor",
    "audit",
]
_WORDS = [
    "send",
    "ask",
    "keep",
    "check",
    "write",
    "sign",
    "close",
    "open",
    "approve",
    "book",
    "note",
    "file",
    "read",
    "report",
    "wait",
    "call",
    "plan",
    "test",
    "month",
    "week",
    "day",
    "year",
    "lead",
    "desk",
    "form",
    "list",
    "copy",
    "team",
    "price",
    "order",
    "date",
    "name",
    "place",
    "reason",
    "limit",
    "rule",
    "note",
    "step",
    "size",
    "until",
    "before",
    "after",
    "each",
    "every",
    "other",
    "first",
    "last",
    "new",
    "old",
]
_RESTRICTED, _PUBLIC = "visibility: restricted\ngroups: [board]\n", "visibility: public\n"
_LABELS = {0: _RESTRICTED, 1: _PUBLIC, 2: _PUBLIC, 3: _PUBLIC}  # by a page's last digit
_COMMITS = 3000
_VERSION = 2


def varied_workspace(pages: int) -> Workspace:
    """A scratch workspace of so many pages, in git; made once under the temporary folder and found there again."""
    target = Path(tempfile.gettempdir()) / f"knowhow-bench-{getuid()}" / f"varied-{pages}-{_VERSION}"
    if not (target / ".complete").exists():
        for path, text in _pages(pages):
            file = target / "content" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for number in range(pages // 5):
            file = target / "content" / "pictures" / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"\x89PNG\r\n\x1a\n")
        (target / "mkdocs.yml").write_text("site_name: Benchmark\ndocs_dir: content\nsite_dir: .knowhow/site\n")
        (target / ".gitignore").write_text(".knowhow/\n.complete\n")
        _git(target, "init", "-q")
        _git(target, "add", "-A")
        _git(target, "commit", "-q", "-m", "Pages to measure")
        _make_past(target)
        for number in range(59):
            (target / "content" / LONG_PAST).write_text(_long_past(number + 1))
            _git(target, "commit", "-qam", f"Edit {number}")
        (target / ".complete").touch()
    return Workspace.open(target)


def _pages(count: int) -> Iterator[tuple[str, str]]:
    yield "index.md", "# Handbook\n\nStart [here](topics/hub.md).\n"
    yield HUB, "# Hub\n\nWhere many lead.\n"
    yield LONG_PAST, _long_past(0)
    chance = random.Random(1)
    paths = [f"{chance.choice(_SUBJECTS)}/{chance.choice(_SUBJECTS)}-{chance.choice(_WORDS)}-{n}.md" for n in range(count - 3)]
    for number, path in enumerate(paths):
        label = _LABELS.get(number % 10, "")
        links = [f"[{n}](../{chance.choice(paths)})" for n in range(3)]
        if number % 10 == 9:
            links.append(f"[gone](../{chance.choice(_SUBJECTS)}/{chance.choice(_WORDS)}-{chance.choice(_WORDS)}.md)")
        if number < 20:
            links += [
                f"[hub](../{HUB})",
                *(f"[x](../{chance.choice(_SUBJECTS)}/no-{chance.choice(_WORDS)}-{n}.md)" for n in range(20)),
            ]
        picture = f"![picture](../pictures/{number // 5}.png)\n\n" if number % 5 == 0 else ""
        yield path, f"---\ntitle: {path}\n{label}---\n\n# {path}\n\n{picture}{_text(chance)}\n\n{' '.join(links)}\n"


def _text(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.randrange(3, 9)):
        sentences = (" ".join(chance.choices(_WORDS, k=chance.randrange(6, 14))).capitalize() + "." for _ in range(6))
        parts.append(f"## {chance.choice(_SUBJECTS).capitalize()} {chance.choice(_WORDS)}\n\n{' '.join(sentences)}")
    return "\n\n".join(parts)


def _long_past(number: int) -> str:
    label = _RESTRICTED if number < 10 else ""
    return f"---\ntitle: Long past\n{label}---\n\n# Long past\n\nThis was changed {number} times.\n"


def _make_past(folder: Path) -> None:
    """Commits that each change one page and end where they began."""
    paths = sorted(path.relative_to(folder).as_posix() for path in (folder / "content").rglob("*.md"))
    branch = subprocess.run(
        ["git", "symbolic-ref", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    stream: list[bytes] = []
    for number in range(_COMMITS):
        path = paths[number // 2 * 7919 % len(paths)]
        data = (folder / path).read_bytes() + (b"" if number % 2 else b"\nOnce more.\n")
        who = f"Benchmark <bench@example.org> {1_700_000_000 + number} +0000".encode()
        start = b"from %s^0\n" % branch.encode() if not number else b""
        stream.append(b"commit %s\ncommitter %s\ndata 4\nEdit\n%s" % (branch.encode(), who, start))
        stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)


def _git(folder: Path, *command: str) -> None:
    who = ["-c", "user.name=Benchmark", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *command], cwd=folder, check=True)
