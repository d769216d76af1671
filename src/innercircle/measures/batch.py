"""Centrality and cohesion of many weighted versions of one network at once.

Resampling the events of a year gives a thousand networks on the same persons. Here all of them are
measured as stacked matrices instead of one graph after another; only betweenness and cores, which
have no short matrix form, are left to igraph. Values equal those of the functions for one network,
:func:`innercircle.measures.centralities` and :func:`innercircle.measures.cohesion` (tested).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import igraph as ig
import numpy as np

from innercircle.measures.brokerage import effective_sizes
from innercircle.measures.centrality import measure_names
from innercircle.measures.cohesion import COHESION
from innercircle.measures.eigen import leading_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAMPING = 0.85
_SMALLEST_STAR = 3
# Cells of one stack of matrices; larger stacks fall out of the cache and gain nothing.
_CELLS = 1_500_000
# Coordinate descent of coreness: least start, sweeps at the most, and when it has settled.
_START_AT_LEAST, _SWEEPS, _SETTLED = 0.01, 100, 1e-6
_SETTLED_DECIMALS = 4  # persons who are alike are reached one after the other, and end as near

Measured = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]


def batch_measures(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, *, directed: bool
) -> Measured:
    """Measure many weightings of the same pairs.

    Parameters
    ----------
    n : int
        Number of persons.
    source, target : ndarray of int, shape (n_pairs,)
        Pairs that are tied in at least one version; in undirected networks each once.
    weights : ndarray of float, shape (n_pairs, n_versions)
        Weight of each pair in each version; 0 is no tie.
    directed : bool

    Returns
    -------
    centrality : dict of str to ndarray, shape (n_versions, n)
    cohesion : dict of str to ndarray, shape (n_versions,)
        Keys, definitions and missing values as in the functions for one network.
    """
    versions = weights.shape[1]
    size = max(1, _CELLS // max(n * n, 1))
    parts = [
        _measure_stack(n, source, target, weights[:, first : first + size], directed)
        for first in range(0, versions, size)
    ]
    centrality = {
        name: np.concatenate([part[0][name] for part in parts])
        for name in measure_names(directed=directed)
    }
    cohesion = {
        name: np.concatenate([part[1][name] for part in parts])
        for name in COHESION
        if name in parts[0][1]
    }
    return centrality, cohesion


def _measure_stack(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, directed: bool
) -> Measured:
    stack = np.zeros((weights.shape[1], n, n))
    stack[:, source, target] = weights.T
    flat = stack + stack.transpose(0, 2, 1)
    if not directed:
        stack = flat
    ties = (stack > 0).astype(np.float32)
    flat_ties = (flat > 0).astype(np.float32)
    # products are quick in single precision; sums of many and shares need double
    degree = {1: ties.sum(axis=1, dtype=float), 2: ties.sum(axis=2, dtype=float)}
    inverse, paths, path_length = _distances(ties)
    betweenness, cores = _by_igraph(n, source, target, weights, directed)
    others = max(n - 1, 1)
    ways = {"_in": 1, "_out": 2} if directed else {"": 2}
    centrality = {
        "betweenness": betweenness / (others * max(n - 2, 1) / (1 if directed else 2)),
        "pagerank": _pagerank(stack),
        "eigenvector": leading_vectors(flat),
        "constraint": _constraint(flat),
        "effective_size": effective_sizes(flat),
    }
    for suffix, axis in ways.items():
        centrality[f"degree{suffix}"] = degree[axis] / others
        centrality[f"strength{suffix}"] = stack.sum(axis=axis)
        centrality[f"harmonic{suffix}"] = inverse.sum(axis=axis) / others
        centrality[f"coreness{suffix}"] = cores[suffix]
    n_ties = degree[2].sum(axis=1) / (1 if directed else 2)
    star = (n - 1) ** 2 * (n - 2) / (1 if directed else 2)
    cohesion = {
        "n_persons": np.full(len(stack), float(n)),
        "n_ties": n_ties,
        "density": _divide(n_ties, n * (n - 1) / (1 if directed else 2)),
        "betweenness_centralization": _spread(betweenness, star),
        "transitivity": _transitivity(flat_ties),
        "mean_distance": _divide(path_length, paths),
    }
    cohesion["components"], cohesion["largest_component"] = _components(flat_ties)
    if directed:
        cohesion["indegree_centralization"] = _spread(degree[1], (n - 1) ** 2)
        cohesion["outdegree_centralization"] = _spread(degree[2], (n - 1) ** 2)
        returned = (ties * ties.transpose(0, 2, 1)).sum(axis=(1, 2), dtype=float)
        cohesion["reciprocity"] = _divide(returned, n_ties)
    else:
        cohesion["degree_centralization"] = _spread(degree[2], (n - 1) * (n - 2))
    return centrality, cohesion


def _divide(part: np.ndarray, whole: np.ndarray | float) -> np.ndarray:
    """Divide, with NaN where there is nothing to divide by."""
    whole = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def _spread(values: np.ndarray, largest: float) -> np.ndarray:
    if values.shape[1] < _SMALLEST_STAR:
        return np.full(len(values), np.nan)
    return np.asarray((values.max(axis=1, keepdims=True) - values).sum(axis=1) / largest)


def _distances(ties: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return inverse distances, and number and summed length of shortest paths (breadth first)."""
    versions, n, _ = ties.shape
    reached = np.broadcast_to(np.eye(n, dtype=bool), ties.shape).copy()
    frontier = reached.astype(np.float32)
    inverse = np.zeros(ties.shape)
    paths, length = np.zeros(versions), np.zeros(versions)
    for distance in range(1, n):
        found = ((frontier @ ties) > 0) & ~reached
        if not found.any():
            break
        reached |= found
        inverse += found / distance
        count = found.sum(axis=(1, 2))
        paths += count
        length += distance * count
        frontier = found.astype(np.float32)
    return inverse, paths, length


def _components(ties: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of components and the share of persons in the largest."""
    n = ties.shape[1]
    if not n:
        return np.zeros(len(ties)), np.full(len(ties), np.nan)
    reach = np.minimum(ties + np.eye(n, dtype=np.float32), 1)
    for _ in range(max(n - 1, 1).bit_length()):  # squaring doubles the reach
        reach = np.minimum(reach @ reach, 1)
    sizes = reach.sum(axis=2, dtype=float)
    return (1 / sizes).sum(axis=1).round(), sizes.max(axis=1) / n


def _transitivity(ties: np.ndarray) -> np.ndarray:
    two_paths = ties @ ties
    closed = (two_paths * ties).sum(axis=(1, 2), dtype=float)
    degree = ties.sum(axis=2, dtype=float)
    return _divide(closed, (degree * (degree - 1)).sum(axis=1))


def _pagerank(stack: np.ndarray) -> np.ndarray:
    """Solve for PageRank; persons who send nothing spread evenly over everyone."""
    versions, n, _ = stack.shape
    if not n:
        return np.zeros((versions, 0))
    sent = stack.sum(axis=2, keepdims=True)
    moves = np.divide(stack, sent, out=np.full_like(stack, 1 / n), where=sent > 0)
    system = np.eye(n) - _DAMPING * moves.transpose(0, 2, 1)
    ranks = np.linalg.solve(system, np.full((versions, n, 1), (1 - _DAMPING) / n))[..., 0]
    return np.asarray(ranks / ranks.sum(axis=1, keepdims=True))


def _constraint(flat: np.ndarray) -> np.ndarray:
    """Return Burt's constraint over one's own contacts; NaN without contacts."""
    total = flat.sum(axis=2, keepdims=True)
    share = np.divide(flat, total, out=np.zeros_like(flat), where=total > 0)
    invested = (share + share @ share) * (flat > 0)
    found = (invested**2).sum(axis=2)
    found[total[..., 0] == 0] = np.nan
    return np.asarray(found)


def leader_proximity(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, leader: int
) -> np.ndarray:
    """Return the inverse of the distance to one person in each version, directions dropped.

    Parameters are those of :func:`batch_measures` and the position of the person.

    Returns
    -------
    ndarray of float, shape (n_versions, n)
        1 for who is tied to him, 0 for who cannot reach him, NaN for himself.
    """
    found = np.empty((weights.shape[1], n))
    size = max(1, _CELLS // max(n * n, 1))
    for first in range(0, weights.shape[1], size):
        ties = np.zeros((min(size, weights.shape[1] - first), n, n), dtype=np.float32)
        ties[:, source, target] = (weights[:, first : first + size] > 0).T
        flat = np.maximum(ties, ties.transpose(0, 2, 1))
        found[first : first + size] = _distances(flat)[0][:, :, leader]
    found[:, leader] = np.nan
    return found


def core_draws(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Return Borgatti and Everett's coreness in each version, descending from a given solution.

    Least squares as in :func:`innercircle.measures.core_periphery.continuous_core`, by coordinate
    descent for all versions at once. Starting everywhere from the coreness in the data keeps the
    draws in the same of several local optima.

    Returns
    -------
    ndarray of float, shape (n_versions, n)
        To four decimals; 0 for who has no tie in a version.
    """
    versions = weights.shape[1]
    found = np.zeros((versions, n))
    size = max(1, _CELLS // max(n * n, 1))
    for first in range(0, versions, size):
        part = weights[:, first : first + size].T
        stack = np.zeros((len(part), n, n))
        stack[:, source, target] = part
        flat = stack + stack.transpose(0, 2, 1)
        top = flat.max(axis=(1, 2), keepdims=True, initial=0)
        flat = np.divide(flat, top, out=np.zeros_like(flat), where=top > 0)
        values = np.tile(np.maximum(start, _START_AT_LEAST), (len(part), 1))
        values[~(flat > 0).any(axis=2)] = 0
        for _ in range(_SWEEPS):
            before = values.copy()
            for i in range(n):
                squares = (values**2).sum(axis=1) - values[:, i] ** 2
                pull = np.einsum("kj,kj->k", flat[:, i], values)
                best = np.divide(pull, squares, out=np.zeros_like(pull), where=squares > 0)
                values[:, i] = np.clip(best, 0, 1)
            if np.abs(values - before).max(initial=0) < _SETTLED:
                break
        found[first : first + size] = values.round(_SETTLED_DECIMALS)
    return found


def _by_igraph(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, directed: bool
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    ways = {"_in": "in", "_out": "out"} if directed else {"": "all"}
    betweenness = np.zeros((weights.shape[1], n))
    cores = {suffix: np.zeros((weights.shape[1], n)) for suffix in ways}
    for version, graph in enumerate(_graphs(n, source, target, weights, directed)):
        betweenness[version] = graph.betweenness(directed=directed)
        for suffix, mode in ways.items():
            cores[suffix][version] = graph.coreness(mode=mode)
    return betweenness, cores


def _graphs(
    n: int, source: np.ndarray, target: np.ndarray, weights: np.ndarray, directed: bool
) -> Iterator[ig.Graph]:
    pairs = list(zip(source.tolist(), target.tolist(), strict=True))
    for version in (weights > 0).T:
        chosen = [pairs[k] for k in np.flatnonzero(version)]
        yield ig.Graph(n=n, edges=chosen, directed=directed)
