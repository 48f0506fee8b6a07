"""/app/new: a page that is not there yet, by its name, its kind and its folder; each kind begins with the keys that it knows."""

from __future__ import annotations

import json
import re
import unicodedata
from urllib.parse import quote, unquote

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.frame import frame, go, say_error, viewer_of
from wiki.access import may_read
from wiki.editing import check_new_page
from wiki.errors import WikiError
from wiki.pages import KINDS, is_markdown

__all__ = ["create", "first_text", "page_name"]

WHAT = {
    "process": "how work flows from start to finish",
    "procedure": "how one step of a process is done",
    "decision": "what was decided, by whom, and why",
    "blocker": "what stands in the way, and who clears it",
    "policy": "a rule that holds for everybody",
    "reference": "facts to look up",
}
KEYS = {
    "process": "trigger:\noutcome:\nhandoffs:\n  - from:\n    to:\n    moves:\n    owner:\n    done:\n",
    "procedure": "part_of:\nstep:\n",
    "decision": "status: proposed\ndecided:\ndeciders:\nreason:\n",
    "blocker": "status: open\nraised:\nescalate_after: 7d\n",
    "policy": "reviewed:\nreview_every: 180d\n",
    "reference": "",
}
BODIES = {
    "process": "## Steps\n\n1. \n\n## Handoffs\n\n",
    "procedure": "## Before you start\n\n## Steps\n\n1. \n\n## When it is done\n\n",
    "decision": "## What we decided\n\n## Why\n\n## What we looked at besides\n\n",
    "blocker": "## What stands still\n\n## What we tried\n\n",
    "policy": "## The rule\n\n## Who decides in doubt\n\n",
    "reference": "",
}
_PLAIN_TITLE = re.compile(r"[\w][\w ,.()/&'’+–-]*")


def create(services: Services) -> None:
    """Register the page. `beside` is a page in whose folder the new one is to stand, `path` the address where none was found."""

    @ui.page("/new")
    async def page(name: str = "", kind: str = "", folder: str = "", beside: str = "", path: str = "") -> None:
        folder = folder or beside.rpartition("/")[0]
        if path:
            folder, _, name = unquote(path).strip("/").removesuffix(".md").rpartition("/")
            name = name.replace("-", " ").capitalize()
        folders = await run.io_bound(_folders, services) or []
        with frame(services, "New page"):
            _Form(services, name, kind if kind in KINDS else "reference", folder, folders)


def first_text(page_path: str, title: str, kind: str) -> str:
    """What a new page begins with: the front matter and headings of its kind."""
    title = title.strip() or page_path.rsplit(".", 1)[0].rsplit("/", 1)[-1].replace("-", " ").capitalize()
    kind = kind if kind in KINDS else "reference"
    shown = title if _PLAIN_TITLE.fullmatch(title) else json.dumps(title, ensure_ascii=False)
    return f"---\ntitle: {shown}\nkind: {kind}\nowner:\n{KEYS[kind]}---\n\n{BODIES[kind]}"


def page_name(title: str) -> str:
    """The file's name for a title: its words, small, with hyphens; letters of other scripts stay."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", title).lower().replace("'", "").replace("’", ""))
    return "-".join(words)[:80].strip("-_")


def _folders(services: Services) -> list[str]:
    """The folders of the pages that the viewer may read, "" for the top among them."""
    audience = viewer_of(services).audience
    found = {""}
    for page in services.workspace.pages():
        if may_read(audience, page):
            folder = page.path.rpartition("/")[0]
            while folder:
                found.add(folder)
                folder = folder.rpartition("/")[0]
    return sorted(found)


class _Form:
    def __init__(self, services: Services, name: str, kind: str, folder: str, folders: list[str]) -> None:
        self._services = services
        with ui.element("form").classes("kh-card kh-form").on("submit.prevent", self._go_on):
            self._name = ui.input("Name", value=name).props('outlined autofocus maxlength="120" aria-describedby="kh-new-path"')
            self._kind = ui.select({k: f"{k.capitalize()}: {WHAT[k]}" for k in KINDS}, value=kind, label="Kind").props(
                "outlined"
            )
            options = {f: f or "(top)" for f in dict.fromkeys([*folders, folder])}
            self._folder = ui.select(options, value=folder, label="Folder").props("outlined")
            self._new_folder = ui.input("Or a new folder in it").props("outlined")
            self._shown = ui.label().classes("kh-quiet").props('id="kh-new-path" role="status"')
            ui.button("Write it").props('type="submit" unelevated no-caps').classes("kh-fit")
        for field in (self._name, self._folder, self._new_folder):
            field.on_value_change(self._show)
        self._show()

    def _path(self) -> str:
        """The page's path; "" while it has no name."""
        name = page_name(self._name.value or "")
        under = [page_name(part) for part in (self._new_folder.value or "").split("/")]
        return "/".join(part for part in [self._folder.value or "", *under, f"{name}.md"] if part) if name else ""

    def _show(self) -> None:
        path = self._path()
        self._shown.set_text(f"It will be {path}" if path else "Give it a name.")

    async def _go_on(self) -> None:
        path = self._path()
        if not path or not is_markdown(path):
            self._shown.set_text("Give it a name first: a few words, as they are to stand on top of the page.")
            self._name.run_method("focus")
            return
        try:
            path = await run.io_bound(check_new_page, self._services.workspace, path) or path
        except WikiError as error:
            say_error(error)
            return
        title, kind = quote((self._name.value or "").strip()), self._kind.value
        go(f"/app/edit/{quote(path)}?title={title}&kind={kind}")
