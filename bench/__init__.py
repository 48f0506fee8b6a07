"""Benchmarks, one runnable module each: `python -m bench.search --workspace FOLDER --scale 4 [--json FILE]`."""
