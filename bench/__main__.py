"""Every benchmark, one after the other, on one workspace.

    python -m bench [--workspace FOLDER] [--pages 843 | --scale 4] [--questions FILE.jsonl] [--only site,over_http] [--json FILE]

Without options, the starter handbook as it is. Each is also a program of its own, with options of its own.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from bench.common import Report, arguments, write_json
from bench.questions import add_questions_option

NAMES = (
    "site",
    "index",
    "search",
    "ask",
    "pipeline",
    "redaction",
    "firm",
    "growth",
    "readers",
    "over_http",
    "limit",
)  # the site first: it tells the memory of the process


def main() -> None:
    parser = arguments(__doc__ or "")
    add_questions_option(parser)
    parser.add_argument("--only", default=",".join(NAMES), help=f"some of {','.join(NAMES)}")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := [name for name in chosen if name not in NAMES]:
        parser.error(f"There is no benchmark {', '.join(unknown)}: there are {', '.join(NAMES)}.")
    reports: list[Report] = []
    for name in chosen:
        module = import_module(f"bench.{name}")
        report: Report = module.run(_own_options(module.parser(), options))
        report.show(header=not reports)
        print(flush=True)
        reports.append(report)
    if options.json:
        write_json(options.json, reports)


def _own_options(parser: argparse.ArgumentParser, given: argparse.Namespace) -> argparse.Namespace:
    """A benchmark's own options at their defaults, and those that all of them have as they were given."""
    own = parser.parse_args([])
    for name, value in vars(given).items():
        if hasattr(own, name):
            setattr(own, name, value)
    return own


if __name__ == "__main__":
    main()
