"""Checks of the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiki.editing.checks import check_workspace
from wiki.workspace.workspace import Workspace

TAGS = """---
title: Tags
---

# Tags {{ no tag

`{{ code }}` and {{site.baseurl}}/a/ and [b]({{ site.baseurl }}/b/) {%- include note.html text="x" -%}

```
{% raw %}
```

{{ page.title | upcase }} {% endif %} {{}} {# note #} ${{ 3 }}
"""


def tags_found(root: Path) -> list[tuple[str, int, str]]:
    found = check_workspace(Workspace.open(root))
    return [(f.page_path, f.line, f.message) for f in found if f.rule == "template-tag"]


def test_tags_of_liquid_and_jinja_are_named_once_a_page(root: Path) -> None:
    (root / "content/tags.md").write_text(TAGS)
    (root / "content/code.md").write_text("# Code\n\n    {{ x }}\n")
    message = "Shown as they are: {{ site.baseurl }}, {% include %}, {{ page.title }} …."
    assert tags_found(root) == [("tags.md", 7, message)]


@pytest.mark.parametrize("plugin", ["macros", "{macros: {}}", "material/macros"])
def test_where_a_plugin_fills_tags_in_there_is_nothing_to_say(root: Path, plugin: str) -> None:
    (root / "content/tags.md").write_text(TAGS)
    (root / "mkdocs.yml").write_text(f"site_name: H\ndocs_dir: content\nplugins: [search, {plugin}]\n")
    assert tags_found(root) == []
