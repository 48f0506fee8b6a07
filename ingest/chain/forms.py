"""The forms of a model's replies. Apart, so that pydantic is imported only where a model is asked.

How long a text may be is told to the server, which can hold the model to it, and is no reason to refuse a reply.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Choice", "Look", "SectionEdit", "Statements"]


_Short = Annotated[str, Field(json_schema_extra={"maxLength": 200})]
_Sentences = Annotated[str, Field(json_schema_extra={"maxLength": 600})]
_Text = Annotated[str, Field(json_schema_extra={"maxLength": 2500})]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Statement(_Form):
    quote: _Sentences
    sentence: _Sentences
    kind: Literal["change", "decision", "blocker", "question", "progress", "none"]
    decided: bool
    who: _Short = ""
    when: _Short = ""


class Statements(_Form):
    """What a piece of an update says."""

    statements: list[_Statement] = Field(max_length=12)


class Choice(_Form):
    """The numbers of the sections that a statement makes wrong or incomplete."""

    because: _Short = ""
    sections: list[int] = Field(max_length=8)


class SectionEdit(_Form):
    """An edit of one section, or that it needs none."""

    changes_page: bool
    old_text: _Text = ""
    new_text: _Text = ""
    reason: _Short = ""


class Look(_Form):
    """Whether an edited section says what was said, and nothing more."""

    because: _Short = ""
    says_it: bool
    nothing_more: bool
