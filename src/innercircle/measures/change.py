"""Change from one year to the next: of ties, of positions and of communities.

References
----------
Batagelj, V., and M. Bren. 1995. Comparing resemblance measures. Journal of Classification 12:
73-90 (the Jaccard index).
Vinh, N. X., J. Epps, and J. Bailey. 2010. Information theoretic measures for clusterings
comparison. Journal of Machine Learning Research 11: 2837-2854.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from innercircle.measures.centrality import settled
from innercircle.measures.communities import adjusted_mutual_information

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from innercircle.measures.arcs import Arcs

# Two persons always correlate perfectly.
_FEWEST_RANKS = 3


def edge_jaccard(
    before: Arcs,
    after: Arcs,
    persons_before: Sequence[str],
    persons_after: Sequence[str],
) -> float:
    """Return the share of ties of either year that exist in both.

    Only ties between persons present in both years count, so that turnover of persons is not taken
    for turnover of ties.

    Parameters
    ----------
    before, after : Arcs
        Weights are ignored; directions count if both networks are directed.
    persons_before, persons_after : sequence of str
        Who the vertices are.

    Returns
    -------
    float
        Missing (NaN) if no tie counts in either year.

    Raises
    ------
    ValueError
        If persons and vertices differ in number, a person stands twice or only one of the networks
        is directed.
    """
    if before.directed != after.directed:
        raise ValueError("a directed network cannot be compared with an undirected one")
    kept = set(_common(persons_before, persons_after)[0].tolist())
    ties = []
    for arcs, persons in ((before, persons_before), (after, persons_after)):
        if len(persons) != arcs.n:
            raise ValueError(f"{len(persons)} persons named for {arcs.n} vertices")
        names = np.asarray(persons, dtype=object)
        pairs = zip(names[arcs.source], names[arcs.target], strict=True)
        found = {(a, b) if arcs.directed else (min(a, b), max(a, b)) for a, b in pairs}
        ties.append({pair for pair in found if kept.issuperset(pair)})
    either = ties[0] | ties[1]
    return len(ties[0] & ties[1]) / len(either) if either else math.nan


def rank_stability(
    before: ArrayLike,
    after: ArrayLike,
    persons_before: Sequence[str],
    persons_after: Sequence[str],
) -> float:
    """Return Spearman's rank correlation of a centrality in two years.

    Over the persons present in both years whose value is known in both.

    Parameters
    ----------
    before, after : array_like of float, shape (n_before,), (n_after,)
    persons_before, persons_after : sequence of str

    Returns
    -------
    float
        Missing (NaN) with fewer than three such persons or where one of the years ranks all of
        them equal.

    Raises
    ------
    ValueError
        If persons and values differ in number or a person stands twice.
    """
    x, y = _paired(before, after, persons_before, persons_after)
    x, y = settled(x.astype(float)), settled(y.astype(float))
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < _FEWEST_RANKS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])


def community_stability(
    before: ArrayLike,
    after: ArrayLike,
    persons_before: Sequence[str],
    persons_after: Sequence[str],
) -> float:
    """Return the adjusted mutual information of two years' communities.

    Over the persons present in both years (Vinh, Epps & Bailey 2010).

    Parameters
    ----------
    before, after : array_like of int, shape (n_before,), (n_after,)
        Membership in each year.
    persons_before, persons_after : sequence of str

    Returns
    -------
    float
        Missing (NaN) if nobody is present in both years, and where both years put all who are
        together or all apart.

    Raises
    ------
    ValueError
        If persons and memberships differ in number or a person stands twice.
    """
    return adjusted_mutual_information(*_paired(before, after, persons_before, persons_after))


def _common(first: Sequence[str], second: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Return the persons of both years and where they stand in each."""
    for persons in (first, second):
        if len(set(persons)) != len(persons):
            raise ValueError("a person stands twice in one year")
    a, b = np.asarray(first, dtype=str), np.asarray(second, dtype=str)
    return np.intersect1d(a, b, assume_unique=True, return_indices=True)


def _paired(
    before: ArrayLike, after: ArrayLike, first: Sequence[str], second: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return both years' values of the persons present in both."""
    x, y = np.asarray(before), np.asarray(after)
    if (len(x), len(y)) != (len(first), len(second)):
        raise ValueError("persons and values differ in number")
    _, in_first, in_second = _common(first, second)
    return x[in_first], y[in_second]
