"""Encircling: whether clients fall before their patrons.

References
----------
Keller, F. B., and Y. Wang. Farewell comrades! Power struggle and elite removal during
authoritarian leadership succession. Working paper: leaders attack a rival's network from its
periphery before they remove the rival.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from innercircle.inference.mechanisms.falls import first_falls
from innercircle.inference.mechanisms.result import (
    DRAWS,
    Mechanism,
    notes,
    orderings,
    p_value,
    percentile_interval,
    resample_counts,
    undefined,
)

NAME = "encircling"
QUESTION = "Do clients fall before their patrons?"
STATISTICS = (
    "share of fallen clients who fell before their patron",
    "mean lead of the client's fall over the patron's, in years",
)
_FEW_PATRONS = 10


def encircling(
    ties: pd.DataFrame,
    falls: pd.Series | pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> list[Mechanism]:
    """Compare the order of falls within patron-client pairs with that of permuted falls.

    A pair counts if both fell and the tie is first seen no later than the year of the first of the
    two falls. The client fell before the patron if the dates allow nothing else; pairs whose dates
    overlap count as not before, in the data as in the null. Leads are between the middles of what
    the dates allow. Both statistics are tested for being larger than if fall dates had been dealt
    at random among the fallen, ties staying as they are.

    Parameters
    ----------
    ties : DataFrame
        Patronage placed in years: year, source_id (patron), target_id (client).
    falls : Series or DataFrame
        As for :func:`~innercircle.inference.mechanisms.falls.first_falls`.
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    list of Mechanism
        The share and the mean lead, with intervals from resampling patrons.
    """
    times = first_falls(falls)
    pairs = _fallen_pairs(ties, times)
    if pairs.empty:
        return undefined(NAME, QUESTION, STATISTICS, "no pair of which both patron and client fell")
    observed, counts, before, lead = _statistics(pairs, times, np.arange(len(times))[None])
    used = counts[0]
    if not used.any():
        return undefined(NAME, QUESTION, STATISTICS, "every tie is first seen after a fall")
    orders, exact = orderings(len(times), draws, rng)
    nulls = _statistics(pairs, times, orders)[0]
    patrons = pd.factorize(pairs.loc[used, "source_id"])[0]
    remark = _remark(pairs[used], times, int(patrons.max()) + 1)
    number = "all" if exact else str(len(orders))
    null = f"fall dates dealt at random among the fallen ({number} arrangements); one-sided"
    results = []
    for k, values in enumerate((before[0, used].astype(float), lead[0, used])):
        lo, hi, why = _interval(values, patrons, draws, rng)
        p = p_value(observed[0, k], nulls[:, k], "greater", exact=exact)
        expected = f"{np.nanmean(nulls[:, k]):.2f} expected"
        estimate, note = float(observed[0, k]), notes(expected, remark, why)
        results.append(
            Mechanism(
                NAME, QUESTION, STATISTICS[k], estimate, lo, hi, p, len(values), null, note, exact
            )
        )
    return results


def fall_order(
    ties: pd.DataFrame,
    falls: pd.Series | pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the pairs that :func:`encircling` counts, and the mean lead of every arrangement.

    Parameters
    ----------
    ties, falls, rng, draws
        As for :func:`encircling`.

    Returns
    -------
    pairs : DataFrame
        patron, client, and of each the stretch in which the fall is dated: patron_start,
        patron_end, client_start, client_end, in years with decimals; lead, between the middles,
        above 0 if the client fell first. Sorted by lead, then by name.
    null : ndarray
        Mean leads under the null, NaN for an arrangement in which no pair counts; empty if none
        counts in the data.
    """
    times = first_falls(falls)
    pairs = _fallen_pairs(ties, times)
    counts, lead = np.zeros(len(pairs), dtype=bool), np.zeros(len(pairs))
    null = np.empty(0)
    if len(pairs):
        _, counted, _, leads = _statistics(pairs, times, np.arange(len(times))[None])
        counts, lead = counted[0], leads[0]
    if counts.any():
        orders, _ = orderings(len(times), draws, rng)
        null = _statistics(pairs, times, orders)[0][:, 1]
    table = pairs.rename(columns={"source_id": "patron", "target_id": "client"}).assign(lead=lead)
    table = table[counts].drop(columns="year")
    for who in ("patron", "client"):
        for end in ("start", "end"):
            table[f"{who}_{end}"] = table[who].map(times[end]).astype(float)
    return table.sort_values(["lead", "patron", "client"], ignore_index=True), null


def _fallen_pairs(ties: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of which both fell, and the year in which each tie is first seen."""
    pairs = ties.groupby(["source_id", "target_id"], sort=True)["year"].min().reset_index()
    fell = pairs["source_id"].isin(times.index) & pairs["target_id"].isin(times.index)
    return pairs[fell & (pairs["source_id"] != pairs["target_id"])]


def _statistics(
    pairs: pd.DataFrame, times: pd.DataFrame, orders: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return share and lead (orders, 2), and which pairs count, before and lead (orders, pairs)."""
    patron = times.index.get_indexer(pairs["source_id"])
    client = times.index.get_indexer(pairs["target_id"])
    start, end = times["start"].to_numpy()[orders], times["end"].to_numpy()[orders]
    middle = (start + end) / 2
    first = np.floor(np.minimum(start[:, patron], start[:, client]))
    counts = pairs["year"].to_numpy() <= first
    before = end[:, client] <= start[:, patron]
    lead = middle[:, patron] - middle[:, client]
    n = counts.sum(axis=1)
    sums = np.column_stack([(before & counts).sum(axis=1), (lead * counts).sum(axis=1)])
    means = np.divide(sums, n[:, None], out=np.full(sums.shape, np.nan), where=n[:, None] > 0)
    return means, counts, before, lead


def _interval(
    values: np.ndarray, patrons: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[float, float, str]:
    drawn = resample_counts(int(patrons.max()) + 1, draws, rng)
    total, size = np.bincount(patrons, values), np.bincount(patrons)
    return percentile_interval((drawn @ total) / (drawn @ size))


def _remark(pairs: pd.DataFrame, times: pd.DataFrame, patrons: int) -> str:
    client, patron = times.loc[pairs["target_id"]], times.loc[pairs["source_id"]]
    after = int((client["start"].to_numpy() >= patron["end"].to_numpy()).sum())
    earlier = int((client["end"].to_numpy() <= patron["start"].to_numpy()).sum())
    order = (
        f"{earlier} before, {after} after, {len(pairs) - earlier - after} undecided by the dates"
    )
    few = f"{patrons} patrons: interval rests on few" if patrons < _FEW_PATRONS else ""
    return notes(order, few)
