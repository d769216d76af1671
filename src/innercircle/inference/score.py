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

from innercircle.inference.logistic import firth_logits, maximum_likelihood, working

# Below this share of its own sum of squares, what the controls leave of a covariate is rounding.
_NOTHING = 1e-10


@dataclass(frozen=True)
class NullModel:
    """A binary regression on the controls alone, ready to test a further covariate.

    Attributes
    ----------
    columns : ndarray, shape (n, 1 + q)
        Score residuals, then a weighted orthonormal basis of intercept and controls.
    weight : ndarray, shape (n,)
        Expected information of each row.
    fitted_by : str
        ``maximum likelihood``, or ``Firth`` where the controls separate the outcome.
    """

    columns: np.ndarray
    weight: np.ndarray
    fitted_by: str


def null_model(y: np.ndarray, controls: np.ndarray, *, cloglog: bool = False) -> NullModel:
    """Fit the model without the covariate to be tested.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Outcome, 0 or 1.
    controls : ndarray, shape (n, q)
        Without an intercept, which is added; q may be 0.
    cloglog : bool
        Complementary log-log link instead of the logit.

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
    beta, fitted_by = maximum_likelihood(y, x, cloglog=cloglog), "maximum likelihood"
    if beta is None:
        beta, fitted_by = firth_logits(y, x, np.ones((1, len(y))))[0], "Firth"
        cloglog = False
    residual, weight = working(y, x @ beta, cloglog=cloglog)
    root = np.sqrt(weight)
    basis = np.linalg.qr(root[:, None] * x)[0]
    return NullModel(np.column_stack([residual, root[:, None] * basis]), weight, fitted_by)


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
