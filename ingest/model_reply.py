"""The form of a model's reply about one section. Apart, so that pydantic is imported only where a model is asked."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["SectionEdit"]


class SectionEdit(BaseModel):
    """An edit of one section, or that it needs none."""

    model_config = ConfigDict(extra="ignore")

    changes_page: bool
    old_text: str = ""
    new_text: str = ""
    reason: str = ""
