"""Brokerage: standing between others, and across groups.

References
----------
Burt, R. S. 1992. Structural Holes. Harvard University Press.
Borgatti, S. P. 1997. Structural holes: unpacking Burt's redundancy measures. Connections 20: 35-38.
Krackhardt, D., and R. N. Stern. 1988. Informal networks and organizational crises: an experimental
simulation. Social Psychology Quarterly 51: 123-140.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from innercircle.measures.arcs import Arcs

_EQUAL = 1e-12


def effective_size(arcs: Arcs) -> np.ndarray:
    """Return how many of one's contacts are not redundant (Burt 1992).

    Each contact j of i counts 1 less the redundancy: the sum over others q of i's share of ties
    in q times j's tie to q relative to j's strongest. With ties of equal weight this is the number
    of contacts less their mean number of ties among themselves (Borgatti 1997).

    Parameters
    ----------
    arcs : Arcs
        Directions are dropped and the weights of both arcs added.

    Returns
    -------
    ndarray of float, shape (n,)
        Missing (NaN) without ties; 1 with one tie; 1 for everyone where all are tied equally.
    """
    return np.asarray(effective_sizes(arcs.undirected().matrix()[None])[0])


def effective_sizes(flat: np.ndarray) -> np.ndarray:
    """Return :func:`effective_size` for a stack of symmetric matrices, (k, n, n) to (k, n)."""
    total, strongest = flat.sum(axis=2, keepdims=True), flat.max(axis=2, keepdims=True, initial=0)
    share = np.divide(flat, total, out=np.zeros_like(flat), where=total > 0)
    relative = np.divide(flat, strongest, out=np.zeros_like(flat), where=strongest > 0)
    tied = flat > 0
    found = tied.sum(axis=2) - (share @ relative.transpose(0, 2, 1) * tied).sum(axis=2)
    return np.where(tied.any(axis=2), found, np.nan)


@dataclass(frozen=True)
class EITest:
    """The E-I index held against random assignment of persons to groups of the same sizes.

    Attributes
    ----------
    observed : float
        From -1 (all ties within groups) to 1 (all between).
    expected : float
        Its exact mean over all assignments.
    p_low, p_high : float
        Share of assignments, the observed one included, with an index at most, at least as large.
    p_value : float
        Share at least as far from the mean, on either side.
    draws : int
    """

    observed: float
    expected: float
    p_low: float
    p_high: float
    p_value: float
    draws: int


def ei_test(
    arcs: Arcs,
    groups: ArrayLike,
    rng: np.random.Generator,
    *,
    draws: int = 1000,
) -> EITest:
    """Test the E-I index by assigning persons to groups at random (Krackhardt & Stern 1988).

    The index is (ties between - ties within groups) / ties. Group sizes alone fix what index to
    expect; ties and unknown groups stay where they are.

    Parameters
    ----------
    arcs : Arcs
        Each arc of a directed network counts, whatever its weight.
    groups : array_like of int, shape (n,)
        Group of each person; negative where unknown. Ties of such persons do not count.
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    EITest
        Missing (NaN) if no tie counts; p-values of 1 where all are of one group or each is alone
        in his.

    Raises
    ------
    ValueError
        If there is not one group for each person.
    """
    labels = np.asarray(groups)
    if labels.shape != (arcs.n,):
        raise ValueError(f"{labels.size} groups given for {arcs.n} persons")
    counts = (labels[arcs.source] >= 0) & (labels[arcs.target] >= 0)
    ends = arcs.source[counts], arcs.target[counts]
    observed = float(_index(labels[None], *ends)[0])
    if math.isnan(observed):
        return EITest(math.nan, math.nan, math.nan, math.nan, math.nan, draws)
    known = np.flatnonzero(labels >= 0)
    shuffled = np.tile(labels, (draws, 1))
    shuffled[:, known] = rng.permuted(shuffled[:, known], axis=1)
    null = _index(shuffled, *ends)
    sizes = np.unique(labels[known], return_counts=True)[1]
    same = float((sizes * (sizes - 1)).sum() / (len(known) * (len(known) - 1)))
    expected = 1 - 2 * same
    low, high = (null <= observed + _EQUAL).sum(), (null >= observed - _EQUAL).sum()
    far = (np.abs(null - expected) >= abs(observed - expected) - _EQUAL).sum()
    p_low, p_high, p_value = ((1 + int(count)) / (1 + draws) for count in (low, high, far))
    return EITest(observed, expected, p_low, p_high, p_value, draws)


def _index(labels: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the index for each row of group labels, (k, n) to (k,); NaN without ties."""
    if not len(source):
        return np.full(len(labels), math.nan)
    return np.asarray(1 - 2 * (labels[:, source] == labels[:, target]).mean(axis=1))
