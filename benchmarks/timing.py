"""Medians of repeated timings, and the peak memory of a fresh process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 5


def median_seconds(job: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the median wall time of a job."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def in_fresh_process(code: str) -> dict[str, float]:
    """Run code that prints nothing; return its seconds and peak resident memory in GiB."""
    harness = (
        "import json, resource, time\n"
        "start = time.perf_counter()\n"
        f"{code}\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20\n"
        "print(json.dumps({'seconds': time.perf_counter() - start, 'gib': peak}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", harness], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))
