"""The static export: the whole site in a folder, each page the same bytes as in the live site for the same audience."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from wiki.access import Audience
from wiki.errors import InvalidInput, StorageError
from wiki.site.catalogue import Catalogue
from wiki.site.live_site import CONTENT_SECURITY_POLICY, Asset, LiveSite, Redirect, Rendered
from wiki.site.page_facts import History
from wiki.workspace.workspace import Workspace

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "LiveSite", "Published", "Redirect", "Rendered", "publish"]

_MARKER = ".knowhow-site"  # says that a folder is an export, which the next one may replace
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was written: how many pages and other files, where, and what of mkdocs.yml was left out."""

    pages: int
    files: int
    target: Path
    notes: tuple[str, ...] = ()


def publish(
    ws: Workspace,
    history: History,
    target: Path | None = None,
    audience: Audience | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Published:
    """Write the site to `target` (None: the workspace's site_dir) for an audience (None: the team; restricted pages go out
    only to an audience that says so).

    Written beside the target first and then swapped with it, so that readers find the old site or the new one, whatever
    happens. `progress` is called with (pages written, pages in all). Raises InvalidInput for a target that holds something
    other than an earlier export, StorageError where the disk refuses.
    """
    from wiki.site.edition import Edition

    target = Path(os.path.abspath(target if target is not None else ws.site_dir))  # noqa: PTH100 - symlinks are kept
    _check_target(ws, target)
    audience = audience if audience is not None else Audience(team=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        partial = target.parent / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.partial"
        partial.mkdir()
    except OSError as error:
        raise StorageError(f"{target} cannot be made: {error.strerror}.", hint="Check the folder's rights.") from error
    try:
        edition = Edition(ws, history, Catalogue(ws), audience, site_dir=partial)
        pages = sorted(edition.pages())
        for number, (page_path, dest) in enumerate(pages, 1):
            _write(partial / dest, edition.render(page_path).html)
            if progress is not None:
                progress(number, len(pages))
        _write(partial / "404.html", edition.render_not_found(urlsplit(edition.config.site_url or "/").path))
        files = 0
        for path in sorted(edition.other_files()):
            if (source := edition.file_at(path)) is not None:
                (partial / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, partial / path)
            elif (data := edition.made_by_plugin(path)) is not None:
                _write(partial / path, data)
            else:
                continue
            files += 1
        edition.config.plugins.on_post_build(config=edition.config)
        _write(partial / _MARKER, b"Made by `knowhow publish`, which replaces this folder as a whole.\n")
        _swap(partial, target)
    except OSError as error:
        raise StorageError(
            f"The site cannot be written to {target}: {error.strerror}.", hint="Free some space; the site there is as it was."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Published(pages=len(pages), files=files, target=target, notes=edition.notes)


def _check_target(ws: Workspace, target: Path) -> None:
    real = Path(os.path.realpath(target))
    for kept in (ws.root, ws.docs_dir, ws.state_dir):
        if Path(os.path.realpath(kept)).is_relative_to(real):
            raise InvalidInput(f"{target} holds the workspace; the site would replace it.", hint="Name another folder.")
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir() or not ((target / _MARKER).exists() or (target / "404.html").exists()):
        raise InvalidInput(f"{target} holds something other than an earlier export.", hint="Name an empty or a new folder.")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _swap(partial: Path, target: Path) -> None:
    """Put `partial` in the place of `target`; what was there ends up at `partial`."""
    if not target.exists():
        partial.rename(target)
    elif not _exchange(partial, target):
        # The file system cannot exchange two folders at once: for a moment, there is no site.
        old = partial.with_suffix(".old")
        target.rename(old)
        partial.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(a: Path, b: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code))


def _sweep(target: Path) -> None:
    """Clear away what exports that were killed left behind; if one was killed between two renames, put the old site back."""
    for left in target.parent.glob(f".{target.name}.*"):
        pid = left.name.removeprefix(f".{target.name}.").split("-")[0]
        if left.suffix not in (".partial", ".old") or not pid.isdecimal() or _alive(int(pid)):
            continue
        if left.suffix == ".old" and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
