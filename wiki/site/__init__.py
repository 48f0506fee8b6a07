"""The handbook as people read it: drawn live, or published as files, through MkDocs."""

from __future__ import annotations

from wiki.site.live_site import CONTENT_SECURITY_POLICY, Asset, LiveSite, Redirect, Rendered
from wiki.site.publishing import publish
from wiki.site.theme import site_folder

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "LiveSite", "Redirect", "Rendered", "publish", "site_folder"]
