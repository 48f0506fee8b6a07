"""The process that converts documents: kept warm, bounded, and replaced after a crash."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.readers.worker import ConversionFailed, ConversionTimedOut, Workers
from tests.ingest.files import docx, pdf_pages, zip_of

MEMORY = 4_000_000_000


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(at_once=1)
    yield made
    made.close()


def convert(workers: Workers, ending: str, data: bytes, *, timeout_s: float = 60.0, memory_bytes: int = MEMORY) -> str:
    return workers.convert(ending, data, memory_bytes=memory_bytes, timeout_s=timeout_s)


def test_a_second_document_takes_less_than_half_a_second(workers: Workers) -> None:
    two_pages = pdf_pages([[f"Line {line} of the first page." for line in range(40)], ["The limit is 400 euros."]])
    convert(workers, "docx", docx("first"))
    pid = workers.pids()
    took = []
    for _ in range(3):
        start = time.monotonic()
        assert "400 euros" in convert(workers, "pdf", two_pages)
        took.append(time.monotonic() - start)
    assert min(took) < 0.5
    assert workers.pids() == pid


def test_documents_follow_each_other_without_mixing_and_a_bad_one_does_no_harm(workers: Workers) -> None:
    for number in range(3):
        assert convert(workers, "docx", docx(f"document {number}")) == f"document {number}"
        with pytest.raises(ConversionFailed):
            convert(workers, "docx", b"PK no document")
    assert convert(workers, "rtf", rb"{\rtf1 rich}") == "rich"
    assert len(workers.pids()) == 1


def test_after_a_crash_the_next_document_gets_a_new_process(workers: Workers) -> None:
    convert(workers, "docx", docx("x"))
    [pid] = workers.pids()
    os.kill(pid, signal.SIGKILL)
    assert convert(workers, "docx", docx("after")) == "after"
    assert workers.pids() != [pid]


def test_a_document_that_takes_its_process_down_is_that_documents_failure_only(workers: Workers) -> None:
    def kill_each_process() -> None:
        seen: set[int] = set()
        while not done.wait(0.02):
            for pid in set(workers.pids()) - seen:
                seen.add(pid)
                os.kill(pid, signal.SIGKILL)

    convert(workers, "docx", docx("x"))
    done = threading.Event()
    killer = threading.Thread(target=kill_each_process)
    killer.start()
    with pytest.raises(ConversionFailed):
        convert(workers, "docx", docx(*["slow"] * 60_000))
    done.set()
    killer.join()
    assert convert(workers, "docx", docx("after")) == "after"


def test_a_document_that_takes_too_long_is_killed_and_the_next_is_read(workers: Workers) -> None:
    convert(workers, "docx", docx("x"))
    start = time.monotonic()
    with pytest.raises(ConversionTimedOut):
        convert(workers, "docx", docx(*["slow"] * 60_000), timeout_s=0.2)
    assert time.monotonic() - start < 2.0
    assert workers.pids() == []
    assert convert(workers, "docx", docx("after")) == "after"


def test_a_document_that_takes_all_memory_is_refused_and_its_process_ends(workers: Workers) -> None:
    bomb = zip_of({"content.xml": b"<x>" + b"a" * 200_000_000 + b"</x>"})
    convert(workers, "docx", docx("x"), memory_bytes=650_000_000)
    with pytest.raises(ConversionFailed):
        convert(workers, "odf", bomb, memory_bytes=650_000_000)
    assert workers.pids() == []
    assert convert(workers, "docx", docx("after"), memory_bytes=650_000_000) == "after"


def test_a_process_without_work_ends() -> None:
    workers = Workers(idle_s=0.2)
    convert(workers, "docx", docx("x"))
    [pid] = workers.pids()
    deadline = time.monotonic() + 10
    while workers.pids() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_is_replaced_after_so_many_documents() -> None:
    workers = Workers(at_once=1, most_documents=2)
    convert(workers, "docx", docx("x"))
    pids = workers.pids()
    convert(workers, "docx", docx("y"))
    assert workers.pids() == []
    convert(workers, "docx", docx("z"))
    assert workers.pids() != pids
    workers.close()


def test_documents_of_several_threads_take_turns() -> None:
    workers = Workers(at_once=2)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda number: convert(workers, "docx", docx(f"document {number}")), range(12)))
    assert found == [f"document {number}" for number in range(12)]
    assert len(workers.pids()) <= 2
    workers.close()
