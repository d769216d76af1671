"""Centrality and cohesion of every layer and year, with and without the leader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.measures.resampling import (
    CENTRALITY_COLUMNS,
    COHESION_COLUMNS,
    measure_access,
    measure_network,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innercircle.measures.large import LargeNetworks
    from innercircle.networks.units import UnitNetwork

_CENTRALITY_KEY = ["layer", "year", "person_id", "leader_included", "measure"]
_COHESION_KEY = ["layer", "year", "leader_included", "measure"]


def measure_layers(
    networks: Iterable[UnitNetwork],
    access: pd.DataFrame,
    leader: str | None,
    draws: int,
    seed: int,
    large: LargeNetworks | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure every layer-year.

    Parameters
    ----------
    networks : iterable of UnitNetwork
        As from :func:`innercircle.networks.units.unit_networks`.
    access : DataFrame
        Visits and minutes per person and year; may be empty.
    leader : str or None
        Results come with and without him; the access layer, a star around him, only with.
    draws, seed : int
        Resamples and root of the random streams.
    large : LargeNetworks, optional
        What to compute of large networks; by default everything.

    Returns
    -------
    centrality, cohesion : DataFrame
        Columns as in :mod:`innercircle.measures.resampling`, sorted. In layer ``access`` the
        measures are those of :mod:`innercircle.measures.concentration`.
    """
    people, wholes = [], [measure_access(access, draws, seed)]
    for network in networks:
        positions, whole = measure_network(network, leader, draws, seed, large)
        people.append(positions)
        wholes.append(whole)
    return _stack(people, CENTRALITY_COLUMNS, _CENTRALITY_KEY), _stack(
        wholes, COHESION_COLUMNS, _COHESION_KEY
    )


def _stack(tables: list[pd.DataFrame], columns: list[str], key: list[str]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True).sort_values(key, ignore_index=True)
