"""Converting a page from an old encoding to UTF-8: said first, then committed as the viewer's."""

from __future__ import annotations

from dataclasses import dataclass

from wiki.access import Level, Viewer, require, require_read
from wiki.editing.writing import Saved, again_if_overtaken, author_of, check_no_alias, page_revision, settle
from wiki.errors import InvalidInput
from wiki.git.repository import Change, Repository
from wiki.pages.encodings import decoded
from wiki.pages.page import Page, parse_text
from wiki.workspace.workspace import Workspace

__all__ = ["Conversion", "convert_page", "page_conversion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What a page would be in UTF-8, and the encoding that its file is in now, as far as can be told."""

    before: Page
    after: Page
    encoding: str


def page_conversion(ws: Workspace, viewer: Viewer, page_path: str, *, encoding: str = "") -> Conversion:
    """What convert_page would do; nothing is changed. Raises NotFound as for reading, InvalidInput where no encoding fits."""
    page_path = ws.known_path(page_path)
    page = ws.read_page(page_path)
    require_read(viewer, page, page_path)
    try:
        text, found = decoded(_bytes(page), language=ws.language, encoding=encoding)
    except ValueError as error:
        raise InvalidInput(
            f"{page_path} cannot be converted: {error}.", hint="Name the encoding it is in, such as cp1252, with --encoding."
        ) from error
    return Conversion(before=page, after=parse_text(page_path, text), encoding=found)


@again_if_overtaken
def convert_page(ws: Workspace, repo: Repository, viewer: Viewer, page_path: str, *, encoding: str = "") -> Saved:
    """Write a page in UTF-8, without a byte order mark, as a commit by `viewer`. Its line ends stay.

    Raises NotAllowed below editor, and as page_conversion.
    """
    require(viewer, Level.EDITOR, "convert pages")
    page_path = ws.known_path(page_path)
    check_no_alias(ws, page_path)
    repo_path = ws.repo_path(page_path)
    with ws.lock():
        repo.check_takes(repo_path)
        settled = settle(ws, repo, [page_path])
        found = page_conversion(ws, viewer, page_path, encoding=encoding)
        require_read(viewer, found.after, page_path)
        data = _bytes(found.after)
        if data == _bytes(found.before):
            if settled:
                ws.changed([page_path])
            return Saved(page_path=page_path, revision=page_revision(ws, repo, page_path), merged=False, changed=False)
        change = Change(path_in_repo=repo_path, data=data, made_on=found.before.blob)
        message = f"Convert {page_path} from {found.encoding} to UTF-8"
        revision = repo.commit([change], author=author_of(viewer), message=message)
        ws.changed([page_path])
        return Saved(page_path=page_path, revision=revision, merged=False, changed=True)


def _bytes(page: Page) -> bytes:
    return page.text.encode("utf-8", "surrogateescape")
