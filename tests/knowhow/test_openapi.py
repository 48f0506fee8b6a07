"""Whatever a client may send by /api/openapi.json: no call fails inside, and every answer is one that is described."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, GenerationMode, checks

from bench.server import serving
from knowhow.services import open_services
from tests.knowhow.handbook import EXPENSES, PAGES, propose
from wiki.review.flags import FlagDraft

CALLS = [
    ("GET", "/api/v1/search"),
    ("POST", "/api/v1/ask"),
    ("POST", "/api/v1/updates"),
    ("GET", "/api/v1/updates"),
    ("GET", "/api/v1/updates/{id}"),
    ("GET", "/api/v1/suggestions"),
    ("GET", "/api/v1/suggestions/{id}"),
    ("POST", "/api/v1/suggestions/{id}/accept"),
    ("POST", "/api/v1/suggestions/{id}/reject"),
    ("POST", "/api/v1/suggestions/{id}/undo"),
    ("GET", "/api/v1/home"),
    ("GET", "/api/v1/flags"),
    ("GET", "/api/v1/flags/{id}"),
    ("POST", "/api/v1/flags/{id}/close"),
    ("GET", "/api/v1/handoffs"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/blockers"),
    ("GET", "/api/v1/decided"),
    ("GET", "/api/v1/decisions"),
    ("GET", "/api/v1/pages/{path}"),
    ("PUT", "/api/v1/pages/{path}"),
    ("DELETE", "/api/v1/pages/{path}"),
    ("GET", "/api/v1/pages/{path}/history"),
    ("GET", "/api/v1/pages/{path}/backlinks"),
    ("GET", "/api/v1/pages/{path}/freshness"),
    ("POST", "/api/v1/pages/{path}/confirm"),
    ("POST", "/api/v1/pages/{path}/move"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
]
# Those with a parameter or a body that can be wrong in its form.
CONSTRAINED = [
    (method, path)
    for method, path in CALLS
    if method in ("POST", "PUT") or path.endswith(("s", "search", "history", "decided", "health"))
]
CONSTRAINED = [
    call for call in CONSTRAINED if not call[1].endswith(("backlinks", "metrics", "close", "undo", "freshness", "confirm"))
]
checks.load_all_checks()
CHECKS = (
    checks.not_a_server_error,
    checks.CHECKS.get_one("status_code_conformance"),
    checks.CHECKS.get_one("content_type_conformance"),
    checks.CHECKS.get_one("response_headers_conformance"),
    checks.CHECKS.get_one("response_schema_conformance"),
)
BOUNDED = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A running server, its description as a client reads it, and ids that exist."""

    base: str
    schema: BaseSchema
    ids: dict[str, str]


@pytest.fixture(scope="module")
def described(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    root = Path(shutil.copytree(template, tmp_path_factory.mktemp("openapi") / "handbook"))
    services = open_services(root)
    services.index.refresh()
    ids = {
        "suggestions": propose(services, EXPENSES, "30 days", "45 days").id,
        "flags": services.flags.raise_flag(FlagDraft(page_path=EXPENSES, section="deadline", kind="outdated", evidence=())).id,
        "updates": services.intake.take_text("chat", "Maya: the printer is on floor 3 now.")[0].id,
    }
    services.close()
    with serving(root, ready_s=60) as base:
        yield Described(base=base, schema=schemathesis.openapi.from_url(f"{base}/api/openapi.json"), ids=ids)


def test_every_call_is_in_the_list_above(described: Described) -> None:
    found = {(result.ok().method.upper(), result.ok().path) for result in described.schema.get_all_operations()}
    assert found == set(CALLS)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_call_answers_as_it_is_described(described: Described, method: str, path: str) -> None:
    @given(case=described.schema[path][method].as_strategy(), exists=st.booleans())
    @BOUNDED
    def check(case: Case, exists: bool) -> None:
        if exists:
            _aim(case, described)
        case.call_and_validate(checks=CHECKS)

    check()


@pytest.mark.parametrize(("method", "path"), CONSTRAINED)
def test_what_breaks_the_description_is_refused_as_described(described: Described, method: str, path: str) -> None:
    @given(case=described.schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    @BOUNDED
    def check(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


def _aim(case: Case, described: Described) -> None:
    """Send the call to what exists, on its newest revision."""
    if "id" in case.path_parameters:
        case.path_parameters["id"] = described.ids[case.path.split("/")[3]]
    elif "path" in case.path_parameters:
        case.path_parameters["path"] = EXPENSES
        case.headers["If-Match"] = _revision(f"{described.base}/api/v1/pages/{EXPENSES}")


def _revision(page: str) -> str:
    """The page's newest revision; the page is made anew where a call before deleted or moved it."""
    found = httpx.get(page)
    if found.status_code == 404:
        found = httpx.put(page, json={"text": PAGES[EXPENSES]}, headers={"If-None-Match": "*"})
    return str(found.json()["revision"])
