"""Settings: the file, the variables over it, the command line over both; what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from knowhow.settings import Settings, SettingsError, load_settings


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.access == "open"
    assert settings.server.host == "127.0.0.1"
    assert settings.assistant.model == ""


def test_a_variable_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "knowhow.toml").write_text('[server]\nport = 1111\n[assistant]\nmodel = "a"\nmode = "off"\n')
    monkeypatch.setenv("KNOWHOW_ASSISTANT_MODEL", "b")
    monkeypatch.setenv("KNOWHOW_SERVER_MAX_UPLOAD_MB", "3")
    settings = load_settings(tmp_path, {"server.port": 2222, "server.host": None})
    assert (settings.server.port, settings.server.max_upload_mb, settings.server.host) == (2222, 3, "127.0.0.1")
    assert (settings.assistant.model, settings.assistant.mode) == ("b", "off")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[server]\nprot = 1\n", "server.prot"),
        ("[server]\nport = 99999999\n", "server.port"),
        ("[assistant]\nhost = 'ollama:11434'\n", "assistant.host"),
        ("[speech]\nmodel = 'x'\n", "speech"),
        ("access = 'closed'\n", "access"),
        ("port =\n", "knowhow.toml"),
    ],
)
def test_what_cannot_be_used_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "knowhow.toml").write_text(text)
    with pytest.raises(SettingsError, match=re.escape(named)):
        load_settings(tmp_path)


def test_a_variable_that_is_no_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHOW_ASSISTANT_MODLE", "x")
    with pytest.raises(SettingsError, match="KNOWHOW_ASSISTANT_MODLE"):
        load_settings(tmp_path)


def test_a_list_in_a_variable_that_is_no_json_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHOW_INGEST_REDACTION_PATTERNS", "[not json")
    with pytest.raises(SettingsError, match=r"redaction_patterns|ingest"):
        load_settings(tmp_path)


def test_every_setting_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "configure.md").read_text(encoding="utf-8")
    for group, field in Settings.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for key, setting in annotation.model_fields.items():
                assert f"`{group}.{key}`" in documented, f"{group}.{key} is not in docs/configure.md"
                assert f"`KNOWHOW_{group.upper()}_{key.upper()}`" in documented
                assert setting.description, f"{group}.{key} has no description"
        else:
            assert f"`{group}`" in documented
