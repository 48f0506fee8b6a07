"""Pages answered before routing, because they are kept: the same answers as the long way gives, for the same people."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from knowhow.kept_pages import KeptPages
from knowhow.server import create_app
from knowhow.services import Services
from tests.knowhow.handbook import BASE, EXPENSES, LEADER, READER, git
from wiki.access import Viewer
from wiki.editing import save_page
from wiki.site import Rendered

URL = "/policies/expenses/"
PAY = "/people/pay/"
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
def site_paths() -> set[str]:
    return {URL, PAY, "/", "/ops/backups/"}


@pytest.fixture
def quick(services: Services, site_paths: set[str]) -> TestClient:
    """A client of kept pages alone: what they hand on is 418."""
    return TestClient(Alone(services, site_paths), base_url=BASE)


class Alone:
    def __init__(self, services: Services, site_paths: set[str]) -> None:
        self.state, self._kept = Alone, KeptPages(self.handed_on, services=services, site_paths=site_paths)
        Alone.services = services

    services: Services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self._kept(scope, receive, send)

    async def handed_on(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 418, "headers": []})
            await send({"type": "http.response.body", "body": b""})


def as_viewer(services: Services, viewer: Viewer) -> Services:
    """The same site and workspace, with another person at the machine."""
    other = replace(services, local_admin=viewer)
    other.__dict__["site"] = services.site
    return other


def draw(services: Services, url: str = URL) -> Rendered:
    page = services.site.page(url, services.local_admin.audience)
    assert isinstance(page, Rendered)
    return page


def write(services: Services, page_path: str, text: str) -> None:
    """As an editor does it, outside; later than any tick of the clock."""
    file = services.workspace.docs_dir / page_path
    file.write_text(text)
    os.utime(file, ns=(stamp := time.time_ns() + 1_000_000, stamp))


@pytest.mark.parametrize("headers", [PLAIN, {"Accept-Encoding": "gzip, deflate, br"}, {"Accept-Encoding": "br, gzip;q=0"}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_kept_page_is_answered_with_the_bytes_and_headers_of_the_long_way(
    client: TestClient, services: Services, quick: TestClient, headers: dict[str, str], method: str
) -> None:
    assert quick.request(method, URL, headers=headers).status_code == 418
    first = client.request(method, URL, headers=headers)
    again = client.request(method, URL, headers=headers)
    assert again.status_code == first.status_code == 200
    assert again.content == first.content
    assert again.headers.raw == first.headers.raw
    assert "frame-ancestors 'self'" in again.headers["content-security-policy"]
    assert again.headers["x-content-type-options"] == "nosniff"
    assert again.headers["referrer-policy"] == "same-origin"
    assert again.headers["cache-control"] == "private, no-cache"
    assert int(again.headers["content-length"]) > 1000
    kept = quick.request(method, URL, headers=headers)
    assert (kept.status_code, kept.content) == (200, first.content)
    assert bool(kept.content) == (method == "GET")


def test_a_page_comes_compressed_to_who_takes_that(client: TestClient, services: Services) -> None:
    page = draw(services)
    with client.stream("GET", URL, headers={"Accept-Encoding": "GZip;q=0.5, br"}) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(body) == page.html
    for refused in ("identity", "gzip;q=0", "gzip;q=0.0", "br", "xgzip", ""):
        answer = client.get(URL, headers={"Accept-Encoding": refused})
        assert "content-encoding" not in answer.headers
        assert answer.content == page.html


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_page_that_the_browser_has_is_not_sent_again(client: TestClient, quick: TestClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    etag = client.get(URL, headers=headers).headers["etag"]
    for one in (client, quick):
        for known in (etag, f'W/{etag}, "other"'):
            answer = one.get(URL, headers={**headers, "If-None-Match": known})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
            assert "content-length" not in answer.headers
        assert one.get(URL, headers={**headers, "If-None-Match": '"other"'}).status_code == 200


def test_plain_and_compressed_bytes_have_tags_of_their_own(client: TestClient) -> None:
    tags = {client.get(URL, headers={"Accept-Encoding": encoding}).headers["etag"] for encoding in ("identity", "gzip")}
    assert len(tags) == 2


def _edited_outside(services: Services) -> None:
    write(services, EXPENSES, "# Expenses\n\nThe zebra pays.\n")


def _saved(services: Services) -> None:
    page = services.workspace.read_page(EXPENSES)
    base = git(services.workspace.root, "log", "-1", "--format=%H", "--", f"content/{EXPENSES}")
    text = f"{page.text}\nzebra\n"
    save_page(services.workspace, services.repository, LEADER, EXPENSES, text, base_revision=base, message="Zebra")


def _neighbour_added(services: Services) -> None:
    write(services, "policies/zebra.md", "# Zebra\n")
    services.pages_changed(["policies/zebra.md"])


def _role_taken_over(services: Services) -> None:
    (services.workspace.root / "roles.yml").write_text("finance-lead: {title: Finance lead, holder: zebra}\n")


def _committed_outside(services: Services) -> None:
    root = services.workspace.root
    write(services, EXPENSES, "# Expenses\n\nSomething else.\n")
    draw(services)
    who = ("-c", "user.name=Zebra", "-c", "user.email=zebra@example.org")
    git(root, *who, "commit", "-q", "-m", "Outside", "--", f"content/{EXPENSES}")


def _site_renamed(services: Services) -> None:
    config = services.workspace.mkdocs_yml
    config.write_text(config.read_text().replace("site_name: Handbook", "site_name: Zebra"))


@pytest.mark.parametrize(
    "change",
    [_edited_outside, _saved, _neighbour_added, _role_taken_over, _committed_outside, _site_renamed],
    ids=lambda change: change.__name__.strip("_"),
)
def test_whatever_changes_a_page_shows_at_once(
    client: TestClient, quick: TestClient, services: Services, change: Callable[[Services], None]
) -> None:
    assert "zebra" not in client.get(URL).text.lower()
    assert quick.get(URL).status_code == 200
    change(services)
    kept = quick.get(URL)
    assert kept.status_code == 418 or "zebra" in kept.text.lower()
    assert "zebra" in client.get(URL).text.lower()


def test_a_page_that_is_gone_is_not_there_any_more(client: TestClient, services: Services) -> None:
    assert [client.get(URL).status_code for _ in range(2)] == [200, 200]
    (services.workspace.docs_dir / EXPENSES).unlink()
    assert client.get(URL).status_code == 404


def test_a_restricted_page_is_kept_for_those_who_may_read_it_alone(services: Services) -> None:
    leader, reader = (
        TestClient(create_app(as_viewer(services, viewer), with_ui=False), base_url=BASE) for viewer in (LEADER, READER)
    )
    assert [leader.get(PAY).status_code for _ in range(2)] == [200, 200]
    assert [reader.get(PAY).status_code for _ in range(2)] == [404, 404]
    kept = TestClient(Alone(as_viewer(services, READER), {PAY, URL}), base_url=BASE)
    assert reader.get(URL).status_code == kept.get(URL).status_code == 200
    assert kept.get(PAY).status_code == 418


def test_a_page_restricted_a_moment_ago_is_handed_to_nobody_else(services: Services) -> None:
    reader = TestClient(create_app(as_viewer(services, READER), with_ui=False), base_url=BASE)
    assert [reader.get(URL).status_code for _ in range(2)] == [200, 200]
    write(services, EXPENSES, "---\nvisibility: restricted\ngroups: [leadership]\n---\n# Expenses\n")
    assert reader.get(URL).status_code == 404


def test_a_kept_page_is_guarded_and_counted_as_any_other(client: TestClient) -> None:
    def counted() -> float:
        rows = client.get("/metrics").text.splitlines()
        return sum(float(row.split()[-1]) for row in rows if row.startswith('knowhow_requests_total{area="site"'))

    client.get(URL)
    before = counted()
    assert client.get(URL).status_code == 200
    assert client.get(URL, headers={"Host": "evil.example"}).status_code == 403
    assert client.get(URL, headers={"Content-Length": "9" * 12}).status_code == 413
    assert client.post(URL).status_code == 405
    assert counted() == before + 4


def test_a_page_at_an_address_that_something_else_answers_stays_behind_it(client: TestClient, services: Services) -> None:
    write_to = services.workspace.docs_dir / "api" / "v1" / "none.md"
    write_to.parent.mkdir(parents=True)
    write_to.write_text("# None\n")
    draw(services, "/api/v1/none/")
    assert [client.get("/api/v1/none/").status_code for _ in range(3)] == [404, 404, 404]


def test_a_file_that_the_browser_has_is_not_sent_again_until_it_changes(client: TestClient, services: Services) -> None:
    first = client.get("/plan.txt")
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get("/plan.txt", headers=known)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    (services.workspace.docs_dir / "plan.txt").write_text("Another plan, and a longer one.\n")
    assert "Another plan" in client.get("/plan.txt", headers=known).text
