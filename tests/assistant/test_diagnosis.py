"""The doctor's check of the model: one line that says what to do."""

from __future__ import annotations

import httpx

from assistant.diagnosis import diagnose_model
from assistant.models import OllamaModel
from tests.fake_ollama import FakeOllama


def test_a_model_that_answers_is_fine() -> None:
    ollama = FakeOllama()
    with ollama.serve() as server:
        (finding,) = diagnose_model(OllamaModel(server.url, ollama.model))
    assert finding.ok
    assert "test-model" in finding.message


def test_a_server_that_is_down_says_how_to_start_it_also_in_a_container() -> None:
    (finding,) = diagnose_model(OllamaModel("http://127.0.0.1:9", "llama"))
    assert not finding.ok
    assert "ollama serve" in finding.hint
    assert "container" in finding.hint


def test_a_missing_model_says_how_to_fetch_it() -> None:
    ollama = FakeOllama(pulled=("other",))
    model = OllamaModel("http://ollama.test", "llama", transport=httpx.MockTransport(ollama.handle))
    (finding,) = diagnose_model(model)
    assert not finding.ok
    assert "ollama pull llama" in finding.hint


def test_no_model_is_a_choice_that_is_told() -> None:
    (finding,) = diagnose_model(None)
    assert not finding.ok
    assert "assistant.host" in finding.hint
