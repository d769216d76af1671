"""What every mechanism returns, and how its p-values and intervals are made.

References
----------
Phipson, B., and G. K. Smyth. 2010. Permutation p-values should never be zero. Statistical
Applications in Genetics and Molecular Biology 9: article 39.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

LEVEL = 0.95
DRAWS = 2000
# All orders of up to eight things are enumerated; 9! would be 362,880.
_MOST_ORDERS = 50_000
_TOLERANCE = 1e-9

Alternative = Literal["greater", "two-sided"]


@dataclass(frozen=True)
class Mechanism:
    """One statistic of one mechanism.

    Attributes
    ----------
    name : str
        The mechanism.
    question : str
        What the statistic answers.
    statistic_name : str
    estimate, lo, hi : float
        The statistic and its 95 % interval; NaN where undefined, and then ``note`` says why.
    p_value : float
        Under ``null``; NaN where nothing was tested.
    n : int
        Units that the estimate rests on (pairs, person-years, ties, years).
    null : str
        What was permuted, how often, and whether the test is one- or two-sided.
    note : str
        Why something is missing or to be read with care; empty if nothing is.
    exact : bool
        Whether the p-value comes from every arrangement rather than from draws.
    """

    name: str
    question: str
    statistic_name: str
    estimate: float
    lo: float
    hi: float
    p_value: float
    n: int
    null: str
    note: str
    exact: bool = False


def undefined(
    name: str, question: str, statistics: Iterable[str], why: str, n: int = 0
) -> list[Mechanism]:
    """Return the statistics of a mechanism that the data do not allow, with the reason."""
    nothing = (math.nan, math.nan, math.nan, math.nan)
    return [Mechanism(name, question, statistic, *nothing, n, "", why) for statistic in statistics]


def mechanism_table(results: Iterable[Mechanism]) -> pd.DataFrame:
    """Return one row per statistic, the columns being the fields of :class:`Mechanism`."""
    columns = [field.name for field in fields(Mechanism)]
    return pd.DataFrame([asdict(result) for result in results], columns=columns)


def notes(*remarks: str) -> str:
    """Join the remarks that are not empty."""
    return "; ".join(remark for remark in remarks if remark)


def p_value(
    observed: float, null: np.ndarray, alternative: Alternative, *, exact: bool = False
) -> float:
    """Return the permutation p-value.

    Parameters
    ----------
    observed : float
    null : ndarray, shape (draws,)
        The statistic of each arrangement. A draw in which it is undefined (NaN) counts as at least
        as extreme, which errs on the safe side.
    alternative : {"greater", "two-sided"}
        Two-sided is twice the smaller tail.
    exact : bool
        Whether ``null`` holds every arrangement, the observed one among them. Otherwise the
        observed one is added to the draws (Phipson & Smyth 2010).
    """
    if math.isnan(observed):
        return math.nan
    slack = _TOLERANCE * max(abs(observed), float(np.abs(null[np.isfinite(null)]).max(initial=0.0)))
    added = 0 if exact else 1
    above = (added + np.sum(~(null < observed - slack))) / (added + len(null))
    if alternative == "greater":
        return float(above)
    below = (added + np.sum(~(null > observed + slack))) / (added + len(null))
    return float(min(1.0, 2 * min(above, below)))


def percentile_interval(drawn: np.ndarray) -> tuple[float, float, str]:
    """Return the 95 % percentile interval of resampled statistics and a remark.

    Quantiles are of type 1 of Hyndman & Fan (1996): each is a value that was drawn.
    NaN where no draw is defined or all are alike: resampling then says nothing about the spread.
    """
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return math.nan, math.nan, "no interval: undefined in every resample"
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    # An observed quantile, since a ratio may be infinite in some resamples.
    lo, hi = np.quantile(known, tails, method="inverted_cdf")
    if lo == hi:
        return math.nan, math.nan, "no interval: resampling does not vary it"
    return float(lo), float(hi), ""


def resample_counts(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each of ``n`` units is drawn, shape (draws, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(float)


def orderings(n: int, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    """Return orders of ``n`` things, shape (orders, n), and whether these are all there are."""
    if math.factorial(n) <= _MOST_ORDERS:
        return np.array(list(permutations(range(n))), dtype=np.int64).reshape(-1, n), True
    return rng.permuted(np.tile(np.arange(n), (draws, 1)), axis=1), False
