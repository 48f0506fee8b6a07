"""What gets slower with the number of pages: history, backlinks, the check, review and the public edition, at several sizes.

python -m bench.growth [--sizes 843,16000] [--json FILE]

The pages are made up and differ from each other (bench.varied); a tenth of them is restricted, and three tenths are public. What is
told is the time that the processor worked, here and in git, so that it does not matter what else the machine does.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.common import Report, Timing, arguments, write_json
from bench.varied import HUB, LONG_PAST, varied_workspace
from wiki.access import Audience, Level, Viewer
from wiki.database import Database, sqlite_url
from wiki.editing import SharedLinks, check_workspace, page_history, page_revision
from wiki.git import Repository
from wiki.migrations import migrate
from wiki.review import Review, SuggestionDraft, SuggestionStore
from wiki.site import LiveSite
from wiki.workspace import Workspace

__all__ = ["parser", "run"]

_ADMIN = Viewer(handle="ada", name="Ada", email="ada@example.org", level=Level.ADMIN)
_READER = Viewer(handle="ron", name="Ron", email="ron@example.org", level=Level.READER)


def parser() -> argparse.ArgumentParser:
    made = arguments(__doc__ or "")
    made.add_argument("--sizes", default="843,16000", help="numbers of pages, for the table over sizes")
    return made


def run(options: argparse.Namespace) -> Report:
    return _measured(options.pages or 843)


def _measured(pages: int) -> Report:
    workspace = varied_workspace(pages)
    report = Report(title=f"Growth, {pages:,} pages", workspace=workspace)
    repository = Repository(workspace.root)
    shutil.rmtree(workspace.state_dir / "cache", ignore_errors=True)
    report.add("last change of a page, first question", _once(lambda: repository.last_change(workspace.repo_path(HUB))))
    for name, viewer in (("an admin", _ADMIN), ("a reader", _READER)):
        report.add(
            f"history of 50 revisions, for {name}",
            _often(lambda v=viewer: page_history(workspace, repository, v, LONG_PAST), 10),
        )
    report.add("backlinks, first question", _once(lambda: SharedLinks(workspace).backlinks(_ADMIN, HUB)))
    links = SharedLinks(workspace)
    report.add("backlinks of a page that 20 lead to", _often(lambda: links.backlinks(_ADMIN, HUB), 10))
    report.add("check of all pages", _once(lambda: check_workspace(workspace)))
    _add_review(report, workspace, repository)
    report.add("public edition, first page", _once(lambda: LiveSite(workspace, repository).page("/", Audience())))
    return report


def _add_review(report: Report, workspace: Workspace, repository: Repository) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "review.db"))
        migrate(database)
        review = Review(workspace, repository, SuggestionStore(database))
        paths = workspace.page_paths()
        for number in range(200):
            review.propose(_ADMIN, _draft(workspace, repository, paths[number * 7919 % len(paths)]))
        report.add("list of 50 of 200 open suggestions, for an admin", _often(lambda: review.list(_ADMIN, status="open"), 5))
        report.add("the same, for a reader", _often(lambda: review.list(_READER, status="open"), 5))
        report.add("count of open suggestions, for a reader", _often(lambda: review.count_open(_READER), 5))
        database.close()


def _draft(workspace: Workspace, repository: Repository, page_path: str) -> SuggestionDraft:
    text = workspace.read_page(page_path).text
    return SuggestionDraft(
        page_path=page_path,
        section="",
        action="edit",
        base_revision=page_revision(workspace, repository, page_path),
        base_text=text,
        new_text=f"{text}\nAnd one more line.\n",
        reason="It changed.",
        confidence=1.0,
        evidence=(),
    )


def _often(action: Callable[[], object], runs: int) -> Timing:
    return Timing.of([_once(action) for _ in range(runs + 1)][1:])


def _once(action: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = _worked()
    action()
    return (_worked() - start) * 1000


def _worked() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _table(reports: list[Report]) -> str:
    """A row for each figure, a column for each size; milliseconds of processor time, medians where there were several runs."""
    lines = ["| ms | " + " | ".join(report.title.removeprefix("Growth, ") for report in reports) + " |"]
    lines.append("| --- |" + " ---: |" * len(reports))
    for number, (name, _, _) in enumerate(reports[0].rows):
        figures = [report.rows[number][1] for report in reports]
        cells = [f"{figure.p50 if isinstance(figure, Timing) else figure:,.1f}" for figure in figures]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _main() -> None:
    options = parser().parse_args()
    reports = [_measured(int(size)) for size in options.sizes.split(",")]
    for key, value in reports[-1].about().items():
        print(f"  {key:9} {value}")
    print(f"\n{_table(reports)}")
    if options.json:
        write_json(options.json, reports)


if __name__ == "__main__":
    _main()
