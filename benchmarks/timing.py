"""Medians of repeated timings, and the peak memory of fresh processes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Settings:
    """How thoroughly to measure; `make bench` does not change it, `--quick` does."""

    repeats: int = 5
    shrink: int = 1


SETTINGS = Settings()
QUICK = Settings(repeats=1, shrink=10)


def scaled(size: int) -> int:
    """Return a size, or a tenth of it where only the benchmarks themselves are tried out."""
    return max(1, size // SETTINGS.shrink)


def median_seconds(job: Callable[[], object]) -> float:
    """Return the median wall time of a job."""
    times = []
    for _ in range(SETTINGS.repeats):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def in_fresh_processes(setup: str, job: str) -> dict[str, float]:
    """Run code that prints nothing; return median seconds of the job and peak memory in GiB.

    The memory is that of the whole process, what was imported and set up included.
    """
    harness = (
        "import json, resource, time\n"
        f"{setup}\n"
        "start = time.perf_counter()\n"
        f"{job}\n"
        "seconds = time.perf_counter() - start\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20\n"
        "print(json.dumps({'seconds': seconds, 'gib': peak}))\n"
    )
    runs = []
    for _ in range(SETTINGS.repeats):
        done = subprocess.run(
            [sys.executable, "-c", harness], capture_output=True, text=True, check=True
        )
        runs.append(json.loads(done.stdout))
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "gib": max(run["gib"] for run in runs),
    }
