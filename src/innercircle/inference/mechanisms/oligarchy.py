"""From oligarchy to dictatorship: changes of centralization, concentration and cohesion.

References
----------
Hinkley, D. V. 1970. Inference about the change-point in a sequence of random variables. Biometrika
57: 1-17.
Manly, B. F. J. 2007. Randomization, Bootstrap and Monte Carlo Methods in Biology. 3rd ed., ch. 8
(slopes and their intervals by randomization).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from innercircle.inference.mechanisms.result import (
    DRAWS,
    LEVEL,
    Mechanism,
    notes,
    orderings,
    p_value,
    percentile_interval,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

NAME = "oligarchy to dictatorship"
_FEWEST_FOR_TREND = 3
_FEWEST_FOR_CHANGE = 4
_FEWEST_A_SIDE = 2
_Z = 1.959963984540054
_EXCHANGEABLE = "the null takes years as exchangeable: persistence from year to year would break it"


def oligarchy(
    cohesion: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    *,
    layer: str,
    measure: str,
    leader_included: bool,
    periods: Sequence[Mapping[str, Any]],
) -> list[Mechanism]:
    """Describe how one measure of a layer changed over the years.

    Parameters
    ----------
    cohesion : DataFrame
        layer, year, leader_included, measure, value, lo, hi (centralization, cohesion and
        concentration of access alike).
    layer, measure : str
    leader_included : bool
    periods : sequence of mapping
        name, first and last year.

    Returns
    -------
    list of Mechanism
        The mean of each period; the linear trend a year, two-sided against the values dealt at
        random to the years, its interval being the slopes that this test does not reject; and the
        first year after the single change of level that explains most of the variance, tested by
        the same permutations (largest share explained), with an interval from resampled residuals.
    """
    question = f"Did {measure} of {layer} change?"
    rows = cohesion[
        (cohesion["layer"] == layer)
        & (cohesion["measure"] == measure)
        & (cohesion["leader_included"] == leader_included)
    ]
    rows = rows.dropna(subset="value").sort_values("year")
    years, values = rows["year"].to_numpy(np.int64), rows["value"].to_numpy(float)
    means = [_period_mean(rows, period, draws, rng, question) for period in periods]
    return [
        *means,
        _trend(years, values, draws, rng, question),
        _change_point(years, values, draws, rng, question),
    ]


def _period_mean(
    rows: pd.DataFrame,
    period: Mapping[str, Any],
    draws: int,
    rng: np.random.Generator,
    question: str,
) -> Mechanism:
    """Average a period; years vary by normal errors as wide, on either side, as their interval."""
    statistic = f"mean {period['name']} ({period['first']}-{period['last']})"
    within = rows[rows["year"].between(period["first"], period["last"])]
    if within.empty:
        return undefined(NAME, question, [statistic], "no year of the period has a value")[0]
    value, lo, hi = (within[c].to_numpy(float) for c in ("value", "lo", "hi"))
    known = np.isfinite(lo) & np.isfinite(hi) & (hi > lo)
    below, above = np.where(known, value - lo, 0.0) / _Z, np.where(known, hi - value, 0.0) / _Z
    error = rng.standard_normal((draws, len(value)))
    drawn = value + error * np.where(error < 0, below, above)
    low, high, why = percentile_interval(drawn.mean(axis=1))
    bare = f"{(~known).sum()} years without interval taken as certain" if not known.all() else ""
    found = (float(value.mean()), low, high, math.nan)
    return Mechanism(NAME, question, statistic, *found, len(value), "", notes(bare, why))


def _trend(
    years: np.ndarray, values: np.ndarray, draws: int, rng: np.random.Generator, question: str
) -> Mechanism:
    n, statistic = len(years), "linear trend a year"
    if n < _FEWEST_FOR_TREND:
        why = f"fewer than {_FEWEST_FOR_TREND} years"
        return undefined(NAME, question, [statistic], why, n)[0]
    x = years - years.mean()
    spread = float(x @ x)
    slope = float(x @ values) / spread
    orders, exact = orderings(n, draws, rng)
    null = x[orders] @ values / spread
    p = p_value(slope, null, "two-sided", exact=exact)
    lo, hi, why = _slopes_not_rejected(slope, null, x[orders] @ x / spread, exact=exact)
    number = "all" if exact else str(len(orders))
    wording = f"values dealt at random to the years ({number} orders); two-sided"
    note = notes(_EXCHANGEABLE, why)
    return Mechanism(NAME, question, statistic, slope, lo, hi, p, n, wording, note, exact)


def _slopes_not_rejected(
    slope: float, null: np.ndarray, likeness: np.ndarray, *, exact: bool
) -> tuple[float, float, str]:
    """Invert the permutation test: the slopes b for which values - b * years pass it.

    An order whose slope is s, and whose slope on the years themselves is r < 1, is at least as
    large as the data after b is taken out from b = (slope - s) / (1 - r) on.
    """
    moved = likeness < 1 - 1e-12
    bounds = np.sort((slope - null[moved]) / (1 - likeness[moved]))
    total = len(null) + (0 if exact else 1)
    allowed = math.floor((1 - LEVEL) / 2 * total + 1e-9)
    # The data's own order, and draws equal to it, pass at every slope.
    skip = allowed - (total - len(bounds))
    if skip < 0:
        return math.nan, math.nan, "no interval: too few years for one of 95 %"
    return float(bounds[skip]), float(bounds[-1 - skip]), ""


def _change_point(
    years: np.ndarray, values: np.ndarray, draws: int, rng: np.random.Generator, question: str
) -> Mechanism:
    n, statistic = len(years), "first year after the change point"
    if n < _FEWEST_FOR_CHANGE:
        why = f"fewer than {_FEWEST_FOR_CHANGE} years"
        return undefined(NAME, question, [statistic], why, n)[0]
    if np.ptp(values) == 0:
        return undefined(NAME, question, [statistic], "the value never changes", n)[0]
    explained, at = _best_split(values[None])
    orders, exact = orderings(n, draws, rng)
    null = _best_split(values[orders])[0]
    p = p_value(float(explained[0]), null, "greater", exact=exact)
    cut = int(at[0])
    before, after = values[:cut], values[cut:]
    fitted = np.repeat([before.mean(), after.mean()], [cut, n - cut])
    # Sides are resampled apart: their spread may differ.
    residuals = np.hstack(
        [
            rng.choice(side - side.mean(), size=(draws, len(side)), replace=True)
            for side in (before, after)
        ]
    )
    lo, hi, why = percentile_interval(years[_best_split(fitted + residuals)[1]].astype(float))
    if math.isnan(lo):  # every resample changes in the same year, which is an answer
        lo, hi, why = float(years[cut]), float(years[cut]), ""
    number = "all" if exact else str(len(orders))
    wording = f"values dealt at random to the years ({number} orders); largest share explained"
    said = (
        f"mean {before.mean():.3g} before and {after.mean():.3g} after, "
        f"{100 * explained[0]:.0f} % of the variance"
    )
    note, estimate = notes(said, _EXCHANGEABLE, why), float(years[cut])
    return Mechanism(NAME, question, statistic, estimate, lo, hi, p, n, wording, note, exact)


def _best_split(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest share of variance that two levels explain, and where the second starts.

    Parameters
    ----------
    values : ndarray, shape (k, years)
    """
    n = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    cuts = np.arange(_FEWEST_A_SIDE, n - _FEWEST_A_SIDE + 1)
    sums = centred.cumsum(axis=1)[:, cuts - 1]
    between = sums**2 * n / (cuts * (n - cuts))
    total = (centred**2).sum(axis=1)
    best = between.argmax(axis=1)
    largest = between[np.arange(len(values)), best]
    share = np.divide(largest, total, out=np.zeros_like(total), where=total > 0)
    return share, cuts[best]
