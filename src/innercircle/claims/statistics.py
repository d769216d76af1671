"""Intervals for the comparisons that claims make.

References
----------
Przyborowski, J., and H. Wilenski. 1940. Homogeneity of results in testing samples from Poisson
series. Biometrika 31: 313-323.
Newcombe, R. G. 1998. Interval estimation for the difference between independent proportions:
comparison of eleven methods. Statistics in Medicine 17: 873-890 (method 10).
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy import stats

from innercircle.claims.verdicts import LEVEL

_NAN = float("nan")
_ENUMERATED = 10_000
# Ways to divide that give the same difference must not differ by how sums are rounded.
_SLACK = 1e-9


class Estimate(NamedTuple):
    """A value with its 95 % interval and two-sided p-value."""

    value: float
    lo: float
    hi: float
    p_value: float


UNKNOWN = Estimate(_NAN, _NAN, _NAN, _NAN)


def rate_ratio(before: int, exposure_before: float, after: int, exposure_after: float) -> Estimate:
    """Return the ratio of two Poisson rates, after over before, with its exact interval.

    Conditional on their sum the later count is binomial (Przyborowski and Wilenski 1940), so that
    limits follow from those of Clopper and Pearson. Without any events there is no estimate.

    Parameters
    ----------
    before, after : int
        Events in each period.
    exposure_before, exposure_after : float
        Length of each period, in any one unit.
    """
    total = before + after
    if not total:
        return UNKNOWN
    null = exposure_after / (exposure_before + exposure_after)
    found = stats.binomtest(after, total, null)
    limits = found.proportion_ci(LEVEL, method="exact")
    scale = exposure_before / exposure_after
    value, lo, hi = (
        share / (1 - share) * scale if share < 1 else math.inf
        for share in (after / total, limits.low, limits.high)
    )
    return Estimate(value, lo, hi, float(found.pvalue))


def share(hits: int, total: int, null: float = 0.5) -> Estimate:
    """Return a share with the interval of Clopper and Pearson and the binomial p-value.

    Counts are often below ten here, where shorter intervals promise more than they hold.
    """
    if not total:
        return UNKNOWN
    found = stats.binomtest(hits, total, null)
    limits = found.proportion_ci(LEVEL, method="exact")
    return Estimate(hits / total, float(limits.low), float(limits.high), float(found.pvalue))


def share_difference(before: int, total_before: int, after: int, total_after: int) -> Estimate:
    """Return the difference of two shares, after minus before, with Newcombe's interval.

    The p-value is that of Fisher's exact test. Without cases in a period there is no estimate.
    """
    if not total_before or not total_after:
        return UNKNOWN
    first, second = before / total_before, after / total_after
    limits, limits_after = (
        stats.binomtest(hits, total).proportion_ci(LEVEL, method="wilson")
        for hits, total in ((before, total_before), (after, total_after))
    )
    difference = second - first
    down = math.hypot(second - limits_after.low, limits.high - first)
    up = math.hypot(limits_after.high - second, first - limits.low)
    table = [[after, total_after - after], [before, total_before - before]]
    p_value = float(stats.fisher_exact(table)[1])
    return Estimate(difference, difference - down, difference + up, p_value)


def mean_difference(first: np.ndarray, second: np.ndarray) -> Estimate:
    """Return the difference of two means, first minus second, with an exact permutation p-value.

    Every way to divide the values into groups of these sizes is counted, up to 10 000 of them;
    larger samples are compared by Welch's t-test. An empty group gives no estimate.
    """
    if not len(first) or not len(second):
        return UNKNOWN
    value = float(first.mean() - second.mean())
    if math.comb(len(first) + len(second), len(first)) > _ENUMERATED:
        return Estimate(
            value, _NAN, _NAN, float(stats.ttest_ind(first, second, equal_var=False).pvalue)
        )
    pooled = np.concatenate([first, second])
    groups = np.array(list(combinations(range(len(pooled)), len(first))))
    sums = pooled[groups].sum(axis=1)
    drawn = sums / len(first) - (pooled.sum() - sums) / len(second)
    tails = (drawn <= value + _SLACK).mean(), (drawn >= value - _SLACK).mean()
    return Estimate(value, _NAN, _NAN, min(1.0, 2 * float(min(tails))))


def average(values: np.ndarray, lo: np.ndarray, hi: np.ndarray) -> tuple[float, float]:
    """Return the mean of independent estimates and its standard error, from their 95 % limits."""
    errors = (hi - lo) / (2 * stats.norm.ppf((1 + LEVEL) / 2))
    return float(values.mean()), float(np.sqrt((errors**2).sum()) / len(values))


def difference_of(first: tuple[float, float], second: tuple[float, float]) -> Estimate:
    """Return second minus first, each a mean and its standard error, with a normal interval.

    Without any error there is no interval: one recorded event says nothing about what it varies by.
    """
    value = second[0] - first[0]
    error = math.hypot(first[1], second[1])
    if not error or math.isnan(error):
        return Estimate(value, _NAN, _NAN, _NAN)
    reach = float(stats.norm.ppf((1 + LEVEL) / 2)) * error
    p_value = float(2 * stats.norm.sf(abs(value) / error))
    return Estimate(value, value - reach, value + reach, p_value)
