"""The one form in which measures take a network: parallel arrays of arcs."""

from __future__ import annotations

from dataclasses import dataclass

import igraph as ig
import numpy as np


@dataclass(frozen=True)
class Arcs:
    """A weighted network of n persons without self-ties or parallel edges.

    Attributes
    ----------
    n : int
        Number of persons, tied or not.
    source, target : ndarray of int, shape (n_edges,)
        Ends of each edge; in an undirected network each edge stands once.
    weight : ndarray of float, shape (n_edges,)
        Positive weights.
    directed : bool
    """

    n: int
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    directed: bool

    def graph(self) -> ig.Graph:
        """Return the network as an igraph graph with edge attribute ``weight``."""
        graph = ig.Graph(
            n=self.n,
            edges=np.column_stack([self.source, self.target]).tolist(),
            directed=self.directed,
        )
        graph.es["weight"] = self.weight.tolist()
        return graph

    def without(self, vertex: int) -> Arcs:
        """Return the network without one person; later persons move up by one."""
        keep = (self.source != vertex) & (self.target != vertex)
        source, target = self.source[keep], self.target[keep]
        return Arcs(
            self.n - 1,
            source - (source > vertex),
            target - (target > vertex),
            self.weight[keep],
            self.directed,
        )

    def undirected(self) -> Arcs:
        """Return the network with directions dropped and the weights of both arcs added."""
        if not self.directed:
            return self
        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        pairs, inverse = np.unique(low * self.n + high, return_inverse=True)
        weight = np.bincount(inverse, weights=self.weight, minlength=len(pairs))
        return Arcs(self.n, pairs // max(self.n, 1), pairs % max(self.n, 1), weight, directed=False)

    def matrix(self) -> np.ndarray:
        """Return the weighted adjacency matrix, shape (n, n); symmetric if undirected."""
        dense = np.zeros((self.n, self.n))
        dense[self.source, self.target] = self.weight
        if not self.directed:
            dense[self.target, self.source] = self.weight
        return dense
