"""Communities: groups with more weight of ties within than degrees alone would give.

References
----------
Traag, V. A., L. Waltman, and N. J. van Eck. 2019. From Louvain to Leiden: guaranteeing
well-connected communities. Scientific Reports 9: 5233.
Newman, M. E. J. 2004. Analysis of weighted networks. Physical Review E 70: 056131.
Guimera, R., M. Sales-Pardo, and L. A. N. Amaral. 2004. Modularity from fluctuations in random
graphs. Physical Review E 70: 025101.
Brandes, U., et al. 2008. On modularity clustering. IEEE Transactions on Knowledge and Data
Engineering 20: 172-188.
Vinh, N. X., J. Epps, and J. Bailey. 2010. Information theoretic measures for clusterings
comparison. Journal of Machine Learning Research 11: 2837-2854.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from innercircle.measures.nulls import NullTest, igraph_seeded, rewirings, upper_tail

if TYPE_CHECKING:
    from collections.abc import Iterator

    import igraph as ig
    from numpy.typing import ArrayLike

    from innercircle.measures.arcs import Arcs

_EQUAL = 1e-12
# Iterating until stable (-1) never ends on some graphs, where equal partitions take turns.
_ITERATIONS = 20
# Up to so many persons with ties the optimum is computed: a millisecond, where 18 take a third of a
# second. Here too the runs of Leiden, a heuristic, can all miss it.
_EXACT_LIMIT = 12


@dataclass(frozen=True)
class Communities:
    """A partition of the persons of a network.

    Attributes
    ----------
    membership : ndarray of int, shape (n,)
        Community of each person, numbered from 0 by falling size; communities of one size are
        numbered in the order of their first members.
    modularity : float
        Weighted modularity; missing (NaN) without ties.
    """

    membership: np.ndarray
    modularity: float


def leiden(arcs: Arcs, rng: np.random.Generator, *, runs: int = 20) -> Communities:
    """Return the partition of highest modularity: the optimum, or the best of several Leiden runs.

    Up to 12 persons with ties the optimum is found by integer programming (Brandes et al. 2008), so
    that the modularity depends neither on the seed nor on the order of the persons. In larger
    networks it is the best that the runs find, and may fall short of the optimum.

    Parameters
    ----------
    arcs : Arcs
        Directions are dropped and the weights of both arcs added.
    rng : numpy.random.Generator
        Seeds igraph and the starts; the same state gives the same partition.
    runs : int
        Runs of 20 iterations each, by turns from everyone alone and from random groups: runs
        that all start from one place can all end in one local optimum. Of equally modular
        partitions met, the one whose membership comes first in lexicographic order is taken.

    Returns
    -------
    Communities
        A person without ties is a community of one. All tied with equal weights is one community
        of modularity 0.

    Raises
    ------
    ValueError
        If ``runs`` is below 1.
    """
    if runs < 1:
        raise ValueError("Leiden needs at least one run")
    flat = arcs.undirected()
    if not len(flat.weight):
        return Communities(np.arange(flat.n), math.nan)
    graph = flat.graph()
    # rounded, so that equal partitions reached in another order of summing tie
    _, membership = min(
        (-round(graph.modularity(found, weights="weight"), 12), found)
        for found in _candidates(graph, rng, runs)
    )
    return Communities(np.array(membership), modularity(flat, membership))


def _candidates(graph: ig.Graph, rng: np.random.Generator, runs: int) -> Iterator[list[int]]:
    """Yield the memberships, canonically numbered, among which the best is."""
    # Who has no ties adds nothing to modularity anywhere, and would be left wherever he started.
    tied = np.flatnonzero(graph.degree())
    core = graph.induced_subgraph(tied.tolist())

    def of_all(found: ig.VertexClustering) -> list[int]:
        membership = len(tied) + np.arange(graph.vcount())
        membership[tied] = found.membership
        return list(_numbered(membership).tolist())

    if len(tied) <= _EXACT_LIMIT:
        yield of_all(core.community_optimal_modularity(weights="weight"))
    with igraph_seeded(rng):
        for run in range(runs):
            start = rng.integers(len(tied), size=len(tied)).tolist() if run % 2 else None
            yield of_all(
                core.community_leiden(
                    objective_function="modularity",
                    weights="weight",
                    n_iterations=_ITERATIONS,
                    initial_membership=start,
                )
            )


def modularity(arcs: Arcs, membership: ArrayLike) -> float:
    """Return the weighted modularity of a partition (Newman 2004); NaN without ties."""
    if not len(arcs.weight):
        return math.nan
    graph = arcs.undirected().graph()
    return float(graph.modularity(np.asarray(membership).tolist(), weights="weight"))


def modularity_test(
    arcs: Arcs, rng: np.random.Generator, *, draws: int = 200, runs: int = 10
) -> NullTest:
    """Hold a network's best modularity against that of degree-preserving rewirings.

    Random networks have communities too (Guimera et al. 2004): only modularity beyond theirs says
    that groups exist. Every draw gets as many Leiden runs as the observed network.

    Parameters
    ----------
    arcs : Arcs
    rng : numpy.random.Generator
    draws : int
        Rewired networks, as from :func:`innercircle.measures.nulls.rewirings`.
    runs : int
        Leiden runs for each network.

    Returns
    -------
    NullTest
        Missing values without ties; ``z`` missing and ``p_value`` 1 where rewiring changes
        nothing.
    """
    observed = leiden(arcs, rng, runs=runs).modularity
    null = [leiden(drawn, rng, runs=runs).modularity for drawn in rewirings(arcs, rng, draws)]
    return upper_tail(observed, null)


def adjusted_mutual_information(first: ArrayLike, second: ArrayLike) -> float:
    """Return how far two partitions of the same persons agree beyond chance.

    (MI - E[MI]) / ((H1 + H2) / 2 - E[MI]), the expectation being over partitions with the same
    community sizes (Vinh, Epps & Bailey 2010, eq. 24a, AMI_sum): 1 for equal partitions, 0 on
    average for unrelated ones.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Community labels of the same persons in the same order.

    Returns
    -------
    float
        Missing (NaN) for nobody, and where both partitions put everyone together or everyone
        apart: sizes alone then force agreement, and there is nothing beyond chance to measure.

    Raises
    ------
    ValueError
        If the partitions differ in length.
    """
    a, b = np.asarray(first), np.asarray(second)
    if a.shape != b.shape:
        raise ValueError(f"partitions of {len(a)} and {len(b)} persons cannot be compared")
    if not len(a):
        return math.nan
    rows, columns = np.unique(a, return_inverse=True)[1], np.unique(b, return_inverse=True)[1]
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    sizes_a, sizes_b, n = table.sum(axis=1), table.sum(axis=0), len(a)
    entropy_a, entropy_b = _entropy(sizes_a), _entropy(sizes_b)
    information = entropy_a + entropy_b - _entropy(table.ravel())
    expected = _expected_information(sizes_a, sizes_b, n)
    room = (entropy_a + entropy_b) / 2 - expected
    return float((information - expected) / room) if room > _EQUAL * n else math.nan


def _numbered(membership: np.ndarray) -> np.ndarray:
    """Return the membership renumbered by falling size, then by first member."""
    _, first, labels, sizes = np.unique(
        membership, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return np.asarray(rank[labels])


def _entropy(counts: np.ndarray) -> float:
    shares = counts / counts.sum()
    return float(-xlogy(shares, shares).sum())


def _expected_information(sizes_a: np.ndarray, sizes_b: np.ndarray, n: int) -> float:
    """Return the mean mutual information over partitions with the given community sizes.

    The overlap of two communities is hypergeometric (Vinh, Epps & Bailey 2010, eq. 24a).
    """
    # communities of one size contribute alike, so that each pair of sizes is summed once
    a, many_a = np.unique(sizes_a, return_counts=True)
    b, many_b = np.unique(sizes_b, return_counts=True)
    of_a, of_b = a[:, None, None], b[None, :, None]
    overlap = np.arange(1, min(a[-1], b[-1]) + 1)[None, None, :]
    possible = (overlap <= np.minimum(of_a, of_b)) & (overlap >= of_a + of_b - n)
    # log C(b, x) C(n - b, a - x) / C(n, a); impossible overlaps are masked before the logarithm
    x = np.where(possible, overlap, np.maximum(of_a + of_b - n, 0))
    log_share = _log_choose(of_b, x) + _log_choose(n - of_b, of_a - x) - _log_choose(n, of_a)
    term = x / n * np.log(np.maximum(x, 1) * n / (of_a * of_b)) * np.exp(log_share)
    per_pair = np.where(possible, term, 0.0).sum(axis=2)
    return float(many_a @ per_pair @ many_b)


def _log_choose(n: np.ndarray | int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))
