"""What a decision's page says was decided, apart from why, what led to it, and what was not chosen."""

from __future__ import annotations

import re

from wiki.markup.plain import plain_text
from wiki.pages.page import Page, printable
from wiki.pages.section import split_sections

__all__ = ["decided_and_beside"]

_BESIDE = re.compile(
    r"\b(?:why|reasons?|reasoning|rationale|background|context|motivation|alternatives?|options|not|"
    r"warum|gründe|grund|begründung|hintergrund|kontext|alternativen|nicht|"
    r"pourquoi|raisons?|contexte|pas|"
    r"por qué|razón|razones|motivos?|contexto|alternativas|"
    r"perché|motivi|contesto|alternative|non|"
    r"waarom|redenen|reden|achtergrond|alternatieven|niet)\b",
    re.IGNORECASE,
)


def decided_and_beside(page: Page) -> tuple[str, str]:
    """The page's text without marks: what was decided, and what its headings say is beside that."""
    texts = ["", ""]
    for section in split_sections(page):
        texts[any(_BESIDE.search(heading) for heading in section.heading_path[1:])] += section.text
    decided, beside = (printable(plain_text(text)) for text in texts)
    return decided, beside
