"""Writing files so that a reader sees the old content or the new one, never half of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wiki.errors import StorageError, WorkspaceError

__all__ = ["ensure_state_dir", "storage_error", "sync_folder", "whole_folder", "write_atomically", "write_synced"]


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file in one step. `durable` also survives a power cut. Raises OSError, and then nothing has changed."""
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    try:
        write_synced(temporary, data, durable=durable)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_synced(path: Path, data: bytes, *, durable: bool = True, mode: int = 0o644) -> None:
    """Write a file and wait for the disk. Raises OSError; a half-written file may be left for the caller to remove."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if durable:
            os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's names. Does nothing where the system does not offer it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to fill; it becomes `target` when the block ends, and is deleted where the block raises.

    `target` must not exist or be empty: WorkspaceError otherwise. Its parents are made. Raises StorageError.
    """
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise WorkspaceError(f"{target} is not empty.", hint="Name a folder that is empty or does not exist yet.")
    scratch: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:50]}-"))
        scratch.chmod(0o755)
        yield scratch
        scratch.replace(target)
    except OSError as error:
        raise storage_error(target, error) from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def ensure_state_dir(root: Path) -> Path:
    """`root/.knowhow`, made where missing, with a `.gitignore` of `*` that ignores itself too: the repository stays as it is.

    Raises StorageError where it cannot be made, or is a symlink: a repository could otherwise have us write anywhere.
    """
    folder = root / ".knowhow"
    ignore = folder / ".gitignore"
    inside = folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ()
    if link := next((path for path in (folder, *inside) if path.is_symlink()), None):
        raise StorageError(f"{link} is a symlink.", hint="Remove it: Knowhow keeps its state in a folder of its own there.")
    if not ignore.exists():
        try:
            folder.mkdir(exist_ok=True)
            write_atomically(ignore, b"*\n", durable=False)
        except OSError as error:
            raise storage_error(folder, error) from error
    return folder


Stat = tuple[int, int] | None


def file_stat(path: Path | str) -> Stat:
    """(mtime in ns, size in bytes), None where there is no such file."""
    try:
        stat = os.stat(path)  # noqa: PTH116 - several times per view
    except (OSError, ValueError):
        return None
    return stat.st_mtime_ns, stat.st_size


def storage_error(path: Path, error: OSError) -> StorageError:
    """What to tell a person when the disk refused a write."""
    return StorageError(
        f"{path} cannot be written: {error.strerror or error}. Nothing was changed.",
        hint="Make room on the disk, or check the folder's owner and rights.",
    )
