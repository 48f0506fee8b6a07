"""A process page shows its handoffs from its front matter, in the live site and in the published one."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from wiki.access import Audience, everyone_audience
from wiki.git.repository import Repository
from wiki.site.live_site import LiveSite, Rendered
from wiki.site.publishing import publish
from wiki.workspace.workspace import Workspace

FRONT = """---
title: Sales
kind: process
handoffs:
  - {from: ops-lead, to: delivery-lead, moves: "The <b>notes</b>", owner: ops-lead}
  - {from: delivery-lead, moves: The plan, done: It is read, if_plan_changes: ops-lead}
---
"""


def shown(workspace: Workspace, repository: Repository, text: str) -> str:
    (workspace.docs_dir / "ops/sales.md").write_text(text)
    page = LiveSite(workspace, repository).page("/ops/sales/", everyone_audience())
    assert isinstance(page, Rendered)
    return page.html.decode()


def test_the_table_names_roles_by_title_and_says_in_words_what_is_missing(workspace: Workspace, repository: Repository) -> None:
    html = shown(workspace, repository, FRONT + "We sell.\n")
    assert '<h2 id="kh-handoffs">Handoffs</h2>' in html
    cells = html.split('class="kh-handoffs"')[1].split("</table>")[0]
    assert "<td>Ops lead</td>" in cells
    assert '<td>Delivery lead <span class="kh-stale">vacant</span></td>' in cells
    assert "<td>The &lt;b&gt;notes&lt;/b&gt;</td>" in cells
    assert cells.count("not said") == 1
    assert cells.count("nobody") == 3
    assert "<th>If the plan changes</th>" in cells
    assert "<th>Confirmed by</th>" not in cells


def test_what_the_text_of_the_page_says_already_is_not_said_twice(workspace: Workspace, repository: Repository) -> None:
    html = shown(
        workspace,
        repository,
        FRONT + "| To | What |\n| --- | --- |\n| A | The &lt;b&gt;notes&lt;/b&gt; |\n| B | **The plan** |\n",
    )
    assert 'id="kh-handoffs"' in html
    html = shown(
        workspace,
        repository,
        FRONT.replace("<b>notes</b>", "notes") + "| A | *the notes* |\n\nThen the **plan**, and the plan.\n",
    )
    assert 'id="kh-handoffs"' not in html
    assert '<pre class="kh-diagram" hidden>' in html


def test_the_chart_is_text_for_the_script_that_draws(workspace: Workspace, repository: Repository) -> None:
    html = shown(workspace, repository, FRONT)
    chart = unescape(html.split('<pre class="kh-diagram" hidden><code>')[1].split("</code>")[0])
    assert chart.splitlines()[:3] == ["flowchart LR", '  r0["Ops lead"]', '  r1["Delivery lead"]']
    assert '  r0 -->|"1. The #60;b#62;notes#60;#47;b#62;"| r1' in chart


def test_a_page_that_is_no_process_shows_none(workspace: Workspace, repository: Repository) -> None:
    assert "kh-handoffs" not in shown(workspace, repository, FRONT.replace("kind: process", "kind: policy"))
    assert "kh-handoffs" not in shown(workspace, repository, "---\nkind: process\n---\n\nWe sell.\n")


def test_the_published_page_is_the_live_one_and_follows_roles(
    workspace: Workspace, repository: Repository, tmp_path: Path
) -> None:
    live = shown(workspace, repository, FRONT)
    publish(workspace, repository, tmp_path / "out", Audience(team=True))
    published = (tmp_path / "out/ops/sales/index.html").read_text()
    block = 'class="kh-handoffs"'
    assert published.split(block)[1].split("</section>")[0] == live.split(block)[1].split("</section>")[0]
    site = LiveSite(workspace, repository)
    site.page("/ops/sales/", everyone_audience())
    (workspace.root / "roles.yml").write_text("ops-lead: {title: Head of ops, holder: ben}\n")
    after = site.page("/ops/sales/", everyone_audience())
    assert isinstance(after, Rendered)
    assert "<td>Head of ops</td>" in after.html.decode()
