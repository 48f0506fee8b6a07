"""Tags of template languages in a page's text: a site generator such as Jekyll fills them in, here they are shown as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiki.pages.link_targets import without_code
from wiki.pages.page import Page

__all__ = ["TemplateTag", "template_tags"]

_TAG = re.compile(
    r"\{%[-+]?[ \t]*(?P<word>[A-Za-z_]\w*)[^\r\n%]{0,500}%\}|\{\{[-+]?[ \t]*(?P<name>[A-Za-z_][\w.-]*)[^\r\n{}]{0,500}\}\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTag:
    """A tag of Liquid or Jinja, such as `{% include %}` or `{{ site.url }}`, without what else stands in it; `line` is 0-based."""

    line: int
    name: str


def template_tags(page: Page) -> list[TemplateTag]:
    """The tags in a page's body, in order; code holds none."""
    if "{%" not in page.body and "{{" not in page.body:
        return []
    text = without_code(page.body)
    return [
        TemplateTag(
            line=page.body_line + len(re.findall(r"\r\n|\n|\r", text[: match.start()])),
            name=f"{{% {match['word']} %}}" if match["word"] else f"{{{{ {match['name']} }}}}",
        )
        for match in _TAG.finditer(text)
    ]
