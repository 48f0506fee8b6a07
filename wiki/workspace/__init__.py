"""Where everything is: the workspace's folder, its mkdocs.yml, its roles; making and adopting one."""

from __future__ import annotations

from wiki.workspace.adoption import adopt
from wiki.workspace.workspace import Workspace, create_workspace

__all__ = ["Workspace", "adopt", "create_workspace"]
