"""Which files below docs_dir are pages: MkDocs' own rules, without its slow walk, and nothing that leads out of the workspace."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from wiki.errors import InvalidInput

__all__ = ["MARKDOWN_SUFFIXES", "NEVER_PAGES", "PageFiles", "check_page_path", "entry_is", "is_markdown"]

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
NEVER_PAGES = frozenset({".git", ".knowhow", ".venv", "node_modules"})

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN = re.compile(
    r"(?:(?!node_modules/)[A-Za-z0-9_][A-Za-z0-9_-]*/)*[A-Za-z0-9_][A-Za-z0-9_-]*\.md", re.IGNORECASE | re.ASCII
)

_REMEMBERED = 100_000  # verdicts: all pages of a large handbook, and not every address that somebody ever tried
_DEFAULT_EXCLUDE = GitIgnoreSpec.from_lines([".*", "/templates/"])  # as in mkdocs/structure/files.py, set_exclusions


def is_markdown(name: str) -> bool:
    """Whether MkDocs takes a file of this name for a page (mkdocs/utils, is_markdown_file)."""
    return name.endswith(MARKDOWN_SUFFIXES)


def check_page_path(page_path: str) -> str:
    """The path as given, if it can name a page; raises InvalidInput if not, without looking at the disk."""
    if _PLAIN.fullmatch(page_path) and len(page_path) < 200 and page_path.endswith(".md"):
        return page_path  # as nearly all are: nothing below can find fault with it
    parts = page_path.split("/")
    problem = ""
    if not page_path or page_path != page_path.strip():
        problem = "is empty or starts or ends with a space"
    elif _CONTROL.search(page_path):
        problem = "holds a control character"
    elif _SURROGATE.search(page_path):
        problem = "is not valid Unicode"
    elif "\\" in page_path:
        problem = "holds a backslash"
    elif any(part in ("", ".", "..") for part in parts):
        problem = "leads out of the pages or has an empty part"
    elif not NEVER_PAGES.isdisjoint(page_path.lower().split("/")):
        problem = "lies in a folder that never holds pages"
    elif any(len(part.encode()) > 240 for part in parts) or len(page_path.encode()) > 2000:
        problem = "is too long"
    elif not is_markdown(page_path):
        problem = "does not end in .md"
    if problem:
        shown = page_path.encode("utf-8", "replace").decode().replace("\0", "\\0")[:200]
        raise InvalidInput(f"The page path {shown!r} {problem}.", hint="Use a path such as processes/billing.md.")
    return page_path


class PageFiles:
    """The rule and the walk for one docs_dir. The last verdicts on paths are remembered: exclude patterns cost 10 µs a file."""

    def __init__(self, docs_dir: Path, root: Path, exclude: GitIgnoreSpec | None, *, use_directory_urls: bool = True) -> None:
        self.docs_dir, self.root = os.path.realpath(docs_dir), os.path.realpath(root)
        self.use_directory_urls = use_directory_urls
        self._spec = _DEFAULT_EXCLUDE + exclude if exclude else None
        self._matches = lru_cache(_REMEMBERED)(self._spec.match_file) if self._spec else None

    def excluded(self, page_path: str) -> bool:
        """Whether MkDocs would leave a file with this path out of the site."""
        if self._matches is None:
            return page_path.startswith((".", "templates/")) or "/." in page_path
        return self._matches(page_path)

    def inside(self, real: str) -> bool:
        """Whether a path without symlinks is that of a Markdown file in the workspace, and in no folder that never holds pages."""
        if not real.startswith(self.root + os.sep) or not is_markdown(real):
            return False
        return NEVER_PAGES.isdisjoint(real[len(self.root) + 1 :].lower().split("/"))

    def walk(self) -> Iterator[str]:
        """All page paths, in no order."""
        seen = {self.docs_dir}
        folders: list[tuple[str, str]] = [(self.docs_dir, "")]
        while folders:
            folder, prefix = folders.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError:
                continue  # gone meanwhile, or not ours to read: the pages in it cannot be read either
            names: list[str] = []
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if name.lower() not in NEVER_PAGES and not (self._spec is None and self.excluded(f"{prefix}{name}/")):
                        folders.append((entry.path, f"{prefix}{name}/"))
                elif entry.is_symlink():
                    if entry_is(entry.is_dir):
                        real = os.path.realpath(entry.path)
                        if self._folder_inside(real) and real not in seen:
                            seen.add(real)
                            folders.append((entry.path, f"{prefix}{name}/"))
                    elif (
                        is_markdown(name)
                        and entry_is(entry.is_file)
                        and self.inside(os.path.realpath(entry.path))
                        and _encodable(name)
                    ):
                        names.append(name)
                elif (
                    (name.endswith(".md") or is_markdown(name) or name == "index.html")
                    and entry_is(entry.is_file)
                    and _encodable(name)
                ):
                    names.append(name)
            yield from (prefix + name for name in self._shown(names, prefix))

    def _folder_inside(self, real: str) -> bool:
        if not real.startswith(self.root + os.sep) or self.docs_dir == real or self.docs_dir.startswith(real + os.sep):
            return False
        return NEVER_PAGES.isdisjoint(Path(real[len(self.root) + 1 :].lower()).parts)

    def _shown(self, names: Iterable[str], prefix: str) -> Iterable[str]:
        """Without what is excluded and what MkDocs hides: of files with one address, the last in its order (`index.md`) wins."""
        kept = [name for name in names if not self.excluded(prefix + name)]
        by_address: dict[str, str] = {}
        for name in sorted(kept, key=lambda n: (n.rpartition(".")[0] not in ("index", "README"), n)):
            stem = name.rpartition(".")[0]
            by_address["index" if stem == "README" else stem] = name
        return (name for name in by_address.values() if is_markdown(name))


def entry_is(kind: Callable[[], bool]) -> bool:
    """What an entry is; nothing where it cannot be told, as for a symlink to itself."""
    try:
        return kind()
    except OSError:
        return False


def _encodable(name: str) -> bool:
    return "\\" not in name and not _SURROGATE.search(name) and not _CONTROL.search(name)
