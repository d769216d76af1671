"""Whether position matters, by permuting positions among the persons of a year.

If position is unrelated to the outcome, then within a year it could as well have been anyone's.
Permuting it keeps every year's distribution of positions, its outcomes and everyone's controls, and
needs no large sample. It also tears positions from controls that go with them. With a strong
correlation, few outcomes and years that differ, the test then rejects true nulls too often
(docs/inference.md); permuting what year and controls leave of position does not.

References
----------
Phipson, B., and G. K. Smyth. 2010. Permutation p-values should never be zero. Statistical
Applications in Genetics and Molecular Biology 9: 39.
Kennedy, P. E., and B. S. Cade. 1996. Randomization tests for multiple regression. Communications
in Statistics: Simulation and Computation 25: 923-936.
Edgington, E. S., and P. Onghena. 2007. Randomization Tests. 4th ed. Boca Raton: Chapman and Hall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from innercircle.inference.score import NullModel, null_model, score_statistics

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Two statistics that differ by less are tied; they differ by the order of summation only.
TIE = 1e-9
# What is left of a column is rounding if it is shorter than this share of it.
_NOTHING = 1e-10


@dataclass(frozen=True)
class PermutationTest:
    """Result of a within-year permutation test.

    Attributes
    ----------
    z : float
        Observed signed root of the score statistic.
    p_value : float
        Two-sided.
    draws : int
        Permutations drawn, or assignments enumerated if ``exact``.
    exact : bool
    fitted_by : str
        How the model of the controls was fitted.
    """

    z: float
    p_value: float
    draws: int
    exact: bool
    fitted_by: str


def permute_within_years(
    y: ArrayLike,
    position: ArrayLike,
    controls: ArrayLike,
    year: ArrayLike,
    draws: int,
    rng: np.random.Generator,
    *,
    remainder: bool = False,
    exact_limit: int = 200_000,
) -> PermutationTest:
    """Test the coefficient of position in a logit by permuting positions within years.

    The statistic is Rao's score of position given the controls; the logit of the controls is fitted
    once. Standardise position within the year first, otherwise a year's mean, which permutation
    cannot change, pulls the statistic away from zero.

    Where few assignments are possible all are enumerated instead of drawn. Persons of a year with
    the same outcome and controls are interchangeable: without controls, or with controls that only
    differ between years, these are the assignments of the outcomes to the persons of each year.

    Parameters
    ----------
    y : array_like, shape (n,)
        Outcome, 0 or 1.
    position : array_like, shape (n,)
    controls : array_like, shape (n, q)
        Without an intercept, which is added; q may be 0.
    year : array_like, shape (n,)
    draws : int
        Random permutations, at least 1.
    rng : numpy.random.Generator
        Not used if the assignments are enumerated.
    remainder : bool
        Permute what years and controls leave of position (the residual of least squares), and fit
        Firth's logit on years and controls instead of maximum likelihood on controls. Controls may
        then be constant or combinations of others.
    exact_limit : int
        Enumerate if there are at most so many distinct assignments.

    Returns
    -------
    PermutationTest
        ``p_value`` is (1 + exceed) / (1 + draws), or exceed / assignments if ``exact``, exceed
        counting statistics at least as far from zero as the observed one. It is 1 if positions
        are alike within every year.

    Raises
    ------
    ValueError
        If a value is missing, the outcome never varies, a control is constant or a combination of
        others, or ``draws`` is below 1.
    ArithmeticError
        If Firth's logit of the remainder does not converge.
    """
    if draws < 1:
        raise ValueError("a permutation test needs at least one draw")
    purged, place = np.asarray(y, float), np.asarray(position, float)
    if not np.isfinite(place).all():
        raise ValueError("no position may be missing")
    covariates = np.asarray(controls, float).reshape(len(purged), -1)
    if remainder:
        design, place = _remainder(place, covariates, np.asarray(year))
        null = null_model(purged, design, link="firth")
    else:
        null = null_model(purged, covariates)
    # the intercept makes the statistic blind to a shift; centring keeps digits
    place = place - place.mean()
    observed = _statistics(null, place[None])[0]
    years = [np.flatnonzero(np.asarray(year) == t) for t in np.unique(year)]
    traits = np.column_stack([purged, covariates])
    labels = [_interchangeable(traits, place, rows) for rows in years]
    assignments = math.prod(_multinomial(np.bincount(label)) for label in labels)
    exact = assignments <= exact_limit
    z = _enumerate(null, place, years, labels) if exact else _draw(null, place, years, draws, rng)
    exceed = int((np.abs(z) >= abs(observed) - TIE).sum())
    p_value = exceed / assignments if exact else (1 + exceed) / (1 + draws)
    return PermutationTest(float(observed), p_value, len(z), exact, null.fitted_by)


def _remainder(
    position: np.ndarray, controls: np.ndarray, year: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return independent columns that span years and controls, and what they leave of position."""
    if not np.isfinite(controls).all():
        raise ValueError("no control may be missing")
    years = (year[:, None] == np.unique(year)).astype(float)
    centred = np.column_stack([position, controls])
    centred -= years @ ((years.T @ centred) / years.sum(axis=0)[:, None])
    left, size, _ = np.linalg.svd(centred[:, 1:], full_matrices=False)
    basis = left[:, size > _NOTHING * np.linalg.norm(controls)]
    rest = centred[:, 0] - basis @ (basis.T @ centred[:, 0])
    if np.linalg.norm(rest) <= _NOTHING * np.linalg.norm(position):
        rest = np.zeros(len(rest))
    return np.column_stack([years[:, 1:], basis * np.sqrt(len(rest))]), rest


def _statistics(null: NullModel, versions: np.ndarray) -> np.ndarray:
    return score_statistics(versions @ null.columns, versions**2 @ null.weight)[0]


def _draw(
    null: NullModel,
    position: np.ndarray,
    years: list[np.ndarray],
    draws: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the statistics of random permutations: one matrix product a year for all draws."""
    products = np.zeros((draws, null.columns.shape[1]))
    squares = np.zeros(draws)
    for rows in years:
        # the order of random keys: a sort of short rows is faster than a shuffle of each
        permuted = position[rows][rng.random((draws, len(rows))).argsort(axis=1)]
        products += permuted @ null.columns[rows]
        squares += permuted**2 @ null.weight[rows]
    return score_statistics(products, squares)[0]


def _interchangeable(traits: np.ndarray, position: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Label the persons of a year so that those with the same label can be swapped unnoticed."""
    if np.ptp(position[rows]) == 0:
        return np.zeros(len(rows), dtype=int)
    return np.asarray(np.unique(traits[rows], axis=0, return_inverse=True)[1]).ravel()


def _multinomial(counts: np.ndarray) -> int:
    ways = math.factorial(int(counts.sum()))
    for count in counts:
        ways //= math.factorial(int(count))
    return ways


def _enumerate(
    null: NullModel, position: np.ndarray, years: list[np.ndarray], labels: list[np.ndarray]
) -> np.ndarray:
    """Return the statistics of all distinct assignments."""
    sums = np.zeros((1, null.columns.shape[1] + 1))
    for rows, label in zip(years, labels, strict=True):
        who = rows[np.unique(label, return_index=True)[1]]  # one person for each label
        order = arrangements(np.bincount(label))
        values = [null.columns[who, c][order] @ position[rows] for c in range(sums.shape[1] - 1)]
        values.append(null.weight[who][order] @ position[rows] ** 2)
        year_sums = np.column_stack(values)
        if len(order) == 1:  # the persons may differ, if their positions do not
            value = position[rows]
            year_sums = np.append(value @ null.columns[rows], value**2 @ null.weight[rows])[None]
        sums = (sums[:, None] + year_sums).reshape(-1, sums.shape[1])
    return score_statistics(sums[:, :-1], sums[:, -1])[0]


def arrangements(counts: np.ndarray) -> np.ndarray:
    """Return all distinct orders of labels 0, 1, ... of which there are ``counts``.

    Returns
    -------
    ndarray of int, shape (orders, sum of counts)
    """
    size = int(np.sum(counts))
    found = np.zeros((1, size), dtype=np.intp)
    free = np.arange(size)[None]
    for label, count in enumerate(counts[:-1]):
        slots = free.shape[1]
        chosen = np.array(list(combinations(range(slots), int(count))), dtype=np.intp)
        chosen = chosen.reshape(math.comb(slots, int(count)), int(count))
        others = np.ones((len(chosen), slots), dtype=bool)
        np.put_along_axis(others, chosen, values=False, axis=1)
        kept = np.nonzero(others)[1].reshape(len(chosen), slots - int(count))
        found = np.repeat(found, len(chosen), axis=0)
        taken = free[:, chosen].reshape(len(found), int(count))
        np.put_along_axis(found, taken, label, axis=1)
        free = free[:, kept].reshape(len(found), slots - int(count))
    np.put_along_axis(found, free, len(counts) - 1, axis=1)
    return found
