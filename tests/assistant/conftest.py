"""A small handbook with real git, index and database, and a stand-in Ollama for each test that wants one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import httpx
import pytest

from assistant.answering import Asker, Mode
from assistant.embeddings import packaged_embedder
from assistant.meaning import Meaning
from assistant.models import OllamaModel
from tests.fake_ollama import FakeOllama
from wiki.access import Level, Viewer
from wiki.database import Database, metadata, sqlite_url
from wiki.git.repository import Repository
from wiki.search.index import SectionIndex
from wiki.workspace.workspace import Workspace

PAGES = {
    "ops/backups.md": """\
        ---
        title: Backups
        owner: ops-lead
        ---
        # Backups

        ## Schedule

        Backups run hourly. The full copy is made every Sunday at 02:00 and kept for 90 days.

        ## Restore

        To restore a file:

        1. Open the backup console.
        2. Choose the file and the day.
        3. Press Restore and wait for the mail from ops@example.com.
        """,
    "people/leave.md": """\
        ---
        title: Leave
        owner: people-lead
        ---
        # Leave

        ## Annual leave

        Every employee has 28 days of annual leave a year. At most 5 unused days carry over into the next year; Dana Okafor,
        the people lead, decides on exceptions.

        ## Sick leave

        Call your manager before 9:30 on the first day. A doctor's note is needed from the fourth day.

        ## Contractors

        Contractors have no annual leave. They agree on days off with the delivery lead.
        """,
    "people/salaries.md": """\
        ---
        title: Salary bands
        owner: people-lead
        visibility: restricted
        groups: [leadership]
        ---
        # Salary bands

        ## Bands

        A senior consultant earns between 71000 and 83000 euros, and the codeword of the band is BLUEHERON.
        """,
    "finance/expenses.md": """\
        ---
        title: Expenses
        owner: finance-lead
        reviewed: 2020-01-01
        review_every: 90d
        ---
        # Expenses

        ## Deadline

        Hand in expenses within 30 days of the purchase, with the receipt, in the tool Ledgerly.
        """,
    "offices/dublin.md": """\
        ---
        title: Dublin office
        ---
        # Dublin office

        The office is on Harbour Street. Badges open the door between 7:00 and 19:00.

        ## Wi-Fi

        Connect to the network Harbour; ask reception for the password.
        """,
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Five pages, one restricted and one overdue, in one commit."""
    (tmp_path / "mkdocs.yml").write_text("site_name: Test handbook\ndocs_dir: content\n")
    for path, text in PAGES.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", "mkdocs.yml", "content")
    git(tmp_path, "-c", "user.name=Sam Hill", "-c", "user.email=sam@example.com", "commit", "--quiet", "-m", "The handbook")
    return Workspace.open(tmp_path)


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True)


@pytest.fixture
def index(workspace: Workspace) -> Iterator[SectionIndex]:
    index = SectionIndex(workspace)
    index.refresh()
    yield index
    index.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path / "test.db"))
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def ollama() -> FakeOllama:
    return FakeOllama()


@pytest.fixture
def model(ollama: FakeOllama) -> OllamaModel:
    return OllamaModel("http://ollama.test", ollama.model, transport=httpx.MockTransport(ollama.handle), timeout_s=5)


@pytest.fixture
def reader() -> Viewer:
    return Viewer(handle="rae", name="Rae Reader", email="rae@example.com", level=Level.READER)


@pytest.fixture
def leader() -> Viewer:
    return Viewer(
        handle="lee", name="Lee Leader", email="lee@example.com", level=Level.READER, groups=frozenset({"leadership"})
    )


@pytest.fixture(scope="session")
def meaning() -> Meaning:
    return Meaning(packaged_embedder())


class AskerMaker:
    """Makes askers over the test handbook, with the owner and revision of its pages."""

    def __init__(
        self, workspace: Workspace, index: SectionIndex, database: Database, model: OllamaModel, meaning: Meaning | None
    ) -> None:
        self._workspace, self._index, self._database, self._model = workspace, index, database, model
        self.meaning = meaning
        self._repository = Repository(workspace.root)

    def __call__(self, mode: Mode = "off", model: OllamaModel | None = None) -> Asker:
        return Asker(
            self._index,
            self._database,
            model=model or self._model,
            mode=mode,
            revision_of=self.revision_of,
            owner_of=lambda page_path: self._workspace.read_page(page_path).front_matter.owner,
            meaning=self.meaning,
        )

    def revision_of(self, page_path: str) -> str:
        change = self._repository.last_change(self._workspace.repo_path(page_path))
        return change.id if change else ""


@pytest.fixture
def make_asker(
    workspace: Workspace, index: SectionIndex, database: Database, model: OllamaModel, meaning: Meaning
) -> AskerMaker:
    return AskerMaker(workspace, index, database, model, meaning)
