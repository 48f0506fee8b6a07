"""Build hook: puts the files that stand beside the packages into a wheel, but not into an editable install, which finds them
where they are and would keep a stale copy. Which and where to: `[tool.hatch.build.targets.wheel.hooks.custom.files]`.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelFiles(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"].update(self.config["files"])
