"""The index keeps in step with the pages, whatever happens to its files and to the processes that write it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from tantivy import Document

from wiki.access import everyone_audience
from wiki.errors import StorageError
from wiki.search.index import SectionIndex
from wiki.search.store import IndexStore
from wiki.workspace.workspace import Workspace

ALL = everyone_audience()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of 30 pages: page N says `wordN`, and all say `common`."""
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Test\ndocs_dir: content\n")
    for number in range(30):
        write(tmp_path, f"p{number:02}.md", f"# Page {number}\n\ncommon word{number}\n")
    return tmp_path


@pytest.fixture
def opened() -> Iterator[Callable[[Path], SectionIndex]]:
    """Opens indexes that are closed after the test."""
    indexes: list[SectionIndex] = []

    def open_(root: Path, language: str = "en") -> SectionIndex:
        indexes.append(SectionIndex(Workspace.open(root), language=language))
        return indexes[-1]

    yield open_
    for index in indexes:
        index.close()


@pytest.fixture
def index(root: Path, opened: Callable[[Path], SectionIndex]) -> SectionIndex:
    made = opened(root)
    made.refresh()
    return made


def write(root: Path, name: str, text: str | bytes, *, age_s: float = 60) -> None:
    """Write a page as if `age_s` seconds ago."""
    path = root / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    then = time.time() - age_s
    os.utime(path, (then, then))


def pages(index: SectionIndex, query: str) -> list[str]:
    return sorted({hit.page_path for hit in index.search(query, ALL, limit=100).hits})


def folder(root: Path) -> Path:
    """Where Tantivy's files are."""
    made = json.loads((root / ".knowhow/index/current.json").read_text())
    return root / ".knowhow/index" / str(made["folder"])


def test_a_search_builds_the_index_that_is_not_there_yet(root: Path, opened: Callable[[Path], SectionIndex]) -> None:
    assert pages(opened(root), "word7") == ["p07.md"]


def test_a_refresh_writes_only_what_changed(root: Path, index: SectionIndex) -> None:
    write(root, "p03.md", "# Page 3\n\nrhinoceros\n")
    write(root, "new/page.md", "# New\n\ncommon\n")
    (root / "content/p04.md").unlink()
    before = index.generation
    result = index.refresh()
    assert (result.added, result.removed) == (2, 1)
    assert index.generation > before
    assert pages(index, "rhinoceros") == ["p03.md"]
    assert pages(index, "word3") == pages(index, "word4") == []
    assert index.search("common", ALL).total == 29


def test_nothing_is_written_where_nothing_changed(root: Path, index: SectionIndex) -> None:
    before = index.generation
    os.utime(root / "content/p05.md")  # touched
    assert index.refresh() == index.refresh().__class__(added=0, removed=0, took_ms=pytest.approx(0, abs=60_000))
    assert index.refresh(["p05.md"]).added == 0
    assert index.generation == before


def test_a_refresh_of_named_pages_looks_at_no_others(root: Path, index: SectionIndex) -> None:
    write(root, "p01.md", "# One\n\nrhinoceros\n")
    write(root, "p02.md", "# Two\n\nrhinoceros\n")
    assert index.refresh(["p01.md", "p01.md"]).added == 1
    assert pages(index, "rhinoceros") == ["p01.md"]
    (root / "content/p01.md").unlink()
    assert index.refresh(["p01.md", "never/was.md", "../out.md", "\0"]).removed == 1
    assert pages(index, "rhinoceros") == []


def test_a_change_that_keeps_size_and_time_is_seen_when_the_page_is_named(root: Path, index: SectionIndex) -> None:
    stat = (root / "content/p06.md").stat()
    write(root, "p06.md", "# Page 6\n\ncommon w0rd6\n")
    os.utime(root / "content/p06.md", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert index.refresh(["p06.md"]).added == 1


def test_a_page_changed_right_after_it_was_indexed_is_seen_though_its_time_is_the_same(root: Path, index: SectionIndex) -> None:
    write(root, "p06.md", "# Page 6\n\ncommon first\n", age_s=0)
    stat = (root / "content/p06.md").stat()
    index.refresh()
    write(root, "p06.md", "# Page 6\n\ncommon later\n")
    os.utime(root / "content/p06.md", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert index.refresh().added == 1
    assert pages(index, "later") == ["p06.md"]


def test_pages_that_cannot_be_read_stop_nobody_and_come_back_when_mended(root: Path, index: SectionIndex) -> None:
    write(root, "yaml.md", "---\ntitle: [broken\n---\n\n# Yaml\n\nrhinoceros yaml\n")
    write(root, "nul.md", "# Nul\0\n\nrhinoceros\0nul\n")
    write(root, "bytes.md", b"# Bytes\n\nrhinoceros \xff\xfe\n")
    write(root, "large.md", b"# Large\n\n" + b"rhinoceros " * 2_000_000)
    write(root, "empty.md", "")
    write(root, "long.md", "# Long\n\n" + "x" * 100_000 + " rhinoceros\n")
    index.refresh()
    assert pages(index, "rhinoceros") == ["bytes.md", "long.md", "nul.md", "yaml.md"]
    assert pages(index, "empty") == ["empty.md"]
    assert index.refresh().added == 0
    write(root, "large.md", "# Large\n\nrhinoceros\n")
    assert index.refresh().added == 1
    assert "large.md" in pages(index, "rhinoceros")
    write(root, "large.md", b"x" * 6_000_000)
    index.refresh()
    assert "large.md" not in pages(index, "rhinoceros")


def test_another_language_rebuilds_the_index(root: Path, index: SectionIndex, opened: Callable[..., SectionIndex]) -> None:
    write(root, "de.md", "# Lehrgang\n\nAlle Übungen\n")
    index.refresh()
    assert pages(index, "übung") == []
    german = opened(root, "de")
    assert pages(german, "übung") == ["de.md"]
    assert german.search("common", ALL).total == 30
    assert pages(index, "übung") == []  # built again, by the one that wants English


def test_another_schema_rebuilds_the_index(root: Path, index: SectionIndex, opened: Callable[..., SectionIndex]) -> None:
    index.close()
    path = root / ".knowhow/index/current.json"
    path.write_text(path.read_text().replace('"schema": ', '"schema": 9'))
    again = opened(root)
    assert again.refresh().added == 30


def no_folder(root: Path) -> None:
    shutil.rmtree(root / ".knowhow/index")


def no_files(root: Path) -> None:
    for path in folder(root).iterdir():
        path.unlink()


def no_segment_file(root: Path) -> None:
    next(folder(root).glob("*.store")).unlink()


def put(path: Path, data: bytes) -> None:
    """Put a file with this content in the place of another. Cutting off a file that Tantivy's threads still have mapped ends
    the process with a bus error, which no reader of files can prevent."""
    path.unlink()
    path.write_bytes(data)


def garbage_in_a_segment(root: Path) -> None:
    path = next(folder(root).glob("*.idx"))
    data = bytearray(path.read_bytes())
    data[: len(data) // 2] = os.urandom(len(data) // 2)
    put(path, bytes(data))


def half_a_segment(root: Path) -> None:
    path = next(folder(root).glob("*.term"))
    put(path, path.read_bytes()[: path.stat().st_size // 2])


def empty_segments(root: Path) -> None:
    for path in folder(root).glob("*.*"):
        put(path, b"")


def half_a_meta(root: Path) -> None:
    path = folder(root) / "meta.json"
    path.write_text(path.read_text()[:100])


def garbage_in_current(root: Path) -> None:
    (root / ".knowhow/index/current.json").write_bytes(b"\x00\xff{")


def locks_left_behind(root: Path) -> None:
    for name in (".tantivy-writer.lock", ".tantivy-meta.lock"):
        (folder(root) / name).write_text("")
    (root / ".knowhow/index.lock").write_text("12345")


DAMAGES = [
    no_folder,
    no_files,
    no_segment_file,
    garbage_in_a_segment,
    half_a_segment,
    empty_segments,
    half_a_meta,
    garbage_in_current,
    locks_left_behind,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_index_is_mended_when_it_is_opened(
    root: Path, index: SectionIndex, opened: Callable[..., SectionIndex], damage: Callable[[Path], None]
) -> None:
    index.close()
    damage(root)
    again = opened(root)
    assert pages(again, "word7") == ["p07.md"]
    write(root, "p07.md", "# Seven\n\nrhinoceros\n")
    assert again.refresh(["p07.md"]).added == 1
    assert pages(again, "rhinoceros") == ["p07.md"]
    assert again.search("common", ALL).total == 29
    assert len([path for path in (root / ".knowhow/index").iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("damage", [d for d in DAMAGES if d not in (garbage_in_a_segment, half_a_segment, empty_segments)])
def test_an_index_damaged_while_it_is_open_is_mended_too(
    root: Path, index: SectionIndex, damage: Callable[[Path], None]
) -> None:
    """(Files that are mapped into memory are not written over here: that is undefined for any program.)"""
    damage(root)
    write(root, "p07.md", "# Seven\n\nrhinoceros\n")
    index.refresh(["p07.md"])
    assert pages(index, "rhinoceros") == ["p07.md"]
    assert index.search("common", ALL).total == 29


def test_reading_goes_on_while_the_index_is_built_anew(root: Path, index: SectionIndex) -> None:
    failures: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            if index.search("common", ALL).total != 30:
                failures.append("wrong total")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        assert index.rebuild().added == 30
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


@pytest.fixture
def slow_build(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """(set when a build has read the pages, to be set for it to go on)."""
    filled, go_on = threading.Event(), threading.Event()
    fill = IndexStore.fill

    def slow(store: IndexStore, documents: Iterable[Document]) -> Path:
        folder = fill(store, documents)
        filled.set()
        assert go_on.wait(30)
        return folder

    monkeypatch.setattr(IndexStore, "fill", slow)
    return filled, go_on


def save(root: Path, index: SectionIndex, name: str, text: str | None) -> float:
    """Write or delete a page and tell the index as a save does; how long that took."""
    if text is None:
        (root / "content" / name).unlink()
    else:
        write(root, name, text)
    started = time.perf_counter()
    index.refresh_soon([name])
    return time.perf_counter() - started


def test_a_save_amid_a_rebuild_waits_for_nothing_and_is_found_at_once_and_afterwards(
    root: Path, index: SectionIndex, slow_build: tuple[threading.Event, threading.Event]
) -> None:
    filled, go_on = slow_build
    rebuild = threading.Thread(target=index.rebuild)
    rebuild.start()
    assert filled.wait(30)
    took = save(root, index, "meanwhile.md", "# Meanwhile\n\nelephant\n")
    took += save(root, index, "p00.md", None)
    assert rebuild.is_alive()
    assert took < 1
    assert (pages(index, "elephant"), index.search("common", ALL).total) == (["meanwhile.md"], 29)
    go_on.set()
    rebuild.join()
    assert (pages(index, "elephant"), index.search("common", ALL).total) == (["meanwhile.md"], 29)


def test_a_save_amid_the_first_build_waits_for_nothing_and_is_found_afterwards(
    root: Path, opened: Callable[..., SectionIndex], slow_build: tuple[threading.Event, threading.Event]
) -> None:
    filled, go_on = slow_build
    index = opened(root)
    build = threading.Thread(target=index.refresh)
    build.start()
    assert filled.wait(30)
    assert save(root, index, "meanwhile.md", "# Meanwhile\n\nelephant\n") < 1
    assert build.is_alive()
    go_on.set()
    build.join()
    assert pages(index, "elephant") == ["meanwhile.md"]


def test_a_save_does_not_wait_for_a_long_write_and_is_found_after_it(root: Path, index: SectionIndex) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with index._store.writing():
            held.set()
            go_on.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    assert save(root, index, "meanwhile.md", "# Meanwhile\n\nelephant\n") < 1
    assert pages(index, "elephant") == []
    go_on.set()
    holder.join()
    deadline = time.monotonic() + 10
    while pages(index, "elephant") != ["meanwhile.md"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_many_threads_may_write_and_search_at_once(root: Path, index: SectionIndex) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(6):
                name = f"t{number}.md"
                write(root, name, f"# Thread {number}\n\nturn{turn} thread{number}\n")
                index.refresh([name])
                assert pages(index, f'"thread{number}" "turn{turn}"') == [name]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert index.search("turn5", ALL).total == 4


def test_many_small_commits_are_merged_again(root: Path, index: SectionIndex) -> None:
    for number in range(25):
        write(root, "p00.md", f"# Zero\n\ncommon turn{number}\n")
        index.refresh(["p00.md"])
    index.close()
    meta = json.loads((folder(root) / "meta.json").read_text())
    assert len(meta["segments"]) < 12
    assert pages(index, "turn24") == ["p00.md"]
    assert index.search("common", ALL).total == 30


WRITER = """
import sys
from pathlib import Path
from wiki.search.index import SectionIndex
from wiki.search.store import IndexStore
from wiki.workspace.workspace import Workspace
root = Path(sys.argv[1])
index = SectionIndex(Workspace.open(root))
print("ready", flush=True)
for line in sys.stdin:
    word = line.strip()
    if word == "rebuild":
        index.rebuild()
    else:
        for number in range(30):
            path = root / "content" / f"p{number:02}.md"
            path.write_text(f"# Page {number}\\n\\ncommon {word}\\n")
            index.refresh([path.name])
    print("done", flush=True)
"""


def start_writer(root: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def wait(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"


def stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


def test_two_processes_write_and_each_sees_the_other(root: Path, index: SectionIndex) -> None:
    other = start_writer(root)
    try:
        tell(other, "elephant")
        for turn in range(20):
            write(root, "mine.md", f"# Mine\n\nturn{turn}\n")
            index.refresh(["mine.md"])
            assert pages(index, f"turn{turn}") == ["mine.md"]
        wait(other)
        assert index.search("elephant", ALL).total == 30
        assert pages(index, "turn19") == ["mine.md"]
        tell(other, "rebuild")
        wait(other)
        assert index.search("elephant", ALL).total == 30
        assert pages(index, "turn19") == ["mine.md"]
    finally:
        stop(other)


@pytest.mark.parametrize("work", ["elephant", "rebuild"])
@pytest.mark.parametrize("delay_ms", [0, 7, 20, 45, 90])
def test_a_kill_while_indexing_leaves_an_index_that_comes_right(
    root: Path, index: SectionIndex, opened: Callable[..., SectionIndex], work: str, delay_ms: int
) -> None:
    other = start_writer(root)
    tell(other, work)
    time.sleep(delay_ms / 1000)
    other.send_signal(signal.SIGKILL)
    stop(other)
    fresh = opened(root)

    def said(word: str) -> int:
        """On how many pages; the kill may have left one empty."""
        return sum(word in path.read_text() for path in (root / "content").glob("*.md"))

    for survivor in (fresh, index):
        survivor.refresh()
        for word in ("elephant", "common"):
            assert survivor.search(word, ALL).total == said(word)
    write(root, "p00.md", "# Zero\n\nrhinoceros\n")
    fresh.refresh(["p00.md"])
    assert pages(index, "rhinoceros") == ["p00.md"]


def test_files_of_a_commit_that_never_came_about_are_no_obstacle(
    root: Path, index: SectionIndex, opened: Callable[..., SectionIndex]
) -> None:
    """What a kill leaves between writing a commit's files and naming them in meta.json."""
    before = (folder(root) / "meta.json").read_bytes()
    write(root, "p07.md", "# Seven\n\nrhinoceros\n")
    index.refresh(["p07.md"])
    index.close()
    (folder(root) / "meta.json").write_bytes(before)
    again = opened(root)
    assert pages(again, "word7") == ["p07.md"]
    assert again.refresh().added == 1
    assert pages(again, "rhinoceros") == ["p07.md"]
    assert pages(again, "word7") == []


FULL_DISK = """
import resource, signal, sys
from wiki.access import everyone_audience
from wiki.errors import StorageError
from wiki.search.index import SectionIndex
from wiki.search.store import IndexStore
from wiki.workspace.workspace import Workspace
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
workspace = Workspace.open(sys.argv[1])
index = SectionIndex(workspace)
index.refresh()
(workspace.docs_dir / "p00.md").write_text("# Zero\\n\\n" + " ".join(f"rhinoceros{n}" for n in range(3000)))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
for action in (lambda: index.refresh(["p00.md"]), index.rebuild):
    try:
        action()
    except StorageError as error:
        print("refused:", error.hint)
assert index.search("common", everyone_audience()).total == 30
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
assert index.refresh(["p00.md"]).added == 1
assert index.search("rhinoceros2999", everyone_audience()).total == 1
assert index.rebuild().added == 30
index.close()
"""


def test_a_full_disk_refuses_the_write_and_keeps_the_index(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(root)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused:") == 2


def test_an_index_folder_that_cannot_be_written_is_a_storage_error(root: Path, opened: Callable[..., SectionIndex]) -> None:
    (root / ".knowhow").mkdir(exist_ok=True)
    (root / ".knowhow/index").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        opened(root).refresh()
    assert caught.value.hint
