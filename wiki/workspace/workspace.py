"""The workspace: a folder with `mkdocs.yml`, its pages, its state folder and its writer lock."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wiki.errors import InvalidInput, NotFound, StorageError, WorkspaceError
from wiki.files import Stat, ensure_state_dir, file_stat, whole_folder
from wiki.lock import writer_lock
from wiki.pages.files import PageFiles, check_page_path
from wiki.pages.normal_form import on_disk
from wiki.pages.page import Page, parse_page
from wiki.workspace.mkdocs_yml import MkDocsYml, read_mkdocs_yml
from wiki.workspace.roles import Roles, read_roles

if TYPE_CHECKING:
    from wiki.pages.section import SectionRules

__all__ = ["MAX_PAGE_BYTES", "Workspace", "create_workspace", "no_page"]

log = logging.getLogger(__name__)

MAX_PAGE_BYTES = 5_000_000


class Workspace:
    """Where everything is, and what the pages say right now.

    Holds no page in memory: each call looks at the working tree. Safe to share between threads. `on_change` listeners are
    called with the page paths of each write made through wiki.editing, as soon as the writer lock is free again: what is derived
    never holds up the next write. `on_move` listeners are called with a page's old and new path, before that, inside the lock.
    """

    def __init__(self, config: MkDocsYml) -> None:
        self.root = config.path.parent
        self.mkdocs_yml = config.path
        self.docs_dir = config.docs_dir
        self.site_dir = config.site_dir
        self.site_name = config.site_name
        self.language = config.language
        self.use_directory_urls = config.use_directory_urls
        self.state_dir = self.root / ".knowhow"
        self.on_change: list[Callable[[Sequence[str]], None]] = []
        self.on_move: list[Callable[[str, str], None]] = []
        self._held = threading.local()
        self._config_stamp = file_stat(config.path)
        self._page_files = _page_files(config)
        self._lock = writer_lock(self.state_dir / "writer.lock")
        self._roles: tuple[Stat, Roles] | None = None
        self._section_rules: tuple[Stat, SectionRules] | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Workspace:
        """The workspace at `path` or around it. Raises WorkspaceError where there is none or its mkdocs.yml cannot be used."""
        start = Path(os.path.realpath(path))
        for folder in (start, *start.parents):
            for name in ("mkdocs.yml", "mkdocs.yaml"):
                if (folder / name).is_file():
                    if not Path(os.path.realpath(folder / name)).is_relative_to(folder):
                        raise WorkspaceError(
                            f"{folder / name} is a symlink that leads out of the workspace.", hint="Put the file itself there."
                        )
                    workspace = cls(read_mkdocs_yml(folder / name))
                    workspace._prepare()
                    return workspace
        raise WorkspaceError(
            f"There is no workspace at {start}.",
            hint="Make one with `knowhow init FOLDER`, or take over a folder of Markdown with `knowhow adopt FOLDER`.",
        )

    def _prepare(self) -> None:
        problem = ""
        if not self.docs_dir.is_dir():
            problem = "is no folder"
        elif not Path(os.path.realpath(self.docs_dir)).is_relative_to(self.root):
            problem = "lies outside the workspace"
        if problem:
            raise WorkspaceError(
                f"{self.mkdocs_yml} names the docs_dir {self.docs_dir}, which {problem}.",
                hint="Put the pages into a folder beside mkdocs.yml and name it as docs_dir.",
            )
        ensure_state_dir(self.root)

    @property
    def docs_folder(self) -> str:
        """docs_dir as seen from `root`, "" where it is the root itself."""
        folder = os.path.relpath(self.docs_dir, self.root).replace(os.sep, "/")
        return "" if folder == "." else folder

    @property
    def _files(self) -> PageFiles:
        """Which files are pages, as mkdocs.yml says right now; as it said before while it cannot be used."""
        stamp = file_stat(self.mkdocs_yml)
        if stamp != self._config_stamp:
            self._config_stamp = stamp
            try:
                config = read_mkdocs_yml(self.mkdocs_yml)
            except WorkspaceError as error:
                log.warning("mkdocs.yml changed and cannot be used; the pages stay as they were: %s", error)
            else:
                self._page_files = _page_files(replace(config, docs_dir=self.docs_dir))  # another docs_dir waits for a restart
        return self._page_files

    def page_paths(self) -> list[str]:
        """All pages, sorted: what MkDocs would publish, but nothing that a symlink brings in from outside."""
        return sorted(self._files.walk())

    def is_page_path(self, page_path: str) -> bool:
        """Whether a file at this path would be a page: a usable path that MkDocs does not exclude."""
        try:
            check_page_path(page_path)
        except InvalidInput:
            return False
        return not self._files.excluded(page_path)

    def known_path(self, page_path: str) -> str:
        """The path of the page that `page_path`, from a person or a program, means: its letters may be encoded otherwise there.

        As given where there is no such page. Everything else here takes a path as it is on the disk.
        """
        return on_disk(self.docs_dir, page_path)

    def alias_of(self, page_path: str) -> str | None:
        """The page that this one is another name of, because it or a folder on its way is a symlink; None for a page by itself."""
        docs = self._files.docs_dir
        real = os.path.realpath(self.docs_dir / page_path)
        if real == f"{docs}/{page_path}" or not real.startswith(f"{docs}/"):
            return None
        target = real[len(docs) + 1 :]
        return target if self.is_page_path(target) else None

    def page_file(self, page_path: str) -> Path:
        """The file of a page, symlinks followed; it need not exist. Raises InvalidInput for a path that cannot be a page's."""
        check_page_path(page_path)
        if self._files.excluded(page_path):
            raise InvalidInput(
                f"{page_path} is excluded from the pages.", hint="Choose another name, or change exclude_docs in mkdocs.yml."
            )
        real = os.path.realpath(self.docs_dir / page_path)
        if not self._files.inside(real):
            raise InvalidInput(f"{page_path} leads out of the workspace.", hint="Replace the symlink by a page.")
        return Path(real)

    def repo_path(self, page_path: str) -> str:
        """A page's path relative to `root`, as Repository takes it. Raises InvalidInput like page_file."""
        return self.page_file(page_path).relative_to(os.path.realpath(self.root)).as_posix()

    def read_bytes(self, page_path: str) -> bytes:
        """A page's bytes. Raises InvalidInput for a bad path or more than MAX_PAGE_BYTES, NotFound where there is none."""
        path = self.page_file(page_path)
        try:
            if not path.is_file():
                raise no_page(page_path)
            with path.open("rb") as file:
                data = file.read(MAX_PAGE_BYTES + 1)
        except FileNotFoundError:
            raise no_page(page_path) from None
        except OSError as error:
            raise StorageError(
                f"{page_path} cannot be read: {error.strerror}.", hint="Check the file's owner and rights."
            ) from error
        if len(data) > MAX_PAGE_BYTES:
            raise InvalidInput(
                f"{page_path} is too large: more than {MAX_PAGE_BYTES // 1_000_000} MB.",
                hint="Split it into several pages, or keep it as an attachment.",
            )
        return data

    def read_page(self, page_path: str) -> Page:
        """A page as it stands in the working tree. Raises as read_bytes. The caller checks who may see it."""
        return parse_page(page_path, self.read_bytes(page_path))

    def pages(self) -> Iterator[Page]:
        """Every page that can be read, in the order of page_paths."""
        for page_path in self.page_paths():
            try:
                yield self.read_page(page_path)
            except (InvalidInput, NotFound, StorageError):
                continue  # unreadable() lists them

    def unreadable(self) -> list[tuple[str, str]]:
        """(page path, reason) of the pages that pages() leaves out, sorted; looks at sizes and rights, reads nothing."""
        found: list[tuple[str, str]] = []
        for page_path in self.page_paths():
            stat = self.stat(page_path)
            if stat is not None and stat[1] > MAX_PAGE_BYTES:
                found.append((page_path, f"It is larger than {MAX_PAGE_BYTES // 1_000_000} MB."))
            elif not os.access(self.docs_dir / page_path, os.R_OK):
                found.append((page_path, "The file cannot be read."))
        return found

    def stat(self, page_path: str) -> Stat:
        """(mtime in ns, size in bytes) of a page's file, None where there is none; checks nothing else."""
        return file_stat(f"{self.docs_dir}/{page_path}")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the writer lock: re-entrant in a thread, excludes other threads and processes. Raises WorkspaceBusy after 30 s."""
        held = self._held
        depth: int = getattr(held, "depth", 0)
        if depth == 0:
            held.changed = []
        try:
            with self._lock():
                held.depth = depth + 1
                try:
                    yield
                finally:
                    held.depth = depth
        finally:
            if depth == 0 and held.changed:
                paths, held.changed = list(dict.fromkeys(held.changed)), []
                self._tell(paths)

    @property
    def roles(self) -> Roles:
        """The firm's roles as roles.yml says right now; none where there is no such file."""
        path = self.root / "roles.yml"
        stamp = file_stat(path)
        if self._roles is None or self._roles[0] != stamp:
            self._roles = (stamp, read_roles(path))
        return self._roles[1]

    @property
    def section_rules(self) -> SectionRules:
        """How pages are cut into sections with the anchors of the rendered page, as `markdown_extensions` says right now.

        The same object as long as mkdocs.yml stays the same, and as long as a new one cannot be read.
        """
        from wiki.workspace.section_rules import read_section_rules

        stamp = file_stat(self.mkdocs_yml)
        if self._section_rules is None or self._section_rules[0] != stamp:
            try:
                rules = read_section_rules(self.mkdocs_yml, self.docs_dir)
            except WorkspaceError as error:
                if self._section_rules is None:
                    raise
                log.warning("mkdocs.yml changed and cannot be used; sections stay as they were: %s", error)
                rules = self._section_rules[1]
            if self._section_rules is not None and self._section_rules[1].fingerprint == rules.fingerprint:
                rules = self._section_rules[1]  # prepared, and it remembers slugs
            self._section_rules = (stamp, rules)
        return self._section_rules[1]

    def changed(self, page_paths: Sequence[str]) -> None:
        """Tell the listeners that these pages were written, once the writer lock is free."""
        if getattr(self._held, "depth", 0):
            self._held.changed.extend(page_paths)
        else:
            self._tell(page_paths)

    def moved(self, old_path: str, new_path: str) -> None:
        """Tell the listeners that a page has another path now. Needs the writer lock."""
        for listener in self.on_move:
            listener(old_path, new_path)

    def _tell(self, page_paths: Sequence[str]) -> None:
        for listener in self.on_change:
            try:
                listener(page_paths)
            except Exception:  # the write has happened: what is derived from it may fail, is logged, and can be rebuilt
                log.exception("A listener failed on %s", ", ".join(page_paths))


def _page_files(config: MkDocsYml) -> PageFiles:
    return PageFiles(config.docs_dir, config.path.parent, config.exclude, use_directory_urls=config.use_directory_urls)


def create_workspace(target: str | os.PathLike[str], *, starter: Path | None = None) -> Workspace:
    """A new workspace with the starter's pages, `mkdocs.yml` and `roles.yml`, and one commit in a git repository of its own.

    `starter` is the folder to copy them from; by default the handbook that comes with Knowhow. Raises WorkspaceError for a
    target that is not empty, StorageError; either way no half-made folder is left.
    """
    from wiki.git.repository import start_repository

    source = starter or _packaged_starter()
    if not (source / "mkdocs.yml").is_file():
        raise WorkspaceError(
            f"{source} holds no starter handbook.", hint="Name a folder with mkdocs.yml and its pages as starter."
        )
    pages = read_mkdocs_yml(source / "mkdocs.yml").docs_dir
    root = Path(target).resolve()
    with whole_folder(root) as folder:
        for name in ("mkdocs.yml", "roles.yml"):
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)
        shutil.copytree(pages, folder / pages.relative_to(source))
        start_repository(folder, "Start the handbook")
    return Workspace.open(root)


def no_page(page_path: str) -> NotFound:
    """The error for a page that is not there; the same as for one that the viewer may not read."""
    return NotFound(f"There is no page {page_path}.", hint="Search for it, or look at the start page.")


def _packaged_starter() -> Path:
    """In an installed Knowhow inside the package, in its source tree beside it."""
    installed = Path(__file__).parents[1] / "_starter"
    return installed if installed.is_dir() else Path(__file__).parents[2]
