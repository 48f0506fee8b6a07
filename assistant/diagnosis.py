"""What the assistant lacks, one line a feature: for `knowhow doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.chat import ChatModel, ModelError

__all__ = ["Finding", "diagnose_model"]

FEATURE = "answers and edits by a model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One feature: whether it works, what is so, and what to do where it is not."""

    feature: str
    ok: bool
    message: str
    hint: str = ""


def diagnose_model(model: ChatModel | None) -> list[Finding]:
    """The model check for a model as it was built from the settings; None where none is configured."""
    if model is None:
        return [
            Finding(
                feature=FEATURE,
                ok=False,
                message="No model is configured: answers are the pages' own words, edits are made by rules.",
                hint="Set assistant.host and assistant.model to change that.",
            )
        ]
    problem: ModelError | None = model.problem()
    if problem:
        return [Finding(feature=FEATURE, ok=False, message=problem.message, hint=problem.hint + _inside_docker(model, problem))]
    return [Finding(feature=FEATURE, ok=True, message=f"{model.name} answers, with room for {model.context_tokens} tokens.")]


def _inside_docker(model: ChatModel, problem: ModelError) -> str:
    host = getattr(model, "host", "")
    if "No answer" in problem.message and any(local in host for local in ("127.0.0.1", "localhost", "[::1]")):
        return " Inside a container this address is the container itself: use the host's address there."
    return ""
