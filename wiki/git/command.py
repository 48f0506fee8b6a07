"""Running git through GitPython, the same on every machine.

A command sees none of the `GIT_*` variables of the surrounding process (a server started from a git hook has GIT_DIR set),
runs no hook, asks for no password or signature, takes every path literally, and reaches no other repository, unless it clones one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from wiki.errors import StorageError, WorkspaceError

__all__ = ["ENVIRONMENT", "GitError", "command_line", "merge_file", "run_git"]

ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_EDITOR": "true",
    "GIT_ASKPASS": "true",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch, with the program that its settings name, when read
}
_MORE = {
    "check-ignore": {"GIT_LITERAL_PATHSPECS": "0"},  # it refuses
    "clone": {"GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"},  # never ext, whose address is a command
}
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "core.safecrlf=false",
    "core.filesRefLockTimeout=1000",  # ms: a commit of somebody else holds its lock for a moment
    "core.fsync=committed,reference",  # what was acknowledged survives a power cut
    "commit.gpgSign=false",
    "log.showSignature=false",  # it runs gpg.program, which a repository's own settings may name
    "gc.recentObjectsHook=",
    "fastimport.unpackLimit=100000",  # loose objects, as git's own commit makes them, and no pack for each save
    "init.templateDir=",
)
_KEPT = (
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
    "GIT_SSL_NO_VERIFY",
    "GIT_EXEC_PATH",
    "GIT_PYTHON_GIT_EXECUTABLE",
    "GIT_PYTHON_REFRESH",
)


TIMEOUT_S = 120.0
"""How long one command may take. Writing a commit takes milliseconds, the history of a large repository seconds."""


class GitError(StorageError):
    """git ended with an error; `status` is its exit status, `output` what it wrote to standard error."""

    def __init__(self, message: str, *, hint: str = "", status: int = 1, output: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status, self.output = status, output


def command_line(*args: str) -> list[str]:
    """`git` with our options before `args`, behind an `env` that drops foreign GIT_* variables (GitPython cannot)."""
    foreign = [name for name in os.environ if name.startswith("GIT_") and name not in _KEPT and name not in ENVIRONMENT]
    unset = [word for name in foreign for word in ("-u", name)]
    options = [word for option in _OPTIONS for word in ("-c", option)]
    return [*(["env", *unset] if unset else []), os.environ.get("GIT_PYTHON_GIT_EXECUTABLE", "git"), *options, *args]


def run_git(
    folder: Path, *args: str, data: bytes | None = None, ok: tuple[int, ...] = (0,), timeout_s: float = TIMEOUT_S
) -> bytes:
    """What `git ARGS` prints, given `data` on standard input.

    Raises GitError for an exit status that is not in `ok` and for a command that takes longer than `timeout_s`, WorkspaceError
    where `folder` is in no git repository.
    """
    out, status, output = _run(folder, args, data, timeout_s)
    if status in ok:
        return out
    if "not a git repository" in output:
        raise WorkspaceError(f"{folder} is no git repository.", hint="Take it over with `knowhow adopt`.")
    raise GitError(f"git failed: {output or status}", hint=_hint(output), status=status, output=output)


def merge_file(folder: Path, *args: str) -> tuple[bytes, bool]:
    """(merged content, whether it holds conflicts) from `git merge-file -p ARGS`, whose exit status counts the conflicts."""
    out, status, output = _run(folder, ("merge-file", "-p", *args), None, TIMEOUT_S)
    if 0 <= status < 128:
        return out, status > 0
    raise GitError(f"git merge-file failed: {output or status}", hint=_hint(output), status=status, output=output)


def _run(folder: Path, args: Sequence[str], data: bytes | None, timeout_s: float) -> tuple[bytes, int, str]:
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # where git is missing, say so below and not by an ImportError
    import git

    name = next(word for before, word in pairwise(("", *args)) if "-c" not in (before, word))
    # git.Git and not git.Repo: a Repo reads GIT_COMMON_DIR and others from the environment, and costs 0.7 ms a command
    try:
        environment = ENVIRONMENT | _MORE.get(name, {})
        process = git.Git(folder).execute(
            command_line(*args), as_process=True, istream=subprocess.PIPE, env=environment, process_group=0
        )
        with _stopped_after(timeout_s, process) as stopped:
            out, err = process.communicate(data or b"")
    except (OSError, git.GitCommandNotFound) as error:
        raise StorageError(f"git could not run: {error}.", hint="Is git installed, and is there memory left?") from error
    if stopped.is_set():
        raise GitError(
            f"git {name} took longer than {timeout_s:.0f} seconds and was stopped.",
            hint="Look whether the disk is slow or another git command is at work, and try again.",
        )
    return bytes(out), int(process.returncode), err.decode("utf-8", "replace").strip()


@contextmanager
def _stopped_after(timeout_s: float, process: Any) -> Iterator[threading.Event]:
    """Kill a command, and what it started, if the block takes longer; the event then is set.

    A timeout of `communicate` would look only every millisecond whether the command has ended: most take one or two.
    """
    stopped = threading.Event()

    def stop() -> None:
        if process.poll() is None:
            stopped.set()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout_s, stop)
    timer.daemon = True
    timer.start()
    try:
        yield stopped
    finally:
        timer.cancel()


def _hint(output: str) -> str:
    if "dubious ownership" in output:
        return "The folder belongs to another user: run `git config --global --add safe.directory FOLDER` as this one."
    if "No space left" in output or "Disk quota" in output:
        return "The disk is full: make room and try again. Nothing was changed."
    if ".lock" in output:
        return "Another git command is at work, or one died: remove the lock file it names once none runs."
    return "Run `git status` in the workspace to see what is wrong."
