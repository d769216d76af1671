"""Permutation tests, against plain loops that refit the regression for every draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import statsmodels.api as sm

from benchmarks.projection import Row, row
from benchmarks.timing import median_seconds
from innercircle.inference.mrqap import mrqap
from innercircle.inference.permutation import permute_within_years

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS, YEARS, DRAWS = 500, 16, 10_000
PERSONS, DYAD_DRAWS = 100, 1000
PLAIN_DRAWS = 200  # the plain loops are timed on these and scaled up


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    yield from within_years()
    yield from dyads()


def within_years() -> Iterator[Row]:
    rng = np.random.default_rng(1926)
    year = np.arange(ROWS) * YEARS // ROWS
    position, controls = rng.normal(size=ROWS), rng.normal(size=(ROWS, 2))
    y = (rng.random(ROWS) < 1 / (1 + np.exp(2.3 - 0.3 * position))).astype(float)
    for draws in (1000, DRAWS):
        ours = median_seconds(
            lambda n=draws: permute_within_years(y, position, controls, year, n, rng)
        )
        yield row("permutation within years", draws, "innercircle", ours, ours)

    def loop() -> None:
        for _ in range(PLAIN_DRAWS):
            permuted = position.copy()
            for t in range(YEARS):
                permuted[year == t] = rng.permutation(position[year == t])
            x = sm.add_constant(np.column_stack([permuted, controls]))
            sm.Logit(y, x).fit(disp=0).tvalues[1]

    plain = median_seconds(loop) * DRAWS / PLAIN_DRAWS
    yield row("permutation within years", DRAWS, "loop over statsmodels", plain, ours)


def dyads() -> Iterator[Row]:
    rng = np.random.default_rng(1926)
    y, *predictors = rng.normal(size=(4, PERSONS, PERSONS))
    named = {f"x{k}": matrix for k, matrix in enumerate(predictors)}
    for draws in (100, DYAD_DRAWS):
        ours = median_seconds(lambda n=draws: mrqap(y, named, n, rng, directed=True))
        yield row("MRQAP", draws, "innercircle", ours, ours)
    off = ~np.eye(PERSONS, dtype=bool)
    constant = np.ones(off.sum())

    def loop() -> None:
        for k, matrix in enumerate(predictors):
            others = [m[off] for i, m in enumerate(predictors) if i != k]
            for _ in range(PLAIN_DRAWS):
                order = rng.permutation(PERSONS)
                moved = matrix[np.ix_(order, order)][off]
                sm.OLS(y[off], np.column_stack([constant, *others, moved])).fit().tvalues[-1]

    plain = median_seconds(loop) * DYAD_DRAWS / PLAIN_DRAWS
    yield row("MRQAP", DYAD_DRAWS, "loop over statsmodels", plain, ours)
