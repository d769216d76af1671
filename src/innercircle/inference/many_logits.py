"""Binary regressions with intervals, many outcomes on the same rows at once, as simulation needs.

Each batch is the same design with other outcomes and other rows left at risk; every step is a
matrix product over the whole batch. Held against statsmodels and firthmodels, one at a time.

References
----------
Firth, D. 1993. Bias reduction of maximum likelihood estimates. Biometrika 80: 27-38.
Heinze, G., and M. Schemper. 2002. A solution to the problem of separation in logistic regression.
Statistics in Medicine 21: 2409-2419.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from innercircle.inference.logistic import climb, maximise_firth, shortened, working

LEVEL = 0.95
_MAX_ITERATIONS = 60
# An estimate may lie so far out before a linear program is asked whether there is one.
_FAR = 12.0
# Profile limits: precision in standard errors, and steps of inner fits, whose error is squared.
_LIMIT = 1e-5
_INNER = 1e-5


@dataclass(frozen=True)
class Intervals:
    """Estimates of one coefficient, with limits, one of each for every batch.

    Attributes
    ----------
    estimate, lo, hi : ndarray, shape (b,)
        Missing where there is no finite estimate.
    """

    estimate: np.ndarray
    lo: np.ndarray
    hi: np.ndarray


def maximum_likelihoods(
    y: np.ndarray, x: np.ndarray, weights: np.ndarray, *, cloglog: bool = False
) -> np.ndarray:
    """Fit logit or complementary log-log regressions.

    Parameters
    ----------
    y : ndarray, shape (b, n)
        Outcomes, from 0 to 1.
    x : ndarray, shape (n, k)
        Covariates, the first a column of ones.
    weights : ndarray, shape (b, n)
        1 where a row is at risk, 0 where it is not; or any expected number of times.
    cloglog : bool

    Returns
    -------
    ndarray, shape (b, k)
        Coefficients; missing where the outcome is separated or never varies.
    """
    beta = np.zeros((len(y), x.shape[1]))
    mean = (weights * y).sum(axis=1) / weights.sum(axis=1)
    varies = np.flatnonzero((mean > 0) & (mean < 1))
    mean, y, weights = mean[varies], y[varies], weights[varies]
    start = beta[varies]
    start[:, 0] = np.log(-np.log1p(-mean)) if cloglog else np.log(mean / (1 - mean))

    def step(beta: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slope, curve, likelihood = _derivatives(y[left], _predictor(beta, x), cloglog=cloglog)
        score = (weights[left] * slope) @ x
        steps = np.linalg.solve(_information(x, weights[left] * curve), score[:, :, None])
        return (weights[left] * likelihood).sum(axis=1), shortened(steps[:, :, 0])

    beta[varies], _, found = climb(step, start, iterations=_MAX_ITERATIONS)
    # on a separated outcome the estimates run away; the linear program decides
    for row in np.flatnonzero(~found | (np.abs(beta[varies]).max(axis=1) > _FAR)):
        found[row] = not _separated(y[row], x, weights[row])
    missing = np.ones(len(beta), dtype=bool)
    missing[varies[found]] = False
    beta[missing] = np.nan
    return beta


def _predictor(beta: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return linear predictors short of where probabilities are 0 or 1 to the last digit."""
    return np.asarray(np.clip(beta @ x.T, -30.0, 30.0))


def _derivatives(
    y: np.ndarray, predictor: np.ndarray, *, cloglog: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each row's slope and (negative) curvature in the predictor, and log likelihood."""
    if not cloglog:
        slope, curve = working(y, predictor, cloglog=False)
        return slope, curve, y * predictor - np.logaddexp(0, predictor)
    hazard = np.exp(np.minimum(predictor, 6.0))
    odds_against = 1 / np.expm1(hazard)  # (1 - p) / p
    slope = y * hazard * odds_against - (1 - y) * hazard
    bend = hazard * odds_against * (hazard * (1 + odds_against) - 1)
    likelihood = y * np.log(-np.expm1(-hazard)) - (1 - y) * hazard
    return slope, y * bend + (1 - y) * hazard, likelihood


def _information(x: np.ndarray, spread: np.ndarray) -> np.ndarray:
    n, k = x.shape
    squares = (x[:, :, None] * x[:, None, :]).reshape(n, -1)
    return np.asarray((spread @ squares).reshape(-1, k, k))


def _separated(y: np.ndarray, x: np.ndarray, weights: np.ndarray) -> bool:
    from firthmodels import detect_separation

    kept = weights > 0
    return bool(detect_separation(x[kept, 1:], y[kept]).separation)


def wald_intervals(
    y: np.ndarray,
    x: np.ndarray,
    weights: np.ndarray,
    column: int,
    *,
    person: np.ndarray | None = None,
    cloglog: bool = False,
) -> Intervals:
    """Fit by maximum likelihood, with limits by the normal distribution.

    Parameters
    ----------
    y, x, weights, cloglog
        As for :func:`maximum_likelihoods`.
    column : int
        Of ``x``, the coefficient that is asked for.
    person : ndarray of int, shape (n,), optional
        Cluster of each row, numbered from 0, none without a row at risk. By default errors are
        those of the model.

    Returns
    -------
    Intervals
    """
    beta = maximum_likelihoods(y, x, weights, cloglog=cloglog)
    ok = np.flatnonzero(np.isfinite(beta[:, 0]))
    variance = np.full(len(y), np.nan)
    predictor = np.minimum(_predictor(beta[ok], x), 6.0 if cloglog else np.inf)
    residual, spread = working(y[ok], predictor, cloglog=cloglog)
    residual, spread = weights[ok] * residual, weights[ok] * spread
    bread = np.linalg.inv(_information(x, spread))
    if person is None:
        variance[ok] = bread[:, column, column]
    else:
        # the coefficient's row of the bread times each row's score, summed by person
        influence = residual * (bread[:, column] @ x.T)
        clusters = int(person.max()) + 1
        by_person = influence @ (person[:, None] == np.arange(clusters)).astype(float)
        rows = weights[ok].sum(axis=1)
        factor = clusters / (clusters - 1) * (rows - 1) / (rows - x.shape[1])
        variance[ok] = factor * (by_person**2).sum(axis=1)
    reach = _quantile() * np.sqrt(variance)
    estimate = beta[:, column]
    return Intervals(estimate, estimate - reach, estimate + reach)


def firth_intervals(y: np.ndarray, x: np.ndarray, weights: np.ndarray, column: int) -> Intervals:
    """Fit Firth logits, with limits from the profile of the penalised likelihood.

    Parameters
    ----------
    y, x, weights
        As for :func:`innercircle.inference.logistic.firth_logits`.
    column : int
        Of ``x``, the coefficient that is asked for; not constant among the rows of any subset.

    Returns
    -------
    Intervals
        Missing where the fit or a limit has not converged.
    """
    beta, top, found = maximise_firth(y, x, weights)
    _, spread = working(np.broadcast_to(y, weights.shape), _predictor(beta, x), cloglog=False)
    information = np.linalg.pinv(_information(x, weights * spread), hermitian=True)
    error = np.sqrt(information[:, column, column])
    lo, hi = (_limit(y, x, weights, column, beta, top, sign * error) for sign in (-1, 1))
    found &= np.isfinite(lo) & np.isfinite(hi)
    return Intervals(*(np.where(found, value, np.nan) for value in (beta[:, column], lo, hi)))


def _limit(
    y: np.ndarray,
    x: np.ndarray,
    weights: np.ndarray,
    column: int,
    beta: np.ndarray,
    top: np.ndarray,
    error: np.ndarray,
) -> np.ndarray:
    """Find where the profile has fallen by the quantile, going away from the estimate by errors.

    The root of twice the fall is nearly a straight line in the coefficient, so that false position
    on it takes few steps; ``near`` and ``far`` bracket the limit.
    """
    wanted = _quantile()
    y = np.broadcast_to(y, weights.shape)
    near, far = np.zeros(len(beta)), np.full(len(beta), np.inf)
    fall_near, fall_far = near.copy(), far.copy()
    reach, limit = np.full(len(beta), wanted), np.full(len(beta), np.nan)
    current = beta.copy()
    left = np.arange(len(beta))
    for _ in range(_MAX_ITERATIONS):
        start = current[left]
        start[:, column] = beta[left, column] + reach[left] * error[left]
        current[left], likelihood, found = maximise_firth(
            y[left], x, weights[left], start=start, held=column, tolerance=_INNER
        )
        fall = np.sqrt(np.maximum(2 * (top[left] - likelihood), 0.0))
        done = np.abs(fall - wanted) < _LIMIT
        limit[left[done & found]] = current[left[done & found], column]
        short = fall < wanted
        near[left[short]], fall_near[left[short]] = reach[left[short]], fall[short]
        far[left[~short]], fall_far[left[~short]] = reach[left[~short]], fall[~short]
        left = left[found & ~done]
        if not len(left):
            break
        beyond = reach[left] * np.clip(wanted / np.maximum(fall[found & ~done], 0.1), 1.05, 2.0)
        bracketed = np.isfinite(far[left])
        width = np.where(bracketed, far[left], 0.0) - near[left]
        rise = np.where(bracketed, fall_far[left], 1.0) - fall_near[left]
        between = near[left] + width * (wanted - fall_near[left]) / np.where(bracketed, rise, 1.0)
        reach[left] = np.where(bracketed, between, beyond)
    return limit


def firth_p_values(y: np.ndarray, x: np.ndarray, weights: np.ndarray, column: int) -> np.ndarray:
    """Return p-values of the penalised likelihood-ratio test that a coefficient is zero.

    Below 0.05 exactly where the 95 % limits of :func:`firth_intervals` leave zero out.

    Returns
    -------
    ndarray, shape (b,)
        Missing where a fit has not converged.
    """
    from scipy.stats import chi2

    start, top, found = maximise_firth(y, x, weights, tolerance=_INNER)
    start[:, column] = 0.0
    _, restricted, also = maximise_firth(y, x, weights, start=start, held=column, tolerance=_INNER)
    p_values = chi2.sf(2 * np.maximum(top - restricted, 0.0), 1)
    return np.asarray(np.where(found & also, p_values, np.nan))


def _quantile() -> float:
    from scipy.stats import norm

    return float(norm.ppf((1 + LEVEL) / 2))
