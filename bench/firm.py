"""How long the pages over the whole firm take: reading what they rest on, handoffs and gaps, health, a question on decisions.

python -m bench.firm --workspace FOLDER --pages 843 [--json FILE]
"""

from __future__ import annotations

import argparse
import time

from bench.common import Report, arguments, command, open_scaled, timed
from knowhow.health import health_of
from knowhow.services import opened
from wiki.firm import find_gaps, handoff_map

__all__ = ["parser", "run"]

QUESTION = "Did we agree to send one report a week?"


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--runs", type=int, default=20, help="how often each is measured")
    return made


def run(options: argparse.Namespace) -> Report:
    workspace = open_scaled(options)
    report = Report(title="The firm", workspace=workspace)
    with opened(workspace.root) as services:
        viewer = services.local_admin
        start = time.perf_counter()
        firm = services.firm
        _ = firm.pages
        report.add("read all pages", (time.perf_counter() - start) * 1000, "ms")
        services.links.broken()
        page_path = workspace.page_paths()[0]
        report.add("one changed page, until it is seen", timed(lambda: (firm.refresh([page_path]), firm.pages), options.runs))
        report.add("map of handoffs", timed(lambda: handoff_map(firm, viewer.audience), options.runs))
        report.add("gaps", timed(lambda: find_gaps(firm, viewer.audience), options.runs))
        report.add("was that decided?", timed(lambda: services.decisions.ask(QUESTION, viewer.audience), options.runs))
        report.add("health", timed(lambda: health_of(services, viewer), options.runs))
    return report


if __name__ == "__main__":
    command(parser(), run)
