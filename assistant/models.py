"""The two model clients, both through LlamaIndex: Ollama, and any server that speaks OpenAI's chat API.

A call goes to the configured host and nowhere else: redirects are not followed and proxy variables of the environment are not
read. LlamaIndex takes seconds to import, so that happens at the first question, not before.

The same question gets the same reply: temperature 0 and a fixed seed. How long a model stays loaded and which marks end its reply
are the server's to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.chat import ChatMessage, ChatModel, ModelError, Schema, available, complete_as
from assistant.streaming import PROBE_TIMEOUT_S, ModelAbsentError, StreamedModel

if TYPE_CHECKING:
    import httpx

__all__ = ["ChatMessage", "ChatModel", "ModelError", "OllamaModel", "OpenAICompatibleModel", "available", "complete_as"]

_SEED = 0
_LONGEST_REPLY_TOKENS = 2048  # Ollama lets a model that repeats itself go on for ever


class OllamaModel(StreamedModel):
    """A model served by Ollama. `transport` stands in for the network in tests."""

    _server = "Ollama"
    _start_hint = "Start it with `ollama serve`, or set assistant.host."

    def __init__(
        self,
        host: str,
        model: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 60.0,
        context_tokens: int = 8192,
    ) -> None:
        if host.strip() and "://" not in host:
            host = f"http://{host.strip()}"
        super().__init__(host=host, model=model, timeout_s=timeout_s, context_tokens=context_tokens, transport=transport)

    @contextmanager
    def _llm(self, limit_s: float) -> Iterator[Any]:
        from llama_index.llms.ollama import Ollama
        from ollama import Client

        with Client(host=self.host, **self._http_options(limit_s)) as client:
            yield Ollama(
                model=self.name,
                base_url=self.host,
                temperature=0.0,
                context_window=self.context_tokens,
                request_timeout=limit_s,
                thinking=False,
                additional_kwargs={"seed": _SEED, "num_predict": min(_LONGEST_REPLY_TOKENS, self.context_tokens // 2)},
                client=client,
            )

    def _schema_options(self, schema: Schema | None) -> dict[str, Any]:
        return {"format": dict(schema)} if schema is not None else {}

    def _is_last(self, raw: Any) -> bool:
        return bool(raw["done"])

    def _probe(self) -> None:
        from ollama import Client

        with Client(host=self.host, **self._http_options(PROBE_TIMEOUT_S)) as client:
            names = {m.model for m in client.list().models}
        if self.name not in names and f"{self.name}:latest" not in names:
            raise self._not_pulled()

    def _refused(self, error: Exception) -> ModelError | None:
        from ollama import ResponseError

        if not isinstance(error, ResponseError):
            return None
        if error.status_code == 404 and "model" in error.error.lower():
            return self._not_pulled()
        return self._server_error(error.error, error.status_code)

    def _not_pulled(self) -> ModelError:
        return ModelAbsentError(
            f"Ollama at {self.host} has no model {self.name}.", hint=f"Fetch it with `ollama pull {self.name}`."
        )


class OpenAICompatibleModel(StreamedModel):
    """A model behind OpenAI's chat API (llama.cpp, vLLM, LM Studio, a vendor). `base_url` ends in `/v1` for most of them."""

    _server = "the model server"
    _start_hint = "Start the model server, or set assistant.host."

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 60.0,
        context_tokens: int = 8192,
    ) -> None:
        super().__init__(host=base_url, model=model, timeout_s=timeout_s, context_tokens=context_tokens, transport=transport)
        self._api_key = api_key or "none"

    @contextmanager
    def _llm(self, limit_s: float) -> Iterator[Any]:
        import httpx
        from llama_index.llms.openai_like import OpenAILike

        with httpx.Client(**self._http_options(limit_s)) as client:
            yield OpenAILike(
                model=self.name,
                api_base=self.host,
                api_key=self._api_key,
                temperature=0.0,
                context_window=self.context_tokens,
                is_chat_model=True,
                max_retries=0,
                additional_kwargs={"seed": _SEED},
                timeout=limit_s,
                http_client=client,
            )

    def _schema_options(self, schema: Schema | None) -> dict[str, Any]:
        if schema is None:
            return {}
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema)}}}

    def _is_last(self, raw: Any) -> bool:
        return any(choice.finish_reason for choice in raw.choices)

    def _probe(self) -> None:
        import httpx

        with httpx.Client(**self._http_options(PROBE_TIMEOUT_S)) as client:
            reply = client.get(f"{self.host}/models", headers={"Authorization": f"Bearer {self._api_key}"})
        if reply.status_code in (401, 403):
            raise self._key_refused()
        if reply.status_code >= 500:
            raise self._server_error(reply.reason_phrase, reply.status_code)

    def _refused(self, error: Exception) -> ModelError | None:
        import openai

        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return self._key_refused()
            case openai.NotFoundError():
                return ModelAbsentError(
                    f"{self.host} has no model {self.name}.", hint="Check assistant.model and the path in assistant.host."
                )
            case openai.APIStatusError():
                return self._server_error(error.message, error.status_code)
            case openai.OpenAIError() if not isinstance(error, openai.APIConnectionError):
                return self._server_error(str(error), 0)
        return None

    def _key_refused(self) -> ModelError:
        return ModelAbsentError(f"{self.host} refused the key.", hint="Set assistant.api_key to a key that the server knows.")
