"""Every object of a running Knowhow, built once, here: the one place that reads settings and opens things."""

from __future__ import annotations

import getpass
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.answering import Asker
from assistant.chat import ChatModel
from assistant.decided import DecisionBook
from assistant.embeddings import Embedder, EmbeddingsUnavailable, OllamaEmbedder, OnnxEmbedder, packaged_embedder
from assistant.fused_search import FusedSearch
from assistant.meaning import Meaning
from assistant.models import OllamaModel, OpenAICompatibleModel
from assistant.vectors import SectionVectors
from ingest.intake import Intake
from ingest.pipeline import Pipeline
from ingest.speech import Transcriber
from ingest.store import UpdateStore
from knowhow.home import Home
from knowhow.jobs import Jobs
from knowhow.settings import AssistantSettings, Settings, load_settings
from wiki.access import Level, Viewer
from wiki.database import Database, sqlite_url
from wiki.editing import SharedLinks, page_revision
from wiki.errors import WikiError
from wiki.firm import Firm
from wiki.git import Repository
from wiki.migrations import migrate
from wiki.review import FlagStore, Review, SuggestionStore, follow_moves
from wiki.search import SectionIndex
from wiki.site import LiveSite
from wiki.workspace import Workspace

__all__ = ["Services", "open_services"]

log = logging.getLogger(__name__)

PATIENCE_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the command line, the API and the web pages work with. Close it at the end."""

    settings: Settings
    workspace: Workspace
    repository: Repository
    database: Database
    index: SectionIndex
    vectors: SectionVectors | None
    """None where there is no embedding model; `embeddings_note` then says why."""
    embeddings_note: str
    search: FusedSearch
    suggestions: SuggestionStore
    flags: FlagStore
    links: SharedLinks
    firm: Firm
    """What the pages say of the firm as a whole."""
    review: Review
    updates: UpdateStore
    asker: Asker
    intake: Intake
    pipeline: Pipeline
    jobs: Jobs
    model: ChatModel | None
    local_admin: Viewer
    """Who acts while access is open."""

    @cached_property
    def site(self) -> LiveSite:
        """The live site; built on first use, since MkDocs takes a moment to load."""
        return LiveSite(self.workspace, self.repository)

    @cached_property
    def home(self) -> Home:
        """What is going on."""
        return Home(self.workspace, self.repository, self.firm)

    @cached_property
    def decisions(self) -> DecisionBook:
        """Answers whether something was decided."""
        return DecisionBook(self.firm, self.index.language)

    def pages_changed(self, page_paths: list[str] | None) -> None:
        """Bring what is derived from these pages (None: any) up to date: the index, links and firm, and the site where it is in use."""
        self.index.refresh(page_paths)
        self._refresh_derived(page_paths)

    def page_written(self, page_paths: Sequence[str]) -> None:
        """What follows a write made here: what is derived is brought up to date, and suggestions that it settled are closed."""
        self.index.refresh_soon(page_paths)
        self._refresh_derived(list(page_paths))
        self._follow_moves(page_paths)
        self.review.settle(page_paths)

    def _follow_moves(self, page_paths: Sequence[str] | None = None) -> None:
        follow_moves(self.workspace, self.repository, self.suggestions, self.flags, page_paths)

    def _refresh_derived(self, page_paths: list[str] | None) -> None:
        if self.vectors is not None:
            self.vectors.refresh(page_paths)
        self.links.refresh(page_paths)
        self.firm.refresh(page_paths)
        if "site" in self.__dict__:
            self.site.refresh(page_paths)

    def prepare_search(self) -> None:
        """For a single search: bring the index up to date, and the vectors as far as a moment allows."""
        self.index.refresh()
        if self.vectors is not None:
            self.vectors.refresh()
            self.vectors.wait(PATIENCE_S)

    def close(self) -> None:
        if self.vectors is not None:
            self.vectors.stop()
        self.index.close()
        self.database.close()


def open_services(workspace_path: Path, overrides: Mapping[str, Any] | None = None) -> Services:
    """Open a workspace with everything that works on it; recovers what a killed process left half done.

    Raises WorkspaceError, SettingsError, WorkspaceBusy or StorageError; each says what to do.
    """
    workspace = Workspace.open(workspace_path)
    settings = load_settings(workspace.root, overrides)
    repository = Repository(workspace.root)
    repository.recover()
    database = Database(settings.database.url or sqlite_url(workspace.state_dir / "knowhow.db"))
    migrate(database)
    index = SectionIndex(workspace, language=settings.search.language or workspace.language)
    embedder, note = _embedder(settings, workspace, index.language)
    vectors = SectionVectors(workspace, embedder, workspace.state_dir / "vectors") if embedder else None
    search = FusedSearch(index, vectors)
    suggestions = SuggestionStore(database)
    flags = FlagStore(database, workspace)
    updates = UpdateStore(database, workspace.state_dir / "updates")
    model = _model(settings.assistant)
    parts = Pipeline(
        workspace=workspace,
        repository=repository,
        index=search,
        updates=updates,
        suggestions=suggestions,
        flags=flags,
        intake=Intake(
            updates=updates,
            patterns=settings.ingest.redaction_patterns,
            redact_contacts=settings.ingest.redact_contacts,
            date_order=settings.ingest.date_order,
        ),
        transcriber=Transcriber(settings.ingest.speech_model or None),
        embed=search.embed,
        model=model,
    )
    services = Services(
        settings=settings,
        workspace=workspace,
        repository=repository,
        database=database,
        index=index,
        vectors=vectors,
        embeddings_note=note,
        search=search,
        suggestions=suggestions,
        flags=flags,
        links=SharedLinks(workspace),
        firm=Firm(workspace),
        review=Review(workspace, repository, suggestions),
        updates=updates,
        asker=Asker(
            index,
            database,
            model=model,
            mode=settings.assistant.mode,
            revision_of=lambda page_path: page_revision(workspace, repository, page_path),
            owner_of=lambda page_path: owner_of(workspace, page_path),
            search=search,
            meaning=Meaning(embedder) if isinstance(embedder, OnnxEmbedder) else None,
        ),
        intake=parts.intake,
        pipeline=parts,
        jobs=Jobs(parts, settings.database.url or sqlite_url(workspace.state_dir / "jobs.db")),
        model=model,
        local_admin=local_admin(settings, repository),
    )
    services._follow_moves()
    services.review.recover()
    workspace.on_move += [services.review.moved, services.flags.moved]
    workspace.on_change.append(services.page_written)
    return services


@contextmanager
def opened(workspace_path: Path, overrides: Mapping[str, Any] | None = None) -> Iterator[Services]:
    """`open_services`, closed at the end of the block."""
    services = open_services(workspace_path, overrides)
    try:
        yield services
    finally:
        services.close()


def local_admin(settings: Settings, repository: Repository) -> Viewer:
    """The person at this machine, for open access: by the settings, else by git's configuration, else by their login."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        login = "knowhow"
    known = repository.configured_person()
    name = settings.member.name or (known.name if known else "") or login
    email = settings.member.email or (known.email if known else "") or f"{login}@localhost"
    return Viewer(handle=login, name=name, email=email, level=Level.ADMIN)


def owner_of(workspace: Workspace, page_path: str) -> str:
    """Who answers for a page, as a person would say it: the role's title and holder, else the owner as the page names it."""
    try:
        owner = workspace.read_page(page_path).front_matter.owner
    except WikiError:
        return ""
    role = workspace.roles.get(owner)
    if role is None:
        return owner
    return f"{role.title or role.name} ({role.holder})" if role.holder else f"{role.title or role.name} (vacant)"


def _embedder(settings: Settings, workspace: Workspace, language: str) -> tuple[Embedder | None, str]:
    """The embedding model that the settings name, and why there is none."""
    wanted = settings.search.embeddings
    if wanted == "off":
        return None, "Switched off; search goes by words alone."
    embedder: Embedder
    try:
        if wanted.startswith("ollama:"):
            embedder = OllamaEmbedder(settings.assistant.host, wanted.removeprefix("ollama:"))
        elif wanted:
            embedder = OnnxEmbedder.from_folder(Path(workspace.root, wanted).expanduser())
        elif language.split("-")[0] != "en":
            return None, (
                f"The packaged model knows English only, not {language!r}: for meaning besides words, set search.embeddings to a folder "
                "with a multilingual MiniLM, or to ollama:bge-m3."
            )
        else:
            embedder = packaged_embedder()
    except EmbeddingsUnavailable as error:
        return None, f"{error.message} {error.hint}"
    return embedder, ""


def _model(settings: AssistantSettings) -> ChatModel | None:
    if settings.mode == "off" or not settings.model:
        return None
    if settings.provider == "openai":
        return OpenAICompatibleModel(
            settings.host,
            settings.model,
            settings.api_key,
            timeout_s=settings.timeout_s,
            context_tokens=settings.context_tokens,
        )
    return OllamaModel(settings.host, settings.model, timeout_s=settings.timeout_s, context_tokens=settings.context_tokens)
