"""The live site: each page as the working tree has it, for each audience its own."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from wiki.access import Audience, everyone_audience
from wiki.git.repository import Change, Person, Repository
from wiki.site.live_site import LiveSite, Redirect, Rendered
from wiki.workspace.workspace import Workspace

EVERYONE, TEAM, PUBLIC = everyone_audience(), Audience(team=True), Audience()
LEADERS = Audience(team=True, groups=frozenset({"leadership"}))


@pytest.fixture
def site(workspace: Workspace, repository: Repository) -> LiveSite:
    return LiveSite(workspace, repository)


def html(site: LiveSite, url: str, audience: Audience = EVERYONE) -> str:
    kept = site.kept(url, audience)
    page = site.page(url, audience)
    assert isinstance(page, Rendered), f"{url} gives {page}"
    assert kept is None or kept == page  # whatever changed meanwhile
    assert site.kept(url, audience) in (page, None)
    return page.html.decode()


def write(workspace: Workspace, path: str, text: str | bytes) -> None:
    file = workspace.docs_dir / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    # A change within the clock's tick must still be seen as one.
    stamp = time.time_ns() + write.ticks  # type: ignore[attr-defined]
    write.ticks += 1_000_000  # type: ignore[attr-defined]
    os.utime(file, ns=(stamp, stamp))


write.ticks = 1_000_000  # type: ignore[attr-defined]


def test_a_page_says_its_kind_owner_review_last_change_and_where_to_act(site: LiveSite, workspace: Workspace) -> None:
    text = html(site, "/ops/backups/")
    assert "Backups run hourly." in text
    assert "Procedure" in text
    assert "Ops lead (ben)" in text
    assert '<time datetime="2026-10-01">2026-10-01</time> by Ann' in text
    for url in ("app/edit/ops/backups.md", "app/edit/ops/backups.md?suggest=1", "app/history/ops/backups.md"):
        assert f'href="../../{url}"' in text
    assert "data-kh-print" in text
    write(workspace, "ops/backups.md", "---\nowner: delivery-lead\nreviewed: 2020-01-01\nreview_every: 90d\n---\n# Backups\n")
    text = html(site, "/ops/backups/")
    assert "Review overdue since 2020-03-31" in text
    assert "vacant" in text


def test_a_page_is_found_by_its_url_forms_and_by_its_path(site: LiveSite) -> None:
    assert html(site, "/ops/backups/") == html(site, "/ops/backups/index.html") == html(site, "ops/backups/")
    assert html(site, "/") == html(site, "/index.html")
    assert site.page("/ops/backups", EVERYONE) == Redirect(url="ops/backups/")
    assert site.page("/ops/backups.md", EVERYONE) == Redirect(url="ops/backups/")
    assert site.page("/index.md", EVERYONE) == Redirect(url="")
    assert site.url_of("ops/backups.md", EVERYONE) == "ops/backups/"
    assert site.url_of("index.md", EVERYONE) == ""
    for url in ("/nope/", "/nope", "/../mkdocs.yml", "/ops/../../x", "/a\0b/", "/ops\\backups/", "//", "/.knowhow/"):
        assert site.page(url, EVERYONE) is None
    assert "There is no such page" in site.not_found(EVERYONE).html.decode()


def test_a_folder_without_a_page_of_its_own_lists_what_its_reader_may_read(site: LiveSite, workspace: Workspace) -> None:
    write(workspace, "rooms/hall.md", "# The <b>hall</b>\n")
    write(workspace, "rooms/east/attic.md", "# Attic\n")
    write(workspace, "rooms/safe.md", "---\nvisibility: restricted\ntitle: Safe\n---\n")
    site.refresh()
    assert site.page("/rooms/", EVERYONE) is None
    assert site.folder("/rooms", TEAM) == Redirect(url="rooms/")
    listed = site.folder("/rooms/", TEAM)
    assert isinstance(listed, Rendered)
    text = listed.html.decode()
    assert "<h1>Rooms</h1>" in text
    assert 'href="/rooms/hall/"' in text
    assert 'href="/rooms/east/attic/"' in text
    assert "Safe" not in text
    assert site.folder("/room", TEAM) is None
    assert site.folder("/", TEAM) is None
    write(workspace, "vault/safe.md", "---\nvisibility: restricted\ntitle: Safe\n---\n")
    site.refresh()
    assert site.folder("/vault/", TEAM) is None
    assert isinstance(site.folder("/vault/", EVERYONE), Rendered)


def test_an_edit_is_seen_at_once_and_an_untouched_page_is_the_same_object(site: LiveSite, workspace: Workspace) -> None:
    first = site.page("/ops/backups/", EVERYONE)
    assert site.page("/ops/backups/", EVERYONE) is first
    write(workspace, "ops/backups.md", "# Backups\n\nBackups run every minute.\n")
    second = site.page("/ops/backups/", EVERYONE)
    assert isinstance(first, Rendered)
    assert isinstance(second, Rendered)
    assert "every minute" in second.html.decode()
    assert second.etag != first.etag


def test_a_commit_shows_as_the_last_change_though_the_text_is_the_same(
    site: LiveSite, workspace: Workspace, repository: Repository
) -> None:
    write(workspace, "ops/backups.md", "# Backups\n\nNew.\n")
    assert "by Ann" in html(site, "/ops/backups/")
    data = (workspace.docs_dir / "ops/backups.md").read_bytes()
    change = Change(path_in_repo=workspace.repo_path("ops/backups.md"), data=data)
    repository.commit([change], author=Person(name="Dora Diaz", email="d@x"), message="Edit")
    assert "by Dora Diaz" in html(site, "/ops/backups/")


def test_a_new_title_shows_in_the_navigation_of_other_pages(site: LiveSite, workspace: Workspace) -> None:
    html(site, "/people/leave/")
    write(workspace, "people/pay.md", "---\ntitle: Salaries & <b>more</b>\n---\nText\n")
    site.refresh(["people/pay.md"])
    text = html(site, "/people/leave/")
    assert "Salaries &amp; &lt;b&gt;more&lt;/b&gt;" in text
    assert "<b>more" not in text + html(site, "/people/pay/")


def test_pages_that_come_and_go_are_taken_in_with_and_without_being_told(site: LiveSite, workspace: Workspace) -> None:
    html(site, "/")
    write(workspace, "ops/alerts.md", "# Alerts\n\nSee [backups](backups.md).\n")
    assert "Alerts" in html(site, "/ops/alerts/")
    assert "Alerts" in html(site, "/ops/backups/")
    (workspace.docs_dir / "ops/backups.md").unlink()
    assert site.page("/ops/backups/", EVERYONE) is None
    assert 'href="backups.md"' in html(site, "/ops/alerts/")
    write(workspace, "new/deep/first.md", "# First of a folder\n")
    site.refresh(["new/deep/first.md"])
    assert "First of a folder" in html(site, "/new/deep/first/")
    assert ">New<" in html(site, "/")


def test_changes_taken_in_one_by_one_give_the_site_that_a_new_start_gives(
    site: LiveSite, workspace: Workspace, repository: Repository
) -> None:
    html(site, "/")
    for number, path in enumerate(
        ("a/x.md", "a/b/c.md", "ops/a.md", "ops/z.md", "z.md", "ops/index.md", "A-b/q.md", "people/sub/x.md")
    ):
        write(workspace, path, f"# Page {number}\n")
        site.refresh([path])
    for path in ("ops/a.md", "a/x.md", "people/sub/x.md", "ops/index.md"):
        (workspace.docs_dir / path).unlink()
        site.refresh([path])
    write(workspace, "ops/z.md", "# Another name\n")
    site.refresh(["ops/z.md"])
    fresh = LiveSite(workspace, repository)
    for path in workspace.page_paths():
        url = f"/{fresh.url_of(path, EVERYONE)}"
        assert html(site, url) == html(fresh, url), path


def test_a_restricted_page_does_not_exist_for_those_who_may_not_read_it(site: LiveSite, workspace: Workspace) -> None:
    write(
        workspace,
        "people/leave.md",
        '# Leave\n\nMore in [there](pay.md), <a href="../pay/">here</a> and [pub](../ops/backups.md).\n',
    )
    for audience in (EVERYONE, LEADERS):
        assert "Raises are decided" in html(site, "/people/pay/", audience)
        assert ">Pay<" in html(site, "/people/leave/", audience)
        assert 'href="../pay/"' in html(site, "/people/leave/", audience)
    for url in ("/people/pay/", "/people/pay", "/people/pay.md", "/people/pay/index.html"):
        assert site.page(url, TEAM) is None
    assert site.url_of("people/pay.md", TEAM) is None
    team = html(site, "/people/leave/", TEAM)
    assert "Pay" not in team
    assert "pay" not in team
    assert "More in <span" in team
    assert 'href="../../ops/backups/"' in team
    assert site.page("/people/leave/", PUBLIC) is None
    assert "Leave" not in html(site, "/ops/backups/", PUBLIC)
    assert "Backups run hourly" in html(site, "/ops/backups/", PUBLIC)


def test_a_page_that_becomes_restricted_is_gone_at_the_next_view(site: LiveSite, workspace: Workspace) -> None:
    assert "Tell your lead" in html(site, "/people/leave/", TEAM)
    write(workspace, "people/leave.md", "---\nvisibility: restricted\n---\n# Leave\n\nTell your lead.\n")
    assert site.page("/people/leave/", TEAM) is None
    assert "Leave" not in html(site, "/ops/backups/", TEAM)
    assert "Tell your lead" in html(site, "/people/leave/", EVERYONE)
    write(workspace, "people/leave.md", "# Leave\n\nTell your lead.\n")
    site.refresh()
    assert "Tell your lead" in html(site, "/people/leave/", TEAM)


def test_pages_named_in_nav_keep_their_titles_and_hidden_ones_are_left_out(
    workspace: Workspace, repository: Repository
) -> None:
    nav = "nav:\n  - index.md\n  - Ops: [Saving: ops/backups.md]\n  - Money: [Secret pay: people/pay.md]\n"
    workspace.mkdocs_yml.write_text(workspace.mkdocs_yml.read_text() + nav)
    site = LiveSite(workspace, repository)
    assert "Secret pay" in html(site, "/people/pay/")
    assert "Saving" in html(site, "/ops/backups/")
    team = html(site, "/ops/backups/", TEAM)
    assert "Saving" in team
    assert "Secret" not in team
    assert "Money" not in team


def test_files_are_for_those_who_may_read_a_page_that_shows_them(site: LiveSite, workspace: Workspace) -> None:
    for name in ("people/plan.pdf", "people/both.png", "people/free.pdf"):
        write(workspace, name, b"data")
    write(workspace, "people/pay.md", "---\nvisibility: restricted\n---\n[Plan](plan.pdf) ![](both.png)\n")
    write(workspace, "ops/backups.md", "---\nvisibility: public\n---\n# B\n\n![](../people/both.png)\n")
    site.refresh()
    for url, allowed in {
        "/people/plan.pdf": (EVERYONE,),
        "/people/both.png": (EVERYONE, TEAM, PUBLIC),
        "/people/free.pdf": (EVERYONE, TEAM),
    }.items():
        for audience in (EVERYONE, TEAM, PUBLIC):
            assert (site.asset(url, audience) is not None) == (audience in allowed), (url, audience)
    assert 'src="../../people/both.png"' in html(site, "/ops/backups/", PUBLIC)


def test_assets_come_from_the_theme_and_the_pages_folder_and_from_nowhere_else(
    site: LiveSite, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "secret.png").write_text("secret")
    (workspace.docs_dir / "leak.png").symlink_to(tmp_path / "secret.png")
    (workspace.docs_dir / "settings.png").symlink_to(workspace.mkdocs_yml)
    write(workspace, "note.html", "<script>alert(1)</script>")
    write(workspace, ".hidden/x.png", b"x")
    css = site.asset("/assets/stylesheets/tokens.css", PUBLIC)
    assert css is not None
    assert css.path is not None
    assert css.media_type == "text/css"
    assert not css.sandboxed
    note = site.asset("/note.html", EVERYONE)
    assert note is not None
    assert note.sandboxed
    wrong = (
        "/leak.png",
        "/settings.png",
        "/../mkdocs.yml",
        "/.hidden/x.png",
        "/assets/../../wiki/pages/page.py",
        "/ops/backups.md",
        "/",
        "/ops/",
    )
    for url in (*wrong, "/assets/javascripts/lunr/tinyseg.js", "/mkdocs_theme.yml", "/main.html", "/assets/x\0.css"):
        assert site.asset(url, EVERYONE) is None, url


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"---\ntitle: [\n---\n# Broken\n\nStill here.\n", "Still here."),
        (b"# Nul\n\nbefore\0after\n", "before\xef\xbf\xbdafter".encode("latin-1").decode()),
        (b"# Latin\n\ncaf\xe9 here\n", "caf\ufffd here"),
        (b"---\ntitle: CR\r\n---\r\n# Windows\r\n\r\nline\r\nends\r\n", "line"),
        (b"# Big\n\n" + b"word " * 4_000_000, "too large"),
        (b"# Long\n\n" + b"word " * 200_000, "too long to be laid out"),
        (b"> " * 3_000 + b"deep", "deep"),
        (b"---\ntemplate: blog-post.html\n---\n# For a blog\n", "cannot be shown"),
        (b"", "Broken"),
    ],
    ids=["yaml", "nul", "latin-1", "crlf", "20 MB", "1 MB", "nested", "template", "empty"],
)
def test_a_page_that_is_out_of_order_is_shown_as_far_as_it_goes_and_stops_nothing(
    site: LiveSite, workspace: Workspace, text: bytes, shown: str
) -> None:
    write(workspace, "ops/broken.md", text)
    site.refresh()
    assert shown in html(site, "/ops/broken/")
    assert "Backups run hourly." in html(site, "/ops/backups/")


def test_a_script_in_a_pages_text_or_front_matter_does_not_run(site: LiveSite, workspace: Workspace) -> None:
    write(
        workspace,
        "ops/evil.md",
        '---\ntitle: "<script>alert(1)</script>"\ndescription: \'"><script>alert(2)</script>\'\nowner: <script>alert(3)</script>\n---\n'
        "<script>alert(4)</script>\n",
    )
    site.refresh()
    text = html(site, "/ops/evil/")
    for number in (1, 2, 3):
        assert f"<script>alert({number})" not in text
    assert "script-src 'self';" in text
    scripts = text.count("<script>") + text.count("<script ") - text.count("<script src=") - text.count('<script id="__config"')
    assert scripts == 1  # the one of the page's own text, which the policy keeps from running


def test_included_files_bring_in_nothing_that_the_audience_may_not_read(workspace: Workspace, repository: Repository) -> None:
    base = "markdown_extensions:\n  - pymdownx.snippets:\n      base_path: [content, .]\n"
    workspace.mkdocs_yml.write_text(workspace.mkdocs_yml.read_text() + base)
    (workspace.root / "knowhow.toml").write_text("api_key = 'hunter2'\n")
    (workspace.root / "shared.txt").write_text("Shared words.\n")
    names = ("people/pay.md", "knowhow.toml", ".git/config", "shared.txt", "people/leave.md")
    write(workspace, "ops/all.md", "# All\n\n" + "".join(f'--8<-- "{name}"\n\n' for name in names))
    site = LiveSite(workspace, repository)
    everyone, team = html(site, "/ops/all/"), html(site, "/ops/all/", TEAM)
    assert "Raises are decided" in everyone
    assert "Raises" not in team
    assert "hunter2" not in everyone
    assert "repositoryformatversion" not in everyone
    for text in (everyone, team):
        assert "Shared words." in text
        assert "two weeks ahead" in text
    (workspace.root / "shared.txt").write_text("Other shared words.\n")
    assert "Other shared words." in html(site, "/ops/all/", TEAM)


def test_a_changed_mkdocs_yml_is_taken_over_and_a_broken_one_is_not(site: LiveSite, workspace: Workspace) -> None:
    html(site, "/")
    workspace.mkdocs_yml.write_text("site_name: Renamed\ndocs_dir: content\n")
    assert "Renamed" in html(site, "/")
    workspace.mkdocs_yml.write_text("site_name: [\n")
    assert "Renamed" in html(site, "/")


def test_many_threads_reading_and_writing_see_whole_pages(site: LiveSite, workspace: Workspace) -> None:
    html(site, "/")
    failures: list[object] = []
    stop = threading.Event()

    def read(audience: Audience) -> None:
        try:
            while not stop.is_set():
                for url in ("/", "/ops/backups/", "/people/leave/"):
                    for page in (site.page(url, audience), site.kept(url, audience)):
                        if page is not None:
                            assert isinstance(page, Rendered)
                            assert page.html.rstrip().endswith(b"</html>")
                            assert (b"Secret" in page.html) <= (audience is EVERYONE)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read, args=(audience,)) for audience in (EVERYONE, TEAM, LEADERS, TEAM)]
    for thread in threads:
        thread.start()
    for number in range(12):
        labels = "visibility: restricted\ntitle: Secret" if number % 2 else "title: Open"
        write(workspace, "people/pay.md", f"---\n{labels} {number}\n---\nText\n")
        site.refresh(["people/pay.md"])
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures


def test_an_edition_in_use_outlives_those_that_were_used_before_it(workspace: Workspace, repository: Repository) -> None:
    for number in range(12):
        (workspace.docs_dir / f"g{number}.md").write_text(
            f"---\nvisibility: restricted\ngroups: [g{number}]\n---\n# G{number}\n"
        )
    site = LiveSite(workspace, repository)
    first = Audience(team=True, groups=frozenset({"g0"}))
    site.page("/g0/", first)
    kept = site._edition(first)
    for number in range(1, 12):
        site.page("/g0/", first)
        site.page(f"/g{number}/", Audience(team=True, groups=frozenset({f"g{number}"})))
    assert site._edition(first) is kept
    assert len(site._editions) <= 6


def test_a_kept_page_is_given_without_waiting_for_whoever_reads_the_history(site: LiveSite, repository: Repository) -> None:
    html(site, "/ops/backups/")
    assert site.kept("/ops/backups/", EVERYONE) is not None
    with repository._last._guard:
        asker = threading.Thread(target=lambda: found.append(site.kept("/ops/backups/", EVERYONE)))
        found: list[Rendered | None] = []
        asker.start()
        asker.join(10)
        assert found == [None]
    assert site.kept("/ops/backups/", EVERYONE) is not None


def test_nothing_is_kept_for_an_audience_that_has_not_asked(site: LiveSite) -> None:
    html(site, "/ops/backups/")
    for audience in (TEAM, PUBLIC, LEADERS):
        assert site.kept("/ops/backups/", audience) is None
    for url in ("/ops/backups", "/ops/backups.md", "/none/", "//ops/backups/", "/ops/../ops/backups/", "/\0/", ""):
        kept = site.kept(url, EVERYONE)
        assert kept is None or kept == site.page(url, EVERYONE)
