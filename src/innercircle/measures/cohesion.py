"""Cohesion of one network as a whole.

References
----------
Freeman, L. C. 1978. Centrality in social networks: conceptual clarification. Social Networks 1.
Wasserman, S., and K. Faust. 1994. Social Network Analysis. Cambridge University Press.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import igraph as ig
    from numpy.typing import ArrayLike

    from innercircle.measures.arcs import Arcs

COHESION = {
    "n_persons": "persons in the network",
    "n_ties": "ties in the network",
    "density": "share of possible ties that exist",
    "components": "separate (weakly connected) parts, isolates included",
    "largest_component": "share of persons in the largest part",
    "degree_centralization": "spread of degree relative to a star (Freeman 1978)",
    "indegree_centralization": "the same for arcs received",
    "outdegree_centralization": "the same for arcs sent",
    "betweenness_centralization": "spread of betweenness relative to a star (Freeman 1978)",
    "transitivity": "share of two-paths that are closed; directions ignored",
    "reciprocity": "share of arcs that are returned",
    "mean_distance": "mean length of the shortest paths between persons who reach each other",
}
_SMALLEST_STAR = 3


def cohesion(arcs: Arcs) -> dict[str, float]:
    """Return the cohesion of a network.

    Parameters
    ----------
    arcs : Arcs

    Returns
    -------
    dict of str to float
        Keys of :data:`COHESION`; directed networks have in- and outdegree centralization and
        reciprocity, undirected ones degree centralization. What is undefined is missing (NaN):
        density of one person, centralization of fewer than three, transitivity without two-paths,
        distance and reciprocity without ties.
    """
    graph = arcs.graph()
    measures = local_cohesion(arcs, graph, arcs.undirected().graph())
    measures["betweenness_centralization"] = _betweenness_centralization(arcs)
    if len(arcs.weight):
        measures["mean_distance"] = graph.average_path_length(directed=arcs.directed)
    else:
        measures["mean_distance"] = math.nan
    return {name: measures[name] for name in COHESION if name in measures}


def local_cohesion(arcs: Arcs, graph: ig.Graph, flat: ig.Graph) -> dict[str, float]:
    """Return what of :func:`cohesion` needs no shortest paths, and is quick at any size.

    Parameters
    ----------
    arcs : Arcs
    graph, flat : igraph.Graph
        The network, and the same without directions.
    """
    n, ties = arcs.n, len(arcs.weight)
    possible = n * (n - 1) / (1 if arcs.directed else 2)
    parts = graph.connected_components(mode="weak").sizes() if n else []
    measures = {
        "n_persons": float(n),
        "n_ties": float(ties),
        "density": ties / possible if possible else math.nan,
        "components": float(len(parts)),
        "largest_component": max(parts) / n if n else math.nan,
        "transitivity": flat.transitivity_undirected(mode="nan"),
    }
    if arcs.directed:
        measures["indegree_centralization"] = spread(graph.degree(mode="in"), (n - 1) ** 2)
        measures["outdegree_centralization"] = spread(graph.degree(mode="out"), (n - 1) ** 2)
        measures["reciprocity"] = graph.reciprocity() if ties else math.nan
    else:
        measures["degree_centralization"] = spread(graph.degree(), (n - 1) * (n - 2))
    return measures


def spread(values: ArrayLike, largest: float) -> float:
    """Return the sum of distances to the maximum as a share of its largest possible value."""
    array = np.asarray(values, dtype=float)
    if len(array) < _SMALLEST_STAR:
        return math.nan
    return float((array.max() - array).sum() / largest)


def _betweenness_centralization(arcs: Arcs) -> float:
    graph = arcs.graph()
    n = arcs.n
    star = (n - 1) ** 2 * (n - 2) / (1 if arcs.directed else 2)
    return spread(graph.betweenness(directed=arcs.directed), star)
