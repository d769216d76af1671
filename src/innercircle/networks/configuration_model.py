"""The bipartite configuration model: entries as random as their row and column sums allow.

Of all distributions over 0/1 matrices whose expected row and column sums are the given ones, the
one of largest entropy has independent entries with the log odds a_i + b_j. Entries which the sums
force (in a full row, an empty column, a nested block) are 0 or 1 in every matrix that has them;
they are found exactly and left out of the fit, since a_i + b_j would be infinite there.

References
----------
Saracco, F., R. Di Clemente, A. Gabrielli, and T. Squartini. 2015. Randomizing bipartite networks:
the case of the World Trade Web. Scientific Reports 5: 10595.
Ryser, H. J. 1957. Combinatorial properties of matrices of zeros and ones. Canadian Journal of
Mathematics 9: 371-377.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_LARGEST_MISFIT = 1e-10  # of an expected row or column sum
_MOST_STEPS = 200


def configuration_probabilities(row_sums: ArrayLike, column_sums: ArrayLike) -> np.ndarray:
    """Return the probability of each entry under the bipartite configuration model.

    Parameters
    ----------
    row_sums : array_like of int, shape (n_rows,)
    column_sums : array_like of int, shape (n_columns,)

    Returns
    -------
    ndarray of float, shape (n_rows, n_columns)
        Its sums over rows and over columns are the given ones to within 1e-10; rows of equal sum
        are equal, and so are columns. Exactly 0 or 1 where every matrix with these sums has that
        entry.

    Raises
    ------
    ValueError
        If no 0/1 matrix has these sums.
    """
    rows, columns = np.asarray(row_sums, dtype=np.int64), np.asarray(column_sums, dtype=np.int64)
    row_order, column_order = np.argsort(-rows, kind="stable"), np.argsort(-columns, kind="stable")
    rows, columns = rows[row_order], columns[column_order]
    sorted_probabilities = np.zeros((len(rows), len(columns)))
    corners = _forced_corners(rows, columns)
    for (top, right), (bottom, left) in itertools.pairwise(corners):
        # Rows top to bottom: ones left of the block, zeros right of it, chance within.
        sorted_probabilities[top:bottom, :left] = 1
        if top < bottom and left < right:
            sorted_probabilities[top:bottom, left:right] = _fit_classes(
                rows[top:bottom] - left, columns[left:right] - top
            )
    probabilities = np.empty_like(sorted_probabilities)
    probabilities[np.ix_(row_order, column_order)] = sorted_probabilities
    return probabilities


def _forced_corners(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the corners (k, l) of Ryser's structure matrix, from top right to bottom left.

    With the sums in falling order, ``slack[k, l]`` is the number of zeros among the first k rows
    and l columns plus the number of ones outside both, the same in every matrix with these sums.
    Where it is zero, the former are all ones and the latter all zeros.
    """
    k = np.arange(len(rows) + 1)[:, np.newaxis]
    width = np.arange(len(columns) + 1)
    within = np.concatenate(([0], np.cumsum(rows)))[:, np.newaxis]
    beyond = columns.sum() - np.concatenate(([0], np.cumsum(columns)))
    slack = k * width + beyond - within
    if slack.min() < 0 or rows.sum() != columns.sum():
        raise ValueError("No matrix of zeros and ones has these row and column sums.")
    corners = np.argwhere(slack == 0)
    return corners[np.lexsort((-corners[:, 1], corners[:, 0]))]


def _fit_classes(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return expit(a_i + b_j) with these sums, none of which is forced.

    Equal sums have equal parameters, so one is fitted for each distinct sum: Newton's method on
    the convex dual, with step halving.
    """
    r, of_row, r_count = np.unique(rows, return_inverse=True, return_counts=True)
    c, of_column, c_count = np.unique(columns, return_inverse=True, return_counts=True)
    target = np.concatenate((r, c)).astype(float)
    count = np.concatenate((r_count, c_count)).astype(float)
    cells = np.outer(r_count, c_count)

    def dual(x: np.ndarray) -> float:
        log_odds = np.add.outer(x[: len(r)], x[len(r) :])
        return float((cells * np.logaddexp(0, log_odds)).sum() - (count * target * x).sum())

    density = rows.sum() / (len(rows) * len(columns))
    x = np.concatenate((logit(r / len(columns)), logit(c / len(rows)) - logit(density)))
    for _ in range(_MOST_STEPS):
        p = expit(np.add.outer(x[: len(r)], x[len(r) :]))
        misfit = np.concatenate((p @ c_count, r_count @ p)) - target
        if np.abs(misfit).max() <= _LARGEST_MISFIT:
            fitted: np.ndarray = p[np.ix_(of_row, of_column)]
            return fitted
        gradient = count * misfit
        step = _newton_step(cells * p * (1 - p), gradient)
        now, slope = dual(x), gradient @ step
        length = 1.0
        # The last term lets the final steps pass, whose gain is below rounding.
        while dual(x + length * step) > now + 1e-4 * length * slope + 1e-12 * abs(now):
            length /= 2
        x += length * step
    raise ValueError("The bipartite configuration model did not converge for these sums.")


def _newton_step(variance: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Solve for the step, with the Hessian scaled to a unit diagonal.

    Adding a constant to all a and taking it from all b changes no probability; the gradient has no
    part in that direction, so giving it a curvature of one changes nothing but the rank.
    """
    n_rows, n_columns = variance.shape
    diagonal = np.concatenate((variance.sum(axis=1), variance.sum(axis=0)))
    scale = np.sqrt(diagonal)
    hessian = np.eye(len(scale))
    hessian[:n_rows, n_rows:] = variance / np.outer(scale[:n_rows], scale[n_rows:])
    hessian[n_rows:, :n_rows] = hessian[:n_rows, n_rows:].T
    null = scale * np.repeat([1.0, -1.0], [n_rows, n_columns])
    null /= np.linalg.norm(null)
    step: np.ndarray = -np.linalg.solve(hessian + np.outer(null, null), gradient / scale) / scale
    return step
