"""Builds every layer that a study's configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.networks.bipartite import possible_attendance, two_mode
from innercircle.networks.membership import membership_edges
from innercircle.networks.observed import (
    LAYER_DIRECTED,
    available_layers,
    counted_access,
    counted_attendances,
    counted_deaths,
    counted_spells,
    counted_ties,
)
from innercircle.networks.projection import (
    association_indices,
    cells,
    coattendance,
    newman_weights,
    pairs,
)
from innercircle.networks.visits import copresence_edges

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from innercircle.data.config import Config
    from innercircle.data.study import Study

# Meaning and unit of every column of edges.parquet.
EDGE_COLUMNS = {
    "layer": "attendance, membership, patronage, relations, access or copresence",
    "year": "calendar year",
    "source": "person; in undirected layers the alphabetically first of the two",
    "target": "person",
    "sign": "+1 or -1; in the relations layer a pair can have one edge of each",
    "weight": "events shared, bodies shared, coded ties, visits, or occasions together",
    "weight_discounted": "the same, each event or body of k persons adding 1/(k-1)",
    "simple_ratio": "association index: events shared / events of either",
    "half_weight": "association index: events shared / mean events of the two",
    "n_events": "coded events, bodies or ties behind the edge (visits in access, occasions in "
    "copresence)",
    "relations": "relations behind the edge, joined by ;",
    "minutes": "minutes with the leader (access) or together (copresence)",
    "n_imputed": "occasions that rest on an imputed time of entry or exit (copresence)",
}
NODE_COLUMNS = {
    "layer": "as in edges",
    "year": "calendar year",
    "person_id": "person present in the layer that year, tied or not",
    "n_events": "events attended, bodies belonged to, ties or visits",
}
Layer = tuple[pd.DataFrame, pd.DataFrame]


def is_directed(layer: str) -> bool:
    """Tell whether a layer's edges have a direction."""
    return LAYER_DIRECTED[layer]


def build_layers(study: Study, config: Config) -> Layer:
    """Return the edges and nodes of all layers and years.

    A layer whose tables the study lacks is left out.

    Returns
    -------
    edges, nodes : DataFrame
        Columns as in :data:`EDGE_COLUMNS` and :data:`NODE_COLUMNS`, sorted by layer, year and
        persons. Columns that a layer does not have are missing there.
    """
    builders = {
        "attendance": _attendance,
        "membership": _membership,
        "patronage": _patronage,
        "relations": _relations,
        "access": _access,
        "copresence": copresence_edges,
    }
    edges, nodes = [], []
    for layer in available_layers(study, config):
        layer_edges, layer_nodes = builders[layer](study, config)
        edges.append(layer_edges.assign(layer=layer))
        nodes.append(layer_nodes.assign(layer=layer))
    return _stack(edges, list(EDGE_COLUMNS)), _stack(nodes, list(NODE_COLUMNS))


def _stack(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame.reindex(columns=columns) for frame in frames if len(frame)]
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    types: dict[str, Any] = {"year": "int64", "n_events": "int64"}
    texts = [c for c in ("layer", "source", "target", "person_id", "relations") if c in columns]
    numbers = [c for c in columns if c not in {*types, *texts}]
    table = table.astype({**types, **dict.fromkeys(numbers, "float64")})
    table[texts] = table[texts].fillna("").astype(object)
    keys = [c for c in ("layer", "year", "source", "target", "person_id", "sign") if c in columns]
    return table.sort_values(keys, ignore_index=True)


def _attendance(study: Study, config: Config) -> Layer:
    attended = counted_attendances(study, config)
    died = counted_deaths(study, config)
    starts = study["events"].set_index("event_id")["start"]
    edges = [
        project_year(year["person_id"], year["event_id"], starts, died).assign(year=number)
        for number, year in attended.groupby("year", sort=True)
    ]
    nodes = attended.groupby(["year", "person_id"], as_index=False).agg(
        n_events=("event_id", "nunique")
    )
    return pd.concat(edges) if edges else pd.DataFrame(), nodes


def project_year(
    person_ids: pd.Series[str],
    event_ids: pd.Series[str],
    starts: Mapping[str, str] | None = None,
    died: Mapping[str, dt.date] | None = None,
) -> pd.DataFrame:
    """Return the projected edges of one year's attendances, with all weights.

    Parameters
    ----------
    person_ids, event_ids : Series of str
        One entry an attendance.
    starts, died : mapping, optional
        Date of each event and day of death of each person: association indices do not hold an event
        against someone who had died before it.
    """
    matrix = two_mode(person_ids.to_numpy(), event_ids.to_numpy())
    i, j, shared = pairs(coattendance(matrix.incidence))
    possible = possible_attendance(matrix, starts, died)
    simple, half = association_indices(matrix.incidence, possible)
    discounted = newman_weights(matrix.incidence)
    return pd.DataFrame(
        {
            "source": [matrix.persons[k] for k in i],
            "target": [matrix.persons[k] for k in j],
            "weight": shared,
            "weight_discounted": cells(discounted, i, j),
            "simple_ratio": cells(simple, i, j),
            "half_weight": cells(half, i, j),
            "n_events": shared,
        }
    )


def _membership(study: Study, config: Config) -> Layer:
    spells = counted_spells(study, config)
    nodes = spells.groupby(["year", "person_id"], as_index=False).agg(
        n_events=("body_id", "nunique")
    )
    return membership_edges(spells), nodes


def _patronage(study: Study, config: Config) -> Layer:
    ties = counted_ties(study, config, "patronage")
    return _tie_edges(ties, ["year", "source_id", "target_id"]), _tie_nodes(ties)


def _relations(study: Study, config: Config) -> Layer:
    ties = counted_ties(study, config, "relations")
    return _tie_edges(ties, ["year", "source_id", "target_id", "sign"]), _tie_nodes(ties)


def _tie_edges(ties: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    edges = ties.groupby(keys, as_index=False, sort=True).agg(
        weight=("tie_id", "size"),
        n_events=("tie_id", "size"),
        relations=("relation", lambda names: ";".join(sorted(set(names)))),
    )
    return edges.rename(columns={"source_id": "source", "target_id": "target"})


def _tie_nodes(ties: pd.DataFrame) -> pd.DataFrame:
    ends = ties.melt(
        id_vars=["year", "tie_id"], value_vars=["source_id", "target_id"], value_name="person_id"
    )
    return ends.groupby(["year", "person_id"], as_index=False).agg(n_events=("tie_id", "nunique"))


def _access(study: Study, config: Config) -> Layer:
    access = counted_access(study, config)
    seen = access[access["visits"] > 0]
    edges = pd.DataFrame(
        {
            "year": seen["year"],
            "source": seen["person_id"],
            "target": config["leader"],
            "weight": seen["visits"],
            "n_events": seen["visits"],
            "minutes": seen["minutes"],
        }
    )
    visitors = access[["year", "person_id"]].assign(n_events=access["visits"])
    host = visitors.groupby("year", as_index=False)["n_events"].sum()
    nodes = pd.concat([visitors, host.assign(person_id=config["leader"])], ignore_index=True)
    return edges, nodes
