"""Rao's score test of one covariate given others, for many versions of the covariate at once.

The model without the covariate is fitted once. Each version then costs a few inner products, so
that thousands of permutations are a matrix product.

References
----------
Rao, C. R. 1948. Large sample tests of statistical hypotheses concerning several parameters.
Proceedings of the Cambridge Philosophical Society 44: 50-57.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from innercircle.inference.cox import cox_regression, tied_weights
from innercircle.inference.logistic import firth_logits, maximum_likelihood, working

# Below this share of its own sum of squares, what the controls leave of a covariate is rounding.
_NOTHING = 1e-10


@dataclass(frozen=True)
class NullModel:
    """A regression on the controls alone, ready to test a further covariate.

    The covariate's information is its squares times ``weight``, less its squared products with all
    columns but the first.

    Attributes
    ----------
    columns : ndarray, shape (n, 1 + q)
        Score residuals, then what takes away the information shared with intercept and controls.
    weight : ndarray, shape (n,)
        Expected information of each row.
    fitted_by : str
        ``maximum likelihood``, or ``Firth`` where the controls separate the outcome.
    """

    columns: np.ndarray
    weight: np.ndarray
    fitted_by: str


def null_model(y: np.ndarray, controls: np.ndarray, *, link: str = "logit") -> NullModel:
    """Fit the binary regression without the covariate to be tested.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Outcome, 0 or 1.
    controls : ndarray, shape (n, q)
        Without an intercept, which is added; q may be 0.
    link : {"logit", "cloglog", "firth"}
        ``firth`` is the logit with Firth's penalty, which the others fall back to where the
        controls separate the outcome.

    Returns
    -------
    NullModel

    Raises
    ------
    ValueError
        If the outcome never varies, is not 0 or 1, a value is missing, or a control is constant or
        a combination of others.
    """
    x = np.column_stack([np.ones(len(y)), controls])
    if not np.isin(y, (0, 1)).all() or not np.isfinite(x).all():
        raise ValueError("the outcome must be 0 or 1 and no control may be missing")
    if y.sum() in (0, len(y)):
        raise ValueError("the outcome never varies")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError("a control is constant or a combination of others")
    cloglog = link == "cloglog"
    beta = None if link == "firth" else maximum_likelihood(y, x, cloglog=cloglog)
    fitted_by = "maximum likelihood"
    if beta is None:
        beta, fitted_by, cloglog = firth_logits(y, x, np.ones((1, len(y))))[0], "Firth", False
    residual, weight = working(y, x @ beta, cloglog=cloglog)
    root = np.sqrt(weight)
    basis = np.linalg.qr(root[:, None] * x)[0]
    return NullModel(np.column_stack([residual, root[:, None] * basis]), weight, fitted_by)


def cox_null_model(y: np.ndarray, controls: np.ndarray, year: np.ndarray) -> NullModel:
    """Fit the Cox regression without the covariate to be tested.

    Parameters
    ----------
    y, controls
        As for :func:`null_model`.
    year : ndarray, shape (n,)

    Returns
    -------
    NullModel

    Raises
    ------
    ValueError
        If the regression on the controls has no single finite maximum.
    """
    beta = np.zeros(0)
    if controls.shape[1]:
        beta = cox_regression(controls, y, year, np.arange(len(y))).coefficients
    elif not y.any():
        raise ValueError("the outcome never varies")
    weights = tied_weights(beta, controls, y, year)
    weight = weights.sum(axis=0)
    shared = weight[:, None] * controls - weights.T @ (weights @ controls)
    root = np.linalg.cholesky(np.linalg.inv(controls.T @ shared))
    columns = np.column_stack([y - weight, weights.T, shared @ root])
    return NullModel(columns, weight, "maximum likelihood")


def score_statistics(products: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn inner products into score statistics.

    Parameters
    ----------
    products : ndarray, shape (draws, 1 + q)
        Versions of the covariate times ``NullModel.columns``.
    squares : ndarray, shape (draws,)
        Squared versions of the covariate times ``NullModel.weight``.

    Returns
    -------
    z, one_step : ndarray, shape (draws,)
        Signed root of the score statistic, and the coefficient after one step of Fisher scoring
        from zero; both 0 where the controls leave nothing of the covariate.
    """
    information = squares - (products[:, 1:] ** 2).sum(axis=1)
    something = information > _NOTHING * squares
    information = np.where(something, information, 1.0)
    score = np.where(something, products[:, 0], 0.0)
    return score / np.sqrt(information), score / information
