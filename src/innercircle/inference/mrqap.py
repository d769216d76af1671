"""Regressions of dyads on dyads, tested by permuting persons (MRQAP, double semi-partialling).

Dyads that share a person are not independent. Each predictor is regressed on the others; the
persons of what is left of it are permuted, which keeps the dependence among its dyads, and the
regression is repeated with the permuted remainder in the predictor's place.

By the Frisch-Waugh-Lovell theorem the repeated regression needs only the products of the permuted
remainder with an orthonormal basis of the other predictors and with what they leave of the outcome;
those of all draws are one matrix product.

Several networks are pooled as blocks of one: dyads lie within a block, every block has its own
intercept, and persons are permuted within their block.

References
----------
Dekker, D., D. Krackhardt, and T. A. B. Snijders. 2007. Sensitivity of MRQAP tests to collinearity
and autocorrelation conditions. Psychometrika 72: 563-581.
Krackhardt, D. 1988. Predicting with networks: nonparametric multiple regression analysis of dyadic
data. Social Networks 10: 359-381.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.inference.logistic import maximum_likelihood
from innercircle.inference.score import null_model, score_statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Cells gathered at a time: few enough to stay in the processor's cache.
_CHUNK = 300_000
_TIE = 1e-9
_INTERCEPT = "intercept"


def mrqap(
    y: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    draws: int,
    rng: np.random.Generator,
    *,
    directed: bool,
    blocks: np.ndarray | None = None,
) -> pd.DataFrame:
    """Regress a network on others by least squares.

    Parameters
    ----------
    y : ndarray, shape (persons, persons)
        Outcome of every dyad. Diagonals are never used and may be missing.
    predictors : mapping of str to ndarray, shape (persons, persons)
    draws : int
        Permutations, the same for all predictors.
    rng : numpy.random.Generator
    directed : bool
        Whether (i, j) and (j, i) are two dyads; if not, all matrices must be symmetric.
    blocks : ndarray, shape (persons,), optional
        Which network each row belongs to. Values between blocks are never used. By default there is
        one network.

    Returns
    -------
    DataFrame
        One row for the intercept and each predictor: term, estimate, statistic (t of ordinary
        least squares), p_value ((1 + exceed) / (1 + draws), two-sided), dyads. Permuting persons
        leaves an intercept as it is, so it has no p-value; with blocks it is the mean of theirs
        over dyads.

    Raises
    ------
    ValueError
        If a matrix has another shape, misses a value off the diagonal or is not symmetric although
        the network is undirected; if a predictor is constant or a combination of others; if there
        are not more dyads than coefficients; or if ``draws`` is below 1.
    """
    dyads = _Dyads(y, predictors, draws, directed, blocks)
    outcome, x = dyads.outcome, dyads.x
    estimates, *_ = np.linalg.lstsq(x, outcome, rcond=None)

    freedom = len(outcome) - x.shape[1] - (len(dyads.members) - 1)

    def statistic(others: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        # a remainder sums to zero in any order, so that the intercept drops out by centring
        basis = np.linalg.qr(others[:, 1:] - others[:, 1:].mean(axis=0))[0]
        rest = outcome - outcome.mean()
        rest = rest - basis @ (basis.T @ rest)
        columns = np.column_stack([rest, basis])

        def t_values(remainders: np.ndarray) -> np.ndarray:
            products = remainders @ columns
            # the same sum of squares in any order
            squares = remainders[0] @ remainders[0]
            explained = products[:, 0] ** 2 / (squares - (products[:, 1:] ** 2).sum(axis=1))
            left = np.maximum(rest @ rest - explained, np.finfo(float).tiny)
            with np.errstate(over="ignore"):  # a perfect fit is infinitely far from chance
                return np.asarray(np.sign(products[:, 0]) * np.sqrt(explained * freedom / left))

        return t_values

    return _table(dyads, estimates, statistic, draws, rng)


def mrqap_logit(
    y: np.ndarray,
    predictors: Mapping[str, np.ndarray],
    draws: int,
    rng: np.random.Generator,
    *,
    directed: bool,
) -> pd.DataFrame:
    """Regress a binary network on others by a logit.

    As :func:`mrqap`, but the statistic is the signed root of Rao's score, so that the logit of the
    other predictors is fitted once for each predictor and not for each draw.

    Returns
    -------
    DataFrame
        As of :func:`mrqap`. Estimates are of maximum likelihood, and missing if the predictors
        separate the outcome; the p-values remain valid.

    Raises
    ------
    ValueError
        As :func:`mrqap`, and if the outcome is not 0 or 1 or never varies.
    """
    dyads = _Dyads(y, predictors, draws, directed)
    outcome, x = dyads.outcome, dyads.x

    def statistic(others: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        null = null_model(outcome, others[:, 1:])

        def scores(remainders: np.ndarray) -> np.ndarray:
            products = remainders @ null.columns
            return score_statistics(products, remainders**2 @ null.weight)[0]

        return scores

    null_model(outcome, x[:, 1:])  # refuses what no logit can be fitted to
    estimates = maximum_likelihood(outcome, x)
    if estimates is None:
        estimates = np.full(x.shape[1], np.nan)
    return _table(dyads, estimates, statistic, draws, rng)


class _Dyads:
    """The dyads of a network and of its predictors as vectors."""

    def __init__(
        self,
        y: np.ndarray,
        predictors: Mapping[str, np.ndarray],
        draws: int,
        directed: bool,
        blocks: np.ndarray | None = None,
    ) -> None:
        y = np.asarray(y, float)
        self.persons = len(y)
        if directed:
            self.i, self.j = np.nonzero(~np.eye(self.persons, dtype=bool))
        else:
            self.i, self.j = np.triu_indices(self.persons, k=1)
        label = np.unique(np.zeros(self.persons) if blocks is None else blocks, return_inverse=True)
        block = label[1].ravel()
        self.members = [np.flatnonzero(block == b) for b in range(len(label[0]))]
        within = block[self.i] == block[self.j]
        self.i, self.j = self.i[within], self.j[within]
        self.directed = directed
        self.names = [_INTERCEPT, *predictors]
        self.outcome = self._vector("the outcome", y)
        columns = [self._vector(name, np.asarray(m, float)) for name, m in predictors.items()]
        if len(self.members) > 1:
            shared = block[self.i]
            self.outcome, *columns = (_recentred(v, shared) for v in (self.outcome, *columns))
        self.x = np.column_stack([np.ones(len(self.outcome)), *columns])
        if draws < 1:
            raise ValueError("MRQAP needs at least one draw")
        if len(self.x) < self.x.shape[1] + len(self.members):
            raise ValueError(f"{len(self.x)} dyads are too few for {self.x.shape[1]} coefficients")
        if np.linalg.matrix_rank(self.x) < self.x.shape[1]:
            raise ValueError("a predictor is constant or a combination of others")

    def _vector(self, name: str, matrix: np.ndarray) -> np.ndarray:
        if matrix.shape != (self.persons, self.persons):
            raise ValueError(f"{name}: expected {self.persons} rows and columns")
        values = matrix[self.i, self.j]
        if not np.isfinite(values).all():
            raise ValueError(f"{name}: a dyad off the diagonal is missing; leave such persons out")
        if not self.directed and not np.allclose(values, matrix[self.j, self.i]):
            raise ValueError(f"{name}: not symmetric, but the network is undirected")
        return values

    def matrix(self, values: np.ndarray) -> np.ndarray:
        """Return a vector of dyads as a matrix, zero on the diagonal."""
        matrix = np.zeros((self.persons, self.persons))
        matrix[self.i, self.j] = values
        if not self.directed:
            matrix[self.j, self.i] = values
        return matrix

    def orders(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Return permutations of the persons within their blocks, shape (draws, persons)."""
        found = np.empty((draws, self.persons), dtype=np.intp)
        for rows in self.members:
            found[:, rows] = rng.permuted(np.tile(rows, (draws, 1)), axis=1)
        return found


def _recentred(values: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Give every block the same mean, that of all: what an intercept for each block does."""
    means = np.bincount(block, values) / np.maximum(np.bincount(block), 1)
    return np.asarray(values - means[block] + values.mean())


def _table(
    dyads: _Dyads,
    estimates: np.ndarray,
    statistic: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]],
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Test each predictor by the same permutations of persons."""
    names, x = dyads.names, dyads.x
    remainders, statistics = [], []
    for k in range(1, len(names)):
        others = np.delete(x, k, axis=1)
        remainders.append(x[:, k] - others @ np.linalg.lstsq(others, x[:, k], rcond=None)[0])
        statistics.append(statistic(others))
    observed = np.array([s(r[None])[0] for s, r in zip(statistics, remainders, strict=True)])
    matrices = [dyads.matrix(r).ravel() for r in remainders]
    orders = dyads.orders(draws, rng)
    exceed = np.zeros(len(matrices), dtype=int)
    batch = max(1, _CHUNK // len(x))
    for start in range(0, draws, batch):
        order = orders[start : start + batch]
        cells = (order * dyads.persons).take(dyads.i, axis=1)
        cells += order.take(dyads.j, axis=1)
        for k, (matrix, compute) in enumerate(zip(matrices, statistics, strict=True)):
            exceed[k] += (np.abs(compute(matrix.take(cells))) >= abs(observed[k]) - _TIE).sum()
    return pd.DataFrame(
        {
            "term": names,
            "estimate": estimates,
            "statistic": [np.nan, *observed],
            "p_value": [np.nan, *((1 + exceed) / (1 + draws))],
            "dyads": len(x),
        }
    )
