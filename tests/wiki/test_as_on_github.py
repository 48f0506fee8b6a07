"""A workspace that says nothing of Markdown extensions: its pages are read as GitHub shows them, in the site and in `mkdocs build`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wiki.access import Audience
from wiki.editing.checks import check_workspace
from wiki.git.repository import Repository
from wiki.site.publishing import LiveSite, Rendered, publish
from wiki.workspace.adoption import adopt
from wiki.workspace.workspace import Workspace

TEAM = Audience(team=True)
PLAIN = "site_name: H\ndocs_dir: content\nsite_dir: .knowhow/site\nplugins: [knowhow]\ntheme: {name: material}\n"

FORMS = {
    "a list right below a text": ("Bring:\n- pen\n- paper\n", "<p>Bring:</p> <ul> <li>pen</li> <li>paper</li> </ul>"),
    "a numbered list right below a text": ("Do:\n1. ask\n2. wait\n", "<p>Do:</p> <ol> <li>ask</li> <li>wait</li> </ol>"),
    "a number amid a text": ("It was\n1986. Nobody\n- - -\nknew\n", "<p>It was 1986. Nobody</p> <hr /> <p>knew</p>"),
    "numbers with a bracket": ("1) ask\n2) wait\n", "<ol> <li>ask</li> <li>wait</li> </ol>"),
    "a list in a list": ("- a\n  - b\n    - c\n- d\n", "<li>a<ul> <li>b<ul> <li>c</li> </ul> </li> </ul> </li> <li>d</li>"),
    "a list of another kind": ("- a\n1. b\n", "<ul> <li>a</li> </ul> <ol> <li>b</li> </ol>"),
    "a list that goes on": ("1. a\n\nText\n\n2. b\n", '<p>Text</p> <ol start="2"> <li>b</li> </ol>'),
    "a text in a list": ("- a\n\n  more\n- b\n", "<li> <p>a</p> <p>more</p> </li> <li> <p>b</p> </li>"),
    "a list that is indented as Python-Markdown wants it": (
        "1. a\n\n    more\n\n    - b\n",
        "<ol> <li> <p>a</p> <p>more</p> <ul> <li>b</li> </ul> </li> </ol>",
    ),
    "a line that goes on without indent": ("- a\nand more\n- b\n", "<ul> <li>a and more</li> <li>b</li> </ul>"),
    "a fence in a list": (
        "1. Run\n   ```sh\n   make all\n   ```\n2. Wait\n",
        '<li> <p>Run</p> <div class="highlight"><pre><span></span><code>make<span class="w"> </span>all </code></pre></div> </li> '
        "<li> <p>Wait</p> </li>",
    ),
    "a fence right below a text": (
        "Run\n```\n- a\n```\nand wait\n",
        '<p>Run</p> <div class="highlight"><pre><span></span><code>- a </code></pre></div> <p>and wait</p>',
    ),
    "a table right below a text": ("Prices:\n| a | b |\n|---|--:|\n| 1 | 2 |\n", "<p>Prices:</p> <table> <thead>"),
    "a table in a list": ("- Prices:\n  | a |\n  |---|\n  | 1 |\n", "<li> <p>Prices:</p> <table> <thead>"),
    "a quote in a list": ("- a\n  > b\n", "<li> <p>a</p> <blockquote> <p>b</p> </blockquote> </li>"),
    "an alert": (
        "> [!NOTE]\n> Mind the *gap*.\n> - one\n",
        '<div class="admonition note"> <p class="admonition-title">Note</p> <p>Mind the <em>gap</em>.</p> <ul> <li>one</li> </ul> '
        "</div>",
    ),
    "two alerts": (
        "> [!TIP]\n> A\n\n> [!caution]\n>\n> B\n\n> C\n",
        '<div class="admonition tip"> <p class="admonition-title">Tip</p> <p>A</p> </div> '
        '<div class="admonition danger"> <p class="admonition-title">Caution</p> <p>B</p> </div> '
        "<blockquote> <p>C</p> </blockquote>",
    ),
    "a quote that is no alert": ("> [!CLAIM]\n> A\n", "<blockquote> <p>[!CLAIM] A</p> </blockquote>"),
    "a task list": ("- [x] done\n- [ ] open\n", 'type="checkbox" disabled checked/>'),
    "a bare link": (
        "See https://example.com/a?b=c.\n",
        '<p>See <a href="https://example.com/a?b=c">https://example.com/a?b=c</a>.</p>',
    ),
    "emoji": ("Done :tada: at 10:30:45, :not_one:, `:tada:`\n", "<p>Done 🎉 at 10:30:45, :not_one:, <code>:tada:</code></p>"),
    "struck text": ("~~old~~ ~new\n", "<p><del>old</del> ~new</p>"),
    "a footnote": ("Yes[^1].\n\n[^1]: No.\n", 'href="#fn:1"'),
    "code that looks like a list": ("Text\n\n    - a\n    1) b\n", "<pre><code>- a 1) b </code></pre>"),
    "a rule below a list": ("Text\n- a\n---\n", "<p>Text - a</p> <hr />"),
}


def article(ws: Workspace, url: str = "/page/") -> str:
    page = LiveSite(ws, Repository(ws.root)).page(url, TEAM)
    assert isinstance(page, Rendered)
    html = page.html.decode()
    body = html[html.index("<article") : html.index("</article>")]
    return " ".join(re.sub(r"\s+", " ", body).split())


@pytest.mark.parametrize(("text", "seen"), FORMS.values(), ids=FORMS.keys())
def test_a_form_of_github_s_markdown_is_seen_as_there(root: Path, text: str, seen: str) -> None:
    (root / "mkdocs.yml").write_text(PLAIN)
    (root / "content/page.md").write_text(f"# Page\n\n{text}")
    assert seen in article(Workspace.open(root))


@pytest.mark.parametrize("settings", ["[]", "[attr_list]", "{attr_list: {}}"])
def test_a_workspace_with_extensions_of_its_own_is_read_as_these_say(root: Path, settings: str) -> None:
    (root / "mkdocs.yml").write_text(f"{PLAIN}markdown_extensions: {settings}\n")
    (root / "content/page.md").write_text("# Page\n\nBring:\n- pen :tada: https://example.com\n")
    assert "<p>Bring: - pen :tada: https://example.com</p>" in article(Workspace.open(root))


def test_plain_mkdocs_build_and_publishing_read_alike(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").write_text(PLAIN)
    text = "\n\n".join(text for text, _ in FORMS.values())
    (root / "content/page.md").write_text(f"# Page :tada:\n\n{text}")
    build(root, tmp_path / "built")
    publish(Workspace.open(root), Repository(root), tmp_path / "published", TEAM)
    built = (tmp_path / "built/page/index.html").read_bytes()
    assert b"admonition note" in built
    assert built == (tmp_path / "published/page/index.html").read_bytes()


def test_an_adopted_folder_says_in_its_mkdocs_yml_how_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number, (text, _) in enumerate(FORMS.values()):
        (folder / f"{number}.md").write_text(f"# Page\n\n{text}")
    ws = adopt(folder).workspace
    for number, (_, seen) in enumerate(FORMS.values()):
        assert seen in article(ws, f"/{number}/"), number
    build(folder, tmp_path / "built")
    publish(ws, Repository(folder), tmp_path / "published", TEAM)
    for number in range(len(FORMS)):
        page = f"{number}/index.html"
        assert (tmp_path / "built" / page).read_bytes() == (tmp_path / "published" / page).read_bytes()


HEADINGS = """\
# Welcome :wave:

## ~~Old~~ and new

## See https://example.com/a

## Write to us@example.com

Text
## Steps
1. one
   ## Inside
- two

Setext
------

> ### Quoted

## 1) First

## - dash
"""


def test_headings_have_the_anchors_that_they_have_without(root: Path) -> None:
    def anchors(extensions: str) -> list[str]:
        (root / "mkdocs.yml").write_text(PLAIN + extensions)
        (root / "content/page.md").write_text(HEADINGS)
        ws = Workspace.open(root)
        found = re.findall(r'<h[1-6] id="([^"]+)"', article(ws))
        assert found == [h.anchor for h in ws.section_rules.headings(HEADINGS)]
        return found

    with_them, without = anchors(""), anchors("markdown_extensions: []\n")
    assert [anchor for anchor in with_them if anchor != "inside"] == without
    assert without[:3] == ["welcome-wave", "old-and-new", "see-httpsexamplecoma"]


def test_links_from_the_root_lead_to_pages_and_files_wherever_the_site_is(root: Path, tmp_path: Path) -> None:
    (root / "mkdocs.yml").write_text(PLAIN)
    (root / "content/img").mkdir()
    (root / "content/img/a b.png").write_bytes(b"png")
    (root / "content/page.md").write_text(
        "# Page\n\n[1](/content/ops/backups.md#schedule) [2](/ops/backups) [3](/content/people/) [4](/) [5](/app/ask)\n"
        "![6](/content/img/a%20b.png) ![7](</img/a b.png>) [8](//example.com/x) [9](/content/people/leave.md?a=1)\n\n"
        "[10](/content/people/pay.md)\n"
    )
    (root / "content/people/index.md").write_text("# People\n")
    ws = Workspace.open(root)
    html = article(ws)
    links = {text: href for href, text in re.findall(r'<a href="([^"]*)">(\d+)</a>', html)}
    assert links == {
        "1": "../ops/backups/#schedule",
        "2": "../ops/backups/",
        "3": "../people/",
        "4": "../",
        "5": "/app/ask",
        "8": "//example.com/x",
        "9": "../people/leave/?a=1",
    }
    assert re.findall(r'src="([^"]*)"', html) == ["../img/a%20b.png"] * 2
    assert "pay" not in html
    assert not [f.message for f in check_workspace(ws) if f.page_path == "page.md" and "app/ask" not in f.message]
    build(root, tmp_path / "built")
    publish(ws, Repository(root), tmp_path / "published", TEAM)
    assert (tmp_path / "built/page/index.html").read_bytes() == (tmp_path / "published/page/index.html").read_bytes()


def test_quotes_in_quotes_without_end_do_no_harm(root: Path) -> None:
    (root / "mkdocs.yml").write_text(PLAIN)
    (root / "content/page.md").write_text("# Page\n\n" + "> " * 3000 + "deep\n")
    assert "deep" in article(Workspace.open(root))


def build(root: Path, target: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(target)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
