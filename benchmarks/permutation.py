"""Permutation tests, against plain loops that refit the regression for every draw.

The loops are timed on fewer draws and scaled up (``extrapolated_from``). Each row has the p-value
of its test; those of a loop and of the package must agree within the error of the loop's few draws.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import statsmodels.api as sm

from benchmarks.projection import Row, row
from benchmarks.timing import median_seconds, scaled
from innercircle.inference.mrqap import mrqap
from innercircle.inference.permutation import permute_within_years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROWS, YEARS, DRAWS = 500, 16, 10_000
DYAD_DRAWS = 1000
# Persons, and draws of the plain loop.
DYADS = ((100, 200), (200, 60))
PLAIN_DRAWS = 200
ERRORS = 4.0  # standard errors by which two p-values may differ


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    yield from within_years()
    for persons, plain_draws in DYADS:
        yield from dyads(persons, plain_draws)


def within_years() -> Iterator[Row]:
    rng = np.random.default_rng(1926)
    year = np.arange(ROWS) * YEARS // ROWS
    position, controls = rng.normal(size=ROWS), rng.normal(size=(ROWS, 2))
    y = (rng.random(ROWS) < 1 / (1 + np.exp(2.3 - 0.15 * position))).astype(float)

    def ours(draws: int) -> float:
        return permute_within_years(y, position, controls, year, draws, rng).p_value

    def plain(draws: int) -> float:
        def statistic(values: np.ndarray) -> float:
            x = sm.add_constant(np.column_stack([values, controls]))
            return abs(sm.Logit(y, x).fit(disp=0).tvalues[1])

        observed, exceed = statistic(position), 0
        for _ in range(draws):
            permuted = position.copy()
            for t in range(YEARS):
                permuted[year == t] = rng.permutation(position[year == t])
            exceed += statistic(permuted) >= observed
        return (1 + exceed) / (1 + draws)

    yield from against("permutation within years", DRAWS, PLAIN_DRAWS, ours, plain)


def dyads(persons: int, plain_draws: int) -> Iterator[Row]:
    rng = np.random.default_rng(2)
    y, *predictors = rng.normal(size=(4, persons, persons))
    y += predictors[0] * 0.8 / persons  # a p-value that is neither 0 nor 1
    named = {f"x{k}": matrix for k, matrix in enumerate(predictors)}
    off = ~np.eye(persons, dtype=bool)
    constant = np.ones(off.sum())

    def ours(draws: int) -> float:
        return float(mrqap(y, named, draws, rng, directed=True)["p_value"].iloc[1])

    def plain(draws: int) -> float:
        p_values = []
        for k, matrix in enumerate(predictors):
            others = [m[off] for i, m in enumerate(predictors) if i != k]
            x = np.column_stack([constant, *others])
            rest = np.zeros_like(matrix)
            rest[off] = sm.OLS(matrix[off], x).fit().resid
            observed = abs(sm.OLS(y[off], np.column_stack([x, rest[off]])).fit().tvalues[-1])
            exceed = 0
            for _ in range(draws):
                order = rng.permutation(persons)
                moved = rest[np.ix_(order, order)][off]
                t_value = sm.OLS(y[off], np.column_stack([x, moved])).fit().tvalues[-1]
                exceed += abs(t_value) >= observed
            p_values.append((1 + exceed) / (1 + draws))
        return p_values[0]

    yield from against(f"MRQAP, {persons} persons", DYAD_DRAWS, plain_draws, ours, plain)


def against(
    task: str,
    draws: int,
    plain_draws: int,
    ours: Callable[[int], float],
    plain: Callable[[int], float],
) -> Iterator[Row]:
    """Time a test at a hundredth, a tenth and all of the draws, and a plain loop on fewer."""
    draws, few = scaled(draws), scaled(plain_draws)
    found: dict[str, float] = {}

    def timed(name: str, job: Callable[[int], float], count: int) -> float:
        def once() -> None:
            found[name] = job(count)

        return median_seconds(once)

    for size in (draws // 100, draws // 10, draws):
        seconds = timed("ours", ours, max(1, size))
        yield {**row(task, max(1, size), "innercircle", seconds, seconds), "p_value": found["ours"]}
    slow = timed("plain", plain, few) * draws / few
    error = math.sqrt(found["ours"] * (1 - found["ours"]) * (1 / few + 1 / draws))
    assert abs(found["ours"] - found["plain"]) <= ERRORS * error + 1 / few, (task, found)
    yield {
        **row(task, draws, "loop over statsmodels", slow, seconds),
        "p_value": found["plain"],
        "extrapolated_from": few,
    }
