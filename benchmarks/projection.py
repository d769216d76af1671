"""Projection of person-by-event matrices, against SciPy alone, python-igraph and networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import igraph as ig
import networkx as nx
import numpy as np
from scipy.sparse import csr_array

from benchmarks.timing import in_fresh_processes, median_seconds, scaled
from innercircle.networks.projection import coattendance

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, object]


def attendances(count: int, persons: int, events: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1926)
    drawn = np.unique(rng.integers(0, persons, count) * events + rng.integers(0, events, count))
    return drawn // events, drawn % events


def incidence(persons: np.ndarray, events: np.ndarray, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(persons), dtype=np.int64), (persons, events)), shape=shape)


def run() -> Iterator[Row]:
    """Yield the rows of the benchmark table."""
    for count in (scaled(size) for size in (10_000, 100_000, 1_000_000)):
        shape = (count // 50, count // 5)
        matrix = incidence(*attendances(count, *shape), shape)
        ours = median_seconds(lambda m=matrix: coattendance(m))
        yield measured(count, "innercircle", ours, ours)
        yield measured(count, "scipy B @ B.T", median_seconds(lambda m=matrix: m @ m.T), ours)
        # what the call does by default, and only what is asked for here
        for tool, which in (("python-igraph", "both"), ("python-igraph, persons only", False)):
            yield measured(count, tool, igraph_seconds(count, shape, which=which), ours)
    count = scaled(150_000)
    shape = (count // 50, count // 5)
    matrix = incidence(*attendances(count, *shape), shape)
    ours = median_seconds(lambda: coattendance(matrix))
    yield measured(count, "innercircle", ours, ours)
    yield measured(count, "networkx", networkx_seconds(count, shape), ours)
    yield large(scaled(10_000_000))


def igraph_seconds(count: int, shape: tuple[int, int], *, which: str | bool) -> float:
    persons, events = attendances(count, *shape)
    types = [False] * shape[0] + [True] * shape[1]
    edges = np.column_stack([persons, events + shape[0]]).tolist()
    graph = ig.Graph.Bipartite(types, edges)
    return median_seconds(lambda: graph.bipartite_projection(multiplicity=True, which=which))


def networkx_seconds(count: int, shape: tuple[int, int]) -> float:
    persons, events = attendances(count, *shape)
    graph = nx.Graph(zip(persons.tolist(), (events + shape[0]).tolist(), strict=True))
    people = sorted(set(persons.tolist()))
    project = nx.bipartite.weighted_projected_graph
    return median_seconds(lambda: project(graph, people))


def large(count: int) -> Row:
    shape = (count // 100, count // 5)
    setup = (
        "from benchmarks.projection import attendances, incidence\n"
        "from innercircle.networks.projection import coattendance\n"
        f"matrix = incidence(*attendances({count}, *{shape}), {shape})"
    )
    ours = in_fresh_processes(setup, "coattendance(matrix)")
    seconds = ours["seconds"]
    return {**measured(count, "innercircle", seconds, seconds), "peak_gib": ours["gib"]}


def measured(count: int, tool: str, seconds: float, ours: float) -> Row:
    return row("projection", count, tool, seconds, ours, unit="attendances")


def row(task: str, size: int, tool: str, seconds: float, ours: float, unit: str = "draws") -> Row:
    """Return a row of the table; the ratio is innercircle's time as a share of the tool's."""
    return {
        "task": task,
        "size": size,
        "unit": unit,
        "tool": tool,
        "seconds": seconds,
        "innercircle_over_tool": ours / seconds,
    }
