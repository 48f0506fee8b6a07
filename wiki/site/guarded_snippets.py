"""`pymdownx.snippets` that asks before it includes a file: takes its place in the site's Markdown extensions."""

from __future__ import annotations

from typing import Any

from pymdownx.snippets import SnippetExtension, SnippetPreprocessor  # type: ignore[import-untyped]

__all__ = ["GuardedSnippets", "makeExtension"]


class _Preprocessor(SnippetPreprocessor):  # type: ignore[misc]
    def __init__(self, config: dict[str, Any], md: Any) -> None:
        self._allow = config["allow"]
        super().__init__(config, md)

    def get_snippet_path(self, path: str) -> str | None:
        found: str | None = super().get_snippet_path(path)
        return found if found and self._allow and self._allow(found) else None


class GuardedSnippets(SnippetExtension):  # type: ignore[misc]
    """Takes the options of pymdownx.snippets and `allow`, a function that says of an absolute path whether it may be included."""

    def __init__(self, **options: Any) -> None:
        allow = options.pop("allow", None)
        super().__init__(**options)
        self._allow = allow

    def extendMarkdown(self, md: Any) -> None:  # noqa: N802
        self.md = md
        md.registerExtension(self)
        md.preprocessors.register(_Preprocessor({**self.getConfigs(), "allow": self._allow}, md), "snippet", 32)


def makeExtension(**options: Any) -> GuardedSnippets:  # noqa: N802
    """As Python-Markdown looks for it."""
    return GuardedSnippets(**options)
