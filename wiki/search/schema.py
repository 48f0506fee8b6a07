"""What the index holds: the Tantivy schema and the documents made for a page.

One document a section, with what is searched, filtered by and shown. Beside them one document a page, which is never a hit:
its field `whole` tells how much the page as a whole is about a word, and that orders the sections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from tantivy import Document, Schema, SchemaBuilder

from wiki.access import Audience
from wiki.pages.freshness import due_date
from wiki.pages.page import FrontMatter, Page
from wiki.pages.section import DEFAULT_RULES, Section, SectionRules, plain_text, split_sections
from wiki.search.signs import joined_words, prepared

__all__ = [
    "EXACT_ANALYZER",
    "SCHEMA_VERSION",
    "TEXT_ANALYZER",
    "PageState",
    "StoredSection",
    "anchor_term",
    "build_schema",
    "page_documents",
    "page_key",
    "read_stored",
    "readers_of",
    "state_document",
]

SCHEMA_VERSION = 5
"""Raise it with every change of a field, of an analyzer or of what a field is filled with: older indexes are then rebuilt."""

TEXT_ANALYZER, EXACT_ANALYZER = "knowhow_text", "knowhow_exact"

_KEYWORD_KEYS = (
    "abstract",
    "alias",
    "aliases",
    "categories",
    "category",
    "description",
    "excerpt",
    "keywords",
    "questions",
    "subtitle",
    "summary",
    "synonyms",
    "tag",
    "topics",
)
_NAME_KEYS = ("alias", "aliases", "keywords", "synonyms", "tag", "topics")
_URL = re.compile(r"\b(?:https?|ftp|mailto):[^\s)>\]]+")
_LONGEST_BODY = 400_000  # characters of a section that are searched; more is no prose


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """A page file as it was indexed. `blob` is "" for a file that could not be read."""

    path: str
    blob: str
    mtime_ns: int
    size: int

    def term(self) -> str:
        return f"{self.blob}\t{self.mtime_ns}\t{self.size}\t{self.path}"

    @classmethod
    def from_term(cls, term: str) -> PageState:
        blob, mtime_ns, size, path = term.split("\t", 3)
        return cls(path=path, blob=blob, mtime_ns=int(mtime_ns), size=int(size))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSection:
    """What a hit shows of its section. `plain` is the text without Markdown; `due` is a date's ordinal, 0 for none."""

    page_path: str
    page_title: str
    section_title: str
    anchor: str
    kind: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    text: str
    plain: str
    due: int


def build_schema() -> Schema:
    """Text fields are analysed alike; the others hold exact values."""
    builder = SchemaBuilder()
    builder.add_text_field("body", tokenizer_name=TEXT_ANALYZER)  # a section's heading and its text
    builder.add_text_field(
        "path", tokenizer_name=TEXT_ANALYZER
    )  # the headings above it; of a page's first also its other names
    builder.add_text_field("words", tokenizer_name=EXACT_ANALYZER, index_option="basic")  # all of that, not stemmed
    builder.add_text_field("whole", tokenizer_name=TEXT_ANALYZER, index_option="freq")  # a page's text
    builder.add_text_field("keywords", tokenizer_name=TEXT_ANALYZER, index_option="freq")  # what its front matter says in words
    for name in ("type", "page", "anchor", "kind", "owner", "tag", "visibility", "readers", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("page_key", indexed=True, fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def page_documents(page: Page, state: PageState, rules: SectionRules = DEFAULT_RULES) -> Iterator[Document]:
    """The documents of a page: one a section (a page without text has one with its title), and the one of type "page"."""
    front_matter = page.front_matter
    due = _ordinal(due_date(front_matter))
    page_title = _clean(page.title)
    labels = {"page": page.path, "page_key": page_key(page.path), "readers": _readers(front_matter)}
    filters = {
        "kind": front_matter.kind,
        "owner": _clean(front_matter.owner).casefold(),
        "tag": [_clean(tag).casefold() for tag in front_matter.tags],
        "visibility": front_matter.visibility,
    }
    whole = [page_title]
    for number, section in enumerate(split_sections(page, rules) or [_bare_section(page)]):
        title = _clean(section.title)
        plain = plain_text(_clean(_below_heading(section)))[:_LONGEST_BODY].strip()
        body = _searched(f"{title}\n{_URL.sub(' ', plain)}")
        above = " . ".join(_clean(heading) for heading in section.heading_path if heading != section.title)
        if number == 0:  # by its other names a page is found at its start
            above = " . ".join(filter(None, (above, *map(_clean, _names(front_matter)))))
        above = prepared(above)
        whole.append(body)
        stored = {
            "page_path": page.path,
            "page_title": page_title,
            "section_title": title,
            "anchor": section.anchor,
            "kind": front_matter.kind,
            "heading_path": [_clean(heading) for heading in section.heading_path],
            "start_line": section.start_line,
            "end_line": section.end_line,
            "text": _encodable(section.text),
            "plain": plain,
            "due": due,
        }
        yield Document(
            **labels,
            **filters,
            type="section",
            anchor=anchor_term(section.anchor),
            body=body,
            path=above,
            words=f"{body} {above}",
            stored=json.dumps(stored, ensure_ascii=False).encode(),
        )
    keywords = _searched(_clean(" . ".join(_keywords(front_matter))))
    yield Document(**labels, type="page", state=state.term(), whole="\n".join(whole), keywords=keywords)


def state_document(state: PageState) -> Document:
    """What stands for a page that cannot be read: nobody finds it, and it is not tried again before it changes."""
    return Document(page=state.path, type="unreadable", state=state.term())


def read_stored(document: Document) -> StoredSection:
    """The section that a document of `page_documents` was made from."""
    raw = json.loads(bytes(document["stored"][0]))
    raw["heading_path"] = tuple(raw["heading_path"])
    return StoredSection(**raw)


def readers_of(audience: Audience) -> list[str] | None:
    """The values of the field `readers` this audience may see; None for all of them. Agrees with `access.may_read`."""
    if audience.everything:
        return None
    return ["public", *(["team"] if audience.team else []), *(f"group:{group}" for group in sorted(audience.groups))]


def anchor_term(anchor: str) -> str:
    """A section's anchor as the index holds it: never empty."""
    return f"#{_clean(anchor)}"


def page_key(page_path: str) -> int:
    """A number that stands for the page where only numbers are quick to read (62 bits: signed, and no two pages alike)."""
    return int.from_bytes(blake2b(page_path.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big") >> 2


def _readers(front_matter: FrontMatter) -> list[str]:
    if front_matter.visibility in ("public", "team"):
        return [front_matter.visibility]
    return [f"group:{_encodable(group)}" for group in front_matter.groups]


def _keywords(front_matter: FrontMatter) -> list[str]:
    """What front matter says in words: tags and clients, a process's or decision's own fields, summaries of other tools."""
    known = [*front_matter.tags, *front_matter.clients, front_matter.trigger, front_matter.outcome]
    known += [front_matter.reason, front_matter.lesson]
    for handoff in front_matter.handoffs:
        known += [handoff.moves, handoff.done]
    return [text for text in [*known, *_foreign(front_matter.extra)] if text]


def _searched(text: str) -> str:
    """The text as the engine splits it, and behind it the words that it would take apart."""
    more = " ".join(dict.fromkeys(joined_words(text)))
    return prepared(f"{text}\n{more}" if more else text)


def _names(front_matter: FrontMatter) -> list[str]:
    """What else a page is called: its tags, aliases and keywords."""
    return [*front_matter.tags, *_foreign(front_matter.extra, _NAME_KEYS)]


def _foreign(extra: Mapping[str, Any], keys: Sequence[str] = _KEYWORD_KEYS) -> Iterator[str]:
    for key in keys:
        value = extra.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield item[:1000]


def _below_heading(section: Section) -> str:
    """A section's Markdown without its own heading, which is a field of its own (one line, or two if underlined)."""
    if not section.level:
        return section.text
    first, _, rest = section.text.lstrip("\n").partition("\n")
    if not first.lstrip().startswith("#") and re.match(r"\s{0,3}(=+|-+)\s*(\n|$)", rest):
        rest = rest.partition("\n")[2]
    return rest


def _bare_section(page: Page) -> Section:
    return Section(
        page_path=page.path,
        anchor="",
        title=page.title,
        heading_path=(page.title,),
        level=0,
        start_line=page.body_line,
        end_line=page.body_line,
        text="",
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _clean(text: str) -> str:
    return _encodable(text).replace("\0", " ")


def _encodable(text: str) -> str:
    """`text` without lone surrogates, which stand for bytes that are no UTF-8 and which the engine refuses."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
