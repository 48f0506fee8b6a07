"""/docs/errors: what each error code means and what to do, the page that a problem's `type` names."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from wiki.pages import parse_page, render_preview

__all__ = ["create_error_docs"]

HERE = Path(__file__).resolve().parent
FILES = (HERE / "_docs" / "errors.md", HERE.parent / "docs" / "errors.md")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Errors and what to do</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/app/theme/stylesheets/tokens.css">
<style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;background:var(--kh-paper);color:var(--kh-ink);font:var(--kh-text)/1.55 var(--kh-font)}}
td,th{{border:1px solid var(--kh-line);padding:.2em .5em}}table{{border-collapse:collapse}}a{{color:var(--kh-green)}}</style>
</head><body><a href="/">Handbook</a>{body}</body></html>
"""


def create_error_docs() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs/errors", response_class=HTMLResponse)
    def errors() -> str:
        return _page()

    return router


@cache
def _page() -> str:
    """The document as HTML, from the package when installed, else from the repository."""
    source = next(file for file in FILES if file.is_file())
    return PAGE.format(body=render_preview(parse_page("errors.md", source.read_bytes())))
