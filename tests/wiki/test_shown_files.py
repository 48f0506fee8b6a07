"""Who may have a file beside the pages."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from unicodedata import normalize

import pytest

from wiki.access import Audience
from wiki.site.catalogue import Catalogue
from wiki.site.shown_files import ShownFiles
from wiki.workspace.workspace import Workspace

PUBLIC, TEAM = Audience(), Audience(team=True)
RESTRICTED = "---\nvisibility: restricted\ngroups: [leadership]\n---\n"


def write(root: Path, path: str, text: str) -> str:
    file = root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return path


def test_a_file_follows_the_pages_that_show_it(root: Path) -> None:
    write(root, "open.md", "---\nvisibility: public\n---\n![a](a.png) ![b](b.png)\n")
    write(root, "closed.md", f"{RESTRICTED}![b](b.png) ![c](c.png)\n")
    workspace = Workspace.open(root)
    catalogue = Catalogue(workspace)
    shown = ShownFiles(workspace, catalogue)

    def hidden(audience: Audience) -> list[bool]:
        return [shown.hidden(f"{name}.png", audience) for name in "abcd"]

    assert (hidden(PUBLIC), hidden(TEAM)) == ([False, False, True, True], [False, False, True, False])
    catalogue.refresh([write(root, "open.md", "---\nvisibility: public\n---\n![a](a.png) ![d](d.png)\n")])
    assert (hidden(PUBLIC), hidden(TEAM)) == ([False, True, True, False], [False, True, True, False])
    catalogue.refresh([write(root, "closed.md", "![b](b.png) ![c](c.png)\n")])
    assert (hidden(PUBLIC), hidden(TEAM)) == ([False, True, True, False], [False] * 4)
    (root / "content/open.md").unlink()
    catalogue.refresh(["open.md"])
    assert (hidden(PUBLIC), hidden(TEAM)) == ([True] * 4, [False] * 4)


@pytest.mark.parametrize(("there", "written"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_shown_by_its_name_in_either_normal_form(root: Path, there: str, written: str) -> None:
    write(root, "closed.md", f"{RESTRICTED}![a]({normalize(written, 'gehälter.png')})\n")
    workspace = Workspace.open(root)
    shown = ShownFiles(workspace, Catalogue(workspace))
    assert shown.hidden(normalize(there, "gehälter.png"), TEAM)
    assert not shown.hidden(normalize(there, "gebühren.png"), TEAM)


def test_many_files_are_decided_in_one_pass_over_the_pages(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1000):
        label = RESTRICTED if number % 10 == 0 else "---\nvisibility: public\n---\n"
        write(root, f"pages/{number}.md", f"{label}![x](../files/{number}.png)\n")
    workspace = Workspace.open(root)
    shown = ShownFiles(workspace, Catalogue(workspace))
    shown.hidden("files/0.png", PUBLIC)
    read = Workspace.read_page
    asked: list[str] = []
    monkeypatch.setattr(Workspace, "read_page", lambda ws, path: asked.append(path) or read(ws, path))
    started = process_time()
    found = [shown.hidden(f"files/{number}.png", PUBLIC) for number in range(12_000)]
    assert process_time() - started < 0.4  # 1 s where each file goes through the pages
    assert found == [number % 10 == 0 for number in range(1000)] + [True] * 11_000
    assert asked == []
