"""The stochastic degree sequence model on 500 persons and 2,000 events: time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.projection import Row, row
from benchmarks.timing import in_fresh_process

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = """
import numpy as np
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import two_mode
rng = np.random.default_rng(1)
persons, events = np.nonzero(rng.random(({persons}, {events})) < 0.1)
backbone(two_mode([f"p{{k:04d}}" for k in persons], events), method="sdsm")
"""


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    for persons, events in ((5, 20), (50, 200), (500, 2000)):
        measured = in_fresh_process(_CODE.format(persons=persons, events=events))
        cells = persons * events
        yield {
            **row("sdsm", cells, "innercircle", measured["seconds"], 0),
            "peak_gib": measured["gib"],
        }
