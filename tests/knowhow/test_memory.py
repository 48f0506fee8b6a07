"""What a server once needed goes back to the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORK = """
import ctypes, re
from pathlib import Path
import knowhow.memory

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

if {asked}:
    knowhow.memory.give_memory_back()
malloc, free = ctypes.CDLL(None).malloc, ctypes.CDLL(None).free
malloc.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
free(malloc(30_000_000))  # from now on glibc would keep pieces up to this size in its heap
before = resident()
pieces, small = [], []
for _ in range(10):
    piece = malloc(10_000_000)
    ctypes.memset(piece, 1, 10_000_000)
    pieces.append(piece)
    small.append(malloc(200_000))  # stays, so that the heap cannot shrink
for piece in pieces:
    free(piece)
print(resident() - before)
"""


def kept_mb(*, asked: bool) -> int:
    command = [sys.executable, "-c", WORK.replace("{asked}", str(asked))]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def test_memory_of_large_work_is_given_back_where_the_allocator_would_keep_it() -> None:
    assert kept_mb(asked=False) > 50
    assert kept_mb(asked=True) < 10
