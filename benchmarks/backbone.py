"""The two null models of the backbone, against plain loops: time and memory.

The loops do what the models need and no more. For the stochastic model they convolve the Poisson
binomial distribution of each pair, given the fitted probabilities for nothing; for the fixed one
they make as many curveball trades on sets (Strona et al. 2014), and one projection a draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.projection import Row, row
from benchmarks.timing import SETTINGS, in_fresh_processes, median_seconds, scaled
from innercircle.networks.configuration_model import configuration_probabilities
from innercircle.networks.curveball import ROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPES = ((50, 200), (160, 625), (500, 2000))  # 1, 10 and 100 times as many cells
QUICK_SHAPES = ((5, 20), (16, 62), (50, 200))
DRAWS = 100
PLAIN_PAIRS, PLAIN_DRAWS = 20, 2  # the plain loops are timed on these and scaled up
_SETUP = """
import numpy as np
from benchmarks.backbone import attended
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import two_mode
persons, events = np.nonzero(attended({persons}, {events}))
matrix = two_mode([f"p{{k:04d}}" for k in persons], events)
backbone(two_mode(["a", "b"], [0, 0]), method="{method}", rng=np.random.default_rng(1), draws=1)
"""
_JOB = 'backbone(matrix, method="{method}", rng=np.random.default_rng(1), draws={draws})'


def attended(persons: int, events: int) -> np.ndarray:
    return np.random.default_rng(1).random((persons, events)) < 0.1


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    shapes = SHAPES if SETTINGS.shrink == 1 else QUICK_SHAPES
    draws = scaled(DRAWS)
    loops = {"sdsm": convolution_seconds, "fdsm": trade_seconds}
    for method, task in (("sdsm", "SDSM backbone"), ("fdsm", "FDSM backbone")):
        for persons, events in shapes:
            setup = _SETUP.format(persons=persons, events=events, method=method)
            ours = in_fresh_processes(setup, _JOB.format(method=method, draws=draws))
            cells = persons * events
            seconds = ours["seconds"]
            measured = row(task, cells, "innercircle", seconds, seconds, unit="cells")
            yield {**measured, "peak_gib": ours["gib"]}
            plain = loops[method](attended(persons, events), draws)
            tool = "loop of convolutions" if method == "sdsm" else "loop of trades of sets"
            yield row(task, cells, tool, plain, seconds, unit="cells")


def convolution_seconds(matrix: np.ndarray, _: int) -> float:
    """Return the time of all pairs' distributions, from those of a few."""
    p = configuration_probabilities(matrix.sum(axis=1), matrix.sum(axis=0))
    i, j = np.triu_indices(len(p), k=1)
    few = np.linspace(0, len(i) - 1, min(PLAIN_PAIRS, len(i))).astype(int)

    def loop() -> None:
        for a, b in zip(i[few], j[few], strict=True):
            distribution = np.ones(1)
            for both in p[a] * p[b]:
                distribution = np.convolve(distribution, [1 - both, both])

    return median_seconds(loop) * len(i) / len(few)


def trade_seconds(matrix: np.ndarray, draws: int) -> float:
    """Return the time of all draws, from that of a few."""
    rng = np.random.default_rng(1)
    columns = np.arange(matrix.shape[1])
    rows = [set(columns[present].tolist()) for present in matrix]

    def loop() -> None:
        for _ in range(PLAIN_DRAWS * ROUNDS * len(rows) // 2):
            a, b = rng.choice(len(rows), 2, replace=False)
            common = rows[a] & rows[b]
            pool = rng.permutation(list(rows[a] ^ rows[b])).tolist()
            due = len(rows[a]) - len(common)
            rows[a], rows[b] = common.union(pool[:due]), common.union(pool[due:])
        drawn = np.zeros(matrix.shape, dtype=np.float32)
        for _ in range(PLAIN_DRAWS):
            for k, present in enumerate(rows):
                drawn[k, list(present)] = 1
            drawn @ drawn.T

    return median_seconds(loop) * draws / PLAIN_DRAWS
