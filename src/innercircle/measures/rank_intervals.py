"""How far a person's rank by strength depends on which units happened to be recorded.

References
----------
Goldstein, H., and D. J. Spiegelhalter. 1996. League tables and their limitations. Journal of the
Royal Statistical Society A 159: 385-443 (ranks need intervals, and those are wide).
Efron, B. 1979. Bootstrap methods: another look at the jackknife. Annals of Statistics 7: 1-26.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from innercircle.measures.resampling import LEVEL, stream, unit_counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innercircle.networks.units import UnitNetwork

RANK_COLUMNS = [
    "layer",
    "year",
    "person_id",
    "strength",
    "rank",
    "lo",
    "hi",
    "n_persons",
    "n_units",
]


def rank_intervals(
    networks: Iterable[UnitNetwork], leader: str | None, draws: int, seed: int
) -> pd.DataFrame:
    """Rank the persons of each layer-year by strength, the leader left out, with 95 % intervals.

    Units are drawn with replacement as in :func:`~innercircle.measures.resampling.measure_network`,
    from the same random streams. Who are equal share the mean of their ranks, in the data and in
    each draw.

    Parameters
    ----------
    networks : iterable of UnitNetwork
    leader : str or None
    draws : int
        Resamples; 0 leaves intervals empty.
    seed : int

    Returns
    -------
    DataFrame
        Columns :data:`RANK_COLUMNS`; rank 1 is the strongest. ``lo`` and ``hi`` are percentiles of
        the drawn ranks, widened to hold the rank itself; missing where the year has one unit,
        since resampling then says nothing.
    """
    tables = []
    for network in networks:
        counts = unit_counts(len(network.units), draws, stream(seed, network.layer, network.year))
        version = network.without(leader) if leader is not None else network
        strength = _strengths(version, counts)
        ranks = rankdata(-strength, method="average", axis=1)
        lo, hi = np.full((2, len(version.persons)), np.nan)
        if draws and len(network.units) > 1:
            tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
            low, high = np.quantile(ranks[1:], tails, axis=0)
            lo, hi = np.minimum(low, ranks[0]), np.maximum(high, ranks[0])
        tables.append(
            pd.DataFrame(
                {
                    "layer": network.layer,
                    "year": network.year,
                    "person_id": version.persons,
                    "strength": strength[0],
                    "rank": ranks[0],
                    "lo": lo,
                    "hi": hi,
                    "n_persons": len(version.persons),
                    "n_units": len(network.units),
                }
            )
        )
    if not tables:
        return pd.DataFrame(columns=RANK_COLUMNS)
    return pd.concat(tables, ignore_index=True)[RANK_COLUMNS]


def _strengths(network: UnitNetwork, counts: np.ndarray) -> np.ndarray:
    """Return everyone's sum of weights, in and out together, shape (1 + draws, n)."""
    weights = network.weights(counts)
    total = np.zeros((len(network.persons), counts.shape[1]))
    np.add.at(total, network.source, weights)
    np.add.at(total, network.target, weights)
    return total.T
