"""Participation across layers: whether one's ties lie in one kind of network or in all of them.

The layers of a year (co-attendance, membership, patronage, relations, co-presence) are taken
together, with directions dropped. Access, a star around the leader, is not among them. One coded
fact can be in two layers: protection is patronage and support.

References
----------
Battiston, F., V. Nicosia, and V. Latora. 2014. Structural measures for multiplex networks. Physical
Review E 89: 032804.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from innercircle.measures.resampling import (
    CENTRALITY_COLUMNS,
    position_columns,
    stream,
    unit_counts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from innercircle.measures.large import LargeNetworks
    from innercircle.networks.units import UnitNetwork

MULTIPLEX = {
    "layers_tied": "layers in which one has a tie",
    "overlapping_degree": "persons tied to, summed over the layers (eq. 6)",
    "participation": "spread of one's degree over the layers, 0 (in one) to 1 (equal; eq. 8)",
    "participation_weighted": "the same of strength: events, bodies and coded ties count alike",
}
_FEWEST_LAYERS = 2


def participation_coefficient(amounts: np.ndarray) -> np.ndarray:
    """Return how evenly each person's ties are spread over the layers.

    M / (M - 1) (1 - sum of squared shares of the M layers): 0 if all are in one layer, 1 if every
    layer has as many (Battiston, Nicosia & Latora 2014, eq. 8).

    Parameters
    ----------
    amounts : ndarray of float, shape (n_layers, ...)
        Degree or strength in each layer, not negative.

    Returns
    -------
    ndarray of float, shape of one layer
        Missing (NaN) without ties in any layer, and everywhere if there are fewer than two layers.
    """
    layers = len(amounts)
    total = amounts.sum(axis=0)
    if layers < _FEWEST_LAYERS:
        return np.full(total.shape, np.nan)
    share = np.divide(amounts, total, out=np.full(amounts.shape, np.nan), where=total > 0)
    spread = layers / (layers - 1) * (1 - (share**2).sum(axis=0))
    return np.asarray(np.clip(spread, 0, 1))  # the last bits of a sum of squares


def measure_multiplex(
    networks: Iterable[UnitNetwork],
    leader: str | None,
    draws: int,
    seed: int,
    large: LargeNetworks | None = None,
) -> pd.DataFrame:
    """Measure everyone's participation over the layers of each year, with intervals.

    The layers of a year are those that have a network in it, whoever is in them; years with one
    layer are left out. A person is in the table who is present in any of them.

    Parameters
    ----------
    networks : iterable of UnitNetwork
        As from :func:`innercircle.networks.units.unit_networks`.
    leader : str or None
        Results come with and without him.
    draws, seed : int
        Resamples and root of the random streams. Every layer is resampled, each by its own units
        (events, bodies, ties), independently of the others and by the draws that its centralities
        rest on (:mod:`innercircle.measures.resampling`).
    large : LargeNetworks, optional
        A year with a network that it includes is drawn as often as it says.

    Returns
    -------
    DataFrame
        Columns of ``centrality.parquet``, layer ``multiplex``, measures :data:`MULTIPLEX`, sorted;
        ``n_units`` are those of all layers together. Participation is missing for a person without
        ties, as it is when the leader is left out for one who is tied to him alone; its interval
        is over the draws in which the person has a tie. Who has none ranks last.
    """
    years: dict[int, list[UnitNetwork]] = {}
    for network in networks:
        years.setdefault(network.year, []).append(network)
    tables = []
    for year in sorted(years):
        layers = sorted(years[year], key=lambda network: network.layer)
        if len(layers) < _FEWEST_LAYERS:
            continue
        big = large is not None and any(large.includes(network) for network in layers)
        drawn = large.resamples if large is not None and big else draws
        counts = [unit_counts(len(x.units), drawn, stream(seed, x.layer, year)) for x in layers]
        tables.append(_measure_year(year, layers, counts).assign(leader_included=True))
        if any(leader in network.persons for network in layers):
            rest = [network.without(str(leader)) for network in layers]
            tables.append(_measure_year(year, rest, counts).assign(leader_included=False))
    if not tables:
        return pd.DataFrame(columns=CENTRALITY_COLUMNS)
    key = ["year", "person_id", "leader_included", "measure"]
    table = pd.concat(tables, ignore_index=True).sort_values(key, ignore_index=True)
    return table.assign(layer="multiplex")[CENTRALITY_COLUMNS]


def _measure_year(
    year: int, layers: Sequence[UnitNetwork], counts: Sequence[np.ndarray]
) -> pd.DataFrame:
    persons = sorted({person for network in layers for person in network.persons})
    place = {person: k for k, person in enumerate(persons)}
    shape = (len(layers), counts[0].shape[1], len(persons))
    degree, strength = np.zeros(shape), np.zeros(shape)
    for k, (network, drawn) in enumerate(zip(layers, counts, strict=True)):
        columns = [place[person] for person in network.persons]
        degree[k][:, columns], strength[k][:, columns] = _ties_of(network, drawn)
    found = {
        "layers_tied": (degree > 0).sum(axis=0).astype(float),
        "overlapping_degree": degree.sum(axis=0),
        "participation": participation_coefficient(degree),
        "participation_weighted": participation_coefficient(strength),
    }
    table = pd.concat(
        [
            pd.DataFrame(position_columns(measure, values)).assign(person_id=persons)
            for measure, values in found.items()
        ],
        ignore_index=True,
    )
    return table.assign(year=year, n_units=sum(len(network.units) for network in layers))


def _ties_of(network: UnitNetwork, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return degree and strength of each person in each version, directions dropped.

    Returns
    -------
    degree, strength : ndarray of float, shape (n_versions, n_persons)
        Who gives and gets a tie from the same person is tied to one.
    """
    n = len(network.persons)
    low = np.minimum(network.source, network.target)
    high = np.maximum(network.source, network.target)
    both, pair = np.unique(low * n + high, return_inverse=True)
    merge = csr_array((np.ones(len(pair)), (pair, np.arange(len(pair)))), (len(both), len(pair)))
    weights = merge @ network.weights(counts)
    ends = np.concatenate([both // max(n, 1), both % max(n, 1)])
    ties = np.tile(np.arange(len(both)), 2)
    of_person = csr_array((np.ones(len(ends)), (ends, ties)), shape=(n, len(both)))
    return (of_person @ (weights > 0).astype(float)).T, (of_person @ weights).T
