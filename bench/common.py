"""What every benchmark needs: a workspace of the size asked for, timing, and a table with a header that says what was measured."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from wiki.workspace import Workspace

__all__ = ["Report", "Timing", "arguments", "command", "open_scaled", "scaled_workspace", "sync_ms", "timed", "write_json"]

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("tantivy", "mkdocs", "mkdocs-material", "markdown", "sqlalchemy", "fastapi", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of a number of runs of one thing."""

    runs: int
    p50: float
    p95: float
    worst: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> Timing:
        times = sorted(milliseconds)
        return cls(runs=len(times), p50=statistics.median(times), p95=times[int(0.95 * (len(times) - 1))], worst=times[-1])


@dataclass(slots=True, kw_only=True)
class Report:
    """Rows of figures; `show` prints them as a table and writes them as JSON where that was asked for."""

    title: str
    workspace: Workspace
    rows: list[tuple[str, Timing | float, str]] = field(default_factory=list)

    def add(self, name: str, figure: Timing | float, unit: str = "ms") -> None:
        self.rows.append((name, figure, unit))

    def about(self) -> Mapping[str, str]:
        """What was measured, on what, by which versions."""
        return _about(self.workspace)

    def show(self, *, header: bool = True) -> None:
        print(f"# {self.title}")
        for key, value in self.about().items() if header else ():
            print(f"  {key:9} {value}")
        width = max((len(name) for name, _, _ in self.rows), default=0)
        print(f"\n  {'':{width}}  {'p50':>10}  {'p95':>10}  {'worst':>10}  {'runs':>6}")
        for name, figure, unit in self.rows:
            if isinstance(figure, Timing):
                cells = "  ".join(f"{value:>10.2f}" for value in (figure.p50, figure.p95, figure.worst))
                print(f"  {name:{width}}  {cells}  {figure.runs:>6}  {unit}")
            else:
                print(f"  {name:{width}}  {figure:>10,.2f}  {'':>10}  {'':>10}  {'':>6}  {unit}")

    def figures(self) -> dict[str, object]:
        return {n: {**asdict(f), "unit": u} if isinstance(f, Timing) else {"value": f, "unit": u} for n, f, u in self.rows}


def command(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], Report]) -> None:
    """One benchmark as a program: read the options, run it, show its table."""
    options = parser.parse_args()
    report = run(options)
    report.show()
    if options.json:
        write_json(options.json, [report])


def write_json(path: str, reports: Sequence[Report]) -> None:
    found = [{"title": report.title, **report.about(), "figures": report.figures()} for report in reports]
    Path(path).write_text(json.dumps(found, indent=1) + "\n")


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that all benchmarks have: --workspace, --scale or --pages, --json."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--workspace", type=Path, default=_ROOT, help="a workspace, or any folder of Markdown (default: the starter)"
    )
    parser.add_argument("--scale", type=int, default=1, help="so many copies of every page")
    parser.add_argument("--pages", type=int, default=0, help="so many pages, instead of --scale")
    parser.add_argument("--json", help="write the figures to this file too")
    return parser


def open_scaled(options: argparse.Namespace) -> Workspace:
    """The workspace that the options of `arguments` name."""
    return scaled_workspace(options.workspace, options.scale, pages=options.pages)


def scaled_workspace(source: Path, scale: int = 1, *, pages: int = 0) -> Workspace:
    """A scratch workspace, in git, with `scale` copies of the pages of `source`, each after the first in a folder of its own;
    or with exactly `pages` pages. Made once under the temporary folder and found there again while the source is the same.
    """
    docs_dir = _docs_dir(source)
    files = sorted(
        path for path in docs_dir.rglob("*.md") if not any(p.startswith(".") for p in path.relative_to(docs_dir).parts)
    )
    if not files:
        raise SystemExit(f"{docs_dir} holds no pages.")
    wanted = pages or scale * len(files)
    stamp = hashlib.sha256("\n".join(f"{p} {p.stat().st_mtime_ns} {p.stat().st_size}" for p in files).encode()).hexdigest()[:12]
    target = Path(tempfile.gettempdir()) / f"knowhow-bench-{os.getuid()}" / f"{docs_dir.name}-{wanted}-{stamp}"
    if not (target / ".complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        _copy(files, docs_dir, target / "content", wanted)
        (target / "mkdocs.yml").write_text("site_name: Benchmark\ndocs_dir: content\nsite_dir: .knowhow/site\n")
        _commit_all(target)
        (target / ".complete").touch()
    return Workspace.open(target)


def timed(action: Callable[[], object], runs: int, *, warm_up: int = 1) -> Timing:
    """Run `action` `runs` times after a warm-up that does not count."""
    for _ in range(warm_up):
        action()
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return Timing.of(times)


def _docs_dir(source: Path) -> Path:
    if (source / "mkdocs.yml").exists() or (source / "mkdocs.yaml").exists():
        return Workspace.open(source).docs_dir
    return source.resolve()


def _copy(files: list[Path], docs_dir: Path, target: Path, wanted: int) -> None:
    for number in range(wanted):
        copy, index = divmod(number, len(files))
        relative = files[index].relative_to(docs_dir)
        path = target / relative if copy == 0 else target / f"copy-{copy:03}" / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[index], path)


def _commit_all(folder: Path) -> None:
    (folder / ".gitignore").write_text(".knowhow/\n.complete\n")
    author = ["-c", "user.name=Benchmark", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "Pages to measure"]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def _about(workspace: Workspace) -> Mapping[str, str]:
    paths = workspace.page_paths()
    size = sum(stat[1] for path in paths if (stat := workspace.stat(path)))
    git = _git("--version").replace("git version", "git")
    return {
        "revision": _git("describe", "--always", "--dirty"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {_processor()}, load {os.getloadavg()[0]:.1f}",
        "disk": f"{sync_ms(workspace.state_dir):.2f} ms until a small file is on it",
        "versions": ", ".join([f"Python {platform.python_version()}", git, *(f"{name} {version(name)}" for name in _PACKAGES)]),
        "corpus": f"{len(paths):,} pages, {size / 1e6:.1f} MB of Markdown",
    }


def sync_ms(folder: Path, runs: int = 20) -> float:
    """Milliseconds until a small file is on the disk, the median: a save waits for the disk some 25 times, and a disk that others use can take ten times as long."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(runs):
            file.write(b"x" * 2000)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "processor not known"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "processor not known")
