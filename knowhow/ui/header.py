"""The header of the app's pages: the same markup as the site's (site/partials/kh-header.html), drawn without NiceGUI."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

from knowhow.services import Services

__all__ = ["header_html"]

PLACES = (("Handbook", "/"), ("Ask", "/app/ask"), ("Review", "/app/review"), ("Inbox", "/app/inbox"), ("Health", "/app/health"))

HEADER = """
<header class="kh-header">
  <div class="kh-header__inner">
    <a class="kh-header__brand" href="/"><span>{name}</span></a>
    <nav aria-label="Places"><ul class="kh-places">{places}</ul></nav>
    <div class="kh-search" role="search" data-kh-search data-base="/" data-directory-urls="{directory_urls}">
      <input class="kh-search__input" type="search" name="q" placeholder="Search or ask" aria-label="Search the handbook"
        autocomplete="off" autocapitalize="off" spellcheck="false" role="combobox" aria-expanded="false"
        aria-controls="kh-search-results" aria-autocomplete="list" maxlength="300">
      <kbd class="kh-search__key" aria-hidden="true">/</kbd>
      <div class="kh-search__results" id="kh-search-results" role="listbox" aria-label="Search results" hidden></div>
    </div>
    <button type="button" class="kh-theme" data-kh-theme aria-label="Dark mode" title="Dark mode">
      {moon}{sun}</button>
  </div>
</header>
"""


def header_html(services: Services, place: str) -> str:
    """`place` is the entry that the page belongs to. The number that waits is in it from the start, so that nothing moves."""
    return HEADER.format(
        name=escape(services.workspace.site_name),
        places="".join(_place(services, name, url, here=name == place) for name, url in PLACES),
        directory_urls=json.dumps(services.workspace.use_directory_urls),
        moon=_icon("weather-night"),
        sun=_icon("weather-sunny"),
    )


@cache
def _icon(name: str) -> str:
    """An icon of the site's theme."""
    import material

    return Path(material.__path__[0], "templates/.icons/material", f"{name}.svg").read_text(encoding="utf-8")


def _place(services: Services, name: str, url: str, *, here: bool) -> str:
    count = services.review.count_open(services.local_admin) if name == "Review" else 0
    badge = ""
    if name == "Review":
        hidden = "" if count else " hidden"
        badge = f'<span class="kh-badge" data-kh-review-count aria-label="{count} waiting"{hidden}>{count}</span>'
    style, current = (" kh-place--here", ' aria-current="true"') if here else ("", "")
    return f'<li><a class="kh-place{style}" href="{url}"{current}>{name}{badge}</a></li>'
