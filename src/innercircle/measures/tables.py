"""Centrality and cohesion of every layer and year, with and without the leader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.measures.arcs import Arcs
from innercircle.measures.centrality import centralities
from innercircle.measures.cohesion import cohesion
from innercircle.measures.concentration import concentration
from innercircle.networks import is_directed

if TYPE_CHECKING:
    from collections.abc import Iterator

CENTRALITY_COLUMNS = [
    "layer",
    "year",
    "person_id",
    "leader_included",
    "measure",
    "value",
    "lo",
    "hi",
]
COHESION_COLUMNS = ["layer", "year", "leader_included", "measure", "value", "lo", "hi"]


def yearly_arcs(
    edges: pd.DataFrame, nodes: pd.DataFrame, leader: str | None
) -> Iterator[tuple[str, int, bool, list[str], Arcs]]:
    """Yield every layer-year as (layer, year, leader_included, persons, arcs).

    Without a leader, or where the leader is absent, only the full network is yielded. The access
    layer is a star around the leader and has no network without him.
    """
    by_year = dict(list(edges.groupby(["layer", "year"])))
    for (layer, year), present in nodes.groupby(["layer", "year"], sort=True):
        persons = present["person_id"].tolist()
        ties = by_year.get((layer, year), edges.iloc[:0])
        arcs = to_arcs(ties, persons, directed=is_directed(layer))
        yield layer, year, True, persons, arcs
        if leader in persons and layer != "access":
            vertex = persons.index(leader)
            rest = [person for person in persons if person != leader]
            yield layer, year, False, rest, arcs.without(vertex)


def to_arcs(ties: pd.DataFrame, persons: list[str], *, directed: bool) -> Arcs:
    """Return edges of one layer-year as arcs; edges of both signs between two persons are added."""
    index = pd.Index(persons)
    merged = ties.groupby(["source", "target"], as_index=False, sort=True)["weight"].sum()
    return Arcs(
        len(persons),
        index.get_indexer(merged["source"]),
        index.get_indexer(merged["target"]),
        merged["weight"].to_numpy(float),
        directed,
    )


def centrality_table(edges: pd.DataFrame, nodes: pd.DataFrame, leader: str | None) -> pd.DataFrame:
    """Return every centrality of every person, layer and year.

    Returns
    -------
    DataFrame
        Columns :data:`CENTRALITY_COLUMNS`; the access layer is left out, being an ego network
        whose concentration :func:`cohesion_table` gives.
    """
    frames = []
    for layer, year, included, persons, arcs in yearly_arcs(
        edges[edges["layer"] != "access"], nodes[nodes["layer"] != "access"], leader
    ):
        wide = pd.DataFrame(centralities(arcs), index=pd.Index(persons, name="person_id"))
        long = wide.melt(var_name="measure", value_name="value", ignore_index=False).reset_index()
        frames.append(long.assign(layer=layer, year=year, leader_included=included))
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return table.reindex(columns=CENTRALITY_COLUMNS).sort_values(
        CENTRALITY_COLUMNS[:5], ignore_index=True
    )


def cohesion_table(
    edges: pd.DataFrame, nodes: pd.DataFrame, access: pd.DataFrame, leader: str | None
) -> pd.DataFrame:
    """Return the cohesion of every layer and year, and the concentration of access.

    Parameters
    ----------
    access : DataFrame
        As from :func:`innercircle.networks.access.access_by_year`; may be empty.

    Returns
    -------
    DataFrame
        Columns :data:`COHESION_COLUMNS`. In layer ``access`` the measures are those of
        :mod:`innercircle.measures.concentration`, of ``visits`` and ``minutes``.
    """
    rows = []
    for layer, year, included, _, arcs in yearly_arcs(edges, nodes, leader):
        if layer != "access":
            found = cohesion(arcs)
            rows += [(layer, year, included, name, value) for name, value in found.items()]
    for year, visits in access.groupby("year", sort=True):
        for good in ("visits", "minutes"):
            amounts = visits[good].dropna()
            found = concentration(amounts)
            rows += [("access", year, True, f"{good}_{name}", v) for name, v in found.items()]
    table = pd.DataFrame(rows, columns=COHESION_COLUMNS[:5])
    table = table.assign(lo=np.nan, hi=np.nan)[COHESION_COLUMNS]
    return table.sort_values(COHESION_COLUMNS[:4], ignore_index=True)
