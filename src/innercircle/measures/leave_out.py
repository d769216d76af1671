"""Which findings rest on one part of the source.

Each part (chapter) is left out in turn: rows that only it vouches for are dropped, rows that
another part tells too stay. What then changes rested on that part.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.locators import chapters_of, source_parts
from innercircle.data.study import Study
from innercircle.measures.change import rank_stability
from innercircle.measures.cohesion import cohesion
from innercircle.measures.structure import to_arcs
from innercircle.networks.units import UnitNetwork, unit_networks

if TYPE_CHECKING:
    from innercircle.data.config import Config

LEAVE_OUT_COLUMNS = [
    "part",
    "layer",
    "year",
    "units",
    "units_left",
    "density",
    "density_left",
    "first",
    "first_left",
    "rank_correlation",
]


def leave_one_part_out(study: Study, config: Config) -> pd.DataFrame:
    """Measure every layer and year without each part of the source.

    Returns
    -------
    DataFrame
        Columns :data:`LEAVE_OUT_COLUMNS`, one row for each part and the layer-years that it
        touches: coded units with and without it, density, the strongest person other than the
        leader, and the rank correlation of strength over persons in both (missing where fewer than
        three are left). Nothing left is 0 units, missing density and an empty name.
    """
    leader = config.get("leader")
    whole = {(net.layer, net.year): net for net in unit_networks(study, config)}
    rows = []
    for part in source_parts(study):
        left = {(net.layer, net.year): net for net in unit_networks(without(study, part), config)}
        for key, network in whole.items():
            rest = left.get(key)
            if rest is None or len(rest.units) < len(network.units):
                rows.append((part, *key, *_compare(network, rest, leader)))
    return pd.DataFrame(rows, columns=LEAVE_OUT_COLUMNS)


def without(study: Study, part: str) -> Study:
    """Return the study without the rows that only one part of the source vouches for."""
    kept = {}
    for name, table in study.tables.items():
        if "locator" in table and name not in {"persons", "bodies", "name_variants"}:
            only = [chapters_of(cell) == [part] for cell in table["locator"]]
            kept[name] = table[~np.array(only, dtype=bool)]
        else:
            kept[name] = table
    return Study(study.name, kept)


def _compare(
    network: UnitNetwork, rest: UnitNetwork | None, leader: str | None
) -> tuple[int, int, float, float, str, str, float]:
    density, first, strengths = _summary(network, leader)
    if rest is None:
        return len(network.units), 0, density, math.nan, first, "", math.nan
    density_left, first_left, strengths_left = _summary(rest, leader)
    rank = rank_stability(strengths, strengths_left, network.persons, rest.persons)
    return (
        len(network.units),
        len(rest.units),
        density,
        density_left,
        first,
        first_left,
        rank,
    )


def _summary(network: UnitNetwork, leader: str | None) -> tuple[float, str, np.ndarray]:
    arcs = to_arcs(network)
    strength = np.asarray(arcs.graph().strength(weights="weight"), dtype=float)
    others = [k for k, person in enumerate(network.persons) if person != leader]
    first = max(others, key=lambda k: strength[k]) if others else None
    name = network.persons[first] if first is not None else ""
    return cohesion(arcs)["density"], name, strength
