"""One-mode projections of a person-by-event matrix.

References
----------
Newman, M. E. J. 2001. Scientific collaboration networks II. Physical Review E 64: 016132.
Cairns, S. J., and S. J. Schwager. 1987. A comparison of association indices. Animal Behaviour
35: 1454-1469.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array, triu


def coattendance(incidence: csr_array) -> csr_array:
    """Return how many events each pair of persons shared.

    Parameters
    ----------
    incidence : csr_array of shape (n_persons, n_events)

    Returns
    -------
    csr_array of shape (n_persons, n_persons)
        Symmetric, with zeros stored on the diagonal: extracting a triangle here would cost more
        than the product itself where there are millions of pairs.
    """
    return _without_diagonal(incidence @ incidence.T)


def newman_weights(incidence: csr_array) -> csr_array:
    """Return co-attendance in which an event with k persons adds 1 / (k - 1) (Newman 2001).

    Being two of two says more about a tie than being two of two hundred. Events with one person
    add nothing. Shape and diagonal as in :func:`coattendance`.
    """
    sizes = np.asarray(incidence.sum(axis=0), dtype=float).ravel()
    shares = np.divide(1.0, sizes - 1, out=np.zeros_like(sizes), where=sizes > 1)
    return _without_diagonal(incidence @ diags_array(shares) @ incidence.T)


def _without_diagonal(product: csr_array) -> csr_array:
    rows = np.repeat(
        np.arange(product.shape[0], dtype=product.indices.dtype), np.diff(product.indptr)
    )
    product.data[product.indices == rows] = 0
    return product


def pairs(shared: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first person, second person and value of each pair once, first before second."""
    upper = triu(shared, k=1, format="coo")
    keep = upper.data != 0
    first, second = upper.coords
    return first[keep], second[keep], upper.data[keep]


def cells(matrix: csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return the values at the given places, shape (n_places,)."""
    # without a place SciPy returns a sparse array, which has no length
    return np.asarray(matrix[i, j], dtype=float).ravel() if len(i) else np.zeros(0)


def association_indices(
    incidence: csr_array, possible: np.ndarray | None = None
) -> tuple[csr_array, csr_array]:
    """Return the simple-ratio and the half-weight index of each pair that met.

    With x events shared and y_a, y_b attended by one of the two alone, the simple ratio is
    x / (x + y_a + y_b) and the half-weight index x / (x + (y_a + y_b) / 2) (Cairns & Schwager
    1987).

    Parameters
    ----------
    incidence : csr_array of shape (n_persons, n_events)
    possible : ndarray of bool, shape (n_persons, n_events), optional
        Events at which a person could have been. An event of one person counts in the denominator
        only if the other could have been there. By default everyone could attend everything.

    Returns
    -------
    simple_ratio, half_weight : csr_array
        Upper triangle, zero where a pair never met.
    """
    i, j, x = pairs(coattendance(incidence))
    if possible is None:
        attended = np.asarray(incidence.sum(axis=1), dtype=float).ravel()
        of_i, of_j = attended[i], attended[j]
    else:
        # [a, b]: events of a at which b could have been
        open_to = incidence @ csr_array(possible.astype(np.int64)).T
        of_i, of_j = cells(open_to, i, j), cells(open_to, j, i)
    simple = x / (of_i + of_j - x)
    half = 2 * x / (of_i + of_j)
    shape = (incidence.shape[0],) * 2
    return csr_array((simple, (i, j)), shape=shape), csr_array((half, (i, j)), shape=shape)
