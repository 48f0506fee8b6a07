"""Taking over what a firm has: a folder of Markdown, a git repository or its URL, a MkDocs project. No page is moved or rewritten."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from wiki.errors import WorkspaceError
from wiki.files import whole_folder
from wiki.git.command import GitError, run_git
from wiki.git.repository import Change, Person, Repository, start_repository
from wiki.pages.files import NEVER_PAGES, is_markdown
from wiki.pages.names import folded, unportable
from wiki.workspace.first_mkdocs_yml import first_mkdocs_yml
from wiki.workspace.workspace import Workspace

__all__ = ["Adoption", "adopt"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[\w.-]+@[\w.-]+:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """The workspace, how many pages it has, and sentences about what was done and what to know."""

    workspace: Workspace
    page_count: int
    notes: tuple[str, ...]


def adopt(source: str | os.PathLike[str], target: str | os.PathLike[str] | None = None) -> Adoption:
    """Make a workspace of `source`: a folder, a git repository, or the URL of one.

    Without `target` a folder is adopted in place, and a URL is cloned into a folder of its name below the current one. With
    `target`, which must not exist or be empty, a git repository is cloned into it and any other folder copied.
    History, uncommitted work and an existing mkdocs.yml stay as they are; what is missing (git, mkdocs.yml) is added.

    Raises WorkspaceError, with a hint, for a source that is missing, holds no Markdown or cannot be cloned, and
    StorageError; then `target` is as it was, and so is a folder that was to be adopted in place.
    """
    name = os.fspath(source)
    folder = Path(name).resolve()
    if (is_url := _is_url(name)) or _is_bare(folder):
        origin = name if is_url else str(folder)
        goal = Path(target or _name_of(name)).resolve()
        return _made_at(goal, lambda scratch: _clone(origin, scratch))
    if not folder.is_dir():
        raise WorkspaceError(f"There is no folder {folder}.", hint="Name a folder of Markdown, or the URL of a git repository.")
    if not _markdown_in(folder):
        raise _no_markdown(folder)
    if target is None:
        return _in_place(folder)
    goal = Path(target).resolve()
    if goal.is_relative_to(folder) or folder.is_relative_to(goal):
        raise WorkspaceError(f"{goal} and {folder} lie in each other.", hint="Choose a target outside of the source.")
    if not (folder / ".git").exists():
        return _made_at(goal, lambda scratch: _copy(folder, scratch))
    adoption = _made_at(goal, lambda scratch: _clone(str(folder), scratch))
    if run_git(folder, "status", "--porcelain", "--untracked-files=normal"):
        note = f"What is not committed in {folder} was not taken along."
        adoption = Adoption(workspace=adoption.workspace, page_count=adoption.page_count, notes=(*adoption.notes, note))
    return adoption


def _made_at(goal: Path, fill: Callable[[Path], None]) -> Adoption:
    with whole_folder(goal) as scratch:
        fill(scratch)
        made = _opened(scratch, _complete(scratch, name=goal.name))
    return Adoption(workspace=Workspace.open(goal), page_count=made.page_count, notes=made.notes)


def _in_place(folder: Path) -> Adoption:
    before = {name for name in (".git", ".knowhow", "mkdocs.yml") if (folder / name).exists()}
    try:
        return _opened(folder, _complete(folder, name=folder.name))
    except BaseException:
        for name in {".git", ".knowhow"} - before:
            shutil.rmtree(folder / name, ignore_errors=True)
        if "mkdocs.yml" not in before:
            (folder / "mkdocs.yml").unlink(missing_ok=True)
        raise


def _complete(root: Path, *, name: str) -> list[str]:
    """Give a folder the git repository and the mkdocs.yml that it lacks; what was done."""
    files = _markdown_in(root)
    if not files:
        raise _no_markdown(root)
    notes: list[str] = []
    if not _in_git(root):
        start_repository(root, f"Adopt {name} as it was")
        notes.append("Made a git repository, with one commit of everything as it was.")
    repository = Repository(root)
    if (root / "mkdocs.yml").is_file() or (root / "mkdocs.yaml").is_file():
        notes.append("Kept mkdocs.yml as it is." if notes else "This is a workspace: nothing was changed.")
        return notes
    if run_git(root, "status", "--porcelain", "--untracked-files=no"):
        notes.append("There is uncommitted work: it was left alone.")
    author = repository.configured_person() or Person(name="Knowhow", email="")
    change = Change(path_in_repo="mkdocs.yml", data=first_mkdocs_yml(name, files).encode())
    repository.commit([change], author=author, message="Add mkdocs.yml, which makes this a workspace")
    return [*notes, "Wrote and committed mkdocs.yml."]


def _opened(root: Path, notes: list[str]) -> Adoption:
    workspace = Workspace.open(root)
    pages = workspace.page_paths()
    if not pages:
        raise WorkspaceError(f"No page is below {workspace.docs_dir}.", hint="Mend docs_dir or exclude_docs in its mkdocs.yml.")
    docs = workspace.docs_dir.relative_to(workspace.root).as_posix()
    prefix = "" if docs == "." else docs + "/"
    files = [file.removeprefix(prefix) for file in _markdown_in(workspace.root) if file.startswith(prefix)]
    left_out = sorted(set(files) - set(pages))
    if left_out:
        shown = ", ".join(left_out[:5]) + (" …" if len(left_out) > 5 else "")
        notes.append(f"MkDocs leaves {len(left_out)} Markdown files out of the pages: {shown}")
    if bad := sum(bool(unportable(path)) for path in pages) + len(pages) - len(set(map(folded, pages))):
        notes.append(f"A clone on Windows or macOS could not hold {bad} of the pages: `knowhow check` names them.")
    return Adoption(workspace=workspace, page_count=len(pages), notes=tuple(notes))


def _markdown_in(root: Path) -> list[str]:
    """All Markdown files below a folder, sorted, relative to it; without folders of tools and without what symlinks lead to."""
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name.lower() not in NEVER_PAGES]
        relative = os.path.relpath(folder, root)
        prefix = "" if relative == "." else relative.replace(os.sep, "/") + "/"
        found += [prefix + name for name in names if is_markdown(name)]
    return sorted(found)


def _clone(source: str, target: Path) -> None:
    try:
        run_git(target, "clone", "--quiet", "--", source, str(target))
    except GitError as error:
        raise WorkspaceError(
            f"{_without_password(source)} could not be cloned: {_without_password(error.output)}",
            hint="Check the address and that `git clone` of it works for this user without a password prompt.",
        ) from error


def _without_password(text: str) -> str:
    return re.sub(r"://[^/@\s]+@", "://…@", text)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".knowhow"))


def _is_url(source: str) -> bool:
    return bool(_URL.match(source)) and not Path(source).exists()


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and not (folder / ".git").exists()


def _in_git(folder: Path) -> bool:
    """Whether a folder is a git repository or part of one: not if it only lies in one that knows none of its files."""
    if (folder / ".git").exists():
        return True
    try:
        return bool(run_git(folder, "ls-files", "-z", "--", "."))
    except WorkspaceError:
        return False


def _name_of(url: str) -> str:
    name = PurePosixPath(url.rstrip("/").replace(":", "/")).name.removesuffix(".git")
    return name if name not in ("", ".", "..") else "handbook"


def _no_markdown(folder: Path) -> WorkspaceError:
    return WorkspaceError(
        f"There is no Markdown in {folder}.",
        hint="Name the folder that holds the .md files, or start anew with `knowhow init`.",
    )
