"""How far a measure depends on which events happened to be recorded.

The source is a narrative: it tells of some occasions and not of others. The events (bodies, ties)
of a layer and year are drawn with replacement, as many as were coded, and everything is measured
again on each draw (Efron 1979). Positions also get ranks and the chance of being among the first.

A resampled year holds fewer distinct events (about 63 %), so unweighted measures such as degree or
density are smaller on average than the estimate, and plain percentile intervals would often miss
it. The percentiles are therefore recentred: the interval is the estimate plus the 2.5 and 97.5
percentiles of the draws' deviations from their own mean, cut at the ends of the measure's range.
Quantiles are interpolated linearly between order statistics (type 7 of Hyndman & Fan 1996, the
default of R and NumPy).
With few events an interval is wide or, with one event, has no width: it says nothing then, and
the table carries the number of units.

References
----------
Efron, B. 1979. Bootstrap methods: another look at the jackknife. Annals of Statistics 7: 1-26.
Davison, A. C., and D. V. Hinkley. 1997. Bootstrap Methods and their Application, ch. 5.
Hyndman, R. J., and Y. Fan. 1996. Sample quantiles in statistical packages. American Statistician
50: 361-365.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.measures.arcs import Arcs
from innercircle.measures.batch import batch_measures, core_draws, leader_proximity
from innercircle.measures.centrality import measure_names, settled
from innercircle.measures.concentration import CONCENTRATION, concentration_of_rows
from innercircle.measures.core_periphery import continuous_core
from innercircle.measures.large import large_versions

if TYPE_CHECKING:
    from innercircle.measures.large import LargeNetworks
    from innercircle.networks.units import UnitNetwork

LEVEL = 0.95
_CELLS = 2_000_000  # comparisons held at once
TOPS = (1, 3, 5)
# Those whose lower end is 1; that of all others is 0.
_FROM_ONE = ("components", "mean_distance", "effective_size", "effective_number")
# Counts and distances have no upper end; everything else is a share or an index of at most 1.
_UNBOUNDED = (
    "strength",
    "coreness",
    "constraint",
    "effective_size",
    "n_persons",
    "n_ties",
    "components",
    "mean_distance",
    "effective_number",
    "layers_tied",
    "overlapping_degree",
)

CENTRALITY_COLUMNS = [
    "layer",
    "year",
    "person_id",
    "leader_included",
    "measure",
    "value",
    "lo",
    "hi",
    "rank",
    *[f"p_top{k}" for k in TOPS],
    "n_units",
]
COHESION_COLUMNS = ["layer", "year", "leader_included", "measure", "value", "lo", "hi", "n_units"]


def position_names(*, directed: bool) -> list[str]:
    """Return the names of all positions that :func:`measure_network` measures, with the leader."""
    return [*measure_names(directed=directed), "core", "leader_proximity"]


def unit_counts(n_units: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each unit is drawn, shape (n_units, 1 + draws).

    The first column is the data as coded: every unit once.
    """
    drawn = rng.multinomial(n_units, np.full(n_units, 1 / max(n_units, 1)), size=draws).T
    return np.hstack([np.ones((n_units, 1)), drawn])


def stream(seed: int, layer: str, year: int) -> np.random.Generator:
    """Return the random stream of one layer-year, the same in whatever order jobs run."""
    key = (zlib.crc32(layer.encode()), year)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def measure_network(
    network: UnitNetwork,
    leader: str | None,
    draws: int,
    seed: int,
    large: LargeNetworks | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure one layer-year with intervals, with and without the leader.

    Parameters
    ----------
    network : UnitNetwork
    leader : str or None
    draws : int
        Resamples; 0 leaves intervals empty.
    seed : int
        Root of the random streams.
    large : LargeNetworks, optional
        Of networks that it includes, only what it names is measured, on its number of resamples.

    Returns
    -------
    centrality : DataFrame
        Columns :data:`CENTRALITY_COLUMNS`. ``rank`` 1 is the most central; ``p_topK`` is the share
        of draws in which the person is among the first K, places shared by ties counted in part.
        Missing values, and with them their intervals: constraint and effective_size of a person
        without ties, leader_proximity of the leader. Both rank last. Everything else is defined,
        down to a network of one person; betweenness of two is 0.
    cohesion : DataFrame
        Columns :data:`COHESION_COLUMNS`, missing where :func:`innercircle.measures.cohesion` says.
    """
    in_part = large if large and large.includes(network) else None
    draws = in_part.resamples if in_part else draws
    counts = unit_counts(len(network.units), draws, stream(seed, network.layer, network.year))
    versions = [(True, network)]
    if leader in network.persons:
        versions.append((False, network.without(str(leader))))
    people, wholes = [], []
    for included, version in versions:
        where = {
            "layer": version.layer,
            "year": version.year,
            "leader_included": included,
            "n_units": len(version.units),
        }
        if in_part:
            positions, whole = large_versions(version, counts, in_part.measures)
        else:
            positions, whole = batch_measures(
                len(version.persons),
                version.source,
                version.target,
                version.weights(counts),
                directed=version.directed,
            )
            positions |= _further_positions(version, counts, leader if included else None)
        columns = [position_columns(name, values) for name, values in positions.items()]
        table = {key: np.concatenate([column[key] for column in columns]) for key in columns[0]}
        persons = np.array(version.persons * len(columns), dtype=object)
        people.append(pd.DataFrame({**table, "person_id": persons, **where}))
        rows = [(name, *interval(values, name)) for name, values in whole.items()]
        wholes.append(pd.DataFrame(rows, columns=["measure", "value", "lo", "hi"]).assign(**where))
    return (
        pd.concat(people, ignore_index=True)[CENTRALITY_COLUMNS],
        pd.concat(wholes, ignore_index=True)[COHESION_COLUMNS],
    )


def _further_positions(
    network: UnitNetwork, counts: np.ndarray, leader: str | None
) -> dict[str, np.ndarray]:
    """Return coreness and, where the leader is in, proximity to him; shapes as the other draws."""
    pairs = (len(network.persons), network.source, network.target, network.weights(counts))
    n, source, target, weights = pairs
    tied = weights[:, 0] > 0
    data = Arcs(n, source[tied], target[tied], weights[tied, 0], network.directed)
    core = continuous_core(data)
    estimate = np.asarray(core.values)
    draws = core_draws(n, source, target, weights[:, 1:], estimate)
    found = {"core": np.vstack([estimate, draws])}
    if leader in network.persons:
        found["leader_proximity"] = leader_proximity(*pairs, network.persons.index(str(leader)))
    return found


def interval(values: np.ndarray, measure: str) -> tuple[float, float, float]:
    """Return the estimate (first entry) and its recentred percentile interval."""
    value, lo, hi = intervals(values[:, None], measure)
    return float(value[0]), float(lo[0]), float(hi[0])


def intervals(values: np.ndarray, measure: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return estimates and recentred percentile intervals (quantiles of type 7).

    Parameters
    ----------
    values : ndarray, shape (1 + draws, k)
        The estimate in the first row, the draws below; NaN where undefined.
    measure : str
        Decides at which ends the interval is cut.

    Returns
    -------
    value, lo, hi : ndarray, shape (k,)
        Intervals are NaN where the estimate or every draw is undefined.
    """
    value, drawn = values[0], values[1:]
    known = np.isfinite(drawn).any(axis=0) & np.isfinite(value)
    lo, hi = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    if known.any():
        deviations = drawn[:, known] - np.nanmean(drawn[:, known], axis=0)
        tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        low, high = np.nanquantile(deviations, tails, axis=0)
        bounded = not measure.removesuffix("_in").removesuffix("_out").endswith(_UNBOUNDED)
        top = np.maximum(1.0, value[known]) if bounded else np.inf
        least = 1.0 if measure.endswith(_FROM_ONE) else 0.0
        lo[known] = np.maximum(value[known] + np.minimum(low, 0), least)
        hi[known] = np.minimum(value[known] + np.maximum(high, 0), top)
    return value, lo, hi


def position_columns(measure: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns of one measure: value, interval, rank and chances of the first places.

    Parameters
    ----------
    measure : str
    values : ndarray, shape (1 + draws, n)
        The data in the first row, the draws below. Where a person has no value (NaN), the person
        ranks last, and interval and value are missing.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        measure, value, lo, hi, rank, p_top1, p_top3, p_top5.
    """
    values = settled(values)
    value, lo, hi = intervals(values, measure)
    # Low constraint is the advantage; of everything else, more is more central.
    ordered = -values if measure == "constraint" else values
    ranks, chances = top_chances(np.where(np.isnan(ordered), -np.inf, ordered))
    columns = {"value": value, "lo": lo, "hi": hi, "rank": ranks}
    columns |= {f"p_top{k}": chance for k, chance in zip(TOPS, chances, strict=True)}
    return {"measure": np.full(len(value), measure, dtype=object), **columns}


def top_chances(values: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return ranks in the data and the chance of being among the first k over the draws.

    Parameters
    ----------
    values : ndarray, shape (1 + draws, n)
        The data in the first row, the draws below.

    Returns
    -------
    ranks : ndarray, shape (n,)
        1 is the largest; those tied share the best of their ranks.
    chances : list of ndarray, shape (n,), one for each of :data:`TOPS`
        NaN without draws.
    """
    n = values.shape[1]
    above, tied = np.empty(values.shape), np.empty(values.shape)
    step = max(1, _CELLS // max(n * n, 1))
    for first in range(0, len(values), step):
        mine = values[first : first + step, :, None]
        others = values[first : first + step, None, :]
        above[first : first + step] = (others > mine).sum(axis=2)
        tied[first : first + step] = (others == mine).sum(axis=2)
    ranks = above[0] + 1
    if len(values) == 1:
        return ranks, [np.full(n, np.nan) for _ in TOPS]
    return ranks, [np.clip((k - above[1:]) / tied[1:], 0, 1).mean(axis=0) for k in TOPS]


def measure_access(access: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Return the concentration of visits and minutes of each year, with intervals.

    Visits are the units: each draw is a multinomial resample of the year's visits over the persons,
    and minutes follow at each person's mean length of visit.

    Returns
    -------
    DataFrame
        Columns :data:`COHESION_COLUMNS`, layer ``access``.
    """
    tables = []
    for year, rows in access.groupby("year", sort=True):
        visits = rows["visits"].to_numpy(float)
        minutes = rows["minutes"].fillna(0).to_numpy(float)
        total = int(visits.sum())
        drawn = np.empty((0, len(visits)))
        if total:
            rng = stream(seed, "access", int(year))
            drawn = rng.multinomial(total, visits / total, size=draws).astype(float)
        length = np.divide(minutes, visits, out=np.zeros_like(minutes), where=visits > 0)
        goods = {
            "visits": np.vstack([visits, drawn]),
            "minutes": np.vstack([minutes, drawn * length]),
        }
        rows_out = []
        for good, amounts in goods.items():
            found = concentration_of_rows(amounts)
            rows_out += [
                (f"{good}_{name}", *interval(found[name], f"{good}_{name}"))
                for name in CONCENTRATION
            ]
        table = pd.DataFrame(rows_out, columns=["measure", "value", "lo", "hi"])
        tables.append(table.assign(layer="access", year=year, leader_included=True, n_units=total))
    if not tables:
        return pd.DataFrame(columns=COHESION_COLUMNS)
    return pd.concat(tables, ignore_index=True)[COHESION_COLUMNS]
