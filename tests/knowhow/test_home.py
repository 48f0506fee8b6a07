"""What the first page says is going on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowhow.home import Home
from wiki.access import Audience, everyone_audience
from wiki.firm import Firm
from wiki.git import Repository
from wiki.workspace import create_workspace

PAGES = {
    "old.md": "---\ntitle: Old\nreviewed: 2020-01-01\nreview_every: 30d\n---\n",
    "older.md": "---\ntitle: Older\nreviewed: 2019-01-01\nreview_every: 30d\n---\n",
    "secret.md": "---\ntitle: Secret\nvisibility: restricted\nreviewed: 2019-01-01\nreview_every: 30d\n---\n",
    "d1.md": "---\ntitle: First\nkind: decision\nstatus: accepted\ndecided: 2020-01-01\n---\n",
    "d2.md": "---\ntitle: Second\nkind: decision\nstatus: accepted\ndecided: 2021-01-01\n---\n",
    "d3.md": "---\ntitle: Third\nkind: decision\nstatus: proposed\n---\n",
    "b1.md": "---\ntitle: Stuck\nkind: blocker\nstatus: escalated\nraised: 2021-01-01\n---\n",
    "b2.md": "---\ntitle: Free\nkind: blocker\nstatus: resolved\n---\n",
}


def test_the_most_urgent_come_first_and_nothing_that_may_not_be_read(tmp_path: Path) -> None:
    starter = tmp_path / "starter"
    (starter / "content").mkdir(parents=True)
    (starter / "mkdocs.yml").write_text("site_name: X\ndocs_dir: content\n")
    for name, text in PAGES.items():
        (starter / "content" / name).write_text(text)
    workspace = create_workspace(tmp_path / "handbook", starter=starter)
    firm = Firm(workspace)
    home = Home(workspace, Repository(workspace.root), firm)
    now = datetime.now(UTC)
    team = home.look(Audience(team=True), now)
    assert [item.title for item in team.overdue] == ["Older", "Old"]
    assert team.overdue_total == 2
    assert [item.title for item in team.decisions] == ["Second", "First"]
    assert [item.title for item in team.blockers] == ["Stuck"]
    assert len(team.changed) == 4
    assert "Secret" not in {item.title for item in team.changed}
    assert home.look(everyone_audience(), now).overdue_total == 3
    assert home.look(everyone_audience(), now + timedelta(days=8)).changed == ()
    (workspace.docs_dir / "b1.md").write_text(PAGES["b1.md"].replace("escalated", "resolved"))
    firm.refresh(["b1.md"])
    assert home.look(everyone_audience(), now).blockers == ()
