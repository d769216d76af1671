"""Centrality of each person in one network.

Distances are unweighted: a co-attendance count is not a length. ``degree``, ``betweenness`` and
``harmonic`` are divided by their maximum so that years of different size compare. A person without
ties has 0 everywhere except ``constraint`` and ``effective_size``, which are undefined (missing)
without ties, and ``pagerank``, which is then the teleportation share.

References
----------
Freeman, L. C. 1978. Centrality in social networks: conceptual clarification. Social Networks 1.
Bonacich, P. 1972. Factoring and weighting approaches to status scores. J. Math. Sociology 2.
Rochat, Y. 2009. Closeness centrality extended to unconnected graphs. ASNA.
Seidman, S. B. 1983. Network structure and minimum degree. Social Networks 5.
Burt, R. S. 1992. Structural Holes. Harvard University Press.
Page, L., et al. 1999. The PageRank citation ranking. Stanford InfoLab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.linalg import eigsh

from innercircle.measures.brokerage import effective_size
from innercircle.measures.eigen import leading_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import igraph as ig

    from innercircle.measures.arcs import Arcs

# What each measure is, for captions and the codebook.
CENTRALITIES = {
    "degree": "share of the others one is tied to",
    "strength": "sum of the weights of one's ties",
    "betweenness": "share of the others' shortest paths that pass through one (Freeman 1978)",
    "harmonic": "mean inverse distance to the others (Rochat 2009)",
    "eigenvector": "ties to the well tied, weighted, largest = 1 (Bonacich 1972)",
    "pagerank": "weighted PageRank, damping 0.85 (Page et al. 1999)",
    "coreness": "largest k such that one is in the k-core (Seidman 1983)",
    "constraint": "redundancy of one's ties, weighted (Burt 1992)",
    "effective_size": "contacts that are not redundant, weighted (Burt 1992)",
}
_TWO_WAY = ("degree", "strength", "harmonic", "coreness")
_DENSE_LIMIT = 1000  # persons up to which a dense eigendecomposition is quicker
_DECIMALS = 10


def settled(values: np.ndarray) -> np.ndarray:
    """Return values without the last digits, in which persons who are alike may differ.

    Those digits depend on the order of summation, and with it on the order of persons and on the
    machine; ranks and standardised positions would make something of them.
    """
    return np.round(values, _DECIMALS)


def measure_names(*, directed: bool) -> list[str]:
    """Return the measures of a layer; directed ones come in an in- and an out-version."""
    names: list[str] = []
    for name in CENTRALITIES:
        names += [f"{name}_in", f"{name}_out"] if directed and name in _TWO_WAY else [name]
    return names


def centralities(
    arcs: Arcs, measures: Sequence[str] = tuple(CENTRALITIES)
) -> dict[str, np.ndarray]:
    """Return measures for every person.

    Parameters
    ----------
    arcs : Arcs
        One network.
    measures : sequence of str
        Of :data:`CENTRALITIES`; by default all.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        Keys as :func:`measure_names`, in that order. In a directed network ``eigenvector``,
        ``constraint`` and ``effective_size`` ignore directions (a hierarchy has no eigenvector
        centrality), ``betweenness`` and ``pagerank`` follow them, and ``harmonic_in`` takes the
        distances towards the person.
    """
    graph, flat = arcs.graph(), arcs.undirected()
    flat_graph = flat.graph() if arcs.directed else graph
    found: dict[str, np.ndarray] = {}
    for name in measures:
        if name == "effective_size":
            found[name] = effective_size(flat)
            continue
        suffixes = (
            {"_in": "in", "_out": "out"} if name in _TWO_WAY and arcs.directed else {"": "all"}
        )
        used = flat_graph if name in {"eigenvector", "constraint"} else graph
        for suffix, mode in suffixes.items():
            found[f"{name}{suffix}"] = np.asarray(_OF_GRAPHS[name](used, mode), dtype=float)
    return {name: found[name] for name in measure_names(directed=arcs.directed) if name in found}


def _degree(graph: ig.Graph, mode: str) -> np.ndarray:
    return np.asarray(graph.degree(mode=mode), dtype=float) / float(max(graph.vcount() - 1, 1))


def _betweenness(graph: ig.Graph, _mode: str) -> np.ndarray:
    n, directed = graph.vcount(), graph.is_directed()
    pairs = max(n - 1, 1) * max(n - 2, 1) / (1 if directed else 2)
    return np.asarray(np.array(graph.betweenness(directed=directed)) / pairs)


def _harmonic(graph: ig.Graph, mode: str) -> np.ndarray:
    # igraph leaves that of a lone person undefined
    return np.asarray(np.nan_to_num(graph.harmonic_centrality(mode=mode)), dtype=float)


def _pagerank(graph: ig.Graph, _mode: str) -> Sequence[float]:
    if not graph.vcount():
        return []
    return list(graph.pagerank(directed=graph.is_directed(), weights="weight"))


def eigenvector(graph: ig.Graph) -> np.ndarray:
    """Return eigenvector centrality of an undirected network, defined also when disconnected.

    Where the largest eigenvalue is shared by several components, the leading vector is not unique
    and solvers return an arbitrary one. Here it is the projection of the uniform vector on the
    leading eigenspace: the limit of the power iteration that starts with everyone equal, which
    does not depend on labels or on solver.

    Returns
    -------
    ndarray of float, shape (n,)
        Scaled so that the largest is 1; all 0 without ties.
    """
    n = graph.vcount()
    if not graph.ecount():
        return np.zeros(n)
    matrix = graph.get_adjacency_sparse(attribute="weight").astype(float)
    if n <= _DENSE_LIMIT:
        return np.asarray(leading_vectors(matrix.toarray()[None])[0])
    # Lanczos vectors of a uniform start stay in what the power iteration can reach.
    _, vectors = eigsh(matrix, k=1, which="LA", v0=np.ones(n))
    leading = np.abs(vectors[:, 0])
    return np.asarray(leading / leading.max())


_OF_GRAPHS: dict[str, Callable[[ig.Graph, str], Sequence[float] | np.ndarray]] = {
    "degree": _degree,
    "strength": lambda graph, mode: graph.strength(mode=mode, weights="weight"),
    "betweenness": _betweenness,
    "harmonic": _harmonic,
    "eigenvector": lambda graph, _: eigenvector(graph),
    "pagerank": _pagerank,
    "coreness": lambda graph, mode: graph.coreness(mode=mode),
    "constraint": lambda graph, _: graph.constraint(weights="weight"),
}
