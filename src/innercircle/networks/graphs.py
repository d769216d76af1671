"""Yearly networks as igraph graphs and GraphML files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import igraph as ig

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_TEXT_EDGES = ("relations",)
_NOT_ATTRIBUTES = ("layer", "year", "source", "target")


def to_graph(edges: pd.DataFrame, nodes: pd.DataFrame, *, directed: bool) -> ig.Graph:
    """Return one layer-year as a graph.

    Parameters
    ----------
    edges, nodes : DataFrame
        Rows of one layer and year. All columns of ``nodes`` become vertex attributes; columns of
        ``edges`` that are filled in this layer become edge attributes.
    directed : bool

    Returns
    -------
    igraph.Graph
        Vertices in the order of ``nodes``, with ``name`` set to ``person_id``; parallel edges are
        kept (the relations layer has one of each sign).
    """
    persons = nodes["person_id"].tolist()
    index = {person: i for i, person in enumerate(persons)}
    graph = ig.Graph(n=len(persons), directed=directed)
    graph.vs["name"] = persons
    for column in nodes.columns.drop(["person_id", "layer", "year"], errors="ignore"):
        graph.vs[column] = nodes[column].tolist()
    graph.add_edges(
        [(index[a], index[b]) for a, b in zip(edges["source"], edges["target"], strict=True)]
    )
    for column in edges.columns.drop(list(_NOT_ATTRIBUTES), errors="ignore"):
        empty = (edges[column] == "") if column in _TEXT_EDGES else edges[column].isna()
        if not empty.all():
            graph.es[column] = edges[column].tolist()
    return graph


def write_graphml(graph: ig.Graph, path: Path, *, layer: str, year: int) -> None:
    """Write a graph with its layer and year as graph attributes."""
    graph["layer"] = layer
    graph["year"] = year
    path.parent.mkdir(parents=True, exist_ok=True)
    graph.write_graphml(str(path))
