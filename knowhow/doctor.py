"""What works here and what is missing for which feature."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from assistant.chat import ChatModel
from assistant.diagnosis import Finding, diagnose_model
from assistant.vectors import SectionVectors
from wiki.errors import WikiError

__all__ = ["Finding", "examine"]

LEAST_FREE_BYTES = 500_000_000


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
        yield _embeddings(services.vectors, services.embeddings_note)
        for note in services.site.notes(services.local_admin.audience):
            yield Finding(feature="site", ok=False, message=note, hint="Install what it names, or take it out of mkdocs.yml.")
        yield from _model(services.model)
        yield _speech(settings.ingest.speech_model)


def _embeddings(vectors: SectionVectors | None, note: str) -> Finding:
    if vectors is None:
        return Finding(feature="meaning", ok=True, message=note)
    try:
        vectors.check()
    except WikiError as error:
        return Finding(feature="meaning", ok=False, message=error.message, hint=error.hint)
    return Finding(feature="meaning", ok=True, message="search by meaning works; vectors are made while the server runs.")


def _model(model: ChatModel | None) -> Iterator[Finding]:
    if model is None:
        yield Finding(
            feature="answers",
            ok=True,
            message="extracted from the pages; no model is set (assistant.model), and none is needed.",
        )
        return
    yield from diagnose_model(model)


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
