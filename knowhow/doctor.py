"""What works here and what is missing for which feature."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wiki.errors import WikiError

__all__ = ["Finding", "examine"]

LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what is looked at, whether it works, and what to do where it does not."""

    feature: str
    ok: bool
    message: str
    hint: str = ""


def examine(workspace_path: Path) -> list[Finding]:
    """Look at everything a workspace needs. Opens it, and changes nothing in it but derived data."""
    findings = [_git()]
    try:
        findings += _workspace(workspace_path)
    except WikiError as error:
        findings.append(Finding(feature="workspace", ok=False, message=error.message, hint=error.hint))
    return findings


def _git() -> Finding:
    path = shutil.which("git")
    if path is None:
        return Finding(feature="history", ok=False, message="There is no git.", hint="Install it: apt-get install git.")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return Finding(feature="history", ok=True, message=f"{version}.")


def _workspace(path: Path) -> Iterator[Finding]:
    from knowhow.services import opened

    with opened(path) as services:
        workspace, settings = services.workspace, services.settings
        unreadable = workspace.unreadable()
        yield Finding(
            feature="pages",
            ok=not unreadable,
            message=f"{len(workspace.page_paths())} pages in {workspace.docs_dir}"
            + (f"; {len(unreadable)} cannot be read: {', '.join(page for page, _ in unreadable[:3])}." if unreadable else "."),
            hint="`knowhow check` names each with its reason." if unreadable else "",
        )
        free = shutil.disk_usage(workspace.root).free
        yield Finding(
            feature="disk",
            ok=free > LEAST_FREE_BYTES,
            message=f"{free / 1e9:.1f} GB free.",
            hint="" if free > LEAST_FREE_BYTES else "Make room: writes are refused when the disk is full.",
        )
        refreshed = services.index.refresh()
        yield Finding(feature="search", ok=True, message=f"index up to date ({refreshed.took_ms:.0f} ms).")
        for note in services.site.notes(services.local_admin.audience):
            yield Finding(feature="site", ok=False, message=note, hint="Install what it names, or take it out of mkdocs.yml.")
        yield from _model(services.settings.assistant.mode, services.settings.assistant.host, services.settings.assistant.model)
        yield _speech(settings.ingest.speech_model)


def _model(mode: str, host: str, model: str) -> Iterator[Finding]:
    if mode == "off" or not model:
        yield Finding(
            feature="answers",
            ok=True,
            message="extracted from the pages; no model is set (assistant.model), and none is needed.",
        )
        return
    from assistant.diagnosis import diagnose

    for finding in diagnose(host, model):
        yield Finding(feature=finding.feature, ok=finding.ok, message=finding.message, hint=finding.hint)


def _speech(model: str) -> Finding:
    if not model:
        return Finding(
            feature="voice memos",
            ok=True,
            message="no speech model is set: recordings are kept and wait. To read them, put a faster-whisper model in a folder and set ingest.speech_model.",
        )
    from ingest.speech import Transcriber

    try:
        Transcriber(model).check()
    except WikiError as error:
        return Finding(feature="voice memos", ok=False, message=error.message, hint=error.hint)
    return Finding(feature="voice memos", ok=True, message=f"speech model {model}.")
