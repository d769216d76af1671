"""Binary regressions on arrays, many at once: point estimates for resampling and prediction.

References
----------
Firth, D. 1993. Bias reduction of maximum likelihood estimates. Biometrika 80: 27-38.
Puhr, R., et al. 2017. Firth's logistic regression with rare events: accurate effect estimates and
predictions? Statistics in Medicine 36: 2302-2317.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_TOLERANCE = 1e-9
_MAX_ITERATIONS = 200
_MAX_STEP = 3.0
_NOTHING = 1e-11
# Scoring for Firth's penalty may converge slowly: every so many steps one is lengthened.
_EXTRAPOLATE = 4
_SMALLEST = 1e-300


def firth_logits(y: np.ndarray, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fit Firth logits to many subsets of the same rows.

    Parameters
    ----------
    y : ndarray, shape (n,) or (b, n)
        Outcome, 0 or 1; each subset may have its own.
    x : ndarray, shape (n, k)
        Covariates, the first a column of ones.
    weights : ndarray, shape (b, n)
        1 where a row belongs to the subset, 0 where it does not.

    Returns
    -------
    ndarray, shape (b, k)
        Coefficients. Where a covariate is constant or a combination of others in the subset, of
        all solutions the one nearest to zero.

    Raises
    ------
    ArithmeticError
        If a fit does not converge.
    """
    beta, _, found = maximise_firth(y, x, weights)
    if not found.all():
        raise ArithmeticError(f"{(~found).sum()} of {len(found)} Firth logits did not converge")
    return beta


def maximise_firth(
    y: np.ndarray,
    x: np.ndarray,
    weights: np.ndarray,
    *,
    start: np.ndarray | None = None,
    held: int | None = None,
    tolerance: float = _TOLERANCE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Maximise Firth's penalised likelihood on many subsets, freely or along a profile.

    Parameters
    ----------
    y, x, weights
        As for :func:`firth_logits`.
    start : ndarray, shape (b, k), optional
        Where to begin; by default at zero.
    held : int, optional
        Column whose coefficient stays where it begins. The penalty remains that of all columns.
    tolerance : float
        Longest last step.

    Returns
    -------
    coefficients, log_likelihood, found : ndarray, shapes (b, k), (b,) and (b,)
        The log likelihood is the penalised one; ``found`` tells which fits have converged.
    """
    squares = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    y = np.broadcast_to(y, weights.shape)
    beta = np.zeros((len(weights), x.shape[1])) if start is None else start

    def step(beta: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return _firth_step(beta, y[left], x, squares, weights[left], held)

    return climb(step, beta, tolerance=tolerance)


def climb(
    step: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    start: np.ndarray,
    *,
    tolerance: float = _TOLERANCE,
    iterations: int = _MAX_ITERATIONS,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Maximise many likelihoods at once, halving every step that would lead down.

    Parameters
    ----------
    step : callable
        Given coefficients, one row a likelihood, and the numbers of those likelihoods, returns log
        likelihoods and the next steps.
    start : ndarray, shape (b, k)
    tolerance : float
        Longest last step.
    iterations : int

    Returns
    -------
    coefficients, log_likelihood, found : ndarray, shapes (b, k), (b,) and (b,)
        ``found`` tells which have converged.
    """
    left = np.arange(len(start))
    beta = start.copy()
    likelihood, steps = step(beta, left)
    found = np.zeros(len(start), dtype=bool)
    for iteration in range(iterations):
        tried = beta[left] + steps[left]
        new, following = step(tried, left)
        better = new >= likelihood[left] - _TOLERANCE
        taken = left[better]
        done = np.abs(steps[left]).max(axis=1) < tolerance
        beta[taken], likelihood[taken] = tried[better], new[better]
        following = following[better]
        if iteration % _EXTRAPOLATE == _EXTRAPOLATE - 1:
            following = _extrapolated(following, steps[taken])
        steps[taken] = following
        steps[left[~better]] /= 2
        found[left[done]] = True
        left = left[~done]
        if not len(left):
            break
    return beta, likelihood, found


def _extrapolated(steps: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Go at once where steps that shrink by the same share each time would lead (Aitken)."""
    share = (steps * before).sum(axis=1) / np.maximum((before**2).sum(axis=1), _SMALLEST)
    return np.asarray(steps / (1 - np.clip(share, -2.0, 0.98))[:, None])


def _firth_step(
    beta: np.ndarray,
    y: np.ndarray,
    x: np.ndarray,
    squares: np.ndarray,
    weights: np.ndarray,
    held: int | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return penalised log likelihoods and steps of Fisher scoring, one row a subset."""
    subsets, k = beta.shape
    predictor = beta @ x.T
    fitted = expit(predictor)
    spread = weights * fitted * (1 - fitted)
    values, vectors = np.linalg.eigh((spread @ squares).reshape(subsets, k, k))
    # a direction about which the subset says nothing is left alone
    known = values > _NOTHING * values[:, -1:]
    values = np.where(known, values, 1.0)
    inverse = (vectors * (known / values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    leverage = spread * (inverse.reshape(subsets, k * k) @ squares.T)
    score = (weights * (y - fitted) + leverage * (0.5 - fitted)) @ x
    step = (inverse @ score[:, :, None])[:, :, 0]
    if held is not None:
        along = inverse[:, :, held]
        step = step - along * (step[:, held] / along[:, held])[:, None]
    # long steps overshoot where outcomes are nearly separated
    step = shortened(step)
    log_likelihood = (weights * (y * predictor - np.logaddexp(0, predictor))).sum(axis=1)
    return log_likelihood + np.log(values).sum(axis=1) / 2, step


def shortened(step: np.ndarray) -> np.ndarray:
    """Shorten steps, one a row, so that no coefficient moves too far at once."""
    return np.asarray(step / np.maximum(1, np.abs(step).max(axis=1, keepdims=True) / _MAX_STEP))


def centre_predictions(predictor: np.ndarray, share: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the intercept correction that makes predictions average the outcome's share.

    Firth's penalty draws predictions towards one half; with a rare outcome that is far. This is
    Puhr et al.'s FLIC: the slopes stay, the intercept is re-estimated by maximum likelihood.

    Parameters
    ----------
    predictor : ndarray, shape (b, n)
        Linear predictors.
    share : ndarray, shape (b,)
        Share of the outcome among the rows of each subset, above 0 and below 1.
    weights : ndarray, shape (b, n)

    Returns
    -------
    ndarray, shape (b,)
        To be added to the linear predictor.
    """
    total = weights.sum(axis=1)
    # the correction lies between those of the lowest and of the highest predictor
    low = -predictor.max(axis=1) + np.log(share / (1 - share))
    high = -predictor.min(axis=1) + np.log(share / (1 - share))
    while (high - low).max(initial=0) > _TOLERANCE:
        middle = (low + high) / 2
        mean = (weights * expit(predictor + middle[:, None])).sum(axis=1) / total
        high, low = np.where(mean > share, middle, high), np.where(mean > share, low, middle)
    return np.asarray((low + high) / 2)


def maximum_likelihood(y: np.ndarray, x: np.ndarray, *, cloglog: bool = False) -> np.ndarray | None:
    """Fit one logit or complementary log-log regression.

    Parameters
    ----------
    y : ndarray, shape (n,)
    x : ndarray, shape (n, k)
        Of full rank, the first column of ones.
    cloglog : bool
        Complementary log-log instead of logit.

    Returns
    -------
    ndarray, shape (k,), or None
        None if the outcome is separated, so that there is no finite estimate.
    """
    from firthmodels import detect_separation

    if x.shape[1] > 1 and detect_separation(x[:, 1:], y).separation:
        return None
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(-np.log1p(-y.mean())) if cloglog else np.log(y.mean() / (1 - y.mean()))
    likelihood = -np.inf
    for _ in range(_MAX_ITERATIONS):
        residual, weight = working(y, x @ beta, cloglog=cloglog)
        step = np.linalg.solve((x.T * weight) @ x, residual @ x)
        new = _log_likelihood(y, x @ (beta + step), cloglog=cloglog)
        while not new >= likelihood - _TOLERANCE:
            step = step / 2
            new = _log_likelihood(y, x @ (beta + step), cloglog=cloglog)
        beta, likelihood = beta + step, new
        if np.abs(step).max() < _TOLERANCE:
            return beta
    return None


def working(
    y: np.ndarray, predictor: np.ndarray, *, cloglog: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's derivative of the log likelihood by its linear predictor and its weight.

    The weight is the expectation of minus the second derivative.
    """
    if not cloglog:
        fitted = expit(predictor)
        return y - fitted, fitted * (1 - fitted)
    hazard = np.exp(predictor)
    # (1 - p) / p, where p = 1 - exp(-hazard)
    odds_against = 1 / np.expm1(hazard)
    return np.where(y == 1, hazard * odds_against, -hazard), hazard**2 * odds_against


def _log_likelihood(y: np.ndarray, predictor: np.ndarray, *, cloglog: bool) -> float:
    if cloglog:
        hazard = np.exp(predictor)
        return float(np.where(y == 1, np.log(-np.expm1(-hazard)), -hazard).sum())
    return float(-np.logaddexp(0, np.where(y == 1, -predictor, predictor)).sum())


def expit(predictor: np.ndarray) -> np.ndarray:
    """Return the logistic function, without overflow."""
    from scipy.special import expit as logistic

    return np.asarray(logistic(predictor))
