"""Cox regression on person-years, with Efron's ties and errors clustered by person.

A person-year is the interval (year, year + 1]. All person-years of a year, and no others, are at
risk at its end, so every year is one risk set: strata by year would change nothing, and covariates
may change from year to year.

References
----------
Efron, B. 1977. The efficiency of Cox's likelihood function for censored data. Journal of the
American Statistical Association 72: 557-565.
Lin, D. Y., and L. J. Wei. 1989. The robust inference for the Cox proportional hazards model.
Journal of the American Statistical Association 84: 1074-1078.
Heinze, G., and M. Schemper. 2001. A solution to the problem of monotone likelihood in Cox
regression. Biometrics 57: 114-119.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_TOLERANCE = 1e-9
_MAX_ITERATIONS = 100


@dataclass(frozen=True)
class CoxFit:
    """Estimates of a Cox regression.

    Attributes
    ----------
    coefficients : ndarray, shape (k,)
        Log hazard ratios.
    covariance : ndarray, shape (k, k)
        From the information matrix.
    clustered : ndarray, shape (k, k)
        Lin and Wei's sandwich with score residuals summed by cluster, without a small-sample
        factor (as ``survival::coxph`` gives it).
    converged : bool
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    clustered: np.ndarray
    converged: bool


def cox_problem(x: np.ndarray, event: np.ndarray, risk_set: np.ndarray) -> str:
    """Say why the partial likelihood has no single finite maximum, or return an empty string."""
    sets = _risk_sets(event, risk_set)
    if not sets:
        return "not fitted: no outcome among the person-years"
    centred = np.vstack([x[rows] - x[rows].mean(axis=0) for rows in sets])
    if np.linalg.matrix_rank(centred) < x.shape[1]:
        return (
            "not fitted: among those at risk when it happened a covariate is constant or a "
            "combination of others"
        )
    if _monotone(x, event, sets):
        return "monotone likelihood: the Cox regression has no finite estimate; see the Firth logit"
    return ""


def cox_regression(
    x: np.ndarray, event: np.ndarray, risk_set: np.ndarray, cluster: np.ndarray
) -> CoxFit:
    """Fit a Cox regression in which every row belongs to one risk set.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        Covariates of the person-years, without an intercept.
    event : ndarray, shape (n,)
        1 where the outcome happens at the end of the person-year.
    risk_set : ndarray, shape (n,)
        The year.
    cluster : ndarray, shape (n,)
        The person.

    Returns
    -------
    CoxFit

    Raises
    ------
    ValueError
        If :func:`cox_problem` finds that there is no single finite maximum.
    """
    problem = cox_problem(x, event, risk_set)
    if problem:
        raise ValueError(problem)
    sets = _risk_sets(event, risk_set)
    # a common shift leaves the partial likelihood as it is and keeps exp() in range
    x = x - x.mean(axis=0)
    beta, converged = np.zeros(x.shape[1]), False
    likelihood, score, information = _derivatives(beta, x, event, sets)
    for _ in range(_MAX_ITERATIONS):
        step = np.linalg.solve(information, score)
        new = _derivatives(beta + step, x, event, sets)
        while not new[0] >= likelihood - _TOLERANCE * (1 + abs(likelihood)):
            step = step / 2
            new = _derivatives(beta + step, x, event, sets)
        beta = beta + step
        likelihood, score, information = new
        converged = bool(np.abs(step).max() < _TOLERANCE)
        if converged:
            break
    bread = np.linalg.inv(information)
    residuals = _score_residuals(beta, x, event, sets)
    _, codes = np.unique(cluster, return_inverse=True)
    by_cluster = np.zeros((codes.max() + 1, x.shape[1]))
    np.add.at(by_cluster, codes, residuals)
    clustered = bread @ (by_cluster.T @ by_cluster) @ bread
    return CoxFit(beta, bread, clustered, converged)


def _risk_sets(event: np.ndarray, risk_set: np.ndarray) -> list[np.ndarray]:
    """Return the rows of each risk set in which the outcome happens; others say nothing."""
    return [np.flatnonzero(risk_set == s) for s in np.unique(risk_set[event == 1])]


def _monotone(x: np.ndarray, event: np.ndarray, sets: list[np.ndarray]) -> bool:
    """Whether some direction ranks everyone who had the outcome at least as high as all at risk."""
    from scipy.optimize import linprog

    leads = np.vstack(
        [x[i] - x[rows][event[rows] == 0] for rows in sets for i in rows[event[rows] == 1]]
    )
    leads = np.unique(leads[np.abs(leads).max(axis=1) > 0], axis=0)
    if not len(leads):
        return True
    scale = np.abs(leads).max(axis=0)
    leads = leads / np.where(scale > 0, scale, 1)
    found = linprog(-leads.sum(axis=0), A_ub=-leads, b_ub=np.zeros(len(leads)), bounds=(-1, 1))
    return bool(-found.fun > 1e-7)  # noqa: PLR2004 - the solver's own tolerance


def tied_weights(
    beta: np.ndarray, x: np.ndarray, event: np.ndarray, risk_set: np.ndarray
) -> np.ndarray:
    """Return how much everyone at risk weighs in the denominator of each outcome.

    Parameters
    ----------
    beta : ndarray, shape (k,)
        Log hazard ratios.
    x, event, risk_set
        As for :func:`cox_regression`; k may be 0.

    Returns
    -------
    ndarray, shape (outcomes, n)
        Rows sum to one; of outcomes tied in a risk set the first weighs those who have it fully,
        each further one less (Efron).
    """
    found = []
    for rows in _risk_sets(event, risk_set):
        weights, _ = _efron(x[rows] @ beta, event[rows] == 1)
        for weight in weights:
            found.append(np.zeros(len(event)))
            found[-1][rows] = weight
    return np.array(found)


def _efron(predictor: np.ndarray, tied: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights in a risk set, shape (outcomes, rows), and the log of their denominators."""
    top = predictor.max()
    hazard = np.exp(predictor - top)
    outcomes = int(tied.sum())
    away = np.arange(outcomes)[:, None] / outcomes * tied
    weights = hazard * (1 - away)
    total = weights.sum(axis=1, keepdims=True)
    return weights / total, float((np.log(total) + top).sum())


def _derivatives(
    beta: np.ndarray, x: np.ndarray, event: np.ndarray, sets: list[np.ndarray]
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log partial likelihood, its gradient and the information."""
    k = x.shape[1]
    likelihood, score, information = 0.0, np.zeros(k), np.zeros((k, k))
    for rows in sets:
        at_risk, tied = x[rows], event[rows] == 1
        predictor = at_risk @ beta
        weights, denominators = _efron(predictor, tied)
        means = weights @ at_risk
        likelihood += predictor[tied].sum() - denominators
        score += at_risk[tied].sum(axis=0) - means.sum(axis=0)
        information += (at_risk.T * weights.sum(axis=0)) @ at_risk - means.T @ means
    return likelihood, score, information


def _score_residuals(
    beta: np.ndarray, x: np.ndarray, event: np.ndarray, sets: list[np.ndarray]
) -> np.ndarray:
    """Return each row's contribution to the score, ties shared as in Efron's likelihood."""
    residuals = np.zeros_like(x)
    for rows in sets:
        at_risk, tied = x[rows], event[rows] == 1
        weights, _ = _efron(at_risk @ beta, tied)
        means = weights @ at_risk
        found = weights.T @ means - at_risk * weights.sum(axis=0)[:, None]
        found[tied] += at_risk[tied] - means.mean(axis=0)
        residuals[rows] = found
    return residuals
