"""The model client above a stand-in Ollama: what is sent, what comes back, and every way it fails."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest
from pydantic import BaseModel

from assistant.models import ChatMessage, ModelError, OllamaModel, OpenAICompatibleModel, available, complete_as
from assistant.streaming import ThinkingFilter
from tests.fake_ollama import FakeOllama

QUESTION = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="How often do backups run?")]


class Verdict(BaseModel):
    right: bool
    reason: str


@pytest.fixture
def ollama() -> FakeOllama:
    return FakeOllama()


@pytest.fixture
def model(ollama: FakeOllama) -> OllamaModel:
    return OllamaModel("http://ollama.test", ollama.model, transport=httpx.MockTransport(ollama.handle), timeout_s=5)


def test_a_reply_is_streamed_piece_by_piece(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("Backups run hourly [1].")
    assert list(model.stream(QUESTION)) == ["Backups", " run", " hourly", " [1]."]


def test_the_whole_reply_is_given_at_once(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("Backups run hourly [1].")
    assert model.complete(QUESTION) == "Backups run hourly [1]."


def test_the_request_names_the_model_the_context_size_and_no_thinking(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("Hourly.")
    model.complete(QUESTION)
    (request,) = ollama.requests
    assert request["model"] == "test-model"
    assert request["options"] == {"temperature": 0.0, "num_ctx": 8192, "seed": 0, "num_predict": 2048}
    assert request["think"] is False
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert ollama.paths == ["/api/chat"]


def test_a_schema_is_passed_on_as_ollamas_format(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply_json({"right": True, "reason": "it says so"})
    assert complete_as(model, QUESTION, Verdict) == Verdict(right=True, reason="it says so")
    assert ollama.requests[0]["format"]["required"] == ["right", "reason"]


def test_a_reply_that_breaks_the_schema_is_sent_back_once(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("Sure! {right: yes}")
    ollama.reply('```json\n{"right": false, "reason": "corrected"}\n```')
    assert complete_as(model, QUESTION, Verdict).reason == "corrected"
    assert "Sure! {right: yes}" in ollama.prompts[1]
    assert "does not fit the JSON schema" in ollama.prompts[1]


def test_a_second_broken_reply_is_a_model_error(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("no")
    ollama.reply_json({"right": True})
    with pytest.raises(ModelError, match="did not keep to the form"):
        complete_as(model, QUESTION, Verdict)


def test_a_server_that_is_down_says_how_to_start_it() -> None:
    model = OllamaModel("http://127.0.0.1:9", "llama", timeout_s=5)
    with pytest.raises(ModelError, match="No answer from Ollama") as caught:
        model.complete(QUESTION)
    assert "ollama serve" in caught.value.hint
    assert caught.value.code == "model-unavailable"
    assert not available(model)


def test_a_model_that_is_not_pulled_says_how_to_fetch_it(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.not_pulled()
    with pytest.raises(ModelError) as caught:
        model.complete(QUESTION)
    assert "ollama pull test-model" in caught.value.hint
    problem = model.problem()
    assert problem is not None
    assert "ollama pull test-model" in problem.hint


def test_a_reply_that_never_starts_runs_into_the_time_out(ollama: FakeOllama) -> None:
    model = OllamaModel("http://ollama.test", ollama.model, transport=httpx.MockTransport(ollama.handle), timeout_s=0.05)
    ollama.reply("Too late.", delay_s=0.1)
    with pytest.raises(ModelError, match=r"did not finish within 0\.05 s") as caught:
        model.complete(QUESTION)
    assert "assistant.timeout_s" in caught.value.hint


def test_a_reply_that_dribbles_is_cut_at_the_same_time_out(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply_pieces(["word "] * 1000, pause_s=0.01)
    started = time.monotonic()
    with pytest.raises(ModelError, match="did not finish"):
        model.complete(QUESTION, timeout_s=0.15)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("body", [b"<html>hello</html>\n", b'{"message": 3}\n', b"[1, 2]\n", b'"text"\n', b"\xff\xfe\n"])
def test_what_is_not_ollamas_protocol_is_a_model_error(ollama: FakeOllama, model: OllamaModel, body: bytes) -> None:
    ollama.garbage(body)
    with pytest.raises(ModelError) as caught:
        model.complete(QUESTION)
    assert caught.value.hint


def test_an_error_of_the_server_is_passed_on(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.fail(500, "out of memory")
    with pytest.raises(ModelError, match=r"refused \(500\): out of memory"):
        model.complete(QUESTION)


def test_a_redirect_is_not_followed_to_another_host() -> None:
    asked: list[str] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"Location": "http://elsewhere.test/api/chat"})

    model = OllamaModel("http://ollama.test", "m", transport=httpx.MockTransport(elsewhere))
    with pytest.raises(ModelError, match="307"):
        model.complete(QUESTION)
    assert asked == ["ollama.test"]


def test_no_proxy_of_the_environment_sees_a_question(ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with ollama.serve() as server:
        ollama.reply("Hourly.")
        assert OllamaModel(server.url, ollama.model).complete(QUESTION) == "Hourly."


@pytest.mark.parametrize("lose", [FakeOllama.drop_after, FakeOllama.stop_after])
def test_a_stream_that_breaks_off_keeps_what_came_and_then_fails(lose: object, ollama: FakeOllama, model: OllamaModel) -> None:
    assert callable(lose)
    lose(ollama, "Backups run")
    heard: list[str] = []
    with pytest.raises(ModelError, match="broke off"):
        heard.extend(model.stream(QUESTION))
    pieces: Iterator[str] = iter(["Backups", " run"])
    assert heard in ([], list(pieces))


def test_a_connection_lost_on_a_real_socket_is_a_model_error(ollama: FakeOllama) -> None:
    with ollama.serve() as server:
        ollama.drop_after("Backups run")
        with pytest.raises(ModelError, match="broke off"):
            OllamaModel(server.url, ollama.model).complete(QUESTION)


def test_an_empty_reply_is_a_model_error(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply_pieces(["<think>hm</think>", " \n"])
    with pytest.raises(ModelError, match="empty reply"):
        model.complete(QUESTION)


def test_a_stream_can_be_left_half_way(ollama: FakeOllama, model: OllamaModel) -> None:
    ollama.reply("Backups run hourly.")
    stream = model.stream(QUESTION)
    assert next(stream) == "Backups"
    stream.close()  # type: ignore[attr-defined]


def test_being_there_is_asked_once_in_a_few_seconds(ollama: FakeOllama, model: OllamaModel) -> None:
    assert available(model)
    assert available(model)
    assert ollama.paths == ["/api/tags"]


def test_no_host_is_refused_by_name() -> None:
    with pytest.raises(ModelError) as caught:
        OllamaModel("", "llama")
    assert "assistant.host" in caught.value.hint


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["Hourly."], "Hourly."),
        (["<think>", "let me see", "</think>\n\nHourly", "."], "Hourly."),
        (["<", "th", "ink>x</th", "ink>Hourly."], "Hourly."),
        (["<b>Hourly</b>"], "<b>Hourly</b>"),
        (["<"], "<"),
        (["  ", "Hourly."], "  Hourly."),
    ],
)
def test_thinking_sent_as_text_is_left_out(pieces: list[str], text: str) -> None:
    thinking = ThinkingFilter()
    assert "".join(thinking.feed(p) for p in pieces) + thinking.rest() == text


def openai_server(request: httpx.Request) -> httpx.Response:
    """The few lines of OpenAI's protocol that a local server speaks."""
    if request.url.path == "/v1/models":
        return httpx.Response(200, json={"data": [{"id": "local"}]})
    if request.headers["Authorization"] != "Bearer secret":
        return httpx.Response(401, json={"error": {"message": "bad key"}})
    chunk = '{"id":"1","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}'
    lines = [
        chunk % ('{"role":"assistant","content":"Hour"}', "null"),
        chunk % ('{"content":"ly."}', "null"),
        chunk % ("{}", '"stop"'),
    ]
    body = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"])
    return httpx.Response(200, text=body, headers={"Content-Type": "text/event-stream"})


def openai_model(key: str = "secret", handler: object = openai_server) -> OpenAICompatibleModel:
    assert callable(handler)
    return OpenAICompatibleModel("http://models.test/v1", "local", key, transport=httpx.MockTransport(handler))


def test_the_request_to_an_openai_compatible_server_has_a_seed_and_the_schema() -> None:
    asked: list[dict[str, object]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.read()))
        return openai_server(request)

    openai_model(handler=handle).complete(QUESTION, schema=Verdict.model_json_schema())
    assert (asked[0]["temperature"], asked[0]["seed"]) == (0.0, 0)
    schema = {"name": "reply", "schema": Verdict.model_json_schema()}
    assert asked[0]["response_format"] == {"type": "json_schema", "json_schema": schema}


def test_an_openai_compatible_server_is_streamed_too() -> None:
    model = openai_model()
    assert list(model.stream(QUESTION)) == ["Hour", "ly."]
    assert available(model)


def test_a_refused_key_names_the_setting() -> None:
    with pytest.raises(ModelError) as caught:
        openai_model("wrong").complete(QUESTION)
    assert "assistant.api_key" in caught.value.hint


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (httpx.ConnectError("refused"), "No answer from"),
        (httpx.ConnectTimeout("slow"), "No answer from"),
        (httpx.ReadTimeout("slow"), "did not finish"),
        (httpx.RemoteProtocolError("gone"), "broke off"),
    ],
)
def test_an_openai_compatible_server_fails_as_one_error(raised: httpx.HTTPError, message: str) -> None:
    def failing(request: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(ModelError, match=message):
        openai_model(handler=failing).complete(QUESTION)


def test_an_openai_compatible_server_without_the_model_says_so() -> None:
    with pytest.raises(ModelError, match="has no model local"):
        openai_model(handler=lambda request: httpx.Response(404, json={"error": {"message": "no such model"}})).complete(
            QUESTION
        )
