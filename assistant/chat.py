"""Talking with a language model: what it is asked, what it says, and the one way it fails. `models.py` holds the clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeVar

from wiki.errors import WikiError

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = [
    "ChatMessage",
    "ChatModel",
    "ModelError",
    "Schema",
    "available",
    "complete_as",
]

Reply = TypeVar("Reply", bound="BaseModel")
Schema = Mapping[str, Any]


class ModelError(WikiError):
    """The model gave no usable reply: not running, not there, too slow, cut off, or nonsense. The hint says what to do."""

    code: ClassVar[str] = "model-unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """A language model that answers a chat. Thread-safe. `context_tokens` is the room for prompt and reply together."""

    @property
    def name(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    def complete(self, messages: Sequence[ChatMessage], *, schema: Schema | None = None, timeout_s: float | None = None) -> str:
        """The whole reply, never empty. With a JSON `schema` the server is told to keep to it; check the reply all the same.

        Raises ModelError, also when the whole took longer than `timeout_s` (None = the model's own).
        """
        ...

    def stream(self, messages: Sequence[ChatMessage], *, timeout_s: float | None = None) -> Iterator[str]:
        """The reply piece by piece. Raises ModelError, also half-way; what came before stays valid text."""
        ...

    def problem(self) -> ModelError | None:
        """Why the model would not answer now, None if it would. Takes a second at most and is kept for a few seconds."""
        ...


def available(model: ChatModel) -> bool:
    """Whether the model would answer now, as seen in the last few seconds."""
    return model.problem() is None


def complete_as(
    model: ChatModel, messages: Sequence[ChatMessage], output: type[Reply], *, timeout_s: float | None = None
) -> Reply:
    """The model's reply as an `output`. A reply that does not validate is sent back once with what was wrong.

    Raises ModelError when the second one does not validate either, and whenever the model fails.
    """
    from pydantic import ValidationError

    schema = output.model_json_schema()
    asked = list(messages)
    for last in (False, True):
        reply = model.complete(asked, schema=schema, timeout_s=timeout_s)
        try:
            return output.model_validate_json(_unfenced(reply))
        except ValidationError as error:
            if last:
                raise ModelError(
                    f"{model.name} did not keep to the form it was given.",
                    hint="Try again, or choose a larger model in assistant.model.",
                ) from error
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'reply'}: {e['msg']}" for e in error.errors()[:5])
            asked += [
                ChatMessage(role="assistant", content=reply),
                ChatMessage(
                    role="user", content=f"That reply does not fit the JSON schema ({wrong}). Send the corrected JSON only."
                ),
            ]
    raise AssertionError("unreachable")


def _unfenced(reply: str) -> str:
    """JSON without the code fence that small models like to put around it."""
    text = reply.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text[3:-3].removeprefix("json")
    return text.strip()
