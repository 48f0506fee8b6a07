"""The headings of a page with the anchors that MkDocs gives them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import blake2b
from importlib.metadata import version
from typing import Any, cast

import markdown
from markdown.extensions import toc

from wiki.markup.github import NAME as GITHUB
from wiki.markup.github_blocks import MOVED_HEADING
from wiki.markup.hard_text import too_hard
from wiki.markup.heading_render import Engine, RenderedHeading
from wiki.markup.heading_scan import RawHeading, normalized, scan
from wiki.markup.plain import plain_text

__all__ = ["DEFAULT_RULES", "Heading", "SectionRules"]

_log = logging.getLogger(__name__)

# Extensions whose effect on headings the scanner knows. Under the second set, headings with any punctuation are rendered.
_KNOWN_BLOCK = frozenset(
    """toc tables fenced_code attr_list def_list footnotes md_in_html admonition abbr sane_lists nl2br codehilite extra
    pymdownx.details pymdownx.superfences pymdownx.tabbed pymdownx.tasklist pymdownx.highlight pymdownx.inlinehilite""".split()  # noqa: SIM905
) | {GITHUB}
_KNOWN_INLINE = frozenset(
    """smarty wikilinks pymdownx.emoji pymdownx.keys pymdownx.mark pymdownx.tilde pymdownx.caret pymdownx.betterem
    pymdownx.magiclink pymdownx.smartsymbols""".split()  # noqa: SIM905
)
_SNIPPETS = frozenset({"pymdownx.snippets", "wiki.site.guarded_snippets"})
_BUILT_IN = ("toc", "tables", "fenced_code")
_MARKS = re.compile(r"[\\`*_\[\]<>&!{}]")
_PUNCTUATION = re.compile(r"[^\w\s,]|_")
_ATTRIBUTES = re.compile(r"[ ]+\{:?[ ]*[^\}\n ][^\n]*\}[ ]*\Z")
_ID_ELSEWHERE = re.compile(r"^(?!#)[^\n]*\{:?[^}\n]*(?:#|\bid=)[^}\n]*\}", re.MULTILINE)
_MOST_SLUGS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a page: its line (0-based, in the text it was found in), level, plain title and anchor."""

    line: int
    level: int
    title: str
    anchor: str


@dataclass(frozen=True, kw_only=True, eq=False)
class SectionRules:
    """How a workspace's Markdown is read: MkDocs' `markdown_extensions` and `mdx_configs`.

    The defaults are MkDocs' own. Build one for a workspace and keep it: it remembers slugs and prepares Markdown once a thread.
    """

    extensions: Sequence[Any] = _BUILT_IN
    extension_configs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_config(cls, markdown_extensions: object) -> SectionRules:
        """The rules of a workspace from `markdown_extensions` as its mkdocs.yml has them: a list of names and of mappings from a
        name to its settings, or one mapping. MkDocs' own three come first, as in MkDocs. What cannot be loaded is left out,
        with a log entry.
        """
        configs: dict[str, Mapping[str, Any]] = {}
        names = list(_BUILT_IN)
        items = markdown_extensions if isinstance(markdown_extensions, (list, tuple)) else [markdown_extensions]
        for item in items:
            for name, config in item.items() if isinstance(item, Mapping) else [(item, None)]:
                if not isinstance(name, str):
                    continue
                if isinstance(config, Mapping):
                    configs[name] = config
                if name not in names and _loads(name, configs.get(name, {})):
                    names.append(name)
        configs = {name: config for name, config in configs.items() if _loads(name, config)}
        return cls(extensions=tuple(names), extension_configs=configs)

    @cached_property
    def fingerprint(self) -> str:
        """Differs where rules, or the version of what applies them, may give other sections; the same in every process."""
        parts = [self.extensions, self.extension_configs, version("markdown"), version("pymdown-extensions")]
        return blake2b(json.dumps(parts, sort_keys=True, default=_described).encode(), digest_size=8).hexdigest()

    @property
    def attributes(self) -> bool:
        """Whether `{#id}` behind a text gives it an id."""
        return bool(self._names & {"attr_list", "extra"})

    @cached_property
    def engine(self) -> Engine:
        extensions = list(self.extensions)
        if "toc" not in self._names:
            extensions.insert(0, "toc")  # MkDocs always adds it; without it no heading has an anchor
        return Engine(extensions, self.extension_configs)

    def headings(self, body: str) -> list[Heading]:
        """The headings of a page's body, in the order of their lines. Headings that stand in no line of it are left out; a text
        that is too hard to be read as Markdown, and is shown as it is, has none."""
        source = normalized(body)
        if too_hard(source):
            return []
        raw = self._scan(source)
        if raw is not None:
            return self._named(raw)
        rendered = self.engine.headings(source, whole=not self._scannable)
        found = [
            Heading(line=h.line, level=h.level, title=self._title(h.text), anchor=h.anchor)
            for h in rendered
            if h.line is not None
        ]
        return sorted(_once_a_line(found), key=lambda heading: heading.line)

    def rendered(self, body: str) -> list[RenderedHeading]:
        """The headings by rendering, in any case; for tests and for headings that stand in no line of the page."""
        return self.engine.headings(normalized(body))

    @cached_property
    def _names(self) -> frozenset[str]:
        names = (e if isinstance(e, str) else type(e).__module__ for e in self.extensions)
        return frozenset(name.split(":")[0].removeprefix("markdown.extensions.") for name in names)

    @cached_property
    def _scannable(self) -> bool:
        if any(self.extension_configs.get(name, {}).get("auto_append") for name in _SNIPPETS):
            return False
        return self._names <= _KNOWN_BLOCK | _KNOWN_INLINE | _SNIPPETS

    @cached_property
    def _block_tags(self) -> frozenset[str]:
        return frozenset(self.engine.markdown.block_level_elements)

    @cached_property
    def _marks(self) -> re.Pattern[str]:
        return _PUNCTUATION if self._names & _KNOWN_INLINE else _MARKS

    @cached_property
    def _slugs(self) -> dict[str, tuple[str, str]]:
        return {}

    def _scan(self, source: str) -> list[RawHeading] | None:
        if not self._scannable:
            return None
        found = scan(source, block_tags=self._block_tags, superfences="pymdownx.superfences" in self._names)
        if found is None or (GITHUB in self._names and MOVED_HEADING.search(source)):
            return None
        if not found:
            return found
        # What stands elsewhere on the page can change a heading: definitions of links, ids that are taken.
        if "]:" in source and any("[" in heading.text for heading in found):
            return None
        if "8<" in source and self._names & _SNIPPETS:
            return None
        if "{" in source and self.attributes and _ID_ELSEWHERE.search(source):
            return None
        return found

    def _named(self, raw: list[RawHeading]) -> list[Heading]:
        names = [self._slug(heading.text) for heading in raw]
        used = {explicit for explicit, _ in names if explicit}
        counters: dict[str, int] = {}
        shift, unique = self._base_level, cast("Callable[[str, set[str], dict[str, int]], str]", toc.unique)
        return [
            Heading(
                line=heading.line,
                level=min(heading.level + shift, 6),
                title=self._title(heading.text),
                anchor=explicit or unique(slug, used, counters),
            )
            for heading, (explicit, slug) in zip(raw, names, strict=True)
        ]

    @cached_property
    def _base_level(self) -> int:
        return int(self.engine.toc.base_level)

    @cached_property
    def _slugify(self) -> tuple[Any, str]:
        processor = self.engine.toc
        return processor.slugify, processor.sep

    def _slug(self, text: str) -> tuple[str, str]:
        """The id written at a heading, or "", and its slug."""
        known = self._slugs.get(text)
        if known is None:
            if self._marks.search(text):
                known = self.engine.slug(text)
            else:
                function, separator = self._slugify
                known = "", str(function(" ".join(text.split()), separator))
            if len(self._slugs) >= _MOST_SLUGS:
                self._slugs.clear()
            self._slugs[text] = known
        return known

    def _title(self, text: str) -> str:
        if text.endswith("}") and self.attributes:
            text = _ATTRIBUTES.sub("", text).rstrip("#").rstrip()
        return " ".join(plain_text(f"# {text}").split()) if _MARKS.search(text) or "~~" in text else " ".join(text.split())


def _loads(name: str, config: Mapping[str, Any]) -> bool:
    try:
        markdown.Markdown(extensions=[name], extension_configs={name: dict(config)})
    except Exception:  # an extension is other people's code
        _log.info("The Markdown extension %s cannot be loaded; headings are read without it.", name)
        return False
    return True


def _described(value: object) -> object:
    """Something JSON can hold for what a setting may be beside plain data: a function, a prepared call of one, a path."""
    if isinstance(value, partial):
        return [_described(value.func), value.args, value.keywords]
    name = getattr(value, "__qualname__", None)
    if isinstance(name, str):
        return f"{getattr(value, '__module__', '')}.{name}"
    return list(value) if isinstance(value, (set, frozenset, tuple)) else str(type(value))


def _once_a_line(headings: list[Heading]) -> list[Heading]:
    """The first heading of each line: two of them (in HTML) cannot both begin a section."""
    first: dict[int, Heading] = {}
    for heading in headings:
        first.setdefault(heading.line, heading)
    return list(first.values())


DEFAULT_RULES = SectionRules()
