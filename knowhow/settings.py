"""Settings: `knowhow.toml` in the workspace, over it `KNOWHOW_*` variables, over both what the command line says.

Every setting has a default; docs/configure.md describes each. A key or variable that is not known, or a value that cannot be
used, is refused by name before anything is opened.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import SettingsError as PydanticSettingsError

from wiki.errors import WikiError

__all__ = [
    "AssistantSettings",
    "IngestSettings",
    "MemberSettings",
    "SearchSettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "load_settings",
]

PREFIX = "KNOWHOW_"


class SettingsError(WikiError):
    code = "settings-error"


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(_Group):
    """Where the server listens."""

    host: str = Field("127.0.0.1", description="Address to listen on. With open access only a loopback address is taken.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    max_upload_mb: int = Field(200, ge=1, le=10_000, description="Largest request body that is taken, in megabytes.")


class DatabaseSettings(_Group):
    """Where updates, suggestions, flags and questions are kept."""

    url: str = Field("", description="SQLAlchemy URL. Empty: SQLite in .knowhow/knowhow.db.")


class SearchSettings(_Group):
    """The search index."""

    language: str = Field(
        "", description="Language of stemming, as an ISO code (en, de, fr …). Empty: the language in mkdocs.yml, else en."
    )
    embeddings: str = Field(
        "",
        description="Search by meaning. Empty: the packaged English model; off; a folder with model.onnx and tokenizer.json; or ollama:MODEL, asked at assistant.host.",
    )


class AssistantSettings(_Group):
    """The language model. Nothing is ever sent to a host that is not named here."""

    mode: Literal["auto", "off", "required"] = Field(
        "auto",
        description="auto: the model when it answers, extraction when not; off: always extraction; required: an error when the model does not answer.",
    )
    provider: Literal["ollama", "openai"] = Field("ollama", description="ollama, or openai for any OpenAI-compatible server.")
    host: str = Field("http://127.0.0.1:11434", description="Address of the model server.")
    model: str = Field("", description="Name of the model, as the server knows it. Empty: no model, extraction only.")
    api_key: str = Field("", description="Key for an OpenAI-compatible server that wants one.")
    timeout_s: float = Field(120.0, gt=0, le=3600, description="Longest wait for the model, in seconds.")
    context_tokens: int = Field(8192, ge=1024, le=1_000_000, description="Context window asked of the model, in tokens.")

    @field_validator("host")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")


class IngestSettings(_Group):
    """What happens to updates before they are kept."""

    speech_model: str = Field(
        "", description="Folder of a faster-whisper model for voice memos. Empty: recordings are kept and wait."
    )
    redaction_patterns: tuple[str, ...] = Field(
        (), description="Regular expressions; what they match is removed from updates before anything is kept."
    )
    redact_contacts: bool = Field(False, description="Also remove e-mail addresses and phone numbers from updates.")
    date_order: Literal["auto", "day", "month"] = Field(
        "auto",
        description="`day` or `month`: what stands first in dates like 03/04/26. `auto` guesses where a chat does not tell.",
    )


class MemberSettings(_Group):
    """Who you are while access is open: the author of your commits."""

    name: str = Field("", description="Your name. Empty: user.name of git, else your login.")
    email: str = Field("", description="Your address. Empty: user.email of git, else login@localhost.")


class Settings(BaseSettings):
    """All settings of one workspace. Build it with `load_settings`."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="_", env_nested_max_split=1
    )

    access: Literal["open"] = Field("open", description="open: whoever reaches the server, on loopback only, is admin.")
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    search: SearchSettings = SearchSettings()
    assistant: AssistantSettings = AssistantSettings()
    ingest: IngestSettings = IngestSettings()
    member: MemberSettings = MemberSettings()


def load_settings(root: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings of the workspace at `root`. `overrides` are dotted names from the command line, `{"server.port": 9000}`; None is no value.

    Raises SettingsError that names each key or variable that cannot be used.
    """
    path = root / "knowhow.toml"
    _refuse_unknown_variables()

    class Here(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    try:
        return Here(**_nested(overrides or {}))
    except ValidationError as error:
        raise SettingsError(_sentences(error, path), hint="docs/configure.md lists every setting.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path.name} cannot be read: {error}.", hint="Mend the line that it names.") from error
    except PydanticSettingsError as error:
        raise SettingsError(
            f"A {PREFIX}* variable cannot be read: {error}.", hint='Lists are written as JSON: ["a", "b"].'
        ) from error


def _nested(overrides: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in overrides.items():
        if value is not None:
            group, _, key = name.partition(".")
            if key:
                tree.setdefault(group, {})[key] = value
            else:
                tree[group] = value
    return tree


def _known_variables() -> set[str]:
    names = set()
    for name, field in Settings.model_fields.items():
        annotation = field.annotation
        names.add(PREFIX + name.upper())
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            names |= {f"{PREFIX}{name}_{key}".upper() for key in annotation.model_fields}
    return names


def _refuse_unknown_variables() -> None:
    known = _known_variables() | {PREFIX + "WORKSPACE"}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(
            f"Not a setting: {', '.join(unknown)}.", hint="docs/configure.md lists every variable. Unset it or mend its name."
        )


def _sentences(error: ValidationError, path: Path) -> str:
    rows = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
    return f"Settings that cannot be used ({path.name} or {PREFIX}* variables): " + "; ".join(rows) + "."
