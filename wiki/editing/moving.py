"""Moving a page: the file, every link to it, its own relative links and its place in `nav`, in one commit."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize
from urllib.parse import quote, unquote, unquote_to_bytes

from wiki.access import Level, Viewer, require, require_read
from wiki.editing.naming import check_new_name, path_of_new
from wiki.editing.writing import (
    Saved,
    again_if_overtaken,
    author_of,
    check_base,
    check_no_alias,
    check_no_symlink_to,
    page_revision,
    settle,
)
from wiki.errors import InvalidInput, NotFound, WikiError
from wiki.git.blob import blob_id
from wiki.git.repository import Change, Repository
from wiki.pages.links import rewrite_links
from wiki.workspace.workspace import Workspace

__all__ = ["move_page", "moved_to"]

_TRAILER = "Moves"
_MOVES = 100  # of one page, one after the other


@again_if_overtaken
def move_page(
    ws: Workspace, repo: Repository, viewer: Viewer, old: str, new: str, *, base_revision: str | None = None, message: str = ""
) -> Saved:
    """Move a page from path `old` to `new` as a commit by `viewer`, rewriting links on all pages, also on those that the viewer
    may not read: a link must not break because of who moved its target.

    Raises NotAllowed below editor, NotFound for a page the viewer may not read, InvalidInput for a path that cannot be a
    page's or is taken, StaleRevision where `base_revision` is given and no longer the newest.
    """
    require(viewer, Level.EDITOR, "move pages")
    old, new = ws.known_path(old), path_of_new(ws, new)
    check_no_alias(ws, old)
    check_no_alias(ws, new)
    old_path, new_path = ws.repo_path(old), ws.repo_path(new)
    with ws.lock():
        require_read(viewer, ws.read_page(old), old)
        if (ws.docs_dir / new).exists():
            raise InvalidInput(f"The path {new} is taken.", hint="Choose another path.")
        check_new_name(ws, new, moved_from=old)
        repo.check_takes(old_path)
        check_no_symlink_to(ws, old)
        moves = {path: new for path in ws.page_paths() if path == old or ws.alias_of(path) == old}
        linking = [path for path in _pages_naming(ws, old) if path != old and repo.takes(ws.repo_path(path))]
        settled = settle(ws, repo, [old, *linking])
        page = ws.read_page(old)  # what is moved and rewritten is read after outside edits were settled, never before
        require_read(viewer, page, old)
        if old not in settled:
            check_base(repo, page, base_revision, page_revision(ws, repo, old))
        changes = [
            Change(path_in_repo=old_path, data=None, made_on=page.blob),
            Change(path_in_repo=new_path, data=_bytes(rewrite_links(page, moves, ws.docs_folder)), made_on=""),
        ]
        rewritten = []
        for other in map(ws.read_page, linking):
            if (text := rewrite_links(other, moves, ws.docs_folder)) != other.text:
                rewritten.append(other.path)
                changes.append(Change(path_in_repo=ws.repo_path(other.path), data=_bytes(text), made_on=other.blob))
        changes += _nav_change(ws, repo, old, new)
        message = message.strip() or f"Move {old} to {new}"
        revision = repo.commit(changes, author=author_of(viewer), message=message, trailers={_TRAILER: _names(old, new)})
        ws.moved(old, new)
        ws.changed([old, new, *rewritten])
        return Saved(page_path=new, revision=revision, merged=False, changed=True)


def moved_to(ws: Workspace, repo: Repository, page_path: str) -> str | None:
    """Where a page that is gone was moved to, as the commits of its moves say; None where it was not, or is gone from there too."""
    for _ in range(_MOVES):
        if ws.stat(page_path) is not None:
            return page_path
        gone = repo.last_change(ws.repo_path(page_path))
        old, _, new = gone.trailers.get(_TRAILER, "").partition(" ") if gone else ("", "", "")
        if not new or unquote(old) != page_path:
            return None
        page_path = unquote(new)
    return None


def _names(old: str, new: str) -> str:
    return f"{quote(old)} {quote(new)}"  # no spaces in the two


def _pages_naming(ws: Workspace, old: str) -> list[str]:
    """The pages that may link to the moved one, none of them twice: all that hold its file's name, in whatever encoding. A page
    that is its folder's start is also meant by `../` or the folder's name, so any page with a link may link to it.
    """
    name = old.rpartition("/")[2].rpartition(".")[0]
    names = {name, *(normalize(form, name) for form in ("NFC", "NFD"))}
    needles = (b"](", b"]:", b"href", b"HREF") if name in ("index", "README") else tuple(map(_bytes, names))
    found: list[str] = []
    for page_path in ws.page_paths():
        try:
            data = ws.read_bytes(page_path)
        except WikiError:
            continue  # gone meanwhile or too large: nothing to rewrite
        plain = unescape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape") if b"&" in data else data
        plain = unquote_to_bytes(plain) if b"%" in plain else plain
        if any(needle in data or needle in plain for needle in needles) and ws.alias_of(page_path) is None:
            found.append(page_path)
    return found


def _nav_change(ws: Workspace, repo: Repository, old: str, new: str) -> list[Change]:
    """mkdocs.yml with the page's line in `nav` changed; [] where there is none, or somebody is changing the file just now."""
    path = ws.mkdocs_yml.relative_to(ws.root).as_posix()
    try:
        text = ws.mkdocs_yml.read_bytes().decode("utf-8", "surrogateescape")
        names = "|".join(re.escape(name) for name in {old, normalize("NFC", old), normalize("NFD", old)})
        line = re.compile(rf"^(\s+-\s(?:.*?:\s)?\s*)(['\"]?)(?:{names})\2(?=\s*(?:#.*)?\r?$)", re.MULTILINE)
        changed = line.sub(lambda match: f"{match[1]}{match[2]}{new}{match[2]}", text)
        if changed == text or repo.dirty(path):
            return []
    except (OSError, NotFound):
        return []
    return [Change(path_in_repo=path, data=_bytes(changed), made_on=blob_id(_bytes(text)))]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
