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
    from collections.abc import Sequence

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


def centralities(arcs: Arcs) -> dict[str, np.ndarray]:
    """Return every measure for every person.

    Parameters
    ----------
    arcs : Arcs
        One network.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        Keys as :func:`measure_names`. In a directed network ``eigenvector``, ``constraint`` and
        ``effective_size`` ignore directions (a hierarchy has no eigenvector centrality),
        ``betweenness`` and ``pagerank`` follow them, and ``harmonic_in`` takes the distances
        towards the person.
    """
    graph = arcs.graph()
    ways = {"_in": "in", "_out": "out"} if arcs.directed else {"": "all"}
    others = max(arcs.n - 1, 1)
    values: dict[str, Sequence[float] | np.ndarray] = {}
    for suffix, mode in ways.items():
        values[f"degree{suffix}"] = np.array(graph.degree(mode=mode), dtype=float) / others
        values[f"strength{suffix}"] = graph.strength(mode=mode, weights="weight")
        values[f"harmonic{suffix}"] = graph.harmonic_centrality(mode=mode)
        values[f"coreness{suffix}"] = graph.coreness(mode=mode)
    pairs = others * max(arcs.n - 2, 1) / (1 if arcs.directed else 2)
    values["betweenness"] = np.array(graph.betweenness(directed=arcs.directed)) / pairs
    values["pagerank"] = graph.pagerank(directed=arcs.directed, weights="weight") if arcs.n else []
    flat = arcs.undirected()
    flat_graph = flat.graph() if arcs.directed else graph
    values["eigenvector"] = eigenvector(flat_graph)
    values["constraint"] = flat_graph.constraint(weights="weight")
    values["effective_size"] = effective_size(flat)
    arrays = {name: np.asarray(array, dtype=float) for name, array in values.items()}
    return {
        # igraph leaves the harmonic centrality of a lone person undefined
        name: np.nan_to_num(arrays[name]) if name.startswith("harmonic") else arrays[name]
        for name in measure_names(directed=arcs.directed)
    }


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
