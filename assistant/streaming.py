"""What the model clients share: one deadline over a streamed reply, thinking left out, every failure told as ModelError."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from assistant.chat import ChatMessage, ModelError, Schema

if TYPE_CHECKING:
    import httpx

__all__ = ["PROBE_TIMEOUT_S", "ModelAbsentError", "StreamedModel", "ThinkingFilter"]

PROBE_TIMEOUT_S = 3.0
_CONNECT_TIMEOUT_S = 1.0
_PROBE_KEPT_S = 5.0


class ModelAbsentError(ModelError):
    """A failure that the next call would meet too, within the next seconds."""


class StreamedModel:
    """What the two clients share: one deadline over a streamed reply, thinking left out, failures told as ModelError."""

    def __init__(
        self, *, host: str, model: str, timeout_s: float, context_tokens: int, transport: httpx.BaseTransport | None
    ) -> None:
        if not host.strip() or not model.strip():
            raise ModelError(
                "No language model is configured.", hint="Set assistant.host and assistant.model, or assistant.mode = off."
            )
        self.host = host.strip().rstrip("/")
        self.name = model.strip()
        self.timeout_s = timeout_s
        self.context_tokens = context_tokens
        self._given_transport = transport
        self._lock = threading.Lock()
        self._probed: tuple[float, ModelError | None] | None = None

    def complete(self, messages: Sequence[ChatMessage], *, schema: Schema | None = None, timeout_s: float | None = None) -> str:
        # Streamed although nobody watches: the deadline then covers the whole reply, and giving up stops the model.
        return "".join(self._stream(messages, schema, timeout_s))

    def stream(self, messages: Sequence[ChatMessage], *, timeout_s: float | None = None) -> Iterator[str]:
        return self._stream(messages, None, timeout_s)

    def problem(self) -> ModelError | None:
        with self._lock:
            if self._probed and time.monotonic() - self._probed[0] < _PROBE_KEPT_S:
                return self._probed[1]
            try:
                with self._translated(PROBE_TIMEOUT_S):
                    self._probe()
                found = None
            except ModelError as error:
                found = error
            self._probed = (time.monotonic(), found)
            return found

    def _stream(self, messages: Sequence[ChatMessage], schema: Schema | None, timeout_s: float | None) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage as LlamaMessage

        limit_s = timeout_s or self.timeout_s
        deadline = time.monotonic() + limit_s
        asked = [LlamaMessage(role=m.role, content=m.content) for m in messages]
        thinking, said, finished = ThinkingFilter(), False, False
        with self._translated(limit_s):
            with self._llm(limit_s) as llm, closing(llm.stream_chat(asked, **self._schema_options(schema))) as pieces:
                for piece in pieces:
                    if time.monotonic() > deadline:
                        raise self._too_slow(limit_s)
                    finished = finished or self._is_last(piece.raw)
                    if text := thinking.feed(piece.delta or ""):
                        said = said or bool(text.strip())
                        yield text
            if not finished:
                raise self._broken_off()
            if rest := thinking.rest():
                said = said or bool(rest.strip())
                yield rest
            if not said:
                raise ModelError(
                    f"{self.name} sent an empty reply.", hint="Try again, or choose another model in assistant.model."
                )

    @contextmanager
    def _translated(self, limit_s: float) -> Iterator[None]:
        """Turn every failure of the client libraries into one ModelError, and remember it for `problem`."""
        try:
            yield
        except Exception as error:
            if (known := self._as_model_error(error, limit_s)) is None:
                raise
            if isinstance(known, ModelAbsentError):
                self._probed = (time.monotonic(), known)
            if known is error:
                raise
            raise known from error

    def _as_model_error(self, error: Exception, limit_s: float) -> ModelError | None:
        """None for what is a bug of ours. OpenAI's client keeps the HTTP error as the cause of its own."""
        import httpx

        if isinstance(error, ModelError):
            return error
        if known := self._refused(error):
            return known
        match error.__cause__ if isinstance(error.__cause__, httpx.HTTPError) else error:
            case httpx.ConnectTimeout() | httpx.ConnectError() | ConnectionError():
                return self._not_running()
            case httpx.TimeoutException():
                return self._too_slow(limit_s)
            case httpx.HTTPError():
                return self._broken_off()
            case ValueError() | TypeError() | KeyError() | AttributeError():  # what was sent is not the protocol's JSON
                return ModelError(
                    f"What {self.host} sent cannot be read.", hint=f"Check that assistant.host names {self._server}."
                )
        return None

    def _http_options(self, limit_s: float) -> dict[str, Any]:
        import httpx

        # A transport of our own keeps httpx from reading HTTP_PROXY: a proxy is a host that the settings do not name.
        return {
            "transport": self._given_transport or httpx.HTTPTransport(),
            "timeout": httpx.Timeout(limit_s, connect=_CONNECT_TIMEOUT_S),
            "follow_redirects": False,
        }

    def _not_running(self) -> ModelError:
        return ModelAbsentError(f"No answer from {self._server} at {self.host}.", hint=self._start_hint)

    def _too_slow(self, limit_s: float) -> ModelError:
        return ModelError(
            f"{self.name} did not finish within {limit_s:g} s.",
            hint="Raise assistant.timeout_s or choose a smaller assistant.model.",
        )

    def _broken_off(self) -> ModelError:
        return ModelError(
            f"{self._server} at {self.host} broke off its reply.", hint=f"See the log of {self._server}, then try again."
        )

    # What differs between the two servers.

    _server: ClassVar[str]
    _start_hint: ClassVar[str]

    def _llm(self, limit_s: float) -> AbstractContextManager[Any]:
        raise NotImplementedError

    def _schema_options(self, schema: Schema | None) -> dict[str, Any]:
        raise NotImplementedError

    def _is_last(self, raw: Any) -> bool:
        raise NotImplementedError

    def _probe(self) -> None:
        raise NotImplementedError

    def _refused(self, error: Exception) -> ModelError | None:
        raise NotImplementedError

    def _server_error(self, message: str, status: int) -> ModelError:
        told = " ".join(message.split())[:200]
        return ModelError(
            f"{self.host} refused ({status or 'error'}): {told}.", hint="See the model server's log, then try again."
        )


class ThinkingFilter:
    """Leaves out `<think>…</think>` at the start of a reply: some servers send a model's thinking as text."""

    _OPEN, _CLOSE = "<think>", "</think>"

    def __init__(self) -> None:
        self._held = ""
        self._state: Literal["start", "thinking", "text"] = "start"

    def feed(self, text: str) -> str:
        if self._state == "text":
            return text
        self._held += text
        if self._state == "start":
            opening = self._held.lstrip()
            if opening.startswith(self._OPEN):
                self._state = "thinking"
            elif self._OPEN.startswith(opening[: len(self._OPEN)]):
                return ""
            else:
                self._state = "text"
                return self._take()
        if self._CLOSE in self._held:
            self._held = self._held.split(self._CLOSE, 1)[1].lstrip()
            self._state = "text"
            return self._take()
        return ""

    def rest(self) -> str:
        """What was held back because it could have become a thinking mark."""
        return self._take() if self._state == "start" else ""

    def _take(self) -> str:
        held, self._held = self._held, ""
        return held
