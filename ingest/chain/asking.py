"""Questions to a model: a prompt and a form in, a checked reply out; one retry with what was wrong, and a bound on the calls."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Generic, TypeVar

from assistant.chat import ChatMessage, ChatModel

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["Asker", "OutOfCalls", "Prompt", "Replied", "as_data", "prompt"]

log = logging.getLogger(__name__)

Form = TypeVar("Form", bound="BaseModel")

MOST_CALLS = 40
"""About one update."""

_CHARACTERS_A_TOKEN = 3  # a low guess, so that the prompt fits
_TOKENS_A_DIGIT, _TOKENS_A_SIGN = 1.0, 1.5  # signs: what is not ASCII
_RETRY_TOKENS = 500  # the unusable reply, shortened, and what was wrong with it
_REPLY_SHOWN = 1000
_MOST_CHARACTERS = 6000  # a small model reads no more than that with care
_LEAST_CHARACTERS = 600
_TAG = re.compile(r"<(?=/?\s*(?:update|news|section|said|before|after)\b)", re.IGNORECASE)


class OutOfCalls(Exception):
    """The update has had its calls; what it led to so far stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the model is told, and what it is asked with places to fill in."""

    version: str
    told: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Generic[Form]):
    """`problem` says what makes the reply unusable, "" where it can be used; `reply` is None where it has not the form asked for."""

    reply: Form | None
    problem: str

    @property
    def usable(self) -> Form | None:
        return None if self.problem else self.reply


class Asker:
    """One update's conversation with a model. `calls` counts all requests, retries included."""

    def __init__(self, model: ChatModel, *, most_calls: int = MOST_CALLS) -> None:
        self.model, self.most_calls, self.calls = model, most_calls, 0

    def ask(
        self, name: str, values: Mapping[str, str], form: type[Form], problem: Callable[[Form], str] = lambda _: ""
    ) -> Replied[Form]:
        """The reply to the prompt `name`; `problem` says what is wrong with one that has the form. Sent back once.

        Raises ModelError where the model fails, OutOfCalls where it was asked often enough.
        """
        asked = prompt(name)
        filled = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], asked.asked)
        messages = [ChatMessage(role="system", content=asked.told), ChatMessage(role="user", content=filled)]
        told = self._told(messages, form, problem)
        if not told[1].problem:
            return told[1]
        log.info("A reply to %s cannot be used: %s", name, told[1].problem)
        retry = prompt("retry").told.replace("{problem}", told[1].problem)
        messages += [ChatMessage(role="assistant", content=told[0][:_REPLY_SHOWN]), ChatMessage(role="user", content=retry)]
        again = self._told(messages, form, problem)[1]
        if again.problem:
            log.info("The second reply to %s cannot be used either: %s", name, again.problem)
        return again if again.reply is not None else Replied(reply=told[1].reply, problem=again.problem)

    def room(self, name: str, reply_tokens: int, text: str) -> int:
        """How many characters of a text like `text` fit into the prompt `name` beside its own words and a reply of this length."""
        asked = prompt(name)
        own = (len(asked.told) + len(asked.asked)) / _CHARACTERS_A_TOKEN
        free = self.model.context_tokens - reply_tokens - _RETRY_TOKENS - own
        return max(_LEAST_CHARACTERS, min(_MOST_CHARACTERS, int(free / _tokens_a_character(text))))

    def _told(self, messages: list[ChatMessage], form: type[Form], problem: Callable[[Form], str]) -> tuple[str, Replied[Form]]:
        from pydantic import ValidationError

        if self.calls >= self.most_calls:
            raise OutOfCalls
        self.calls += 1
        text = self.model.complete(messages, schema=form.model_json_schema())
        try:
            reply = form.model_validate_json(_json(text))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the reply"
            return text, Replied(reply=None, problem=f"it does not fit the form ({place}: {first['msg']}).")
        return text, Replied(reply=reply, problem=problem(reply))


def as_data(text: str) -> str:
    """Text that cannot open or close the tags it stands in."""
    return _TAG.sub("‹", text)


@lru_cache(maxsize=8)
def prompt(name: str) -> Prompt:
    """The prompt `name`.md: a line with its version, what the model is told, a line of `=====`, what it is asked."""
    text = (files("ingest") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    head, _, rest = text.partition("\n")
    told, _, asked = rest.partition("\n=====\n")
    return Prompt(version=head.removeprefix("version:").strip(), told=told.strip(), asked=asked.strip())


def _tokens_a_character(text: str) -> float:
    """A high guess: digits and signs of other scripts are often tokens of their own."""
    digits = sum(map(text.count, "0123456789"))
    signs = len(text) - len(text.encode("ascii", "ignore"))
    tokens = (len(text) - digits - signs) / _CHARACTERS_A_TOKEN + digits * _TOKENS_A_DIGIT + signs * _TOKENS_A_SIGN
    return tokens / max(1, len(text)) or 1 / _CHARACTERS_A_TOKEN


def _json(reply: str) -> str:
    match = re.search(r"\{.*\}", reply, re.DOTALL)
    return match[0] if match else reply
