"""The documents say what is there: every error has its heading, every link leads somewhere, every command and call exists."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from knowhow.problems import HTTP_CODES, HTTP_ERROR
from wiki.errors import WikiError
from wiki.markup.headings import DEFAULT_RULES
from wiki.pages.page import KINDS, FrontMatter, parse_page

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("wiki", "assistant", "ingest", "knowhow")
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NOT_IMPORTABLE = {"wiki.migrations.env"}  # a script that Alembic runs, not a module

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]\n]*\]\(([^()\s]+)\)")
_PRIVATE_PATH = re.compile(r"(?<![\w.~])/(?:home|root|Users|work|mnt|tmp)/\w")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return _FENCE.sub("", text)


def code_of(text: str) -> str:
    """Blocks and inline spans of code."""
    inline = re.findall(r"`([^`\n]+)`", without_code(text))
    return "\n".join([*(match[2] for match in _FENCE.finditer(text)), *inline])


@cache
def anchors_of(path: Path) -> frozenset[str]:
    return frozenset(heading.anchor for heading in DEFAULT_RULES.headings(read(path)))


def modules() -> Iterator[str]:
    for package in PACKAGES:
        yield package
        folder = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(folder, f"{package}.", onerror=importlib.import_module):
            if module.name not in NOT_IMPORTABLE and not module.name.startswith("wiki.migrations.versions"):
                yield module.name


def error_codes() -> dict[str, str]:
    """Code -> the name of a class that has it."""
    for name in modules():
        importlib.import_module(name)
    codes: dict[str, str] = {}
    waiting = WikiError.__subclasses__()
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.partition(".")[0] in PACKAGES:
            codes[cls.code] = cls.__name__
    return codes


def api_codes() -> set[str]:
    """Codes that only the HTTP layer gives: those that stand as text in a problem."""
    source = "".join(read(path) for path in (ROOT / "knowhow").rglob("*.py"))
    direct = re.findall(r'problem_response\(\s*[\w.]+,\s*"([a-z-]+)"', source)
    return {*direct, *HTTP_CODES.values(), HTTP_ERROR}


def test_every_error_code_has_a_heading_that_is_its_anchor() -> None:
    codes = error_codes() | dict.fromkeys(api_codes(), "the API")
    assert {"not-found", "edit-conflict", "settings-error", "internal-error", "http-error"} <= codes.keys()
    missing = {code: name for code, name in codes.items() if code not in anchors_of(ROOT / "docs" / "errors.md")}
    assert not missing


def test_every_heading_in_the_list_of_errors_is_a_code_that_exists() -> None:
    known = error_codes().keys() | api_codes()
    headings = re.findall(r"^## (.+)$", read(ROOT / "docs" / "errors.md"), re.MULTILINE)
    assert [heading for heading in headings if heading not in known] == []


def test_the_status_that_errors_tell_is_the_one_the_api_gives() -> None:
    from knowhow.problems import STATUS

    sections = re.split(r"^## ", read(ROOT / "docs" / "errors.md"), flags=re.MULTILINE)[1:]
    told = {section.split("\n", 1)[0]: re.findall(r"HTTP (\d{3})", section) for section in sections}
    for error, status in STATUS.items():
        assert told[error.code] == [str(status)], error.code


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_relative_link_leads_to_a_file_and_a_heading_in_it(path: Path) -> None:
    broken = []
    for target in _LINK.findall(without_code(read(path))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_the_folder_of_somebody(path: Path) -> None:
    assert _PRIVATE_PATH.findall(read(path)) == []


def test_no_file_names_the_folder_that_it_lies_in() -> None:
    if len(ROOT.parts) < 3:
        pytest.skip("the folder's name is too short to look for")
    here = f"{ROOT}/".encode()
    folders = (*PACKAGES, "tests", "bench", "tools", "site", "content", "requirements", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    files += [ROOT / name for name in ("Makefile", "pyproject.toml", "mkdocs.yml", "roles.yml", ".gitignore")]
    assert [str(path) for path in files if path.is_file() and here in path.read_bytes()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_shows_exists(path: Path) -> None:
    import typer

    from knowhow.cli import app

    root = typer.main.get_command(app)
    commands: dict[str, object] = getattr(root, "commands", {})
    unknown = []
    for name, sub in re.findall(r"(?:^|bin/|\$\(|[ ])knowhow ([a-z]+)(?: ([a-z]+)\b)?", code_of(read(path)), re.MULTILINE):
        subcommands: dict[str, object] = getattr(commands.get(name), "commands", {})
        if name not in commands or (subcommands and sub and sub not in subcommands):
            unknown.append(f"{name} {sub}".strip())
    assert unknown == []


def test_every_call_that_the_api_document_shows_exists() -> None:
    from fastapi import FastAPI

    from knowhow.api import create_router

    app = FastAPI()
    app.include_router(create_router())
    patterns = []
    for template, methods in app.openapi()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^ /?]+", template.replace("{path}", "[^ ?]+"))
        patterns += [(method.upper(), re.compile(pattern)) for method in methods]
    shown = re.findall(
        r"^curl ((?:[^\n]|\\\n)*?)\"?\$API(/[^ ?\"\n]+)([^\n]*(?:\\\n[^\n]*)*)", read(ROOT / "docs" / "api.md"), re.M
    )
    assert len(shown) >= 15
    for before, call, after in shown:
        explicit = re.search(r"-X ([A-Z]+)", before)
        posts = " -d " in after or " -F " in after
        method = explicit[1] if explicit else "POST" if posts and "-G" not in before else "GET"
        assert any(m == method and p.fullmatch(f"/api/v1{call}") for m, p in patterns), f"{method} {call}"


def test_every_key_and_kind_of_front_matter_is_described() -> None:
    text = read(ROOT / "docs" / "formats.md")
    keys = [field.name for field in fields(FrontMatter) if field.name != "extra"]
    assert [name for name in (*keys, *KINDS) if f"`{name}`" not in text] == []


def test_the_front_matter_that_the_formats_show_can_be_used() -> None:
    shown = [match[2] for match in _FENCE.finditer(read(ROOT / "docs" / "formats.md")) if match[2].startswith("---\n")]
    assert shown
    for text in shown:
        page = parse_page("shown.md", text.encode())
        assert page.problems == ()
        assert page.front_matter.extra == {}
