"""Diagrams: blocks of Mermaid in pages, which a script of ours draws in the browser (site/assets/javascripts/diagrams.js).

Material would fetch Mermaid from another host for its class `mermaid`, so a diagram's block has the class `kh-diagram` here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["add_diagram_fence", "has_diagram", "with_diagrams"]

_OF_MATERIAL = re.compile(r'(<(?:pre|div)\b[^>]*\bclass=")mermaid\b')
_OF_FENCED_CODE = re.compile(r'<pre(?: class="highlight")?><code class="language-mermaid">')
_OURS = re.compile(r'<(?:pre|div)\b[^>]*\bclass="kh-diagram\b')
_SUPERFENCES = "pymdownx.superfences"


def add_diagram_fence(config: MkDocsConfig) -> None:
    """Let superfences, where the workspace uses it, leave Mermaid's blocks as diagrams, unless its settings say what they are."""
    if _SUPERFENCES not in config.markdown_extensions:
        return
    options = config.mdx_configs.get(_SUPERFENCES) or {}
    fences = options.get("custom_fences") or []
    if any(isinstance(fence, dict) and fence.get("name") in ("mermaid", "*") for fence in fences):
        return
    from pymdownx.superfences import fence_code_format  # type: ignore[import-untyped]

    ours: dict[str, Any] = {"name": "mermaid", "class": "kh-diagram", "format": fence_code_format}
    config.mdx_configs[_SUPERFENCES] = {**options, "custom_fences": [*fences, ours]}


def with_diagrams(html: str) -> str:
    """A rendered page's `html` with every block of Mermaid in it as a diagram."""
    if "mermaid" not in html:
        return html
    html = _OF_FENCED_CODE.sub('<pre class="kh-diagram"><code>', html)
    return _OF_MATERIAL.sub(r"\1kh-diagram", html)


def has_diagram(html: str) -> bool:
    """Whether the script that draws is needed."""
    return "kh-diagram" in html and _OURS.search(html) is not None
